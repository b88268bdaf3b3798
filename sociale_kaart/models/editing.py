"""Who changed what on the sociale kaart and when, and what somebody without the right to change it proposes."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from sociale_kaart.models.turns import turn_of


class ChangeQuerySet(models.QuerySet):
    def of_service(self, service):
        return self.filter(thing=Change.Thing.SERVICE, target=service.pk)

    def of_organisation(self, organisation):
        return self.filter(thing=Change.Thing.ORGANISATION, target=organisation.pk)

    def for_list(self):
        return self.select_related("by")

    def with_key(self, key):
        return self.for_list().filter(pk=key).first()

    def kept_too_long(self, now: datetime.datetime):
        """All of it after HISTORY_KEPT_DAYS; what names contact persons already after HISTORY_NAMES_KEPT_DAYS."""
        return self.filter(
            Q(at__lt=now - datetime.timedelta(days=settings.HISTORY_KEPT_DAYS))
            | Q(has_names=True, at__lt=now - datetime.timedelta(days=settings.HISTORY_NAMES_KEPT_DAYS))
        )


class Change(models.Model):
    """One change of a service or an organisation: only the keys that differ, as plain values.

    It is written once and never changed. What it is about may be gone, so it names that by its id and not by a link.
    What is said of contact persons stands in rows of its own (`has_names`), which are kept shorter.
    """

    class Thing(models.TextChoices):
        SERVICE = "aanbod", "aanbod"
        ORGANISATION = "organisatie", "organisatie"

    class What(models.TextChoices):
        MADE = "gemaakt", "gemaakt"
        CHANGED = "gewijzigd", "gewijzigd"
        CHECKED = "nagekeken", "nagekeken"
        PUBLISHED = "gepubliceerd", "op de sociale kaart gezet"
        PAUSED = "gepauzeerd", "tijdelijk van de kaart gehaald"
        STOPPED = "gestopt", "gestopt"
        IMPORTED = "ingelezen", "ingelezen uit een bestand"
        UNDONE = "teruggedraaid", "teruggedraaid: het bestand is ongedaan gemaakt"
        PUT_BACK = "teruggezet", "teruggezet"
        PROPOSAL = "voorstel", "voorstel overgenomen"

    personal = PersonalFields(
        about="professional",
        fields=("by", "said_by", "before", "after"),
        purpose="weten wie de sociale kaart wijzigde, en een vergissing kunnen terugzetten",
        ground="uitvoering van de taak van de organisatie",
        retention="HISTORY_KEPT_DAYS (5 jaar); wat over contactpersonen gaat HISTORY_NAMES_KEPT_DAYS (1 jaar)",
    )
    not_personal = ("id", "thing", "target", "name", "what", "at", "has_names")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    thing = models.CharField("waarvan", max_length=12, choices=Thing)
    target = models.UUIDField()
    name = models.CharField("naam", max_length=120)
    what = models.CharField("wat", max_length=14, choices=What)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    said_by = models.CharField("volgens", max_length=120, blank=True)
    at = models.DateTimeField("wanneer", default=timezone.now)
    before = models.JSONField("wat er stond", default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField("wat er kwam", default=dict, encoder=DjangoJSONEncoder)
    has_names = models.BooleanField("over contactpersonen", default=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "wijziging"
        verbose_name_plural = "wijzigingen"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["target", "-at", "-id"], name="changes_of_a_thing"),
            models.Index(fields=["at"], name="changes_by_age"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(thing__in=["aanbod", "organisatie"]), name="a_change_is_of_a_service_or_an_organisation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_what_display()}"


class ProposalQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Proposal.State.OPEN)

    def to_handle(self, codes: Iterable[str] | None):
        """Open ones that are for who keeps these municipalities, the oldest first; all if no codes are given."""
        rows = self.open().select_related("service__organisation", "service__home_municipality", "by")
        rows = rows if codes is None else rows.filter(turn_of(codes))
        return rows.order_by("made_at", "pk")

    def for_user(self, user):
        """What she made or what was made for her organisation, and what is about services that she keeps."""
        if user.is_functional_admin:
            return self.all()
        seen = Q(by=user.pk)
        if user.organisation_id:
            seen |= Q(service__organisation=user.organisation_id)
        if user.maintained_municipalities:
            from sociale_kaart.models.services import Service

            seen |= Q(service__in=Service.objects.kept_by(user).values("pk"))
        return self.filter(seen)

    def for_list(self):
        """What waits first, then the newest."""
        handled = models.Case(models.When(state=Proposal.State.OPEN, then=0), default=1)
        return self.annotate(is_handled=handled).select_related("service__organisation", "by")

    def with_key(self, key):
        return self.select_related("service__organisation", "by", "handled_by").filter(pk=key).first()

    def of_service(self, service):
        return self.filter(service=service).select_related("by")

    def kept_too_long(self, now: datetime.datetime):
        before = now - datetime.timedelta(days=settings.HISTORY_NAMES_KEPT_DAYS)
        return self.exclude(state=Proposal.State.OPEN).filter(handled_at__lt=before)


class Proposal(models.Model):
    """What somebody of the organisation says that should stand on its card. Who keeps the card says yes or no."""

    class State(models.TextChoices):
        OPEN = "open", "wacht op de consulent"
        ACCEPTED = "overgenomen", "overgenomen"
        DECLINED = "afgewezen", "niet overgenomen"
        WITHDRAWN = "ingetrokken", "ingetrokken"

    personal = PersonalFields(
        about="professional",
        fields=("by", "said_by", "handled_by", "words"),
        purpose="een voorstel bij een aanbod kunnen beoordelen, en laten weten wat ermee is gedaan",
        ground="uitvoering van de taak van de organisatie",
        retention="tot HISTORY_NAMES_KEPT_DAYS (1 jaar) nadat het is behandeld",
    )
    not_personal = ("id", "service", "fields", "before", "made_at", "state", "handled_at", "answer")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(
        "sociale_kaart.Service", models.CASCADE, related_name="proposals", verbose_name="aanbod"
    )
    fields = models.JSONField("wat er moet staan", default=dict, encoder=DjangoJSONEncoder)
    before = models.JSONField("wat er stond", default=dict, encoder=DjangoJSONEncoder)
    words = models.TextField("toelichting", max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    said_by = models.CharField("volgens", max_length=120, blank=True)
    made_at = models.DateTimeField("gedaan op", default=timezone.now)
    state = models.CharField("stand", max_length=12, choices=State, default=State.OPEN)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField("behandeld op", null=True, blank=True)
    answer = models.TextField("antwoord", max_length=1000, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "voorstel"
        verbose_name_plural = "voorstellen"
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["made_at"], condition=Q(state="open"), name="open_proposals")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", handled_at=None)
                | Q(state__in=["overgenomen", "afgewezen", "ingetrokken"], handled_at__isnull=False),
                name="a_proposal_is_open_or_handled_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="afgewezen") | ~Q(answer=""), name="a_declined_proposal_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"Voorstel bij {self.service}"

    GONE = "Dit aanbod bestaat niet meer."

    @property
    def says_it_is_gone(self) -> bool:
        return self.words.startswith(self.GONE)

    @property
    def is_open(self) -> bool:
        return self.state == Proposal.State.OPEN

"""Does it still hold: questions mailed to who offers it, and what professionals say is wrong."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from mantelzorg.signed_links import is_token_of, key_in, token_of
from sociale_kaart.models.turns import turn_of


class CheckRequestQuerySet(models.QuerySet):
    def behind_token(self, token: str) -> "CheckRequest | None":
        """The question this link belongs to, when its signature is ours; whether it is still open is another matter."""
        request = self.select_related("organisation").filter(pk=key_in(token)).first()
        return request if request and request.opens_with(token) else None

    def open(self):
        return self.filter(closed_at=None)

    def to_remind(self, now: datetime.datetime):
        """Nobody answered all of it after a while, and it can still be answered for some days."""
        asked_before = now - datetime.timedelta(days=settings.CHECK_REMIND_DAYS)
        return self.open().filter(reminded_at=None, asked_at__lte=asked_before, expires_at__gt=now)

    def to_close(self, now: datetime.datetime):
        return self.open().filter(Q(expires_at__lte=now) | ~Exists(CheckItem.objects.open().of_request(OuterRef("pk"))))

    def kept_too_long(self, now: datetime.datetime):
        return self.filter(closed_at__lt=now - datetime.timedelta(days=settings.CHECKS_KEPT_DAYS))


class CheckRequest(models.Model):
    """One mail to one address: do these services still hold?

    The link's secret is computed from the row, the address and the installation's key when the mail is written, and
    never stored: who reads the database, a backup or the outbox cannot make it.
    """

    SALT = "sociale_kaart.CheckRequest"

    personal = PersonalFields(
        about="professional",
        fields=("to", "by"),
        purpose="aan de aanbieder vragen of het aanbod nog klopt",
        ground="uitvoering van de taak van de organisatie",
        retention="CHECKS_KEPT_DAYS (1 jaar) nadat de vraag is gesloten",
    )
    not_personal = ("id", "organisation", "asked_at", "expires_at", "reminded_at", "closed_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "sociale_kaart.Organisation", models.CASCADE, related_name="check_requests", verbose_name="organisatie"
    )
    to = models.EmailField("gemaild aan")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField("gevraagd op", default=timezone.now)
    expires_at = models.DateTimeField("te beantwoorden tot")
    reminded_at = models.DateTimeField("herinnerd op", null=True, blank=True)
    closed_at = models.DateTimeField("gesloten op", null=True, blank=True)

    objects = CheckRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "vraag of het nog klopt"
        verbose_name_plural = "vragen of het nog klopt"
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["asked_at"], condition=Q(closed_at=None), name="open_check_requests")]
        constraints = [
            models.CheckConstraint(condition=~Q(to=""), name="a_check_is_asked_of_an_address"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="a_check_expires_after_it_is_asked"),
        ]

    def __str__(self) -> str:
        return f"Vraag aan {self.organisation}"

    @property
    def token(self) -> str:
        return token_of(self.pk, salt=self.SALT, said=self._said())

    def opens_with(self, token: str) -> bool:
        return is_token_of(self.pk, token, salt=self.SALT, said=self._said())

    def is_open(self, now: datetime.datetime) -> bool:
        return self.closed_at is None and self.expires_at > now

    def _said(self) -> str:
        return f"{self.pk}:{self.to.casefold()}:{self.expires_at.timestamp():.0f}"


class CheckItemQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answer=CheckItem.Answer.NONE)

    def of_request(self, request):
        return self.filter(request=request)

    def of_this_round(self):
        """About the service as it was last checked: nobody has said since that it holds."""
        return self.filter(checked_on=F("service__checked_on"))

    def overtaken(self):
        """Open, though somebody has checked the service since, or it is off the card."""
        return self.open().filter(~Q(service__status="published") | ~Q(checked_on=F("service__checked_on")))

    def unanswered(self, codes: Iterable[str] | None):
        """Published services whose owner let the time run out, and whose home is here; all if no codes are given."""
        rows = self.of_this_round().filter(answer=CheckItem.Answer.SILENCE, service__status="published")
        rows = rows if codes is None else rows.filter(service__home_municipality__in=list(codes))
        return rows.select_related("request", "service__organisation", "service__home_municipality")

    def of_service(self, service):
        return self.filter(service=service).select_related("request__by").order_by("-request__asked_at", "-pk")

    def for_link(self, request):
        """All that the page behind the link shows, in a fixed number of queries."""
        return (
            self.filter(request=request)
            .select_related("request", "service__organisation")
            .prefetch_related("service__municipalities", "service__languages")
            .order_by("service__name", "pk")
        )


class CheckItem(models.Model):
    """One of the services in a question, as it stood when that was asked (`checked_on`), and what was answered."""

    class Answer(models.TextChoices):
        NONE = "", "nog geen antwoord"
        HOLDS = "klopt", "klopt nog"
        PROPOSED = "voorstel", "stelde een wijziging voor"
        SILENCE = "geen-antwoord", "gaf geen antwoord"
        OVERTAKEN = "vervallen", "niet meer nodig"

    request = models.ForeignKey(CheckRequest, models.CASCADE, related_name="items", verbose_name="vraag")
    service = models.ForeignKey(
        "sociale_kaart.Service", models.CASCADE, related_name="check_items", verbose_name="aanbod"
    )
    checked_on = models.DateField("was nagekeken op")
    answer = models.CharField("antwoord", max_length=14, choices=Answer, blank=True, default=Answer.NONE)
    answered_at = models.DateTimeField("beantwoord op", null=True, blank=True)

    objects = CheckItemQuerySet.as_manager()

    class Meta:
        verbose_name = "gevraagd aanbod"
        verbose_name_plural = "gevraagd aanbod"
        indexes = [
            models.Index(fields=["service"], condition=Q(answer="geen-antwoord"), name="services_without_answer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["service"], condition=Q(answer=""), name="a_service_is_asked_about_once_at_a_time"
            ),
            models.UniqueConstraint(fields=["request", "service"], name="a_check_names_a_service_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=["klopt", "voorstel", "geen-antwoord", "vervallen"], answered_at__isnull=False),
                name="a_check_is_open_or_answered_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.get_answer_display()}"

    @property
    def is_open(self) -> bool:
        return self.answer == CheckItem.Answer.NONE


class NotAsked(models.Model):
    """Who is not mailed: for one service, or for all of an organisation. The consulent looks or calls herself."""

    personal = PersonalFields(
        about="professional",
        fields=("by",),
        purpose="weten wie besloot dat een aanbieder geen mail krijgt",
        ground="uitvoering van de taak van de organisatie",
        retention="zolang de keuze geldt",
    )
    not_personal = ("id", "organisation", "service", "at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.OneToOneField(
        "sociale_kaart.Organisation", models.CASCADE, null=True, blank=True, related_name="not_asked"
    )
    service = models.OneToOneField(
        "sociale_kaart.Service", models.CASCADE, null=True, blank=True, related_name="not_asked"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("sinds", default=timezone.now)

    class Meta:
        verbose_name = "niet per mail gevraagd"
        verbose_name_plural = "niet per mail gevraagd"
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, service__isnull=False)
                | Q(organisation__isnull=False, service__isnull=True),
                name="not_asked_is_a_service_or_an_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"Geen mail: {self.service or self.organisation}"


class ReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Report.State.OPEN)

    def to_handle(self, codes: Iterable[str] | None):
        """Open ones that are for who keeps these municipalities, the oldest first; all if no codes are given."""
        rows = self.open().select_related("service__organisation", "service__home_municipality", "by")
        rows = rows if codes is None else rows.filter(turn_of(codes))
        return rows.order_by("made_at", "pk")

    def made_by(self, user):
        return self.filter(by=user.pk).select_related("service__organisation").order_by("-made_at", "-pk")

    def for_maintainer(self, user):
        """About services that she keeps."""
        rows = self.select_related("service__organisation", "service__home_municipality", "by", "handled_by")
        if user.is_functional_admin:
            return rows
        from sociale_kaart.models.services import Service

        if not user.maintained_municipalities:
            return rows.none()
        return rows.filter(service__in=Service.objects.kept_by(user).values("pk"))

    def with_key(self, key):
        return self.filter(pk=key).first()

    def kept_too_long(self, now: datetime.datetime):
        before = now - datetime.timedelta(days=settings.REPORTS_KEPT_DAYS)
        return self.exclude(state=Report.State.OPEN).filter(handled_at__lt=before)


class Report(models.Model):
    """A professional says what is wrong on a card; who keeps it looks, and she hears what was done."""

    class What(models.TextChoices):
        CONTACT = "contact", "Telefoon, e-mail, website of adres"
        TERMS = "voorwaarden", "Plek, wachttijd, kosten of verwijzing"
        WHAT_IT_IS = "inhoud", "Wat het is of voor wie"
        GONE = "weg", "Het bestaat niet meer"
        OTHER = "anders", "Iets anders"

    class State(models.TextChoices):
        OPEN = "open", "wacht op de consulent"
        MENDED = "opgelost", "opgelost"
        HOLDS = "klopt-toch", "het klopt toch"

    personal = PersonalFields(
        about="professional",
        fields=("by", "words", "handled_by", "answer"),
        purpose="een fout op de sociale kaart herstellen, en laten weten wat ermee is gedaan",
        ground="uitvoering van de taak van de organisatie",
        retention="tot REPORTS_KEPT_DAYS (1 jaar) nadat de melding is behandeld",
    )
    not_personal = ("id", "service", "what", "made_at", "state", "handled_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey("sociale_kaart.Service", models.CASCADE, related_name="reports", verbose_name="aanbod")
    what = models.CharField("wat klopt er niet", max_length=12, choices=What)
    words = models.TextField("hoe is het wel", max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("gemeld op", default=timezone.now)
    state = models.CharField("stand", max_length=12, choices=State, default=State.OPEN)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField("behandeld op", null=True, blank=True)
    answer = models.TextField("wat er is gedaan", max_length=1000, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "melding"
        verbose_name_plural = "meldingen"
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(state="open"), name="open_reports"),
            models.Index(fields=["by", "-made_at", "-id"], name="reports_of_somebody"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="a_report_says_what_is_wrong"),
            models.CheckConstraint(
                condition=Q(what__in=["contact", "voorwaarden", "inhoud", "weg", "anders"]),
                name="a_report_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=Q(state="open", handled_at=None, answer="")
                | (Q(state__in=["opgelost", "klopt-toch"], handled_at__isnull=False) & ~Q(answer="")),
                name="a_report_is_open_or_answered_in_words",
            ),
        ]

    def __str__(self) -> str:
        return f"Melding bij {self.service}"

    @property
    def is_open(self) -> bool:
        return self.state == Report.State.OPEN

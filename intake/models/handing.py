"""Who is asked to become somebody's fixed contact person. Until that is accepted, the old one stays."""

import datetime

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from intake.models.caregivers import GROUND, RETENTION, Caregiver, OfHerQuerySet
from mantelzorg import triggers
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from mantelzorg.working_days import add_working_days

ANSWER_WORKING_DAYS = 2


class ContactRequestQuerySet(OfHerQuerySet):
    def open(self):
        return self.filter(state=ContactRequest.State.OPEN)

    def about(self, caregivers):
        return self.filter(caregiver__in=caregivers)

    def asked_of(self, membership):
        """What this person still has to answer, the longest waiting first."""
        return self.open().filter(asked_of=membership).order_by("asked_at", "id")

    def to_become(self, membership):
        """With which this person is to become somebody's fixed contact."""
        return self.open().filter(to=membership).order_by("id")

    def for_page(self):
        """With who is who in it."""
        return self.select_related("asked_by__user", "asked_of__user", "to__user", "contact__user", "answered_by__user")

    def for_today(self):
        """What *Vandaag* says of each."""
        return self.select_related("caregiver", "asked_by__user", "to__user").only(
            *("asked_at", "asked_of", "answer_on", "contact", "caregiver__name"),
            *("asked_by__user__name", "asked_by__user__email", "to__user__name", "to__user__email"),
        )

    def with_caregiver(self):
        return self.select_related("caregiver__municipality")

    def history(self):
        """What was answered or taken back, the last first."""
        return self.exclude(state=ContactRequest.State.OPEN).order_by("-answered_at", "-id")

    def accepted_since(self, moment: datetime.datetime):
        return self.filter(state=ContactRequest.State.ACCEPTED, answered_at__gte=moment)

    def of_contact(self, membership):
        """Of those of whom this person was the fixed contact when it was asked."""
        return self.filter(contact=membership)


class ContactRequest(models.Model):
    """A colleague is asked to become her fixed contact person; or asks to become it, and the present one answers."""

    class State(models.TextChoices):
        OPEN = "open", "gevraagd"
        ACCEPTED = "aangenomen", "aangenomen"
        DECLINED = "afgewezen", "niet aangenomen"
        TAKEN_BACK = "teruggenomen", "teruggenomen"

    personal = PersonalFields(
        about="mantelzorger",
        fields=("caregiver", "note", "answer_note"),
        purpose="haar vaste aanspreekpunt zorgvuldig overdragen",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = (
        *("id", "asked_by", "asked_of", "to", "contact", "asked_at", "answer_on"),
        *("state", "answered_at", "answered_by"),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="contact_requests")
    contact = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")  # who it was when it was asked
    to = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    asked_of = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")  # who says yes or no
    note = models.TextField("wat je collega moet weten", max_length=500)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    answer_on = models.DateField("antwoord tot en met", editable=False)
    state = models.CharField("stand", max_length=12, choices=State, default=State.OPEN)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")
    answer_note = models.TextField("toelichting", max_length=500, blank=True)

    objects = ContactRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "vraag om het vaste aanspreekpunt te worden"
        verbose_name_plural = "vragen om het vaste aanspreekpunt te worden"
        constraints = [
            models.UniqueConstraint(
                fields=["caregiver"], condition=Q(state="open"), name="one_is_asked_at_a_time_to_be_the_contact"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None, answered_by=None)
                | Q(state__in=["aangenomen", "afgewezen", "teruggenomen"], answered_at__isnull=False),
                name="an_open_request_has_no_answer_yet",
            ),
            models.CheckConstraint(
                condition=~Q(state="afgewezen") | ~Q(answer_note=""), name="who_will_not_be_the_contact_says_why"
            ),
            models.CheckConstraint(condition=~Q(to=F("contact")), name="nobody_hands_over_to_herself"),
            models.CheckConstraint(
                condition=Q(asked_of=F("to")) | Q(asked_of=F("contact"), asked_by=F("to")),
                name="the_new_or_the_old_contact_answers",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_of", "asked_at", "id"], name="contact_asked", condition=Q(state="open")),
            models.Index(fields=["contact", "answered_at"], name="contact_handed_over"),
        ]
        triggers = [
            triggers.Follows(
                name="an_answer_about_the_contact_stays",
                field="state",
                transitions=[("open", "aangenomen"), ("open", "afgewezen"), ("open", "teruggenomen")],
            ),
            triggers.ReadsOnly(
                name="what_was_asked_of_a_contact_stays",
                fields=["caregiver", "contact", "to", "asked_by", "asked_of", "note", "asked_at"],
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_taking_over(self) -> bool:
        """She asks it for herself, of who is it now."""
        return self.asked_of_id == self.contact_id


def answer_day(asked_at: datetime.datetime) -> datetime.date:
    return add_working_days(timezone.localdate(asked_at), ANSWER_WORKING_DAYS)


def last_asked() -> Subquery:
    """To annotate a list of caregivers with: the last request about each, or None."""
    requests = ContactRequest.objects.filter(caregiver=OuterRef("pk")).order_by("-asked_at", "-id")
    what = JSONObject(id="id", state="state", to="to__user__name", why="answer_note")
    return Subquery(requests.values(what=what)[:1])

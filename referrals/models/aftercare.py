"""What comes after the feedback: a question of the sender, and what she herself says about the help."""

import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import Absence, Membership
from intake.models import Caregiver
from intake.models.caregivers import GROUND, RETENTION
from mantelzorg import triggers
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from referrals.models.referrals import Referral
from referrals.transitions import VISIBLE_AFTER_COMPLETION_DAYS, State


class EnquiryQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Enquiry.State.OPEN)

    def open_of(self, referral):
        return self.open().filter(referral=referral)

    def for_page(self, referral):
        """All that was asked about this referral, in its order."""
        return (
            self.filter(referral=referral)
            .select_related("asked_by__user", "answered_by__user")
            .only(
                *(field.name for field in self.model._meta.concrete_fields),
                *("asked_by__user__name", "asked_by__user__email"),
                *("answered_by__user__name", "answered_by__user__email"),
            )
            .order_by("asked_at", "pk")
        )

    def asked_of(self, user, today: datetime.date):
        """Open ones that she is to answer: who accepted the referral is. Everybody's, where she left or is away today,
        and once its date is over.
        """
        if not user.works_with_caregivers:
            return self.none()
        away = Absence.objects.on(today).filter(membership=OuterRef("referral__receiver"))
        hers = Q(referral__receiver__in=Membership.objects.in_whose_place(user).values("pk"))
        return (
            self.open()
            .filter(hers | Q(referral__receiver=None) | Exists(away) | Q(turn_on__lt=today))
            .filter(organisation=user.organisation_id)
            .select_related("referral")
            .annotate(
                asked_by_name=F("asked_by__user__name"),
                asked_from=F("referral__sender_organisation__name"),
            )
            .only("turn_on", "organisation", "referral__number")
            .order_by("turn_on", "pk")
        )

    def to_lapse(self, *, now: datetime.datetime):
        """Open ones about what is not shared any more: the referral is open again, its time is over, or consent is."""
        over = now - datetime.timedelta(days=VISIBLE_AFTER_COMPLETION_DAYS)
        return self.open().filter(
            ~Q(referral__state=State.COMPLETED)
            | Q(referral__ended_at__lte=over)
            | Q(referral__consent=None)
            | Q(referral__consent__withdrawn_at__isnull=False)
            | Q(referral__consent__valid_until__lt=timezone.localdate(now))
        )

    def lapse(self, *, now: datetime.datetime) -> int:
        return self.open().update(state=Enquiry.State.LAPSED, ended_at=now)


class Enquiry(models.Model):
    """What the sender asks about a completed referral, one thing at a time. It has a date of its own: the turn of the
    need stays where it is.
    """

    class State(models.TextChoices):
        OPEN = "open", "wacht op antwoord"
        ANSWERED = "beantwoord", "beantwoord"
        TAKEN_BACK = "teruggenomen", "teruggenomen"
        LAPSED = "vervallen", "vervallen"

    LONGEST = 500  # a sentence or two

    personal = PersonalFields(
        about="mantelzorger",
        fields=("words", "answer"),
        purpose="na een terugkoppeling kunnen navragen wat voor haar belangrijk is",
        ground=GROUND,
        retention=RETENTION + "; de ontvanger ziet het tot 30 dagen na afronden",
    )
    not_personal = (
        *("id", "referral", "organisation", "asked_by", "asked_at", "turn_on"),
        *("state", "answered_by", "ended_at"),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="questions")
    organisation = models.ForeignKey(
        "sociale_kaart.Organisation", models.PROTECT, related_name="+", verbose_name="aan wie"
    )
    words = models.TextField("vraag", max_length=LONGEST)
    asked_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+", verbose_name="van wie")
    asked_at = models.DateTimeField("gevraagd op")
    turn_on = models.DateField("antwoord tot en met")
    state = models.CharField("stand", max_length=12, choices=State, default=State.OPEN)
    answer = models.TextField("antwoord", max_length=LONGEST, blank=True)
    answered_by = models.ForeignKey(  # none behind a link
        "accounts.Membership", models.PROTECT, null=True, related_name="+", verbose_name="wie antwoordde"
    )
    ended_at = models.DateTimeField(null=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = "vraag na afloop"
        verbose_name_plural = "vragen na afloop"
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="a_question_asks_something"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | Q(state__in=["beantwoord", "teruggenomen", "vervallen"], ended_at__isnull=False),
                name="a_question_is_open_or_has_an_end",
            ),
            models.CheckConstraint(
                condition=(Q(state="beantwoord") & ~Q(answer="")) | (~Q(state="beantwoord") & Q(answer="")),
                name="a_question_is_answered_in_words",
            ),
            models.UniqueConstraint(
                fields=["referral"], condition=Q(state="open"), name="one_open_question_about_a_referral"
            ),
        ]
        triggers = [
            triggers.ReadsOnly(
                name="a_question_stays_as_it_was_asked",
                fields=["referral", "organisation", "words", "asked_by", "asked_at"],
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "turn_on", "id"], condition=Q(state="open"), name="open_questions_by_their_day"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == Enquiry.State.OPEN


class ExperienceQuerySet(models.QuerySet):
    def about(self, referral):
        return self.filter(referral=referral).select_related("recorded_by__user").first()


class Experience(models.Model):
    """Her own answer to one question: did this help you? For who keeps her record alone, never for the receiver: what
    she says of them they would read as a mark, and she would say it less freely.
    """

    class Answer(models.TextChoices):
        WELL = "goed", "ja, heel goed"
        SOMEWHAT = "beetje", "ja, een beetje"
        HARDLY = "nauwelijks", "nee, nauwelijks"
        HEAVIER = "zwaarder", "nee, het werd juist zwaarder"
        NOT_SAID = "niet-gezegd", "wil zij niet zeggen"

    personal = PersonalFields(
        about="mantelzorger",
        fields=("caregiver", "answer", "words"),
        purpose="van haarzelf horen of de hulp haar hielp",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "referral", "recorded_by", "recorded_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="experiences")
    referral = models.OneToOneField(Referral, models.CASCADE, related_name="experience")
    answer = models.CharField("heeft dit haar geholpen", max_length=12, choices=Answer)
    words = models.TextField("in haar eigen woorden", max_length=1000, blank=True)
    recorded_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = ExperienceQuerySet.as_manager()

    class Meta:
        verbose_name = "ervaring van de mantelzorger"
        verbose_name_plural = "ervaringen van mantelzorgers"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=["goed", "beetje", "nauwelijks", "zwaarder", "niet-gezegd"]),
                name="an_experience_is_one_of_the_answers",
            ),
        ]

"""An overlegvraag: a question to a professional elsewhere, about a situation and without a name.

Nothing in it is meant to lead to a mantelzorger: there is no caregiver here and no text about somebody one could find.
What is typed is free text all the same. So only the two organisations reach it, who takes a question back takes the
words with it, and all of it goes after a term.
"""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import IsAnyOf, Membership
from intake.models import SituationKind
from mantelzorg import triggers
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from mantelzorg.working_days import working_day_before
from referrals.questions.transitions import (
    ASKER_HEARS_AFTER_WORKING_DAYS,
    ENDED,
    OPEN,
    REMINDS_AFTER_WORKING_DAYS,
    QuestionState,
    QuestionVerb,
    steps,
)
from referrals.transitions import Party

GROUND = "uitvoering van de taak van de organisatie"
RETENTION = "QUESTIONS_KEPT_DAYS (365 dagen) nadat er voor het laatst iets mee gebeurde"
QUESTION_BADGES = {
    QuestionState.ASKED: "warning",
    QuestionState.ANSWERED: "active",
    QuestionState.DECLINED: "danger",
    QuestionState.CLOSED: "safe",
    QuestionState.WITHDRAWN: "neutral",
}


class QuestionQuerySet(models.QuerySet):
    def for_user(self, user):
        """What her organisation asked or was asked. A stranger finds nothing."""
        if not user.works_with_caregivers:
            return self.none()
        return self.filter(Q(asker_organisation=user.organisation_id) | Q(receiver_organisation=user.organisation_id))

    def asked_by(self, user):
        return self.for_user(user).filter(asker_organisation=user.organisation_id)

    def received_by(self, user):
        return self.for_user(user).filter(receiver_organisation=user.organisation_id)

    def open(self):
        return self.filter(state__in=OPEN)

    def ended(self):
        return self.filter(state__in=ENDED)

    def our_turn(self, user):
        """Open, and it is her turn, or her organisation's and nobody's in person. Who left, anybody follows up."""
        if not user.works_with_caregivers:
            return self.none()
        hers = IsAnyOf("turn_member", Membership.objects.in_whose_place(user))
        return self.open().filter(Q(turn_member=None) | Q(hers), turn_organisation=user.organisation_id)

    def of_member(self, membership):
        """That she asked, or that is or was hers to answer."""
        return self.filter(Q(asker=membership) | Q(receiver=membership))

    def for_list(self):
        """What a row shows; of the people no more than their names."""
        return self.select_related(
            "asker_organisation", "receiver_organisation", "asker__user", "receiver__user", "turn_member__user"
        ).only(
            *("subject", "state", "turn_on", "changed_at", "asker_organisation__name", "receiver_organisation__name"),
            *("asker__user__name", "receiver__user__name", "turn_member__user__name", "turn_organisation_id"),
        )

    def for_reading(self):
        """All that the page of one question shows, but its conversation."""
        return self.select_related(
            *("asker_organisation", "receiver_organisation", "asker__user", "asker__profession", "receiver__user"),
            *("receiver__profession", "profession", "phase", "theme", "turn_member__user"),
        )

    def to_remind(self, today: datetime.date, kind: str):
        """Nobody answered, and this was not yet said about this turn."""
        said = QuestionReminder.objects.filter(question=OuterRef("pk"), kind=kind, turn_on=OuterRef("turn_on"))
        late = _working_days_before(today, QuestionReminder.AFTER_WORKING_DAYS[QuestionReminder.Kind(kind)])
        return self.filter(~Exists(said), state=QuestionState.ASKED, turn_on__lte=late).order_by("pk")

    def silent(self, today: datetime.date):
        """Answered or declined, and who asked let the days pass."""
        return self.filter(state__in=(QuestionState.ANSWERED, QuestionState.DECLINED), turn_on__lt=today)

    def in_other_hands(self, away):
        """Open, and in the hands of who is away today, or of a stand-in."""
        stood_in = Q(state=QuestionState.ASKED) & ~Q(turn_member=F("receiver"))
        stood_in |= ~Q(state=QuestionState.ASKED) & ~Q(turn_member=F("asker"))
        return self.open().filter(Q(turn_member__in=away) | Q(turn_member__isnull=False) & stood_in).order_by("pk")

    def forgettable(self, now: datetime.datetime):
        return self.filter(changed_at__lt=now - datetime.timedelta(days=settings.QUESTIONS_KEPT_DAYS))


def _working_days_before(day: datetime.date, count: int) -> datetime.date:
    for _ in range(count):
        day = working_day_before(day)
    return day


class Question(models.Model):
    """One overlegvraag, from the first words to "dank, ik kan verder"."""

    SUBJECT_LENGTH, TEXT_LENGTH = 80, 2000

    personal = PersonalFields(
        about="professional",
        fields=("asker", "receiver", "turn_member", "subject", "situation_kind"),
        purpose="een collega elders om raad vragen zonder te verwijzen en zonder naam",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = (
        *("id", "asker_organisation", "receiver_organisation", "profession", "phase", "theme", "state", "round"),
        *("turn_organisation", "turn_on", "asked_at", "changed_at", "ended_at"),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    asker_organisation = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, related_name="+")
    asker = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+", verbose_name="wie het vraagt")
    receiver_organisation = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, related_name="+")
    receiver = models.ForeignKey(  # whom it was asked by name, or who took it on; nobody in person: any colleague there
        "accounts.Membership", models.PROTECT, null=True, related_name="+", verbose_name="aan wie het is gevraagd"
    )
    profession = models.ForeignKey("knowledge.Profession", models.PROTECT, null=True, related_name="+")
    subject = models.CharField("onderwerp van een overlegvraag", max_length=SUBJECT_LENGTH)
    situation_kind = models.CharField("wat er speelt", max_length=20, choices=SituationKind, blank=True)
    phase = models.ForeignKey("knowledge.Phase", models.PROTECT, null=True, related_name="+")
    theme = models.ForeignKey("knowledge.Theme", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=QuestionState, default=QuestionState.ASKED)
    round = models.PositiveSmallIntegerField(default=1)  # how often was asked: an answer is to one of them
    turn_organisation = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, null=True, related_name="+")
    turn_member = models.ForeignKey(
        "accounts.Membership", models.PROTECT, null=True, related_name="+", verbose_name="wie aan zet is"
    )
    turn_on = models.DateField(null=True)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "overlegvraag"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OPEN, turn_organisation__isnull=False, turn_on__isnull=False, ended_at=None)
                | Q(state__in=ENDED, turn_organisation=None, turn_member=None, turn_on=None, ended_at__isnull=False),
                name="an_open_question_is_somebodys_turn",
            ),
            models.CheckConstraint(
                condition=~Q(state=QuestionState.ASKED) | Q(turn_organisation=F("receiver_organisation")),
                name="who_was_asked_has_the_turn_until_she_answers",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(QuestionState.ANSWERED, QuestionState.DECLINED))
                | Q(turn_organisation=F("asker_organisation")),
                name="who_asked_has_the_turn_after_the_answer",
            ),
            models.CheckConstraint(
                condition=~Q(asker_organisation=F("receiver_organisation")),
                name="a_question_goes_to_another_organisation",
            ),
            models.CheckConstraint(
                condition=~Q(subject="") | Q(state=QuestionState.WITHDRAWN), name="a_question_has_a_subject"
            ),
            models.CheckConstraint(
                condition=~Q(state=QuestionState.WITHDRAWN) | Q(subject="", situation_kind="", phase=None, theme=None),
                name="what_was_taken_back_says_nothing",
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="a_question_was_asked_at_least_once"),
        ]
        triggers = [
            triggers.Follows(name="a_question_follows_the_table", field="state", transitions=steps()),
            triggers.Refuses(
                name="a_question_begins_as_asked",
                operation=triggers.Insert,
                condition=~triggers.Q(new__state=QuestionState.ASKED),
            ),
            triggers.ReadsOnly(
                name="a_question_keeps_its_address",
                fields=["asker_organisation", "asker", "receiver_organisation", "profession", "asked_at"],
            ),
        ]
        indexes = [
            models.Index(
                fields=["turn_organisation", "turn_on", "id"], name="question_turns", condition=Q(ended_at=None)
            ),
            models.Index(fields=["asker_organisation", "-changed_at", "-id"], name="questions_asked"),
            models.Index(fields=["receiver_organisation", "-changed_at", "-id"], name="questions_received"),
            models.Index(fields=["turn_on"], name="questions_by_turn", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def badge(self) -> str:
        return QUESTION_BADGES[QuestionState(self.state)]

    @property
    def whose_work_id(self):
        """The membership of who has it in hand, whether she is there or not; None while it is any colleague's."""
        return self.receiver_id if self.state == QuestionState.ASKED else self.asker_id

    def last_step(self) -> "QuestionStep | None":
        return self.steps.for_page().last()

    def was_last_done(self, *, verb: str, by, typed: list[str]) -> bool:
        """Whether the last step was this verb, by this very person, in these words: a button that was pressed twice."""
        last = self.last_step()
        if last is None or (last.verb, last.by_id) != (verb, by.acting.pk):
            return False
        return typed == [text for text in (last.text, last.elsewhere) if text]

    def party_of(self, user) -> Party | None:
        if not user.works_with_caregivers:
            return None
        sides = {self.asker_organisation_id: Party.SENDER, self.receiver_organisation_id: Party.RECEIVER}
        return sides.get(user.organisation_id)


class QuestionStepQuerySet(models.QuerySet):
    def for_page(self):
        return self.select_related("by__user", "by__profession", "by__organisation", "to__user").order_by("at", "pk")


class QuestionStep(models.Model):
    """What somebody did with a question: the words of the conversation, and how it went from hand to hand."""

    personal = PersonalFields(
        about="professional",
        fields=("by", "to", "text", "elsewhere"),
        purpose="het gesprek over een overlegvraag teruglezen",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "question", "at", "verb", "round", "organisation")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    question = models.ForeignKey(Question, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    verb = models.CharField(max_length=10, choices=QuestionVerb)
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey(
        "accounts.Membership", models.PROTECT, null=True, related_name="+", verbose_name="wie dit deed"
    )
    organisation = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+", verbose_name="aan wie")
    text = models.TextField("tekst van een overlegvraag of antwoord", blank=True)
    elsewhere = models.CharField("waar een vraag beter past", max_length=200, blank=True)

    objects = QuestionStepQuerySet.as_manager()

    class Meta:
        verbose_name = "stap van een overlegvraag"
        constraints = [
            models.UniqueConstraint(
                fields=["question", "round"],
                condition=Q(verb__in=[QuestionVerb.ANSWER, QuestionVerb.DECLINE]),
                name="a_question_gets_one_answer",
            ),
            models.CheckConstraint(
                condition=Q(by=None, organisation=None, verb=QuestionVerb.LAPSE)
                | Q(by__isnull=False, organisation__isnull=False) & ~Q(verb=QuestionVerb.LAPSE),
                name="only_the_clock_does_nameless_steps_of_a_question",
            ),
        ]
        triggers = [
            triggers.ReadsOnly(name="a_step_of_a_question_stays_as_it_was", exclude=["text", "elsewhere"]),
            triggers.Refuses(
                name="the_words_of_a_question_are_only_erased",
                operation=triggers.Update,
                condition=triggers.InSQL(
                    "NEW.text <> '' AND NEW.text IS DISTINCT FROM OLD.text "
                    "OR NEW.elsewhere <> '' AND NEW.elsewhere IS DISTINCT FROM OLD.elsewhere"
                ),
            ),
        ]
        indexes = [models.Index(fields=["question", "at"], name="steps_of_a_question")]

    def __str__(self) -> str:
        return str(self.pk)


class QuestionReminder(models.Model):
    """What the clock said about one turn: to who was asked, and later to who asked."""

    class Kind(models.TextChoices):
        LATE = "late", "de datum is voorbij"
        CALL = "call", "bel even"

    AFTER_WORKING_DAYS = {Kind.LATE: REMINDS_AFTER_WORKING_DAYS, Kind.CALL: ASKER_HEARS_AFTER_WORKING_DAYS}

    personal = PersonalFields(
        about="professional",
        fields=("kind", "turn_on"),
        purpose="niemand twee keer aan dezelfde vraag herinneren",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "question", "at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    question = models.ForeignKey(Question, models.CASCADE, related_name="reminders")
    kind = models.CharField("waarover", max_length=10, choices=Kind)
    turn_on = models.DateField("datum waarop iemand aan de beurt was")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "herinnering aan een overlegvraag"
        constraints = [
            models.UniqueConstraint(
                fields=["question", "kind", "turn_on"], name="said_once_about_one_turn_of_a_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.turn_on}"

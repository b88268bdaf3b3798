"""Who passes whom to whom. What may follow what, and whose turn it is, stands in referrals/transitions.py."""

import datetime
import secrets

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import IsAnyOf, Membership
from intake.models import OF_A_REFERRAL, Caregiver, Consent, ConsentItem, Need
from intake.models.caregivers import GROUND, RETENTION
from mantelzorg import triggers
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from mantelzorg.working_days import add_working_days, working_day_before
from referrals.sealing import SealableTextField
from referrals.transitions import (
    ENDED_STATES,
    ESCALATES_AFTER_WORKING_DAYS,
    OPEN_STATES,
    USUAL_TERMS,
    VISIBLE_AFTER_COMPLETION_DAYS,
    Channel,
    Party,
    State,
    Terms,
    Urgency,
    Verb,
    steps,
    turn_party,
)
from sociale_kaart.models import Service

NUMBER_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ23456789"  # no vowels, nothing that reads as something else


def new_number() -> str:
    """A number to name a referral on the phone: random, so that it says nothing about how many there are."""
    letters = "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


class WarmMode(models.TextChoices):
    RECEIVER_CALLS = "ontvanger-belt", "de ontvanger belt de mantelzorger"
    CALLED_RECEIVER = "ik-belde", "ik belde de ontvanger"
    CALL_TOGETHER = "samen-bellen", "we bellen samen"
    TALK_TOGETHER = "driegesprek", "driegesprek"


TOGETHER = (WarmMode.CALL_TOGETHER, WarmMode.TALK_TOGETHER)  # sender and receiver agree on a moment


class DeclineReason(models.TextChoices):
    NO_CAPACITY = "geen-plek", "er is geen plek"
    WAITING_LIST = "wachtlijst", "de wachtlijst is te lang"
    TARGET_GROUP = "doelgroep", "zij hoort niet bij onze doelgroep"
    OUTSIDE_AREA = "buiten-gebied", "zij woont buiten ons gebied"
    PAPER_MISSING = "indicatie", "een indicatie of verwijzing ontbreekt"
    BETTER_ELSEWHERE = "elders", "zij is elders beter geholpen"
    ALREADY_KNOWN = "al-bekend", "zij is hier al bekend"
    DUPLICATE = "dubbel", "deze verwijzing is dubbel"
    NOT_WANTED = "wil-niet", "zij wil dit niet"
    OTHER = "anders", "iets anders"


NO_REASON_WITHOUT_FILE = (DeclineReason.ALREADY_KNOWN, DeclineReason.BETTER_ELSEWHERE)  # knows nobody, writes nothing
ONLY_AFTER_ACCEPTANCE = (DeclineReason.ALREADY_KNOWN, DeclineReason.DUPLICATE, DeclineReason.NOT_WANTED)


class Outcome(models.TextChoices):
    STARTED = "gestart", "de ondersteuning is gestart"
    INFORMED = "informatie", "informatie was genoeg"
    PASSED_ON = "doorverwezen", "doorverwezen"
    DECIDED_OTHERWISE = "anders-besloten", "zij koos iets anders"
    NOT_HELPED = "niet-geholpen", "wij konden niet helpen"
    CONTACT = "contact", "er was contact; meer meldt wie zonder dossier werkt niet"


FEEDBACK = tuple(outcome for outcome in Outcome if outcome != Outcome.CONTACT)  # of who keeps a file


class WithdrawReason(models.TextChoices):
    RECALLED = "teruggehaald", "teruggehaald door de afzender"
    CONSENT = "toestemming", "de mantelzorger trok haar toestemming in"


STILL_TO_FIND_OUT = "Nog samen uitzoeken"

BADGES = {
    State.CONCEPT: "neutral",
    State.SENT: "active",
    State.ACCEPTED: "active",
    State.IN_CONTACT: "active",
    State.COMPLETED: "safe",
    State.DECLINED: "warning",
    State.EXPIRED: "warning",
    State.NOT_REACHED: "warning",
    State.WITHDRAWN: "neutral",
}


# Of others than the referral itself, what its pages and papers show: not their descriptions, passwords and the like.
SHOWN_OF_OTHERS = (
    "caregiver",
    "consent",
    "handover",
    "service__name",
    "service__everyday_name",
    "service__slug",
    "service__organisation",
    "service__phone",
    "service__email",
    "service__call_within_days",
    "service__caller",
    "municipality__name",
    *(f"{side}_organisation__{name}" for side in ("sender", "receiver") for name in ("name", "phone", "email")),
    "turn_organisation__name",
    *(f"receiver_organisation__referral_terms__{name}" for name in ("answer_days", "call_days", "feedback_days")),
    *(
        f"{side}__{name}"
        for side in ("sender", "receiver")
        for name in ("phone", "ended_at", "organisation", "profession__name")
    ),
    "turn_member__ended_at",
    *(
        f"{side}__user__{name}"
        for side in ("sender", "receiver", "turn_member")
        for name in ("name", "email", "news_daily")
    ),
    *(f"joint_talk__{name}" for name in ("id", "side", "by", "moments", "place", "planned_for", "asked_on")),
    *(f"joint_talk__by__user__{name}" for name in ("name", "email")),
)


NEED_SHOWN = ("caregiver", "words", "turn_on", "on_referral", "ended_at", "ending", "ending_note")


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _next_working_day(day: datetime.date) -> datetime.date:
    return add_working_days(day, 1)


def _so_many_working_days_before(day: datetime.date, count: int) -> datetime.date:
    for _ in range(count):
        day = working_day_before(day)
    return day


def _in_her_hands(user):
    return IsAnyOf("turn_member", Membership.objects.in_whose_place(user))


class ReferralQuerySet(models.QuerySet):
    def for_user(self, user):
        """What her organisation sent or received. A draft is its maker's alone; a stranger finds nothing."""
        if not user.works_with_caregivers:
            return self.none()
        organisation = user.organisation_id
        return self.filter(
            Q(sender_organisation=organisation, state=State.CONCEPT, sender=user.acting)
            | (Q(sender_organisation=organisation) & ~Q(state=State.CONCEPT))
            | (Q(receiver_organisation=organisation) & ~Q(state=State.CONCEPT))
        )

    def sent_by(self, user):
        return self.for_user(user).filter(sender_organisation=user.organisation_id)

    def received_by(self, user):
        return self.for_user(user).filter(receiver_organisation=user.organisation_id).exclude(state=State.CONCEPT)

    def by_her(self, user):
        """What she made herself for the organisation she acts for."""
        if not user.works_with_caregivers:
            return self.none()
        return self.filter(sender=user.acting, sender_organisation=user.organisation_id)

    def drafts_of(self, user):
        return self.by_her(user).filter(state=State.CONCEPT)

    def sent_or_further(self):
        return self.exclude(state=State.CONCEPT)

    def under(self, consent):
        """What runs on her consent for this receiver."""
        return self.filter(caregiver=consent.caregiver_id, receiver_organisation=consent.organisation_id)

    def about(self, caregiver):
        return self.filter(caregiver=caregiver)

    def with_standing_consent(self, caregiver, *, receiver):
        """What this organisation received about her under a consent that was not taken back."""
        sent = self.sent_or_further().filter(caregiver=caregiver, receiver_organisation=receiver)
        return sent.filter(consent__withdrawn_at=None, consent__isnull=False).order_by("pk")

    def of_member(self, membership):
        """In which this person plays a part: she sent it, or took it on."""
        return self.filter(Q(sender=membership) | Q(receiver=membership))

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def ended(self):
        return self.filter(state__in=ENDED_STATES)

    def in_state(self, state):
        return self.filter(state=state)

    def urgent(self):
        return self.filter(urgency=Urgency.URGENT)

    def not_urgent(self):
        return self.filter(urgency=Urgency.NORMAL)

    def our_turn(self, user):
        """Open referrals of which it is her turn, or her organisation's and nobody's in person.

        What a colleague who left had in hand is everyone's.
        """
        return self.turns_of_organisation(user).filter(Q(turn_member=None) | Q(_in_her_hands(user)))

    def turns_of_organisation(self, user):
        """Open referrals of which it is the turn of somebody of her organisation.

        All of them are among `for_user`: whose turn it is, sent it or received it (a constraint of the database).
        """
        if not user.works_with_caregivers:
            return self.none()
        return self.open().filter(turn_organisation=user.organisation_id)

    def in_her_hands(self, user):
        """Of `turns_of_organisation`: hers, or of a colleague who left."""
        return self.filter(_in_her_hands(user))

    def in_nobodys_hands(self):
        """Of `turns_of_organisation`: whose turn it is, is nobody in person."""
        return self.filter(turn_member=None)

    def waiting_for_others(self, user):
        """What she sent and somebody elsewhere must act on."""
        return self.by_her(user).open().exclude(turn_organisation=user.organisation_id)

    def overdue(self, *, now):
        return self.open().filter(turn_on__lt=timezone.localdate(now))

    def escalated(self, *, now):
        """So long after their date that a coordinator is told."""
        today = timezone.localdate(now)
        return self.open().filter(turn_on__lt=_so_many_working_days_before(today, ESCALATES_AFTER_WORKING_DAYS))

    def already_open(self, *, caregiver, service):
        """The one open referral of this caregiver to this service: to follow, or to add a need to."""
        return self.open().filter(caregiver=caregiver, service=service)

    def running_per_service(self, caregiver) -> dict:
        """Service id to referral id of her open referrals: a second one to the same service cannot be sent."""
        return dict(self.open().filter(caregiver=caregiver).values_list("service", "pk"))

    def pointed_elsewhere(self, caregiver):
        """Declined as better helped elsewhere, for a need that still waits: what the decliners suggested."""
        waiting = ReferralNeed.objects.filter(need__caregiver=caregiver, need__ended_at=None, need__on_referral=False)
        return (
            self.filter(state=State.DECLINED, pk__in=waiting.values("referral"))
            .exclude(elsewhere="")
            .select_related("receiver_organisation")
            .order_by("-ended_at")
        )

    def last_of(self, need):
        """The last one that was sent for this need, however it ended."""
        return self.sent_or_further().filter(referral_needs__need=need).order_by("-sent_at").first()

    def without_help_for(self, need):
        """What was tried for this need and did not help her, the last first."""
        ended = Q(state__in=[State.DECLINED, State.EXPIRED])
        not_helped = Q(state=State.COMPLETED, referral_needs__outcome=Outcome.NOT_HELPED)
        return (
            self.filter(ended | not_helped, referral_needs__need=need)
            .only("service", "state", "decline_reason", "ended_at")
            .order_by("-ended_at", "-id")
        )

    def state_of(self, pk) -> str | None:
        return self.filter(pk=pk).values_list("state", flat=True).first()

    def to_remind(self, today: datetime.date, kind: str):
        """Open referrals of which this was not yet said about this turn: before the date, after it, long after it."""
        said = Reminder.objects.filter(referral=OuterRef("pk"), kind=kind, turn_on=OuterRef("turn_on"))
        rows = self.open().filter(~Exists(said)).order_by("pk")
        if kind == Reminder.Kind.AHEAD:
            return rows.filter(turn_on__range=(today, _next_working_day(today)), changed_at__lt=_midnight(today))
        if kind == Reminder.Kind.LATE:
            return rows.filter(turn_on__lt=today)
        return rows.filter(turn_on__lt=_so_many_working_days_before(today, ESCALATES_AFTER_WORKING_DAYS))

    def in_other_hands(self, away):
        """Open, and in the hands of who is away today, of a stand-in, or of nobody though whose work it is still works
        there.
        """
        hers = Q(turn_member__in=away)
        works = Q(channel=Channel.PHONE, sender__ended_at=None) | (
            ~Q(channel=Channel.PHONE) & Q(receiver__isnull=False, receiver__ended_at=None)
        )
        by_phone = Q(channel=Channel.PHONE) & ~Q(turn_member=F("sender"))
        by_receiver = ~Q(channel=Channel.PHONE) & ~Q(turn_member=F("receiver"))
        others = Q(turn_member__isnull=False) & (by_phone | by_receiver)
        return self.open().filter(hers | others | Q(turn_member=None) & works).order_by("pk")

    def expirable(self, *, now):
        return self.filter(state=State.SENT, expires_on__lt=timezone.localdate(now))

    def for_answer_times(self, *, since: datetime.datetime, until: datetime.datetime):
        """What referrals/answer_times.py weighs: of each one that was answered, or for which nobody waits any more, the
        day the answer was due and the moment it was first accepted, as its history has them. In columns, not rows.
        """
        steps = ReferralEvent.objects.filter(referral=OuterRef("pk"))
        got_lost = steps.filter(verb="mail_failed", from_state=State.SENT)
        return (
            self.filter(service__status=Service.Status.PUBLISHED, erased_at=None, sent_at__range=(since, until))
            .exclude(state__in=[State.CONCEPT, State.SENT])
            .exclude(channel=Channel.PHONE)
            .exclude(withdraw_reason=WithdrawReason.CONSENT)
            .filter(~Exists(got_lost))
            .annotate(
                due_on=Subquery(steps.filter(verb=Verb.SEND).values("turn_on")[:1]),
                answered_at=Subquery(steps.filter(verb=Verb.ACCEPT).order_by("at").values("at")[:1]),
            )
            .values(
                *("service_id", "sender_organisation_id", "state", "urgency", "sent_at", "ended_at"),
                *("decline_reason", "due_on", "answered_at"),
            )
        )

    def stale_drafts(self, *, now, days: int):
        return self.filter(state=State.CONCEPT, changed_at__lt=now - datetime.timedelta(days=days))

    def loops_for(self, user):
        """A coordinator's open loops: of her organisation, and of the municipalities she was appointed to.

        Only for numbers, services, senders, states and dates: `values()` of these, never a name or a text.
        """
        if not user.is_coordinator:
            return self.none()
        return self.open().filter(
            Q(sender_organisation=user.organisation_id)
            | Q(receiver_organisation=user.organisation_id)
            | Q(municipality__in=user.coordinated_municipalities)
        )

    def for_page(self):
        """One referral with all its own fields, and what pages show of who and what it names."""
        return self.select_related(
            "caregiver",
            "consent",
            "handover",
            "service",
            "municipality",
            "sender_organisation",
            "receiver_organisation",
            "turn_organisation",
            "sender__user",
            "sender__profession",
            "receiver__user",
            "receiver__profession",
            "turn_member__user",
            "receiver_organisation__referral_terms",
        ).only(*(field.name for field in self.model._meta.concrete_fields), *SHOWN_OF_OTHERS)

    def for_reading(self):
        """One referral with all that its page can show; what it may show, referrals/reading.py decides."""
        by = ("by__user__name", "by__user__email")
        return (
            self.for_page()
            .select_related("consent__words", "joint_talk__by__user")
            .prefetch_related(
                models.Prefetch(
                    "referral_needs",
                    ReferralNeed.objects.select_related("kind", "need__turn_member__user")
                    .only(
                        "referral",
                        "outcome",
                        "passed_on_to",
                        "is_open",
                        "kind__name",
                        *(f"need__{name}" for name in NEED_SHOWN),
                        "need__turn_member__ended_at",
                        "need__turn_member__user__name",
                        "need__turn_member__user__email",
                    )
                    .order_by("pk"),
                ),
                "shared_items",
                "target_groups",
                models.Prefetch(
                    "call_attempts",
                    CallAttempt.objects.select_related("by__user").only("referral", "at", "result", "note", *by),
                ),
                models.Prefetch(
                    "events",
                    ReferralEvent.objects.select_related("by__user", "organisation").only(
                        "referral", "at", "verb", "note", "organisation__name", *by
                    ),
                ),
            )
        )

    def for_caregiver_page(self):
        """What the page of a caregiver shows of her referrals, with the needs each carries. What changed last first."""
        return (
            self.select_related("service", "receiver_organisation", "turn_organisation", "turn_member__user")
            .only(
                "caregiver",
                "number",
                "state",
                "urgency",
                "sent_at",
                "changed_at",
                "ended_at",
                "turn_on",
                "service__name",
                "receiver_organisation__name",
                "turn_organisation__name",
                "turn_member__ended_at",
                "turn_member__user__name",
                "turn_member__user__email",
            )
            .prefetch_related(models.Prefetch("referral_needs", ReferralNeed.objects.only("referral", "need")))
            .order_by("-changed_at", "-id")
        )

    def for_list(self):
        """All that one row of a list can show, in one query; what it may show, referrals/reading.py decides.

        Of others no more than their names: a list makes no objects of them.
        """
        kinds = ReferralNeed.objects.filter(referral=OuterRef("pk")).order_by("pk")
        shared_name = SharedItem.objects.filter(referral=OuterRef("pk"), item=ConsentItem.NAME)
        return (
            self.select_related("consent")
            .annotate(
                caregiver_name=F("caregiver__name"),
                municipality_name=F("municipality__name"),
                service_name=F("service__name"),
                sender_organisation_name=F("sender_organisation__name"),
                sender_name=F("sender__user__name"),
                receiver_organisation_name=F("receiver_organisation__name"),
                turn_member_name=F("turn_member__user__name"),
                kind_names=ArraySubquery(kinds.values_list(Coalesce("kind__name", Value(STILL_TO_FIND_OUT)))),
                shared_name=Subquery(shared_name.values("value")[:1]),
            )
            .only(
                "number",
                "caregiver_id",
                "sender_organisation_id",
                "receiver_organisation_id",
                "channel",
                "state",
                "urgency",
                "warm_mode",
                "without_file",
                "consent__withdrawn_at",
                "consent__valid_until",
                "changed_at",
                "ended_at",
                "erased_at",
                "unreachable_at",
                "turn_organisation_id",
                "turn_member_id",
                "turn_on",
            )
        )


class Referral(models.Model):
    """One caregiver's need, or more, passed on to one service."""

    class Stage(models.TextChoices):
        """How much of it somebody may see."""

        OWN = "own", "alles: eigen verwijzing"
        MINIMUM = "minimum", "het minimum, tot jullie haar aannemen"
        SHARED = "shared", "wat zij met jullie deelt"
        STUB = "stub", "alleen nummer en datums"

    personal = PersonalFields(
        about="mantelzorger",
        fields=(
            "caregiver",
            "consent",
            "service",
            "municipality",
            "target_groups",
            "feedback",
            "watch_for",
            "decline_reason",
            "decline_note",
            "elsewhere",
        ),
        purpose="haar warm verwijzen en laten weten wat ervan kwam",
        ground=GROUND,
        retention=RETENTION + "; de ontvanger ziet het tot 30 dagen na afronden",
    )
    not_personal = (
        "id",
        "number",
        "sender_organisation",
        "sender",
        "receiver_organisation",
        "receiver",
        "receiver_name",
        "channel",
        "state",
        "urgency",
        "warm_mode",
        "warm_with",
        "warm_on",
        "handover_read",
        "without_file",
        "created_at",
        "changed_at",
        "sent_at",
        "accepted_at",
        "contact_at",
        "ended_at",
        "expires_on",
        "turn_organisation",
        "turn_member",
        "turn_on",
        "withdraw_reason",
        "erased_at",
        "unreachable_at",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField("nummer", max_length=9, unique=True, default=new_number, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.PROTECT, null=True, related_name="referrals")
    municipality = models.ForeignKey("sociale_kaart.Municipality", models.PROTECT, related_name="+")
    sender_organisation = models.ForeignKey(
        "sociale_kaart.Organisation", models.PROTECT, related_name="sent_referrals", verbose_name="afzender"
    )
    sender = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="sent_referrals")
    service = models.ForeignKey(
        "sociale_kaart.Service", models.PROTECT, related_name="referrals", verbose_name="aanbod"
    )
    receiver_organisation = models.ForeignKey(
        "sociale_kaart.Organisation", models.PROTECT, related_name="received_referrals", verbose_name="ontvanger"
    )
    receiver = models.ForeignKey(
        "accounts.Membership",
        models.PROTECT,
        null=True,
        related_name="received_referrals",
        verbose_name="wie neemt aan",
    )
    receiver_name = models.CharField("wie neemt aan", max_length=120, blank=True)
    channel = models.CharField("hoe", max_length=10, choices=Channel)
    state = models.CharField("stand", max_length=20, choices=State, default=State.CONCEPT)
    urgency = models.CharField("spoed", max_length=10, choices=Urgency, default=Urgency.NORMAL)
    warm_mode = models.CharField("hoe warm", max_length=20, choices=WarmMode, default=WarmMode.RECEIVER_CALLS)
    warm_with = models.CharField("wie sprak je", max_length=120, blank=True)
    warm_on = models.DateField("wanneer", null=True, blank=True)
    target_groups = models.ManyToManyField(
        "sociale_kaart.TargetGroup",
        blank=True,
        related_name="+",
        verbose_name="doelgroepen waar dit aanbod naar vraagt",
    )
    handover_read = models.BooleanField("voorgelezen aan de mantelzorger", default=False)
    # the promise of the service when it was sent: she gets a name and a number, and says only that she called
    without_file = models.BooleanField("zonder dossier", default=False, db_default=False)
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="referrals")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    contact_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)
    turn_organisation = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, null=True, related_name="+")
    turn_member = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")
    turn_on = models.DateField("aan zet tot en met", null=True)
    decline_reason = models.CharField("reden", max_length=20, choices=DeclineReason, blank=True)
    decline_note = models.TextField("toelichting", max_length=1000, blank=True)
    elsewhere = models.CharField("waar is zij beter geholpen", max_length=200, blank=True)
    withdraw_reason = models.CharField("reden", max_length=20, choices=WithdrawReason, blank=True)
    feedback = models.TextField("terugkoppeling", max_length=4000, blank=True)
    watch_for = models.TextField("waar de afzender op let", max_length=1000, blank=True, default="", db_default="")
    erased_at = models.DateTimeField(null=True)
    unreachable_at = models.DateTimeField(
        null=True
    )  # a mail to the receiver did not arrive, and nothing happened since

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = "verwijzing"
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(
                        state__in=OPEN_STATES,
                        turn_organisation__isnull=False,
                        turn_on__isnull=False,
                        ended_at=None,
                        caregiver__isnull=False,
                    )
                    | (~Q(state__in=OPEN_STATES) & Q(turn_organisation=None, turn_member=None, turn_on=None))
                ),
                name="an_open_referral_has_a_turn_and_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=OPEN_STATES)
                | Q(channel=Channel.PHONE, turn_organisation=F("sender_organisation"))
                | (~Q(channel=Channel.PHONE) & Q(turn_organisation=F("receiver_organisation"))),
                name="the_channel_says_whose_turn_it_is",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CONCEPT, sent_at=None, consent=None)
                | Q(
                    Q(handover_read=True) | Q(without_file=True),
                    ~Q(state=State.CONCEPT),
                    sent_at__isnull=False,
                    consent__isnull=False,
                )
                | Q(~Q(state=State.CONCEPT), sent_at__isnull=False, erased_at__isnull=False),
                name="nothing_is_sent_without_consent_and_reading_aloud",
            ),
            models.CheckConstraint(
                condition=Q(caregiver__isnull=False) | Q(erased_at__isnull=False),
                name="only_an_erased_referral_has_no_caregiver",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.ACCEPTED, State.IN_CONTACT, State.COMPLETED])
                | Q(receiver__isnull=False)
                | ~Q(receiver_name=""),
                name="somebody_accepted_it_by_name",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.COMPLETED) | ~Q(feedback="") | Q(erased_at__isnull=False),
                name="completed_only_with_feedback",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DECLINED)
                | (~Q(decline_reason="") & ~Q(decline_note=""))
                | Q(erased_at__isnull=False),
                name="declined_only_with_a_reason_and_a_sentence",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DECLINED, decline_reason=DeclineReason.BETTER_ELSEWHERE)
                | ~Q(elsewhere="")
                | Q(erased_at__isnull=False),
                name="better_elsewhere_names_where",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WITHDRAWN) | ~Q(withdraw_reason=""), name="withdrawn_only_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.CONCEPT, *OPEN_STATES], ended_at=None)
                | Q(
                    ~Q(state__in=[State.CONCEPT, *OPEN_STATES]),
                    ended_at__isnull=False,
                ),
                name="an_ended_referral_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CONCEPT) | Q(expires_on__isnull=False), name="what_is_sent_can_expire"
            ),
            models.CheckConstraint(
                condition=~Q(warm_mode=WarmMode.CALLED_RECEIVER)
                | Q(state=State.CONCEPT)
                | (~Q(warm_with="") & Q(warm_on__isnull=False)),
                name="who_was_called_and_when",
            ),
            models.CheckConstraint(
                condition=Q(without_file=False)
                | (~Q(state=State.IN_CONTACT) & ~Q(decline_reason__in=NO_REASON_WITHOUT_FILE) & Q(elsewhere="")),
                name="without_a_file_contact_is_all_there_is_to_say",
            ),
            models.UniqueConstraint(
                fields=["caregiver", "service"],
                condition=Q(state__in=OPEN_STATES),
                name="one_open_referral_per_caregiver_and_service",
            ),
        ]
        triggers = [
            triggers.Follows(
                name="a_referral_follows_the_table",
                field="state",
                transitions=steps(),
                condition=triggers.Q(old__without_file=False),
            ),
            triggers.Follows(
                name="without_a_file_it_follows_the_table_too",
                field="state",
                transitions=steps(without_file=True),
                condition=triggers.Q(old__without_file=True),
            ),
            triggers.Refuses(
                name="a_referral_begins_as_a_draft",
                operation=triggers.Insert,
                condition=~triggers.Q(new__state=State.CONCEPT),
            ),
            triggers.Refuses(
                name="a_sent_referral_keeps_its_address",
                operation=triggers.Update,
                condition=triggers.InSQL(
                    "OLD.state <> 'concept' AND (OLD.number, OLD.sender_organisation_id, OLD.receiver_organisation_id, "
                    "OLD.service_id, OLD.channel, OLD.sent_at, OLD.created_at, OLD.without_file) "
                    "IS DISTINCT FROM (NEW.number, NEW.sender_organisation_id, NEW.receiver_organisation_id, "
                    "NEW.service_id, NEW.channel, NEW.sent_at, NEW.created_at, NEW.without_file)"
                ),
            ),
            triggers.Refuses(
                name="what_was_sent_stays",
                operation=triggers.Delete,
                condition=~triggers.Q(old__state=State.CONCEPT),
            ),
        ]
        indexes = [
            models.Index(
                fields=["turn_organisation", "turn_on", "id"],
                name="referral_turns",
                condition=Q(state__in=OPEN_STATES),
            ),
            models.Index(
                fields=["turn_organisation", "urgency", "turn_on", "id"],
                name="referral_turns_of_nobody",
                condition=Q(state__in=OPEN_STATES, turn_member=None),
            ),
            models.Index(
                fields=["sender", "turn_on", "id"], name="referral_waiting", condition=Q(state__in=OPEN_STATES)
            ),
            models.Index(fields=["sender_organisation", "-changed_at", "-id"], name="referral_sent"),
            models.Index(fields=["receiver_organisation", "-changed_at", "-id"], name="referral_received"),
            models.Index(fields=["expires_on"], name="referral_expiry", condition=Q(state=State.SENT)),
            models.Index(fields=["municipality", "sent_at"], name="referral_by_municipality"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_urgent(self) -> bool:
        return self.urgency == Urgency.URGENT

    @property
    def handover_text(self) -> str:
        """What the sender wrote, for her own organisation; a receiver reads the frozen copy among the shared items."""
        handover = getattr(self, "handover", None)  # under row-level security there is none for anybody else
        return handover.text if handover else ""

    @property
    def talk(self):
        """The moment to speak with her together: proposed or agreed on, and only for who may see it."""
        return getattr(self, "joint_talk", None)

    @property
    def badge(self) -> str:
        """The kind of badge that its state gets."""
        return BADGES[State(self.state)]

    @property
    def by_link(self) -> bool:
        """Its receiver has no account."""
        return self.channel == Channel.LINK

    @property
    def by_phone(self) -> bool:
        """Nobody at the other end of the screen: what they must know, the sender tells them."""
        return self.channel == Channel.PHONE

    @property
    def receiver_phone(self) -> str:
        return self.service.phone or self.receiver_organisation.phone

    @property
    def terms(self) -> Terms:
        """How long its receiver takes."""
        own = getattr(self.receiver_organisation, "referral_terms", None)
        return own.as_terms() if own else USUAL_TERMS

    @property
    def whose_work_id(self):
        """The membership of who has it in hand, whether she is there or not; None while it is nobody's in person."""
        if self.turn_party is Party.SENDER:
            return self.sender_id
        return self.receiver_id if self.turn_party is Party.RECEIVER and self.state != State.SENT else None

    @property
    def turn_party(self) -> Party | None:
        return turn_party(self.channel, self.state)

    @property
    def accepted_by_name(self) -> str:
        return str(self.receiver.user) if self.receiver_id else self.receiver_name

    def was_last_done(self, *, verb: str, by) -> bool:
        """Whether the last step was this verb, by this very person: a button that was pressed twice."""
        last = max(self.events.all(), key=lambda event: (event.at, event.pk), default=None)
        if last is None or last.verb != verb:
            return False
        return last.by_id == by.acting.pk if by.acting else last.organisation_id == by.organisation_id

    @property
    def is_together(self) -> bool:
        return self.warm_mode in TOGETHER

    def parties_of(self, user) -> set[Party]:
        """On which sides of this referral she stands; both, when her organisation refers to itself."""
        parties = set()
        if user.bound_to not in (None, self.pk):  # a link opens one referral
            return parties
        if user.works_with_caregivers:
            if user.organisation_id == self.sender_organisation_id:
                parties.add(Party.SENDER)
            if user.organisation_id == self.receiver_organisation_id and self.state != State.CONCEPT:
                parties.add(Party.RECEIVER)
        return parties

    def stage_for(self, user, *, now=None) -> "Referral.Stage":
        """How much she may see at this moment. Consent is asked anew at each look."""
        now = now or timezone.now()
        if Party.SENDER in self.parties_of(user):
            return self.Stage.OWN
        if self.erased_at or self.consent is None or not self.consent.is_valid(now=now):
            return self.Stage.STUB
        if self.state == State.SENT:
            return self.Stage.MINIMUM
        if self.state in (State.ACCEPTED, State.IN_CONTACT):
            return self.Stage.SHARED
        if self.state == State.COMPLETED and now < self.visible_until and not self.without_file:
            return self.Stage.SHARED
        return self.Stage.STUB

    def has_letter(self, *, now=None) -> bool:
        """Whether there is something to print that she agreed to, and still does. A name and a number are no letter."""
        return (
            not self.without_file
            and self.consent is not None
            and self.consent.is_valid(now=now)
            and bool(self.shared_items.all())
        )

    @property
    def visible_until(self):
        return self.ended_at + datetime.timedelta(days=VISIBLE_AFTER_COMPLETION_DAYS)


class Handover(models.Model):
    """What the sender tells of her, as it was read aloud. In a table of its own: a row is shown whole or not at all."""

    personal = PersonalFields(
        about="mantelzorger",
        fields=("text",),
        purpose="haar verhaal meegeven, zodat zij het niet opnieuw hoeft te doen",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("referral",)

    referral = models.OneToOneField(Referral, models.CASCADE, primary_key=True, related_name="handover")
    text = models.TextField("overdracht", max_length=4000, blank=True)

    class Meta:
        verbose_name = "overdracht"


class ReferralNeed(models.Model):
    """A need inside a referral. Each need gets its own outcome. `is_open` follows the referral's state."""

    personal = PersonalFields(
        about="mantelzorger",
        fields=("need", "kind", "outcome", "passed_on_to"),
        purpose="per hulpvraag weten wat ervan kwam",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "referral", "is_open")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="referral_needs")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="referral_needs")
    kind = models.ForeignKey("knowledge.SupportKind", models.PROTECT, null=True, related_name="+")
    is_open = models.BooleanField(default=False)
    outcome = models.CharField("uitkomst", max_length=20, choices=Outcome, blank=True)
    passed_on_to = models.CharField("naar wie", max_length=200, blank=True)

    class Meta:
        verbose_name = "hulpvraag in een verwijzing"
        constraints = [
            models.UniqueConstraint(fields=["referral", "need"], name="a_need_stands_once_in_a_referral"),
            models.UniqueConstraint(
                fields=["need"], condition=Q(is_open=True), name="a_need_is_in_one_open_referral_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.PASSED_ON) | ~Q(passed_on_to=""), name="passed_on_names_to_whom"
            ),
        ]

    @property
    def kind_name(self) -> str:
        return self.kind.name if self.kind_id else STILL_TO_FIND_OUT


class SharedItem(models.Model):
    """The frozen copy of one thing that was shared. A receiver reads this, never the caregiver's live record."""

    personal = PersonalFields(
        about="mantelzorger",
        fields=("item", "value"),
        purpose="laten zien wat er precies gedeeld is",
        ground=GROUND,
        retention="tot 30 dagen na afronden, of tot zij haar toestemming intrekt",
    )
    not_personal = ("id", "referral", "consent", "shared_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="shared_items")
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="shared_items")
    item = models.CharField("wat", max_length=20, choices=[(item.value, item.label) for item in OF_A_REFERRAL])
    value = SealableTextField("inhoud")  # kept sealed where its receiver keeps no file
    shared_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "gedeeld gegeven"
        constraints = [models.UniqueConstraint(fields=["referral", "item"], name="an_item_is_shared_once_per_referral")]


class CallAttempt(models.Model):
    """A logged attempt to call the caregiver (or, for the phone channel, the organisation's report of one)."""

    class Result(models.TextChoices):
        REACHED = "gesproken", "gesproken"
        NOT_REACHED = "niet-bereikt", "niet bereikt"
        LEFT_MESSAGE = "bericht", "bericht achtergelaten, zonder inhoud"
        NOT_YET = "nog-niet", "nog niet gebeld"  # by phone: what the organisation says when it is asked

    personal = PersonalFields(
        about="mantelzorger",
        fields=("at", "result", "note"),
        purpose="weten of zij gebeld is",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "referral", "by")

    IN_VAIN = (Result.NOT_REACHED, Result.LEFT_MESSAGE)  # three of these, and the referral can go back

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="call_attempts")
    at = models.DateTimeField("wanneer", default=timezone.now)
    result = models.CharField("resultaat", max_length=20, choices=Result)
    note = models.CharField("notitie", max_length=300, blank=True)
    by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")  # none behind a link

    class Meta:
        verbose_name = "belpoging"
        ordering = ["at", "id"]


class ReferralEvent(models.Model):
    """One step in the life of a referral. Rows are only ever added."""

    personal = PersonalFields(
        about="mantelzorger",
        fields=("note",),
        purpose="teruglezen wie wanneer wat deed",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "referral", "at", "verb", "from_state", "to_state", "by", "organisation", "turn_on")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=20, choices=State)
    to_state = models.CharField(max_length=20, choices=State)
    by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, null=True, related_name="+")
    note = models.TextField(max_length=4000, blank=True)
    turn_on = models.DateField(null=True)

    class Meta:
        verbose_name = "stap van een verwijzing"
        ordering = ["at", "id"]
        triggers = [
            # but for the note, which goes when she is erased
            triggers.ReadsOnly(name="a_step_stays_as_it_was", exclude=["note"]),
            triggers.Refuses(
                name="the_note_of_a_step_is_only_erased",
                operation=triggers.Update,
                condition=triggers.Q(old__note__df=triggers.F("new__note")) & ~triggers.Q(new__note=""),
            ),
            triggers.Refuses(name="a_step_stays", operation=triggers.Delete),
        ]
        indexes = [models.Index(fields=["referral", "at"], name="events_of_a_referral")]


class Reminder(models.Model):
    """What the clock said about one turn: once before its date, once after it, once to a coordinator."""

    class Kind(models.TextChoices):
        AHEAD = "ahead", "de datum is bijna daar"
        LATE = "late", "de datum is voorbij"
        ESCALATED = "escalated", "de datum is al langer voorbij"

    personal = PersonalFields(
        about="mantelzorger",
        fields=("kind", "turn_on"),
        purpose="niemand twee keer aan hetzelfde herinneren",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "referral", "at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="reminders")
    kind = models.CharField("waarover", max_length=10, choices=Kind)
    turn_on = models.DateField("datum waarop iemand aan de beurt was")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "herinnering"
        constraints = [models.UniqueConstraint(fields=["referral", "kind", "turn_on"], name="said_once_about_one_turn")]


class OrganisationTermsQuerySet(models.QuerySet):
    def terms_of(self, organisation_id) -> Terms:
        own = self.filter(organisation=organisation_id).first()
        return own.as_terms() if own else USUAL_TERMS


class OrganisationTerms(models.Model):
    """How long an organisation takes to answer, to call and to report back: what it promises who refers to it."""

    MOST = Terms(answer_days=5, call_days=15, feedback_days=60)

    personal = PersonalFields(
        about="professional",
        fields=("changed_by",),
        purpose="weten wie de termijnen vaststelde",
        ground="uitvoering van de taak van de organisatie",
        retention="zolang de organisatie met het portaal werkt",
    )
    not_personal = ("organisation", "answer_days", "call_days", "feedback_days", "changed_at")

    organisation = models.OneToOneField(
        "sociale_kaart.Organisation", models.CASCADE, primary_key=True, related_name="referral_terms"
    )
    answer_days = models.PositiveSmallIntegerField("antwoorden binnen", default=USUAL_TERMS.answer_days)
    call_days = models.PositiveSmallIntegerField("bellen binnen", default=USUAL_TERMS.call_days)
    feedback_days = models.PositiveSmallIntegerField("terugkoppelen binnen", default=USUAL_TERMS.feedback_days)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        "accounts.Membership", models.PROTECT, related_name="+", verbose_name="wie dit vaststelde"
    )

    objects = OrganisationTermsQuerySet.as_manager()

    class Meta:
        verbose_name = "termijnen van een organisatie"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer_days__range=(1, 5), call_days__range=(1, 15), feedback_days__range=(7, 60)),
                name="terms_are_such_that_nobody_waits_for_ever",
            )
        ]

    def as_terms(self) -> Terms:
        return Terms(self.answer_days, self.call_days, self.feedback_days)

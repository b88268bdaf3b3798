"""What happens to a referral by itself, by the clock. Each job is called with `now`, every hour or when the worker is
back: safe to repeat, late, after a week of silence, and to kill half-way. Every referral is a transaction of its own.
"""

import datetime
import uuid
from functools import partial

from django.utils import timezone

from accounts.models import Absence
from intake import actions as intake
from intake.models import Consent, Need
from mantelzorg import principals
from mantelzorg.one_by_one import one_by_one
from mantelzorg.verbs import as_a_whole
from mantelzorg.working_days import is_office_time
from referrals import hints
from referrals.actions import withdraw_because, withdraw_consent
from referrals.models import Referral, Reminder, SharedItem, WithdrawReason
from referrals.moving import (
    by_the_clock,
    in_whose_hands,
    locked,
    log,
    mail,
    move,
    needs_of,
    note_step,
    tell_receiver,
    tell_sender,
)
from referrals.transitions import DRAFT_KEPT_DAYS, OPEN_STATES, VISIBLE_AFTER_COMPLETION_DAYS, Party, State, Verb
from trail.models import OutboxMessage


@by_the_clock
def expire(*, referral: Referral, now) -> bool:
    """Let an unanswered referral expire, if its day has passed. Safe to call twice; returns whether it did."""
    referral = locked(referral)
    if referral.state != State.SENT or referral.expires_on >= timezone.localdate(now):
        return False
    move(referral, Verb.EXPIRE, by=None, now=now, timeline="Verlopen: niemand gaf antwoord")
    tell_sender(referral, "Een verwijzing is verlopen zonder antwoord. Jij bent weer aan zet.", by=None, now=now)
    return True


def expire_due(*, now) -> int:
    """Expire all whose day has passed, each in its own transaction. Returns how many."""
    with principals.acting(principals.job("klok")):
        due = list(Referral.objects.expirable(now=now).order_by("pk"))
    return one_by_one(partial(expire, referral=referral, now=now) for referral in due)


def lapse_consents(*, now) -> int:
    """A consent past its end date acts as a withdrawal, and what she took back by code ends what ran on it; each in its
    own transaction. Returns how many were handled.
    """
    with principals.acting(principals.job("klok")):
        lapsed = list(Consent.objects.lapsed(now=now).order_by("pk"))
        without = list(Referral.objects.open().filter(consent__withdrawn_at__isnull=False).order_by("pk"))
    ended = [partial(_end_without_consent, referral=referral, now=now) for referral in without]
    return one_by_one([*ended, *(partial(_lapse, consent=consent, now=now) for consent in lapsed)])


@by_the_clock
def _lapse(*, consent: Consent, now) -> bool:
    withdraw_consent(consent=consent, by=None, how=Consent.WithdrawnHow.END_DATE, now=now)
    return True


@by_the_clock
def _end_without_consent(*, referral: Referral, now) -> bool:
    """She took it back herself, with her code: the referral ends, and its receiver and sender are told."""
    referral = locked(referral)
    if not referral.is_open or referral.consent.withdrawn_at is None:
        return False
    withdraw_because(referral, by=None, reason=WithdrawReason.CONSENT, note="", now=now)
    return True


@by_the_clock
def delete_stale_drafts(*, now) -> int:
    """Drafts that nobody touched for 14 days are deleted; their needs kept the turn all the time."""
    stale = Referral.objects.stale_drafts(now=now, days=DRAFT_KEPT_DAYS).select_for_update(skip_locked=True)
    count = 0
    for referral in stale:
        log(referral, "refer_discard", None, action="D")
        referral.delete()
        count += 1
    return count


@by_the_clock
def forget_shared_items(*, now) -> int:
    """30 days after completion, and at any other end, the receiver's frozen copies are deleted; at once where she keeps
    no file. Returns how many.
    """
    completed_before = now - datetime.timedelta(days=VISIBLE_AFTER_COMPLETION_DAYS)
    over = SharedItem.objects.exclude(referral__state__in=OPEN_STATES).exclude(
        referral__state=State.COMPLETED, referral__ended_at__gt=completed_before, referral__without_file=False
    )
    return over.delete()[0]


# Reminders ----------------------------------------------------------------------------------------------------------


def remind(*, now: datetime.datetime) -> int:
    """What has to be said about the date of a turn: before it, after it, and long after it to a coordinator too. In
    office hours, each once for one turn; what was silent for days says only what still matters. Returns how many.
    """
    if not is_office_time(now):
        return 0
    today = timezone.localdate(now)
    due = ((kind, referral) for kind in Reminder.Kind for referral in _due(today, kind))
    return one_by_one(partial(_remind, referral=referral, kind=kind, now=now) for kind, referral in due)


@by_the_clock
def _due(today: datetime.date, kind: str) -> list[Referral]:
    return list(Referral.objects.to_remind(today, kind).only("pk"))


@by_the_clock
@as_a_whole
def _remind(*, referral: Referral, kind: str, now: datetime.datetime) -> bool:
    referral = locked(referral)
    today = timezone.localdate(now)
    if not Referral.objects.to_remind(today, kind).filter(pk=referral.pk).exists():
        return False  # somebody did something, or another worker was first
    Reminder.objects.create(referral=referral, kind=kind, turn_on=referral.turn_on, at=now)
    WHAT_TO_SAY[Reminder.Kind(kind)](referral, now)
    return True


AHEAD = {
    State.SENT: "Een verwijzing wacht op antwoord. De datum is bijna daar.",
    State.ACCEPTED: "Een mantelzorger wacht op een telefoontje. De datum is bijna daar.",
    State.IN_CONTACT: "Een verwijzing wacht op terugkoppeling. De datum is bijna daar.",
}
LATE = {
    State.SENT: "Een verwijzing wacht op antwoord. De datum is voorbij.",
    State.ACCEPTED: "Een mantelzorger wacht op een telefoontje. De datum is voorbij.",
    State.IN_CONTACT: "Een verwijzing wacht op terugkoppeling. De datum is voorbij.",
}
STILL_WAITING = {
    State.SENT: "Je wacht op antwoord op een verwijzing en de datum is voorbij. Bel de ontvanger even.",
    State.ACCEPTED: "De ontvanger zou de mantelzorger bellen en de datum is voorbij. Vraag even hoe het gaat.",
    State.IN_CONTACT: "Je wacht op een terugkoppeling en de datum is voorbij. Vraag er even naar.",
}


def _say_ahead(referral: Referral, now: datetime.datetime) -> None:
    _tell_whose_turn_it_is(referral, AHEAD[State(referral.state)], now)


def _say_late(referral: Referral, now: datetime.datetime) -> None:
    _tell_whose_turn_it_is(referral, LATE[State(referral.state)], now)
    if referral.turn_party is Party.RECEIVER:
        tell_sender(referral, STILL_WAITING[State(referral.state)], by=None, now=now)


def _say_to_coordinator(referral: Referral, now: datetime.datetime) -> None:
    for hint in hints.at_coordinator(referral):
        line = "Een verwijzing blijft liggen. Hij staat bij Vandaag tussen de verwijzingen die openstaan."
        mail(referral, hint, line, None, path="/", now=now)


WHAT_TO_SAY = {
    Reminder.Kind.AHEAD: _say_ahead,
    Reminder.Kind.LATE: _say_late,
    Reminder.Kind.ESCALATED: _say_to_coordinator,
}


def _tell_whose_turn_it_is(referral: Referral, line: str, now: datetime.datetime) -> None:
    if referral.turn_party is Party.RECEIVER:
        tell_receiver(referral, line, now=now)
    else:
        tell_sender(referral, line, by=None, now=now)


# Who is away --------------------------------------------------------------------------------------------------------


def hand_turns(*, now: datetime.datetime, organisation: uuid.UUID | None = None) -> int:
    """Put each turn in the hands of who is there today: the stand-in of who is away, and hers again when she is back.
    Of one organisation, or of all. Returns how many changed hands.
    """
    with principals.acting(principals.job("klok")):
        away = list(Absence.objects.stand_ins(timezone.localdate(now), organisation=organisation))
        referrals = Referral.objects.in_other_hands(away)
        needs = Need.objects.in_other_hands(away)
        if organisation is not None:
            referrals = referrals.filter(turn_organisation=organisation)
            needs = needs.filter(turn_organisation=organisation)
        referrals, needs = list(referrals.only("pk")), list(needs.only("pk"))
    steps = [partial(_hand_turn, referral=referral, now=now) for referral in referrals]
    return one_by_one([*steps, *(partial(by_the_clock(intake.hand_turn), need=need, now=now) for need in needs)])


@by_the_clock
@as_a_whole
def _hand_turn(*, referral: Referral, now: datetime.datetime) -> bool:
    referral = locked(referral)
    if not referral.is_open or (member := in_whose_hands(referral, now)) == referral.turn_member_id:
        return False
    referral.turn_member_id = member
    referral.save(update_fields=["turn_member"])
    for link in needs_of(referral):
        intake.let_referral_carry(
            need=link.need, organisation_id=referral.turn_organisation_id, member_id=member, on=referral.turn_on
        )
    note_step(referral, "hand_turn", by=None, now=now)
    return True


# Mail that did not arrive -------------------------------------------------------------------------------------------


def tell_of_failed_mail(*, now: datetime.datetime) -> int:
    """A mail to a receiver did not arrive, or came back: the sender sees that, and hears to call. Returns how many."""
    with principals.acting(principals.job("klok")):
        failed = list(OutboxMessage.objects.untold().order_by("failed_at").values_list("pk", flat=True))
    return one_by_one(partial(_tell_of_failed_mail, message_id=pk, now=now) for pk in failed)


@by_the_clock
@as_a_whole
def _tell_of_failed_mail(*, message_id: uuid.UUID, now: datetime.datetime) -> bool:
    message = OutboxMessage.objects.untold().with_message_id(message_id)
    if message is None:
        return False
    message.told_at = now
    message.save(update_fields=["told_at"])
    for pk in message.about_ids(Referral):
        referral = Referral.objects.open().filter(pk=pk).first()
        if referral is not None and message.organisation_id != referral.sender_organisation_id:
            _did_not_arrive(locked(referral), now)
    return True


def _did_not_arrive(referral: Referral, now: datetime.datetime) -> None:
    if not referral.is_open or referral.by_phone:
        return
    referral.unreachable_at = now
    referral.save(update_fields=["unreachable_at"])
    note_step(referral, "mail_failed", by=None, now=now)
    tell_sender(referral, "De mail aan de ontvanger van je verwijzing kwam niet aan. Bel even.", by=None, now=now)

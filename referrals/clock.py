"""What happens to a referral by itself, by the clock. Each job is called with `now`, every hour or when the worker is
back: safe to repeat, late, after a week of silence, and to kill half-way. Every referral is a transaction of its own.
"""

import datetime

from django.utils import timezone

from intake.models import Consent
from mantelzorg import principals
from referrals.actions import withdraw_because, withdraw_consent
from referrals.models import Referral, SharedItem, WithdrawReason
from referrals.moving import by_the_clock, locked, log, move, tell_sender
from referrals.transitions import DRAFT_KEPT_DAYS, OPEN_STATES, VISIBLE_AFTER_COMPLETION_DAYS, State, Verb


@by_the_clock
def expire(*, referral: Referral, now) -> bool:
    """Let an unanswered referral expire, if its day has passed. Safe to call twice; returns whether it did."""
    referral = locked(referral)
    if referral.state != State.SENT or referral.expires_on >= timezone.localdate(now):
        return False
    move(referral, Verb.EXPIRE, by=None, now=now, timeline="Verlopen: niemand gaf antwoord")
    tell_sender(referral, "Een verwijzing is verlopen zonder antwoord. Jij bent weer aan zet.", by=None)
    return True


def expire_due(*, now) -> int:
    """Expire all whose day has passed, each in its own transaction. Returns how many."""
    with principals.acting(principals.job("klok")):
        due = list(Referral.objects.expirable(now=now).order_by("pk"))
    return sum(expire(referral=referral, now=now) for referral in due)


def lapse_consents(*, now) -> int:
    """A consent past its end date acts as a withdrawal, and what she took back by code ends what ran on it; each in its
    own transaction. Returns how many were handled.
    """
    with principals.acting(principals.job("klok")):
        lapsed = list(Consent.objects.lapsed(now=now).order_by("pk"))
        without = list(Referral.objects.open().filter(consent__withdrawn_at__isnull=False).order_by("pk"))
    for consent in lapsed:
        with principals.acting(principals.job("klok")):
            withdraw_consent(consent=consent, by=None, how=Consent.WithdrawnHow.END_DATE, now=now)
    return len(lapsed) + sum(_end_without_consent(referral=referral, now=now) for referral in without)


@by_the_clock
def _end_without_consent(*, referral: Referral, now) -> bool:
    """She took it back herself, with her code: the referral ends, and its receiver and sender are told."""
    referral = locked(referral)
    if not referral.is_open or referral.consent.withdrawn_at is None:
        return False
    referral = withdraw_because(referral, by=None, reason=WithdrawReason.CONSENT, note="", now=now)
    tell_sender(referral, "Een mantelzorger trok haar toestemming in. Jij bent weer aan zet.", by=None)
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
    """30 days after completion, and at any other end, the receiver's frozen copies are deleted. Returns how many."""
    completed_before = now - datetime.timedelta(days=VISIBLE_AFTER_COMPLETION_DAYS)
    over = SharedItem.objects.exclude(referral__state__in=OPEN_STATES).exclude(
        referral__state=State.COMPLETED, referral__ended_at__gt=completed_before
    )
    return over.delete()[0]

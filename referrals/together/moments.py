"""Which moments can be proposed, and what an agreed one does to the date of the turn."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format

from mantelzorg.dates import time_in_words
from mantelzorg.working_days import add_working_days
from referrals.models import Referral
from referrals.transitions import State, turn_date

WITHIN_WORKING_DAYS = 15
FIRST, LAST = datetime.time(7), datetime.time(21)  # nobody is called at night


def in_words(moment: datetime.datetime) -> str:
    """With the day of the week: one plans by it."""
    return f"{date_format(timezone.localdate(moment), 'l j F Y')}, {time_in_words(moment)}"


def why_not_moment(moment: datetime.datetime, now: datetime.datetime) -> str:
    """The Dutch sentence that says why this moment cannot be proposed; empty when it can."""
    if moment <= now:
        return "Dit moment is al voorbij. Kies een moment dat nog komt."
    if timezone.localdate(moment) > add_working_days(timezone.localdate(now), WITHIN_WORKING_DAYS):
        return f"Kies een moment binnen {WITHIN_WORKING_DAYS} werkdagen: zij wacht."
    if not FIRST <= timezone.localtime(moment).time() <= LAST:
        return "Kies een moment tussen 7.00 en 21.00 uur."
    return ""


def date_with(referral: Referral, moment: datetime.datetime) -> datetime.date:
    """The date of the turn once a moment is agreed on: nobody is late before it."""
    return max(referral.turn_on, timezone.localdate(moment))


def date_without(referral: Referral, now: datetime.datetime) -> datetime.date:
    """The date when an agreed moment falls away: the term as it was, and time until the next working day at least."""
    term = turn_date(
        State.ACCEPTED,
        referral.urgency,
        timezone.localdate(referral.accepted_at),
        referral.service.call_within_days,
        referral.terms,
    )
    return max(term, add_working_days(timezone.localdate(now), 1))

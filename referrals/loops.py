"""A coordinator's open loops at a glance: numbers, services, senders, states and dates; never a name or a text."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from mantelzorg import principals
from mantelzorg.dates import day_in_words, days_late
from referrals.models import Referral
from referrals.reading import BADGES, state_in_words
from referrals.transitions import State

AT_MOST = 1000  # a count of more is "meer dan 1000": counting on is no use to anybody
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Loops:
    count: str
    overdue: str
    escalated: str  # so long over the date that it is a coordinator's too
    longest_waiting: list[dict]


def open_loops(user, *, now: datetime.datetime) -> Loops:
    """Of her organisation and her municipalities. She herself reads no referral: the job that counts does."""
    counting = principals.job(
        "overzicht", overview_of=user.organisation_id, overview_in=user.coordinated_municipalities
    )
    with principals.acting(counting):
        return _count(user, now)


def _count(user, now: datetime.datetime) -> Loops:
    loops = Referral.objects.loops_for(user)
    today = timezone.localdate(now)
    rows = (
        loops.overdue(now=now)
        .order_by("turn_on", "id")
        .values("number", "service__name", "sender_organisation__name", "turn_organisation__name", "state", "turn_on")
    )
    return Loops(
        count=_capped(loops),
        overdue=_capped(loops.overdue(now=now)),
        escalated=_capped(loops.escalated(now=now)),
        longest_waiting=[
            {
                "number": row["number"],
                "service": row["service__name"],
                "sender": row["sender_organisation__name"],
                "turn": row["turn_organisation__name"],
                "state": state_in_words(row["state"]),
                "badge": BADGES[State(row["state"])],
                "until": day_in_words(row["turn_on"]),
                "late": days_late(row["turn_on"], today),
            }
            for row in rows[:SHOWN]
        ],
    )


def _capped(rows) -> str:
    count = rows.order_by()[: AT_MOST + 1].count()
    return f"meer dan {AT_MOST}" if count > AT_MOST else str(count)

"""How fast each service usually answers, and how often it accepts: counted here once a day, written downward.

What counts, so that it is fair to who answers:

- referrals to published services of the last twelve months that got an answer (accepted, declined), or none in time
  (expired, or taken back by the sender after the day on which the answer was due). No answer is late and no acceptance.
  What still waits is not counted, nor what was taken back before that day;
- not those by phone, of which the sender herself notes the answers; not those whose mail did not arrive; not those that
  ended because she took her consent back, and none of who was erased;
- "in time" is the day that was promised for this very referral: sooner where it is urgent, and each organisation its
  own terms. How long it took is in working days, from the day it was sent;
- for accepting, a decline counts only when there is no place, the waiting list is too long, or for another reason. Not
  when she is outside the target group or the area, an indication is missing, she is better helped elsewhere, is known
  there already, was sent twice or does not want it: that says nothing of how much room there is.

Fewer than five referrals, or all from one organisation: then nothing is shown, and what was shown goes. The shares are
rounded to tenths and are never nought or all, so that they lead to nobody; the usual time is the median, so that one
slow answer says nothing.
"""

import datetime
import math
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from statistics import median

from django.db import connection
from django.utils import timezone

from mantelzorg import principals
from mantelzorg.working_days import add_working_days, working_days_between
from referrals.models import DeclineReason, Referral
from referrals.transitions import ANSWER_WORKING_DAYS, State, Urgency
from sociale_kaart.answering.actions import HowItAnswers, record_answers
from trail.actions import beat, has_beaten

LOOKS_BACK = datetime.timedelta(days=365)
ENOUGH = 5  # referrals
SENDERS = 2  # organisations that they came from
OFTEN = 0.5  # half of them or more
NOT_ITS_DOING = (
    DeclineReason.TARGET_GROUP,
    DeclineReason.OUTSIDE_AREA,
    DeclineReason.PAPER_MISSING,
    DeclineReason.BETTER_ELSEWHERE,
    DeclineReason.ALREADY_KNOWN,
    DeclineReason.DUPLICATE,
    DeclineReason.NOT_WANTED,
)
DONE_TODAY = "answer_times"


@dataclass(frozen=True, slots=True)
class Answered:
    """One referral, as far as it says something of who had to answer."""

    service: uuid.UUID
    sender: uuid.UUID  # the organisation
    days: int  # working days until the answer, or until nobody waited for it any more
    in_time: bool
    accepted: bool | None  # None: that says nothing of the service


def count_answers(*, now: datetime.datetime) -> int:
    """Once a day, by one worker. Returns of how many services something is shown."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    with principals.acting(principals.job("antwoordtijd")):
        if has_beaten(name=DONE_TODAY, since=midnight) or not _is_ours():
            return 0
        found = how_they_answer(now)
        record_answers(found=found, on=timezone.localdate(now))
        beat(name=DONE_TODAY, now=now)
    return len(found)


def _is_ours() -> bool:
    """Whether no other worker is at it; until the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('count_answers'))")
        return cursor.fetchone()[0]


def how_they_answer(now: datetime.datetime) -> dict[uuid.UUID, HowItAnswers]:
    """Per service what may be shown, of those with enough to go by. One query, however many there are."""
    per_service: dict[uuid.UUID, list[Answered]] = defaultdict(list)
    for row in Referral.objects.for_answer_times(since=now - LOOKS_BACK, until=now).iterator(chunk_size=2000):
        if (answered := _answered(**row)) is not None:
            per_service[answered.service].append(answered)
    weighed = {service: weigh(answers) for service, answers in per_service.items()}
    return {service: shown for service, shown in weighed.items() if shown is not None}


def _answered(
    *,
    service_id: uuid.UUID,
    sender_organisation_id: uuid.UUID,
    state: str,
    urgency: str,
    sent_at: datetime.datetime,
    ended_at: datetime.datetime | None,
    decline_reason: str,
    due_on: datetime.date | None,
    answered_at: datetime.datetime | None,
) -> Answered | None:
    sent_on = timezone.localdate(sent_at)
    due_on = due_on or add_working_days(sent_on, ANSWER_WORKING_DAYS[Urgency(urgency)])
    declined = state == State.DECLINED
    answer = answered_at or (ended_at if declined else None)
    until = timezone.localdate(answer or ended_at)
    if answer is None and until <= due_on:
        return None  # taken back before the answer was due
    accepted = answer is not None and not declined
    if declined and decline_reason in NOT_ITS_DOING:
        accepted = None
    return Answered(
        service=service_id,
        sender=sender_organisation_id,
        days=working_days_between(sent_on, until),
        in_time=answer is not None and until <= due_on,
        accepted=accepted,
    )


def weigh(answers: Collection[Answered]) -> HowItAnswers | None:
    """What may be shown of one service; None when there is too little to be fair."""
    if not _is_enough(answers):
        return None
    in_time = _share(answer.in_time for answer in answers)
    telling = [answer for answer in answers if answer.accepted is not None]
    accepted = _share(answer.accepted for answer in telling) if _is_enough(telling) else None
    return HowItAnswers(
        usual_days=math.ceil(median(answer.days for answer in answers)),
        in_time_of_ten=_of_ten(in_time),
        accepted_of_ten=None if accepted is None else _of_ten(accepted),
        is_late=1 - in_time >= OFTEN,
        declines_often=accepted is not None and 1 - accepted >= OFTEN,
    )


def _is_enough(answers: Collection[Answered]) -> bool:
    return len(answers) >= ENOUGH and len({answer.sender for answer in answers}) >= SENDERS


def _share(marks: Iterable[bool]) -> float:
    marks = list(marks)
    return sum(marks) / len(marks)


def _of_ten(share: float) -> int:
    """Rounded, and never none or all: that would say something of each of them."""
    return min(9, max(1, math.floor(share * 10 + 0.5)))

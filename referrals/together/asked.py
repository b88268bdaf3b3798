"""What agreeing on a moment asks of somebody, on *Vandaag*."""

import datetime

from django.urls import reverse
from django.utils import timezone

from referrals.asked import AT_MOST, Asked
from referrals.models import JointTalk, WarmMode
from referrals.together.moments import in_words


def talks(user, today: datetime.date) -> list[Asked]:
    """Moments that wait for her choice, and talks of which she says whether they were held."""
    now = timezone.now()
    return [_asked(talk, today, now) for talk in JointTalk.objects.asking(user, today)[:AT_MOST]]


def _asked(talk, today: datetime.date, now: datetime.datetime) -> Asked:
    name = talk.own_name if talk.is_own else talk.shared_name
    who = name or "de mantelzorger"
    what = "te bellen" if talk.warm_mode == WarmMode.CALL_TOGETHER else "te spreken"
    if talk.is_planned:
        title = f"Leg vast: is het gesprek met {who} geweest?"
        meta = f"{in_words(talk.planned_for).capitalize()} · {talk.number}"
    else:
        title = f"Kies een moment om {who} samen {what}"
        if not talk.choices(now):
            title = f"Stel nieuwe momenten voor om {who} samen {what}"
        meta = f"Verwijzing {talk.number}"
    return Asked(
        url=reverse("referral_detail", args=[talk.referral_id]),
        title=title,
        meta=meta,
        on=talk.asked_on,
        today=today,
        shown_of=talk.subject if name else None,
        relation="owner" if talk.is_own else "referral",
    )

"""What mini-MDO's ask of somebody, on *Vandaag*."""

import datetime

from django.urls import reverse
from django.utils import timezone

from mantelzorg.dates import day_in_words
from referrals.asked import AT_MOST, Asked
from referrals.meetings import reading


def meetings(user, today: datetime.date) -> list[Asked]:
    """To say whether she comes, to do what was agreed, and, of what she called together, to see to the rest."""
    rows = reading.asked_of(user, timezone.now(), AT_MOST)
    return sorted((_of_meeting(row, user, today) for row in rows), key=lambda one: one.on)[:AT_MOST]


def _of_meeting(row: dict, user, today: datetime.date) -> Asked:
    who, said = row["about_whom"], row["said"]
    name, key, title, meta = {
        reading.ANSWER: (
            "meeting_answer",
            "meeting_key",
            "Laat weten of je meedoet aan een mini-MDO",
            f"Het overleg is op {day_in_words(row['on'])}",
        ),
        reading.DO: ("meeting_agreement", "pk", f"Doe voor {who}: {said}", "Afgesproken in een mini-MDO"),
        reading.BACK: ("meeting_detail", "meeting_key", f"Het lukt niet voor {who}: {said}", "Kies wie het nu doet"),
        reading.WRITE_UP: (
            "meeting_held",
            "meeting_key",
            f"Leg vast wat jullie afspraken over {who}",
            f"Mini-MDO van {day_in_words(row['on'])}",
        ),
    }[row["asks"]]
    return Asked(
        url=reverse(name, args=[row[key]]),
        title=title,
        meta=meta,
        on=row["on"],
        today=today,
        shown_of=row["about"],
        relation="owner" if row["is_own"] else "meeting",
    )

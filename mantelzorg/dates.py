"""Days and moments as people read them: 27 maart 2026. A list shows the same days over and over: each is made once."""

import datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format


@lru_cache(maxsize=4096)
def day_in_words(day: datetime.date) -> str:
    return date_format(day, "j F Y")


def date_in_words(moment: datetime.datetime | None) -> str:
    """The day of a moment, here; nothing when it has not come yet."""
    return day_in_words(timezone.localdate(moment)) if moment else ""


def moment_in_words(moment: datetime.datetime) -> str:
    return f"{day_in_words(timezone.localtime(moment).date())}, {time_in_words(moment)}"


def time_in_words(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%H.%M} uur"


def days_late(day: datetime.date, today: datetime.date) -> str:
    """How long ago it should have been done; nothing when there is still time."""
    late = (today - day).days
    if late <= 0:
        return ""
    return "1 dag te laat" if late == 1 else f"{late} dagen te laat"

"""Dutch working days: Monday to Friday, without the public holidays of the Netherlands.

As in the Algemene termijnenwet, Good Friday counts as a holiday too; 5 May only in the lustrum years (2025, 2030), as
the `holidays` library has it.
"""

import datetime
from functools import lru_cache

import holidays
from django.utils import timezone

OFFICE_HOURS = range(8, 18)


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[datetime.date]:
    return frozenset(holidays.country_holidays("NL", years=year))


def is_working_day(day: datetime.date) -> bool:
    return day.weekday() < 5 and day not in _holidays(day.year)


def add_working_days(day: datetime.date, count: int) -> datetime.date:
    """The date `count` working days after `day`; `day` itself does not count, also when it is a working day."""
    while count > 0:
        day += datetime.timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


@lru_cache(maxsize=8192)
def working_days_between(start: datetime.date, end: datetime.date) -> int:
    """How many working days after `start`, up to and including `end`: nought on the day itself."""
    days = (start + datetime.timedelta(days=count) for count in range(1, (end - start).days + 1))
    return sum(map(is_working_day, days))


def working_day_before(day: datetime.date) -> datetime.date:
    """The last working day before `day`."""
    day -= datetime.timedelta(days=1)
    while not is_working_day(day):
        day -= datetime.timedelta(days=1)
    return day


def is_office_time(now: datetime.datetime) -> bool:
    """When somebody is there to read a mail that asks for something."""
    local = timezone.localtime(now)
    return is_working_day(local.date()) and local.hour in OFFICE_HOURS

"""Whole months, quarters and years: the only periods that are counted, so that no two of them differ by a person."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format


@dataclass(frozen=True)
class Period:
    """From the first day up to and not including `end`. `key` stands in an address: 2026-10, 2026-k3 or 2026."""

    key: str
    name: str
    start: datetime.date
    end: datetime.date

    @property
    def last_day(self) -> datetime.date:
        return self.end - datetime.timedelta(days=1)

    @property
    def moments(self) -> tuple[datetime.datetime, datetime.datetime]:
        return _midnight(self.start), _midnight(self.end)


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _first(year: int, month: int) -> datetime.date:
    """The first day of a month; months outside 1 to 12 lie in another year."""
    years, month = divmod(month - 1, 12)
    return datetime.date(year + years, month + 1, 1)


def month(year: int, number: int) -> Period:
    start = _first(year, number)
    return Period(f"{start:%Y-%m}", date_format(start, "F Y"), start, _first(start.year, start.month + 1))


def quarter(year: int, number: int) -> Period:
    start = _first(year, 3 * number - 2)
    number = (start.month + 2) // 3
    end = _first(start.year, start.month + 3)
    return Period(f"{start.year}-k{number}", f"{number}e kwartaal {start.year}", start, end)


def whole_year(year: int) -> Period:
    return Period(str(year), f"het jaar {year}", _first(year, 1), _first(year + 1, 1))


def find(key: str, today: datetime.date) -> Period | None:
    """The period of a key, if it can be chosen today."""
    return next((period for group in ended_periods(today).values() for period in group if period.key == key), None)


def ended_periods(today: datetime.date) -> dict[str, list[Period]]:
    """What can be chosen: the last twelve months, six quarters and two years that are over, the latest first."""
    months = [month(today.year, today.month - back) for back in range(1, 13)]
    this_quarter = (today.month + 2) // 3
    quarters = [quarter(today.year, this_quarter - back) for back in range(1, 7)]
    return {"Maand": months, "Kwartaal": quarters, "Jaar": [whole_year(today.year - 1), whole_year(today.year - 2)]}

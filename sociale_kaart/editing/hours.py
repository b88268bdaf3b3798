"""Opening hours: per day in a few strokes ("9-12, 13-17"), and in words for everything else.

What a file brought that says more than days and hours (every first Monday, only in summer) stands beside them in words
and stays as it is.
"""

import re
from typing import Any

from django.core.exceptions import ValidationError

from sociale_kaart.exchange.records import SCHEDULE_FIELDS, plain, python, schedule_of
from sociale_kaart.models import Schedule, Service

DAYS = {"MO": "maandag", "TU": "dinsdag", "WE": "woensdag", "TH": "donderdag", "FR": "vrijdag", "SA": "zaterdag"}
DAYS |= {"SU": "zondag"}
MANY = 4  # times a day that it can open
_SIMPLE = {"opens_at", "closes_at", "byday", "freq"}
_TIME = r"(\d{1,2})(?:[.:u](\d{2}))?\s*(?:uur|u)?"
_SPAN = re.compile(rf"^\s*(?:van\s+)?{_TIME}\s*(?:-|–|—|tot(?:\s+en\s+met)?)\s*{_TIME}\s*$", re.IGNORECASE)
Hours = list[dict[str, Any]]


def of(service: Service) -> Hours:
    """The opening hours of a service as plain data, as `exchange.as_it_is` reads them."""
    return [as_plain(row) for row in Schedule.objects.filter(service=service).order_by("position", "pk")]


def as_plain(schedule: Schedule) -> dict[str, Any]:
    return schedule_of({name: plain(getattr(schedule, name)) for name in SCHEDULE_FIELDS})


def write(service: Service, schedules: Hours) -> None:
    Schedule.objects.filter(service=service).delete()
    Schedule.objects.bulk_create(
        Schedule(
            service=service,
            position=position,
            **{name: python(Schedule, name, schedule[name]) for name in SCHEDULE_FIELDS if name in schedule},
        )
        for position, schedule in enumerate(schedules)
    )


def typed(schedules: Hours) -> tuple[dict[str, str], str]:
    """As somebody types them: per day, and what is only words."""
    days: dict[str, list[str]] = {day: [] for day in DAYS}
    for schedule in sorted(filter(_is_simple, schedules), key=lambda one: one["opens_at"]):
        for day in schedule["byday"].split(","):
            days[day.strip()].append(f"{_short(schedule['opens_at'])}-{_short(schedule['closes_at'])}")
    words = "\n".join(schedule["description"] for schedule in schedules if set(schedule) == {"description"})
    return {day: ", ".join(spans) for day, spans in days.items()}, words


def others(schedules: Hours) -> Hours:
    """What says more than can be typed here; it stays."""
    return [one for one in schedules if not _is_simple(one) and set(one) != {"description"}]


def from_typed(days: dict[str, list[tuple[str, str]]], words: str, kept: Hours) -> Hours:
    """Days with the same hours stand in one row, as in a file."""
    at: dict[tuple[str, str], list[str]] = {}
    for day in DAYS:
        for span in days.get(day, []):
            at.setdefault(span, []).append(day)
    rows: Hours = [
        {"opens_at": opens, "closes_at": closes, "byday": ",".join(of_it), "freq": "WEEKLY"}
        for (opens, closes), of_it in at.items()
    ]
    return rows + ([{"description": words}] if words else []) + kept


def spans_of(text: str) -> list[tuple[str, str]]:
    """ "9-12, 13.30 tot 17 uur" is two spans; empty and "gesloten" are none."""
    text = text.strip()
    if not text or text.casefold() in ("gesloten", "dicht", "-"):
        return []
    parts = re.split(r",|;|\ben\b", text)
    spans = [_span(part) for part in parts if part.strip()]
    if len(spans) > MANY:
        raise ValidationError("Schrijf hier hoogstens vier tijden. De rest kan in woorden.")
    return sorted(spans)


def in_words(schedules: Hours) -> str:
    """On lines of their own, days with the same hours together."""
    days, words = typed(schedules)
    lines = []
    for day, text in days.items():
        if text:
            lines.append(f"{DAYS[day]} {text.replace('-', ' tot ').replace(', ', ' en ')} uur")
    lines += [one["description"] for one in others(schedules) if one.get("description")]
    lines += ["volgens een rooster uit een bestand" for one in others(schedules) if not one.get("description")]
    return "\n".join(lines + ([words] if words else []))


def _is_simple(schedule: dict[str, Any]) -> bool:
    return (
        set(schedule) <= _SIMPLE
        and {"opens_at", "closes_at", "byday"} <= set(schedule)
        and schedule.get("freq", "WEEKLY") == "WEEKLY"
        and all(day.strip() in DAYS for day in schedule["byday"].split(","))
    )


def _short(time: str) -> str:
    hour, minute = time.split(":")[:2]
    return str(int(hour)) if minute == "00" else f"{int(hour)}.{minute}"


def _span(text: str) -> tuple[str, str]:
    found = _SPAN.match(text)
    if found:
        opens, closes = (_time(found[1], found[2]), _time(found[3], found[4]))
        if opens and closes and opens < closes:
            return opens, closes
    raise ValidationError(f"“{text.strip()[:40]}” kunnen we niet lezen. Schrijf het zo: 9-12, 13-17.30")


def _time(hour: str, minute: str | None) -> str:
    if int(hour) > 23 or int(minute or 0) > 59:
        return ""
    return f"{int(hour):02}:{int(minute or 0):02}:00"

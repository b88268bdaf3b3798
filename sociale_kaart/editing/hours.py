"""Opening hours: per day in a few strokes ("9-12, 13-17"), and in words for everything else.

What a file brought that says more than days and hours (every first Monday, only in summer) stands beside them in words
and stays as it is.
"""

from typing import Any

from sociale_kaart.exchange.records import SCHEDULE_FIELDS, plain, python, schedule_of
from sociale_kaart.models import Schedule, Service


def of(service: Service) -> list[dict[str, Any]]:
    """The opening hours of a service as plain data, as `exchange.as_it_is` reads them."""
    rows = Schedule.objects.filter(service=service).order_by("position", "pk").values(*SCHEDULE_FIELDS)
    return [schedule_of({name: plain(value) for name, value in row.items()}) for row in rows]


def write(service: Service, schedules: list[dict[str, Any]]) -> None:
    Schedule.objects.filter(service=service).delete()
    Schedule.objects.bulk_create(
        Schedule(
            service=service,
            position=position,
            **{name: python(Schedule, name, schedule[name]) for name in SCHEDULE_FIELDS if name in schedule},
        )
        for position, schedule in enumerate(schedules)
    )

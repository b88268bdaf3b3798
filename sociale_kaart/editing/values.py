"""Plain values of a card: how it stands now, whether a value can be, and what the verbs want to have."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from sociale_kaart.editing import history
from sociale_kaart.exchange import as_it_is
from sociale_kaart.exchange.records import LINKED, LINKS, SCHEDULE_FIELDS, SERVICE_FIELDS, fits, python
from sociale_kaart.models import Location, Municipality, Organisation, Schedule, Service

Values = dict[str, Any]
OF_STATUS = frozenset({"status", "checked_on", "paused_until"})
EDITABLE = (
    *(name for name in SERVICE_FIELDS if name not in OF_STATUS),
    *LINKS,
    *("home_municipality", "locations", "schedules"),
)
# What the organisation itself says of its card. Who keeps it and how often it is looked at, is not theirs to say.
PROPOSABLE = tuple(name for name in EDITABLE if name not in ("home_municipality", "check_interval_days"))


def of_service(service: Service) -> Values:
    """The card as it stands in the database now, also what is no field of a form."""
    return history.flat(as_it_is.services([service.pk])[str(service.pk)])


def of_organisation(organisation: Organisation) -> Values:
    return history.flat(as_it_is.organisations([organisation.pk])[str(organisation.pk)])


def for_service(values: Values) -> Values:
    """From plain values to what `update_service` takes."""
    found: Values = {}
    for name, value in values.items():
        if name == "home_municipality":
            found[name] = Municipality.objects.get(pk=value) if value else None
        elif name in SERVICE_FIELDS:
            found[name] = python(Service, name, value)
        else:
            found[name] = value
    return found


def mistakes(service: Service, values: Values) -> dict[str, str]:
    """Per name why this value cannot be, in Dutch; nothing when all of it can."""
    found = {}
    for name, value in values.items():
        if why := _mistake(service, name, value):
            found[name] = why
    return found


def _mistake(service: Service, name: str, value: Any) -> str:
    if name in SERVICE_FIELDS:
        return fits(Service, name, value)
    if name == "schedules":
        return _mistake_in_hours(value)
    if name == "home_municipality":
        return "" if value is None or _all_there(Municipality.objects, [value]) else "Deze gemeente kennen we niet."
    if not isinstance(value, list):
        return "Dit is geen lijst van keuzes."
    if name == "locations":
        there = _all_there(Location.objects.filter(organisation=service.organisation_id), value)
        return "" if there else "Deze locatie is er niet meer."
    return "" if _all_there(LINKED[name].objects, value) else "Een van deze keuzes bestaat niet meer."


def _mistake_in_hours(value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return "Dit zijn geen openingstijden."
    for row in value:
        if set(row) - set(SCHEDULE_FIELDS) or any(fits(Schedule, name, one) for name, one in row.items()):
            return "Dit zijn geen openingstijden."
    return ""


def _all_there(rows, wanted: Iterable) -> bool:
    wanted = set(map(str, wanted))
    try:
        return {str(pk) for pk in rows.filter(pk__in=wanted).values_list("pk", flat=True)} == wanted
    except (ValueError, TypeError, ValidationError):
        return False  # no key of ours

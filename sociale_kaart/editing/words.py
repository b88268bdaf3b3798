"""Plain values in plain Dutch: names instead of slugs, labels of choices, days as people write them.

`Words` looks up in one go, a question per list, all the names that some changes need.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst

from mantelzorg.dates import day_in_words
from sociale_kaart.editing import hours
from sociale_kaart.editing.history import CONTACT, LOCATION
from sociale_kaart.editing.values import EDITABLE
from sociale_kaart.exchange.records import CONTACT_FIELDS, LINKED, LOCATION_FIELDS, MODEL_OF, ORGANISATION_FIELDS, label
from sociale_kaart.models import Change, Contact, Location, Municipality, Organisation, Service

NOTHING = "(niets ingevuld)"
NOT_THERE = "(stond er niet)"
GONE = "(bestaat niet meer)"
DAYS = ("checked_on", "capacity_on", "paused_until")
ORDER = ("status", "paused_until", *EDITABLE, *ORGANISATION_FIELDS)
MANY = 20  # names in a list; the rest is a number


@dataclass(frozen=True)
class Side:
    """One field, before and after, as somebody reads it."""

    name: str
    label: str
    before: str
    after: str


class Words:
    def __init__(self, values: Iterable[dict[str, Any]]):
        """`values` are all that will be asked for."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for one in values:
            for name, value in one.items():
                if name in LINKED or name == "locations":
                    wanted[name].update(map(str, value or []))
                elif name in ("home_municipality", "organisation") and value:
                    wanted[name].add(str(value))
                elif name.startswith(CONTACT) and value and value.get("profession"):
                    wanted["professions"].add(value["profession"])
        models = LINKED | {"home_municipality": Municipality, "organisation": Organisation, "locations": Location}
        self.names: dict[str, dict[str, str]] = {
            name: {str(pk): str(row) for pk, row in models[name].objects.in_bulk(list(keys)).items()}
            for name, keys in wanted.items()
            if keys
        }

    def sides(self, before: dict[str, Any], after: dict[str, Any], thing: str = Change.Thing.SERVICE) -> list[Side]:
        return [
            Side(
                name,
                capfirst(self.label(name, thing, before.get(name), after.get(name))),
                self.of(name, before.get(name), thing),
                self.of(name, after.get(name), thing),
            )
            for name in sorted({**before, **after}, key=_in_order)
        ]

    def label(self, name: str, thing: str = Change.Thing.SERVICE, *values: Any) -> str:
        if name.startswith(CONTACT):
            who = next((value for value in reversed(values) if value), {})
            return f"contactpersoon {who.get('name') or who.get('title') or ''}".strip()
        if name.startswith(LOCATION):
            return "locatie"
        if thing == Change.Thing.ORGANISATION and name == "municipalities":
            return "werkgebied"
        try:
            return label(MODEL_OF["organisation" if thing == Change.Thing.ORGANISATION else "service"], name)
        except FieldDoesNotExist:
            return name.replace("_", " ")  # of an older version, still in somebody's history

    def of(self, name: str, value: Any, thing: str = Change.Thing.SERVICE) -> str:
        if name.startswith((CONTACT, LOCATION)):
            return self._of_row(name, value)
        if value is None or value in ("", []):
            return NOTHING
        if name == "schedules":
            return hours.in_words(value)
        if name == "identifiers":
            return ", ".join(f"{system} {number}".strip() for system, _, number in value)
        if isinstance(value, bool):
            return "ja" if value else "nee"
        if name in DAYS:
            return day_in_words(datetime.date.fromisoformat(value))
        if isinstance(value, list):
            return self._list(name, value)
        if name in ("home_municipality", "organisation"):
            return self.names.get(name, {}).get(str(value), GONE)
        model = Organisation if thing == Change.Thing.ORGANISATION else Service
        return _choice(model, name, value)

    def _list(self, name: str, value: list) -> str:
        known = self.names.get(name, {})
        names = sorted(known.get(str(key), GONE) for key in value)
        if len(names) > MANY:
            return f"{', '.join(names[:MANY])} en nog {len(names) - MANY}"
        return ", ".join(names)

    def _of_row(self, name: str, value: dict | None) -> str:
        """A contact person or a location, on lines of their own."""
        if value is None:
            return NOT_THERE
        model, names = (Contact, CONTACT_FIELDS) if name.startswith(CONTACT) else (Location, LOCATION_FIELDS)
        lines = []
        for field in names:
            said = value.get(field)
            if field == "profession":
                said = self.names.get("professions", {}).get(said or "", said)
            if said not in (None, "", False):
                shown = "ja" if said is True else _choice(model, field, said)
                lines.append(f"{capfirst(str(model._meta.get_field(field).verbose_name))}: {shown}")
        return "\n".join(lines) or NOTHING


def _in_order(name: str) -> tuple[int, str]:
    """As on the form, and not as a database happens to keep them."""
    return (ORDER.index(name), "") if name in ORDER else (len(ORDER), name)


def _choice(model, name: str, value: Any) -> str:
    try:
        choices = dict(model._meta.get_field(name).choices or ())
    except FieldDoesNotExist:
        return str(value)
    return str(choices.get(value, value))

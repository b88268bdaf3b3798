"""One row of any file as this room holds it: the same keys, whatever the format was.

A service is a dict of plain values (text, numbers, booleans, lists of keys), so that what stood there before, what a
file says and what stands there after can be compared and kept. A key that a file does not speak of is absent from its
record, and what stands here stays.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from knowledge.models import FinancingKind, Phase, Profession, SupportKind
from sociale_kaart.models import Contact, Language, Location, Municipality, Organisation, Schedule, Service, TargetGroup

SERVICE_FIELDS = (
    *("name", "everyday_name", "summary", "description", "for_whom", "cost_kind", "cost_note", "access", "access_note"),
    *("caller", "call_within_days", "zonder_dossier", "asks_target_groups", "capacity", "wait_weeks", "capacity_on"),
    *("check_interval_days", "checked_on", "status", "email", "phone", "website"),
)
LINKS = ("kinds", "professions", "phases", "target_groups", "languages", "municipalities", "financing")
ORGANISATION_FIELDS = ("name", "kind", "description", "email", "phone", "website", "street", "postcode", "place")
LOCATION_FIELDS = ("kind", "name", "street", "postcode", "place", "accessibility", "transport")
CONTACT_FIELDS = ("name", "title", "email", "phone", "availability", "is_public", "profession")
SCHEDULE_FIELDS = (
    *("description", "opens_at", "closes_at", "byday", "valid_from", "valid_to", "dtstart", "until", "timezone"),
    *("count", "interval", "wkst", "freq", "byweekno", "bymonthday", "byyearday", "schedule_link", "attending_type"),
    "notes",
)
LINKED = {
    "kinds": SupportKind,
    "professions": Profession,
    "phases": Phase,
    "target_groups": TargetGroup,
    "languages": Language,
    "municipalities": Municipality,
    "financing": FinancingKind,
}
WORDS = {  # what the fields are called where people read of them, where the model's own name says too little
    "call_within_days": "belt binnen (werkdagen)",
    "home_municipality": "gemeente die het bijhoudt",
    "organisation": "organisatie",
    "locations": "locaties",
    "contacts": "contactpersonen",
    "schedules": "openingstijden",
    "source_id": "eigen nummer",
    "identifiers": "nummers bij anderen",
    "checked_on": "nagekeken op",
    "check_interval_days": "nakijken na (dagen)",
}
MANY_LOSSES = 300


class Losses:
    """What a file says and we cannot hold: per field how often, with the first example."""

    def __init__(self, known: Iterable[dict] = ()):
        self.found: dict[str, dict[str, Any]] = {loss["field"]: dict(loss) for loss in known}

    def add(self, path: str, value: Any, *, where: str = "", why: str = "") -> None:
        path = readable(path)[:120]
        if path not in self.found and len(self.found) >= MANY_LOSSES:
            path = "nog meer velden"
        loss = self.found.setdefault(
            path, {"field": path, "count": 0, "example": readable(str(value))[:120], "where": where, "why": why}
        )
        loss["count"] += 1

    def as_list(self) -> list[dict]:
        return list(self.found.values())


@dataclass
class Record:
    """What one row says. `values` may hold: id, source_id, organisation (a dict of the same kind), fields and links."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)
    path: str = ""  # where in the file its fields are
    is_organisation: bool = False  # it speaks of an organisation and of nothing that it offers

    @property
    def name(self) -> str:
        values = self.values if not self.is_organisation else self.values.get("organisation", {})
        return str(values.get("name") or "")[:200] or "(zonder naam)"


def label(model: type[models.Model], name: str) -> str:
    if name in WORDS:
        return WORDS[name]
    return str(model._meta.get_field(name).verbose_name)


def readable(text: str) -> str:
    """Without what no screen and no database can show."""
    return "".join(character if character.isprintable() else " " for character in text)


def storable(text: str) -> bool:
    """PostgreSQL keeps no NUL, and nothing keeps half a character."""
    return not any(ord(character) < 32 and character not in "\t\n\r" for character in text) and not any(
        0xD800 <= ord(character) <= 0xDFFF for character in text
    )


def tidy(value: Any) -> Any:
    """Text as we keep it: no spaces around it, one kind of line end."""
    return value.replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(value, str) else value


def cleaned(model: type[models.Model], name: str, value: Any) -> Any:
    """The value as the field of the model takes it, as plain data. Raises ValidationError in Dutch."""
    column = model._meta.get_field(name)
    value = tidy(value)
    if isinstance(value, str) and not storable(value):
        raise ValidationError("Hier staan tekens in die we niet kunnen bewaren.")
    if value in (None, "") and column.null:
        return None
    if isinstance(column, models.TextField) and column.max_length is None and len(str(value)) > 20_000:
        raise ValidationError("Dit is langer dan 20.000 tekens.")
    return plain(column.clean(value, None))


def fits(model: type[models.Model], name: str, value: Any) -> str:
    """Why this value cannot be kept in this field; empty when it can."""
    try:
        cleaned(model, name, value)
    except ValidationError as error:
        return " ".join(error.messages)
    except (TypeError, ValueError, OverflowError):
        return "Dit is geen waarde voor dit veld."
    return ""


def plain(value: Any) -> Any:
    if isinstance(value, datetime.date | datetime.time | datetime.datetime):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.value if isinstance(value, models.Choices) else value


def python(model: type[models.Model], name: str, value: Any) -> Any:
    """From plain data to what the column holds."""
    return model._meta.get_field(name).to_python(value)


def empty_service() -> dict[str, Any]:
    """A service that nobody has said anything about yet."""
    fresh = Service()
    values = {name: plain(getattr(fresh, name)) for name in SERVICE_FIELDS}
    values |= {link: [] for link in LINKS}
    return values | {"home_municipality": None, "locations": [], "contacts": [], "schedules": [], "organisation": None}


def empty_organisation() -> dict[str, Any]:
    values = dict.fromkeys(ORGANISATION_FIELDS, "")
    values["kind"] = Organisation.Kind.OTHER.value
    return values | {"identifiers": [], "contacts": [], "locations": [], "municipalities": []}


def empty_location() -> dict[str, Any]:
    return dict.fromkeys(LOCATION_FIELDS, "") | {"kind": "physical", "identifiers": [], "schedules": []}


def empty_contact() -> dict[str, Any]:
    return dict.fromkeys(CONTACT_FIELDS, "") | {"is_public": False, "profession": None}


def schedule_of(values: dict[str, Any]) -> dict[str, Any]:
    """Only what is said: a day and its hours are two of its nineteen fields."""
    return {name: value for name, value in values.items() if value not in (None, "")}


MODEL_OF = {"service": Service, "organisation": Organisation, "location": Location, "contact": Contact}
__all__ = ["LINKED", "Losses", "Record", "Schedule", "cleaned", "fits"]

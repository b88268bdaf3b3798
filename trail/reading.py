"""A row of the access log in words, for who reviews it and for the caregiver herself."""

from django.apps import apps

from trail.models import AccessLogEntry
from trail.words import FIELDS, PAGE, PURPOSES, PURPOSES_IN_WORDS, Event


def what(entry: AccessLogEntry) -> str:
    """What was done."""
    if entry.event == Event.VIEW and not entry.object_id:
        return Event.SEARCH.label
    return Event(entry.event).label if entry.event in Event.values else entry.event


def thing(entry: AccessLogEntry) -> str:
    """What sort of thing it was done to; nothing where the deed says it already."""
    if not entry.object_type or entry.object_type == PAGE:
        return "een bladzijde" if entry.outcome != AccessLogEntry.Outcome.OK else ""
    if entry.object_type in THINGS:
        return THINGS[entry.object_type]
    try:
        return str(apps.get_model(entry.object_type)._meta.verbose_name)
    except LookupError:  # a table of an earlier version
        return ""


THINGS = {
    "intake.caregiver": "mantelzorger",
    "accounts.user": "account",
    "accounts.membership": "plek in het team",
    "accounts.invitation": "uitnodiging",
    "accounts.appointment": "aanstelling",
    "trail.logreview": "week",
    "trail.accesslogentry": "",
}


def fields(entry: AccessLogEntry) -> str:
    return ", ".join(dict.fromkeys(FIELDS.get(name, name) for name in entry.fields))


def why(entry: AccessLogEntry) -> str:
    purpose = entry.purpose or PURPOSES.get(entry.relation, "")
    return PURPOSES_IN_WORDS.get(purpose, purpose)

"""What stands here now, as records: for exports, and to compare a file with. A fixed number of queries per batch."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sociale_kaart.exchange.records import (
    CONTACT_FIELDS,
    LINKS,
    LOCATION_FIELDS,
    ORGANISATION_FIELDS,
    SCHEDULE_FIELDS,
    SERVICE_FIELDS,
    plain,
    schedule_of,
)
from sociale_kaart.models import Contact, ExternalId, Location, Organisation, Schedule, Service

BATCH = 500
_ROW = ("id", "slug", "organisation_id", "home_municipality_id", "checked_by_id", "next_check_on", "updated_at")
TARGETS = {
    "kinds": "supportkind_id",
    "professions": "profession_id",
    "phases": "phase_id",
    "target_groups": "targetgroup_id",
    "languages": "language_id",
    "municipalities": "municipality_id",
    "financing": "financingkind_id",
}


def services(ids: Iterable) -> dict[str, dict[str, Any]]:
    """These services by their id, each with its locations, contacts and opening hours; in the order of `ids`."""
    ids = list(ids)
    rows = Service.objects.filter(pk__in=ids)
    found: dict[str, dict[str, Any]] = {}
    for row in rows.values(*_ROW, *SERVICE_FIELDS):
        found[str(row["id"])] = {name: plain(row[name]) for name in SERVICE_FIELDS} | {
            "id": str(row["id"]),
            "slug": row["slug"],
            "updated_at": row["updated_at"].isoformat(),
            "organisation": str(row["organisation_id"]),
            "home_municipality": row["home_municipality_id"],
            "checked_by": plain(row["checked_by_id"]),
            "next_check_on": plain(row["next_check_on"]),
            **{link: [] for link in LINKS},
            "locations": [],
            "contacts": [],
            "schedules": [],
        }
    for link, column in TARGETS.items():
        through = getattr(Service, link).through.objects.filter(service__in=ids).order_by(column)
        for service, key in through.values_list("service_id", column):
            found[str(service)][link].append(key)
    through = Service.locations.through.objects.filter(service__in=ids).order_by("location_id")
    pairs = list(through.values_list("service_id", "location_id"))
    places = locations({location for _, location in pairs})
    for service, location in pairs:
        found[str(service)]["locations"].append(places[str(location)])
    for contact in _contacts(Contact.objects.filter(service__in=ids)):
        found[str(contact.pop("service"))]["contacts"].append(contact)
    for service, schedules in _schedules("service", ids).items():
        found[service]["schedules"] = schedules
    return {str(pk): found[str(pk)] for pk in ids if str(pk) in found}


def organisations(ids: Iterable, *, whole: bool = True) -> dict[str, dict[str, Any]]:
    """These organisations by their id; `whole` is with their locations, contacts and numbers elsewhere."""
    ids = list(ids)
    found: dict[str, dict[str, Any]] = {}
    for row in Organisation.objects.filter(pk__in=ids).values("id", "slug", "updated_at", *ORGANISATION_FIELDS):
        found[str(row["id"])] = {name: plain(row[name]) for name in ORGANISATION_FIELDS} | {
            "id": str(row["id"]),
            "slug": row["slug"],
            "updated_at": row["updated_at"].isoformat(),
            "identifiers": [],
            "contacts": [],
            "locations": [],
            "municipalities": [],
        }
    if not whole:
        return found
    links = Organisation.municipalities.through.objects.filter(organisation__in=ids).order_by("municipality_id")
    for organisation, code in links.values_list("organisation_id", "municipality_id"):
        found[str(organisation)]["municipalities"].append(code)
    for organisation, numbers in _identifiers("organisation", ids).items():
        found[organisation]["identifiers"] = numbers
    for contact in _contacts(Contact.objects.filter(organisation__in=ids, service=None), owner="organisation"):
        found[str(contact.pop("organisation"))]["contacts"].append(contact)
    owned = list(Location.objects.filter(organisation__in=ids).order_by("pk").values_list("organisation_id", "pk"))
    places = locations([pk for _, pk in owned])
    for organisation, pk in owned:
        found[str(organisation)]["locations"].append(places[str(pk)])
    return found


def locations(ids: Iterable) -> dict[str, dict[str, Any]]:
    ids = list(ids)
    if not ids:
        return {}
    found = {
        str(row["id"]): {name: plain(row[name]) for name in LOCATION_FIELDS}
        | {"id": str(row["id"]), "identifiers": [], "schedules": []}
        for row in Location.objects.filter(pk__in=ids).values("id", *LOCATION_FIELDS)
    }
    for location, numbers in _identifiers("location", ids).items():
        found[location]["identifiers"] = numbers
    for location, schedules in _schedules("location", ids).items():
        found[location]["schedules"] = schedules
    return found


def _contacts(rows, owner: str = "service") -> Iterable[dict[str, Any]]:
    for row in rows.order_by("pk").values("id", f"{owner}_id", "profession_id", *CONTACT_FIELDS):
        contact = {name: plain(row[name]) for name in CONTACT_FIELDS} | {"profession": row["profession_id"]}
        yield contact | {"id": str(row["id"]), owner: row[f"{owner}_id"]}


def _identifiers(owner: str, ids: list) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = defaultdict(list)
    rows = ExternalId.objects.filter(**{f"{owner}__in": ids}, is_key=False).order_by("system", "kind", "value")
    for pk, *number in rows.values_list(f"{owner}_id", "system", "kind", "value"):
        found[str(pk)].append(number)
    return found


def _schedules(owner: str, ids: list) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = Schedule.objects.filter(**{f"{owner}__in": ids}).order_by("position", "pk")
    for row in rows.values(f"{owner}_id", *SCHEDULE_FIELDS):
        found[str(row[f"{owner}_id"])].append(schedule_of({name: plain(row[name]) for name in SCHEDULE_FIELDS}))
    return found


def in_batches(ids: Iterable, size: int = BATCH) -> Iterable[list]:
    batch: list = []
    for pk in ids:
        batch.append(pk)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch

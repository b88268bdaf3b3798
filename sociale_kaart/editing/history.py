"""Noting what changed: every verb of the sociale kaart does it, in its own transaction.

What stood there and what came are flat: a name and a plain value. Each contact person and each location is a value of
its own ("contact:<id>"), so that one of them can be put back without the others.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from sociale_kaart.exchange.records import CONTACT_FIELDS, LOCATION_FIELDS, plain
from sociale_kaart.models import Change, Contact, Location, Organisation, Service

What = Change.What
CONTACT, LOCATION = "contact:", "location:"
OF_A_RECORD = frozenset({"id", "slug", "updated_at", "checked_by", "next_check_on"})  # no facts of the thing itself
Flat = dict[str, Any]


def note(
    thing: Service | Organisation,
    what: str,
    *,
    by,
    before: Flat | None = None,
    after: Flat | None = None,
    said_by: str = "",
    now: datetime.datetime | None = None,
) -> None:
    """One change of a service or an organisation. Without a difference a change is none, and is not noted."""
    kind = Change.Thing.SERVICE if isinstance(thing, Service) else Change.Thing.ORGANISATION
    about = {"thing": kind, "target": thing.pk, "name": thing.name, "what": what}
    about |= signed(by, said_by) | ({"at": now} if now else {})
    rows = list(_rows(about, before or {}, after or {}))
    if not rows and what not in (What.CHANGED, What.PUT_BACK, What.PROPOSAL):
        rows = [Change(**about)]
    Change.objects.bulk_create(rows)


def note_written(kind: str, pairs: Iterable[tuple[Flat | None, Flat | None]], *, by, what: str) -> None:
    """What a file changed, or its undoing: records as of `exchange.as_it_is`, before and after; None is not there."""
    rows: list[Change] = []
    for before, after in pairs:
        one = after or before or {}
        about = {"thing": kind, "target": one["id"], "name": one["name"], "what": what} | signed(by)
        if before is None or after is None:
            rows.append(Change(**about))  # the file, or the records of the import, say what was in it
        else:
            rows += _rows(about, flat(before), flat(after))
    Change.objects.bulk_create(rows, batch_size=1000)


def forget_old_history(*, now: datetime.datetime) -> int:
    """After HISTORY_KEPT_DAYS a change goes; what is said of contact persons, and handled proposals, sooner."""
    from sociale_kaart.models import Proposal

    taken = Change.objects.kept_too_long(now).delete()[0]
    return taken + Proposal.objects.kept_too_long(now).delete()[0]


def flat(record: Flat) -> Flat:
    """A record of `exchange.as_it_is` as names with a value each."""
    found = {name: value for name, value in record.items() if name not in OF_A_RECORD}
    for contact in found.pop("contacts", []):
        found[CONTACT + contact["id"]] = without_id(contact)
    for place in found.get("locations", []):
        found[LOCATION + place["id"]] = {name: place[name] for name in LOCATION_FIELDS}
    if "organisation" in record:  # a service names locations of its organisation; an organisation has them
        found["locations"] = sorted(place["id"] for place in record["locations"])
    else:
        found.pop("locations", None)
    return found


def without_id(contact: Flat) -> Flat:
    return {name: value for name, value in contact.items() if name not in ("id", "service", "organisation")}


def fields_of(instance: models.Model, names: Iterable[str]) -> Flat:
    """These fields of a row as they stand now, as plain values; a link to another row is its key."""
    return {name: plain(getattr(instance, instance._meta.get_field(name).attname)) for name in names}


def links_of(instance: models.Model, names: Iterable[str]) -> Flat:
    return {name: keys(getattr(instance, name).values_list("pk", flat=True)) for name in names}


def keys(rows: Iterable) -> list:
    """Keys in a fixed order, so that the same choice is the same list."""
    return sorted((plain(getattr(row, "pk", row)) for row in rows), key=str)


def of_contact(contact: Contact) -> Flat:
    return fields_of(contact, CONTACT_FIELDS)


def of_location(place: Location) -> Flat:
    return fields_of(place, LOCATION_FIELDS)


def signed(by, said_by: str = "") -> dict[str, Any]:
    """Who did it: somebody with an account, or in words who else."""
    pk = getattr(by, "pk", None)
    return {"by_id": pk, "said_by": said_by or ("" if pk else str(getattr(by, "name", "") or ""))[:120]}


def differences(before: Flat, after: Flat) -> tuple[Flat, Flat]:
    """Only what differs. A location that stood on one side only is told by the list of locations."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}


def _rows(about: dict[str, Any], before: Flat, after: Flat) -> Iterator[Change]:
    before, after = differences(before, after)
    if "locations" in before:
        for name in [name for name in before if name.startswith(LOCATION)]:
            if before[name] is None or after[name] is None:
                del before[name], after[name]
    for has_names in (False, True):
        names = [name for name in before if name.startswith(CONTACT) == has_names]
        if names:
            yield Change(
                **about,
                before={name: before[name] for name in names},
                after={name: after[name] for name in names},
                has_names=has_names,
            )

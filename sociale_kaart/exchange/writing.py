"""Writing what a plan says, or putting back what stood there: many rows at a time, all or nothing.

First everything is compared: what stands here must still be what stood here when the plan was made. Only then anything
is written. Both directions go through the same functions: applying writes what a row will be, undoing what it was.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from django.db.models.functions import Lower
from django.utils.text import slugify

from mantelzorg.refusal import Refused
from sociale_kaart.editing import history
from sociale_kaart.exchange import as_it_is
from sociale_kaart.exchange.planning import HSDS
from sociale_kaart.exchange.records import (
    CONTACT_FIELDS,
    LINKS,
    LOCATION_FIELDS,
    ORGANISATION_FIELDS,
    SCHEDULE_FIELDS,
    SERVICE_FIELDS,
    python,
)
from sociale_kaart.models import (
    Change,
    Contact,
    ExternalId,
    ImportRow,
    Location,
    Organisation,
    Proposal,
    Report,
    Schedule,
    Service,
)
from sociale_kaart.search import index

BATCH = 500
REFRESHED = 2_000
NAMED = 5
WHAT = {"import": history.What.IMPORTED, "undo": history.What.UNDONE}
THING = {ImportRow.Thing.SERVICE: Change.Thing.SERVICE, ImportRow.Thing.ORGANISATION: Change.Thing.ORGANISATION}
OF_AN_ORGANISATION = (*ORGANISATION_FIELDS, "identifiers", "municipalities", "contacts")
OF_A_SERVICE = (*SERVICE_FIELDS, *LINKS, "home_municipality", "organisation", "contacts", "schedules")
KEPT_WITH_IT = ("next_check_on", "published_at", "paused_until")  # what follows from the rest
Progress = Callable[[int], None]


class Changed(Refused):
    """What stands here is no longer what the plan was made for."""

    def __init__(self, names: Sequence[str], sentence: str):
        shown = ", ".join(f"“{name}”" for name in names[:NAMED])
        more = f" en {len(names) - NAMED} meer" if len(names) > NAMED else ""
        super().__init__(sentence.format(shown + more))


def written(*, thing: "ImportRow.Thing", pairs: list[tuple[dict | None, dict | None]], by, why: str) -> None:
    """Called once for every batch that was written, in the same transaction: it is noted in the history."""
    changed = [pair for pair in pairs if pair[0] != pair[1]]
    history.note_written(THING[thing], changed, by=by, what=WHAT[why])


# Comparing ----------------------------------------------------------------------------------------------------------


def compare(rows: models.QuerySet, side: str, sentence: str, progress: Progress) -> None:
    """Everything that these rows are about stands here as their `side` ("before" or "after") says. Raises Changed."""
    names: list[str] = []
    done = 0
    for thing, read, keys in (
        (ImportRow.Thing.ORGANISATION, as_it_is.organisations, OF_AN_ORGANISATION),
        (ImportRow.Thing.SERVICE, as_it_is.services, None),
    ):
        for batch in as_it_is.in_batches(rows.filter(thing=thing).order_by("number").iterator(BATCH)):
            here = read([row.target for row in batch])
            for row in batch:
                stands, expected = here.get(str(row.target)), getattr(row, side)
                if not _is_same(stands, expected, keys):
                    names.append(row.name)
            if side == "before":
                is_service = thing == ImportRow.Thing.SERVICE
                names += _made_meanwhile(batch) if is_service else _founded_meanwhile(batch)
            done += len(batch)
            progress(done)
            if len(names) > 100:
                break
    if names:
        raise Changed(names, sentence)


def _is_same(stands: dict | None, expected: dict | None, keys: tuple[str, ...] | None) -> bool:
    if stands is None or expected is None:
        return stands is expected
    keys = keys or tuple(name for name in expected if name not in ("slug", "updated_at"))
    return all(stands.get(name) == expected.get(name) for name in keys)


def _founded_meanwhile(batch: list[ImportRow]) -> list[str]:
    names = {row.name.casefold(): row.name for row in batch if row.before is None}
    return [
        names.get(name, name)
        for name in Organisation.objects.annotate(plain=Lower("name"))
        .filter(plain__in=list(names))
        .values_list("plain", flat=True)
    ]


def _made_meanwhile(batch: list[ImportRow]) -> list[str]:
    """New ones that somebody else made since: under the same number, or by the same name in the same place."""
    new = [row for row in batch if row.before is None]
    if not new:
        return []
    found = []
    owners = {row.after["organisation"] for row in new}
    codes: dict[str, set[str]] = defaultdict(set)
    links = Service.municipalities.through.objects.filter(service__organisation__in=owners)
    same = defaultdict(list)
    names = {row.after["name"].casefold() for row in new}
    for pk, owner, name in Service.objects.filter(organisation__in=owners).values_list("pk", "organisation_id", "name"):
        if name.casefold() in names:
            same[str(owner), name.casefold()].append(str(pk))
    wanted = [pk for pks in same.values() for pk in pks]
    for service, code in links.filter(service__in=wanted).values_list("service_id", "municipality_id"):
        codes[str(service)].add(code)
    keys = [tuple(row.key.split("\t", 1)) for row in new if row.key]
    known = set(
        ExternalId.objects.filter(
            is_key=True, service__isnull=False, value__in=[value for _, value in keys]
        ).values_list("system", "value")
    )
    for row in new:
        own = set(row.after["municipalities"])
        others = same.get((row.after["organisation"], row.after["name"].casefold()), [])
        overlaps = not row.key and any(not own or not codes[pk] or own & codes[pk] for pk in others)
        if overlaps or (row.key and tuple(row.key.split("\t", 1)) in known):
            found.append(row.name)
    return found


# Writing ------------------------------------------------------------------------------------------------------------


def apply(rows: models.QuerySet, *, by, now: datetime.datetime, progress: Progress, sentence: str) -> None:
    writer = _Writer(by, now, "import", sentence)
    done = 0
    for thing, write in (
        (ImportRow.Thing.ORGANISATION, writer.organisations),
        (ImportRow.Thing.SERVICE, writer.services),
    ):
        for batch in as_it_is.in_batches(rows.filter(thing=thing).order_by("number").iterator(BATCH)):
            write([(row.before, row.after) for row in batch])
            _keep_keys(batch, thing)
            done += len(batch)
            progress(done)
    writer.finish()


def undo(rows: models.QuerySet, *, by, now: datetime.datetime, progress: Progress, sentence: str) -> None:
    writer = _Writer(by, now, "undo", sentence)
    done = 0
    made: list[ImportRow] = []
    for batch in as_it_is.in_batches(rows.filter(thing=ImportRow.Thing.SERVICE).order_by("-number").iterator(BATCH)):
        writer.services([(row.after, row.before) for row in batch if row.before is not None])
        new = [row for row in batch if row.before is None]
        names = {str(row.target): row.name for row in new}
        _refuse_when_written_about(names)
        _remove(Service, list(names), names)
        _forget_keys([row for row in batch if row.before is not None], "service")
        writer.touched |= {row.target for row in new}
        written(thing=ImportRow.Thing.SERVICE, pairs=[(row.after, None) for row in new], by=by, why="undo")
        done += len(batch)
        progress(done)
    for batch in as_it_is.in_batches(rows.filter(thing=ImportRow.Thing.ORGANISATION).iterator(BATCH)):
        writer.organisations([(row.after, row.before) for row in batch if row.before is not None])
        _forget_keys([row for row in batch if row.before is not None], "organisation")
        made += [row for row in batch if row.before is None]
    _remove_places(rows)
    _remove(Organisation, [row.target for row in made], {str(row.target): row.name for row in made})
    written(thing=ImportRow.Thing.ORGANISATION, pairs=[(row.after, None) for row in made], by=by, why="undo")
    writer.finish()


def _refuse_when_written_about(names: dict[str, str]) -> None:
    """What people wrote about a service since would go with it, so then nothing is undone. A question whether it is
    still right goes along: it asks about what is no longer there.
    """
    found = {
        str(pk)
        for about in (Report, Proposal)
        for pk in about.objects.filter(service__in=names).values_list("service", flat=True)
    }
    if found:
        sentence = "Dit is niet terug te draaien: over {} is intussen iets gemeld of voorgesteld."
        raise Changed([name for pk, name in names.items() if pk in found], sentence)


def _remove(model, ids: list, names: dict[str, str]) -> None:
    """Takes away what an import made. What somebody leans on by now, stays: then nothing is undone."""
    try:
        with transaction.atomic():
            model.objects.filter(pk__in=ids).delete()
            connection.check_constraints()  # also of what a job does not see, such as referrals
    except (ProtectedError, IntegrityError) as error:
        leaned_on = {str(getattr(one, field)) for one, field in _leaning(error)} & set(names)
        found = [names[pk] for pk in leaned_on] or [name for pk, name in names.items() if pk in str(error)]
        sentence = "Dit is niet terug te draaien: {} wordt intussen gebruikt, bijvoorbeeld in een verwijzing."
        raise Changed(found or list(names.values())[:1], sentence) from error


def _leaning(error: Exception) -> Iterable[tuple[models.Model, str]]:
    for one in getattr(error, "protected_objects", ()):
        for field in one._meta.fields:
            if field.is_relation and field.related_model in (Service, Organisation):
                yield one, field.attname


def _remove_places(rows: models.QuerySet) -> None:
    """Locations that the import made and that no service names any more."""
    made: set[str] = set()
    stood: set[str] = set()
    for row in rows.only("before", "after").iterator(BATCH):
        made |= {place["id"] for place in row.after["locations"]}
        stood |= {place["id"] for place in (row.before or {}).get("locations", [])}
    used = Service.locations.through.objects.filter(location__in=made - stood).values("location")
    Location.objects.filter(pk__in=made - stood).exclude(pk__in=used).delete()


def _keep_keys(batch: list[ImportRow], thing: str) -> None:
    owner = "service" if thing == ImportRow.Thing.SERVICE else "organisation"
    keys = []
    for row in batch:
        if row.key:
            system, value = row.key.split("\t", 1) if "\t" in row.key else (HSDS, row.key)
            keys.append(ExternalId(system=system, value=value, is_key=True, **{f"{owner}_id": row.target}))
    ExternalId.objects.bulk_create(keys)


def _forget_keys(batch: list[ImportRow], owner: str) -> None:
    for row in batch:
        if row.key:
            system, value = row.key.split("\t", 1) if "\t" in row.key else (HSDS, row.key)
            ExternalId.objects.filter(system=system, value=value, is_key=True, **{owner: row.target}).delete()


class _Writer:
    def __init__(self, by, now: datetime.datetime, why: str, sentence: str):
        self.by, self.now, self.why, self.sentence = by, now, why, sentence
        self.slugs = {Service: _Slugs(Service), Organisation: _Slugs(Organisation)}
        self.touched: set[Any] = set()  # services that search has to look at again
        self.since: dict[str, datetime.datetime | None] = {}
        self.pauses: dict[str, datetime.date | None] = {}

    def finish(self) -> None:
        """Search knows them as they are now."""
        touched = sorted(self.touched, key=str)
        for start in range(0, len(touched), REFRESHED):
            index.refresh(touched[start : start + REFRESHED])

    def _hold(self, model, read, pairs: list[tuple[dict | None, dict]], keys: tuple[str, ...]) -> None:
        """From here on nobody else changes these. Who did so since they were compared, a minute ago, loses nothing:
        then nothing is written at all. Locations are left out: an earlier row may have changed one of its own.
        """
        before = {pair[0]["id"]: pair[0] for pair in pairs if pair[0]}
        if not before:
            return
        list(model.objects.select_for_update().filter(pk__in=before).order_by("pk").values_list("pk", flat=True))
        here = read(before)
        changed = [row["name"] for pk, row in before.items() if not _is_same(here.get(pk), row, keys)]
        if changed:
            raise Changed(changed, self.sentence)

    # Organisations

    def organisations(self, pairs: list[tuple[dict | None, dict]]) -> None:
        self._hold(Organisation, as_it_is.organisations, pairs, OF_AN_ORGANISATION)
        new, old = [], []
        for before, after in pairs:
            row = Organisation(id=after["id"], updated_at=self.now)
            for name in ORGANISATION_FIELDS:
                setattr(row, name, after[name])
            if before is None:
                row.created_at = self.now
                new.append((row, after["name"]))
            else:
                old.append(row)
        self.slugs[Organisation].give(new)
        Organisation.objects.bulk_create([row for row, _ in new])
        Organisation.objects.bulk_update(old, [*ORGANISATION_FIELDS, "updated_at"])
        through = Organisation.municipalities.through
        moved = [
            after for before, after in pairs if (before or {}).get("municipalities", []) != after["municipalities"]
        ]
        through.objects.filter(organisation__in=[after["id"] for after in moved]).delete()
        through.objects.bulk_create(
            through(organisation_id=after["id"], municipality_id=code)
            for after in moved
            for code in after["municipalities"]
        )
        self._identifiers("organisation", pairs)
        self._places((after["id"], after["locations"]) for _, after in pairs)
        self._contacts(pairs, "organisation")
        renamed = [after["id"] for before, after in pairs if before and before["name"] != after["name"]]
        self.touched |= set(Service.objects.filter(organisation__in=renamed).values_list("pk", flat=True))
        written(thing=ImportRow.Thing.ORGANISATION, pairs=pairs, by=self.by, why=self.why)

    # Services

    def services(self, pairs: list[tuple[dict | None, dict]]) -> None:
        new, old = [], []
        self._hold(Service, as_it_is.services, pairs, OF_A_SERVICE)
        self._look_at_status([before["id"] for before, _ in pairs if before])
        for before, after in pairs:
            row = Service(id=after["id"], organisation_id=after["organisation"], updated_at=self.now)
            for name in SERVICE_FIELDS:
                setattr(row, name, python(Service, name, after[name]))
            row.home_municipality_id = after["home_municipality"]
            row.checked_by_id = after["checked_by"]
            row.published_at = self._since(before, after)
            row.paused_until = self.pauses.get(after["id"]) if after["status"] == Service.Status.PAUSED else None
            row.next_check_on = python(Service, "next_check_on", after["next_check_on"])
            if before is None:
                row.created_at = self.now
                new.append((row, after["everyday_name"] or after["name"]))
            else:
                old.append(row)
        self.slugs[Service].give(new)
        Service.objects.bulk_create([row for row, _ in new])
        Service.objects.bulk_update(
            old,
            [*SERVICE_FIELDS, *KEPT_WITH_IT, "organisation", "home_municipality", "checked_by", "updated_at"],
            batch_size=200,
        )
        for link, column in as_it_is.TARGETS.items():
            self._link(pairs, link, column)
        self._places((after["organisation"], after["locations"]) for _, after in pairs)
        self._link_places(pairs)
        self._contacts(pairs, "service")
        self._schedules("service", pairs)
        self.touched |= {uuid.UUID(after["id"]) for _, after in pairs}
        written(thing=ImportRow.Thing.SERVICE, pairs=pairs, by=self.by, why=self.why)

    def _look_at_status(self, ids: list[str]) -> None:
        rows = Service.objects.filter(pk__in=ids).values_list("pk", "published_at", "paused_until")
        self.since = {str(pk): since for pk, since, _ in rows}
        self.pauses = {str(pk): until for pk, _, until in rows}

    def _since(self, before: dict | None, after: dict) -> datetime.datetime | None:
        """Since when it is on the card: a pause does not make it new."""
        was = (before or {}).get("status")
        if after["status"] == Service.Status.PUBLISHED and was not in (
            Service.Status.PUBLISHED,
            Service.Status.PAUSED,
        ):
            return self.now
        return self.since.get(after["id"])

    def _link(self, pairs: list[tuple[dict | None, dict]], link: str, column: str) -> None:
        changed = [(before, after) for before, after in pairs if (before or {}).get(link, []) != after[link]]
        through = getattr(Service, link).through
        through.objects.filter(service__in=[after["id"] for before, after in changed if before]).delete()
        through.objects.bulk_create(
            through(service_id=after["id"], **{column: key}) for _, after in changed for key in after[link]
        )

    def _link_places(self, pairs: list[tuple[dict | None, dict]]) -> None:
        through = Service.locations.through
        changed = [
            (before, after)
            for before, after in pairs
            if _ids((before or {}).get("locations", [])) != _ids(after["locations"])
        ]
        through.objects.filter(service__in=[after["id"] for before, after in changed if before]).delete()
        through.objects.bulk_create(
            through(service_id=after["id"], location_id=pk) for _, after in changed for pk in _ids(after["locations"])
        )

    def _places(self, owned: Iterable[tuple[str, list[dict]]]) -> None:
        """Locations as they should be: made where they are not, changed where they differ."""
        wanted = {place["id"]: (owner, place) for owner, places in owned for place in places}
        here = as_it_is.locations(wanted)
        new, old, pairs = [], [], []
        for pk, (owner, place) in wanted.items():
            stands = here.get(pk)
            if stands == place:
                continue
            row = Location(id=pk, organisation_id=owner, **{name: place[name] for name in LOCATION_FIELDS})
            (old if stands else new).append(row)
            pairs.append((stands, place))
        Location.objects.bulk_create(new)
        if old:
            Location.objects.bulk_update(old, LOCATION_FIELDS)
        self._identifiers("location", pairs)
        self._schedules("location", pairs)

    def _identifiers(self, owner: str, pairs: list[tuple[dict | None, dict]]) -> None:
        changed = [after for before, after in pairs if (before or {}).get("identifiers", []) != after["identifiers"]]
        if changed:
            ids = [after["id"] for after in changed]
            ExternalId.objects.filter(is_key=False, **{f"{owner}__in": ids}).delete()
            ExternalId.objects.bulk_create(
                ExternalId(system=system, kind=kind, value=value, **{f"{owner}_id": after["id"]})
                for after in changed
                for system, kind, value in after["identifiers"]
            )

    def _schedules(self, owner: str, pairs: list[tuple[dict | None, dict]]) -> None:
        changed = [after for before, after in pairs if (before or {}).get("schedules", []) != after["schedules"]]
        if changed:
            Schedule.objects.filter(**{f"{owner}__in": [after["id"] for after in changed]}).delete()
            Schedule.objects.bulk_create(
                Schedule(
                    position=position,
                    **{name: python(Schedule, name, schedule[name]) for name in SCHEDULE_FIELDS if name in schedule},
                    **{f"{owner}_id": after["id"]},
                )
                for after in changed
                for position, schedule in enumerate(after["schedules"])
            )

    def _contacts(self, pairs: list[tuple[dict | None, dict]], of: str) -> None:
        gone, new, old = [], [], []
        for before, after in pairs:
            stood = {contact["id"]: contact for contact in (before or {}).get("contacts", [])}
            wanted = {contact["id"]: contact for contact in after["contacts"]}
            gone += [pk for pk in stood if pk not in wanted]
            for pk, contact in wanted.items():
                if stood.get(pk) == contact:
                    continue
                row = Contact(
                    id=pk,
                    organisation_id=after["organisation"] if of == "service" else after["id"],
                    service_id=after["id"] if of == "service" else None,
                    profession_id=contact["profession"],
                    **{name: contact[name] for name in CONTACT_FIELDS if name != "profession"},
                )
                (old if pk in stood else new).append(row)
        if gone:
            Contact.objects.filter(pk__in=gone).delete()
        Contact.objects.bulk_create(new)
        if old:
            Contact.objects.bulk_update(old, CONTACT_FIELDS)


class _Slugs:
    """Free addresses for many rows at once: "maatje", "maatje-2". Two imports never run at the same time."""

    def __init__(self, model):
        self.model = model
        self.longest = model._meta.get_field("slug").max_length - 7
        self.next: dict[str, int] = {}
        self.given: set[str] = set()

    def give(self, rows: list[tuple[Any, str]]) -> None:
        bases = []
        for _, text in rows:
            bases.append(slugify(text)[: self.longest].strip("-_") or "zonder-naam")
        taken = set(self.model.objects.filter(slug__in=bases).values_list("slug", flat=True))
        for (row, _), base in zip(rows, bases, strict=True):
            row.slug = base if base not in taken and base not in self.given else self._numbered(base)
            self.given.add(row.slug)

    def _numbered(self, base: str) -> str:
        if base not in self.next:
            slugs = self.model.objects.filter(slug__startswith=f"{base}-").values_list("slug", flat=True)
            ends = [slug[len(base) + 1 :] for slug in slugs]
            self.next[base] = max((int(end) for end in ends if end.isdecimal() and len(end) < 7), default=1)
        while True:
            self.next[base] += 1
            slug = f"{base}-{self.next[base]}"
            if slug not in self.given:
                return slug


def _ids(places: list[dict]) -> list[str]:
    return sorted(place["id"] for place in places)

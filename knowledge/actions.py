"""The one write of this room: make the tables say what the content files say."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from knowledge.loading import CONTENT, Loaded, content_digest, read_content
from knowledge.models import Entry, LoadedContent
from knowledge.sections import SECTIONS, Group, Part, Section

LOCK = 7_204_118  # any number: two loads at the same time, as when two web servers start, wait for each other


@dataclass
class Report:
    """What a load did, per section."""

    added: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # per entry: which keys
    removed: dict[str, list[str]] = field(default_factory=dict)
    retired: dict[str, list[str]] = field(default_factory=dict)
    returned: dict[str, list[str]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)  # sections of which there was nothing before

    def note(self, what: dict[str, list[str]], section: Section, keys: Iterable[str]) -> None:
        if keys := list(keys):
            what.setdefault(section.name, []).extend(keys)

    def __bool__(self):
        return any((self.added, self.changed, self.removed, self.retired, self.returned))

    def __str__(self):
        if not self:
            return "Geen wijzigingen: de kennis staat er al zo in."
        said = []
        changed = {
            name: [f"{pk} ({', '.join(keys)})" for pk, keys in entries.items()]
            for name, entries in self.changed.items()
        }
        for verb, what in (
            ("Nieuw", self.added),
            ("Gewijzigd", changed),
            ("Terug", self.returned),
            ("Verwijderd", self.removed),
            ("Niet meer in de bestanden, blijft bestaan omdat het nog gebruikt wordt", self.retired),
        ):
            for name, entries in what.items():
                is_first_load = what is self.added and name in self.begun
                listed = "voor het eerst geladen" if is_first_load else ", ".join(entries)
                said.append(f"{verb}: {name} {len(entries)}: {listed}")
        return "\n".join(said)


def load_knowledge(*, folder: Path = CONTENT, everything: bool = False) -> Report:
    """Read the content files and make the tables the same, all of it or nothing.

    Files that did not change since the last load cost one query, unless `everything` asks to compare them anyway.
    Raises ContentError, with file and line of every mistake, before the database is touched.
    """
    digest = content_digest(folder)
    if not everything and LoadedContent.objects.filter(digest=digest).exists():
        return Report()
    entries = read_content(folder)
    report = Report()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        gone = {}
        for section in SECTIONS:
            gone[section] = write_section(section, entries[section], report)
        take_leave(gone, report)
        LoadedContent.objects.update_or_create(pk=1, defaults={"digest": digest, "loaded_at": timezone.now()})
    return report


# One section --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shape:
    """Which columns, links and parts the entries of a section have."""

    section: Section
    columns: list[models.Field]
    links: list[models.ManyToManyField]
    parts: dict[type[models.Model], list[models.Field]]

    @classmethod
    def of(cls, section: Section) -> "Shape":
        names = []
        parts: dict[type[models.Model], list[str]] = {}
        for target in section.keys.values():
            if isinstance(target, Group):
                names += target.keys.values()
            elif isinstance(target, Part):
                fields = parts.setdefault(target.model, [])
                fields += [name for name in (*target.fixed, *target.keys.values()) if name not in fields]
            elif target != section.model._meta.pk.name:
                names.append(target)
        fields = [section.model._meta.get_field(name) for name in names]
        return cls(
            section,
            [field for field in fields if not field.many_to_many],
            [field for field in fields if field.many_to_many],
            {model: [model._meta.get_field(name) for name in names] for model, names in parts.items()},
        )


State = dict[str, Any]


def parent_of(part: type[models.Model], section: Section) -> models.ForeignKey:
    return next(field for field in part._meta.get_fields() if field.related_model is section.model)


def wanted_state(shape: Shape, entry: Loaded, order: int) -> State:
    state: State = {field.attname: value_of(field, entry.values) for field in shape.columns}
    if issubclass(shape.section.model, Entry):
        state |= {"order": order, "retired": False}
    for link in shape.links:
        state[link.name] = frozenset(entry.values.get(link.name, ()))
    for model, fields in shape.parts.items():
        state[model.__name__] = [
            {field.attname: value_of(field, row) for field in fields} for row in entry.parts.get(model, ())
        ]
    return state


def value_of(field: models.Field, values: dict) -> Any:
    return values[field.name] if field.name in values else field.get_default()


def present_states(shape: Shape) -> dict[str, State]:
    """What the tables hold now: one query for the entries and one for each kind of link or part."""
    section = shape.section
    columns = [field.attname for field in shape.columns]
    if issubclass(section.model, Entry):
        columns += ["order", "retired"]
    states = {
        pk: dict(zip(columns, values, strict=True))
        for pk, *values in section.model._base_manager.values_list("pk", *columns)
    }
    for link in shape.links:
        linked: dict[str, set] = {pk: set() for pk in states}
        pairs = link.remote_field.through._base_manager.values_list(link.m2m_column_name(), link.m2m_reverse_name())
        for pk, other in pairs:
            linked[pk].add(other)
        for pk, others in linked.items():
            states[pk][link.name] = frozenset(others)
    for model, fields in shape.parts.items():
        for state in states.values():
            state[model.__name__] = []
        parent = parent_of(model, section).attname
        names = [field.attname for field in fields]
        for pk, *values in model._base_manager.order_by(parent, "order").values_list(parent, *names):
            states[pk][model.__name__].append(dict(zip(names, values, strict=True)))
    return states


def write_section(section: Section, entries: list[Loaded], report: Report) -> list[str]:
    """Add and change; returns the keys of what the files no longer have."""
    shape = Shape.of(section)
    present = present_states(shape)
    wanted = {entry.pk: wanted_state(shape, entry, order) for order, entry in enumerate(entries)}
    added = [pk for pk in wanted if pk not in present]
    changed = [pk for pk, state in wanted.items() if pk in present and present[pk] != state]
    returned = {pk for pk in changed if present[pk].get("retired")}

    columns = [field.attname for field in shape.columns]
    if issubclass(section.model, Entry):
        columns += ["order", "retired"]
    rows = {pk: section.model(pk=pk, **{name: wanted[pk][name] for name in columns}) for pk in [*added, *changed]}
    section.model._base_manager.bulk_create(rows[pk] for pk in added)
    if columns:
        section.model._base_manager.bulk_update((rows[pk] for pk in changed), columns)
    for link in shape.links:
        write_link(link, wanted, added, [pk for pk in changed if present[pk][link.name] != wanted[pk][link.name]])
    for model in shape.parts:
        again = [pk for pk in changed if present[pk][model.__name__] != wanted[pk][model.__name__]]
        write_part(parent_of(model, section), model, wanted, added, again)

    report.note(report.added, section, added)
    if not present:
        report.begun.add(section.name)
    for pk in changed:
        keys = changed_keys(section, present[pk], wanted[pk])
        if keys and pk not in returned:
            report.changed.setdefault(section.name, {})[pk] = keys
    report.note(report.returned, section, (pk for pk in changed if pk in returned))
    return [pk for pk in present if pk not in wanted]


def changed_keys(section: Section, present: State, wanted: State) -> list[str]:
    """As they are called in the file. None when an entry only moved up or down because another came or went."""

    def value(state: State, target: str | Part | Group):
        if isinstance(target, Group):
            return [state[name] for name in target.keys.values()]
        if isinstance(target, Part):
            rows = state[target.model.__name__]
            return [row for row in rows if all(row[name] == fixed for name, fixed in target.fixed.items())]
        stored = section.model._meta.get_field(target)
        return state.get(stored.name if stored.many_to_many else stored.attname)

    return [key for key, target in section.keys.items() if value(present, target) != value(wanted, target)]


def write_link(link: models.ManyToManyField, wanted: dict[str, State], added: list[str], again: list[str]) -> None:
    through = link.remote_field.through
    here, there = link.m2m_column_name(), link.m2m_reverse_name()
    if again:
        through._base_manager.filter(**{f"{here}__in": again}).delete()
    through._base_manager.bulk_create(
        through(**{here: pk, there: other}) for pk in [*added, *again] for other in sorted(wanted[pk][link.name])
    )


def write_part(
    parent: models.ForeignKey,
    model: type[models.Model],
    wanted: dict[str, State],
    added: list[str],
    again: list[str],
) -> None:
    if again:
        model._base_manager.filter(**{f"{parent.attname}__in": again}).delete()
    model._base_manager.bulk_create(
        model(**{parent.attname: pk, "order": order}, **row)
        for pk in [*added, *again]
        for order, row in enumerate(wanted[pk][model.__name__])
    )


# What left the files ------------------------------------------------------------------------------------------------


def take_leave(gone: dict[Section, list[str]], report: Report) -> None:
    """Delete what nothing points to any more, and keep the rest as retired.

    Deleting one entry can free another, so it goes round until a round deletes nothing.
    """
    waiting = [(section, pk) for section, keys in gone.items() for pk in keys]
    while True:
        left = [(section, pk) for section, pk in waiting if not delete_unused(section, pk)]
        for section, pk in waiting:
            if (section, pk) not in left:
                report.note(report.removed, section, [pk])
        if len(left) == len(waiting):
            break
        waiting = left
    for section, pk in waiting:
        if section.model._base_manager.filter(pk=pk, retired=False).update(retired=True):
            report.note(report.retired, section, [pk])


def delete_unused(section: Section, pk: str) -> bool:
    own = {part.model for part in section.parts}
    entry = section.model._base_manager.get(pk=pk)
    for relation in section.model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.related_model in own:
            continue
        if relation.one_to_many and relation.related_model._meta.auto_created is section.model:
            continue  # the entry's own side of a many to many
        if relation.related_model._base_manager.filter(**{relation.field.name: entry}).exists():
            return False
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            entry.delete()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except (IntegrityError, ProtectedError):
        return False
    return True

"""The demo region as files: what they may say, and on which line they say something wrong. Knows no database rows.

A file describes one organisation with its contacts, locations and services. Its keys are the names of the model fields,
apart from the few that are explained below.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent


class RegionMistake(Exception):
    """A file says something that cannot be loaded; the message names file and line."""


@dataclass
class Entry:
    """One mapping in a file: its values, and where each key stands."""

    file: str
    line: int
    values: dict[str, Any]
    lines: dict[str, int]

    def mistake(self, text: str, key: str = "") -> RegionMistake:
        return RegionMistake(f"{self.file}, line {self.lines.get(key, self.line)}: {text}")

    def pick(self, keys: tuple[str, ...]) -> dict[str, Any]:
        return {key: self.values[key] for key in keys if key in self.values}


@dataclass(frozen=True)
class Shape:
    """Which keys an entry must and may have, and which of them hold something else than a text."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    maps: tuple[str, ...] = ()

    def check(self, entry: Entry) -> None:
        allowed = (*self.required, *self.optional, *self.lists, *self.entries, *self.numbers, *self.flags, *self.maps)
        for key, value in entry.values.items():
            if key not in allowed:
                raise entry.mistake(f'the key "{key}" is not known here', key)
            if not self._fits(key, value):
                raise entry.mistake(f'"{key}" holds something of another kind: {value!r}', key)
        for key in self.required:
            if not entry.values.get(key) and key not in self.flags:
                raise entry.mistake(f'"{key}" is missing')

    def _fits(self, key: str, value: Any) -> bool:
        if key in self.maps:
            return isinstance(value, Entry) and all(_words(words) for words in value.values.values())
        if key in self.entries:
            return isinstance(value, list) and all(isinstance(item, Entry) for item in value)
        if key in self.lists:
            return _words(value)
        if key in self.flags:
            return isinstance(value, bool)
        if key in self.numbers:
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return isinstance(value, str) and bool(value.strip())


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


REGION = Shape(required=("name", "areas"), maps=("areas",))

ORGANISATION_FIELDS = ("description", "email", "phone", "website", "street", "postcode", "place", "uses_portal")
ORGANISATION = Shape(
    required=("slug", "name", "kind", "municipalities"),
    optional=ORGANISATION_FIELDS[:-1],
    lists=("municipalities",),  # words of region.yaml; the default area of its services
    entries=("contacts", "locations", "services"),
    flags=("uses_portal",),
)

CONTACT_FIELDS = ("title", "name", "email", "phone", "availability", "is_public")
CONTACT = Shape(
    required=CONTACT_FIELDS[:1],
    optional=(*CONTACT_FIELDS[1:-1], "profession"),
    flags=("is_public",),  # a desk, of which everyone may know the number; otherwise for professionals only
)

LOCATION_FIELDS = ("name", "street", "postcode", "place", "accessibility", "transport")
LOCATION = Shape(
    required=("key", *LOCATION_FIELDS[:4]),  # the key is for the services in the same file
    optional=LOCATION_FIELDS[4:],
)

SERVICE_FIELDS = (
    "name", "everyday_name", "summary", "description", "for_whom", "cost_kind", "cost_note", "access", "access_note",
    "caller", "call_within_days", "zonder_dossier", "asks_target_groups", "capacity", "wait_weeks",
    "check_interval_days", "email", "phone", "website",
)  # fmt: skip
SERVICE = Shape(
    required=("slug", "name", "summary", "description", "for_whom", "kinds", "access", "caller", "cost_kind"),
    optional=(
        "everyday_name", "access_note", "cost_note", "capacity", "email", "phone", "website",
        "home",  # the municipality that keeps it fresh; otherwise the first of its area
        "status",  # published unless it says draft or paused
    ),
    lists=("kinds", "professions", "phases", "target_groups", "languages", "municipalities", "financing", "locations"),
    # Days before the day of loading, so that the demo has fresh and stale entries whenever it is made.
    numbers=("capacity_days_ago", "checked_days_ago", "call_within_days", "wait_weeks", "check_interval_days"),
    flags=("zonder_dossier", "asks_target_groups"),
)  # fmt: skip


@dataclass(frozen=True)
class Region:
    name: str
    areas: dict[str, list[str]]  # CBS codes
    organisations: list[Entry]

    def codes(self, entry: Entry, key: str) -> list[str]:
        """The CBS codes of a list of areas, in the order of the file and each once."""
        words = entry.values[key]
        codes: list[str] = []
        for word in [words] if isinstance(words, str) else words:
            if word not in self.areas:
                raise entry.mistake(f'"{word}" is no area of region.yaml', key)
            codes += self.areas[word]
        return list(dict.fromkeys(codes))


def read_region(folder: Path = FOLDER) -> Region:
    """Everything in the folder, checked for shape and for names that occur twice."""
    head = _read(folder / "region.yaml")
    REGION.check(head)
    organisations = [_read(path) for path in sorted((folder / "organisations").glob("*.yaml"))]
    if not organisations:
        raise head.mistake("there are no files in organisations/")
    slugs: dict[str, set[str]] = {"organisation": set(), "service": set()}
    for organisation in organisations:
        _check_organisation(organisation, slugs)
    return Region(head.values["name"], head.values["areas"].values, organisations)


def _check_organisation(organisation: Entry, slugs: dict[str, set[str]]) -> None:
    ORGANISATION.check(organisation)
    _once(organisation, "slug", slugs["organisation"])
    for contact in organisation.values.get("contacts", []):
        CONTACT.check(contact)
    keys: set[str] = set()
    for location in organisation.values.get("locations", []):
        LOCATION.check(location)
        _once(location, "key", keys)
    for service in organisation.values.get("services", []):
        SERVICE.check(service)
        _once(service, "slug", slugs["service"])
        for key in service.values.get("locations", []):
            if key not in keys:
                raise service.mistake(f'"{key}" is no location of this organisation', "locations")


def _once(entry: Entry, key: str, seen: set[str]) -> None:
    if entry.values[key] in seen:
        raise entry.mistake(f'the {key} "{entry.values[key]}" stands there twice', key)
    seen.add(entry.values[key])


# Reading YAML with line numbers -------------------------------------------------------------------------------------


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    file = ""

    def mapping(self, node: yaml.MappingNode) -> Entry:
        entry = Entry(self.file, node.start_mark.line + 1, {}, {})
        for key_node, value_node in node.value:
            key = str(self.construct_object(key_node, deep=True))
            entry.lines[key] = key_node.start_mark.line + 1
            if key in entry.values:
                raise entry.mistake(f'the key "{key}" stands there twice', key)
            entry.values[key] = self.construct_object(value_node, deep=True)
        return entry


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _Loader.mapping)


def _read(path: Path) -> Entry:
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RegionMistake(f"{path.name} cannot be read: {error.strerror}") from error
    loader.file = path.name
    try:
        entry = loader.get_single_data()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise RegionMistake(f"{path.name}, line {line}: {getattr(error, 'problem', error)}") from error
    finally:
        loader.dispose()
    if not isinstance(entry, Entry):
        raise RegionMistake(f"{path.name}, line 1: this file holds no keys")
    return entry

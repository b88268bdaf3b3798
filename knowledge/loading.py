"""From content files to entries, or to a list of everything that is wrong with them, each with its file and line.

Nothing here touches the database. The messages are Dutch: the people who maintain the files read them.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from knowledge.sections import SECTION_BY_MODEL, SECTION_BY_NAME, Group, Part, Section

CONTENT = Path(__file__).resolve().parent / "content"
YamlLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TEXT, FLAG, NUMBER, DATE = (f"tag:yaml.org,2002:{name}" for name in ("str", "bool", "int", "timestamp"))


@dataclass(frozen=True, order=True)
class Place:
    file: str
    line: int

    def __str__(self):
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, order=True)
class Problem:
    place: Place
    message: str

    def __str__(self):
        return f"{self.place}: {self.message}"


class ContentError(Exception):
    """The files hold mistakes; `problems` has them all, in the order of the files."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Loaded:
    """One entry as the files have it: the values of its fields, and the rows of its parts in order."""

    section: Section
    pk: str
    place: Place
    values: dict[str, Any] = field(default_factory=dict)
    parts: dict[type[models.Model], list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    place: Place
    key: str
    model: type[models.Model]
    pk: str


def content_digest(folder: Path = CONTENT) -> str:
    """Changes when a file changes, and when the code that reads it does."""
    digest = hashlib.sha256()
    code = Path(__file__).parent
    for path in [*sorted(folder.rglob("*.y*ml")), code / "sections.py", code / "loading.py", code / "models.py"]:
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read_content(folder: Path = CONTENT) -> dict[Section, list[Loaded]]:
    """Every entry of every file in `folder`, per section in file order. Raises ContentError with all that is wrong."""
    return Reader(folder).read()


class Reader:
    def __init__(self, folder: Path):
        self.folder = folder
        self.file = ""
        self.problems: list[Problem] = []
        self.references: list[Reference] = []
        self.entries: dict[str, list[Loaded]] = {name: [] for name in SECTION_BY_NAME}

    def read(self) -> dict[Section, list[Loaded]]:
        paths = sorted(self.folder.rglob("*.y*ml"))
        if not paths:
            self.file = str(self.folder)
            self.wrong(None, "hier staan geen inhoudsbestanden (*.yaml)")
        for path in paths:
            self.file = str(path.relative_to(self.folder.parent))
            if path.suffix != ".yaml":
                self.wrong(None, "een inhoudsbestand eindigt op .yaml")
                continue
            self.read_file(path)
        self.check_doubles()
        self.check_references()
        if self.problems:
            raise ContentError(self.problems)
        return {section: self.entries[name] for name, section in SECTION_BY_NAME.items()}

    def wrong(self, node, message: str) -> None:
        self.problems.append(Problem(self.place(node), message))

    def place(self, node) -> Place:
        return Place(self.file, node.start_mark.line + 1 if node is not None else 1)

    # Files and entries ----------------------------------------------------------------------------------------------

    def read_file(self, path: Path) -> None:
        try:
            root = yaml.compose(path.read_text(encoding="utf-8"), Loader=YamlLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.problems.append(Problem(Place(self.file, line), f"dit is geen geldige YAML: {error.problem}"))
            return
        except UnicodeDecodeError:
            self.wrong(None, "het bestand is niet opgeslagen als UTF-8")
            return
        except yaml.YAMLError as error:
            self.wrong(None, f"dit is geen geldige YAML: {error}")
            return
        if root is None:
            return
        for key, value in self.pairs(root):
            section = SECTION_BY_NAME.get(key.value)
            if section is None:
                self.wrong(key, f"onbekend onderdeel '{key.value}'; bekend zijn: {', '.join(SECTION_BY_NAME)}")
            elif not isinstance(value, yaml.SequenceNode):
                self.wrong(value, f"onder '{key.value}' hoort een lijst, met een streepje voor elk stuk")
            else:
                for node in value.value:
                    self.read_entry(section, node)

    def pairs(self, node) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        """The keys and values of a mapping; a key that stands there twice is a problem, not the last one winning."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"hier horen sleutels met een waarde, en dit is {self.name_of(node)}")
            return
        seen = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.wrong(key, "een sleutel is één woord")
            elif key.value in seen:
                self.wrong(key, f"sleutel '{key.value}' staat er twee keer")
            else:
                seen.add(key.value)
                yield key, value

    def read_entry(self, section: Section, node) -> None:
        entry = Loaded(section, "", self.place(node), parts={part.model: [] for part in section.parts})
        given = set()
        keys = []
        for key, value in self.pairs(node):
            given.add(key.value)
            target = section.keys.get(key.value)
            if section.spread and key.value == section.spread:
                keys = self.lines(key, value)
            elif isinstance(target, Group):
                self.read_group(section, target, value, entry.values)
            elif isinstance(target, Part):
                self.read_part(target, key, value, entry)
            elif target is None:
                known = ", ".join([*section.keys, *([section.spread] if section.spread else [])])
                self.wrong(key, f"onbekende sleutel '{key.value}' bij {section.name}; bekend zijn: {known}")
            else:
                words = section.words.get(key.value, {})
                self.read_value(section.model._meta.get_field(target), key, value, entry.values, words)
        if not isinstance(node, yaml.MappingNode):
            return
        self.check_required(section.model, section.keys, given, node, section.name)
        if section.spread:
            if section.spread not in given:
                self.wrong(node, f"sleutel '{section.spread}' ontbreekt bij {section.name}")
            for word in keys:
                pk = " ".join(word.casefold().split())
                self.entries[section.name].append(Loaded(section, pk, entry.place, dict(entry.values), entry.parts))
        elif "slug" in entry.values:
            entry.pk = entry.values.pop("slug")
            self.entries[section.name].append(entry)

    def read_group(self, section: Section, group: Group, node, values: dict) -> None:
        for key, value in self.pairs(node):
            if key.value in group.keys:
                self.read_value(section.model._meta.get_field(group.keys[key.value]), key, value, values)
            else:
                self.wrong(key, f"onbekende sleutel '{key.value}'; bekend zijn: {', '.join(group.keys)}")

    def read_part(self, part: Part, heading, node, entry: Loaded) -> None:
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, f"bij '{heading.value}' hoort een lijst, en dit is {self.name_of(node)}")
            return
        for item in node.value:
            row = dict(part.fixed)
            if part.short and isinstance(item, yaml.ScalarNode):
                self.read_value(part.model._meta.get_field(part.keys[part.short]), heading, item, row)
            else:
                given = set()
                for key, value in self.pairs(item):
                    given.add(key.value)
                    if key.value in part.keys:
                        self.read_value(part.model._meta.get_field(part.keys[key.value]), key, value, row)
                    else:
                        self.wrong(
                            key,
                            f"onbekende sleutel '{key.value}' bij '{heading.value}'; "
                            f"bekend zijn: {', '.join(part.keys)}",
                        )
                if not isinstance(item, yaml.MappingNode):
                    continue
                self.check_required(part.model, part.keys, given, item, f"'{heading.value}'")
                if part.exactly_one and len(given.intersection(part.exactly_one)) != 1:
                    self.wrong(item, f"noem precies één van: {', '.join(part.exactly_one)}")
            if row in entry.parts[part.model]:
                self.wrong(item, f"dit staat twee keer bij '{heading.value}'")
            entry.parts[part.model].append(row)

    def check_required(self, model, keys, given: set[str], node, where: str) -> None:
        for key, target in keys.items():
            if isinstance(target, str) and key not in given and is_required(model._meta.get_field(target)):
                self.wrong(node, f"sleutel '{key}' ontbreekt bij {where}")

    # Values ---------------------------------------------------------------------------------------------------------

    def read_value(self, target: models.Field, key, node, values: dict, words: dict | None = None) -> None:
        before = len(self.problems)
        if target.many_to_many:
            value = self.lines(key, node)
            self.refer(target, key, node)
        elif isinstance(target, ArrayField):
            value = self.lines(key, node)
            for item, line in zip(getattr(node, "value", []), value, strict=False):
                self.validate(target.base_field, key, item, line)
        elif isinstance(target, models.ForeignKey):
            value = self.scalar(key, node, TEXT, "tekst")
            self.refer(target, key, node)
        elif isinstance(target, models.BooleanField):
            value = self.scalar(key, node, FLAG, "true of false")
        elif isinstance(target, models.DateField):
            value = self.scalar(key, node, DATE, "een datum zoals 2026-11-22")
        elif isinstance(target, models.IntegerField):
            value = self.scalar(key, node, NUMBER, "een getal")
        else:
            value = self.scalar(key, node, TEXT, "tekst")
            if words:
                if value is not None and value not in words:
                    self.wrong(node, f"bij '{key.value}' kan '{value}' niet; kies uit: {', '.join(words)}")
                value = words.get(value)
        if len(self.problems) == before:
            self.validate(target, key, node, value)
            values[target.name] = value

    def scalar(self, key, node, tag: str, expected: str):
        if not isinstance(node, yaml.ScalarNode) or node.tag != tag:
            hint = ""
            if tag == TEXT:
                hint = "; zet er zo nodig aanhalingstekens omheen"
            self.wrong(node, f"bij '{key.value}' hoort {expected}, en dit is {self.name_of(node)}{hint}")
            return None
        if tag == TEXT:
            if not node.value.strip():
                self.wrong(node, f"'{key.value}' is leeg; laat de sleutel dan weg")
            return node.value.strip()
        try:
            return yaml.constructor.SafeConstructor().construct_object(node)
        except ValueError:
            self.wrong(node, f"bij '{key.value}' hoort {expected}")
            return None

    def lines(self, key, node) -> list[str]:
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, f"bij '{key.value}' hoort een lijst, en dit is {self.name_of(node)}")
            return []
        found: list[str] = []
        for item in node.value:
            line = self.scalar(key, item, TEXT, "tekst")
            if line is not None and line in found:
                self.wrong(item, f"'{line}' staat twee keer bij '{key.value}'")
            if line is not None:
                found.append(line)
        return found

    def refer(self, target, key, node) -> None:
        for item in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if isinstance(item, yaml.ScalarNode):
                self.references.append(Reference(self.place(item), key.value, target.related_model, item.value.strip()))

    def validate(self, target: models.Field, key, node, value) -> None:
        if target.choices and value not in dict(target.flatchoices):
            allowed = ", ".join(str(choice) for choice, _ in target.flatchoices)
            self.wrong(node, f"bij '{key.value}' kan '{value}' niet; kies uit: {allowed}")
        elif isinstance(target, models.URLField) and not value.startswith(("https://", "http://")):
            self.wrong(node, f"bij '{key.value}' hoort een adres dat begint met https://")
        elif not target.is_relation and not isinstance(target, ArrayField):
            try:
                target.run_validators(value)
            except ValidationError as error:
                self.wrong(node, f"'{key.value}' kan zo niet: {' '.join(error.messages)}")

    def name_of(self, node) -> str:
        if isinstance(node, yaml.MappingNode):
            return "iets met sleutels"
        if isinstance(node, yaml.SequenceNode):
            return "een lijst"
        names = {TEXT: "tekst", FLAG: "true of false", NUMBER: "een getal", DATE: "een datum"}
        return names.get(node.tag, "niets" if node.tag.endswith("null") else "iets anders")

    # Between entries ------------------------------------------------------------------------------------------------

    def check_doubles(self) -> None:
        for name, entries in self.entries.items():
            section = SECTION_BY_NAME[name]
            first: dict[str, Loaded] = {}
            for entry in entries:
                if entry.pk in first:
                    self.problems.append(
                        Problem(entry.place, f"'{entry.pk}' bestaat al bij {name}, zie {first[entry.pk].place}")
                    )
                first.setdefault(entry.pk, entry)
            for distinct in section.distinct:
                taken: dict[Any, Loaded] = {}
                for entry in entries:
                    value = entry.values.get(distinct)
                    if value in taken:
                        self.problems.append(
                            Problem(entry.place, f"{value} is al van '{taken[value].pk}', zie {taken[value].place}")
                        )
                    taken.setdefault(value, entry)

    def check_references(self) -> None:
        known = {section.model: {entry.pk for entry in self.entries[name]} for name, section in SECTION_BY_NAME.items()}
        for reference in self.references:
            if reference.pk not in known[reference.model]:
                self.problems.append(
                    Problem(
                        reference.place,
                        f"'{reference.key}' verwijst naar '{reference.pk}', "
                        f"en dat bestaat niet bij {SECTION_BY_MODEL[reference.model].name}",
                    )
                )


def is_required(target: models.Field) -> bool:
    return not (target.blank or target.null or target.has_default() or target.many_to_many)

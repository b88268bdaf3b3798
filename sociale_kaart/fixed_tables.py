"""Tables that come from files in the project: geography, target groups, languages.

Loading is idempotent: rows are compared first and only differences are written. A file with a mistake in it loads
nothing; the message names file and line.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import slugify

from sociale_kaart.models import Language, Municipality, PostcodeArea, TargetGroup

FOLDER = Path(__file__).resolve().parent
GEOGRAPHY = FOLDER / "geography"
LISTS = FOLDER / "lists"


class FileMistake(Exception):
    """A file says something that cannot be loaded."""


@dataclass(frozen=True)
class Changes:
    """What one load did to one table. `kept` are rows that left the file but may still be pointed to."""

    label: str
    total: int
    new: int
    changed: int
    kept: int

    def __str__(self) -> str:
        line = f"{self.total} {self.label}: {self.new} new, {self.changed} changed"
        return f"{line}, {self.kept} no longer in the file but kept" if self.kept else line


@transaction.atomic
def load_geography(folder: Path = GEOGRAPHY) -> list[Changes]:
    municipalities = _read(folder / "municipalities.csv", _municipality)
    codes = {row.pk for row in municipalities}
    others: dict[str, list[str]] = {}

    def postcode_area(row: dict[str, str], _position: int) -> PostcodeArea:
        listed = row["other_municipalities"].split()
        for code in [row["municipality"], *listed]:
            if code not in codes:
                raise ValueError(f"municipality {code} is not in municipalities.csv")
        others[row["pc4"]] = listed
        return PostcodeArea(
            pc4=row["pc4"],
            place=row["place"],
            other_places=row["other_places"],
            municipality_id=row["municipality"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
        )

    areas = _read(folder / "postcodes.csv", postcode_area)
    changes = [_store(Municipality, municipalities), _store(PostcodeArea, areas)]
    _store_other_municipalities(others)
    return changes


@transaction.atomic
def load_lists(folder: Path = LISTS) -> list[Changes]:
    groups = _read(
        folder / "target_groups.csv",
        lambda row, position: TargetGroup(slug=row["slug"], name=row["name"], position=position),
    )
    languages = _read(
        folder / "languages.csv",
        lambda row, position: Language(code=row["code"], name=row["name"], position=position),
    )
    return [_store(TargetGroup, groups), _store(Language, languages)]


def _municipality(row: dict[str, str], _position: int) -> Municipality:
    return Municipality(
        code=row["code"],
        name=row["name"],
        alias=row["alias"],
        slug=slugify(row["name"]),
        province=row["province"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
    )


def _read(path: Path, make: Callable[[dict[str, str], int], models.Model]) -> list[models.Model]:
    """Make an instance of every line and check it, apart from what only the database knows."""
    instances, seen = [], set()
    for line, row in _lines(path):
        try:
            instance = make(row, line - 1)
            instance.clean_fields(exclude=[field.name for field in instance._meta.fields if field.is_relation])
        except KeyError as error:
            raise FileMistake(f"{path.name}: the column {error} is missing") from error
        except (ValueError, ValidationError) as error:
            raise FileMistake(f"{path.name}, line {line}: {error}") from error
        if instance.pk in seen:
            raise FileMistake(f"{path.name}, line {line}: {instance.pk} stands there twice")
        seen.add(instance.pk)
        instances.append(instance)
    if not instances:
        raise FileMistake(f"{path.name} holds no rows")
    return instances


def _lines(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file, strict=True), start=2):
            if None in row or None in row.values():
                raise FileMistake(f"{path.name}, line {line}: more or fewer columns than the first line names")
            yield line, row


def _store(model: type[models.Model], instances: list[models.Model]) -> Changes:
    fields = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    key = model._meta.pk.attname
    stored = {row[0]: row[1:] for row in model.objects.values_list(key, *fields)}
    new = [row for row in instances if row.pk not in stored]
    changed = [
        row
        for row in instances
        if row.pk in stored and stored[row.pk] != tuple(getattr(row, field) for field in fields)
    ]
    if new or changed:
        model.objects.bulk_create(
            new + changed, update_conflicts=True, unique_fields=[key], update_fields=fields, batch_size=1000
        )
    kept = len(stored.keys() - {row.pk for row in instances})
    return Changes(str(model._meta.verbose_name_plural), len(instances), len(new), len(changed), kept)


def _store_other_municipalities(others: dict[str, list[str]]) -> None:
    link = PostcodeArea.other_municipalities.through
    wanted = {(pc4, code) for pc4, codes in others.items() for code in codes}
    stored = set(link.objects.values_list("postcodearea_id", "municipality_id"))
    link.objects.bulk_create(link(postcodearea_id=pc4, municipality_id=code) for pc4, code in sorted(wanted - stored))
    for pc4, code in stored - wanted:
        link.objects.filter(postcodearea=pc4, municipality=code).delete()

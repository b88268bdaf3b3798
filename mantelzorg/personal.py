"""The register of personal fields: what we keep about people, why, on which ground and for how long.

Each model with personal data declares `personal = PersonalFields(...)` and lists the rest of its fields in
`not_personal`. A field in neither list fails the tests. Export, erasure and retention read this declaration.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models


@dataclass(frozen=True)
class PersonalFields:
    about: str  # whose data: "mantelzorger" or "professional"
    fields: tuple[str, ...]
    purpose: str
    ground: str
    retention: str


def stored_fields(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.get_fields() if field.concrete and not field.auto_created}


def declared_models() -> Iterator[tuple[type[models.Model], PersonalFields]]:
    """Every model that declares personal fields, with the declaration, in the order of the rooms."""
    for model in apps.get_models():
        declaration = getattr(model, "personal", None)
        if declaration is not None:
            yield model, declaration

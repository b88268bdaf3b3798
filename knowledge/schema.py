"""A JSON Schema of the content files, for editors: they then complete the keys and underline what cannot be.

Made from the same table that the loader reads by (sections.py), so that the two never differ. The loader stays the
judge: it also knows which slugs exist.
"""

import json
from pathlib import Path
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from knowledge.loading import CONTENT, is_required
from knowledge.sections import SECTION_BY_MODEL, SECTIONS, Group, Part, Section

FILE: Path = CONTENT / "schema.json"


def as_text() -> str:
    return json.dumps(content_schema(), indent=1, ensure_ascii=False) + "\n"


def content_schema() -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "De inhoud van het kennisdeel",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            section.name: {"type": ["array", "null"], "items": {"$ref": f"#/$defs/{section.name}"}}
            for section in SECTIONS
        },
        "$defs": {section.name: of_section(section) for section in SECTIONS},
    }


def of_section(section: Section) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    if section.spread:
        properties[section.spread] = {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True}
    for key, target in section.keys.items():
        if isinstance(target, Part):
            properties[key] = of_part(target)
        elif isinstance(target, Group):
            properties[key] = of_keys(section.model, target.keys)
        elif words := section.words.get(key):
            properties[key] = {"enum": list(words)}
        else:
            properties[key] = of_field(section.model._meta.get_field(target))
    required = required_of(section.model, {key: name for key, name in section.keys.items() if isinstance(name, str)})
    return of_object(properties, [section.spread, *required] if section.spread else required)


def of_part(part: Part) -> dict[str, Any]:
    row = of_keys(part.model, part.keys)
    if part.exactly_one:
        row["oneOf"] = [{"required": [key]} for key in part.exactly_one]
    if part.short:
        row = {"anyOf": [of_field(part.model._meta.get_field(part.keys[part.short])), row]}
    return {"type": "array", "items": row}


def of_keys(model: type[models.Model], keys) -> dict[str, Any]:
    properties = {key: of_field(model._meta.get_field(name)) for key, name in keys.items()}
    return of_object(properties, required_of(model, keys))


def of_object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    found = {"type": "object", "additionalProperties": False, "properties": properties}
    return found | ({"required": required} if required else {})


def required_of(model: type[models.Model], keys) -> list[str]:
    return [key for key, name in keys.items() if is_required(model._meta.get_field(name))]


def of_field(target: models.Field) -> dict[str, Any]:
    if target.many_to_many:
        return {"type": "array", "items": slug_of(target.related_model), "uniqueItems": True}
    if isinstance(target, ArrayField):
        return {"type": "array", "items": of_field(target.base_field), "uniqueItems": True}
    if isinstance(target, models.ForeignKey):
        return slug_of(target.related_model)
    if target.choices:
        return {"enum": [choice for choice, _ in target.flatchoices if choice]}
    if isinstance(target, models.BooleanField):
        return {"type": "boolean"}
    if isinstance(target, models.DateField):
        return {"type": "string", "format": "date"}
    if isinstance(target, models.IntegerField):
        return {"type": "integer"}
    text: dict[str, Any] = {"type": "string", "minLength": 1}
    if isinstance(target, models.SlugField):
        text["pattern"] = "^[-a-zA-Z0-9_]+$"
    if isinstance(target, models.URLField):
        text |= {"format": "uri", "pattern": "^https?://"}
    return text | ({"maxLength": target.max_length} if target.max_length else {})


def slug_of(model: type[models.Model]) -> dict[str, Any]:
    return {"type": "string", "description": f"de slug van iets uit '{SECTION_BY_MODEL[model].name}'"}

"""Steps that every verb of the sociale kaart takes: fill in, look whether it can be, save under a free address."""

from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import slugify

SLUG_ATTEMPTS = 5


def fill(instance: models.Model, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        instance._meta.get_field(name)  # an unknown name is a mistake of ours, not something to set in silence
        setattr(instance, name, value)
    check_fields(instance)


def change(instance: models.Model, fields: dict[str, Any]) -> None:
    fill(instance, fields)
    instance.updated_at = timezone.now()
    instance.save(update_fields=[*fields, "updated_at"])


def check_fields(instance: models.Model) -> None:
    instance.clean_fields(exclude=[field.name for field in instance._meta.fields if field.is_relation])


def save_with_slug(instance: models.Model, text: str) -> None:
    """Save a new row under the first free address: "maatje", "maatje-2". Two at once: one of them tries again."""
    longest = instance._meta.get_field("slug").max_length
    base = slugify(text)[: longest - 4].strip("-") or "zonder-naam"
    for attempt in range(SLUG_ATTEMPTS):
        taken = set(type(instance).objects.filter(slug__startswith=base).values_list("slug", flat=True))
        number = 1
        instance.slug = base
        while instance.slug in taken:
            number += 1
            instance.slug = f"{base}-{number}"
        check_fields(instance)
        try:
            with transaction.atomic():
                instance.save(force_insert=True)
            return
        except IntegrityError as error:
            if "slug" not in str(error) or attempt == SLUG_ATTEMPTS - 1:
                raise

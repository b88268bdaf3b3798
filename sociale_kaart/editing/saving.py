"""Steps that every verb of the sociale kaart takes: fill in, look whether it can be, save under a free address."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import slugify

SLUG_ATTEMPTS = 5
# What the database refuses, by the name of its constraint: at which field, and in words.
REFUSED = {
    "capacity_is_known_since_a_day": ("capacity_on", "Zeg van welke dag je weet of er plek is."),
    "only_a_waiting_list_has_weeks": ("wait_weeks", "Een wachttijd hoort alleen bij een wachtlijst."),
    "a_call_comes_within_1_to_60_days": ("call_within_days", "Kies 1 tot 60 werkdagen."),
    "a_published_service_is_checked_and_has_a_home": ("summary", "Zeg in één zin wat dit aanbod is."),
    "a_physical_location_has_an_address": ("street", "Vul straat en plaats in, of kies een ander soort locatie."),
    "a_contact_has_a_name_or_a_title": ("name", "Vul een naam of een functie in."),
    "a_contact_can_be_reached": ("phone", "Vul een telefoonnummer of een e-mailadres in."),
}


def fill(instance: models.Model, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        instance._meta.get_field(name)  # an unknown name is a mistake of ours, not something to set in silence
        setattr(instance, name, value)
    check_fields(instance)


def change(instance: models.Model, fields: dict[str, Any]) -> None:
    fill(instance, fields)
    instance.updated_at = timezone.now()
    save(instance, [*fields, "updated_at"])


def touch(instance: models.Model) -> None:
    """Something that belongs to it was changed, so it was: who keeps a copy hears of it."""
    instance.updated_at = timezone.now()
    instance.save(update_fields=["updated_at"])


def save(instance: models.Model, fields: list[str]) -> None:
    """Save these fields. What does not go together is said at its field: raises ValidationError."""
    try:
        with transaction.atomic():
            instance.save(update_fields=fields)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        field, sentence = REFUSED.get(name, (NON_FIELD_ERRORS, "Dit past niet bij wat er al staat."))
        raise ValidationError({field: sentence}) from error


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

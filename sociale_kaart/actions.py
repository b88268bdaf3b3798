"""What can be done with the sociale kaart. Every verb that changes a service refreshes what search knows of it."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import slugify

from mantelzorg.refusal import Refused
from sociale_kaart import permissions
from sociale_kaart.models import Contact, LocalNote, Location, Municipality, Organisation, Service
from sociale_kaart.search import index

SLUG_ATTEMPTS = 5


# Organisations ------------------------------------------------------------------------------------------------------


@transaction.atomic
def create_organisation(
    *, name: str, kind: str, by, municipalities: Iterable[Municipality] = (), slug: str = "", **fields: Any
) -> Organisation:
    if not permissions.may_manage_organisations(by):
        raise PermissionDenied
    organisation = Organisation(name=name, kind=kind, **fields)
    _save_with_slug(organisation, slug or name)
    organisation.municipalities.set(municipalities)
    return organisation


@transaction.atomic
def update_organisation(
    *, organisation: Organisation, by, municipalities: Iterable[Municipality] | None = None, **fields: Any
) -> Organisation:
    """Change fields, and the municipalities when they are given. Its address (slug) stays what it was."""
    if not permissions.may_manage_organisations(by):
        raise PermissionDenied
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    renamed = fields.get("name", organisation.name) != organisation.name
    _change(organisation, fields)
    if municipalities is not None:
        organisation.municipalities.set(municipalities)
    if renamed:
        index.refresh(organisation.services.values_list("pk", flat=True))
    return organisation


@transaction.atomic
def add_location(*, organisation: Organisation, by, **fields: Any) -> Location:
    if not permissions.may_manage_organisations(by):
        raise PermissionDenied
    location = Location(organisation=organisation, **fields)
    _check_fields(location)
    location.save(force_insert=True)
    return location


@transaction.atomic
def add_contact(*, organisation: Organisation, by, service: Service | None = None, **fields: Any) -> Contact:
    if not _may_change_contact(by, organisation, service):
        raise PermissionDenied
    contact = Contact(organisation=organisation, service=service, **fields)
    _check_fields(contact)
    contact.save(force_insert=True)
    return contact


@transaction.atomic
def update_contact(*, contact: Contact, by, **fields: Any) -> Contact:
    contact = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if not _may_change_contact(by, contact.organisation, contact.service):
        raise PermissionDenied
    _set(contact, fields)
    contact.save(update_fields=list(fields))
    return contact


# Services -----------------------------------------------------------------------------------------------------------

_LINKS = ("municipalities", "kinds", "professions", "phases", "target_groups", "languages", "financing", "locations")


@transaction.atomic
def create_service(
    *,
    organisation: Organisation,
    name: str,
    by,
    municipalities: Iterable[Municipality],
    home_municipality: Municipality | None = None,
    slug: str = "",
    **fields: Any,
) -> Service:
    """Make a draft. Links (those of `_LINKS`) are given like fields.

    The home municipality, whose turn it is to keep the service fresh, is the first one unless another is named.
    """
    municipalities = list(municipalities)
    if not permissions.may_maintain_in(by, municipalities):
        raise PermissionDenied
    links = {link: fields.pop(link) for link in _LINKS if link in fields} | {"municipalities": municipalities}
    if fields.get("capacity") and not fields.get("capacity_on"):
        fields["capacity_on"] = timezone.localdate()
    service = Service(
        organisation=organisation,
        name=name,
        home_municipality=home_municipality or (municipalities[0] if municipalities else None),
        **fields,
        status=Service.Status.DRAFT,
    )
    _check_home(service, municipalities)
    _save_with_slug(service, slug or f"{service.everyday_name or name} {organisation.name}")
    for link, linked in links.items():
        getattr(service, link).set(linked)
    return service


@transaction.atomic
def update_service(*, service: Service, by, **fields: Any) -> Service:
    """Change fields and links. Its address (slug) stays what it was, and its status has verbs of its own."""
    service = _locked_for(by, service)
    links = {link: list(fields.pop(link)) for link in _LINKS if link in fields}
    if {"status", "checked_on", "checked_by", "next_check_on"} & fields.keys():
        raise ValueError("publish_service, pause_service, archive_service and confirm_service change these.")
    if fields.get("capacity", service.capacity) != service.capacity and "capacity_on" not in fields:
        fields["capacity_on"] = timezone.localdate() if fields["capacity"] else None
    if fields.get("capacity", service.capacity) != Service.Capacity.WAITING_LIST:
        fields["wait_weeks"] = None
    _change(service, fields)
    for link, linked in links.items():
        getattr(service, link).set(linked)
    _check_home(service, service.municipalities.all())
    if service.status == Service.Status.PUBLISHED:
        _check_complete(service)
    index.refresh([service.pk])
    return service


@transaction.atomic
def publish_service(*, service: Service, by, now: datetime.datetime | None = None) -> Service:
    """Show a draft, paused or archived service to everyone. Publishing says that it is right today."""
    service = _locked_for(by, service)
    _check_complete(service)
    service.status = Service.Status.PUBLISHED
    _mark_checked(service, by, now)
    service.save(update_fields=["status", "checked_on", "checked_by", "next_check_on", "updated_at"])
    index.refresh([service.pk])
    return service


@transaction.atomic
def confirm_service(*, service: Service, by, now: datetime.datetime | None = None) -> Service:
    """ "Klopt nog": somebody who may maintain it says that it is still right."""
    service = _locked_for(by, service)
    _mark_checked(service, by, now)
    service.save(update_fields=["checked_on", "checked_by", "next_check_on", "updated_at"])
    index.refresh([service.pk])
    return service


def pause_service(*, service: Service, by) -> Service:
    return _take_down(service, by, Service.Status.PAUSED)


def archive_service(*, service: Service, by) -> Service:
    return _take_down(service, by, Service.Status.ARCHIVED)


def record_usual_answer_days(*, service: Service, days: int | None) -> None:
    """How fast it usually answers: worked out from the referrals above this room, and written here by a job."""
    Service.objects.filter(pk=service.pk).update(usual_answer_days=days)


def refresh_search(service: Service | None = None) -> int:
    """Make search know a service as it is now, or all of them. Called by whatever writes services."""
    return index.refresh(None if service is None else [service.pk])


# Local notes --------------------------------------------------------------------------------------------------------


class NoteChanged(Refused):
    """Somebody else was first: what she read does not stand any more."""

    def __init__(self):
        super().__init__("Deze aanvulling is intussen gewijzigd of weggehaald.")


@transaction.atomic
def write_local_note(
    *,
    text: str,
    municipalities: Iterable[Municipality],
    by,
    profession=None,
    phase=None,
    now: datetime.datetime | None = None,
) -> LocalNote:
    """Say what holds in these municipalities, beside the page of a profession or of a phase."""
    return _write_note(text, municipalities, by, now, profession=profession, phase=phase)


@transaction.atomic
def change_local_note(
    *, note: LocalNote, text: str, municipalities: Iterable[Municipality], by, now: datetime.datetime | None = None
) -> LocalNote:
    """The note ends and the next one takes its place. Raises NoteChanged when it had ended already."""
    if not permissions.may_write_note_for(by, note.municipalities.all()):
        raise PermissionDenied
    note = _end_note(note, by, now)
    return _write_note(text, municipalities, by, now, profession=note.profession, phase=note.phase, replaces=note)


@transaction.atomic
def end_local_note(*, note: LocalNote, by, now: datetime.datetime | None = None) -> LocalNote:
    return _end_note(note, by, now)


def _write_note(text: str, municipalities: Iterable[Municipality], by, now, **about: Any) -> LocalNote:
    municipalities = list(municipalities)
    if not permissions.may_write_note_for(by, municipalities):
        raise PermissionDenied
    note = LocalNote(
        text=text.strip(),
        organisation_id=by.organisation_id,
        written_by_id=by.pk,
        written_at=now or timezone.now(),
        **about,
    )
    _check_fields(note)
    note.save(force_insert=True)
    note.municipalities.set(municipalities)
    return note


def _end_note(note: LocalNote, by, now: datetime.datetime | None) -> LocalNote:
    note = LocalNote.objects.select_for_update().get(pk=note.pk)
    if not permissions.may_end_note_for(by, note.municipalities.all()):
        raise PermissionDenied
    if note.ended_at:
        raise NoteChanged
    note.ended_at, note.ended_by_id = now or timezone.now(), by.pk
    note.save(update_fields=["ended_at", "ended_by"])
    return note


# Steps --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def _take_down(service: Service, by, status: str) -> Service:
    service = _locked_for(by, service)
    service.status = status
    service.updated_at = timezone.now()
    service.save(update_fields=["status", "updated_at"])
    index.refresh([service.pk])
    return service


def _locked_for(by, service: Service) -> Service:
    service = Service.objects.select_for_update().get(pk=service.pk)
    if not permissions.may_maintain_service(by, service):
        raise PermissionDenied
    return service


def _mark_checked(service: Service, by, now: datetime.datetime | None) -> None:
    now = now or timezone.now()
    service.checked_on = timezone.localdate(now)
    service.checked_by_id = by.pk
    service.next_check_on = service.checked_on + datetime.timedelta(days=service.check_interval_days)
    service.updated_at = now


def _check_home(service: Service, municipalities: Iterable[Municipality]) -> None:
    if service.home_municipality_id and service.home_municipality_id not in {place.pk for place in municipalities}:
        raise ValidationError({"home_municipality": "Kies een van de gemeenten waar dit aanbod is."})


def _check_complete(service: Service) -> None:
    """What everyone needs to know before a service can be shown."""
    mistakes = {}
    if not service.summary:
        mistakes["summary"] = "Zeg in één zin wat dit aanbod is."
    if not service.municipalities.exists():
        mistakes["municipalities"] = "Kies minstens één gemeente."
    elif not service.home_municipality_id:
        mistakes["home_municipality"] = "Kies de gemeente die dit aanbod bijhoudt."
    if not service.kinds.exists():
        mistakes["kinds"] = "Kies minstens één ondersteuningsvorm."
    if mistakes:
        raise ValidationError(mistakes)


def _may_change_contact(by, organisation: Organisation, service: Service | None) -> bool:
    if service is None:
        return permissions.may_manage_organisations(by)
    return permissions.may_maintain_service(by, service) and service.organisation_id == organisation.pk


def _set(instance: models.Model, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        instance._meta.get_field(name)  # an unknown name is a mistake of ours, not something to set in silence
        setattr(instance, name, value)
    _check_fields(instance)


def _change(instance: models.Model, fields: dict[str, Any]) -> None:
    _set(instance, fields)
    instance.updated_at = timezone.now()
    instance.save(update_fields=[*fields, "updated_at"])


def _check_fields(instance: models.Model) -> None:
    instance.clean_fields(exclude=[field.name for field in instance._meta.fields if field.is_relation])


def _save_with_slug(instance: models.Model, text: str) -> None:
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
        _check_fields(instance)
        try:
            with transaction.atomic():
                instance.save(force_insert=True)
            return
        except IntegrityError as error:
            if "slug" not in str(error) or attempt == SLUG_ATTEMPTS - 1:
                raise

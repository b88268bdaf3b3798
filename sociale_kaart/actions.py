"""What can be done with the sociale kaart. Every verb that changes a service refreshes what search knows of it.

Every verb notes in the history what it changed (sociale_kaart/editing/history.py).
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from mantelzorg.refusal import Refused
from sociale_kaart import permissions
from sociale_kaart.editing import history, hours, saving
from sociale_kaart.editing.history import What
from sociale_kaart.editing.organisations import (
    add_contact,
    add_location,
    create_organisation,
    remove_contact,
    remove_location,
    update_contact,
    update_location,
    update_organisation,
)
from sociale_kaart.models import LocalNote, Municipality, Organisation, Service
from sociale_kaart.search import index

__all__ = [
    "add_contact",
    "add_location",
    "create_organisation",
    "remove_contact",
    "remove_location",
    "update_contact",
    "update_location",
    "update_organisation",
]

# Services -----------------------------------------------------------------------------------------------------------

_LINKS = ("municipalities", "kinds", "professions", "phases", "target_groups", "languages", "financing", "locations")
_STATUS = ("status", "paused_until")
CHECK = ("checked_on", "checked_by", "next_check_on")
ITSELF = "het portaal zelf, omdat de pauze voorbij is"


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
    saving.save_with_slug(service, slug or f"{service.everyday_name or name} {organisation.name}")
    after = history.fields_of(service, ["organisation", "name", "home_municipality", *fields])
    for link, linked in links.items():
        getattr(service, link).set(linked)
        after[link] = history.keys(linked)
    said = {name: value for name, value in after.items() if value not in (None, "", [], False)}
    history.note(service, What.MADE, by=by, after=said)
    return service


@transaction.atomic
def update_service(*, service: Service, by, what: str = What.CHANGED, said_by: str = "", **fields: Any) -> Service:
    """Change fields, links and opening hours. Its address (slug) stays what it was; its status has verbs of its own."""
    service = locked_for(by, service)
    links = {link: list(fields.pop(link)) for link in _LINKS if link in fields}
    schedules = fields.pop("schedules", None)
    if {*_STATUS, *CHECK} & fields.keys():
        raise ValueError("publish_service, pause_service, archive_service and confirm_service change these.")
    is_news = any(fields.get(name, (was := getattr(service, name))) != was for name in ("capacity", "wait_weeks"))
    if is_news and "capacity_on" not in fields:
        fields["capacity_on"] = timezone.localdate() if fields.get("capacity", service.capacity) else None
    if fields.get("capacity", service.capacity) != Service.Capacity.WAITING_LIST:
        fields["wait_weeks"] = None
    if fields.get("check_interval_days", service.check_interval_days) != service.check_interval_days:
        fields["next_check_on"] = _next_check(service.checked_on, fields["check_interval_days"])
    places = links["municipalities"] if "municipalities" in links else service.municipalities.all()
    if "home_municipality" in fields and fields["home_municipality"] is None:
        fields["home_municipality"] = _first_home(by, places)
    before = history.fields_of(service, fields) | history.links_of(service, links)
    saving.fill(service, fields)
    _check_home(service, places)
    if service.status in (Service.Status.PUBLISHED, Service.Status.PAUSED):
        _check_complete(service, links)
    saving.change(service, fields)
    after = history.fields_of(service, fields)
    for link, linked in links.items():
        getattr(service, link).set(linked)
        after[link] = history.keys(linked)
    if schedules is not None:
        before["schedules"], after["schedules"] = hours.of(service), schedules
        hours.write(service, schedules)
    for one in (before, after):
        one.pop("next_check_on", None)
    history.note(service, what, by=by, before=before, after=after, said_by=said_by)
    index.refresh([service.pk])
    return service


@transaction.atomic
def publish_service(*, service: Service, by, now: datetime.datetime | None = None) -> Service:
    """Show a draft, paused or archived service to everyone. Publishing says that it is right today."""
    service = locked_for(by, service)
    _check_complete(service)
    return _write_status(service, Service.Status.PUBLISHED, What.PUBLISHED, by=by, checks=True, now=now)


@transaction.atomic
def confirm_service(*, service: Service, by, now: datetime.datetime | None = None, said_by: str = "") -> Service:
    """ "Klopt nog": somebody who may maintain it says that it is still right.

    `by` may be somebody without an account: then `said_by` is who that is, in words.
    """
    service = locked_for(by, service)
    before = history.fields_of(service, ["checked_on"])
    _mark_checked(service, by, now)
    service.save(update_fields=[*CHECK, "updated_at"])
    after = history.fields_of(service, ["checked_on"])
    history.note(service, What.CHECKED, by=by, before=before, after=after, said_by=said_by, now=now)
    index.refresh([service.pk])
    return service


@transaction.atomic
def pause_service(*, service: Service, by, until: datetime.date | None = None) -> Service:
    """Off the card for a while. With a day it comes back by itself (`end_pauses`)."""
    if until and until <= timezone.localdate():
        raise Refused("Kies een dag na vandaag.", field="until")
    service = locked_for(by, service)
    if service.status not in (Service.Status.PUBLISHED, Service.Status.PAUSED):
        raise Refused("Alleen wat op de sociale kaart staat, kun je tijdelijk weghalen.")
    return _write_status(service, Service.Status.PAUSED, What.PAUSED, by=by, until=until)


@transaction.atomic
def archive_service(*, service: Service, by) -> Service:
    return _write_status(locked_for(by, service), Service.Status.ARCHIVED, What.STOPPED, by=by)


@transaction.atomic
def withdraw_service(*, service: Service, by) -> Service:
    """Back to a draft: putting on the card was a mistake."""
    return _write_status(locked_for(by, service), Service.Status.DRAFT, What.CHANGED, by=by)


@transaction.atomic
def restore_status(*, service: Service, by, status: str, until: datetime.date | None = None) -> Service:
    """Back to how it stood. Nobody looked at it: its check stays as it was."""
    service = locked_for(by, service)
    if until and until <= timezone.localdate():
        raise Refused("De pauze die er stond, is voorbij. Zet het aanbod zelf op de sociale kaart.")
    if status in (Service.Status.PUBLISHED, Service.Status.PAUSED):
        _check_complete(service)
    checks = status == Service.Status.PUBLISHED and service.checked_on is None
    return _write_status(service, status, What.PUT_BACK, by=by, until=until, checks=checks)


def end_pauses(*, now: datetime.datetime) -> int:
    """Whose pause ends today or ended before, is on the card again. Nobody looked at it: its check stays as it was."""
    ended = 0
    for pk in list(Service.objects.pauses_that_end(timezone.localdate(now)).values_list("pk", flat=True)):
        with transaction.atomic():
            service = Service.objects.pauses_that_end(timezone.localdate(now)).select_for_update().filter(pk=pk).first()
            if service is None:
                continue  # somebody was first
            _write_status(service, Service.Status.PUBLISHED, What.PUBLISHED, by=None, said_by=ITSELF, now=now)
            ended += 1
    return ended


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
    saving.check_fields(note)
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


def locked_for(by, service: Service) -> Service:
    service = Service.objects.select_for_update().get(pk=service.pk)
    if not permissions.may_maintain_service(by, service):
        raise PermissionDenied
    return service


def _write_status(
    service: Service,
    status: str,
    what: str,
    *,
    by,
    until: datetime.date | None = None,
    checks: bool = False,
    said_by: str = "",
    now: datetime.datetime | None = None,
) -> Service:
    """Of a service that is locked; `checks` says that it is right today. `published_at` is since when it is on the
    card: a pause does not make it new.
    """
    now = now or timezone.now()
    before = history.fields_of(service, _STATUS)
    if status == Service.Status.PUBLISHED and service.status not in (status, Service.Status.PAUSED):
        service.published_at = now
    service.status, service.paused_until, service.updated_at = status, until, now
    written = [*_STATUS, "published_at", "updated_at"]
    if checks:
        _mark_checked(service, by, now)
        written += CHECK
    saving.save(service, written)
    after = history.fields_of(service, _STATUS)
    history.note(service, what, by=by, before=before, after=after, said_by=said_by, now=now)
    index.refresh([service.pk])
    return service


def _mark_checked(service: Service, by, now: datetime.datetime | None) -> None:
    now = now or timezone.now()
    service.checked_on = timezone.localdate(now)
    service.checked_by_id = by.pk
    service.next_check_on = _next_check(service.checked_on, service.check_interval_days)
    service.updated_at = now


def _next_check(checked_on: datetime.date | None, days: int) -> datetime.date | None:
    return checked_on + datetime.timedelta(days=days) if checked_on else None


def _check_home(service: Service, municipalities: Iterable[Municipality]) -> None:
    if service.home_municipality_id and service.home_municipality_id not in {
        getattr(place, "pk", place) for place in municipalities
    }:
        raise ValidationError({"home_municipality": "Kies een van de gemeenten waar dit aanbod is."})


def _first_home(by, municipalities: Iterable[Municipality | str]) -> Municipality | None:
    """Nobody chose which keeps it: the first that is hers, otherwise the first."""
    rows = list(Municipality.objects.with_codes([getattr(place, "pk", place) for place in municipalities]))
    return next(filter(by.may_maintain, rows), rows[0] if rows else None)


def _check_complete(service: Service, links: Mapping[str, list] | None = None) -> None:
    """What everyone needs to know before a service can be shown; `links` are what will be linked to it."""
    links = links or {}
    mistakes = {}
    if not service.summary:
        mistakes["summary"] = "Zeg in één zin wat dit aanbod is."
    if not (links["municipalities"] if "municipalities" in links else service.municipalities.exists()):
        mistakes["municipalities"] = "Kies minstens één gemeente."
    elif not service.home_municipality_id:
        mistakes["home_municipality"] = "Kies de gemeente die dit aanbod bijhoudt."
    if not (links["kinds"] if "kinds" in links else service.kinds.exists()):
        mistakes["kinds"] = "Kies minstens één ondersteuningsvorm."
    if mistakes:
        raise ValidationError(mistakes)

"""What can be done with organisations, the places where they sit, and whom to ask for. See sociale_kaart/actions.py."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from knowledge.models import Profession
from mantelzorg.refusal import Refused
from sociale_kaart import permissions
from sociale_kaart.editing import history, saving
from sociale_kaart.editing.history import What
from sociale_kaart.models import Contact, Location, Municipality, Organisation, Service
from sociale_kaart.search import index

IDENTITY = ("name", "kind")  # what everybody who works with it knows it by
OF_THE_INSTALLATION = ("uses_portal", "answers_by_link")


@transaction.atomic
def create_organisation(
    *, name: str, kind: str, by, municipalities: Iterable[Municipality] = (), slug: str = "", **fields: Any
) -> Organisation:
    municipalities = list(municipalities)
    if not permissions.may_add_organisation(by, municipalities):
        raise PermissionDenied
    if any(fields.get(field) for field in OF_THE_INSTALLATION) and not permissions.may_manage_organisations(by):
        raise PermissionDenied
    organisation = Organisation(name=name, kind=kind, **fields)
    saving.save_with_slug(organisation, slug or name)
    organisation.municipalities.set(municipalities)
    after = history.fields_of(organisation, ["name", "kind", *fields]) | {
        "municipalities": history.keys(municipalities)
    }
    history.note(organisation, What.MADE, by=by, after=_said(after))
    return organisation


@transaction.atomic
def update_organisation(
    *,
    organisation: Organisation,
    by,
    municipalities: Iterable[Municipality] | None = None,
    what: str = What.CHANGED,
    **fields: Any,
) -> Organisation:
    """Change fields, and the municipalities when they are given. Its address (slug) stays what it was."""
    organisation = locked_for(by, organisation)
    before = history.fields_of(organisation, fields)
    renamed = fields.get("name", organisation.name) != organisation.name
    _check_identity(by, organisation, fields)
    saving.change(organisation, fields)
    after = history.fields_of(organisation, fields)
    if municipalities is not None:
        municipalities = list(municipalities)
        before |= history.links_of(organisation, ["municipalities"])
        after["municipalities"] = history.keys(municipalities)
        _check_area(by, before["municipalities"], after["municipalities"])
        organisation.municipalities.set(municipalities)
    history.note(organisation, what, by=by, before=before, after=after)
    if renamed:
        index.refresh(organisation.services.values_list("pk", flat=True))
    return organisation


@transaction.atomic
def add_location(*, organisation: Organisation, by, what: str = What.CHANGED, **fields: Any) -> Location:
    organisation = locked_for(by, organisation)
    location = Location(organisation=organisation, **fields)
    saving.check_fields(location)
    location.save(force_insert=True)
    _note_location(organisation, location, by, what, before=None)
    return location


@transaction.atomic
def update_location(*, location: Location, by, what: str = What.CHANGED, **fields: Any) -> Location:
    organisation = locked_for(by, location.organisation)
    location = Location.objects.select_for_update(of=("self",)).get(pk=location.pk)
    before = history.of_location(location)
    saving.fill(location, fields)
    saving.save(location, list(fields))
    _note_location(organisation, location, by, what, before=before)
    return location


@transaction.atomic
def remove_location(*, location: Location, by, what: str = What.CHANGED) -> None:
    """Take a location away that no service names: of the others somebody finds her way there."""
    organisation = locked_for(by, location.organisation)
    if location.services.exists():
        raise Refused("Er wordt nog aanbod gegeven op deze locatie. Haal haar daar eerst weg.")
    key = history.LOCATION + str(location.pk)
    before = history.of_location(location)
    location.delete()
    history.note(organisation, what, by=by, before={key: before}, after={key: None})
    saving.touch(organisation)


@transaction.atomic
def add_contact(
    *, organisation: Organisation, by, service: Service | None = None, what: str = What.CHANGED, **fields: Any
) -> Contact:
    owner = _owner_of(by, organisation, service)
    contact = Contact(organisation=organisation, service=service, **fields)
    saving.check_fields(contact)
    contact.save(force_insert=True)
    _note_contact(owner, contact.pk, by, what, before=None, after=history.of_contact(contact))
    return contact


@transaction.atomic
def update_contact(*, contact: Contact, by, what: str = What.CHANGED, **fields: Any) -> Contact:
    """Change fields. Whose it is, is a field too: who moves it must be allowed to change both owners."""
    owner, contact = _locked_contact(by, contact)
    before = history.of_contact(contact)
    saving.fill(contact, fields)
    new_owner = _owner_of(by, contact.organisation, contact.service)
    saving.save(contact, list(fields))
    after = history.of_contact(contact)
    if new_owner == owner:
        _note_contact(owner, contact.pk, by, what, before=before, after=after)
    else:
        _note_contact(owner, contact.pk, by, what, before=before, after=None)
        _note_contact(new_owner, contact.pk, by, what, before=None, after=after)
    return contact


@transaction.atomic
def remove_contact(*, contact: Contact, by, what: str = What.CHANGED) -> None:
    owner, contact = _locked_contact(by, contact)
    _note_contact(owner, contact.pk, by, what, before=history.of_contact(contact), after=None)
    contact.delete()


def locked_for(by, organisation: Organisation) -> Organisation:
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not permissions.may_change_organisation(by, organisation):
        raise PermissionDenied
    return organisation


def locked_contact(by, contact: Contact) -> Contact:
    return _locked_contact(by, contact)[1]


def for_contact(values: dict[str, Any]) -> dict[str, Any]:
    """From plain values to what `add_contact` and `update_contact` take."""
    if "profession" not in values:
        return values
    slug = values["profession"]
    return values | {"profession": Profession.objects.get(pk=slug) if slug else None}


# Steps --------------------------------------------------------------------------------------------------------------


def _owner_of(by, organisation: Organisation, service: Service | None) -> Organisation | Service:
    """Whose contact it is, locked. Raises when she may not change that, or when the two do not belong together."""
    if service is None:
        return locked_for(by, organisation)
    service = Service.objects.select_for_update().get(pk=service.pk)
    if service.organisation_id != organisation.pk or not permissions.may_maintain_service(by, service):
        raise PermissionDenied
    return service


def _locked_contact(by, contact: Contact) -> tuple[Organisation | Service, Contact]:
    """Whose it is now, whatever it was when she saw it. Its owner is locked first, as by every other verb."""
    seen = Contact.objects.select_related("organisation", "service").get(pk=contact.pk)
    owner = _owner_of(by, seen.organisation, seen.service)
    locked = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if (locked.organisation_id, locked.service_id) != (seen.organisation_id, seen.service_id):
        raise PermissionDenied
    return owner, locked


def _check_identity(by, organisation: Organisation, fields: dict[str, Any]) -> None:
    changed = {name for name, value in fields.items() if getattr(organisation, name) != value}
    if changed & set(OF_THE_INSTALLATION) and not permissions.may_manage_organisations(by):
        raise PermissionDenied
    if changed & set(IDENTITY) and not permissions.may_rename_organisation(by, organisation):
        raise PermissionDenied


def _check_area(by, before: list[str], after: list[str]) -> None:
    """She says of her own municipalities whether it works there, and of no other."""
    if permissions.may_manage_organisations(by):
        return
    if (set(before) ^ set(after)) - set(by.maintained_municipalities):
        raise PermissionDenied


def _note_location(organisation: Organisation, location: Location, by, what: str, *, before: dict | None) -> None:
    key = history.LOCATION + str(location.pk)
    history.note(organisation, what, by=by, before={key: before}, after={key: history.of_location(location)})
    saving.touch(organisation)


def _note_contact(owner, pk, by, what: str, *, before: dict | None, after: dict | None) -> None:
    key = history.CONTACT + str(pk)
    history.note(owner, what, by=by, before={key: before}, after={key: after})
    saving.touch(owner)


def _said(values: dict[str, Any]) -> dict[str, Any]:
    """What was said of a new one; what was left open goes without saying."""
    return {name: value for name, value in values.items() if value not in (None, "", [], False)}

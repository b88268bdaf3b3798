"""Putting one change back: what stood there before it, stands there again. That is a change too."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from mantelzorg.refusal import Refused
from sociale_kaart import actions
from sociale_kaart.editing import history, organisations, values
from sociale_kaart.editing.history import CONTACT, LOCATION, What
from sociale_kaart.editing.values import Values
from sociale_kaart.models import Change, Contact, Location, Municipality, Organisation, Service

NEVER = (What.MADE, What.CHECKED)
STATUS = ("status", "paused_until")
NOT_PUT_BACK = ("checked_on", "identifiers", "organisation")


def target_of(change: Change) -> Service | Organisation | None:
    model = Service if change.thing == Change.Thing.SERVICE else Organisation
    return model.objects.filter(pk=change.target).first()


def keys_of(change: Change) -> list[str]:
    """What of this change can be put back at all."""
    if change.what in NEVER:
        return []
    return [name for name in change.before if name not in NOT_PUT_BACK]


def stands_now(change: Change) -> Values:
    """How everything this change is about stands now."""
    target = target_of(change)
    if target is None:
        return {}
    if isinstance(target, Organisation):
        return values.of_organisation(target)
    return values.of_service(target) | history.fields_of(target, STATUS)


def changed_since(change: Change, now: Values) -> list[str]:
    return [name for name in keys_of(change) if now.get(name) != change.after.get(name)]


def wanted_of(change: Change, now: Values) -> Values:
    """What would be written: where it stands already, there is nothing to do."""
    return {name: change.before[name] for name in keys_of(change) if now.get(name) != change.before[name]}


@transaction.atomic
def put_back(*, change: Change, by, seen: Values | None = None) -> None:
    """Make it stand as before this change.

    What was changed since is refused, unless she has `seen` how it stands now and wants it all the same.
    """
    target = target_of(change)
    if target is None:
        raise Refused("Dit bestaat niet meer. Terugzetten kan niet.")
    lock = organisations.locked_for if isinstance(target, Organisation) else actions.locked_for
    lock(by, target)
    now = stands_now(change)
    wanted = wanted_of(change, now)
    if not wanted:
        raise Refused("Er is niets terug te zetten: het staat al zo, of dit soort wijziging kan niet terug.")
    changed = [name for name in changed_since(change, now) if name in wanted]
    if any((seen or {}).get(name, change.after.get(name)) != now.get(name) for name in changed):
        raise Refused("Hier is daarna nog iets aan gewijzigd. Kijk eerst wat er nu staat.")
    try:
        if isinstance(target, Organisation):
            _put_organisation(target, wanted, by)
        else:
            _put_service(target, wanted, by)
    except PermissionDenied:
        raise Refused(
            "Naam, soort en werkgebied van deze organisatie zet de functioneel beheerder terug, of wie al haar "
            "gemeenten bijhoudt."
        ) from None
    except ValidationError as mistake:
        raise Refused(f"Dit kan niet terug: {' '.join(mistake.messages)}") from mistake


# Steps --------------------------------------------------------------------------------------------------------------


def _put_service(service: Service, wanted: Values, by) -> None:
    rows, rest = _apart(wanted)
    status = {name: rest.pop(name) for name in STATUS if name in rest}
    if wrong := values.mistakes(service, rest):
        raise ValidationError(wrong)
    if rest:
        actions.update_service(service=service, by=by, what=What.PUT_BACK, **values.for_service(rest))
    _put_rows(service.organisation, service, rows, by)
    if status:
        _put_status(service, status, by)


def _put_organisation(organisation: Organisation, wanted: Values, by) -> None:
    rows, rest = _apart(wanted)
    if "municipalities" in rest:
        rest["municipalities"] = Municipality.objects.filter(pk__in=rest["municipalities"])
    if rest:
        actions.update_organisation(organisation=organisation, by=by, what=What.PUT_BACK, **rest)
    _put_rows(organisation, None, rows, by)


def _put_status(service: Service, status: Values, by) -> None:
    wanted = status.get("status", service.status)
    until = values.python(Service, "paused_until", status.get("paused_until"))
    actions.restore_status(service=service, by=by, status=wanted, until=until)


def _put_rows(organisation: Organisation, service: Service | None, rows: Values, by) -> None:
    for key, value in rows.items():
        kind, pk = key.split(":", 1)
        put = _put_contact if kind + ":" == CONTACT else _put_location
        put(organisation, service, pk, value, by)


def _put_contact(organisation: Organisation, service: Service | None, pk: str, value: Any, by) -> None:
    contact = Contact.objects.filter(pk=pk).first()
    if value is None and contact:
        actions.remove_contact(contact=contact, by=by, what=What.PUT_BACK)
    elif value is not None and contact:
        actions.update_contact(contact=contact, by=by, what=What.PUT_BACK, **organisations.for_contact(value))
    elif value is not None:
        fields = organisations.for_contact(value) | {"id": pk}
        actions.add_contact(organisation=organisation, service=service, by=by, what=What.PUT_BACK, **fields)


def _put_location(organisation: Organisation, service: Service | None, pk: str, value: Any, by) -> None:
    location = Location.objects.filter(pk=pk).first()
    if value is None and location:
        organisations.remove_location(location=location, by=by, what=What.PUT_BACK)
    elif value is not None and location:
        actions.update_location(location=location, by=by, what=What.PUT_BACK, **value)
    elif value is not None:
        actions.add_location(organisation=organisation, by=by, what=What.PUT_BACK, **value | {"id": pk})


def _apart(wanted: Values) -> tuple[Values, Values]:
    rows = {name: value for name, value in wanted.items() if name.startswith((CONTACT, LOCATION))}
    return rows, {name: value for name, value in wanted.items() if name not in rows}

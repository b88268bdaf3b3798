"""The access log of one caregiver in words for herself: who of which organisation, in which function, and what for."""

from dataclasses import dataclass

from accounts.models import Membership
from mantelzorg.dates import moment_in_words
from sociale_kaart.models import Organisation
from trail import reading
from trail.models import AccessLogEntry


@dataclass(frozen=True)
class Line:
    when: str
    who: str
    function: str
    organisation: str
    what: str
    fields: str
    why: str
    was_refused: bool


HERSELF = "intake.caregiver"
BY_ITSELF = "Het portaal zelf"


def lines_of(rows: list[AccessLogEntry]) -> list[Line]:
    places = {(place.user_id, place.organisation_id): place for place in Membership.objects.behind(rows)}
    by_link = {row.organisation_id for row in rows if is_by_link(row)}
    organisations = Organisation.objects.in_bulk(by_link) if by_link else {}
    return [
        _line(row, places.get((row.user_id, row.organisation_id)), organisations.get(row.organisation_id))
        for row in rows
    ]


def _who(row: AccessLogEntry, place: Membership | None) -> str:
    if place:
        return str(place.user)
    if is_by_link(row):
        return "Iemand die de verwijzing per mail kreeg"
    return BY_ITSELF if row.user_id is None else "Iemand die hier niet meer werkt"


def is_by_link(row: AccessLogEntry) -> bool:
    """Somebody without an account, of the organisation she was referred to."""
    return row.user_id is None and row.relation == "referral"


def _line(row: AccessLogEntry, place: Membership | None, organisation: Organisation | None) -> Line:
    thing = reading.thing(row)
    deed = reading.what(row).capitalize()
    return Line(
        when=moment_in_words(row.at),
        who=_who(row, place),
        function=(place.profession_name or place.role_names) if place else "",
        organisation=str(place.organisation if place else organisation or ""),
        what=deed if not thing or thing in deed.lower() or row.object_type == HERSELF else f"{deed}: {thing}",
        fields=reading.fields(row),
        why=reading.why(row),
        was_refused=row.outcome != AccessLogEntry.Outcome.OK,
    )

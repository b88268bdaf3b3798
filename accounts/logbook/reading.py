"""The logbook of one organisation in words: its own people, their deeds, and a pseudonym for every caregiver."""

import datetime
import uuid
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from accounts.logbook.forms import LogFilterForm
from accounts.logbook.pseudonyms import pseudonym
from accounts.models import Membership, User, role_names
from mantelzorg.dates import moment_in_words
from trail import reading
from trail.models import AccessLogEntry

BADGES = {AccessLogEntry.Outcome.DENIED: ("geweigerd", "warning"), AccessLogEntry.Outcome.ERROR: ("fout", "danger")}


@dataclass(frozen=True)
class Line:
    id: int
    when: str
    who: str
    role: str
    what: str
    thing: str
    fields: str
    why: str
    badge: tuple[str, str] | None
    has_name: bool


@dataclass(frozen=True)
class Choice:
    """Which rows were asked for."""

    person: Membership | None
    event: str
    first: datetime.date
    last: datetime.date
    denied: bool

    def rows(self, user):
        rows = AccessLogEntry.objects.for_user(user).between(*span(self.first, self.last))
        if self.person is not None:
            rows = rows.by_person(self.person.user_id)
        if self.event:
            rows = rows.of_event(self.event)
        return rows.denied() if self.denied else rows

    @property
    def is_narrowed(self) -> bool:
        return bool(self.person or self.event or self.denied)

    @property
    def filters(self) -> tuple[str, ...]:
        """Their names, for the log."""
        asked = {"medewerker": self.person, "actie": self.event, "geweigerd": self.denied}
        return ("periode", *(name for name, value in asked.items() if value))


class Logbook:
    """What was asked for of it, and who the people in it are."""

    def __init__(self, user, asked: dict[str, str]):
        self.user = user
        self.form = LogFilterForm(asked, members=self.members, today=timezone.localdate())
        self.choice = Choice(**self.form.asked())

    @cached_property
    def members(self) -> list[Membership]:
        """Everybody who works here or did: what they did stays in the log."""
        return list(Membership.objects.for_user(self.user).select_related("user").order_by("user__name", "pk"))

    def lines(self, rows: list[AccessLogEntry]) -> list[Line]:
        names = names_of({row.user_id for row in rows}, self.members)
        return [line_of(row, self.user.organisation_id, names) for row in rows]


def names_of(ids: set[uuid.UUID], members: list[Membership]) -> dict[uuid.UUID, str]:
    """What the people behind these keys are called, with one query only for who was never a member here."""
    names = {member.user_id: str(member.user) for member in members}
    others = ids - names.keys() - {None}
    if others:
        names |= {pk: str(user) for pk, user in User.objects.in_bulk(others).items()}
    return names


def line_of(row: AccessLogEntry, organisation_id: uuid.UUID, names: dict[uuid.UUID, str]) -> Line:
    return Line(
        id=row.pk,
        when=moment_in_words(row.at),
        who=names.get(row.user_id, "onbekend"),
        role=role_names(row.role.split(",")) if row.role else "",
        what=reading.what(row).capitalize(),
        thing=f"mantelzorger {pseudonym(organisation_id, row.subject_id)}" if row.subject_id else reading.thing(row),
        fields=reading.fields(row),
        why=reading.why(row),
        badge=BADGES.get(row.outcome),
        has_name=row.subject_id is not None,
    )


def span(first: datetime.date, last: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """From the first moment of one day to the last of the other, here."""

    def midnight(day: datetime.date) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))

    return midnight(first), midnight(
        min(last, datetime.date.max - datetime.timedelta(days=2)) + datetime.timedelta(days=1)
    )

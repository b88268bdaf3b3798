"""What may be read of a mini-MDO: all of it by who keeps her record, by a guest what the caregiver agreed to."""

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Value
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from intake.models import Caregiver
from mantelzorg.dates import day_in_words, days_late, moment_in_words
from referrals.models import (
    FEWEST_GUESTS,
    MOST_AGREEMENTS,
    MOST_GUESTS,
    Meeting,
    MeetingAgreement,
    MeetingGuest,
    MeetingShare,
)

Chair, Doing = MeetingGuest.State, MeetingAgreement.State
BADGES = {Chair.ASKED: "warning", Chair.YES: "safe", Chair.NO: "neutral", Chair.OFF: "neutral"}
DOING_BADGES = {Doing.OPEN: "active", Doing.DONE: "safe", Doing.BACK: "warning"}
STATE_BADGES = {Meeting.State.PLANNED: "active", Meeting.State.HELD: "safe", Meeting.State.CANCELLED: "neutral"}


@dataclass(frozen=True)
class GuestLine:
    id: uuid.UUID
    who: str
    what: str
    state: str
    badge: str
    note: str
    at_the_table: bool


@dataclass(frozen=True)
class AgreementLine:
    id: uuid.UUID
    who: str
    what: str
    until: str
    state: str
    badge: str
    late: str
    note: str
    is_mine: bool
    is_done: bool


@dataclass
class Reading:
    """The page of one meeting, and its report: the same words for both."""

    id: uuid.UUID
    is_own: bool
    name: str
    moment: str
    day: str
    how: str
    question: str
    points: list[str]
    conclusion: str
    organiser: str
    organiser_name: str
    organiser_is: str
    organisation: str
    state: str
    badge: str
    is_planned: bool
    was_held: bool
    is_past: bool
    guests: list[GuestLine]
    agreements: list[AgreementLine] = field(default_factory=list)
    there: list[str] = field(default_factory=list)  # who was there, one to a line
    caregiver_url: str = ""
    answer: str = ""  # of a guest: her own
    is_asked: bool = False  # she may answer
    fields: tuple[str, ...] = ("name", "meetings")
    relation: str = "owner"
    consent: uuid.UUID | None = None

    @property
    def facts(self) -> list[tuple[str, str]]:
        return [("Wanneer", self.moment), ("Hoe", self.how), ("Gepland door", self.organiser)]

    @property
    def coming(self) -> int:
        return sum(1 for guest in self.guests if guest.at_the_table)

    @property
    def may_invite(self) -> bool:
        return self.is_own and self.is_planned and self.coming < MOST_GUESTS

    @property
    def needs_more(self) -> bool:
        return self.is_own and self.is_planned and self.coming < FEWEST_GUESTS

    @property
    def may_agree(self) -> bool:
        return self.is_own and (self.is_planned or self.was_held) and len(self.agreements) < MOST_AGREEMENTS


def read(meeting: Meeting, user, *, now: datetime.datetime) -> Reading:
    """Four queries. `meeting` comes from `for_user(user).for_page()`."""
    is_own = meeting.organisation_id == user.organisation_id
    shares = {share.pk: share for share in meeting.shares.all()}  # for a guest of another organisation only her own
    guests = list(MeetingGuest.objects.of_meeting(meeting))
    mine = next((guest for guest in guests if guest.member_id == user.acting.pk and guest.is_at_the_table), None)
    share = shares.get(mine.pk) if mine else None
    name = Caregiver.objects.for_user(user).name_of(meeting.caregiver_id) if is_own else share.her_name
    shown = guests if is_own else [guest for guest in guests if guest.is_at_the_table]
    reading = Reading(
        id=meeting.pk,
        is_own=is_own,
        name=name,
        moment=moment_in_words(meeting.starts_at),
        day=day_in_words(meeting.day),
        how=", ".join(part for part in (meeting.get_how_display(), meeting.place) if part),
        question=meeting.question,
        points=meeting.points,
        conclusion=meeting.conclusion,
        organiser=who_is(meeting.organiser, meeting.organisation.name),
        organiser_name=str(meeting.organiser.user),
        organiser_is=_work_of(meeting.organiser, meeting.organisation.name),
        organisation=meeting.organisation.name,
        state=meeting.get_state_display(),
        badge=STATE_BADGES[Meeting.State(meeting.state)],
        is_planned=meeting.is_planned,
        was_held=meeting.was_held,
        is_past=meeting.starts_at <= now,
        guests=[_guest(guest, shares.get(guest.pk), is_own=is_own) for guest in shown],
        caregiver_url=reverse("meeting_list", args=[meeting.caregiver_id]) if is_own else "",
        relation="owner" if is_own else "meeting",
        consent=share.consent_id if share else None,
    )
    reading.there = [reading.organiser, *(_who(guest) for guest in guests if guest.state == Chair.YES)]
    if mine:
        reading.answer = mine.get_state_display() if mine.state != Chair.ASKED else ""
        reading.is_asked = meeting.is_planned
    if is_own or mine.state == Chair.YES:
        today = timezone.localdate(now)
        reading.agreements = [_agreement(one, user, today) for one in meeting.agreements.for_page()]
        reading.fields = ("name", "meetings", "agreements")
    return reading


def who_is(member: Membership, organisation: str) -> str:
    return f"{member.user}, {_work_of(member, organisation)}"


def _work_of(member: Membership, organisation: str) -> str:
    return ", ".join(part for part in (member.profession_name, organisation) if part)


def _who(guest: MeetingGuest) -> str:
    return who_is(guest.member, guest.organisation.name)


def _guest(guest: MeetingGuest, share: MeetingShare | None, *, is_own: bool) -> GuestLine:
    """Her answer is for who planned it; a fellow guest sees who she is."""
    return GuestLine(
        id=guest.pk,
        who=str(guest.member.user),
        what=_work_of(guest.member, guest.organisation.name),
        state=guest.get_state_display() if is_own else "",
        badge=BADGES.get(guest.state, "neutral"),
        note=share.note if is_own and share else "",
        at_the_table=guest.is_at_the_table,
    )


def _agreement(one: MeetingAgreement, user, today: datetime.date) -> AgreementLine:
    is_open = one.state == Doing.OPEN
    return AgreementLine(
        id=one.pk,
        who=str(one.member.user),
        what=one.what,
        until=day_in_words(one.before),
        state=one.get_state_display(),
        badge=DOING_BADGES[Doing(one.state)],
        late=days_late(one.before, today) if is_open else "",
        note=one.note if one.steward_id == user.organisation_id else "",
        is_mine=is_open and one.member_id == user.acting.pk,
        is_done=one.state == Doing.DONE,
    )


def lines_of(caregiver: Caregiver) -> list[dict[str, Any]]:
    """The meetings about her, the last first. One query."""
    return [
        {
            "url": reverse("meeting_detail", args=[meeting.pk]),
            "question": meeting.question,
            "moment": moment_in_words(meeting.starts_at),
            "organiser": str(meeting.organiser.user),
            "state": meeting.get_state_display(),
            "badge": STATE_BADGES[Meeting.State(meeting.state)],
        }
        for meeting in Meeting.objects.of_her(caregiver).for_page()
    ]


def at_the_table(meeting: Meeting) -> list[tuple[str, str]]:
    """Who can take something upon her: who called it together, and who said that she comes. One query."""
    coming = [guest for guest in MeetingGuest.objects.of_meeting(meeting) if guest.state == Chair.YES]
    people = [(meeting.organiser_id, who_is(meeting.organiser, meeting.organisation.name))]
    return [(str(key), who) for key, who in [*people, *((guest.member_id, _who(guest)) for guest in coming)]]


# What is asked of somebody -------------------------------------------------------------------------------------------

ANSWER, DO, BACK, WRITE_UP = "antwoord", "doen", "terug", "vastleggen"
COLUMNS = ("asks", "pk", "meeting_key", "on", "about", "about_whom", "is_own", "said")


def asked_of(user, now: datetime.datetime, most: int) -> list[dict[str, Any]]:
    """What meetings ask of her: to answer, to do what was agreed, to see to what came back, to write up what is past.
    One query, each part along its own index and no further than `most`.
    """
    agreements = MeetingAgreement.objects
    parts = [
        MeetingShare.objects.to_answer(user).annotate(asks=Value(ANSWER), said=Value("")),
        agreements.to_do(user).annotate(asks=Value(DO), said=F("what")),
        agreements.returned_to(user).annotate(asks=Value(BACK), said=F("what")),
        Meeting.objects.to_write_up(user, now).annotate(asks=Value(WRITE_UP), said=F("question")),
    ]
    first, *others = [part.values(*COLUMNS)[:most] for part in parts]
    return list(first.union(*others, all=True))

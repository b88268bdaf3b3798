"""Who is asked to become whose fixed contact, in words: what a template has to print and nothing it has to decide."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import Membership
from intake.handing.actions import may_answer, may_take_back
from intake.models import Caregiver, ContactRequest
from intake.models.handing import last_asked
from mantelzorg.dates import date_in_words, day_in_words, days_late

REMEMBERED = datetime.timedelta(days=60)  # how long the page of who hands over tells what was accepted
State = ContactRequest.State


@dataclass(frozen=True)
class RequestLine:
    """One request. `question` is what it asks, as the person who reads it is spoken to."""

    id: Any
    url: str
    who: str
    her_url: str
    question: str
    asked: str
    note: str
    until: str
    late: str
    state: str
    answer: str
    answer_note: str
    may_answer: bool
    may_take_back: bool


def name_of(member: Membership, user, *, you: str = "jij") -> str:
    return you if member.pk == user.acting.pk else str(member.user)


def _first(name: str) -> str:
    return name[:1].upper() + name[1:]


def question(request: ContactRequest, user) -> str:
    """As a title; begins with a verb."""
    name = name_of(request.to, user)
    verb = "Word" if name == "jij" else "Wordt"
    return f"{verb} {name} het vaste aanspreekpunt van {request.caregiver.name}?"


def line_of(request: ContactRequest, user, today: datetime.date) -> RequestLine:
    answered = ""
    if not request.is_open:
        by = f" door {name_of(request.answered_by, user, you='jou')}" if request.answered_by_id else ""
        answered = f"{_first(request.get_state_display())} op {date_in_words(request.answered_at)}{by}."
    return RequestLine(
        id=request.pk,
        url=reverse("contact_request", args=[request.pk]),
        who=request.caregiver.name,
        her_url=reverse("caregiver_detail", args=[request.caregiver_id]),
        question=question(request, user),
        asked=f"Gevraagd door {name_of(request.asked_by, user, you='jou')}, op {date_in_words(request.asked_at)}.",
        note=request.note,
        until=day_in_words(request.answer_on),
        late=days_late(request.answer_on, today) if request.is_open else "",
        state=request.get_state_display(),
        answer=answered,
        answer_note=request.answer_note,
        may_answer=may_answer(user, request),
        may_take_back=may_take_back(user, request),
    )


# The page of one caregiver's fixed contact --------------------------------------------------------------------------


@dataclass(frozen=True)
class ContactPage:
    contact: str
    is_you: bool
    has_left: bool
    waiting: RequestLine | None
    earlier: list[RequestLine]


def contact_of(caregiver: Caregiver, user, today: datetime.date) -> ContactPage:
    requests = caregiver.contact_requests.for_page()
    waiting = requests.open().first()
    earlier = list(requests.history()[:10])
    for request in [*earlier, *([waiting] if waiting else [])]:
        request.caregiver = caregiver
    member = caregiver.fixed_contact
    return ContactPage(
        contact=str(member.user),
        is_you=member.pk == user.acting.pk,
        has_left=member.ended_at is not None,
        waiting=line_of(waiting, user, today) if waiting else None,
        earlier=[line_of(request, user, today) for request in earlier],
    )


def what_comes_along(request: ContactRequest) -> str:
    """What of hers is the old contact's, and will be the new one's."""
    count = request.caregiver.needs.open().owned_by(request.contact_id).count()
    if not count:
        return ""
    what, comes = ("één open hulpvraag", "gaat") if count == 1 else (f"{count} open hulpvragen", "gaan")
    return f"Ook {what} van haar, nu bij {request.contact.user}, {comes} dan mee."


# The page on which several are handed over --------------------------------------------------------------------------


@dataclass(frozen=True)
class HandOverPage:
    """How far somebody is with handing over."""

    name: str
    is_you: bool
    count: int
    waiting: int
    accepted: int
    colleagues: list[dict[str, str]] = field(default_factory=list)

    @property
    def eyebrow(self) -> str:
        return "" if self.is_you else f"Voor {self.name}"

    @property
    def sentence(self) -> str:
        if not self.count:
            return f"{'Jij bent' if self.is_you else f'{self.name} is'} van niemand het vaste aanspreekpunt."
        return f"{'Jij bent' if self.is_you else f'{self.name} is'} voor {many(self.count)} het vaste aanspreekpunt."

    @property
    def free(self) -> int:
        return self.count - self.waiting

    @property
    def so_far(self) -> str:
        """In a sentence; nothing while nobody was asked."""
        parts = []
        if self.waiting:
            parts.append(f"{many(self.waiting)}: gevraagd, nog geen antwoord")
        if self.accepted:
            parts.append(f"{many(self.accepted)}: overgenomen in de laatste {REMEMBERED.days} dagen")
        return f"{'. '.join(parts)}." if parts else ""


def many(count: int) -> str:
    return "1 mantelzorger" if count == 1 else f"{count} mantelzorgers"


def hand_over_page(user, contact: Membership, now: datetime.datetime) -> HandOverPage:
    hers = Caregiver.objects.for_user(user).of_fixed_contact(contact)
    count = hers.count()
    return HandOverPage(
        name=str(contact.user),
        is_you=contact.pk == user.acting.pk,
        count=count,
        waiting=count - hers.nobody_asked().count(),
        accepted=ContactRequest.objects.for_user(user).of_contact(contact).accepted_since(now - REMEMBERED).count(),
        colleagues=_others_with_caregivers(user, contact),
    )


def _others_with_caregivers(user, contact: Membership) -> list[dict[str, str]]:
    """For whom she can open the same page: who is of somebody the fixed contact, also who left."""
    theirs = Caregiver.objects.for_user(user).filter(fixed_contact=OuterRef("pk"))
    members = Membership.objects.for_user(user).but(contact).filter(Exists(theirs)).select_related("user")
    return [
        {
            "name": "Jijzelf" if member.pk == user.acting.pk else str(member.user),
            "url": hand_over_address(user, member),
            "left": "werkt hier niet meer" if member.ended_at else "",
        }
        for member in members.order_by("user__name", "pk")
    ]


def hand_over_address(user, contact: Membership) -> str:
    if contact.pk == user.acting.pk:
        return reverse("hand_over")
    return reverse("hand_over_for", args=[contact.pk])


def rows_to_hand_over(user, contact: Membership):
    return (
        Caregiver.objects.for_user(user)
        .of_fixed_contact(contact)
        .annotate(asked=last_asked())
        .values("pk", "name", "municipality__name", "asked")
    )


def rows_in_words(rows: list[dict], ticked: set[str]) -> list[dict[str, Any]]:
    return [_row(row, ticked) for row in rows]


def _row(row: dict, ticked: set[str]) -> dict[str, Any]:
    """One caregiver in that list: to be ticked, or with whom was asked for her."""
    asked = row["asked"]
    line = {
        "id": row["pk"],
        "name": row["name"],
        "url": reverse("caregiver_detail", args=[row["pk"]]),
        "municipality": row["municipality__name"],
        "is_ticked": str(row["pk"]) in ticked,
        "waits": "",
        "said_no": "",
    }
    if asked and asked["state"] == State.OPEN:
        line |= {"waits": f"Gevraagd: {asked['to']}", "request_url": reverse("contact_request", args=[asked["id"]])}
    elif asked and asked["state"] == State.DECLINED:
        line["said_no"] = f"{asked['to']} zei nee: {asked['why']}"
    return line

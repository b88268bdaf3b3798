"""Handing over a fixed contact person: asked with a note, and nothing changes until it is accepted.

Locks are taken in one order: the caregivers, then the memberships of who are in it, then the requests, then needs. Who
leaves locks her own membership first (accounts.actions), so nobody becomes a fixed contact while she is leaving.
"""

import uuid
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from intake.actions import in_whose_hands, locked_needs, locked_record, note_event
from intake.models import Caregiver, ContactRequest, TimelineEvent
from intake.models.handing import answer_day
from mantelzorg.refusal import Refused
from mantelzorg.verbs import as_a_whole, hold, make_later
from trail.actions import enqueue_mail, record_access

State = ContactRequest.State
MOST_AT_ONCE = 500

ASKED = "Een collega vraagt of jij het vaste aanspreekpunt van een mantelzorger wilt worden."
ASKED_FOR_MORE = "Een collega vraagt of jij het vaste aanspreekpunt van een aantal mantelzorgers wilt worden."
ASKED_FOR_HERSELF = "Een collega wil het vaste aanspreekpunt worden van een mantelzorger van wie jij dat nu bent."
ANOTHER_WAS_ASKED = (
    "Een collega vroeg een ander om jouw taak als vast aanspreekpunt van een mantelzorger over te nemen."
)
ACCEPTED = "Je vraag over een vast aanspreekpunt is aangenomen."
DECLINED = "Je vraag over een vast aanspreekpunt is niet aangenomen. Lees waarom, en kies wat nu."
NO_LONGER_YOU = "Een mantelzorger van wie jij het vaste aanspreekpunt was, heeft nu een ander."


class AnsweredAlready(Refused):
    """Somebody was first, or pressed twice."""

    def __init__(self, request: ContactRequest):
        super().__init__(f"Deze vraag is al {request.get_state_display()}.")
        self.request = request


# Asking -------------------------------------------------------------------------------------------------------------


@as_a_whole
def ask(*, caregiver: Caregiver, by, to: Membership, note: str, now=None) -> ContactRequest:
    """Ask `to` to become her fixed contact; or, when `to` is who asks, ask that of who it is now.

    Of a fixed contact who no longer works there nobody can ask it: then who takes over is it at once. Raises Refused.
    """
    now = now or timezone.now()
    caregiver = locked_record(caregiver, by)
    contact = caregiver.fixed_contact
    works = _working(by, by.acting, to, contact)
    _refuse_wrong_colleague(to, contact, works)
    if (waiting := caregiver.contact_requests.open().for_page().first()) is not None:
        raise Refused(
            f"{_named(waiting.asked_of, by)} heeft nog niet geantwoord op een eerdere vraag. Trek die eerst in."
        )
    note = _said(note)
    request = _request(caregiver, by, to, contact, contact.pk in works, note, now)
    request.save(force_insert=True)
    _note_asked(request, by, now)
    if _is_hers_at_once(request, works):
        _accept(request, caregiver, by=by, note="", now=now)
        return request
    tell(request.asked_of, ASKED_FOR_HERSELF if request.is_taking_over else ASKED, request=request, now=now)
    if contact.pk in works and contact.pk not in (by.acting.pk, request.asked_of_id):
        tell(contact, ANOTHER_WAS_ASKED, request=request, now=now)
    return request


@as_a_whole
def hand_over(
    *, contact: Membership, by, to: Membership, note: str, only: Iterable[uuid.UUID] | None = None, now=None
) -> int:
    """Ask one colleague to become the fixed contact of these caregivers of `contact` (or all of them) at once.

    Who somebody was asked for already, or who has another contact by now, is passed over. Returns for how many it was
    asked; raises Refused when that is nobody.
    """
    now = now or timezone.now()
    rows = Caregiver.objects.for_user(by).of_fixed_contact(contact).nobody_asked()
    rows = rows if only is None else rows.of_these(only)
    chosen = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    locked = Caregiver.objects.of_these(chosen).order_by("pk").select_for_update(no_key=True, of=("self",))
    caregivers = [hold(caregiver) for caregiver in locked if caregiver.fixed_contact_id == contact.pk]
    works = _working(by, by.acting, to, contact)
    _refuse_wrong_colleague(to, contact, works)
    note = _said(note)
    waiting = set(ContactRequest.objects.open().about(caregivers).values_list("caregiver", flat=True))
    caregivers = [caregiver for caregiver in caregivers if caregiver.pk not in waiting]
    if not caregivers:
        raise Refused("Voor wie je koos, is al iemand gevraagd. Kijk na wie er nog over is.", field="who")
    for caregiver in caregivers:
        request = _request(caregiver, by, to, contact, contact.pk in works, note, now)
        _note_asked(request, by, now)
        if _is_hers_at_once(request, works):
            request.save(force_insert=True)
            _accept(request, caregiver, by=by, note="", now=now)
        else:
            make_later(request)
    if not _is_hers_at_once(request, works):
        tell(request.asked_of, ASKED_FOR_MORE, now=now)
        if contact.pk in works and contact.pk not in (by.acting.pk, request.asked_of_id):
            tell(contact, ANOTHER_WAS_ASKED, now=now)
    return len(caregivers)


def _working(by, *members: Membership) -> dict[uuid.UUID, Membership]:
    """Which of these work with caregivers in her organisation now, locked so that they stay to the end of the verb."""
    rows = Membership.objects.caregiver_workers(by.organisation_id).of_these(member.pk for member in members)
    return {member.pk: member for member in rows.locked_to_stay()}


def _refuse_wrong_colleague(to: Membership, contact: Membership, works: dict) -> None:
    if to.pk not in works:
        raise Refused("Kies een collega die met mantelzorgers werkt.", field="to")
    if to.pk == contact.pk:
        raise Refused(f"{to.user} is al het vaste aanspreekpunt. Kies een ander.", field="to")


def _said(note: str) -> str:
    if not note.strip():
        raise Refused("Schrijf op wat je collega moet weten.", field="note")
    return note.strip()


def _request(caregiver, by, to, contact, contact_works: bool, note: str, now) -> ContactRequest:
    takes_over = to.pk == by.acting.pk and contact_works
    return ContactRequest(
        caregiver=caregiver,
        contact=contact,
        to=to,
        asked_by=by.acting,
        asked_of=contact if takes_over else to,
        note=note,
        asked_at=now,
        answer_on=answer_day(now),
    )


def _is_hers_at_once(request: ContactRequest, works: dict) -> bool:
    """She asks it for herself, and there is nobody to answer."""
    return request.to_id == request.asked_by_id and request.contact_id not in works


def _note_asked(request: ContactRequest, by, now) -> None:
    text = f"Gevraagd als vast aanspreekpunt: {request.to.user}."
    _note(request, by, text, now)
    _log(request, by, event="create", action="C")


# Answering ----------------------------------------------------------------------------------------------------------


@as_a_whole
def accept(*, request: ContactRequest, by, note: str = "", now=None) -> ContactRequest:
    """Who was asked says yes: from now on `to` is her fixed contact, also for what the old one was doing for her."""
    now = now or timezone.now()
    caregiver, works, request = _opened(request, by)
    _refuse_other_than_asked(request, by)
    if request.to_id not in works:
        raise Refused(f"{request.to.user} werkt hier niet meer met mantelzorgers.")
    if caregiver.fixed_contact_id != request.contact_id:
        raise Refused("Intussen is een ander haar vaste aanspreekpunt. Vraag het zo nodig opnieuw.")
    _accept(request, caregiver, by=by, note=note.strip(), now=now)
    if request.asked_by_id != by.acting.pk:
        tell(request.asked_by, ACCEPTED, request=request, now=now)
    if request.contact_id not in (by.acting.pk, request.asked_by_id) and request.contact.ended_at is None:
        tell(request.contact, NO_LONGER_YOU, request=request, now=now)
    return request


@as_a_whole
def decline(*, request: ContactRequest, by, note: str, now=None) -> ContactRequest:
    """Who was asked says no, with a sentence. The fixed contact stays who it was."""
    now = now or timezone.now()
    _, _, request = _opened(request, by)
    _refuse_other_than_asked(request, by)
    if not note.strip():
        raise Refused("Schrijf in een zin waarom het niet kan.", field="note")
    end_request(request, State.DECLINED, by=by, note=note.strip(), now=now)
    _note(request, by, f"Wordt niet het vaste aanspreekpunt: {request.to.user}.", now)
    _log(request, by)
    if request.asked_by_id != by.acting.pk:
        tell(request.asked_by, DECLINED, request=request, now=now)
    return request


@as_a_whole
def take_back(*, request: ContactRequest, by, now=None) -> ContactRequest:
    """Who asked, or who is the fixed contact, takes the question back; anybody there when who asked has left."""
    now = now or timezone.now()
    _, _, request = _opened(request, by)
    if not may_take_back(by, request):
        raise Refused(f"Alleen {request.asked_by.user} of het vaste aanspreekpunt kan deze vraag intrekken.")
    end_request(request, State.TAKEN_BACK, by=by, note="", now=now)
    _note(request, by, f"Vraag ingetrokken om het vaste aanspreekpunt te worden: {request.to.user}.", now)
    _log(request, by)
    return request


def may_answer(by, request: ContactRequest) -> bool:
    return request.is_open and request.asked_of_id == by.acting.pk


def may_take_back(by, request: ContactRequest) -> bool:
    is_hers = by.acting.pk in (request.asked_by_id, request.contact_id)
    return request.is_open and (is_hers or request.asked_by.ended_at is not None)


@as_a_whole
def accept_many(*, requests: Iterable[ContactRequest], by, now=None) -> int:
    """Say yes to all of these at once: all of them or none. Returns how many."""
    requests = sorted(requests, key=lambda request: request.caregiver_id)
    for request in requests:
        locked_record(request.caregiver, by)  # all of them before anything else, in one order
    return len([accept(request=request, by=by, now=now) for request in requests])


def _accept(request: ContactRequest, caregiver: Caregiver, *, by, note: str, now) -> None:
    end_request(request, State.ACCEPTED, by=by, note=note, now=now)
    caregiver.fixed_contact = request.to
    caregiver.changed_at = now
    caregiver.save(update_fields=["fixed_contact", "changed_at"])
    for need in locked_needs(caregiver.needs.open().owned_by(request.contact_id)):
        need.owner_id = request.to_id
        if not need.on_referral:  # otherwise the turn is the referral's, and comes back to its new owner
            need.turn_member_id = in_whose_hands(need, now)
        need.save(update_fields=["owner", "turn_member"])
    _note(request, by, f"Nieuw vast aanspreekpunt: {request.to.user}.", now)
    _log(request, by)


def end_request(request: ContactRequest, state: str, *, by, note: str, now) -> None:
    request.state = state
    request.answered_at = now
    request.answered_by = by.acting if by is not None else None
    request.answer_note = note
    request.save(update_fields=["state", "answered_at", "answered_by", "answer_note"])


def _opened(request: ContactRequest, by) -> tuple[Caregiver, dict[uuid.UUID, Membership], ContactRequest]:
    """Everything that an answer changes, locked in one order; raises Refused when it was answered already."""
    caregiver = locked_record(request.caregiver, by)
    works = _working(by, by.acting, request.to)
    locked = ContactRequest.objects.for_page().select_for_update(of=("self",)).filter(pk=request.pk).first()
    if locked is None:
        raise Refused("Haar gegevens zijn intussen gewist.")
    if not locked.is_open:
        raise AnsweredAlready(locked)
    return caregiver, works, locked


def _refuse_other_than_asked(request: ContactRequest, by) -> None:
    if not may_answer(by, request):
        raise Refused(f"Alleen {request.asked_of.user} kan hierop antwoorden.")


# Telling ------------------------------------------------------------------------------------------------------------


def tell(member: Membership, line: str, *, request: ContactRequest | None = None, now) -> None:
    """One line by mail and where to look: at this request, or at all that waits."""
    path = reverse("contact_request", args=[request.pk]) if request else reverse("contact_requests")
    enqueue_mail(
        template="referral_news",
        to=member.user.email,
        context={"line": line, "number": "", "path": path},
        about=request,
        subject=request.caregiver_id if request else None,
        organisation=member.organisation_id,
        for_digest=member.user.news_daily,
        now=now,
    )


def _named(member: Membership, by) -> str:
    return "Jij" if member.pk == by.acting.pk else str(member.user)


def _note(request: ContactRequest, by, text: str, now) -> None:
    note_event(caregiver_id=request.caregiver_id, by=by, kind=TimelineEvent.Kind.PEOPLE, text=text, now=now)


def _log(request: ContactRequest, by, *, event: str = "update", action: str = "U") -> None:
    record_access(
        by=by, event=event, action=action, obj=request, subject=request.caregiver_id, fields=("fixed_contact",)
    )

"""What can be done with an overlegvraag. Each verb is one transaction: lock the question, ask permission, follow the
table, hand the turn over, add the step, the log row and the mail.

What was typed has been looked at by its form (referrals/questions/recognising.py): a text with an address or a number
in it is refused there, next to where it was typed.
"""

import datetime

from django.utils import timezone

from accounts.models import Absence, Membership
from mantelzorg.refusal import Refused
from mantelzorg.verbs import as_a_whole
from referrals.models import Question, QuestionStep
from referrals.questions.permissions import may_ask, why_not
from referrals.questions.telling import tell_asker, tell_receiver
from referrals.questions.transitions import BY_VERB, TURNS, QuestionState, QuestionVerb, turn_date
from referrals.transitions import Party
from sociale_kaart.models import Organisation
from trail.actions import record_access

GONE = "Deze overlegvraag is er niet meer."


@as_a_whole
def ask(
    *,
    by,
    organisation: Organisation,
    subject: str,
    text: str,
    receiver: Membership | None = None,
    profession=None,
    situation_kind: str = "",
    phase=None,
    theme=None,
    now: datetime.datetime | None = None,
) -> Question:
    """A question to an organisation where somebody works with the portal: to one of them by name, or to all."""
    now = now or timezone.now()
    if not may_ask(by):
        raise Refused("Alleen wie met mantelzorgers werkt, stelt een overlegvraag.")
    if organisation.pk == by.organisation_id:
        raise Refused("Dit is je eigen organisatie. Loop even langs.")
    there = Membership.objects.caregiver_workers(organisation.pk)
    if receiver is not None and not there.filter(pk=receiver.pk).exists():
        raise Refused("Diegene werkt daar niet meer met mantelzorgers. Kies iemand anders.", field="receiver")
    if not organisation.uses_portal or not there.exists():
        raise Refused(f"Bij {organisation} is nog niemand die hier antwoord kan geven. Bel hen.")
    question = Question(
        asker_organisation_id=by.organisation_id,
        asker=by.acting,
        receiver_organisation=organisation,
        receiver=receiver,
        profession=profession,
        subject=subject,
        situation_kind=situation_kind,
        phase=phase,
        theme=theme,
        asked_at=now,
    )
    _give_turn(question, now)
    question.save(force_insert=True)
    _note(question, QuestionVerb.ASK, by=by, now=now, text=text, to=receiver)
    _log(question, by, "C")
    tell_receiver(question, "Er is een overlegvraag voor je. Geef binnen drie werkdagen antwoord.", now=now)
    return question


@as_a_whole
def answer(*, question: Question, by, text: str, seen: int | None = None, now=None) -> Question:
    """From now on whoever answered has it in hand: what is asked on, is asked her."""
    question, now = _asked(question, QuestionVerb.ANSWER, by, seen), now or timezone.now()
    question.receiver = by.acting
    _move(question, QuestionVerb.ANSWER, by=by, now=now, text=text)
    tell_asker(question, "Er is antwoord op je overlegvraag.", now=now)
    return question


@as_a_whole
def decline(*, question: Question, by, text: str, elsewhere: str = "", seen: int | None = None, now=None) -> Question:
    """Not the right ones to ask; if she knows, where it is better asked."""
    question, now = _asked(question, QuestionVerb.DECLINE, by, seen), now or timezone.now()
    question.receiver = by.acting
    _move(question, QuestionVerb.DECLINE, by=by, now=now, text=text, elsewhere=elsewhere)
    tell_asker(question, "Je overlegvraag past beter bij iemand anders. Lees waarom.", now=now)
    return question


@as_a_whole
def hand_on(*, question: Question, by, to: Membership, seen: int | None = None, now=None) -> Question:
    """To a colleague of her own organisation. The date stays: who asked waits as long as she was promised."""
    question, now = _asked(question, QuestionVerb.HAND_ON, by, seen), now or timezone.now()
    colleagues = Membership.objects.caregiver_workers(question.receiver_organisation_id)
    if not colleagues.filter(pk=to.pk).exists():
        raise Refused("Diegene werkt hier niet meer met mantelzorgers. Kies een andere collega.", field="to")
    if question.receiver_id == to.pk:
        raise Refused(f"De vraag ligt al bij {to.user}.", field="to")
    question.receiver = to
    question.changed_at = now
    question.turn_member_id = in_whose_hands(question, now)
    question.save(update_fields=["receiver", "turn_member", "changed_at"])
    _note(question, QuestionVerb.HAND_ON, by=by, now=now, to=to)
    _log(question, by, "U")
    if to.pk != by.acting.pk:
        tell_receiver(question, "Een collega gaf je een overlegvraag door. Kijk of jij kunt antwoorden.", now=now)
    return question


@as_a_whole
def ask_on(*, question: Question, by, text: str, seen: int | None = None, now=None) -> Question:
    """One more question, to who answered, for as many working days as the first."""
    question, now = _asked(question, QuestionVerb.ASK_ON, by, seen), now or timezone.now()
    question.round += 1
    _move(question, QuestionVerb.ASK_ON, by=by, now=now, text=text)
    tell_receiver(question, "Er is een vraag bij je antwoord op een overlegvraag.", now=now)
    return question


@as_a_whole
def close(*, question: Question, by, now=None) -> Question:
    """ "Dank, ik kan verder." Nobody is mailed for it."""
    question, now = _asked(question, QuestionVerb.CLOSE, by, None), now or timezone.now()
    _move(question, QuestionVerb.CLOSE, by=by, now=now)
    return question


@as_a_whole
def withdraw(*, question: Question, by, now=None) -> Question:
    """She takes it back, and with it all that was written on both sides: perhaps it said too much."""
    question, now = _asked(question, QuestionVerb.WITHDRAW, by, None), now or timezone.now()
    was_waiting = question.state == QuestionState.ASKED
    question.subject = question.situation_kind = ""
    question.phase = question.theme = None
    question.steps.update(text="", elsewhere="")
    _move(question, QuestionVerb.WITHDRAW, by=by, now=now)
    if was_waiting:
        tell_receiver(question, "Een overlegvraag is teruggehaald. Je hoeft niets meer te doen.", now=now)
    return question


# What they share ----------------------------------------------------------------------------------------------------


def locked(question: Question) -> Question:
    """As it is now. What is joined is asked for later: see referrals/moving.py."""
    found = (
        Question.objects.select_for_update(of=("self",))
        .select_related("asker_organisation", "receiver_organisation")
        .filter(pk=question.pk)
        .first()
    )
    if found is None:
        raise Refused(GONE)
    return found


def in_whose_hands(question: Question, now: datetime.datetime):
    """The membership of who has the turn in person today: whose work it is, or who stands in while she is away. None
    when it is any colleague's, when she left, and when nobody can stand in.
    """
    worker = question.whose_work_id
    if worker is None or Membership.objects.filter(pk=worker, ended_at__isnull=False).exists():
        return None
    organisation = (
        question.receiver_organisation_id if worker == question.receiver_id else question.asker_organisation_id
    )
    away = Absence.objects.stand_ins(timezone.localdate(now), organisation=organisation)
    return away.get(worker, worker)


def lapse(question: Question, *, now: datetime.datetime) -> None:
    """Closes by itself. The question is locked, and the clock asked whether it is time."""
    _move(question, QuestionVerb.LAPSE, by=None, now=now)


def _asked(question: Question, verb: QuestionVerb, by, seen: int | None) -> Question:
    """The question, locked, if `by` may do this verb now. `seen` is the round that stood on her page."""
    question = locked(question)
    if refusal := why_not(by, verb, question):
        raise Refused(refusal)
    if seen is not None and seen != question.round:
        raise Refused("Er is intussen verder gevraagd. Lees eerst de nieuwe vraag; er is niets verstuurd.")
    return question


MOVED = (
    *("state", "round", "receiver", "turn_organisation", "turn_member", "turn_on", "changed_at", "ended_at"),
    *("subject", "situation_kind", "phase", "theme"),
)


def _move(question: Question, verb: QuestionVerb, *, by, now, text: str = "", elsewhere: str = "") -> None:
    question.state = BY_VERB[verb].target
    _give_turn(question, now)
    question.save(update_fields=MOVED)
    _note(question, verb, by=by, now=now, text=text, elsewhere=elsewhere)
    _log(question, by, "U")


def _give_turn(question: Question, now: datetime.datetime) -> None:
    question.changed_at = now
    party = TURNS.get(QuestionState(question.state))
    if party is None:
        question.turn_organisation = question.turn_member = question.turn_on = None
        question.ended_at = now
        return
    question.turn_organisation_id = (
        question.receiver_organisation_id if party is Party.RECEIVER else question.asker_organisation_id
    )
    question.turn_member_id = in_whose_hands(question, now)
    question.turn_on = turn_date(question.state, timezone.localdate(now))


def _note(question: Question, verb: QuestionVerb, *, by, now, text: str = "", elsewhere: str = "", to=None) -> None:
    QuestionStep.objects.create(
        question=question,
        at=now,
        verb=verb,
        round=question.round,
        by=by.acting if by is not None else None,
        organisation_id=by.organisation_id if by is not None else None,
        to=to,
        text=text,
        elsewhere=elsewhere,
    )


def _log(question: Question, by, action: str) -> None:
    """A row about no mantelzorger: none is in it."""
    record_access(
        by=by,
        event="create" if action == "C" else "update",
        action=action,
        obj=question,
        purpose="" if by is not None else "klok",
        organisation=question.asker_organisation_id if by is None else None,
    )

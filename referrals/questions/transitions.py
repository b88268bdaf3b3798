"""The life of an overlegvraag, as one table. Actions, pages, the database and the tests all read it.

Until it is answered it is the turn of the organisation that was asked; from then on of who asked, to go on or to say
that she can. There is never a moment at which an open question is nobody's turn.
"""

import datetime
from dataclasses import dataclass

from django.db import models

from mantelzorg.working_days import add_working_days
from referrals.transitions import Party


class QuestionState(models.TextChoices):
    ASKED = "asked", "wacht op antwoord"
    ANSWERED = "answered", "beantwoord"
    DECLINED = "declined", "niet de juiste"
    CLOSED = "closed", "klaar"
    WITHDRAWN = "withdrawn", "teruggehaald"


OPEN = (QuestionState.ASKED, QuestionState.ANSWERED, QuestionState.DECLINED)
ENDED = (QuestionState.CLOSED, QuestionState.WITHDRAWN)


class QuestionVerb(models.TextChoices):
    ASK = "ask", "vragen"
    ANSWER = "answer", "antwoorden"
    HAND_ON = "hand_on", "doorgeven aan een collega"
    DECLINE = "decline", "afwijzen"
    ASK_ON = "ask_on", "doorvragen"
    CLOSE = "close", "afronden"
    LAPSE = "lapse", "vanzelf afronden"
    WITHDRAW = "withdraw", "terughalen"


@dataclass(frozen=True)
class Transition:
    verb: QuestionVerb
    sources: tuple[QuestionState, ...]
    target: QuestionState
    party: Party


TRANSITIONS = (
    Transition(QuestionVerb.ANSWER, (QuestionState.ASKED,), QuestionState.ANSWERED, Party.RECEIVER),
    Transition(QuestionVerb.HAND_ON, (QuestionState.ASKED,), QuestionState.ASKED, Party.RECEIVER),
    Transition(QuestionVerb.DECLINE, (QuestionState.ASKED,), QuestionState.DECLINED, Party.RECEIVER),
    Transition(QuestionVerb.ASK_ON, (QuestionState.ANSWERED,), QuestionState.ASKED, Party.SENDER),
    Transition(
        QuestionVerb.CLOSE, (QuestionState.ANSWERED, QuestionState.DECLINED), QuestionState.CLOSED, Party.SENDER
    ),
    Transition(QuestionVerb.LAPSE, (QuestionState.ANSWERED, QuestionState.DECLINED), QuestionState.CLOSED, Party.CLOCK),
    Transition(QuestionVerb.WITHDRAW, OPEN, QuestionState.WITHDRAWN, Party.SENDER),
)
BY_VERB: dict[str, Transition] = {transition.verb: transition for transition in TRANSITIONS}

TURNS: dict[QuestionState, Party] = {
    QuestionState.ASKED: Party.RECEIVER,
    QuestionState.ANSWERED: Party.SENDER,
    QuestionState.DECLINED: Party.SENDER,
}

ANSWER_WORKING_DAYS = 3
SILENCE_WORKING_DAYS = 10  # of who asked: then it closes by itself
REMINDS_AFTER_WORKING_DAYS = 1  # who was asked, after the date of the answer
ASKER_HEARS_AFTER_WORKING_DAYS = REMINDS_AFTER_WORKING_DAYS + 2


def steps() -> list[tuple[QuestionState, QuestionState]]:
    """From which state to which other: what the database lets through."""
    pairs = {(source, transition.target) for transition in TRANSITIONS for source in transition.sources}
    return sorted(pair for pair in pairs if pair[0] != pair[1])


def turn_date(state: str, day: datetime.date) -> datetime.date:
    """Before which date whoever has the turn must act, counted from `day`. Raises KeyError when nobody has it."""
    days = {Party.RECEIVER: ANSWER_WORKING_DAYS, Party.SENDER: SILENCE_WORKING_DAYS}
    return add_working_days(day, days[TURNS[QuestionState(state)]])

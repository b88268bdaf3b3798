"""The life of a referral, as one table. Actions, pages, tests and the picture in the docs all read it.

A referral is passed on through one of three channels. For *portal* and *link* the receiver has the turn while it
is open; for *phone* there is nobody at the other end of the screen, so the sender keeps the turn in every open state:
call the organisation, ask whether she was called, fetch the outcome.

Most receivers keep a file of whom they help. Who works *zonder dossier* gets a name, a number and a safe moment, and
says one thing: that there was contact. With that such a referral is over.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.db import models

from mantelzorg.working_days import add_working_days


class State(models.TextChoices):
    CONCEPT = "concept", "concept"
    SENT = "sent", "verstuurd"
    ACCEPTED = "accepted", "aangenomen"
    IN_CONTACT = "in_contact", "in contact"
    COMPLETED = "completed", "afgerond"
    DECLINED = "declined", "afgewezen"
    EXPIRED = "expired", "verlopen"
    NOT_REACHED = "not_reached", "niet bereikt"
    WITHDRAWN = "withdrawn", "ingetrokken"


OPEN_STATES = (State.SENT, State.ACCEPTED, State.IN_CONTACT)
ENDED_STATES = (State.COMPLETED, State.DECLINED, State.EXPIRED, State.NOT_REACHED, State.WITHDRAWN)


class Channel(models.TextChoices):
    PORTAL = "portal", "via het portaal"
    LINK = "link", "via een link"
    PHONE = "phone", "per telefoon"


class Urgency(models.TextChoices):
    NORMAL = "gewoon", "gewoon"
    URGENT = "spoed", "spoed"


class Party(StrEnum):
    SENDER = "sender"
    RECEIVER = "receiver"
    CLOCK = "clock"  # a job, no person


class Verb(models.TextChoices):
    SEND = "send", "versturen"
    ACCEPT = "accept", "aannemen"
    DECLINE = "decline", "afwijzen"
    CONTACT = "contact", "contact gelegd"
    GIVE_UP = "give_up", "niet bereikt"
    COMPLETE = "complete", "afronden met terugkoppeling"
    WITHDRAW = "withdraw", "intrekken"
    EXPIRE = "expire", "laten verlopen"
    REOPEN = "reopen", "opnieuw openen"


WHOEVER_HAS_THE_TURN = None


@dataclass(frozen=True)
class Transition:
    verb: Verb
    sources: tuple[State, ...]
    target: State
    party: Party | None  # who may do it; WHOEVER_HAS_THE_TURN: it depends on the channel
    asks: str  # what has to be said or true
    without_file: bool | None = None  # only for a receiver who keeps no file, or only for one who does; None: for both


TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Verb.SEND,
        (State.CONCEPT,),
        State.SENT,
        Party.SENDER,
        "consent, and a handover text that was read to her (without a file: consent for name and number alone)",
    ),
    Transition(Verb.ACCEPT, (State.SENT,), State.ACCEPTED, WHOEVER_HAS_THE_TURN, "who will call her, by name"),
    Transition(
        Verb.DECLINE,
        (State.SENT, State.ACCEPTED),
        State.DECLINED,
        WHOEVER_HAS_THE_TURN,
        "a reason and a sentence (without a file: a reason)",
    ),
    Transition(
        Verb.CONTACT,
        (State.ACCEPTED,),
        State.IN_CONTACT,
        WHOEVER_HAS_THE_TURN,
        "that there was contact",
        without_file=False,
    ),
    Transition(
        Verb.CONTACT,
        (State.ACCEPTED,),
        State.COMPLETED,
        WHOEVER_HAS_THE_TURN,
        "that there was contact, and nothing else",
        without_file=True,
    ),
    Transition(Verb.GIVE_UP, (State.ACCEPTED,), State.NOT_REACHED, WHOEVER_HAS_THE_TURN, "three logged attempts"),
    Transition(
        Verb.COMPLETE,
        (State.IN_CONTACT,),
        State.COMPLETED,
        WHOEVER_HAS_THE_TURN,
        "an outcome per need, and feedback",
        without_file=False,
    ),
    Transition(Verb.WITHDRAW, OPEN_STATES, State.WITHDRAWN, Party.SENDER, "a reason"),
    Transition(Verb.EXPIRE, (State.SENT,), State.EXPIRED, Party.CLOCK, "ten working days without an answer"),
    Transition(
        Verb.REOPEN,
        (State.COMPLETED,),
        State.ACCEPTED,
        Party.SENDER,
        "a reason, within 30 days, consent still valid",
        without_file=False,
    ),
)


def life(*, without_file: bool) -> dict[str, Transition]:
    """What can be done with a referral to who keeps a file, or to who keeps none: one step for each verb."""
    other = not without_file
    return {transition.verb: transition for transition in TRANSITIONS if transition.without_file is not other}


BY_VERB = life(without_file=False)
WITHOUT_FILE = life(without_file=True)

TURNS: dict[Channel, Party] = {
    Channel.PORTAL: Party.RECEIVER,
    Channel.LINK: Party.RECEIVER,
    Channel.PHONE: Party.SENDER,
}

ANSWER_WORKING_DAYS = {Urgency.NORMAL: 2, Urgency.URGENT: 1}
CALL_WORKING_DAYS = {Urgency.NORMAL: 5, Urgency.URGENT: 2}
FEEDBACK_DAYS = 30
EXPIRES_AFTER_WORKING_DAYS = 10
REOPEN_WITHIN_DAYS = 30
VISIBLE_AFTER_COMPLETION_DAYS = 30
DRAFT_KEPT_DAYS = 14
ATTEMPTS_BEFORE_GIVING_UP = 3
ESCALATES_AFTER_WORKING_DAYS = 2  # after its date: then it is a coordinator's too


@dataclass(frozen=True)
class Terms:
    """How long an organisation takes, where nothing presses; an urgent referral keeps the terms above."""

    answer_days: int = ANSWER_WORKING_DAYS[Urgency.NORMAL]  # working days
    call_days: int = CALL_WORKING_DAYS[Urgency.NORMAL]  # working days
    feedback_days: int = FEEDBACK_DAYS  # calendar days


USUAL_TERMS = Terms()


def steps(*, without_file: bool = False) -> list[tuple[State, State]]:
    """From which state to which: what the database lets through, see the triggers of Referral."""
    verbs = WITHOUT_FILE if without_file else BY_VERB
    return sorted({(source, transition.target) for transition in verbs.values() for source in transition.sources})


def transition_of(verb: str, *, without_file: bool) -> Transition | None:
    """The step that this verb is for such a referral; None when it knows no such verb."""
    return (WITHOUT_FILE if without_file else BY_VERB).get(verb)


def turn_party(channel: str, state: str) -> Party | None:
    """Whose turn it is; None when the referral is not open (then the turn is the need's)."""
    return TURNS[Channel(channel)] if state in OPEN_STATES else None


def turn_date(
    state: str,
    urgency: str,
    day: datetime.date,
    call_within_days: int | None = None,
    terms: Terms = USUAL_TERMS,
) -> datetime.date:
    """Before which date the party whose turn it is must act, counted from `day`, the day the state began.

    `terms` are the organisation's, `call_within_days` is the service's own promise, in working days; an urgent referral
    never waits longer than its own term. Raises KeyError for a state that has no turn.
    """
    urgent = Urgency(urgency) == Urgency.URGENT
    if state == State.SENT:
        return add_working_days(day, ANSWER_WORKING_DAYS[Urgency.URGENT] if urgent else terms.answer_days)
    if state == State.ACCEPTED:
        term = call_within_days or terms.call_days
        return add_working_days(day, min(term, CALL_WORKING_DAYS[Urgency.URGENT]) if urgent else term)
    if state == State.IN_CONTACT:
        return day + datetime.timedelta(days=terms.feedback_days)
    raise KeyError(state)


def expiry_date(day: datetime.date) -> datetime.date:
    """The first date on which a referral sent on `day` counts as expired when nobody answered."""
    return add_working_days(day, EXPIRES_AFTER_WORKING_DAYS)


def allowed_party(verb: str, channel: str) -> Party:
    """Which side may do this verb on a referral of this channel."""
    party = BY_VERB[verb].party
    return TURNS[Channel(channel)] if party is WHOEVER_HAS_THE_TURN else party

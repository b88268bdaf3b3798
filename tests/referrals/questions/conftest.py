"""A question of Petra to the steunpunt, brought to each state by the verbs that the pages call."""

import datetime

import pytest
from django.utils import timezone

from referrals.models import Question
from referrals.questions import actions, clock
from referrals.questions.transitions import QuestionState

WORDS = {"subject": "Nachtrust bij beginnende dementie", "text": "Zij slaapt al weken slecht. Wat raad jij aan?"}


def make_question(state: str = QuestionState.ASKED, *, sender, receiver, now=None, **fields) -> Question:
    """Asked by `sender`; `receiver` answers or declines, and is asked by name when a test says `receiver_named`."""
    named = receiver.acting if fields.pop("by_name", False) else None
    question = actions.ask(
        by=sender, organisation=receiver.organisation, receiver=named, now=now, **{**WORDS, **fields}
    )
    if state in (QuestionState.ANSWERED, QuestionState.CLOSED):
        question = actions.answer(question=question, by=receiver, text="Begin met een vast avondritme.", now=now)
    if state == QuestionState.DECLINED:
        question = actions.decline(question=question, by=receiver, text="Wij doen alleen de dagopvang.", now=now)
    if state == QuestionState.CLOSED:
        question = actions.close(question=question, by=sender, now=now)
    if state == QuestionState.WITHDRAWN:
        question = actions.withdraw(question=question, by=sender, now=now)
    return question


def days_later(count: int, moment=None) -> datetime.datetime:
    """At eleven in the morning, so many days on."""
    day = timezone.localdate(moment) + datetime.timedelta(days=count)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(11)))


# A Tuesday without holidays near it.
TUESDAY = timezone.make_aware(datetime.datetime(2026, 9, 1, 11))


@pytest.fixture
def asked(sender, receiver) -> Question:
    return make_question(sender=sender, receiver=receiver)


@pytest.fixture
def answered(sender, receiver) -> Question:
    return make_question(QuestionState.ANSWERED, sender=sender, receiver=receiver)


__all__ = ["TUESDAY", "WORDS", "clock", "days_later", "make_question"]

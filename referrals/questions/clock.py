"""What happens to an overlegvraag by itself, by the clock: safe to repeat, late, and to kill half-way. Every question
is a transaction of its own.
"""

import datetime
import uuid
from functools import partial

from django.utils import timezone

from accounts.models import Absence
from mantelzorg.one_by_one import one_by_one
from mantelzorg.verbs import as_a_whole
from mantelzorg.working_days import is_office_time
from referrals.models import Question, QuestionReminder
from referrals.moving import by_the_clock
from referrals.questions.actions import in_whose_hands, lapse, locked
from referrals.questions.telling import tell_asker, tell_receiver


def remind(*, now: datetime.datetime) -> int:
    """Who was asked, the working day after the date; and two working days later who asked, to call. In office hours,
    each once for one turn. Returns how many.
    """
    if not is_office_time(now):
        return 0
    today = timezone.localdate(now)
    return one_by_one(
        partial(_remind, question=question, kind=kind, now=now)
        for kind in QuestionReminder.Kind
        for question in _of_which(Question.objects.to_remind(today, kind))
    )


@by_the_clock
def _of_which(rows) -> list[Question]:
    return list(rows.only("pk"))


@by_the_clock
@as_a_whole
def _remind(*, question: Question, kind: str, now: datetime.datetime) -> bool:
    question = locked(question)
    if not Question.objects.to_remind(timezone.localdate(now), kind).filter(pk=question.pk).exists():
        return False  # somebody answered, or another worker was first
    QuestionReminder.objects.create(question=question, kind=kind, turn_on=question.turn_on, at=now)
    if kind == QuestionReminder.Kind.LATE:
        tell_receiver(question, "Een overlegvraag wacht op antwoord. De datum is voorbij.", now=now)
    else:
        tell_asker(question, "Er is nog geen antwoord op je overlegvraag. Bel even.", now=now)
    return True


def close_silent(*, now: datetime.datetime) -> int:
    """Whoever asked let ten working days go by since the answer: then she can go on. Returns how many closed."""
    today = timezone.localdate(now)
    silent = _of_which(Question.objects.silent(today).order_by("pk"))
    return one_by_one(partial(_close, question=question, now=now) for question in silent)


@by_the_clock
@as_a_whole
def _close(*, question: Question, now: datetime.datetime) -> bool:
    question = locked(question)
    if not Question.objects.silent(timezone.localdate(now)).filter(pk=question.pk).exists():
        return False
    lapse(question, now=now)
    return True


def hand_turns(*, now: datetime.datetime, organisation: uuid.UUID | None = None) -> int:
    """Put each question in the hands of who is there today, of one organisation or of all. Returns how many changed."""
    away = list(Absence.objects.stand_ins(timezone.localdate(now), organisation=organisation))
    rows = Question.objects.in_other_hands(away)
    if organisation is not None:
        rows = rows.filter(turn_organisation=organisation)
    return one_by_one(partial(_hand_turn, question=question, now=now) for question in _of_which(rows))


@by_the_clock
@as_a_whole
def _hand_turn(*, question: Question, now: datetime.datetime) -> bool:
    question = locked(question)
    if not question.is_open or (member := in_whose_hands(question, now)) == question.turn_member_id:
        return False
    question.turn_member_id = member
    question.save(update_fields=["turn_member"])
    return True


@by_the_clock
def forget_old(*, now: datetime.datetime) -> int:
    """With which nothing happened for QUESTIONS_KEPT_DAYS, whatever became of it. Returns how many rows went."""
    return Question.objects.forgettable(now).delete()[0]

"""What happens to an overlegvraag by itself."""

import datetime

import pytest
from django.conf import settings
from django.utils import timezone

from referrals.models import Question, QuestionReminder, QuestionStep
from referrals.questions import actions, clock
from referrals.questions.transitions import QuestionState
from tests.referrals.questions.conftest import TUESDAY, days_later, make_question
from trail.models import OutboxMessage

pytestmark = pytest.mark.django_db
# Asked on Tuesday 1 September 2026: the answer is due on Friday the 4th.
FRIDAY, MONDAY, TUESDAY_LATER, WEDNESDAY = (days_later(days, TUESDAY) for days in (3, 6, 7, 8))


@pytest.fixture
def waiting(sender, receiver) -> Question:
    question = make_question(sender=sender, receiver=receiver, by_name=True, now=TUESDAY)
    OutboxMessage.objects.all().delete()
    return question


def told() -> list[tuple[str, str]]:
    return [(mail.to, mail.context["line"]) for mail in OutboxMessage.objects.order_by("pk")]


LATE = "Een overlegvraag wacht op antwoord. De datum is voorbij."
CALL = "Er is nog geen antwoord op je overlegvraag. Bel even."


def test_the_receiver_hears_the_working_day_after_and_the_asker_two_later(waiting, sender, receiver):
    assert clock.remind(now=FRIDAY) == 0
    assert clock.remind(now=days_later(4, TUESDAY)) == 0  # Saturday
    for _ in range(3):
        clock.remind(now=MONDAY)
    assert told() == [(receiver.email, LATE)]
    clock.remind(now=TUESDAY_LATER)
    assert len(told()) == 1
    for _ in range(3):
        clock.remind(now=WEDNESDAY)
    assert told() == [(receiver.email, LATE), (sender.email, CALL)]


def test_at_night_nobody_is_reminded(waiting):
    assert clock.remind(now=MONDAY.replace(hour=3)) == 0


def test_a_new_question_is_a_new_turn(waiting, sender, receiver):
    clock.remind(now=MONDAY)
    actions.answer(question=waiting, by=receiver, text="Zo.", now=MONDAY)
    actions.ask_on(question=waiting, by=sender, text="En dan?", now=MONDAY)
    OutboxMessage.objects.all().delete()
    assert clock.remind(now=WEDNESDAY) == 0
    assert clock.remind(now=days_later(4, MONDAY)) == 1
    assert QuestionReminder.objects.count() == 2


def test_what_was_answered_is_not_reminded_of(waiting, receiver):
    actions.answer(question=waiting, by=receiver, text="Zo.", now=TUESDAY)
    OutboxMessage.objects.all().delete()
    assert clock.remind(now=WEDNESDAY) == 0
    assert told() == []


@pytest.mark.parametrize("state", [QuestionState.ANSWERED, QuestionState.DECLINED])
def test_after_ten_working_days_of_silence_it_closes_by_itself(state, sender, receiver):
    question = make_question(state, sender=sender, receiver=receiver, now=TUESDAY)
    assert clock.close_silent(now=days_later(14, TUESDAY)) == 0
    assert clock.close_silent(now=days_later(15, TUESDAY)) == 1
    assert clock.close_silent(now=days_later(15, TUESDAY)) == 0
    question.refresh_from_db()
    assert question.state == QuestionState.CLOSED
    assert question.steps.last().by is None or question.steps.get(verb="lapse").by is None


def test_what_nobody_answered_does_not_close_by_itself(waiting):
    assert clock.close_silent(now=days_later(60, TUESDAY)) == 0


def test_all_of_it_goes_after_a_term(sender, receiver):
    old = make_question(QuestionState.CLOSED, sender=sender, receiver=receiver, now=TUESDAY)
    make_question(sender=sender, receiver=receiver, now=TUESDAY)  # nobody ever answered
    clock.remind(now=WEDNESDAY)
    kept = make_question(sender=sender, receiver=receiver, now=days_later(10, TUESDAY))
    after = old.changed_at + datetime.timedelta(days=settings.QUESTIONS_KEPT_DAYS, minutes=1)
    assert clock.forget_old(now=after - datetime.timedelta(minutes=2)) == 0
    clock.forget_old(now=after)
    assert list(Question.objects.all()) == [kept]
    assert set(QuestionStep.objects.values_list("question", flat=True)) == {kept.pk}


def test_every_job_is_on_the_clock():
    for name in ("remind", "close_silent", "hand_turns", "forget_old"):
        assert f"referrals.questions.clock.{name}" in settings.EVERY_HOUR
        getattr(clock, name)(now=timezone.now())

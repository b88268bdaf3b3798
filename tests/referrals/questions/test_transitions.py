"""The life of an overlegvraag: the table, who may do what in it, and the database that holds to it."""

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from mantelzorg.ids import uuid7
from mantelzorg.refusal import Refused
from referrals.models import Question, QuestionStep
from referrals.questions import actions
from referrals.questions.permissions import verbs_for
from referrals.questions.transitions import (
    BY_VERB,
    ENDED,
    OPEN,
    TRANSITIONS,
    TURNS,
    QuestionState,
    QuestionVerb,
    steps,
    turn_date,
)
from referrals.transitions import Party
from tests.factories import fresh
from tests.referrals.questions.conftest import TUESDAY, make_question

pytestmark = pytest.mark.django_db
S, V = QuestionState, QuestionVerb
TODAY = timezone.localdate(TUESDAY)

# In this state, this side: what she can do.
CAN = {
    (S.ASKED, "sender"): [V.WITHDRAW],
    (S.ASKED, "receiver"): [V.ANSWER, V.HAND_ON, V.DECLINE],
    (S.ANSWERED, "sender"): [V.ASK_ON, V.CLOSE, V.WITHDRAW],
    (S.ANSWERED, "receiver"): [],
    (S.DECLINED, "sender"): [V.CLOSE, V.WITHDRAW],
    (S.DECLINED, "receiver"): [],
    (S.CLOSED, "sender"): [],
    (S.CLOSED, "receiver"): [],
    (S.WITHDRAWN, "sender"): [],
    (S.WITHDRAWN, "receiver"): [],
}


def do(verb: str, question, by, colleague):
    """The verb as a page calls it."""
    return {
        V.ANSWER: lambda: actions.answer(question=question, by=by, text="Zo."),
        V.HAND_ON: lambda: actions.hand_on(question=question, by=by, to=colleague.acting),
        V.DECLINE: lambda: actions.decline(question=question, by=by, text="Niet wij."),
        V.ASK_ON: lambda: actions.ask_on(question=question, by=by, text="En dan?"),
        V.CLOSE: lambda: actions.close(question=question, by=by),
        V.WITHDRAW: lambda: actions.withdraw(question=question, by=by),
    }[verb]()


@pytest.mark.parametrize("side", ["sender", "receiver", "outsider", "beheerder", "coordinator"])
@pytest.mark.parametrize("state", S)
def test_in_every_state_each_side_can_do_what_the_table_says_and_nothing_else(
    state, side, request, sender, receiver, receiver_colleague
):
    by = request.getfixturevalue(side)
    can = CAN.get((state, side), [])
    assert sorted(verbs_for(by, make_question(state, sender=sender, receiver=receiver))) == sorted(can)
    for verb in BY_VERB:
        if verb == V.LAPSE:
            continue  # the clock's
        question = make_question(state, sender=sender, receiver=receiver)
        if verb in can:
            assert do(verb, question, by, receiver_colleague).state == BY_VERB[verb].target
        else:
            with pytest.raises(Refused):
                do(verb, question, by, receiver_colleague)
            question.refresh_from_db()
            assert question.state == state


def test_every_pair_of_states_is_let_through_or_refused_by_the_database(sender, receiver):
    for source in S:
        for target in S:
            if source == target:
                continue
            question = make_question(source, sender=sender, receiver=receiver)
            open_now = target in OPEN
            values = {
                "state": target,
                "ended_at": None if open_now else timezone.now(),
                "turn_on": TODAY if open_now else None,
                "turn_organisation_id": None,
                "turn_member_id": None,
            }
            if open_now:
                side = TURNS[target]
                values["turn_organisation_id"] = (
                    question.receiver_organisation_id if side is Party.RECEIVER else question.asker_organisation_id
                )
            if target == S.WITHDRAWN:
                values |= {"subject": "", "situation_kind": "", "phase": None, "theme": None}
            elif source == S.WITHDRAWN:
                values |= {"subject": "x"}
            rows = Question.objects.filter(pk=question.pk)
            if (source, target) in steps():
                assert rows.update(**values) == 1
            else:
                with (
                    pytest.raises(ProgrammingError, match="Invalid transition"),
                    transaction.atomic(),
                ):
                    rows.update(**values)


def test_the_table_is_whole():
    assert set(TURNS) == set(OPEN)
    assert set(OPEN) | set(ENDED) == set(S)
    assert {transition.verb for transition in TRANSITIONS} == set(V) - {V.ASK}
    assert not any(source in ENDED for transition in TRANSITIONS for source in transition.sources)
    assert str(turn_date(S.ASKED, TODAY)) == "2026-09-04"
    assert str(turn_date(S.ANSWERED, TODAY)) == "2026-09-15"


def test_a_holiday_is_no_working_day():
    assert str(turn_date(S.ASKED, TODAY.replace(month=12, day=24))) == "2026-12-30"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"turn_on": None}, "an_open_question_is_somebodys_turn"),
        ({"turn_organisation": None}, "an_open_question_is_somebodys_turn"),
        ({"ended_at": TUESDAY}, "an_open_question_is_somebodys_turn"),
        ({"subject": ""}, "a_question_has_a_subject"),
        ({"round": 0}, "a_question_was_asked_at_least_once"),
    ],
)
def test_the_database_refuses_nonsense(asked, change, name):
    with pytest.raises(IntegrityError, match=name):
        Question.objects.filter(pk=asked.pk).update(**change)


def test_who_was_asked_has_the_turn_and_then_who_asked(asked, sender, receiver):
    with pytest.raises(IntegrityError, match="who_was_asked_has_the_turn_until_she_answers"), transaction.atomic():
        Question.objects.filter(pk=asked.pk).update(turn_organisation=sender.organisation)
    actions.answer(question=asked, by=receiver, text="Zo.")
    with pytest.raises(IntegrityError, match="who_asked_has_the_turn_after_the_answer"):
        Question.objects.filter(pk=asked.pk).update(turn_organisation=receiver.organisation)


def test_a_question_keeps_its_address_and_a_step_its_words(asked, other_practice):
    step = asked.steps.get()
    for change in (
        lambda: Question.objects.filter(pk=asked.pk).update(receiver_organisation=other_practice),
        lambda: QuestionStep.objects.filter(pk=step.pk).update(text="Iets anders"),
        lambda: QuestionStep.objects.filter(pk=step.pk).update(verb="answer"),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    assert QuestionStep.objects.filter(pk=step.pk).update(text="") == 1


def test_a_question_is_answered_once(answered, receiver):
    answer = answered.steps.get(verb="answer")
    with pytest.raises(IntegrityError, match="a_question_gets_one_answer"):
        QuestionStep.objects.create(
            question=answered,
            at=answer.at,
            verb="decline",
            round=1,
            by=receiver.acting,
            organisation=receiver.organisation,
        )


def test_a_question_begins_as_asked_and_goes_elsewhere(asked, receiver):
    asked.pk, asked._state.adding = uuid7(), True
    asked.state, asked.turn_organisation_id = S.ANSWERED, asked.asker_organisation_id
    with pytest.raises(ProgrammingError), transaction.atomic():
        asked.save(force_insert=True)
    with pytest.raises(Refused, match="eigen organisatie"):
        actions.ask(by=fresh(receiver), organisation=receiver.organisation, subject="x", text="x")

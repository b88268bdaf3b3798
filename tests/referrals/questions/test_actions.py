"""Asking, answering, asking on, handing on, and taking back."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Membership
from mantelzorg.principals import acting, member
from mantelzorg.refusal import Refused
from referrals.models import Question
from referrals.questions import actions
from referrals.questions.transitions import QuestionState
from referrals.work import come_back, go_away
from tests.factories import fresh, make_member, make_organisation
from tests.referrals.questions.conftest import TUESDAY, WORDS, make_question
from tests.referrals.test_concurrency import somebody_waits
from trail.models import AccessLogEntry, OutboxMessage

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    return [(mail.to, mail.context["line"]) for mail in OutboxMessage.objects.order_by("pk")]


def test_a_question_to_an_organisation_is_everybodys_there_until_it_is_answered(sender, receiver, receiver_colleague):
    question = make_question(sender=sender, receiver=receiver, now=TUESDAY)
    assert (question.turn_organisation, question.turn_member, str(question.turn_on)) == (
        receiver.organisation,
        None,
        "2026-09-04",
    )
    assert {to for to, _ in told()} == {receiver.email, receiver_colleague.email}
    question = actions.answer(question=question, by=receiver_colleague, text="Zo.", now=TUESDAY)
    assert (question.turn_member, str(question.turn_on)) == (sender.acting, "2026-09-15")
    assert told()[-1] == (sender.email, "Er is antwoord op je overlegvraag.")
    question = actions.ask_on(question=question, by=sender, text="En dan?", now=TUESDAY)
    assert (question.turn_member, question.round, str(question.turn_on)) == (receiver_colleague.acting, 2, "2026-09-04")
    assert told()[-1][0] == receiver_colleague.email
    question = actions.answer(question=question, by=receiver_colleague, text="Dan zo.", now=TUESDAY)
    question = actions.close(question=question, by=sender, now=TUESDAY)
    assert (question.turn_organisation, question.turn_on, question.ended_at) == (None, None, TUESDAY)
    assert list(question.steps.order_by("pk").values_list("verb", "round")) == [
        ("ask", 1),
        ("answer", 1),
        ("ask_on", 2),
        ("answer", 2),
        ("close", 2),
    ]


def test_by_name_it_is_hers_and_she_gets_the_mail(sender, receiver, receiver_colleague):
    question = make_question(sender=sender, receiver=receiver, by_name=True)
    assert question.turn_member == receiver.acting
    assert [to for to, _ in told()] == [receiver.email]
    assert not Question.objects.our_turn(receiver_colleague).exists()


def test_who_has_the_profession_that_is_asked_for_gets_the_mail(sender, receiver, receiver_colleague):
    make_question(sender=sender, receiver=receiver, profession=receiver_colleague.acting.profession)
    assert [to for to, _ in told()] == [receiver_colleague.email]


def test_the_mail_says_nothing_of_the_question_and_waits_for_who_wants_it_once_a_day(sender, receiver):
    receiver.news_daily = True
    receiver.save()
    make_question(sender=sender, receiver=receiver, by_name=True)
    mail = OutboxMessage.objects.get()
    assert mail.for_digest
    assert mail.subject_id is None
    assert not any(word in str(mail.context) for text in WORDS.values() for word in text.split() if len(word) > 8)


def test_it_is_handed_on_to_a_colleague_and_keeps_its_date(sender, receiver, receiver_colleague, colleague):
    question = make_question(sender=sender, receiver=receiver, by_name=True, now=TUESDAY)
    question = actions.hand_on(question=question, by=receiver, to=receiver_colleague.acting)
    assert (question.turn_member, str(question.turn_on)) == (receiver_colleague.acting, "2026-09-04")
    assert told()[-1][0] == receiver_colleague.email
    for stranger, why in ((colleague.acting, "werkt hier niet"), (receiver_colleague.acting, "ligt al bij")):
        with pytest.raises(Refused, match=why):
            actions.hand_on(question=question, by=receiver, to=stranger)


def test_declined_it_is_her_turn_again_with_where_it_is_better_asked(sender, receiver):
    question = make_question(sender=sender, receiver=receiver)
    question = actions.decline(question=question, by=receiver, text="Niet wij.", elsewhere="Het wijkteam")
    assert (question.state, question.turn_member) == (QuestionState.DECLINED, sender.acting)
    assert question.steps.get(verb="decline").elsewhere == "Het wijkteam"


@pytest.mark.parametrize("state", [QuestionState.ASKED, QuestionState.ANSWERED, QuestionState.DECLINED])
def test_what_is_taken_back_is_gone_on_both_sides(state, sender, receiver):
    question = make_question(state, sender=sender, receiver=receiver, situation_kind="dementie")
    question = actions.withdraw(question=question, by=sender)
    question.refresh_from_db()
    assert (question.subject, question.situation_kind) == ("", "")
    assert set(question.steps.values_list("text", "elsewhere")) == {("", "")}


def test_whom_she_cannot_ask(sender, steunpunt, coordinator, beheerder, outsider, receiver):
    nobody = make_organisation("Leeg huis")
    elsewhere = make_organisation("Zonder portaal", uses_portal=False)
    make_member("Iemand", elsewhere)
    for organisation, more, why in (
        (sender.organisation, {}, "eigen organisatie"),
        (nobody, {}, "nog niemand"),
        (elsewhere, {}, "nog niemand"),
        (steunpunt, {"receiver": outsider.acting}, "werkt daar niet"),
        (coordinator.organisation, {}, "nog niemand"),
    ):
        with pytest.raises(Refused, match=why):
            actions.ask(by=sender, organisation=organisation, **WORDS, **more)
    for by in (coordinator, beheerder):
        with pytest.raises(Refused, match="Alleen wie met mantelzorgers werkt"):
            actions.ask(by=by, organisation=steunpunt, **WORDS)
    assert not Question.objects.exists()


def test_an_answer_to_an_earlier_question_is_not_sent(answered, sender, receiver, receiver_colleague):
    actions.ask_on(question=answered, by=sender, text="En dan?")
    with pytest.raises(Refused, match="intussen verder gevraagd"):
        actions.answer(question=answered, by=receiver_colleague, text="Zo.", seen=1)


def test_what_she_does_is_logged_without_a_mantelzorger(asked, sender, receiver):
    actions.answer(question=asked, by=receiver, text="Zo.")
    rows = AccessLogEntry.objects.filter(object_type="referrals.question").order_by("pk")
    assert list(rows.values_list("event", "user_id", "organisation_id", "subject_id")) == [
        ("create", sender.pk, sender.organisation_id, None),
        ("update", receiver.pk, receiver.organisation_id, None),
    ]


def test_who_is_away_is_stood_in_for(sender, receiver, receiver_colleague):
    question = make_question(sender=sender, receiver=receiver, by_name=True)
    today = timezone.localdate()
    absence = go_away(
        by=receiver, stand_in=receiver_colleague.acting, first_day=today, last_day=today, now=timezone.now()
    )
    question.refresh_from_db()
    assert question.turn_member == receiver_colleague.acting
    come_back(absence=absence, by=receiver, now=timezone.now())
    question.refresh_from_db()
    assert question.turn_member == receiver.acting


def test_what_was_asked_of_who_left_is_anybodys(sender, receiver, receiver_colleague):
    question = make_question(sender=sender, receiver=receiver, by_name=True)
    Membership.objects.filter(pk=receiver.acting.pk).update(ended_at=timezone.now())
    assert list(Question.objects.our_turn(receiver_colleague)) == [question]


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_answer_at_once_and_there_is_one_answer(sender, receiver, receiver_colleague):
    """The second has looked already when the first commits: she waits for the row, and then sees it is answered."""
    question = make_question(sender=sender, receiver=receiver)
    answered, answers = threading.Event(), []

    def answer(by):
        if by.pk == receiver_colleague.pk:
            answered.wait(timeout=10)
        try:
            with acting(member(by)):
                actions.answer(question=question, by=by, text=f"Van {by}", seen=1)
                if by.pk == receiver.pk:
                    answered.set()
                    somebody_waits()
            answers.append("done")
        except Refused as refusal:
            answers.append(refusal.sentence)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(fresh(by),)) for by in (receiver, receiver_colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    question.refresh_from_db()
    assert sorted(answers, key=len)[0] == "done"
    assert (
        sorted(answers, key=len)[1]
        == f"Er is al antwoord gegeven, door {question.receiver.user}. Er is niets verstuurd."
    )
    assert question.steps.filter(verb="answer").count() == 1

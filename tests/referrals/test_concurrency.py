"""Two people click at once: one winner, one clear sentence, and never a row that breaks a promise."""

import threading

import pytest
from django.db import connection

from mantelzorg.principals import NOBODY, acting, member
from mantelzorg.refusal import Refused
from referrals import actions, clock
from referrals.models import Referral, ReferralEvent
from referrals.transitions import State
from tests.factories import AGREED, fresh, make_caregiver, make_need, make_referral, make_service
from trail.models import OutboxMessage

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs):
    """Run the verbs at the same moment, each in its own connection and as the person that goes with it (or the clock).

    Returns what each gave: "done" or the sentence.
    """
    gate, answers = threading.Barrier(len(verbs)), [None] * len(verbs)

    def run(place, by, verb):
        try:
            gate.wait(timeout=10)
            with acting(member(by) if by else NOBODY):
                verb(by)
            answers[place] = "done"
        except Refused as refusal:
            answers[place] = refusal.sentence
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, *verb)) for place, verb in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return answers


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt)


def one_winner(answers):
    assert answers.count("done") == 1, answers
    return next(answer for answer in answers if answer != "done")


def test_two_colleagues_accept_at_once(sender, receiver, receiver_colleague, service):
    referral = make_referral(State.SENT, sender=sender, service=service)
    people = [fresh(receiver), fresh(receiver_colleague)]
    sentence = one_winner(at_once(*((by, lambda by: actions.accept(referral=referral, by=by)) for by in people)))
    assert "aangenomen" in sentence
    referral.refresh_from_db()
    assert referral.state == State.ACCEPTED
    assert ReferralEvent.objects.filter(referral=referral, verb="accept").count() == 1
    assert referral.turn_member == referral.receiver


def test_accepting_and_withdrawing_at_once(sender, receiver, service):
    referral = make_referral(State.SENT, sender=sender, service=service)
    answers = at_once(
        (fresh(receiver), lambda by: actions.accept(referral=referral, by=by)),
        (fresh(sender), lambda by: actions.withdraw(referral=referral, by=by)),
    )
    referral.refresh_from_db()
    need = referral.referral_needs.get().need
    # withdrawing is allowed after accepting too, so both may succeed; in whichever order, it ends withdrawn
    assert answers[1] == "done"
    assert referral.state == State.WITHDRAWN
    assert not need.on_referral


def test_who_had_to_wait_for_an_acceptance_tells_who_accepted(sender, receiver, service):
    """She looked before it was accepted and got the row after: whom she tells, is who stands in the row by then."""
    referral = make_referral(State.SENT, sender=sender, service=service)
    answer = while_it_waits(
        (fresh(receiver), lambda by: actions.accept(referral=referral, by=by)),
        (fresh(sender), lambda by: actions.withdraw(referral=referral, by=by)),
    )
    assert answer == "done"
    told = [mail.context["line"] for mail in OutboxMessage.objects.filter(to=receiver.email)]
    assert "Een verwijzing is ingetrokken. Neem geen contact meer op." in told


def test_who_had_to_wait_for_a_withdrawal_cannot_open_it_again(sender, receiver, service):
    """A completed referral stays as it is when she takes her consent back: it is the consent that has to be new."""
    referral = make_referral(State.COMPLETED, sender=sender, receiver=receiver, service=service)
    answer = while_it_waits(
        (fresh(sender), lambda by: actions.withdraw_consent(consent=referral.consent, by=by, how="mondeling")),
        (fresh(sender), lambda by: actions.reopen(referral=referral, by=by, note="Het hield geen stand.")),
    )
    assert "De toestemming geldt niet meer" in answer
    referral.refresh_from_db()
    assert referral.state == State.COMPLETED


def while_it_waits(first, second) -> str:
    """What the second verb gave, that began while the first was done but not yet written for others to see."""
    done, answers = threading.Event(), []

    def act(by, verb):
        with acting(member(by)):
            verb(by)
            done.set()
            somebody_waits()
        connection.close()

    def wait(by, verb):
        done.wait(timeout=10)
        try:
            with acting(member(by)):
                verb(by)
            answers.append("done")
        except Refused as refusal:
            answers.append(refusal.sentence)
        except Exception as error:
            answers.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=first), threading.Thread(target=wait, args=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return answers[0]


def somebody_waits() -> None:
    """Until another connection waits for a row of ours."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.01)
    raise AssertionError("Nobody waited.")


def test_the_clock_and_the_receiver_at_once(sender, receiver, service):
    import datetime

    from django.utils import timezone

    long_ago = timezone.now() - datetime.timedelta(days=30)
    referral = make_referral(State.SENT, sender=sender, service=service, now=long_ago)
    at_once(
        (fresh(receiver), lambda by: actions.accept(referral=referral, by=by)),
        (None, lambda _: clock.expire(referral=referral, now=timezone.now())),
    )
    referral.refresh_from_db()
    assert referral.events.exclude(verb="send").count() == 1
    assert referral.state in (State.ACCEPTED, State.EXPIRED)


def test_the_same_need_is_referred_twice_at_once(sender, colleague, receiver, steunpunt):
    caregiver = make_caregiver(sender)
    need = make_need(caregiver, sender)
    services = [make_service(steunpunt), make_service(steunpunt)]

    def refer(by, service):
        actions.refer(
            caregiver=caregiver,
            needs=[need],
            service=service,
            by=by,
            consent=AGREED,
            handover_text="Zij is moe.",
        )

    sentence = one_winner(
        at_once(
            (fresh(sender), lambda by: refer(by, services[0])), (fresh(colleague), lambda by: refer(by, services[1]))
        )
    )
    assert "loopt al via een andere verwijzing" in sentence
    assert Referral.objects.open().count() == 1


def test_two_needs_to_the_same_service_at_once(sender, colleague, service):
    caregiver = make_caregiver(sender)
    needs = [make_need(caregiver, sender), make_need(caregiver, sender)]

    def refer(by, need):
        actions.refer(
            caregiver=caregiver,
            needs=[need],
            service=service,
            by=by,
            consent=AGREED,
            handover_text="Zij is moe.",
        )

    sentence = one_winner(
        at_once((fresh(sender), lambda by: refer(by, needs[0])), (fresh(colleague), lambda by: refer(by, needs[1])))
    )
    assert "Er loopt al een verwijzing" in sentence
    assert Referral.objects.open().count() == 1


def test_completing_and_taking_consent_back_at_once(sender, receiver, service):
    from tests.factories import all_outcomes

    referral = make_referral(State.IN_CONTACT, sender=sender, receiver=receiver, service=service)
    outcomes = all_outcomes(referral)
    answers = at_once(
        (
            fresh(receiver),
            lambda by: actions.complete(referral=referral, by=by, outcomes=outcomes, feedback="Zij is geholpen."),
        ),
        (fresh(sender), lambda by: actions.withdraw_consent(consent=referral.consent, by=by, how="mondeling")),
    )
    assert answers[1] == "done"
    referral.refresh_from_db()
    assert referral.state in (State.COMPLETED, State.WITHDRAWN)
    assert not referral.shared_items.exists()
    assert referral.stage_for(fresh(receiver)) == Referral.Stage.STUB

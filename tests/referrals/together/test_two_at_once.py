"""Two who agree on a moment at once: one winner, one clear sentence."""

import pytest

from referrals import actions
from referrals.models import JointTalk
from referrals.together import actions as together
from referrals.transitions import State
from tests.factories import fresh
from tests.referrals.test_concurrency import at_once, one_winner
from trail.models import OutboxMessage

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_colleagues_choose_another_moment(proposed, sender, colleague, in_two_days, in_ten_days, now):
    seen = proposed.joint_talk.pk
    sentence = one_winner(
        at_once(
            *(
                (
                    fresh(person),
                    lambda by, moment=moment: together.choose(
                        referral=proposed, by=by, moment=moment, seen=seen, now=now
                    ),
                )
                for person, moment in ((sender, in_two_days), (colleague, in_ten_days))
            )
        )
    )
    assert "al een moment gekozen" in sentence
    assert proposed.events.filter(verb="talk_plan").count() == 1


def test_both_sides_propose(accepted, sender, receiver, in_two_days, in_ten_days, now):
    sentence = one_winner(
        at_once(
            (
                fresh(sender),
                lambda by: together.propose(referral=accepted, by=by, moments=[in_two_days], now=now),
            ),
            (
                fresh(receiver),
                lambda by: together.propose(referral=accepted, by=by, moments=[in_ten_days], now=now),
            ),
        )
    )
    assert "stelde de andere kant momenten voor" in sentence
    assert JointTalk.objects.count() == 1


def test_the_receiver_takes_back_what_the_sender_chooses(proposed, sender, receiver, in_two_days, now):
    seen = proposed.joint_talk.pk
    one_winner(
        at_once(
            (fresh(receiver), lambda by: together.take_back(referral=proposed, by=by, now=now)),
            (
                fresh(sender),
                lambda by: together.choose(referral=proposed, by=by, moment=in_two_days, seen=seen, now=now),
            ),
        )
    )


def test_a_moment_is_chosen_while_the_referral_is_withdrawn(proposed, sender, colleague, in_two_days, now):
    """Whoever is first, in the end there is no moment in a referral that ended, and nothing in a calendar."""
    seen = proposed.joint_talk.pk
    answers = at_once(
        (fresh(sender), lambda by: together.choose(referral=proposed, by=by, moment=in_two_days, seen=seen, now=now)),
        (fresh(colleague), lambda by: actions.withdraw(referral=proposed, by=by, now=now)),
    )
    assert answers[1] == "done"
    proposed.refresh_from_db()
    assert proposed.state == State.WITHDRAWN
    assert not JointTalk.objects.exists()
    calendars = OutboxMessage.objects.filter(context__has_key="calendar")
    published = calendars.filter(context__calendar__cancelled=False).count()
    assert published == calendars.filter(context__calendar__cancelled=True).count()

"""Two people click at once: one winner, one clear sentence."""

import datetime

import pytest
from django.utils import timezone

from referrals import actions as referrals
from referrals.meetings import actions
from referrals.models import Meeting, MeetingGuest
from tests.factories import fresh, make_caregiver
from tests.referrals.meetings.conftest import QUESTION, consent_of, invite, says_yes
from tests.referrals.test_concurrency import at_once, one_winner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting(sender, receiver, pom):
    meeting = actions.plan_meeting(
        caregiver=make_caregiver(sender, "Wietske Zandgrond"),
        by=sender,
        starts_at=timezone.now() + datetime.timedelta(days=1),
        how="video",
        question=QUESTION,
    )
    for person in (receiver, pom):
        invite(meeting, sender, person)
    return meeting


def test_the_last_chair_is_for_one(meeting, sender, colleague, consulent, receiver_colleague):
    sentence = one_winner(
        at_once(
            (fresh(sender), lambda by: invite(meeting, by, consulent)),
            (fresh(colleague), lambda by: invite(meeting, by, receiver_colleague)),
        )
    )
    assert "hooguit 3 anderen" in sentence
    assert MeetingGuest.objects.count() == 3


def test_saying_no_and_writing_it_up_at_once(meeting, sender, receiver, pom):
    says_yes(meeting, receiver, pom)
    Meeting.objects.update(starts_at=timezone.now() - datetime.timedelta(hours=1))
    sentence = one_winner(
        at_once(
            (fresh(pom), lambda by: actions.answer(meeting=meeting, by=by, comes=False, note="Toch niet.")),
            (fresh(sender), lambda by: actions.hold_meeting(meeting=meeting, by=by, conclusion="Rust.")),
        )
    )
    assert "al gehouden" in sentence or "met drie of vier" in sentence


def test_cancelling_and_taking_back_her_consent_at_once(meeting, sender, colleague, receiver):
    consent = consent_of(meeting, receiver)
    answers = at_once(
        (fresh(sender), lambda by: actions.cancel_meeting(meeting=meeting, by=by)),
        (fresh(colleague), lambda by: referrals.withdraw_consent(consent=consent, by=by, how="mondeling")),
    )
    assert answers[0] == "done"
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    assert not MeetingGuest.objects.filter(state__in=MeetingGuest.AT_THE_TABLE).exists()

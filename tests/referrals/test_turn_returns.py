"""Whichever way a referral ends, the turn goes back to the owner of the need, with a date."""

import datetime

import pytest
from django.utils import timezone

from mantelzorg.working_days import add_working_days
from tests.factories import make_caregiver, make_need, make_referral, make_service

pytestmark = pytest.mark.django_db


def test_the_owners_term_is_two_working_days(sender):
    friday = datetime.datetime(2026, 3, 27, 9, tzinfo=datetime.UTC)
    need = make_need(make_caregiver(sender), sender, now=friday)
    assert need.turn_on == add_working_days(datetime.date(2026, 3, 27), 2) == datetime.date(2026, 3, 31)


@pytest.mark.parametrize("how", ["withdrawn", "declined", "expired", "not_reached", "completed"])
def test_whichever_way_a_referral_ends_the_turn_returns_to_the_owner_in_two_working_days(
    how, sender, receiver, steunpunt
):
    now = datetime.datetime(2026, 3, 27, 9, tzinfo=datetime.UTC)
    referral = make_referral(how, sender=sender, receiver=receiver, service=make_service(steunpunt), now=now)
    need = referral.referral_needs.get().need
    ended = timezone.localdate(referral.ended_at)
    assert need.is_open
    assert not need.on_referral
    assert (need.turn_organisation, need.turn_member) == (sender.organisation, sender.acting)
    assert need.turn_on == add_working_days(ended, 2)

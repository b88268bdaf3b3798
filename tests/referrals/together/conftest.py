"""Sanne of the steunpunt accepted Anneke, to be spoken with together with Petra who sent her."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from mantelzorg import principals
from mantelzorg.working_days import add_working_days
from referrals.together import actions as together
from referrals.transitions import State
from tests.factories import make_caregiver, make_organisation, make_referral, make_service
from trail.actions import send_next

NAME, PHONE = "Anneke Voorbeeld", "06 55509876"


def at(day: datetime.date, hour: int = 10, minute: int = 0) -> datetime.datetime:
    """A moment here."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute)))


def post_comes() -> list:
    """The mail of all that was done, whenever that was."""
    mail.outbox.clear()
    with principals.acting(principals.job("mail")):
        while send_next(now=at(datetime.date(2028, 1, 3))):
            pass
    return mail.outbox


@pytest.fixture
def now():
    """A Monday morning, far from any holiday and any change of the clock."""
    return at(datetime.date(2027, 2, 1), 9)


@pytest.fixture
def in_two_days(now):
    return at(add_working_days(now.date(), 2))


@pytest.fixture
def in_ten_days(now):
    return at(add_working_days(now.date(), 10), 14, 30)


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt, "Gesprek bij het steunpunt")


@pytest.fixture
def anneke(sender):
    return make_caregiver(sender, NAME, phone=PHONE)


@pytest.fixture
def accepted(sender, receiver, service, anneke, now):
    return make_referral(
        State.ACCEPTED,
        sender=sender,
        receiver=receiver,
        service=service,
        caregiver=anneke,
        warm_mode="samen-bellen",
        now=now,
    )


@pytest.fixture
def for_three(sender, receiver, service, now):
    return make_referral(
        State.ACCEPTED, sender=sender, receiver=receiver, service=service, warm_mode="driegesprek", now=now
    )


@pytest.fixture
def by_phone(sender, now):
    linden = make_organisation("De Linden", uses_portal=False)
    return make_referral(
        State.ACCEPTED, sender=sender, service=make_service(linden, "Logeren"), warm_mode="samen-bellen", now=now
    )


@pytest.fixture
def proposed(accepted, receiver, in_two_days, in_ten_days, now):
    """By the receiver: Petra chooses."""
    return together.propose(referral=accepted, by=receiver, moments=[in_two_days, in_ten_days], now=now)


@pytest.fixture
def planned(proposed, sender, in_ten_days, now):
    talk = proposed.joint_talk
    return together.choose(referral=proposed, by=sender, moment=in_ten_days, seen=talk.pk, now=now)

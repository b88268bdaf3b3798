import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from mantelzorg import principals
from referrals.transitions import State
from tests.factories import make_caregiver, make_organisation, make_referral, make_service
from trail.actions import send_next

POST = "post@brug.example"


@pytest.fixture
def brug(db):
    """An organisation where nobody has an account, and that answers by a link."""
    cache.clear()
    return make_organisation(
        "Stichting De Brug",
        uses_portal=False,
        answers_by_link=True,
        email=POST,
        phone="075 555 0177",
        municipalities=["GM0479"],
    )


@pytest.fixture
def sent(sender, brug):
    caregiver = make_caregiver(sender, "Wietske Zandgrond", phone="06 55509876")
    return make_referral(State.SENT, sender=sender, caregiver=caregiver, service=make_service(brug, "Maatje"))


def post_comes() -> list:
    """The worker's turn: the mail that waits is sent."""
    mail.outbox.clear()
    with principals.acting(principals.job("mail")):
        while send_next(now=timezone.now()):
            pass
    return mail.outbox


def link_in(messages) -> str:
    """The newest link."""
    return re.findall(r"(/antwoord/\S+/)", "\n".join(message.body for message in messages))[-1]


def code_in(messages) -> str:
    return re.search(r"^(\d{3} \d{3})$", messages[-1].body, re.MULTILINE)[1]

"""Sender and receiver agree on a moment to speak with her together: one proposes, the other chooses, and afterwards who
has the turn says that the talk was held. At a desk, and on a phone without a script.
"""

import datetime

import pytest
from django.utils import timezone

from mantelzorg.working_days import add_working_days
from referrals.models import JointTalk
from referrals.transitions import State
from tests.factories import make_caregiver, make_referral
from tests.referrals.together.conftest import at

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]


@pytest.mark.parametrize(
    "options", [{"width": 1280}, {"width": 390, "javascript": False}], ids=["desk", "phone without script"]
)
def test_a_moment_is_proposed_chosen_and_held(window, sender, receiver, talk, options):
    her = make_caregiver(sender, "Wietske Zandgrond")
    referral = make_referral(
        State.ACCEPTED, sender=sender, receiver=receiver, caregiver=her, service=talk, warm_mode="driegesprek"
    )
    day = add_working_days(timezone.localdate(), 3)
    path = f"/verwijzingen/{referral.pk}/"
    theirs, hers = window(receiver, **options), window(sender, **options)
    theirs.open(path)
    theirs.sees("Samen afspreken", "Er is nog geen moment afgesproken om haar samen te spreken.")
    theirs.follow("Stel momenten voor")
    theirs.press("Stel voor")
    theirs.sees("Kies een dag en een tijd.", "Kies waar het gesprek is.")
    theirs.fill("Eerste moment", f"{day:%Y-%m-%d}T10:00")
    theirs.page.get_by_label("Tweede moment").fill(f"{day:%Y-%m-%d}T14:30")
    theirs.tick("Bij de mantelzorger")
    theirs.press("Stel voor")
    theirs.sees("Je voorstel is gedaan.", "14.30 uur")
    hers.open("/")
    hers.sees("Ook aan jou gevraagd")
    hers.follow("Kies een moment om Wietske Zandgrond samen te spreken")
    hers.follow("Kies een moment")
    hers.page.get_by_role("radio").nth(1).check()
    hers.press("Kies dit moment")
    hers.sees("Het moment staat vast.", "Jullie spreken haar samen op:", "Zet het in je agenda")
    earlier = at(timezone.localdate() - datetime.timedelta(days=1), 11)
    JointTalk.objects.update(moments=[earlier], planned_for=earlier)
    theirs.open("/")
    theirs.follow("Leg vast: is het gesprek met Wietske Zandgrond geweest?")
    theirs.press("Het gesprek is geweest")
    theirs.sees("Vastgelegd dat er contact is.")
    theirs.sees_nothing_of("Samen afspreken")

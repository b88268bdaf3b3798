"""A receiver without an account, in a real browser: a link in the mail, a code, and then she answers, calls and tells
what came of it. On a phone, on a phone without a script, and at a desk.
"""

import pytest

from referrals.models import Referral
from referrals.transitions import State
from tests.factories import make_caregiver, make_organisation, make_referral, make_service
from tests.referrals.linked.conftest import POST, code_in, link_in, post_comes

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

OPTIONS = pytest.mark.parametrize(
    "options",
    [{"width": 390}, {"width": 390, "javascript": False}, {"width": 1280}],
    ids=["phone", "phone without script", "desk"],
)


@OPTIONS
def test_without_an_account_she_accepts_calls_and_reports_back(window, sender, options):
    brug = make_organisation(
        "Stichting De Brug", uses_portal=False, answers_by_link=True, email=POST, municipalities=["GM0479"]
    )
    her = make_caregiver(sender, "Wietske Zandgrond", phone="06 55509876")
    referral = make_referral(State.SENT, sender=sender, caregiver=her, service=make_service(brug, "Maatje"))
    receiver = window(**options)
    receiver.open(link_in(post_comes()))
    receiver.sees("Vraag eerst een code", "p…@brug.example")
    receiver.sees_nothing_of("Wietske", "Maatje")
    receiver.press("Stuur mij een code")
    receiver.sees("De code is onderweg")
    receiver.fill("De code uit de mail", code_in(post_comes()))
    receiver.press("Open de verwijzing")
    receiver.sees("Maatje", "Jullie zijn aan zet")
    receiver.sees_nothing_of("Wietske", "55509876")
    receiver.fill("Wie neemt haar aan?", "Gerda de Wit")
    receiver.press("Ik neem haar aan")
    receiver.sees("Wietske Zandgrond", "06 55509876")
    receiver.tick("Ja, gesproken")
    receiver.press("Noteer")
    receiver.sees("Contact gelegd")
    receiver.tick("De ondersteuning is gestart")
    receiver.fill("Hoe gaat het nu verder?", "Zij drinken elke week koffie.")
    receiver.press("Rond af met terugkoppeling")
    receiver.sees("De terugkoppeling is gegeven")
    receiver.press("Klaar, sluit af")
    receiver.sees("Je bent klaar")
    receiver.page.go_back()
    receiver.sees_nothing_of("Wietske")
    referral = Referral.objects.get(pk=referral.pk)
    assert (referral.state, referral.receiver_name) == (State.COMPLETED, "Gerda de Wit")

"""A caregiver takes back what she agreed to, with the code on her own overview: on a phone, on a phone without a
script, and at a desk. First with one receiver, then with all; nobody can tell from the page whether a code was right.
"""

import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from referrals import clock
from referrals.transitions import State
from tests.factories import log_in_fully, make_caregiver, make_referral, make_service
from trail.models import OutboxMessage

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]


def code_and_letters(client, sender, caregiver, receiver: str) -> tuple[str, str]:
    """As they stand on the paper that the sender printed for her."""
    log_in_fully(client, sender)
    paper = client.post(reverse("overview_choose", args=[caregiver.pk]), {"deel": ["delen"], "code": "on"})
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages).replace("\x00", "")
    code = re.search(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){3}", text)[0]
    return code, re.search(rf"{receiver}:\s+([A-Z]{{4}})\b", text)[1]


@pytest.mark.parametrize(
    "options",
    [{"width": 390}, {"width": 390, "javascript": False}, {"width": 1280}],
    ids=["phone", "phone without script", "desk"],
)
def test_she_takes_back_what_one_receiver_knows_and_then_all(
    window, client, sender, receiver, steunpunt, ggz_team, options
):
    her = make_caregiver(sender, "Wietske Zandgrond")
    talk = make_referral(
        State.ACCEPTED, sender=sender, receiver=receiver, caregiver=her, service=make_service(steunpunt)
    )
    course = make_referral(State.SENT, sender=sender, caregiver=her, service=make_service(ggz_team))
    code, letters = code_and_letters(client, sender, her, steunpunt.name)
    page = window(**options)
    page.open("/intrekken/")
    page.sees("Toestemming intrekken", "Je hoeft niet te zeggen waarom")
    page.press("Trek mijn toestemming in")
    page.sees("Vul de code in die op je overzicht staat")
    page.fill("De code op je overzicht", "bbbb cccc dddd ffff")
    page.press("Trek mijn toestemming in")
    page.sees("Klopte wat je invulde?")
    assert consents(talk, course) == ["", ""]
    page.open("/intrekken/")
    page.fill("De code op je overzicht", code.replace("-", " ").lower())
    page.page.get_by_label("Alleen bij één organisatie").fill(letters)
    page.press("Trek mijn toestemming in")
    page.sees("Klopte wat je invulde?")
    assert consents(talk, course) == ["code", ""]
    told = window(receiver, **options)
    told.open(f"/verwijzingen/{talk.pk}/")
    told.sees_nothing_of("Wietske")
    page.open("/intrekken/")
    page.fill("De code op je overzicht", code)
    page.press("Trek mijn toestemming in")
    assert consents(talk, course) == ["code", "code"]
    OutboxMessage.objects.all().delete()
    assert clock.lapse_consents(now=timezone.now()) == 2
    assert OutboxMessage.objects.filter(to=sender.email).count() == 2
    told.open(f"/verwijzingen/{talk.pk}/")
    told.sees("neem geen contact meer op")
    hers = window(sender, **options)
    hers.open(f"/verwijzingen/{talk.pk}/")
    hers.sees("Ingetrokken", "trok haar toestemming in")


def consents(*referrals) -> list[str]:
    """How each was taken back, if it was."""
    for referral in referrals:
        referral.consent.refresh_from_db()
    return [referral.consent.withdrawn_how for referral in referrals]

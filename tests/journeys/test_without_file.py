"""In a real browser: she is passed on to who keeps no file, and the page offers no more than that takes."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from referrals.models import Referral
from referrals.transitions import State
from sociale_kaart.actions import refresh_search
from tests.factories import make_caregiver, make_need, make_service

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]
PICTURES = os.environ.get("PICTURES", "")  # a folder, to look at the pages


def picture(window, name: str) -> None:
    if PICTURES:
        window.page.screenshot(path=Path(PICTURES) / f"{name}-{window.width}.png", full_page=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_name_and_number_go_along_and_contact_is_the_end(window, sender, pom, ggz_team, steunpunt, width):
    kinds = ["preventief-gesprek-pom"]
    for service in (
        make_service(ggz_team, "POM-gesprek", kinds=kinds, zonder_dossier=True),
        make_service(steunpunt, "Gesprek vooraf", kinds=kinds),
    ):
        refresh_search(service)
    her = make_caregiver(sender, "Anneke Voorbeeld", safe_moment="na 10 uur")
    make_need(her, sender, kind=kinds[0], words="Ik slaap slecht.")

    poh = window(sender, width=width)
    poh.open(f"/mantelzorgers/{her.pk}/verwijzen/")
    story = poh.page.get_by_label("Overdracht").first
    shared = poh.page.get_by_role("group", name="Dit deel je").get_by_role("checkbox")
    poh.page.get_by_role("radio", name=re.compile("Gesprek vooraf")).check()
    expect(story).to_be_visible()
    assert shared.count() > 2
    poh.page.get_by_role("radio", name=re.compile("POM-gesprek")).check()
    expect(story).to_be_hidden()
    expect(poh.page.get_by_label("Ik las de overdracht aan haar voor")).to_be_hidden()
    expect(shared).to_have_count(2)
    poh.sees("Dit aanbod werkt zonder dossier", "Zij werken zonder dossier en schrijven niets over je op.")
    poh.tick("Voorgelezen, en zij is akkoord")
    picture(poh, "verwijzen")
    poh.press("Verstuur de verwijzing")
    poh.sees("Je hoort dat er contact was")
    picture(poh, "verstuurd")

    referral = Referral.objects.get()
    wim = window(pom, width=width)
    wim.open(f"/verwijzingen/{referral.pk}/")
    wim.sees_nothing_of("Anneke", "Ik slaap slecht.", "Zaanstad")
    picture(wim, "voor-aannemen")
    wim.press("Ik neem haar aan")
    wim.sees("Anneke Voorbeeld", "na 10 uur")
    picture(wim, "aangenomen")
    wim.follow("Er is contact")
    picture(wim, "contact")
    wim.press("Er is contact")
    wim.sees("haar naam en nummer zijn gewist")
    wim.sees_nothing_of("Anneke")
    picture(wim, "klaar")
    referral.refresh_from_db()
    assert referral.state == State.COMPLETED

    poh.open("/")
    poh.sees("vraag Anneke Voorbeeld hoe het ging")
    poh.open(f"/verwijzingen/{referral.pk}/")
    picture(poh, "contact-gelegd")

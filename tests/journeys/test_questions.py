"""An overlegvraag in a real browser: found by the sociale kaart, asked without a name, answered, and asked on."""

import os

import pytest

from referrals.models import Question
from sociale_kaart.actions import refresh_search
from tests.factories import make_caregiver, make_service

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

OPTIONS = pytest.mark.parametrize(
    "options",
    [{"width": 390}, {"width": 390, "javascript": False}, {"width": 1280}],
    ids=["phone", "phone without script", "desk"],
)
QUESTION, ANSWER = "Zij slaapt al weken slecht. Wat raad jij aan?", "Begin met een vast avondritme."


@OPTIONS
def test_she_asks_without_a_name_and_goes_on_with_the_answer(window, sender, receiver, steunpunt, options):
    make_caregiver(sender, "Anna Bruggeling")
    make_service(steunpunt, "Gesprek met de consulent")
    refresh_search()
    hers = window(sender, **options)
    hers.open(f"/sociale-kaart/organisaties/{steunpunt.slug}/")
    hers.follow("Stel een overlegvraag")
    hers.sees("Schrijf geen naam; vertel wat er speelt", "Steunpunt Mantelzorg Zaanstad")
    hers.fill("Onderwerp", "Nachtrust")
    hers.fill("Wat wil je weten?", "Bel Anna Bruggeling op 06 12345678.")
    hers.press("Verstuur je vraag")
    hers.sees("Er staat een telefoonnummer in.", "“Anna Bruggeling” lijkt op een naam")
    hers.fill("Wat wil je weten?", QUESTION)
    picture(hers, "new")
    hers.press("Verstuur je vraag")
    hers.sees("Nachtrust", QUESTION, "aan zet")
    theirs = window(receiver, **options)
    theirs.open("/")
    theirs.follow("Beantwoord een overlegvraag over Nachtrust")
    theirs.fill("Je antwoord", ANSWER)
    picture(theirs, "asked")
    theirs.press("Verstuur je antwoord")
    hers.open("/")
    hers.follow("Lees het antwoord van Steunpunt Mantelzorg Zaanstad op je overlegvraag")
    hers.sees(ANSWER, "Sanne Smit")
    picture(hers, "answered")
    hers.open("/overlegvragen/?lijst=gesteld")
    hers.sees("Nachtrust", "beantwoord")
    picture(hers, "list")
    hers.follow("Nachtrust")
    hers.press("Dank, ik kan verder")
    hers.sees("klaar")
    hers.open("/overlegvragen/nieuw/")
    picture(hers, "choose")
    assert Question.objects.get().state == "closed"


def picture(window, name: str) -> None:
    if folder := os.environ.get("HQ_PICTURES"):
        window.page.screenshot(path=f"{folder}/{name}-{window.width}.png", full_page=True)

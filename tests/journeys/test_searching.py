"""Looking for help on the sociale kaart: filter, what is near, why it is there, side by side, where, and keep it."""

import pytest

from sociale_kaart import actions
from sociale_kaart.models import Location, SavedSearch
from tests.factories import make_caregiver, make_organisation, make_service
from tests.journeys.window import Window

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]


@pytest.fixture
def services(db):
    organisation = make_organisation("Welzijn Zaanoever", uses_portal=True)
    for name, postcode, place, fields in (
        ("Logeerhuis De Brug", "1506 AB", "Zaandam", {"cost_kind": "eigen-bijdrage"}),
        ("Logeerhuis De Kade", "1521 AB", "Wormerveer", {"cost_kind": "gratis"}),
        ("Logeerhuis De Polder", "1441 AA", "Purmerend", {"municipalities": ["GM0439"]}),
    ):
        service = make_service(organisation, name, kinds=["logeerzorg"], **fields)
        service.locations.add(
            Location.objects.create(organisation=organisation, street="Straat 1", postcode=postcode, place=place)
        )
        service.languages.set(["nl", "tr"] if name.endswith("Kade") else ["nl"])
    actions.refresh_search()


def first(window: Window) -> str:
    return window.page.locator(".results h3").first.inner_text()


@pytest.mark.parametrize(
    "options", [{}, {"javascript": False}, {"width": 390}], ids=["at a desk", "no script", "phone"]
)
def test_from_a_few_words_to_what_suits_her(window, sender, services, options):
    anna = make_caregiver(sender, "Anna de Boer")
    poh = window(sender, **options)
    poh.open(f"/sociale-kaart/?voor={anna.pk}")
    poh.fill("Wat zoek je?", "weekend weg")
    poh.fill("Of postcode of plaats", "1506")
    if poh.javascript:
        poh.page.keyboard.press("Enter")
        poh.page.wait_for_url("**q=weekend*postcode=1506*")
        poh.look()
        poh.page.get_by_role("button", name="Meer filters").click()
        poh.page.get_by_label("Volgorde").wait_for()
    else:
        poh.press("Zoek")
        poh.press("Meer filters en volgorde")
    poh.sees("‘weekend weg’ past bij Logeerzorg")

    poh.choose("Ook buiten de gemeente", "Tot 25 km")
    wait_or_press(poh, "**afstand=25*")
    poh.choose("Volgorde", "Wat dichtbij is")
    wait_or_press(poh, "**volgorde=afstand*")
    assert first(poh) == "Logeerhuis De Brug"
    poh.sees("minder dan 1 km", "niet in Zaanstad: vraag of je er terechtkunt")

    poh.choose("Taal", "Turks (1)")
    wait_or_press(poh, "**taal=tr*")
    assert poh.page.locator(".results h3").all_inner_texts() == ["Logeerhuis De Kade"]
    poh.follow("Turks")
    assert len(poh.page.locator(".results h3").all()) == 3

    poh.follow("Vergelijk aanbod")
    boxes = poh.page.get_by_role("checkbox", name="Vergelijk")
    boxes.nth(0).check()
    boxes.nth(2).check()
    poh.press("Vergelijk wat je aanvinkte")
    poh.sees("Aanbod vergelijken", "Wat kost het?", "Logeerhuis De Brug", "Je zoekt voor een mantelzorger")
    refer = poh.page.get_by_role("link", name="Verwijs naar Logeerhuis De Brug")
    assert str(anna.pk) in refer.get_attribute("href")


def wait_or_press(window: Window, address: str) -> None:
    """Where a script runs the list follows by itself; otherwise there is a button."""
    if window.javascript:
        window.page.wait_for_url(address)
        window.look()
    else:
        window.press("Zoek")


def test_a_question_is_kept_and_taken_away_again(window, sender, services):
    poh = window(sender)
    poh.open("/sociale-kaart/?soort=logeerzorg&gemeente=GM0479")
    poh.follow("Bewaar deze zoekvraag")
    poh.sees("Zaanstad, Logeerzorg")
    poh.press("Bewaar")
    assert poh.path == "/sociale-kaart/bewaard/"
    poh.follow("Wijzig")
    poh.fill("Hoe noem je deze zoekvraag?", "Logeren in Zaanstad")
    poh.page.get_by_label("Mail me als er iets nieuws bij past").uncheck()
    poh.press("Bewaar")
    poh.sees("Logeren in Zaanstad", "Je krijgt hier geen mail over")
    poh.follow("Logeren in Zaanstad")
    assert len(poh.page.locator(".results h3").all()) == 2
    poh.follow("Bewaard")
    poh.follow("Haal weg")
    poh.press("Haal weg")
    poh.sees("Je bewaart nog geen zoekvragen")
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("width", [1280, 390])
def test_from_the_map_to_the_list(window, sender, services, width):
    poh = window(sender, width=width)
    poh.open("/sociale-kaart/?q=logeerhuis")
    poh.follow("Op de kaart")
    poh.sees("Gemeenten in Noord-Holland", "Purmerend", "Zonder aanbod: 42")
    poh.follow("Heel Nederland")
    poh.follow("Noord-Holland")
    poh.follow("Purmerend")
    assert poh.page.locator(".results h3").all_inner_texts() == ["Logeerhuis De Polder"]

"""The box above every page: found while typing, walked through by keyboard, read out, and of use without a script."""

import pytest

from tests.factories import make_caregiver
from tests.journeys.window import Window

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

BOX = "Zoek in kennis en aanbod"
FOCUSED = "document.activeElement.textContent.trim() || document.activeElement.id"


def focus(window: Window) -> str:
    return window.page.evaluate(FOCUSED)


def to_the_box(window: Window) -> None:
    """From the start of the page, as somebody without a mouse."""
    for _ in range(20):
        window.page.keyboard.press("Tab")
        if focus(window) == "zoekbalk":
            return
    raise AssertionError("the box is not within twenty steps")


def opened(window: Window) -> bool:
    return window.page.locator("#zoekpaneel a").count() > 0


def type_and_wait(window: Window, text: str) -> None:
    window.page.keyboard.type(text)
    window.page.locator("#zoekpaneel a").first.wait_for()
    window.page.locator("#mededeling", has_text="resultaten").wait_for(state="attached")


def test_by_keyboard_alone_from_any_page_to_a_profession(window, sender, talk):
    poh = window(sender)
    poh.open("/beroepen/")
    to_the_box(poh)
    type_and_wait(poh, "casemanger")
    assert "Ook gezocht op: casemanager." in poh.page.locator("#mededeling").inner_text()
    poh.page.keyboard.press("ArrowUp")
    assert focus(poh) == "zoekbalk"
    poh.page.keyboard.press("ArrowDown")
    assert focus(poh) == "Casemanager dementie"
    poh.page.keyboard.press("ArrowDown")
    poh.page.keyboard.press("ArrowUp")
    assert focus(poh) == "Casemanager dementie"
    poh.page.keyboard.press("Escape")
    assert (focus(poh), opened(poh)) == ("zoekbalk", False)
    poh.look()

    poh.page.get_by_label(BOX).fill("")
    type_and_wait(poh, "ouderenadviseur")
    poh.page.keyboard.press("ArrowDown")
    with poh.page.expect_navigation():
        poh.page.keyboard.press("Enter")
    poh.look()
    assert poh.path == "/beroepen/sociaal-werker/"


def test_where_people_are_named_the_box_is_a_step_away(window, sender):
    poh = window(sender)
    for path in ("/", "/mantelzorgers/", "/verwijzingen/"):
        poh.open(path)
        assert poh.page.locator("#zoekbalk").count() == 0
    poh.follow("Zoek", among=poh.page.get_by_role("banner"))
    assert poh.path == "/zoeken/"


def test_the_panel_goes_when_somebody_leaves_it(window, sender, talk):
    poh = window(sender)
    poh.open("/fasen/")
    to_the_box(poh)
    type_and_wait(poh, "respijt")
    links = poh.page.locator("#zoekpaneel a").count()
    for _ in range(links):
        poh.page.keyboard.press("Tab")
    assert focus(poh) == "Alle resultaten"
    poh.page.keyboard.press("Tab")
    assert not opened(poh)
    poh.page.keyboard.press("Shift+Tab")
    assert focus(poh) == "zoekbalk"
    poh.page.keyboard.press("End")
    poh.page.keyboard.type(" aan huis")
    poh.page.locator("#zoekpaneel a").first.wait_for()
    poh.page.mouse.click(20, 400)  # beside everything
    assert not opened(poh)


@pytest.mark.parametrize("path", ["/", "/fasen/", "/zoeken/"])
def test_no_single_key_does_anything_outside_the_box(window, sender, path):
    poh = window(sender)
    poh.open(path)
    poh.page.evaluate("document.activeElement.blur()")
    for key in ("/", "s", "ArrowDown", "Escape"):
        poh.page.keyboard.press(key)
    poh.page.wait_for_timeout(200)
    assert poh.page.evaluate("document.activeElement === document.body")
    assert poh.path == path


@pytest.mark.parametrize(
    "options", [{}, {"javascript": False}, {"width": 390}], ids=["at a desk", "no script", "phone"]
)
def test_the_page_of_results(window, sender, talk, options):
    poh = window(sender, **options)
    poh.open("/fasen/")
    if poh.width < 600:
        poh.go_to(BOX)
        poh.page.get_by_label("Wat zoek je?").type("oppas")
        poh.page.wait_for_url("**/zoeken/?q=oppas")
        assert focus(poh) == "zoekbalk"
        poh.look()
    else:
        poh.page.get_by_label(BOX).fill("oppas")
        with poh.page.expect_navigation():
            poh.page.keyboard.press("Enter")
        poh.look()
    assert poh.path == "/zoeken/?q=oppas"
    poh.sees("Vormen van ondersteuning", "Respijt aan huis")
    poh.follow("Respijt aan huis", among=poh.page.get_by_role("main"))
    assert poh.path == "/ondersteuning/respijt-aan-huis/"


def test_who_somebody_is_looking_for_goes_along_from_the_box(window, sender, talk):
    anna = make_caregiver(sender, "Anna de Boer")
    poh = window(sender)
    poh.open(f"/fasen/?voor={anna.pk}&gemeente=GM0479")
    to_the_box(poh)
    type_and_wait(poh, "huisarts")
    assert f"voor={anna.pk}" in poh.page.locator("#zoekpaneel a").first.get_attribute("href")
    poh.page.keyboard.press("Escape")
    with poh.page.expect_navigation():
        poh.page.keyboard.press("Enter")
    poh.sees("Je zoekt voor een mantelzorger")

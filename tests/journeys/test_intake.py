"""Listening first: a first talk of ten minutes, a full picture over three talks, and nothing that was typed is lost."""

import re

import pytest
from playwright.sync_api import expect

from intake.models import ConversationNote, Need
from tests.factories import make_caregiver
from tests.journeys.window import Window, download

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

FIRST = "Notitie bij: Stel de vraag"
TENNIS = "Even een uur naar tennis, zonder zorgen."
WAYS = [{"width": 390}, {"width": 390, "javascript": False}, {}]
NAMES = ["on a phone", "on a phone without JavaScript", "at a desk"]


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer", situation_kind="dementie")


def begin_a_talk(poh: Window, anna) -> None:
    poh.open(f"/mantelzorgers/{anna.pk}/")
    poh.follow("Begin een gesprek")
    poh.tick("Nee")
    poh.press("Begin")
    poh.sees("Zonder degene voor wie zij zorgt", "Hoe is het met jou?")


def write(poh: Window, label: str, text: str) -> None:
    """In a box that may stay empty: its label says so too."""
    poh.page.get_by_label(re.compile(f"^{re.escape(label)}")).fill(text)


def is_saved(poh: Window) -> None:
    expect(poh.page.locator("#bewaard")).to_have_text(re.compile("^Bewaard om"))


@pytest.mark.parametrize("options", WAYS, ids=NAMES)
def test_a_first_talk_of_ten_minutes(window, sender, anna, options):
    poh = window(sender, **options)
    begin_a_talk(poh, anna)
    poh.fill(FIRST, TENNIS)
    if poh.javascript:
        is_saved(poh)
        assert ConversationNote.objects.get().text == TENNIS
    poh.page.get_by_role("button", name=re.compile("^Maak hier een hulpvraag van.*Stel de vraag")).click()
    poh.page.wait_for_url("**langs=stappen")
    poh.look()
    poh.sees("De hulpvraag is gemaakt", "Nog samen uitzoeken")
    poh.follow("Naar haar pagina")
    poh.sees("Wat komt er nu", TENNIS, "Jij bent aan zet")
    poh.follow("Vul haar antwoord in")
    poh.tick("7")
    poh.press("Bewaar")
    poh.sees("7 van 10")
    assert Need.objects.get().words == TENNIS


def test_a_full_picture_over_three_talks(window, sender, anna):
    poh = window(sender)
    main = poh.page.get_by_role("main")

    begin_a_talk(poh, anna)  # the first talk: who is around her
    poh.fill("Notitie bij: Stel de vraag", "Elke nacht eruit.")
    is_saved(poh)
    poh.follow("Wie er om haar heen staan")
    poh.follow("Voeg iemand toe")
    poh.fill("Naam", "Broer Wim")
    poh.tick("Dichtbij")
    poh.tick(re.compile("Houdt de regie"))
    write(poh, "Telefoonnummer", "06 55501299")
    poh.press("Bewaar")
    poh.sees("Broer Wim houdt de regie.")
    poh.sees_nothing_of("55501299")
    poh.page.get_by_role("link", name="Toon telefoonnummer").click()
    expect(main.get_by_role("link", name=re.compile("06"))).to_be_visible()

    begin_a_talk(poh, anna)  # the second: how heavy it is, and what she does
    poh.follow("Een meting doen")
    poh.follow(re.compile("^Nieuwe meting.*CSI"))
    poh.fill("Score", "9")
    poh.press("Bewaar")
    poh.sees("9 van 13", "Wat hebben jullie afgesproken?")
    poh.fill("Wat hebben jullie afgesproken?", "Dinsdag bellen we weer.")
    poh.press("Bewaar de afspraak")
    poh.open(f"/mantelzorgers/{anna.pk}/taken/")
    poh.fill("Wat doet zij?", "De was")
    poh.press("Noteer")
    poh.press(re.compile("^Delen.*De was"))
    poh.sees("Delen (1)")

    begin_a_talk(poh, anna)  # the third: what comes
    poh.open(f"/mantelzorgers/{anna.pk}/fase/")
    poh.tick("2. Diagnose")
    poh.press("Bewaar")
    poh.sees("Fase 2: Diagnose", "Wat nu vaak helpt")
    poh.open(f"/mantelzorgers/{anna.pk}/scenarios/crisis/")
    write(poh, "Rood: nu iets doen", "Ik val zelf uit")
    write(poh, "Wie bel je?", "Broer Wim: 06 55501299")
    poh.press("Bewaar")
    poh.sees("Rood: nu iets doen", "Ik val zelf uit")

    poh.open(f"/mantelzorgers/{anna.pk}/")
    poh.sees("Broer Wim", "Fase 2: Diagnose")
    poh.open(f"/mantelzorgers/{anna.pk}/gesprekken/")
    assert main.locator(".task").count() == 3
    poh.open(f"/mantelzorgers/{anna.pk}/overzicht/")
    poh.open(f"/mantelzorgers/{anna.pk}/reflectie/")
    poh.open(f"/mantelzorgers/{anna.pk}/taken/")
    paper = download(poh, "Afdruk voor haar (pdf)")
    assert "De was" in paper.pages[0].extract_text()


def test_a_broken_connection_loses_nothing(window, sender, anna):
    poh = window(sender)
    begin_a_talk(poh, anna)
    poh.context.set_offline(True)
    poh.fill(FIRST, "Getypt in de lift")
    expect(poh.page.locator("#bewaard")).to_contain_text("geen verbinding")
    assert not ConversationNote.objects.exists()
    poh.context.set_offline(False)
    is_saved(poh)
    assert ConversationNote.objects.get().text == "Getypt in de lift"
    assert not [each for each in poh.complaints if not re.search("ERR_INTERNET_DISCONNECTED|htmx:", each)]


def test_two_tabs_of_one_talk_lose_nothing(window, sender, anna):
    poh = window(sender)
    begin_a_talk(poh, anna)
    other = poh.context.new_page()
    other.goto(poh.path)
    poh.fill(FIRST, "In het ene tabblad")
    is_saved(poh)
    other.get_by_label(FIRST, exact=True).fill("In het andere tabblad")
    expect(other.locator("#samengevoegd")).to_contain_text("ander venster")
    expect(other.get_by_label(FIRST, exact=True)).to_have_value("In het ene tabblad\nIn het andere tabblad")
    poh.fill(FIRST, "In het ene tabblad, en nog iets")
    expect(poh.page.locator("#samengevoegd")).to_contain_text("ander venster")
    text = ConversationNote.objects.get().text
    assert "In het andere tabblad" in text
    assert "en nog iets" in text


def test_what_she_types_while_the_answer_is_on_its_way_stays(window, sender, anna):
    poh = window(sender)
    begin_a_talk(poh, anna)
    other = poh.context.new_page()
    other.goto(poh.path)
    other.get_by_label(FIRST, exact=True).fill("Uit het andere tabblad")
    expect(other.locator("#bewaard")).to_have_text(re.compile("^Bewaard om"))
    box = poh.page.get_by_label(FIRST, exact=True)

    def typing_goes_on(route):
        answer = route.fetch()
        box.press_sequentially(" en dit erbij")
        route.fulfill(response=answer)

    poh.page.route("**/gesprekken/**", typing_goes_on, times=1)
    box.fill("Hier begon ik")
    expect(poh.page.locator("#samengevoegd")).to_contain_text("ander venster")
    expect(box).to_have_value(re.compile("en dit erbij"))
    expect(box).to_have_value(re.compile("Uit het andere tabblad"), timeout=15_000)
    expect(box).to_have_value("Uit het andere tabblad\nHier begon ik en dit erbij")
    assert ConversationNote.objects.get().text == "Uit het andere tabblad\nHier begon ik en dit erbij"


def test_what_was_typed_a_moment_before_leaving_is_kept(window, sender, anna):
    poh = window(sender)
    begin_a_talk(poh, anna)
    poh.page.get_by_label(FIRST, exact=True).press_sequentially("Net nog getypt")
    assert not ConversationNote.objects.exists()
    poh.open(f"/mantelzorgers/{anna.pk}/")  # by its address: the box keeps the focus to the end
    poh.page.wait_for_timeout(500)
    assert ConversationNote.objects.get().text == "Net nog getypt"

"""The main job in a real browser: record and refer, accept, call, report back, read it, close it, count it.

Once with JavaScript, once without and once as wide as a phone, by the same steps. What holds on every page (no finding
of axe, an empty console, nothing asked of anyone else, nothing that can only be seen by scrolling sideways) is looked at
on every page they come to: tests/window.py. `SCREENSHOTS=1` makes the pictures of docs/ anew.
"""

import io
import os
import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import User
from scripts.programs import find_chromium
from sociale_kaart.actions import refresh_search
from tests.factories import PASSWORD, make_organisation, make_service
from tests.window import Window
from trail.actions import send_next

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ANNEKE, HER_WORDS = "Anneke van Loon", "Ik weet niet meer waar ik moet beginnen."
HANDOVER = "Zij zorgt dag en nacht voor haar man. Zij slaapt slecht en wil met iemand praten die meedenkt."
FEEDBACK = "Wij spraken af dat zij elke week langskomt. De eerste keer was zij opgelucht."
TALK, STAY = "Gesprek met de mantelzorgconsulent", "Koffie met een luisteraar"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = find_chromium()
    if chromium is None:
        pytest.fail("There is no Chromium for the journeys: `make test` installs it, or says what to type.")
    quiet = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
    if os.geteuid() == 0:
        quiet.append("--no-sandbox")
    return browser_type_launch_args | {"executable_path": chromium, "args": quiet}


@pytest.fixture(scope="session", autouse=True)
def the_css_is_built():
    if not (settings.BASE_DIR / "static" / "build" / "portaal.css").exists():
        pytest.fail("The css is not built: run .venv/bin/python frontend/build.py, as `make test` does.")


@pytest.fixture
def window(browser, live_server):
    """`window(sender)` is her browser, logged in by the form; `window()` is somebody's who is not."""
    opened = []

    def open_one(user: User | None = None, **options) -> Window:
        opened.append(Window(browser, live_server.url, **options))
        if user is not None:
            user.set_password(PASSWORD)
            user.save()
            opened[-1].log_in(user.email)
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def talk(steunpunt):
    service = make_service(steunpunt, TALK, kinds=["gesprek-mantelzorgconsulent"], call_within_days=3)
    refresh_search()
    return service


@pytest.fixture
def coffee():
    buurtkamer = make_organisation("Buurtkamer De Brug", uses_portal=False, phone="075 555 01 23")
    service = make_service(buurtkamer, STAY, kinds=["gesprek-mantelzorgconsulent"])
    refresh_search()
    return service


# What they do -------------------------------------------------------------------------------------------------------


def record_and_refer(poh: Window, *, to: str) -> str:
    """Eight questions to a sent referral, on one page. Returns the number of the referral."""
    poh.go_to("Vandaag")
    poh.follow("Nieuwe mantelzorger")
    poh.fill("Naam", ANNEKE)
    poh.page.get_by_label("Veilig telefoonnummer").fill("06 555 012 34")
    poh.fill("Postcode", "1506 AB")
    poh.choose("Zij zorgt voor", "haar of zijn partner")
    poh.choose("Wat speelt er?", "dementie of een vermoeden daarvan")
    poh.choose("Wat vraagt zij?", "Gesprek met mantelzorgconsulent")
    poh.page.get_by_label("In haar eigen woorden").first.fill(HER_WORDS)
    if not poh.javascript:
        poh.press("Toon passend aanbod")
    poh.page.get_by_role("radio", name=re.compile(to)).check()
    poh.page.get_by_label("Overdracht").first.fill(HANDOVER)
    agree_and_send(poh)
    if not poh.javascript:  # only now the server could fill in the text to read aloud
        poh.sees("De tekst is veranderd")
        agree_and_send(poh)
    poh.sees("Voor je eigen dossier")
    return re.search(r"\d{4}-\d{4,}", poh.text).group()


def agree_and_send(poh: Window) -> None:
    poh.tick("Ik las de overdracht aan haar voor")
    poh.tick("Voorgelezen, en zij is akkoord")
    poh.press("Verstuur de verwijzing")


def accept_call_and_report_back(consulent: Window, number: str) -> None:
    """Before she accepts she sees the question and no name; after it, what is shared."""
    consulent.go_to("Vandaag")
    consulent.sees_nothing_of(ANNEKE, HER_WORDS, HANDOVER)
    consulent.go_to("Verwijzingen")
    consulent.go_to("Vandaag")
    consulent.page.get_by_role("main").get_by_role("listitem").first.wait_for()
    consulent.follow(re.compile("mantelzorgconsulent"), among=consulent.page.get_by_role("main"))
    consulent.sees(number)
    consulent.sees_nothing_of(ANNEKE, HER_WORDS, HANDOVER)
    consulent.press("Ik neem haar aan")
    consulent.sees(ANNEKE, HER_WORDS, HANDOVER, "06 55501234")
    consulent.tick("Nee, niet bereikt")
    consulent.press("Noteer")
    consulent.sees("Niet bereikt")
    consulent.tick("Ja, gesproken")
    consulent.press("Noteer")
    report_back(consulent, "Rond af met terugkoppeling")


def report_back(somebody: Window, button: str) -> None:
    somebody.page.get_by_role("radio", name=re.compile("gestart")).check()
    somebody.page.get_by_label(re.compile("terugkoppeling|kwam ervan", re.IGNORECASE)).last.fill(FEEDBACK)
    somebody.press(button)
    somebody.sees("afgerond")


def read_it_and_close_the_need(poh: Window, number: str) -> None:
    poh.go_to("Vandaag")
    poh.follow(re.compile(ANNEKE), among=poh.page.get_by_role("main"))
    poh.sees(FEEDBACK)
    poh.follow(re.compile("Sluit af|geholpen", re.IGNORECASE), among=poh.page.get_by_role("main"))
    poh.tick(re.compile("geholpen", re.IGNORECASE))
    poh.press("Sluit af")
    poh.sees("De hulpvraag is afgesloten.", ANNEKE)
    poh.go_to("Vandaag")
    poh.sees("Er ligt nu niets bij jou")


def download(window: Window, name: str) -> PdfReader:
    """The paper behind a link."""
    link = window.page.get_by_role("link", name=name).get_attribute("href")
    answer = window.context.request.get(link)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    paper = PdfReader(io.BytesIO(answer.body()))
    assert paper.trailer["/Root"]["/Lang"] == "nl"
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return paper


# The journeys -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how",
    [{}, {"javascript": False}, {"width": 390}],
    ids=["at a desk", "without JavaScript", "on a phone"],
)
def test_from_a_talk_of_ten_minutes_to_a_need_that_is_closed(
    how, window, talk, sender, consulent, coordinator, practice
):
    poh = window(sender, **how)
    number = record_and_refer(poh, to=TALK)
    receiver = window(consulent, **how)
    accept_call_and_report_back(receiver, number)
    assert ANNEKE in download(receiver, "Overdrachtsbrief").pages[0].extract_text()
    read_it_and_close_the_need(poh, number)

    counts = window(coordinator, **how)
    counts.go_to("Overzichten")
    counts.sees_nothing_of(ANNEKE)
    overview = download(counts, "Overzicht als pdf")
    text = "\n".join(page.extract_text() for page in overview.pages)
    assert 1 <= len(overview.pages) <= 2
    assert "Zaanstad" in text
    assert ANNEKE not in text


def test_by_phone_the_sender_is_led_through_every_call(window, coffee, sender):
    poh = window(sender)
    number = record_and_refer(poh, to=STAY)
    poh.sees("Bel nu de ontvanger", "075 555 01 23")
    poh.follow("pagina van de verwijzing")
    poh.sees(number, "075 555 01 23")
    poh.fill("Wie neemt haar aan?", "Meneer De Wit")
    poh.press("Leg vast dat zij haar aannemen")
    poh.sees("Meneer De Wit")
    poh.tick("Ja, maar zij was niet te bereiken")
    poh.press("Noteer")
    poh.tick("Ja, en er is met haar gesproken")
    poh.press("Noteer")
    report_back(poh, "Rond af")
    read_it_and_close_the_need(poh, number)


def test_what_is_typed_wrong_is_said_at_its_field_and_nothing_is_lost(window, talk, sender):
    poh = window(sender)
    poh.open("/mantelzorgers/nieuw/")
    poh.fill("Naam", ANNEKE)
    phone = poh.page.get_by_label("Veilig telefoonnummer")
    phone.fill("12")
    poh.press("Verstuur de verwijzing")
    assert poh.page.title().startswith("Fout: ")
    assert "error-summary" in poh.page.evaluate("document.activeElement.className")
    assert poh.page.get_by_label("Naam", exact=True).input_value() == ANNEKE
    assert phone.input_value() == "12"
    assert phone.get_attribute("aria-invalid") == "true"
    poh.page.get_by_role("link", name=re.compile("Dit telefoonnummer kan niet kloppen")).click()
    assert poh.page.evaluate("document.activeElement.name") == "phone"


def test_a_colleague_comes_in_by_the_mail_that_invites_her(window, beheerder):
    els = window(beheerder)
    els.go_to("Team")
    els.follow("Nodig een collega uit")
    els.fill("Naam", "Nina Nieuw")
    els.page.get_by_label("E-mailadres").fill("nina@voorbeeld.example")
    els.tick(re.compile("^verwijzer", re.IGNORECASE))
    els.press("Verstuur de uitnodiging")
    els.sees("Nina Nieuw")
    assert send_next(now=timezone.now()).sent_at

    link = urlsplit(re.search(r"https?://\S+/uitnodiging/\S+", mail.outbox[-1].body).group()).path
    nina = window()
    nina.open(link)
    nina.fill("Wachtwoord", "zonnebloem fiets kaas")
    nina.fill("Wachtwoord, nog een keer", "zonnebloem fiets kaas")
    nina.press("Maak je account")
    nina.sees("Welkom. Je hoort nu bij Huisartsenpraktijk De Zaan.")
    nina.log_out()
    nina.log_in("nina@voorbeeld.example", "zonnebloem fiets kaas")
    nina.go_to("Mantelzorgers")
    nina.open(link)
    nina.sees("werkt niet")


@pytest.mark.parametrize("theme", ["blauw", "groen"])
def test_every_kind_of_page_holds_in_both_themes(theme, window, talk, sender, settings):
    settings.THEME = theme
    poh = window(sender)
    assert poh.page.locator("html").get_attribute("data-thema") == theme
    record_and_refer(poh, to=TALK)
    for path in (
        "/mantelzorgers/",
        "/verwijzingen/",
        "/sociale-kaart/?q=gesprek",
        "/beroepen/poh/",
        "/fasen/niet-pluis/",
    ):
        poh.open(path)
    poh.open("/privacy/")
    poh.open("/toegankelijkheid/")
    poh.open("/account/")


@pytest.mark.skipif(not os.environ.get("SCREENSHOTS"), reason="SCREENSHOTS=1 makes the pictures of docs/ anew")
def test_the_pictures_of_the_readme(window, live_server):
    call_command("make_demo", verbosity=0)
    poh = window(User.objects.get(email="poh@demo.example"))
    poh.page.set_viewport_size({"width": 1280, "height": 860})
    poh.open("/")
    poh.page.screenshot(path=settings.BASE_DIR / "docs" / "screenshot.png")

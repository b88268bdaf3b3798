"""The main job in a real browser: record and refer, accept, call, report back, read it, close it, count it.

Once with JavaScript, once without and once as wide as a phone, by the same steps. What holds on every page (no finding
of axe, an empty console, nothing asked of anyone else, nothing that scrolls sideways) is looked at on every page they
come to, also where no script runs. `SCREENSHOTS=1` makes the picture of the README anew.
"""

import datetime
import io
import os
import re
import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page
from pypdf import PdfReader

from accounts.actions import read_kept_form
from accounts.models import KeptForm, Session, User
from intake.models import Caregiver
from referrals.models import Referral
from referrals.transitions import Channel
from scripts.programs import find_chromium
from sociale_kaart.actions import refresh_search
from tests.factories import PASSWORD, make_organisation, make_service
from trail.actions import send_next
from trail.models import OutboxMessage

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

MORE_THAN_VIOLATIONS = {"resultTypes": ["violations", "incomplete"]}
OVER_THE_EDGE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ANNEKE, HER_WORDS = "Anneke van Loon", "Ik weet niet meer waar ik moet beginnen."
HANDOVER = "Zij zorgt dag en nacht voor haar man. Zij slaapt slecht en wil met iemand praten die meedenkt."
FEEDBACK = "Wij spraken af dat zij elke week langskomt. De eerste keer was zij opgelucht."
APP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # the secret of everybody's app for codes
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


class Window:
    """Somebody's browser, watched: with or without JavaScript, as wide as a desk or as a phone."""

    def __init__(self, browser: Browser, address: str, *, javascript: bool = True, width: int = 1280):
        self.browser, self.address, self.javascript, self.width = browser, address, javascript, width
        self.context = browser.new_context(
            base_url=address,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 800},
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            has_touch=width < 600,
        )
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.mirror: Page | None = None
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", self.is_ours)
        self.page.on("response", self.is_fine)

    def close(self) -> None:
        self.context.close()

    def is_ours(self, request) -> None:
        if not request.url.startswith((self.address, "blob:")):
            self.complaints.append(f"asks elsewhere: {request.url}")

    def is_fine(self, response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    # What she does ----------------------------------------------------------------------------------------------------

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path)
        self.look()

    def press(self, name: str, *, among: Locator | None = None) -> None:
        """Press a button that leads to a page."""
        self._go_by((among or self.page).get_by_role("button", name=name, exact=True))

    def follow(self, name: str | re.Pattern, *, among: Locator | None = None) -> None:
        """Follow a link to another page; the first of that name."""
        self._go_by((among or self.page).get_by_role("link", name=name).first)

    def _go_by(self, what: Locator) -> None:
        with self.page.expect_navigation():
            what.click()
        self.look()

    def go_to(self, entry: str) -> None:
        """By the menu, which on a phone has to be opened first."""
        menu = self.page.get_by_role("navigation", name="Hoofdmenu")
        if not menu.is_visible():
            self.page.locator("summary", has_text="Menu").click()
        self.follow(entry, among=menu)

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str, option: str) -> None:
        """From a list."""
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def tick(self, label: str | re.Pattern, *, among: Locator | None = None) -> None:
        """A box or a round."""
        (among or self.page).get_by_label(label).check()

    def log_in(self, email: str, password: str = PASSWORD) -> None:
        """In two steps, as everybody does."""
        self.open("/account/login/")
        self.fill("E-mailadres", email)
        self.fill("Wachtwoord", password)
        self.press("Log in")
        self.fill("Code", code_for(email))
        self.press("Log in")

    def log_out(self) -> None:
        self.page.locator("summary", has_text="Je account").click()
        self.press("Log uit")

    # What she sees ----------------------------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def sees(self, *texts: str) -> None:
        for text in texts:
            assert text in self.text, f"{self.path} does not say {text!r}:\n{self.text}"

    def sees_nothing_of(self, *texts: str) -> None:
        for text in texts:
            assert text not in self.page.content(), f"{self.path} says {text!r}"

    # What holds on every page -----------------------------------------------------------------------------------------

    def look(self) -> None:
        self.page.wait_for_load_state("load")
        where = f"{self.path} ({self.page.title()})"
        assert self.complaints == [], where
        assert self.page.locator("h1").count() == 1, where
        assert self.page.evaluate(OVER_THE_EDGE) <= 0, f"{where} can be scrolled sideways"
        found = self.findings()
        assert found == [], f"{where}:\n" + "\n".join(found)
        assert self.complaints == [], where

    def findings(self) -> list[str]:
        """What axe finds, also what it is not sure of, apart from what only a person can judge."""
        page = self.page if self.javascript else self.as_seen_with_javascript()
        results = Axe().run(page, options=MORE_THAN_VIOLATIONS).response
        return [
            f"{certainty}: {rule['id']}: {rule['help']}: {node['html'][:200]}"
            for certainty in ("violations", "incomplete")
            for rule in results[certainty]
            for node in rule["nodes"]
        ]

    def as_seen_with_javascript(self) -> Page:
        """The page as it is, in a browser in which axe can run; its own scripts are left out."""
        if self.mirror is None:
            self.mirror = self.browser.new_context(viewport=self.page.viewport_size).new_page()
        text = re.sub(r"<script\b[^>]*\bsrc=[^>]*></script>", "", self.page.content())
        self.mirror.route(
            self.page.url, lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8")
        )
        self.mirror.goto(self.page.url)
        self.mirror.unroute(self.page.url)
        return self.mirror


def code_for(email: str) -> str:
    """What her app shows now; if she used that a moment ago, one of her recovery codes."""
    factors = {each.type: each for each in User.objects.get(email=email).authenticator_set.all()}
    app = factors["totp"]
    if app.last_used_at and timezone.now() - app.last_used_at < datetime.timedelta(seconds=100):
        return factors["recovery_codes"].wrap().get_unused_codes()[0]
    return format_hotp_value(hotp_value(decrypt(app.data["secret"]), int(time.time()) // 30))


@pytest.fixture
def window(browser, live_server):
    """`window(sender)` is her browser, logged in by the form; `window()` is somebody's who is not."""
    opened = []

    def open_one(user: User | None = None, **options) -> Window:
        opened.append(Window(browser, live_server.url, **options))
        if user is not None:
            user.set_password(PASSWORD)
            user.save()
            if not user.authenticator_set.exists():
                TOTP.activate(user, APP)
                RecoveryCodes.activate(user)
            opened[-1].log_in(user.email)
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def talk(steunpunt):
    steunpunt.email = "steunpunt@voorbeeld.example"
    steunpunt.save()
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
    return re.search(r"nummer (\w{4}-\w{4})", poh.text)[1]


def agree_and_send(poh: Window) -> None:
    poh.tick("Ik las de overdracht aan haar voor")
    poh.tick("Voorgelezen, en zij is akkoord")
    poh.press("Verstuur de verwijzing")


def accept_call_and_report_back(consulent: Window, number: str) -> None:
    """Before she accepts she sees the question and no name; after it, what is shared."""
    consulent.go_to("Vandaag")
    consulent.sees_nothing_of(ANNEKE, HER_WORDS, HANDOVER)
    consulent.go_to("Verwijzingen")
    consulent.sees(number)
    consulent.sees_nothing_of(ANNEKE, HER_WORDS, HANDOVER)
    consulent.go_to("Vandaag")
    consulent.follow(re.compile("mantelzorgconsulent"), among=consulent.page.get_by_role("main"))
    consulent.sees(number)
    consulent.sees_nothing_of(ANNEKE, HER_WORDS, HANDOVER)
    consulent.press("Ik neem haar aan")
    consulent.sees(ANNEKE, HER_WORDS, HANDOVER, "06 55501234")
    consulent.tick("Nee, niet bereikt")
    consulent.press("Noteer")
    consulent.sees("Genoteerd.")
    consulent.tick("Ja, gesproken")
    consulent.press("Noteer")
    report_back(consulent, "Rond af met terugkoppeling")


def report_back(somebody: Window, button: str) -> None:
    somebody.page.get_by_role("radio", name=re.compile("gestart")).check()
    somebody.page.get_by_label(re.compile("terugkoppeling|kwam ervan", re.IGNORECASE)).last.fill(FEEDBACK)
    somebody.press(button)
    somebody.sees("afgerond")


def read_it_and_close_the_need(poh: Window) -> None:
    poh.go_to("Vandaag")
    poh.follow(re.compile(ANNEKE), among=poh.page.get_by_role("main"))
    poh.sees(FEEDBACK)
    poh.follow("Sluit de hulpvraag af")
    poh.tick("Zij is geholpen")
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
    referral = Referral.objects.get(number=number)
    assert OutboxMessage.objects.get(about_id=referral.pk).to == "steunpunt@voorbeeld.example"
    receiver = window(consulent, **how)
    accept_call_and_report_back(receiver, number)
    assert ANNEKE in download(receiver, "Overdrachtsbrief").pages[0].extract_text()
    read_it_and_close_the_need(poh)
    assert not referral.referral_needs.get().need.is_open

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
    assert Referral.objects.get(number=number).channel == Channel.PHONE
    poh.fill("Wie neemt haar aan?", "Meneer De Wit")
    poh.press("Leg vast dat zij haar aannemen")
    poh.sees("Meneer De Wit")
    poh.tick("Ja, maar zij was niet te bereiken")
    poh.press("Noteer")
    poh.tick("Ja, en er is met haar gesproken")
    poh.press("Noteer")
    report_back(poh, "Rond af")
    read_it_and_close_the_need(poh)


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
    assert not Referral.objects.exists()
    poh.page.get_by_role("link", name=re.compile("Dit telefoonnummer kan niet kloppen")).click()
    assert poh.page.evaluate("document.activeElement.name") == "phone"


def test_a_colleague_comes_in_by_the_mail_that_invites_her(window, beheerder):
    els = window(beheerder)
    els.go_to("Team")
    els.follow("Nodig een collega uit")
    els.fill("Naam", "Nina Nieuw")
    els.page.get_by_label("E-mailadres").fill("nina@voorbeeld.example")
    els.tick("verwijzer: legt mantelzorgers vast")
    els.press("Stuur de uitnodiging")
    els.sees("Nina Nieuw")
    assert send_next(now=timezone.now()).sent_at

    link = urlsplit(re.search(r"https?://\S+/uitnodiging/\S+", mail.outbox[-1].body).group()).path
    nina = window()
    nina.open(link)
    nina.fill("Kies een wachtwoord", "zonnebloem fiets kaas")
    nina.fill("Hetzelfde wachtwoord, nog een keer", "zonnebloem fiets kaas")
    nina.press("Maak je account")
    nina.sees("Welkom. Je hoort nu bij Huisartsenpraktijk De Zaan.", "Nog één ding: een tweede stap")
    nina.follow("Kies een app met codes")
    nina.page.locator("summary", has_text="Kun je niet scannen?").click()
    secret = nina.page.locator("code").inner_text().replace(" ", "")
    nina.fill("Code uit de app", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    nina.press("Zet aan")
    nina.sees("Bewaar je herstelcodes")
    nina.follow("Ik heb ze bewaard, ga verder")
    nina.sees("Je account")
    nina.log_out()
    nina.log_in("nina@voorbeeld.example", "zonnebloem fiets kaas")
    nina.go_to("Mantelzorgers")
    assert nina.context.request.get(link).status == 410  # it works once


@pytest.mark.parametrize("javascript", [True, False])
def test_what_she_typed_comes_back_when_her_session_ran_out(javascript, window, sender, talk):
    poh = window(sender, javascript=javascript)
    poh.open("/account/sessies/")
    poh.sees("dit apparaat")
    poh.open("/mantelzorgers/nieuw/")
    poh.fill("Naam", ANNEKE)
    poh.page.get_by_label("Overdracht").first.fill(HANDOVER)
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(minutes=1))
    poh.press("Verstuur de verwijzing")
    poh.sees("Wat je had ingevuld, krijg je dan terug.")
    poh.fill("E-mailadres", sender.email)
    poh.fill("Wachtwoord", PASSWORD)
    poh.press("Log in")
    poh.fill("Code", code_for(sender.email))
    poh.press("Log in")
    poh.sees("Je was nog bezig")
    poh.press("Open het formulier")
    assert poh.page.get_by_label("Naam", exact=True).input_value() == ANNEKE
    assert poh.page.get_by_label("Overdracht").first.input_value() == HANDOVER
    assert not Caregiver.objects.exists()


def test_what_she_typed_is_safe_when_a_piece_of_the_page_comes_too_late(window, sender, talk):
    poh = window(sender)
    poh.open("/mantelzorgers/nieuw/")
    poh.fill("Naam", ANNEKE)
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(minutes=1))
    poh.choose("Zij zorgt voor", "haar of zijn partner")
    poh.page.wait_for_url("**/account/login/**")
    poh.page.get_by_text("Wat je had ingevuld, krijg je dan terug.").wait_for()
    assert read_kept_form(kept=KeptForm.objects.get())["name"] == ANNEKE


@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_wrong_on_a_page_is_seen(javascript, window):
    """The watch itself: a picture without a text, and a file from elsewhere."""
    somebody = window(javascript=javascript)
    somebody.open("/privacy/")
    picture = '<img src="https://elders.example/x.png">'
    somebody.page.evaluate(f"document.querySelector('main').insertAdjacentHTML('beforeend', '{picture}')")
    assert "image-alt" in "".join(somebody.findings())
    assert "Content Security Policy" in "".join(somebody.complaints)
    with pytest.raises(AssertionError):
        somebody.look()


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
    poh.open("/")
    poh.page.screenshot(path=settings.BASE_DIR / "docs" / "screenshot.png")

"""The main job in a real browser: record and refer, accept, call, report back, read it, close it, count it.

Once with JavaScript and once without, by the same steps; once at the width of a phone. Every page that is visited has
no accessibility finding (axe), an empty console and nothing that the Content-Security-Policy stopped.
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from accounts.models import Role
from intake.models import Need
from referrals.models import Referral
from referrals.transitions import State
from scripts.programs import find_chromium
from sociale_kaart.actions import refresh_search
from tests.factories import PASSWORD, make_appointment, make_member, make_organisation, make_service
from trail.models import OutboxMessage

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
HANDOVER = "Haar man heeft dementie. Zij slaapt slecht en wil met iemand praten die met haar meedenkt."


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": QUIET}


@pytest.fixture(autouse=True)
def _styles_are_built():
    css = settings.BASE_DIR / "static" / "build" / "portaal.css"
    assert css.exists(), "Build the css first: python frontend/build.py (make test does)."


class Window:
    """One person's browser, watched on every page."""

    def __init__(self, browser, address: str, *, javascript: bool = True, width: int = 1280):
        self.address, self.javascript = address, javascript
        self.context = browser.new_context(
            java_script_enabled=javascript, viewport={"width": width, "height": 900}, locale="nl-NL"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def press(self, name: str) -> None:
        self.press_this(self.page.get_by_role("button", name=name).first)

    def press_this(self, button) -> None:
        button.click()
        self.page.wait_for_load_state("networkidle")
        self.look()

    def look(self) -> None:
        """What holds on every page."""
        assert self.complaints == [], (self.page.url, self.complaints)
        assert self.page.locator("h1").count() == 1, self.page.url
        if self.javascript:
            found = Axe().run(self.page).response["violations"]
            assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == [], self.page.url
            beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert self.page.evaluate(beyond) <= 0, f"{self.page.url} scrolls sideways"

    def sees(self, text: str) -> None:
        assert text in self.page.inner_text("main"), (text, self.page.url)

    def log_in(self, user) -> None:
        self.go("/account/login/")
        self.page.fill("[name=login]", user.email)
        self.page.fill("[name=password]", PASSWORD)
        self.press_this(self.page.locator("main form button.nl-button--primary").first)


@pytest.fixture
def window(browser, live_server):
    windows = []

    def open_window(user=None, **options) -> Window:
        windows.append(Window(browser, live_server.url, **options))
        if user is not None:
            windows[-1].log_in(user)
        return windows[-1]

    yield open_window
    for one in windows:
        one.context.close()


@pytest.fixture
def cast():
    """The people of the main job, with a password, and the services she can be passed on to."""
    practice = make_organisation("Huisartsenpraktijk De Zaan", kind="huisartsenpraktijk", municipalities=["GM0479"])
    steunpunt = make_organisation("Steunpunt Zaanstad", kind="steunpunt", email="steunpunt@voorbeeld.example")
    gemeente = make_organisation("Gemeente Zaanstad", kind="gemeente", municipalities=["GM0479"])
    buurtkamer = make_organisation("Buurtkamer De Brug", uses_portal=False, phone="075 555 01 23")
    make_service(steunpunt, "Gesprek met een consulent")
    make_service(buurtkamer, "Koffie met een luisteraar")
    refresh_search()
    people = {
        "poh": make_member("Petra Proef", practice, Role.VERWIJZER, password=PASSWORD),
        "consulent": make_member("Connie Luister", steunpunt, Role.CONSULENT, password=PASSWORD),
        "coordinator": make_member("Coen Cijfer", gemeente, Role.COORDINATOR, profession=None, password=PASSWORD),
        "beheerder": make_member("Bea Sleutel", practice, Role.BEHEERDER, profession=None, password=PASSWORD),
    }
    make_appointment(people["coordinator"], Role.COORDINATOR, "GM0479")
    return people


def choose(page, name: str, value: str) -> None:
    page.locator(f"[name={name}][value='{value}']").check()


def record_and_refer(window: Window, *, to: str) -> None:
    """Eight questions to a sent referral, on one page."""
    page = window.page
    window.go("/mantelzorgers/nieuw/")
    page.fill("[name=name]", "Anneke Voorbeeld")
    page.fill("[name=phone]", "06 55 50 12 34")
    page.fill("[name=postcode]", "1506 AB")
    page.select_option("[name=relation]", "partner")
    page.select_option("[name=situation_kind]", "dementie")
    page.select_option("[name=kind]", "gesprek-mantelzorgconsulent")
    page.fill("[name=words]", "Ik weet niet waar ik moet beginnen.")
    window.press("Toon passend aanbod")
    page.get_by_label(re.compile(to)).first.check()
    page.fill("[name=handover_text]", HANDOVER)
    agree_and_send(window)
    if "/verstuurd/" not in page.url:  # without JavaScript the text to read is only filled in now
        window.sees("De tekst is veranderd")
        assert not page.locator("[name=agreed]").is_checked()
        agree_and_send(window)
    assert "/verstuurd/" in page.url
    window.look()


def agree_and_send(window: Window) -> None:
    for name in ("handover_read", "agreed"):
        window.page.locator(f"[name={name}]").check()
    window.press("Verstuur de verwijzing")


@pytest.mark.parametrize(
    ("javascript", "width"),
    [(True, 1280), (False, 1280), (True, 390)],
    ids=["javascript", "no-javascript", "phone-width"],
)
def test_the_main_job_from_a_talk_of_ten_minutes_to_a_closed_question(window, cast, javascript, width):
    options = {"javascript": javascript, "width": width}
    poh = window(cast["poh"], **options)
    record_and_refer(poh, to="Gesprek met een consulent")
    referral = Referral.objects.get()
    poh.sees(referral.number)
    assert OutboxMessage.objects.filter(about_id=referral.pk).count() == 1

    consulent = window(cast["consulent"], **options)
    consulent.go("/")
    assert "Anneke" not in consulent.page.content()  # before acceptance: the minimum
    consulent.go(f"/verwijzingen/{referral.pk}/")
    assert "Anneke" not in consulent.page.content()
    consulent.press("Ik neem haar aan")
    consulent.sees("Anneke Voorbeeld")
    consulent.sees("Haar man heeft dementie.")
    choose(consulent.page, "result", "niet-bereikt")
    consulent.press("Noteer")
    choose(consulent.page, "result", "gesproken")
    consulent.press("Noteer")
    consulent.page.locator("[name^=outcome][value=gestart]").check()
    consulent.page.fill("[name=feedback]", "Wij spreken elkaar elke week.")
    consulent.press_this(consulent.page.locator("form:has([name=feedback]) button").last)
    referral.refresh_from_db()
    assert referral.state == State.COMPLETED

    poh.go("/")
    poh.sees("Anneke Voorbeeld")
    poh.go(f"/verwijzingen/{referral.pk}/")
    poh.sees("Wij spreken elkaar elke week.")
    need = Need.objects.get()
    poh.go(f"/hulpvragen/{need.pk}/afsluiten/")
    choose(poh.page, "ending", "geholpen")
    poh.press_this(poh.page.locator("main form button").first)
    need.refresh_from_db()
    assert not need.is_open
    poh.go(f"/mantelzorgers/{need.caregiver_id}/")
    poh.sees("Anneke Voorbeeld")

    coordinator = window(cast["coordinator"], **options)
    coordinator.go("/overzichten/")
    assert "Anneke" not in coordinator.page.content()
    link = coordinator.page.get_by_role("link", name="Overzicht als pdf").get_attribute("href")
    paper = coordinator.context.request.get(coordinator.address + link)
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body().startswith(b"%PDF")


def test_by_phone_the_sender_is_led_through_the_calls(window, cast):
    poh = window(cast["poh"])
    record_and_refer(poh, to="Koffie met een luisteraar")
    poh.sees("075 555 01 23")
    referral = Referral.objects.get()
    assert referral.channel == "phone"
    poh.go(f"/verwijzingen/{referral.pk}/")
    poh.page.fill("[name=name]", "Meneer De Wit")
    poh.press_this(poh.page.locator("form:has([name=name]) button").first)
    referral.refresh_from_db()
    assert (referral.state, referral.accepted_by_name) == (State.ACCEPTED, "Meneer De Wit")


def test_what_is_typed_wrong_is_said_at_the_field_and_nothing_is_lost(window, cast):
    poh = window(cast["poh"])
    page = poh.page
    poh.go("/mantelzorgers/nieuw/")
    page.fill("[name=name]", "Anneke Voorbeeld")
    page.fill("[name=phone]", "12")
    page.fill("[name=postcode]", "99")
    poh.press("Verstuur de verwijzing")
    assert page.title().startswith("Fout:")
    assert page.input_value("[name=name]") == "Anneke Voorbeeld"
    assert page.input_value("[name=phone]") == "12"
    assert page.locator("[name=phone]").get_attribute("aria-invalid") == "true"
    assert not Referral.objects.exists()


def test_a_beheerder_invites_a_colleague_who_comes_in_by_the_mail(window, cast):
    from django.core import mail
    from django.core.management import call_command

    beheerder = window(cast["beheerder"])
    beheerder.go("/team/")
    beheerder.press_this(beheerder.page.get_by_role("link", name=re.compile("Nodig", re.IGNORECASE)).first)
    beheerder.page.fill("[name=name]", "Nina Nieuw")
    beheerder.page.fill("[name=email]", "nina@voorbeeld.example")
    choose(beheerder.page, "roles", "verwijzer")
    beheerder.press_this(beheerder.page.locator("main form button").first)
    call_command("outbox_worker", "--once")
    link = re.search(r"/uitnodiging/\S+", mail.outbox[-1].body).group()

    nina = window()
    nina.go(link)
    for field in nina.page.locator("input[type=password]").all():
        field.fill("zonnebloem-fiets-kaas")
    nina.press_this(nina.page.locator("main form button").first)
    assert nina.page.get_by_role("link", name="Mantelzorgers").count() or "login" in nina.page.url

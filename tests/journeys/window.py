"""Somebody's browser, and what holds on every page she comes to: no finding of axe, an empty console, nothing asked of
anyone else, nothing that scrolls sideways. Also where no script runs.
"""

import datetime
import io
import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page
from pypdf import PdfReader

from accounts.models import User
from tests.factories import PASSWORD

MORE_THAN_VIOLATIONS = {"resultTypes": ["violations", "incomplete"]}
OVER_THE_EDGE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


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


def download(window: Window, name: str) -> PdfReader:
    """The paper behind a link."""
    link = window.page.get_by_role("link", name=name).get_attribute("href")
    answer = window.context.request.get(link)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    paper = PdfReader(io.BytesIO(answer.body()))
    assert paper.trailer["/Root"]["/Lang"] == "nl"
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return paper

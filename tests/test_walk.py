"""Each of the cast walks through the whole site: every link, every form, every button that is offered to her.

Every page is looked at as a reader of the markup would; every form is sent as it stands, and filled in with the first
and with the last of what can be chosen, each time in a transaction that is rolled back, so that the walk goes on in the
same world. The token against forged requests is checked, as in a browser. Of addresses that differ only in which thing
they are about, a few are tried.
"""

import json
import re
from collections import Counter, deque
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from referrals.transitions import State
from tests.lived_in import (
    ANONYMOUS,
    CAST,
    NOT_FOR,
    OF_THE_PRACTICE,
    OVERDUE,
    TO_THE_STEUNPUNT,
    browser_of,
    cast_of,
    move_in,
    next_browser,
)
from tests.markup import Element, Form, Page

START = ("/", "/privacy/")
A_FEW = 2  # of the same address about different things
EVERY = {"referral_detail": 40, "caregiver_detail": 9, "referral_list": 12, "service_search": 10}
MAY_BE_WRITTEN = {"trail_accesslogentry", "accounts_session", "cache"}  # by a GET
NOTES_THAT_IT_WAS_SEEN = {"mfa_view_recovery_codes": "mfa_authenticator"}
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
AFTER_AN_ANSWER = {TO_THE_STEUNPUNT[State.SENT], OVERDUE}  # whoever accepts a referral sees her name from then on
ASKED_FOR = {"log_name": OF_THE_PRACTICE}  # by who reviews the log, for a reason that is logged
ABOUT_HER = {"caregiver", "referral", "need", "consent", "involvement", "meeting"}


PERSONAL = re.compile(r"@|(?<![\w-])(?:\+31|0)[1-9][ -]?\d{8}(?![\w-])")
HERS = {"name", "naam", "zoek", "phone", "email", "words"}


class Walk:
    def __init__(self, who: str, browser: Client):
        self.who, self.browser = who, browser
        self.findings: Counter = Counter()
        self.seen: Counter = Counter()
        self.sent: Counter = Counter()
        self.done: set[str] = set()
        self.names: set[str] = set()
        self.requests = 0
        self.queue = deque(START)

    def go(self) -> None:
        while self.queue:
            path = self.queue.popleft()
            if path not in self.done and self.is_worth_a_look(path):
                self.done.add(path)
                self.visit(path)

    def found(self, where: str, what: str) -> None:
        name, _ = named(where)
        self.findings[f"{name}: {what}"] += 1

    # Which pages ------------------------------------------------------------------------------------------------------

    def is_worth_a_look(self, path: str) -> bool:
        """Every address, in every way it is asked; a few of those that differ only in what they are about."""
        name, query = named(path)
        if not name:
            self.found(path, f"{path} is no address of ours")
            return False
        self.names.add(name)
        self.seen[name, query] += 1
        self.seen[name] += 1
        most = EVERY.get(name, A_FEW)
        return self.seen[name, query] <= most and self.seen[name] <= 3 * most

    # A page -----------------------------------------------------------------------------------------------------------

    def visit(self, path: str) -> None:
        response, where = self.ask(next_browser(self.browser), "GET", path)
        page = self.look(response, where, f"GET {path}")
        if page is None:
            return
        for link in page.links:
            self.follow(link, where)
        for element in page.htmx:
            self.try_htmx(element, where)
        for form in page.forms:
            self.try_form(form, where)

    def look(self, response, where: str, how: str, *, is_piece: bool = False) -> Page | None:
        """What is wrong with what came back. Nothing to read: a file, or an answer that is wrong already."""
        if response.status_code >= 400:
            self.found(where, f"{response.status_code} for {how}")
            return None
        if not response["Content-Type"].startswith("text/html"):
            return None
        text = b"".join(response).decode()
        page = Page(text, is_piece=is_piece)
        if is_piece and "<html" in text:
            self.found(where, f"a whole page as a piece for {how}")
        for problem in page.problems:
            self.found(where, problem)
        for asset in page.assets:
            if not asset.startswith("/static/"):
                self.found(where, f"{asset} is not ours")
            elif not asset.startswith("/static/build/") and not finders.find(asset.removeprefix("/static/")):
                self.found(where, f"{asset} does not exist")
        shown = set() if how.startswith("GET /") else ASKED_FOR.get(named(where)[0], AFTER_AN_ANSWER)
        for name in NOT_FOR[self.who] - shown:
            if name.lower() in text.lower():
                self.found(where, f"names {name}, who is not for her to see")
        return page

    def follow(self, link: Element, where: str) -> None:
        target = urlsplit(urljoin(where, link.get("href")))
        if target.scheme in ("tel", "mailto"):
            if not re.fullmatch(r"tel:\+?\d{10,}|mailto:[^@\s]+@[^@\s]+", link.get("href")):
                self.found(where, f"{link} cannot be called or mailed")
            return
        if target.netloc:
            return
        address = target.path + (f"?{target.query}" if target.query else "")
        if any(name.lower() in address.lower() for names in NOT_FOR.values() for name in names):
            self.found(where, f"{link} names somebody in an address")
        if PERSONAL.search(unquote(address)):
            self.found(where, f"{link} has somebody's e-mail address or phone number in it")
        self.queue.append(address)

    # Forms and buttons ------------------------------------------------------------------------------------------------

    def try_form(self, form: Form, where: str) -> None:
        typed_about_her = [
            one.get("name") for one in form.controls if one.type in ("tel", "email") or one.get("name") in HERS
        ]
        if form.method == "get" and typed_about_her:
            self.found(where, f"{form} puts {typed_about_her} in an address")
        for button in form.buttons or [None]:
            target = (button and button.get("formaction")) or form.get("action") or where
            target = urljoin(where, target).partition("#")[0]
            if self.was_tried(form, button, target):
                continue
            pressed = {button.get("name"): [button.get("value")]} if button and button.get("name") else {}
            for data in fillings(form):
                self.send(form.method, target, data | pressed)

    def was_tried(self, form: Form, button: Element | None, target: str) -> bool:
        controls = frozenset(control.get("name") for control in form.controls)
        key = (named(target)[0], form.method, controls, button and (button.get("name"), button.text.strip()))
        self.sent[key] += 1
        return self.sent[key] > 1

    def try_htmx(self, element: Element, where: str) -> None:
        """What htmx would ask: a piece, and never a page within a page."""
        method = "post" if "data-hx-post" in element.attributes else "get"
        target = urljoin(where, element.get(f"data-hx-{method}") or where)
        key = ("htmx", named(where)[0], named(target), element.tag, element.get("data-hx-target"))
        self.sent[key] += 1
        if self.sent[key] > 1:
            return
        headers = {"HX-Request": "true", "HX-Target": element.get("data-hx-target").removeprefix("#")}
        more = {name: [value] for name, value in json.loads(element.get("data-hx-vals") or "{}").items()}
        for data in fillings(element.form) if element.form else [{}]:
            self.send(method, target, data | more, headers=headers)

    def send(self, method: str, target: str, data: dict, *, headers: dict | None = None) -> None:
        data = {name: values for name, values in data.items() if name}
        shown = {name: values for name, values in data.items() if "token" not in name and "key" not in name}
        how = f"{'htmx ' if headers else ''}{method.upper()} {named(target)[0]} {str(shown)[:160]}"
        with transaction.atomic():
            response, where = self.ask(next_browser(self.browser, headers), method.upper(), target, data)
            self.look(response, where, how, is_piece=bool(headers))
            transaction.set_rollback(True)

    # Asking -----------------------------------------------------------------------------------------------------------

    def ask(self, browser: Client, method: str, path: str, data: dict | None = None):
        """The answer at the end of its redirects, and where that is."""
        for _ in range(6):
            self.requests += 1
            written: list[str] = []
            with connection.execute_wrapper(watch(written)):
                response = getattr(browser, method.lower())(path, data or None)
            allowed = MAY_BE_WRITTEN | {NOTES_THAT_IT_WAS_SEEN.get(named(path)[0])}
            if method == "GET" and (changed := set(written) - allowed):
                self.found(path, f"a GET writes in {', '.join(sorted(changed))}")
            if method == "GET" and response.status_code == 200 and is_about_her(path) and not written:
                self.found(path, "a look at somebody is not in the log")
            if response.status_code not in (301, 302, 303, 307):
                return response, path
            method, path, data = "GET", urljoin(path, response.url), None
        self.found(path, "goes round in circles")
        return response, path


def watch(written: list[str]):
    def note(execute, sql, params, many, context):
        if match := WRITES.match(sql):
            written.append(match[1])
        return execute(sql, params, many, context)

    return note


def named(path: str) -> tuple[str, tuple]:
    """The name of an address, and how it is asked: its query without which thing it is about."""
    parts = urlsplit(path)
    query = tuple(
        (name, re.sub(r"[0-9a-f-]{30,}|.{40,}", "…", value)) for name, value in parse_qsl(parts.query) if value
    )
    try:
        return resolve(parts.path).view_name, query
    except Resolver404:
        return "", query


def is_about_her(path: str) -> bool:
    match = resolve(urlsplit(path).path)
    return match.view_name.partition("_")[0] in ABOUT_HER and "pk" in match.kwargs


def fillings(form: Form) -> list[dict]:
    """As it stands, filled in with the first of every choice, and with the last."""
    found = [form.as_it_stands(), form.filled_in(0), form.filled_in(-1)]
    return [data for number, data in enumerate(found) if data not in found[:number]]


# Which addresses somebody must have come across, or the walk proves less than it says.
FOR_EVERYONE = {"account_profile", "mfa_index", "session_list", "privacy"}
FOR_EVERYONE |= {"service_search", "profession_detail", "phase_detail"}
WORK = {"caregiver_list", "caregiver_new", "referral_list", "vandaag"}
OF_HER = {"caregiver_detail", "caregiver_edit", "need_new", "referral_new", "overview_choose", "caregiver_erase"}
OF_HER |= {
    "talk_new",
    "talk_list",
    "screening_list",
    "network",
    "task_list",
    "task_print",
    "scenario_edit",
    "reflection",
}
KEEPING = {"directory_keep", "service_new", "service_edit", "service_status", "service_history"}
KEEPING |= {"organisation_edit", "contact_edit", "contact_remove", "proposal_detail"}
MUST_COME_ACROSS = {
    "sender": FOR_EVERYONE | WORK | OF_HER | {"referral_detail", "referral_draft", "referral_withdraw", "need_close"},
    "colleague": FOR_EVERYONE | WORK | OF_HER | {"mfa_deactivate_totp", "mfa_remove_webauthn", "need_reopen"},
    "receiver": FOR_EVERYONE | WORK | OF_HER | {"referral_detail", "referral_decline", "referral_letter"},
    "receiver_colleague": FOR_EVERYONE | WORK | {"referral_detail", "referral_decline", "referral_letter"},
    "consulent": FOR_EVERYONE | WORK | KEEPING | {"referral_detail", "service_detail"},
    "coordinator": FOR_EVERYONE | {"overview", "overview_paper"},
    "beheerder": FOR_EVERYONE
    | {"team", "invitation_new", "invitation_revoke", "member_change", "member_end", "member_reset_step"},
    "logtoezicht": FOR_EVERYONE | {"team", "logbook", "log_name", "log_weeks", "log_week"},
    "functional_admin": FOR_EVERYONE | {"admin_organisation", "admin_appoint", "admin_appointment_end"},
    "pom": FOR_EVERYONE | WORK | {"referral_detail"},
    "outsider": FOR_EVERYONE | WORK | OF_HER,
    ANONYMOUS: {"account_login", "account_reset_password", "privacy", "accessibility", "withdraw_by_code"},
}


@pytest.mark.parametrize("who", [ANONYMOUS, *CAST])
def test_nothing_offered_leads_astray(who, request, db):
    cast = cast_of(request)
    move_in(cast)
    walk = Walk(who, browser_of(getattr(cast, who, None), enforce_csrf_checks=True))
    walk.go()
    assert not walk.findings, "\n".join(f"{count} x {finding}" for finding, count in sorted(walk.findings.items()))
    assert MUST_COME_ACROSS[who] - walk.names == set()


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        ('<p id="a"></p><p id="a"></p>', "is there 2 times"),
        ("<h1>Nog een</h1>", "2 h1's"),
        ("<h3>Te diep</h3>", "from h1 to h3"),
        ('<input type="text" name="naam">', "has no label"),
        ('<a href="#">Klik</a>', "leads nowhere"),
        ('<a href="#daar">Klik</a>', "leads to nothing"),
        ('<a href="/daar/"></a>', "has no name"),
        ('<button type="button"></button>', "has no name"),
        ("<button>Los</button>", "belongs to no form"),
        ('<form method="post"><button>Doe</button></form>', "has no token"),
        ('<p style="color: red">Rood</p>', "attribute style"),
        ('<p onclick="go()">Klik</p>', "attribute onclick"),
        ('<div hx-get="/x/"></div>', "attribute hx-get"),
        ("<script>go()</script>", "a script in the page"),
        ("<style>p {}</style>", "a style in the page"),
        ("<p><div></div></p>", "cannot be in a paragraph"),
        ("<div><span></div>", "closes"),
        ('<p aria-describedby="weg">Tekst</p>', "which is not there"),
        ('<img src="/static/x.png">', "has no alt"),
    ],
)
def test_what_is_wrong_on_a_page_is_seen(markup, problem):
    page = "<!doctype html><html lang='nl'><head><title>Pagina</title></head><body><h1>Pagina</h1>{}</body></html>"
    assert Page(page.format("<p>Goed</p>")).problems == []
    assert problem in Page(page.format(markup)).problems[0]


@pytest.mark.parametrize("status", [403, 404, 500])
def test_an_answer_that_is_wrong_is_seen(status, monkeypatch, client, db):
    walk = Walk(ANONYMOUS, client)
    monkeypatch.setattr(client, "get", lambda path, data: HttpResponse(status=status))
    walk.visit("/privacy/")
    assert walk.findings == {f"privacy: {status} for GET /privacy/": 1}

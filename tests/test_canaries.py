"""No mark of somebody else's caregiver anywhere: on no page one can get to, in no paper, mail, line of the log of the
server, session or row of the trail.

Everyone walks along all links from the start page, and does a few things; what was left behind is looked through
afterwards. Whose marks somebody may find, and how they are looked for, stands in tests/marked.py.
"""

import io
import logging
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import mail
from django.db import connection
from django.urls import resolve, reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Session
from mantelzorg import principals
from tests import marked
from tests.lived_in import next_browser
from tests.marked import Prober
from tests.markup import Page
from tests.test_leaks import EVERYONE, drop_filters
from tests.test_mutants import walk_round
from trail.actions import enqueue_mail, send_next
from trail.models import AccessLogEntry

A_FEW = {"caregiver_detail": 3, "referral_detail": 40, "referral_letter": 1, "caregiver_overview": 1}
NOBODYS = {  # what is kept about everybody's doings: keys and numbers, and no mark of anybody
    "trail_accesslogentry": {"sleutel"},
    "trail_outboxmessage": {"sleutel", "kenmerk"},
    "trail_handledform": set(),
    "accounts_keptform": set(),
    "cache": set(),
}


@pytest.fixture
def world(db):
    return marked.move_in(marked.the_cast())


class Walk:
    """All links from the start page, each address about a few things; pieces for htmx as well."""

    def __init__(self, prober: Prober, who: str):
        self.prober, self.who = prober, who
        self.seen, self.pages, self.papers = {}, 0, 0

    def go(self, *start: str) -> "Walk":
        waiting, done = list(start), set()
        while waiting:
            path = waiting.pop()
            if path in done or not self.is_worth_a_look(path):
                continue
            done.add(path)
            waiting += self.visit(path)
        return self

    def is_worth_a_look(self, path: str) -> bool:
        parts = urlsplit(path)
        name = resolve(parts.path).view_name
        if name.startswith(("account_", "mfa_", "service_", "profession_", "phase_", "admin_", "organisation_")):
            return False  # nothing there knows of caregivers; tests/test_walk.py goes everywhere
        key = (name, parts.query.partition("=")[0])
        self.seen[key] = self.seen.get(key, 0) + 1
        return self.seen[key] <= A_FEW.get(name, 2)

    def visit(self, path: str) -> list[str]:
        response = next_browser(self.prober.world.browsers[self.who]).get(path)
        kind = response.get("Content-Type", "")
        if kind == "application/pdf":
            self.papers += 1
            text = text_of(response.content)
            self.prober.look(self.who, f"paper {path}", text + str(response.headers))
            return []
        if not kind.startswith("text/html"):
            return [response.url] if response.status_code == 302 else []
        self.pages += 1
        text = response.content.decode()
        self.prober.look(self.who, f"page {path}", text)
        page = Page(text)
        for element in page.htmx:
            if "data-hx-get" in element.attributes:
                self.look_at_piece(urljoin(path, element.get("data-hx-get") or path))
        found = [urljoin(path, link.get("href")) for link in page.links]
        return [one.partition("#")[0] for one in found if one.startswith("/")]

    def look_at_piece(self, path: str) -> None:
        piece = next_browser(self.prober.world.browsers[self.who], {"HX-Request": "true"}).get(path)
        self.prober.look(self.who, f"piece {path}", piece.content.decode(errors="replace"))


def text_of(paper: bytes) -> str:
    pages = PdfReader(io.BytesIO(paper)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\x00", "").replace("\n", "")


def do_something(world) -> None:
    """What leaves messages in sessions, rows in the trail and mails to send."""

    def post(who, name, thing, **data):
        return world.browsers[who].post(reverse(name, args=[thing.pk]), data).status_code

    assert post("receiver", "referral_accept", world.case("03").referral) == 302
    assert post("receiver", "referral_decline", world.case("21").referral, reason="geen-plek", note="Vol.") == 302
    assert post("sender", "referral_withdraw", world.case("04").referral, note="Zij wil niet.") == 302
    assert post("outsider", "referral_accept", world.case("03").referral) == 404
    assert post("sender", "need_reopen", world.case("05").closed_need) == 302
    assert post("consulent", "referral_accept", world.case("03").referral) == 200  # somebody was first
    for who in ("receiver", "sender", "consulent"):  # for what they may see now
        world.allowed[who] |= {(nr, word) for nr, word in world.marks if nr in ("03", "21")}


def what_was_left(prober: Prober, lines: str) -> None:
    """Look through all of it. What is somebody's, as her; what is nobody's, as nobody."""
    world = prober.world
    while True:
        with principals.acting(principals.job("mail")):
            if not send_next(now=timezone.now()):
                break
    for message in mail.outbox:
        found = world.found_in(f"{message.subject} {message.body} {message.alternatives} {message.extra_headers}")
        prober.leaks += [f"mail: {word} of {nr}" for nr, word in found if word != "kenmerk"]
    prober.leaks += [f"log: {word} of {nr}" for nr, word in world.found_in(lines) if word != "sleutel"]
    whose = {getattr(world.cast, who).pk: who for who in EVERYONE if hasattr(world.cast, who)}
    for session in Session.objects.all():
        prober.look(whose.get(session.user_id, "anonymous"), "session", str(session.get_decoded()))
    for table, keeps in NOBODYS.items():
        for row in rows_of(table):
            prober.leaks += [f"{table}: {word} of {nr}" for nr, word in world.found_in(row) if word not in keeps]


def rows_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
        return [text for (text,) in cursor.fetchall()]


def sweep(world, caplog) -> tuple[Prober, dict[str, Walk]]:
    prober = Prober(world)
    with caplog.at_level(logging.DEBUG):
        walks = {who: Walk(prober, who).go("/") for who in EVERYONE}
        do_something(world)
    what_was_left(prober, "\n".join(record.getMessage() for record in caplog.records))
    return prober, walks


def test_no_mark_of_somebody_elses_is_anywhere(world, caplog):
    prober, walks = sweep(world, caplog)
    assert not prober.leaks, "\n".join(prober.leaks)
    assert sum(walk.pages for walk in walks.values()) > 150
    assert sum(walk.papers for walk in walks.values()) >= 6
    assert len(mail.outbox) > 20
    assert all(rows_of(table) for table in ("trail_accesslogentry", "trail_outboxmessage"))


# What is planted is found -------------------------------------------------------------------------------------------


def in_a_mail(world):
    enqueue_mail(template="referral_news", to="x@voorbeeld.example", context={"line": "zq04naamqz", "path": "/"})


def in_the_outbox(world):
    context = {"line": "x", "path": "/", "note": "06 55770004"}
    enqueue_mail(template="referral_news", to="x@voorbeeld.example", context=context)


def in_a_session(world):
    session = world.browsers["outsider"].session
    session["seen"] = "zq04naamqz"
    session.save()


def in_the_access_log(world):
    AccessLogEntry.objects.create(event="view", action="R", purpose="zq04naamqz")


def in_the_log_of_the_server(world):
    logging.getLogger("referrals").info("Somebody looked at %s", "zq04naamqz")


@pytest.mark.parametrize("plant", [in_a_mail, in_the_outbox, in_a_session, in_the_access_log, in_the_log_of_the_server])
def test_what_is_left_behind_is_found(plant, db, caplog):
    world = marked.move_in(marked.the_cast(), {"04", "24"})
    prober = Prober(world)
    with caplog.at_level(logging.DEBUG):
        plant(world)
    what_was_left(prober, "\n".join(record.getMessage() for record in caplog.records))
    assert prober.leaks


def test_what_stands_on_a_page_or_paper_is_found(db, monkeypatch):
    world = marked.move_in(marked.the_cast(), {"04", "24"})
    drop_filters(monkeypatch)
    walk_round(monkeypatch)
    on_page, on_paper = Prober(world), Prober(world)
    assert Walk(on_page, "outsider").go("/mantelzorgers/").pages > 2
    assert Walk(on_paper, "outsider").go(reverse("referral_letter", args=[world.case("04").referral.pk])).papers == 1
    assert [line for line in on_page.leaks if "naam of 04" in line]
    assert [line for line in on_paper.leaks if "naam of 04" in line]

"""Who is shown is in the log, and where no row can be written nothing is shown.

Of two thousand requests by anybody, at random but the same each time, the caregivers that can be read in the answer are
those of the rows that this request wrote.
"""

import random

import pytest
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from psycopg import sql

from mantelzorg.rights.owner import as_owner
from tests import marked
from tests.database_roles import APP
from tests.lived_in import next_browser
from tests.test_leaks import ABOUT_SOMEBODY, EVERYONE, KEEPS, LISTS, REACHES, what_it_is_about
from trail.models import AccessLogEntry

REQUESTS, SEED = 2_050, 20261122
NOT_HER = {"kenmerk", "sleutel"}  # the number of a referral and a key in an address show nobody
WORKERS = tuple(marked.AT)


@pytest.fixture
def world(db, monkeypatch, caplog):
    caplog.set_level("CRITICAL")
    monkeypatch.setattr("mantelzorg.pdf.render_pdf", lambda template, made: render_to_string(template, made).encode())
    return marked.move_in(marked.the_cast())


def something(world, chance: random.Random):
    """Somebody, a way of asking and an address: mostly of what is hers, for what is not she does not get to see."""
    who = chance.choice(WORKERS if chance.random() < 0.9 else EVERYONE)
    method = chance.choice(("GET", "GET", "htmx", "POST"))
    if chance.random() < 0.25:
        name, query = chance.choice(LISTS)
        if name == "caregiver_list" and method == "POST":
            return who, method, reverse(name), {"zoek": chance.choice(["anna", "zq", "06 5577", "Niemand"])}
        return who, "GET" if method == "POST" else method, reverse(name) + query, None
    name = chance.choice(ABOUT_SOMEBODY)
    theirs = KEEPS if not name.startswith("referral_") or name == "referral_new" else REACHES
    cases = [case for case in world.cases if what_it_is_about(name)(case) is not None]
    hers = [case for case in cases if marked.relation(who, case) in theirs]
    case = chance.choice(hers if hers and chance.random() < 0.9 else cases)
    return who, method, reverse(name, args=[what_it_is_about(name)(case).pk]), None


def ask(world, who: str, method: str, path: str, data):
    """The answer's status, the caregivers that it shows, and the rows that were written for it."""
    browser = next_browser(world.browsers[who], {"HX-Request": "true"} if method == "htmx" else None)
    with transaction.atomic():
        last = AccessLogEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
        response = getattr(browser, "post" if method == "POST" else "get")(path, data)
        rows = list(AccessLogEntry.objects.filter(pk__gt=last))
        transaction.set_rollback(True)
    found = world.found_in(response.content.decode(errors="replace").replace(path, "")) - world.found_in(str(data))
    return response.status_code, found, rows


def compare(world, count: int, *, seed: int = SEED) -> tuple[list[str], int]:
    """Where what was shown and what was logged differ; and how often somebody was shown."""
    chance = random.Random(seed)
    keys = {case.nr: case.caregiver.pk for case in world.cases}
    differences, looks = [], 0
    for _ in range(count):
        who, method, path, data = something(world, chance)
        status, found, rows = ask(world, who, method, path, data)
        shown = {keys[nr] for nr, word in found if word not in NOT_HER}
        named = shown | {keys[nr] for nr, _ in found}
        logged = {row.subject_id for row in rows if row.subject_id and row.outcome == "ok"}
        looks += len(shown)
        if len({row.request_id for row in rows}) > 1 or any(row.request_id is None for row in rows):
            differences.append(f"{who} {method} {path}: rows of more than one request")
        if status == 200 and not shown <= logged:
            differences.append(f"{who} {method} {path}: {len(shown - logged)} shown and not logged")
        if status == 200 and not logged <= named:
            differences.append(f"{who} {method} {path}: {len(logged - named)} logged and not shown")
    return differences, looks


def test_who_is_shown_is_logged_and_who_is_logged_is_shown(world):
    differences, looks = compare(world, REQUESTS)
    assert not differences, "\n".join(differences)
    assert looks > 2_000


@pytest.mark.parametrize(
    "forgotten",
    ["referrals.views.referrals.log_lines", "referrals.views.one_referral.record_access", "intake.views.pages.look_at"],
)
def test_a_view_that_forgets_to_log_is_noticed(world, forgotten, monkeypatch):
    monkeypatch.setattr(forgotten, lambda *args, **kwargs: None)
    differences, _ = compare(world, 150)
    assert any("shown and not logged" in line for line in differences)


# Without a log ------------------------------------------------------------------------------------------------------


@pytest.fixture
def closed_log():
    """The application may add no row to the log; afterwards it may again. (What went wrong is written after all, by the
    role that a thread of the tests falls back on when a request was undone.)
    """

    def say(statement: str) -> None:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(sql.Identifier(APP)))

    say("REVOKE INSERT ON trail_accesslogentry FROM {}")
    try:
        yield
    finally:
        say("GRANT INSERT ON trail_accesslogentry TO {}")


def test_what_cannot_be_logged_is_not_shown(world, request):
    chance = random.Random(SEED)
    asked = [something(world, chance) for _ in range(200)]
    before = [ask(world, *one) for one in asked]
    request.getfixturevalue("closed_log")
    shown = 0
    for one, (_, was_found, _) in zip(asked, before, strict=True):
        status, found, rows = ask(world, *one)
        assert not {mark for mark in found if mark[1] not in NOT_HER}, one
        assert not [row for row in rows if row.outcome == "ok"], one
        if any(word not in NOT_HER for _, word in was_found):
            shown += 1
            assert status == 500, one
    assert shown > 60

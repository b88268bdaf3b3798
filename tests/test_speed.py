"""What noise cannot touch of how fast the pages are: how often they ask the database, how much they send, and that
nothing they ask costs more with every row that is added.

The rows are those of the benchmark (benchmarks/README.md), so that lists are full and a benchmark that no longer fits
the tables is noticed here. That a list asks as much for fifty rows as for one is tested beside each list.
"""

import re
from collections import Counter
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Role
from benchmarks import cases, databases, directory
from intake.models import Caregiver
from referrals import clock
from referrals.models import Referral
from referrals.transitions import State
from sociale_kaart.search.named_place import place_in
from tests.factories import log_in_fully, make_appointment, make_member
from trail.actions import send_next

GROWING = (
    "intake_caregiver",
    "intake_need",
    "intake_consent",
    "intake_timelineevent",
    "intake_involvement",
    "referrals_referral",
    "referrals_referralneed",
    "referrals_referralevent",
    "referrals_shareditem",
    "trail_accesslogentry",
    "trail_outboxmessage",
    "trail_handledform",
)
HTMX = {"HTTP_HX_REQUEST": "true"}
CAREGIVERS = 400  # of which 107 in each of three organisations


@pytest.fixture(scope="module")
def lived_in(django_db_setup, django_db_blocker):
    """Organisations with more of everything than fits on one page, made once for all tests here."""
    with django_db_blocker.unblock(), transaction.atomic():
        place_in("the names of places, which a server reads once")
        directory.make_directory(portal=4, services=120)
        made = cases.make_cases(CAREGIVERS)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        with_people = Membership.objects.filter(organisation__slug__startswith="bench-").order_by("created_at", "pk")
        member = with_people.filter(organisation__slug="bench-00001")[0]
        yield SimpleNamespace(
            made=made,
            user=member.user,
            organisation=member.organisation,
            caregiver=_with_a_shared_referral(member.organisation),
            received=Referral.objects.filter(receiver_organisation=member.organisation, state=State.IN_CONTACT)[0],
        )
        transaction.set_rollback(True)


def _with_a_shared_referral(organisation) -> Caregiver:
    own = Caregiver.objects.filter(organisation=organisation)
    return own.filter(referrals__state=State.COMPLETED, referrals__channel="portal").order_by("pk")[0]


def asked(client: Client, address: str, data: dict | None = None, **headers) -> tuple[list[str], bytes]:
    """What a page asks the database (savepoints aside), and what it sends."""
    client.get("/privacy/")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, **headers) if data is None else client.post(address, data, **headers)
    assert answer.status_code == 200, (address, answer.status_code)
    return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]], answer.content


def logged_in(user) -> Client:
    client = Client()
    log_in_fully(client, user)
    return client


# How often, and how much --------------------------------------------------------------------------------------------

SEARCH = urlencode({"q": "mantelzorg"})
# address, queries at most, kB at most for the page, kB at most for its htmx piece
LISTS = [
    ("/mantelzorgers/", 6, 15, 9.5),
    ("/mantelzorgers/?volgorde=zwaarst", 6, 15, 9.5),
    ("/verwijzingen/", 6, 17, 12),
    ("/verwijzingen/?lijst=ontvangen", 6, 17, 12),
    ("/verwijzingen/?lijst=verstuurd", 6, 17, 12),
    # she may keep the sociale kaart: one more, for which municipalities (the way to her work list)
    (f"/sociale-kaart/?{SEARCH}", 7, 15, 8.5),  # each row says why it is there, in a sentence
    ("/sociale-kaart/", 7, 14, 8),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "most_queries", "most_kb", "most_kb_of_piece"), LISTS)
def test_a_full_list_asks_little_and_sends_little(lived_in, address, most_queries, most_kb, most_kb_of_piece):
    client = logged_in(lived_in.user)
    queries, page = asked(client, address)
    assert page.count(b"<li") + page.count(b"<tr") >= 20, "the list is not full, so its size says nothing"
    assert len(queries) <= most_queries, "\n".join(queries)
    assert len(page) <= most_kb * 1000
    _, piece = asked(client, address, **HTMX)
    assert b"<html" not in piece
    assert len(piece) <= most_kb_of_piece * 1000


@pytest.mark.django_db
def test_vandaag_has_three_lists_and_stays_small(lived_in):
    queries, page = asked(logged_in(lived_in.user), "/")
    # session, user, memberships, who is asking; the keys of all parts, their rows; needs; each of the five sources of
    # what else is asked of her; the log
    assert len(queries) <= 13, "\n".join(queries)
    assert len(page) <= 20_000


@pytest.mark.django_db
def test_the_page_of_a_caregiver_and_of_a_referral(lived_in):
    client = logged_in(lived_in.user)
    queries, page = asked(client, reverse("caregiver_detail", args=[lived_in.caregiver.pk]))
    # session, user, memberships, who is asking; she, the look; referrals, their needs; phases, needs, consents,
    # people, who is usually involved in her phase, who is asked to become her fixed contact, timeline
    assert len(queries) <= 17, "\n".join(queries)
    assert len(page) <= 22_000
    queries, page = asked(client, reverse("referral_detail", args=[lived_in.received.pk]))
    # session, user, memberships, who is asking; the referral; needs, shared items, target groups, calls, steps;
    # the look
    assert len(queries) <= 11, "\n".join(queries)
    assert len(page) <= 18_000


# Nothing that costs more with every row -----------------------------------------------------------------------------


def grows(sql: str) -> str:
    """Why a query costs more with every row of a table that grows; empty when it does not."""
    if not any(f'"{table}"' in sql or re.search(rf"\b{table}\b", sql) for table in GROWING):
        return ""
    if re.search(r"\bOFFSET\b", sql):
        return "skips rows"
    capped = re.sub(r"SELECT COUNT\(\*\) FROM \((?:(?!\bLIMIT\b).)*\bLIMIT \d+\) \"?\w+\"?", "", sql, flags=re.DOTALL)
    return "counts without end" if re.search(r"\bcount\s*\(", capped, re.IGNORECASE) else ""


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ('SELECT COUNT(*) AS "__count" FROM "referrals_referral" WHERE "state" = 1', "counts without end"),
        ('SELECT "id" FROM "intake_caregiver" ORDER BY "id" LIMIT 20 OFFSET 40', "skips rows"),
        ("select count(*) from trail_accesslogentry", "counts without end"),
        ('SELECT COUNT(*) FROM (SELECT 1 AS "x" FROM "referrals_referral" LIMIT 1001) subquery', ""),
        ('SELECT COUNT(*) FROM (SELECT 1 AS "x" FROM "referrals_referral") subquery', "counts without end"),
        ('SELECT COUNT(*) FROM "knowledge_phase"', ""),
        ('SELECT "id" FROM "intake_need" WHERE "id" > 1 ORDER BY "id" LIMIT 21', ""),
    ],
)
def test_what_counts_as_growing(sql, why):
    assert grows(sql) == why


def next_addresses(page: bytes) -> list[str]:
    return [found.decode().replace("&amp;", "&") for found in re.findall(rb'href="([^"]*[?&;]na=[^"]*)"', page)]


@pytest.mark.django_db
def test_no_page_skips_rows_or_counts_them_all(lived_in):
    """Every page that reads a table that grows, and the page after it. An overview is about a period and a place."""
    client, seen = logged_in(lived_in.user), []
    addresses = [
        "/",
        *(address for address, *_ in LISTS),
        "/mantelzorgers/?van=mij",
        "/verwijzingen/?lijst=verstuurd&stand=lopend",
        "/verwijzingen/?lijst=ontvangen&stand=klaar&van=mij",
        "/verwijzingen/?lijst=concepten",
        "/mantelzorgers/nieuw/",
        reverse("caregiver_detail", args=[lived_in.caregiver.pk]),
        reverse("caregiver_timeline", args=[lived_in.caregiver.pk]),
        reverse("caregiver_overview", args=[lived_in.caregiver.pk]),
        reverse("referral_new", args=[lived_in.caregiver.pk]),
        reverse("referral_detail", args=[lived_in.received.pk]),
    ]
    followed = 0
    while addresses:
        address = addresses.pop(0)
        queries, page = asked(client, address)
        seen += [(address, sql) for sql in queries]
        if "na=" not in address:
            addresses += (following := next_addresses(page)[:1])
            followed += len(following)
    assert followed >= 8, "lists without a next page prove nothing"
    queries, page = asked(client, "/mantelzorgers/", {"zoek": "a"})
    seen += [("a name typed", sql) for sql in queries]
    assert [(address, grows(sql), sql) for address, sql in seen if grows(sql)] == []


@pytest.mark.django_db
def test_a_coordinator_counts_no_further_than_a_thousand(lived_in):
    coordinator = make_member("Bram Jansen", lived_in.organisation, Role.COORDINATOR, profession=None)
    make_appointment(coordinator, Role.COORDINATOR, "GM0479")
    queries, _ = asked(logged_in(coordinator), "/")
    assert any("COUNT(" in sql for sql in queries)
    assert [sql for sql in queries if grows(sql)] == []


@pytest.mark.django_db
def test_the_worker_and_the_clock_neither_skip_nor_count(lived_in):
    with CaptureQueriesContext(connection) as queries:
        send_next(now=timezone.now())
        clock.expire_due(now=timezone.now())
        clock.lapse_consents(now=timezone.now())
        clock.delete_stale_drafts(now=timezone.now())
    assert [query["sql"] for query in queries if grows(query["sql"])] == []


# The benchmark itself -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_benchmark_has_referrals_in_every_state(lived_in):
    states = Counter(
        Referral.objects.filter(sender__organisation__slug__startswith="bench-").values_list("state", flat=True)
    )
    assert set(states) == set(State.values)
    assert lived_in.made["caregivers"] == CAREGIVERS


@pytest.mark.parametrize("name", ["mantelzorg", "postgres", "Bench", "bench; drop"])
def test_the_benchmark_refuses_a_database_that_is_not_its_own(settings, name):
    settings.MAINTENANCE_DATABASE = "postgres"
    with pytest.raises(databases.NotOurs):
        databases.check_name(name)


def test_the_benchmark_refuses_the_database_of_the_installation(settings):
    settings.MAINTENANCE_DATABASE = "benches"
    with pytest.raises(databases.NotOurs):
        databases.check_name("benches")
    databases.check_name("mantelzorg_bench")

"""Search among very many services reads by index, in every way of asking. How long it takes is for the benchmark.

There are as many as it takes for PostgreSQL to prefer an index; at 50,000 the plans are the same.
"""

import re
from itertools import pairwise

import pytest
from django.db import connection

from sociale_kaart import actions
from sociale_kaart.models import Location
from sociale_kaart.search import SearchQuery, find
from sociale_kaart.search.facets import counts_for
from sociale_kaart.search.places import counts_by_place
from tests.factories import make_organisation, make_service
from tests.test_plans import MANY, copy

WHOLE = re.compile(r"Seq Scan on sociale_kaart_(?:searchrow|service|service_\w+)\b")
# Of every copy another word, another municipality, another kind, and an address in another postcode area.
SPREAD = """
    INSERT INTO sociale_kaart_searchrow
        (service_id, document, municipalities, kinds, phases, target_groups, next_check_on, is_full, standing,
        checked_on, places, traits)
    SELECT service.id, row.document || to_tsvector('mantelzorg_dutch', 'woord' || service.n %% 500),
        ARRAY[places.codes[1 + service.n %% array_length(places.codes, 1)]], ARRAY['kind-' || service.n %% 40],
        ARRAY['phase-' || service.n %% 60], ARRAY['group-' || service.n %% 50], row.next_check_on, row.is_full,
        row.standing - service.n, row.checked_on - service.n %% 300,
        ARRAY[pc4s[1 + service.n %% array_length(pc4s, 1)]],
        ARRAY['taal-' || service.n %% 40, 'kosten-' || service.n %% 60, 'toegang-' || service.n %% 60]
    FROM sociale_kaart_searchrow row,
        (SELECT array_agg(code) AS codes FROM sociale_kaart_municipality) places,
        (SELECT array_agg(pc4) AS pc4s FROM sociale_kaart_postcodearea) areas,
        (SELECT id, substr(slug, 2)::int AS n FROM sociale_kaart_service WHERE slug ~ '^s[0-9]+$') service
    WHERE row.service_id = %s
"""
HERE = {"municipalities": ("GM0479",)}
ASKED = {
    "nothing": SearchQuery(),
    "the newest checks": SearchQuery(order="nagekeken"),
    "a word": SearchQuery("woord7"),
    "a word that is typed wrong": SearchQuery("wordt77"),
    "a word here": SearchQuery("koffie", **HERE),
    "here": SearchQuery(**HERE),
    "near": SearchQuery(**HERE, near="1506", order="afstand"),
    "near, also in the next municipality": SearchQuery(**HERE, near="1506", within=10, order="afstand"),
    "a language": SearchQuery(language="7"),
    "free here": SearchQuery(cost="7", **HERE),
    "a kind in a phase for a group": SearchQuery(kind="kind-7", phase="phase-7", target_group="group-7"),
    "of a few services": SearchQuery("koffie", only=("01900000-0000-7000-8000-000000000001",)),
}


@pytest.fixture
def many(db):
    organisation = make_organisation("Welzijn")
    one = make_service(organisation, "Koffie")
    location = Location.objects.create(
        organisation=organisation, street="Straat 1", postcode="1506 AB", place="Zaandam"
    )
    one.locations.add(location)
    actions.refresh_search()
    copy(one, slug="'s' || n")
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, [one.pk])
        assert cursor.rowcount == MANY
        for table in ("searchrow", "service", "organisation"):
            cursor.execute(f"ANALYZE sociale_kaart_{table}")


def whole_tables_read(do) -> list[str]:
    """Which of the tables that grow are read from beginning to end, and not just until there are enough."""
    read = []

    def look_at_plan(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if "sociale_kaart_searchrow" in sql and not sql.startswith("SAVEPOINT"):
            read.extend(line for (line,) in connection.connection.execute(f"EXPLAIN {sql}", params).fetchall())
        return result

    with connection.execute_wrapper(look_at_plan):
        do()
    assert read, "nothing was asked of the rows of search"
    return [line for before, line in pairwise(read) if WHOLE.search(line) and "Limit" not in before]


def test_no_question_reads_all_services(many):
    assert {name: whole_tables_read(lambda query=query: find(query)) for name, query in ASKED.items()} == {
        name: [] for name in ASKED
    }


def test_no_count_reads_all_services(many):
    for name, query in ASKED.items():
        page = find(query)
        assert whole_tables_read(lambda query=query, page=page: counts_for(query, page)) == [], name
        assert whole_tables_read(lambda query=query, page=page: counts_by_place(query, page, by_province=True)) == [], (
            name
        )


def test_a_whole_table_that_is_read_is_seen(many):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_indexonlyscan = off")
    assert whole_tables_read(lambda: find(ASKED["a word here"])) != []

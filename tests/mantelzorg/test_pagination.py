"""Pages by key: every row once, whichever way, and an address that holds nothing but an id."""

import pytest
from django.test import RequestFactory

from mantelzorg.pagination import keyset_page
from sociale_kaart.models import Municipality, Organisation
from tests.factories import make_organisation


def page(address, rows=None, order=("kind", "-name", "pk"), size=3):
    rows = Organisation.objects.all() if rows is None else rows
    return keyset_page(RequestFactory().get(address), rows, order=order, size=size)


@pytest.fixture
def organisations(db):
    for number in range(8):
        make_organisation(f"Naam {number // 2}", kind="gemeente" if number % 3 else "welzijn", slug=f"o-{number}")
    return list(Organisation.objects.order_by("kind", "-name", "pk"))


def test_every_row_comes_once_and_in_order(organisations):
    seen, address = [], "/lijst/?q=zorg"
    while address:
        current = page(address)
        seen += current.rows
        address = current.next_url
    assert seen == organisations


def test_going_back_shows_the_same_pages(organisations):
    first = page("/lijst/")
    second = page(first.next_url)
    third = page(second.next_url)
    assert third.next_url == ""
    assert page(third.previous_url).rows == second.rows
    back = page(page(third.previous_url).previous_url)
    assert back.rows == first.rows
    assert back.previous_url == ""
    assert back.next_url


def test_the_address_keeps_the_question_and_names_nobody(organisations):
    following = page("/lijst/?q=zorg&voor=").next_url
    assert following == f"/lijst/?q=zorg&na={organisations[2].pk}"


@pytest.mark.parametrize("edge", ["geen-uuid", "01900000-0000-7000-8000-000000000000", "\x00", "1"])
def test_an_edge_that_is_not_there_leads_to_the_first_page(organisations, edge):
    for direction in ("na", "voor"):
        assert page(f"/lijst/?{direction}={edge}").rows == organisations[:3]


def test_an_edge_outside_what_she_may_see_leads_to_the_first_page(organisations):
    hers = Organisation.objects.filter(kind="welzijn")
    assert page(f"/lijst/?na={organisations[0].pk}", hers).rows == list(hers.order_by("-name", "pk")[:3])


def test_no_rows_is_one_empty_page(db):
    empty = page("/lijst/")
    assert (empty.rows, empty.is_only) == ([], True)


def test_a_page_never_counts_or_skips(organisations, django_assert_num_queries):
    with django_assert_num_queries(2) as asked:  # the row at the edge, the page
        page(f"/lijst/?na={organisations[2].pk}")
    for query in asked.captured_queries:
        assert "OFFSET" not in query["sql"]
        assert "COUNT(" not in query["sql"]


def test_rows_may_be_dictionaries(db):
    rows = Municipality.objects.values("pk", "name")
    first = page("/", rows, order=("name", "pk"))
    assert page(first.next_url, rows, order=("name", "pk")).rows[0]["name"] > first.rows[-1]["name"]

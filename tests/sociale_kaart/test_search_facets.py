"""What can be asked besides words and place, how many there are of each, how far it is, and why it is there."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sociale_kaart import actions
from sociale_kaart.models import Location, Service
from sociale_kaart.search import SearchQuery, facets, find
from sociale_kaart.search.facets import counts_for
from tests.factories import make_organisation, make_service

TODAY = datetime.date(2026, 11, 23)
SEARCH = "/sociale-kaart/"


def at(service: Service, postcode: str, place: str) -> Service:
    location = Location.objects.create(
        organisation=service.organisation, street="Straat 1", postcode=postcode, place=place
    )
    service.locations.add(location)
    return service


@pytest.fixture
def directory(db):
    """Near 1506 in Zaandam: one in the next street, one in Purmerend, one that comes to her, one in Groningen."""
    organisation = make_organisation("Welzijn")
    near = at(
        make_service(organisation, "Koffie om de hoek", kinds=["lotgenotencontact"], cost_kind="gratis"),
        "1506 AB",
        "Zaandam",
    )
    near.languages.set(["nl", "tr"])
    other = make_service(
        organisation,
        "Koffie in Purmerend",
        kinds=["lotgenotencontact"],
        municipalities=["GM0439"],
        cost_kind="zelf-betalen",
        access="verwijzing",
        checked_on=TODAY - datetime.timedelta(days=40),
    )
    at(other, "1441 AA", "Purmerend").languages.set(["nl"])
    home = make_service(organisation, "Koffie thuis", capacity="plek", capacity_on=TODAY, cost_kind="gratis")
    home.languages.set(["nl"])
    at(make_service(organisation, "Koffie ver weg", municipalities=["GM0014"]), "9711 AA", "Groningen")
    actions.refresh_search()


def names(text: str = "", **asked) -> list[str]:
    return [hit.title for hit in find(SearchQuery(text=text, **asked), TODAY).hits]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"language": "tr"}, {"Koffie om de hoek"}),
        ({"cost": "gratis"}, {"Koffie om de hoek", "Koffie thuis"}),
        ({"no_referral": True}, {"Koffie om de hoek", "Koffie thuis", "Koffie ver weg"}),
        ({"has_room": True}, {"Koffie thuis"}),
        ({"cost": "gratis", "language": "tr", "kind": "lotgenotencontact"}, {"Koffie om de hoek"}),
        ({"language": "xx"}, set()),
    ],
)
@pytest.mark.parametrize("text", ["", "koffie"])
def test_each_answer_narrows_with_and_without_words(directory, text, asked, found):
    assert set(names(text, **asked)) == found


# How far ------------------------------------------------------------------------------------------------------------

HERE = {"municipalities": ("GM0479",), "near": "1506"}


def test_distance_goes_from_where_she_lives_to_where_it_is(directory):
    km = {hit.title: hit.km for hit in find(SearchQuery(**HERE, within=25), TODAY).hits}
    assert km["Koffie om de hoek"] == 0
    assert 8 < km["Koffie in Purmerend"] < 13
    assert km["Koffie thuis"] is None
    assert "Koffie ver weg" not in km


@pytest.mark.parametrize("text", ["", "koffie"])
def test_what_is_near_comes_first_and_what_has_no_address_last(directory, text):
    assert names(text, **HERE, within=25, order="afstand") == [
        "Koffie om de hoek",
        "Koffie in Purmerend",
        "Koffie thuis",
    ]


@pytest.mark.parametrize("text", ["", "koffie"])
def test_what_comes_to_her_goes_before_what_is_far_away(directory, text):
    """An address elsewhere of something that works here is no nearer than what has no address at all."""
    far = make_service(make_organisation("Ver"), "Koffie uit Maastricht", municipalities=["GM0479"])
    at(far, "6211 AB", "Maastricht")
    actions.refresh_search()
    assert names(text, **HERE, order="afstand")[-2:] == ["Koffie thuis", "Koffie uit Maastricht"]


@pytest.mark.parametrize("text", ["", "koffie"])
def test_outside_the_municipality_counts_only_what_has_an_address_so_near(directory, text):
    assert set(names(text, **HERE)) == {"Koffie om de hoek", "Koffie thuis"}
    assert set(names(text, **HERE, within=5)) == {"Koffie om de hoek", "Koffie thuis"}
    elsewhere = {hit.title for hit in find(SearchQuery(text, **HERE, within=25), TODAY).hits if hit.is_elsewhere}
    assert elsewhere == {"Koffie in Purmerend"}


def test_a_place_and_a_municipality_are_somewhere_too(directory):
    for where in ({"near": "zaandam"}, {}):
        query = SearchQuery(municipalities=("GM0479",), order="afstand", **where)
        assert find(query, TODAY).hits[0].km < 6


@pytest.mark.parametrize("order", ["afstand", "nagekeken"])
def test_an_order_without_a_place_or_of_the_newest_check(directory, order):
    assert set(names(order=order)) == set(names())
    if order == "nagekeken":
        assert names(order=order)[-1] == "Koffie in Purmerend"
        assert names("koffie", order=order)[-1] == "Koffie in Purmerend"


@pytest.mark.parametrize("text", ["", "maatje"])
@pytest.mark.parametrize("order", ["", "afstand", "nagekeken"])
def test_pages_in_every_order_follow_each_other_without_gaps_or_doubles(db, text, order):
    organisation = make_organisation("Welzijn")
    for number in range(25):
        day = TODAY - datetime.timedelta(days=number % 4)
        service = make_service(organisation, f"Maatje {number}", checked_on=day)
        if number % 3:
            at(service, ("1506 AB", "1521 AB")[number % 2], "Zaandam")
    actions.refresh_search()
    seen, after = [], ""
    for _ in range(5):
        page = find(SearchQuery(text, **HERE, order=order, after=after, size=6), TODAY)
        seen += [hit.slug for hit in page.hits]
        after = page.next_after
    assert len(seen) == len(set(seen)) == 25
    assert after == ""


# How many -----------------------------------------------------------------------------------------------------------


def counted(**asked) -> facets.Counts:
    query = SearchQuery(**asked)
    return counts_for(query, find(query, TODAY))


def test_behind_each_answer_stands_what_it_would_find(directory):
    for asked in ({}, {"text": "koffie"}, {"cost": "gratis"}, {"text": "kofie"}, {"municipalities": ("GM0479",)}):
        counts, at_least = counted(**asked).of("kind", "kinds")
        assert not at_least
        for kind in ("lotgenotencontact", "gesprek-mantelzorgconsulent"):
            assert counts.get(kind, 0) == find(SearchQuery(**asked, kind=kind), TODAY).total, (asked, kind)


def test_a_question_that_was_answered_still_counts_its_other_answers(directory):
    counts, _ = counted(cost="gratis").of("cost", "traits")
    assert (counts["kosten-gratis"], counts["kosten-zelf-betalen"]) == (2, 1)
    languages, _ = counted(cost="gratis").of("language", "traits")
    assert (languages["taal-tr"], languages["taal-nl"]) == (1, 2)


def test_what_was_not_counted_to_the_end_says_so(directory, monkeypatch):
    monkeypatch.setattr(facets, "COUNTED", 2)
    counts, at_least = counted().of("kind", "kinds")
    assert at_least
    assert sum(counts.values()) == 2


@pytest.mark.parametrize(
    "asked", [{}, {"kind": "lotgenotencontact", "cost": "gratis", "language": "nl", "has_room": True}]
)
def test_all_counts_are_one_query(directory, asked):
    query = SearchQuery("koffie", **asked)
    page = find(query, TODAY)
    with CaptureQueriesContext(connection) as queries:
        counts_for(query, page)
    assert len(queries) == 1


def test_the_page_shows_numbers_and_leaves_out_what_leads_nowhere(directory, client_of, sender):
    html = client_of(sender).get(f"{SEARCH}?q=koffie&meer=ja").text
    assert "Lotgenotencontact (2)" in html
    assert "Turks (1)" in html
    assert "Pools" not in html
    assert "Zonder verwijzing (3)" in html
    assert "Er is plek (1)" in html
    with_answer = client_of(sender).get(f"{SEARCH}?q=koffie&taal=tr&kosten=zelf-betalen").text
    assert "Turks (0)" in with_answer  # what she chose stays to be seen


def test_every_filter_can_be_taken_off_by_itself(directory, client_of, sender):
    html = client_of(sender).get(f"{SEARCH}?q=koffie&taal=tr&direct=on").text
    assert f'href="{SEARCH}?q=koffie&amp;direct=on">Turks' in html
    assert f'href="{SEARCH}?q=koffie&amp;taal=tr">Zonder verwijzing' in html


def test_the_page_says_how_far_and_how_sure(directory, client_of, sender):
    html = client_of(sender).get(f"{SEARCH}?postcode=1506&afstand=25&volgorde=afstand").text
    assert "minder dan 1 km" in html
    assert "ongeveer 1" in html
    assert "niet in Zaanstad: vraag of je er terechtkunt" in html
    assert "hemelsbreed" in html
    asked = client_of(sender).get(f"{SEARCH}?volgorde=afstand").text
    assert "Kies een gemeente of typ een postcode" in asked
    assert "hemelsbreed" not in asked


def test_while_somebody_filters_the_numbers_come_along(directory, client_of, sender):
    live = client_of(sender, HTTP_HX_REQUEST="true")
    piece = live.get(f"{SEARCH}?q=koffie&meer=ja").text
    assert 'id="filters" data-hx-swap-oob="true"' in piece
    assert "Turks (1)" in piece
    opened = live.get(f"{SEARCH}?q=koffie&meer=ja", HTTP_HX_TARGET="filters").text
    assert "oob" not in opened
    assert "Turks (1)" in opened
    assert 'id="filters"' not in live.get(f"{SEARCH}?q=koffie").text


# Why ----------------------------------------------------------------------------------------------------------------


def reasons(client, text: str) -> dict[str, str]:
    rows = client.get(SEARCH, {"q": text}).context["rows"]
    return {row["title"]: row["why"] for row in rows}


def test_each_result_says_why_it_is_there(directory, client_of, sender):
    organisation = make_organisation("Het Buitenhuis")
    make_service(
        organisation, "Kortdurend verblijf", everyday_name="Naar zee", summary="Een week elders.", kinds=["logeerzorg"]
    )
    make_service(
        organisation,
        "Papierspreekuur",
        summary="Samen brieven lezen.",
        description="Met thee.",
        kinds=["lotgenotencontact"],
    )
    actions.refresh_search()
    client = client_of(sender)
    assert reasons(client, "verblijf")["Naar zee"] == "‘verblijf’ staat in de naam"
    assert reasons(client, "kortdurend verblijf")["Naar zee"] == "‘kortdurend’ en ‘verblijf’ staan in de naam"
    assert reasons(client, "weekend weg")["Naar zee"] == "‘weekend weg’ past bij Logeerzorg"
    assert reasons(client, "verblif")["Naar zee"] == "‘verblijf’ (je typte ‘verblif’) staat in de naam"
    assert reasons(client, "buitenhuis")["Naar zee"] == "‘buitenhuis’ staat in de naam van de organisatie"
    assert reasons(client, "brieven")["Papierspreekuur"] == "‘brieven’ staat in de korte uitleg"
    assert reasons(client, "thee")["Papierspreekuur"] == "‘thee’ staat in de beschrijving"
    both = reasons(client, "verblijf elders")["Naar zee"]
    assert both == "‘verblijf’ staat in de naam. ‘elders’ staat in de korte uitleg"
    assert reasons(client, "")["Papierspreekuur"] == ""


def test_what_was_typed_is_no_markup_in_the_reason_either(directory, client_of, sender):
    html = client_of(sender).get(SEARCH, {"q": "koffie <b>thuis</b>"}).text
    assert "<b>thuis" not in html


def test_the_reasons_cost_no_query_per_row(directory):
    with CaptureQueriesContext(connection) as queries:
        find(SearchQuery("koffie"), TODAY)
    assert len(queries) == 1

"""The search page: one address, a whole page or the piece that htmx asks for, nothing typed is lost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sociale_kaart import actions
from tests.factories import make_organisation, make_service

SEARCH = "/sociale-kaart/"


@pytest.fixture
def services(db):
    organisation = make_organisation("Steunpunt Zaanstreek")
    make_service(organisation, "Logeerhuis", kinds=["logeerzorg"], phases=["thuis-gaat-niet-meer"])
    make_service(organisation, "Maatje", kinds=["vrijwilliger-aan-huis"], municipalities=["GM0439"])
    actions.refresh_search()


@pytest.fixture
def browser(client_of, sender):
    return client_of(sender)


@pytest.fixture
def live(client_of, sender):
    return client_of(sender, HTTP_HX_REQUEST="true")


def titles(response) -> list[str]:
    return re.findall(r'<h3><a href="[^"]+">([^<]+)</a>', response.text)


def test_everyone_who_is_logged_in_may_search_and_nobody_else(services, client, client_of, outsider, functional_admin):
    assert client.get(SEARCH).status_code == 302
    for person in (outsider, functional_admin):
        assert len(titles(client_of(person).get(SEARCH))) == 2


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=logeren", ["Logeerhuis"]),
        ("gemeente=GM0439", ["Maatje"]),
        ("postcode=1506+ab", ["Logeerhuis"]),
        ("postcode=purmerend", ["Maatje"]),
        ("postcode=1441&gemeente=GM0439", ["Maatje"]),
        ("soort=vrijwilliger-aan-huis", ["Maatje"]),
        ("fase=thuis-gaat-niet-meer", ["Logeerhuis"]),
        ("doelgroep=partners", []),
        ("q=maatje&gemeente=GM0479", []),
    ],
)
def test_each_question_narrows_the_list_and_stands_in_the_form_again(services, browser, asked, found):
    response = browser.get(f"{SEARCH}?{asked}", follow=True)
    assert titles(response) == found
    form = response.context["form"]
    for name, value in (pair.split("=") for pair in asked.split("&")):
        assert form[name].value() == value.replace("1506+ab", "1506")  # no letters that lead to a door


def test_a_place_among_the_words_is_where_is_looked_until_she_says_otherwise(browser):
    organisation = make_organisation("Welzijn")
    make_service(organisation, "Maatje in Zaanstad")
    make_service(organisation, "Maatje in Purmerend", municipalities=["GM0439"], home_municipality_id="GM0439")
    actions.refresh_search()
    here = browser.get(f"{SEARCH}?q=maatje+purmerend").text
    assert "1 tot en met 1 van 1 in Purmerend" in here
    assert "Maatje in Zaanstad" not in here
    everywhere = re.search(r'href="(/sociale-kaart/\?[^"]*overal=ja[^"]*)"', here)[1].replace("&amp;", "&")
    assert "van 1 in Purmerend" not in browser.get(everywhere).text
    nothing = browser.get(f"{SEARCH}?q=maatje+amsterdam").text
    assert "Niets gevonden" in nothing
    assert "In alle gemeenten" in nothing
    chosen = browser.get(f"{SEARCH}?q=maatje+purmerend&gemeente=GM0479").text
    assert "Maatje in Zaanstad" in chosen


def test_a_text_that_is_too_long_is_said_to_be_so(services, browser):
    answer = browser.get(SEARCH, {"q": "x" * 5000})
    assert "Typ niet meer dan 200 tekens." in answer.text
    assert 'maxlength="200"' in answer.text


def test_nothing_found_says_what_to_try(services, browser):
    response = browser.get(f"{SEARCH}?q=zzzz&gemeente=GM0479")
    assert "Niets gevonden" in response.text
    assert f'href="{SEARCH}?gemeente=GM0479">Zonder de zoekwoorden' in response.text
    assert f'href="{SEARCH}?q=zzzz">In alle gemeenten' in response.text


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("postcode=99", "Typ hem bijvoorbeeld zo: 1506 AB."),
        ("postcode=0000+AA", "Typ hem bijvoorbeeld zo: 1506 AB."),
        ("postcode=9876", "Typ hem bijvoorbeeld zo: 1506 AB."),
        ("postcode=nergenshuizen", "Typ een postcode, bijvoorbeeld 1506 AB."),
        ("postcode=1506&gemeente=GM0439", "1506 ligt in Zaanstad."),
        ("soort=onzin", "Deze keuze kennen we niet."),
        ("gemeente=GM9999", "Deze keuze kennen we niet."),
    ],
)
def test_what_cannot_be_right_is_said_at_the_field_and_in_the_summary_and_all_is_kept(
    services, browser, asked, message
):
    response = browser.get(f"{SEARCH}?q=logeren&{asked}")
    assert response.status_code == 200
    assert response.text.count(message) == 2
    assert "<title>Fout: " in response.text
    assert 'value="logeren"' in response.text
    assert titles(response) == []


def test_htmx_gets_the_results_and_the_postcode_field_and_nothing_else(services, live):
    piece = live.get(f"{SEARCH}?q=logeren&gemeente=&postcode=9")
    assert "<html" not in piece.text
    assert 'id="veld-postcode" data-hx-swap-oob="true"' in piece.text
    assert "1506 AB" in piece.text
    assert piece.headers["HX-Replace-Url"] == f"{SEARCH}?q=logeren&postcode=9"
    assert "HX-Request" in piece.headers["Vary"]
    assert titles(live.get(f"{SEARCH}?q=logeren")) == ["Logeerhuis"]


def test_the_postcode_field_stays_as_it_is_while_she_types_in_it(services, live):
    """The answer to what was typed before may come while she is typing here."""
    assert "veld-postcode" not in live.get(f"{SEARCH}?q=logeren&postcode=1506").text
    wrong = live.get(f"{SEARCH}?postcode=9").text
    assert '<input type="hidden" name="fout" value="postcode">' in wrong
    mended = live.get(f"{SEARCH}?postcode=1506&fout=postcode")
    assert 'id="veld-postcode" data-hx-swap-oob="true"' in mended.text
    assert 'name="fout"' not in mended.text
    assert mended.headers["HX-Replace-Url"] == f"{SEARCH}?postcode=1506"


def test_boosted_and_history_requests_get_the_page(services, browser):
    for header in ("HTTP_HX_BOOSTED", "HTTP_HX_HISTORY_RESTORE_REQUEST"):
        response = browser.get(SEARCH, **{"HTTP_HX_REQUEST": "true", header: "true"})
        assert "<html" in response.text


def test_more_filters_come_when_asked_for_and_stay_while_one_is_used(services, browser, live):
    assert 'name="soort"' not in browser.get(f"{SEARCH}?q=x").text
    assert 'name="meer" value="ja"' in browser.get(f"{SEARCH}?q=x").text  # a button: what was typed goes along
    assert 'name="soort"' in browser.get(f"{SEARCH}?q=x&meer=ja").text
    assert 'name="soort"' in browser.get(f"{SEARCH}?fase=diagnose").text
    piece = live.get(f"{SEARCH}?q=x&meer=ja", HTTP_HX_TARGET="filters").text
    assert 'name="soort"' in piece
    assert "<h3>" not in piece


def test_a_typing_error_is_answered_with_what_was_searched_instead(services, browser):
    response = browser.get(f"{SEARCH}?q=logerhuis")
    assert titles(response)[0] == "Logeerhuis"
    assert "Ook gezocht op: logeerhuis" in response.text


def test_what_was_typed_is_shown_as_typed_and_never_as_markup(services, browser):
    typed = '<script>alert("1")</script> & مرحبا 🎉'
    response = browser.get(SEARCH, {"q": typed})
    assert response.context["form"]["q"].value() == typed
    assert "<script>alert" not in response.text


def test_pages_of_twenty(browser):
    organisation = make_organisation("Welzijn")
    for number in range(45):
        make_service(organisation, f"Maatje {number}")
    actions.refresh_search()
    seen, address = [], f"{SEARCH}?q=maatje"
    for line in ("1 tot en met 20 van 45", "21 tot en met 40 van 45", "41 tot en met 45 van 45"):
        response = browser.get(address)
        assert line in response.text
        seen += titles(response)
        address = response.context["next_url"]
    assert (len(set(seen)), address) == (45, "")


def queries_and_bytes(client, address: str) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    sql = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert "OFFSET" not in " ".join(sql).upper()
    return len(sql), len(response.content)


def test_a_page_costs_the_same_for_one_row_and_for_fifty(browser, live):
    organisation = make_organisation("Stichting Welzijn en Mantelzorg Zaanstreek-Waterland")
    summary = "Een vrijwilliger komt elke week langs voor een praatje of een wandeling, en jij hebt even vrij."
    make_service(organisation, "Maatje 1", everyday_name="Samen op pad", summary=summary)
    actions.refresh_search()
    asked = f"{SEARCH}?q=maatje&postcode=1506"
    one, _ = queries_and_bytes(browser, asked)
    for number in range(2, 51):
        make_service(organisation, f"Maatje aan huis {number}", everyday_name=f"Samen op pad {number}", summary=summary)
    actions.refresh_search()
    # session, person, her membership, who is asking, the lists to choose from, municipalities of the postcode, results
    fifty, size = queries_and_bytes(browser, asked)
    assert one == fifty == 7
    assert size < 15_000
    assert queries_and_bytes(live, asked)[1] < 8_500


@pytest.mark.parametrize("name", ["q", "gemeente", "postcode", "soort", "fase", "doelgroep", "meer", "na"])
@pytest.mark.parametrize("typed", ["%00", "a%00b", "GM0479%00", "s1_1e300_" + "0" * 32, "s1_-1e300_" + "f" * 32])
def test_what_nobody_types_is_no_crash(services, browser, name, typed):
    assert browser.get(f"{SEARCH}?{name}={typed}").status_code == 200
    assert browser.get(f"{SEARCH}?q=maatje&{name}={typed}").status_code == 200

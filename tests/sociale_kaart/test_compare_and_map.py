"""Services side by side, and where they are: the same answers as in the list, in another shape."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sociale_kaart import actions, outlines
from sociale_kaart.models import Municipality, Province, Schedule, Service
from sociale_kaart.search import SearchQuery, find, places
from tests.factories import make_caregiver, make_organisation, make_service

COMPARE = "/sociale-kaart/vergelijken/"
MAP = "/sociale-kaart/kaart/"
SEARCH = "/sociale-kaart/"


@pytest.fixture
def services(db):
    organisation = make_organisation("Welzijn", uses_portal=True)
    make_service(organisation, "Koffie", cost_kind="gratis", phases=["diagnose"])
    make_service(organisation, "Thee", cost_kind="zelf-betalen", municipalities=["GM0439"], zonder_dossier=True)
    make_service(organisation, "Soep", cost_kind="gratis", municipalities=["GM0479", "GM0439"])
    make_service(organisation, "Melk", cost_kind="gratis", municipalities=["GM0014"])
    make_service(organisation, "Concept", status="draft")
    actions.refresh_search()


def answers(response) -> dict[str, list[str]]:
    return {row.question: [said for _, said in row.answers] for row in response.context["rows"]}


# Side by side -------------------------------------------------------------------------------------------------------


def test_what_differs_stands_first_and_what_is_the_same_stands_once(services, client_of, sender):
    response = client_of(sender).get(f"{COMPARE}?a=koffie&b=thee")
    assert answers(response)["Wat kost het?"] == ["Gratis.", "Zelf betalen."]
    body = response.text[response.text.index("<tbody>") :]
    assert body.index("Wat kost het?") < body.index("Van wie is het?")
    assert 'colspan="2">Welzijn' in body
    assert 'data-label="Koffie">Gratis.' in body


def test_boxes_in_the_list_are_a_form_that_works_without_a_script(services, client_of, sender):
    browser = client_of(sender)
    plain = browser.get(f"{SEARCH}?q=koffie").text
    assert 'type="checkbox"' not in plain
    assert f'href="{SEARCH}?q=koffie&amp;vergelijk=ja"' in plain
    ticking = browser.get(f"{SEARCH}?vergelijk=ja").text
    assert f'action="{COMPARE}"' in ticking
    assert '<input type="checkbox" id="kies-koffie" name="a" value="koffie">' in ticking
    assert '<input type="hidden" name="vergelijk" value="ja">' in ticking
    titles = [column["title"] for column in browser.get(f"{COMPARE}?a=koffie&a=soep").context["columns"]]
    assert titles == ["Koffie", "Soep"]


def test_what_was_ticked_goes_along_through_pages_filters_and_back(client_of, sender):
    organisation = make_organisation("Welzijn")
    for number in range(25):
        make_service(organisation, f"Thee {number}", slug=f"thee-{number}")
    actions.refresh_search()
    browser = client_of(sender)
    shown = browser.get(f"{SEARCH}?q=thee&vergelijk=ja").context["rows"]
    one, other = shown[0]["slug"], shown[1]["slug"]
    first = browser.get(f"{SEARCH}?q=thee&vergelijk=ja&a={one}&a={other}")
    assert [row["slug"] for row in first.context["rows"] if row["picked"]] == [one, other]
    assert first.text.count(" checked>") == 2
    after = first.context["next_after"]
    second = browser.get(f"{SEARCH}?q=thee&vergelijk=ja&a={one}&a={other}&na={after}").text
    for slug in (one, other):  # not on this page, and still chosen
        assert f'<input type="hidden" name="a" value="{slug}">' in second
    compared = browser.get(f"{COMPARE}?q=thee&vergelijk=ja&a={one}&a={other}")
    assert [column["title"] for column in compared.context["columns"]] == [shown[0]["title"], shown[1]["title"]]
    back = browser.get(compared.context["search_url"])
    assert [row["slug"] for row in back.context["rows"] if row["picked"]] == [one, other]


def test_three_at_most_and_the_order_is_hers(services, client_of, sender):
    response = client_of(sender).get(f"{COMPARE}?a=melk&a=soep&a=melk&b=thee&c=koffie")
    assert [column["title"] for column in response.context["columns"]] == ["Melk", "Soep", "Thee"]
    assert "Dit zijn de eerste drie" in response.text


def test_what_is_paused_says_so_beside_the_others(services, client_of, sender):
    first, second = Service.objects.filter(slug__in=["koffie", "thee"]).order_by("name")
    Service.objects.filter(pk=first.pk).update(status="paused", paused_until=datetime.date(2027, 3, 1))
    page = client_of(sender).get(f"{COMPARE}?a={first.slug}&a={second.slug}").text
    assert "Nu even niet, tot 1 maart 2027" in page
    assert (
        answers(client_of(sender).get(f"{COMPARE}?a={second.slug}&b={first.slug}"))["Kun je er nu terecht?"][0] == "Ja"
    )
    assert "Kun je er nu terecht?" not in client_of(sender).get(f"{COMPARE}?a={second.slug}&b=soep").text


def test_when_it_is_open_and_for_which_phases_stand_beside_the_others_too(services, client_of, sender):
    service = Service.objects.get(slug="koffie")
    Schedule.objects.create(service=service, byday="MO", freq="WEEKLY", opens_at="09:00", closes_at="12:00")
    found = answers(client_of(sender).get(f"{COMPARE}?a=koffie&b=thee"))
    assert found["Wanneer is het open?"] == ["maandag 9 tot 12 uur", "Staat er niet bij"]
    assert found["Fasen bij dementie"][1] == "Staat er niet bij"


@pytest.mark.parametrize("asked", ["", "a=bestaat-niet", "a=concept", "a=%00", "a=../x", "a=" + "x" * 5000])
def test_what_is_not_there_or_not_hers_to_see_leaves_nothing_to_compare(services, client_of, sender, asked):
    response = client_of(sender).get(f"{COMPARE}?{asked}")
    assert response.status_code == 200
    assert "Nog niets om te vergelijken" in response.text


def test_one_by_one_they_can_be_taken_away_and_for_whom_goes_along(services, client_of, sender):
    anna = make_caregiver(sender, "Anna de Boer")
    html = client_of(sender).get(f"{COMPARE}?a=koffie&b=thee&voor={anna.pk}").text
    assert f'href="{COMPARE}?a=thee&amp;voor={anna.pk}"' in html
    assert f'href="/sociale-kaart/aanbod/koffie/?voor={anna.pk}"' in html
    assert f'href="/mantelzorgers/{anna.pk}/verwijzen/?aanbod=koffie"' in html
    assert f'href="/mantelzorgers/{anna.pk}/verwijzen/?aanbod=thee"' in html  # also who works without a file
    assert f'name="voor" value="{anna.pk}"' in client_of(sender).get(f"{SEARCH}?vergelijk=ja&voor={anna.pk}").text


def test_three_cost_as_many_queries_as_one(services, client_of, sender):
    browser = client_of(sender)
    browser.get(COMPARE)
    counts = []
    for asked in ("a=koffie", "a=koffie&b=thee&c=soep"):
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"{COMPARE}?{asked}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Where --------------------------------------------------------------------------------------------------------------


def test_the_map_is_a_list_with_numbers_that_lead_to_the_services(services, client_of, sender):
    response = client_of(sender).get(f"{MAP}?kosten=gratis&q=koffie+soep")
    counts = {row["name"]: row["count"] for row in response.context["with_offers"]}
    assert response.context["province"] == "Noord-Holland"
    assert counts == {"Purmerend": 1, "Zaanstad": 2}
    for row in response.context["with_offers"]:
        listed = client_of(sender).get(row["url"])
        assert len(listed.context["rows"]) == row["count"]
    assert "Zonder aanbod: 42" in response.text


def test_the_whole_country_goes_by_province_and_counts_a_service_once(services, client_of, sender):
    response = client_of(sender).get(f"{MAP}?provincie=alle")
    counts = {row["name"]: row["count"] for row in response.context["with_offers"]}
    assert counts == {"Groningen": 1, "Noord-Holland": 3}
    assert f'href="{MAP}?provincie=PV20"' in response.text


def test_what_works_nearly_everywhere_is_counted_apart(services, client_of, sender):
    codes = list(Municipality.objects.values_list("pk", flat=True)[:40])
    make_service(None, "Landelijke lijn", municipalities=["GM0479", *codes])
    actions.refresh_search()
    response = client_of(sender).get(f"{MAP}?provincie=PV27")
    assert response.context["wide"] == 1
    assert {row["name"]: row["count"] for row in response.context["with_offers"]}["Zaanstad"] == 2


def test_numbers_that_were_not_counted_to_the_end_say_so(services, client_of, sender, monkeypatch):
    monkeypatch.setattr(places, "COUNTED", 2)
    html = client_of(sender).get(MAP).text
    assert "de getallen zijn minstens zo hoog" in html
    assert re.search(r'map__count">\d+\+<', html)


def test_the_numbers_are_one_query(services):
    page = find(SearchQuery("koffie"))
    with CaptureQueriesContext(connection) as queries:
        places.counts_by_place(SearchQuery("koffie"), page, by_province=False)
    assert len(queries) == 1


def test_the_picture_says_what_the_list_says_and_asks_nothing_of_others(services, client_of, sender):
    response = client_of(sender).get(MAP)
    svg = response.text[response.text.index('<svg class="map__picture"') :]
    svg = svg[: svg.index("</figure>")]
    assert "<title>Zaanstad: 2</title>" in svg
    assert svg.count("<path") == len(response.context["rows"]) == 44
    assert "http" not in svg
    assert "style=" not in response.text
    assert len(response.content) < 32_000


@pytest.mark.parametrize("asked", ["provincie=x", "provincie=%00", "q=%00", "gemeente=GM9999", "postcode=x", "soort=x"])
def test_what_cannot_be_asked_is_no_crash(services, client_of, sender, functional_admin, asked):
    assert client_of(sender).get(f"{MAP}?{asked}").status_code == 200
    assert client_of(functional_admin).get(f"{MAP}?{asked}").status_code == 200


def test_every_municipality_and_province_has_a_shape_in_the_right_place(db):
    codes = dict(Municipality.objects.values_list("pk", "province"))
    for code, province in codes.items():
        small, large = outlines.of(code), outlines.of(province)
        assert small.path.startswith("M"), code
        assert large.box[0] <= small.box[0] < small.box[2] <= large.box[2], code
        assert large.box[1] <= small.box[1] < small.box[3] <= large.box[3], code
    assert set(codes.values()) == set(Province.values)

"""The list of caregivers: who is on it, how one is found, and that nothing personal gets into an address."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from intake import actions
from intake.models import Caregiver
from knowledge.models import Phase
from tests.factories import make_caregiver, make_need, make_referral, make_service
from tests.intake.conftest import words

LIST = "/mantelzorgers/"


@pytest.fixture
def names():
    """The names on a page of the list, in order."""

    def read(response) -> list[str]:
        return re.findall(r'<th scope=row><a href="[^"]+">([^<]+)</a>', response.content.decode())

    return read


def test_it_holds_the_caregivers_of_her_own_organisation_by_name(client_of, sender, colleague, outsider, names):
    make_caregiver(colleague, "Zus Zwart")
    make_caregiver(sender, "Anna de Boer")
    make_caregiver(outsider, "Bea Buiten")
    assert names(client_of(sender).get(LIST)) == ["Anna de Boer", "Zus Zwart"]


def test_a_receiver_does_not_find_whom_was_referred_to_her(client_of, sender, receiver, steunpunt, names):
    make_referral("accepted", sender=sender, receiver=receiver, service=make_service(steunpunt))
    assert names(client_of(receiver).get(LIST)) == []


@pytest.mark.parametrize("who", ["beheerder", "logtoezicht", "coordinator", "functional_admin"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_for_who_does_not_work_with_caregivers_it_does_not_exist(client_of, sender, who, method, request, looks):
    make_caregiver(sender, "Anna de Boer")
    person = request.getfixturevalue(who)
    assert getattr(client_of(person), method)(LIST, {"zoek": "anna"}).status_code == 404
    assert looks(person, event="denied").count() == 1


def test_a_row_says_where_what_how_heavy_and_whose_turn_it_is(client_of, sender, colleague):
    anna = make_caregiver(sender, "Anna de Boer", situation_kind="psychisch")
    actions.set_burden(caregiver=anna, by=sender, burden=8)
    make_need(anna, colleague, kind="logeerzorg")
    page = words(client_of(sender).get(LIST))
    assert "Anna de Boer Zaanstad Psychisch 8 van 10 Logeerzorg Je collega Karim Haddad, tot en met" in page
    assert page.count("Jij") == 1  # the fixed contact


def test_a_need_that_is_with_a_receiver_says_which_organisation(client_of, sender, receiver, steunpunt):
    anna = make_caregiver(sender, "Anna de Boer")
    make_referral("accepted", sender=sender, receiver=receiver, service=make_service(steunpunt), caregiver=anna)
    assert "Steunpunt Mantelzorg Zaanstad, tot en met" in words(client_of(sender).get(LIST))


def test_of_several_needs_the_most_pressing_one_is_shown(client_of, sender):
    anna = make_caregiver(sender, "Anna de Boer")
    make_need(anna, sender, kind="lotgenotencontact")
    make_need(anna, sender, kind="logeerzorg", now=timezone.now() - timezone.timedelta(days=14))
    page = words(client_of(sender).get(LIST))
    assert "Logeerzorg en nog 1 Jij, tot en met" in page
    assert "dagen te laat" in page
    assert "Lotgenotencontact" not in page


def test_the_heaviest_come_first_and_who_was_not_asked_last(client_of, sender, names):
    for name, burden in (("Licht", 2), ("Zwaar", 9), ("Ook zwaar", 9), ("Niet gevraagd", None), ("Nul", 0)):
        caregiver = make_caregiver(sender, name)
        if burden is not None:
            actions.set_burden(caregiver=caregiver, by=sender, burden=burden)
    page = client_of(sender).get(LIST, {"volgorde": "zwaarte"})
    assert names(page) == ["Ook zwaar", "Zwaar", "Licht", "Nul", "Niet gevraagd"]


def test_mine_are_those_of_whom_i_am_the_fixed_contact(client_of, sender, colleague, names):
    make_caregiver(sender, "Van mij")
    make_caregiver(colleague, "Van Karim")
    assert names(client_of(sender).get(LIST, {"van": "mij"})) == ["Van mij"]


def test_an_order_that_does_not_exist_is_not_asked(client_of, sender, names):
    make_caregiver(sender, "Anna de Boer")
    page = client_of(sender).get(LIST, {"volgorde": "' or 1=1", "van": "iedereen", "na": "geen sleutel"})
    assert names(page) == ["Anna de Boer"]


# Searching ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "anna",
        "ANNA DE",
        "boer",
        "de boer",
        "Ánna",
        "  anna   de ",
        "06 5550",
        "06555012",
        "0655501234",
        "+31 6 55501234",
        "655501",
    ],
)
def test_somebody_is_found_by_name_or_phone(client_of, sender, names, typed):
    make_caregiver(sender, "Anna de Boer", phone="06 55501234")
    make_caregiver(sender, "Piet Jansen", phone="075 5550123")
    assert names(client_of(sender).post(LIST, {"zoek": typed})) == ["Anna de Boer"]


@pytest.mark.parametrize("typed", ["%", "_nna", "nna", "\\", "12", "boer anna", "e"])
def test_what_is_no_beginning_finds_nobody(client_of, sender, names, typed):
    make_caregiver(sender, "Anna de Boer", phone="06 55501234")
    assert names(client_of(sender).post(LIST, {"zoek": typed})) == []


def test_a_caregiver_of_another_organisation_is_not_found(client_of, sender, outsider):
    make_caregiver(outsider, "Anna de Boer")
    assert "Niemand gevonden" in words(client_of(sender).post(LIST, {"zoek": "anna"}))


@pytest.mark.parametrize("name", ["Łucja Żółć 🌷", "فاطمة الزهراء", "Ólafur O'Brien-van 't Hof", "Ana\u200bMaria"])
def test_any_script_is_shown_as_typed_and_found(client_of, sender, names, name):
    from django.utils.html import escape

    make_caregiver(sender, name)
    assert names(client_of(sender).post(LIST, {"zoek": name[:4]})) == [escape(name)]


def test_nothing_that_was_typed_gets_into_an_address(client_of, sender):
    for number in range(25):
        make_caregiver(sender, f"Anna {number:02}")
    page = client_of(sender).post(LIST, {"zoek": "Anna"})
    assert page.status_code == 200
    assert "HX-Push-Url" not in page.headers
    addresses = re.findall(r'(?:href|action|data-hx-get|data-hx-post)="([^"]*)"', page.content.decode())
    assert addresses
    assert not [address for address in addresses if "anna" in address.lower() or "zoek=" in address]


def test_a_name_in_the_address_is_not_searched_for(client_of, sender, names):
    make_caregiver(sender, "Anna de Boer")
    make_caregiver(sender, "Piet Jansen")
    assert names(client_of(sender).get(LIST, {"zoek": "anna"})) == ["Anna de Boer", "Piet Jansen"]


def test_the_addresses_of_the_pages_hold_an_id_and_no_name(client_of, sender):
    for number in range(45):
        make_caregiver(sender, f"Anna {number:02}")
    client = client_of(sender)
    address = re.search(r'rel="next" href="([^"]+)"', client.get(LIST).content.decode())[1]
    assert re.fullmatch(r"/mantelzorgers/\?na=[0-9a-f-]{36}", address)
    page = client.get(address).content.decode()
    assert "Anna 20" in page
    assert "Anna 19" not in page
    back = re.search(r'rel="prev" href="([^"]+)"', page)[1]
    assert "Anna 00" in client.get(back).content.decode()


def test_the_pages_of_a_search_are_posts_as_well(client_of, sender, names):
    for number in range(25):
        make_caregiver(sender, f"Anna {number:02}")
    make_caregiver(sender, "Piet Jansen")
    client = client_of(sender)
    first = client.post(LIST, {"zoek": "anna"})
    assert "1 tot en met 20 van veel" in words(first)
    edge = re.search(r'name="na" value="([^"]+)"', first.content.decode())[1]
    second = client.post(LIST, {"zoek": "anna", "volgorde": "naam", "van": "", "na": edge})
    assert names(second) == [f"Anna {number:02}" for number in range(20, 25)]
    back = re.search(r'name="voor" value="([^"]+)"', second.content.decode())[1]
    assert names(client.post(LIST, {"zoek": "anna", "voor": back})) == names(first)


def test_the_edge_of_somebody_elses_page_leads_to_the_first(client_of, sender, outsider, names):
    make_caregiver(sender, "Anna de Boer")
    strange = make_caregiver(outsider, "Mia Midden")
    make_caregiver(sender, "Zus Zwart")
    assert names(client_of(sender).get(LIST, {"na": strange.pk})) == ["Anna de Boer", "Zus Zwart"]


def test_everyone_is_seen_once_whatever_the_order(client_of, sender, names):
    for number in range(50):
        caregiver = make_caregiver(sender, f"Naam {number // 3:02}")
        if number % 4:
            actions.set_burden(caregiver=caregiver, by=sender, burden=number % 3)
    client = client_of(sender)
    for order in ("naam", "zwaarte"):
        address, seen = f"{LIST}?volgorde={order}", []
        while address:
            page = client.get(address).content.decode()
            seen += re.findall(r'<th scope=row><a href="/mantelzorgers/([^/]+)/"', page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            address = following and following[1].replace("&amp;", "&")
        assert len(seen) == len(set(seen)) == 50


def test_an_empty_search_leads_back_to_the_plain_list(client_of, sender):
    answer = client_of(sender).post(LIST, {"zoek": "  ", "volgorde": "zwaarte", "van": "mij"})
    assert answer.status_code == 302
    assert answer["Location"] == "/mantelzorgers/?volgorde=zwaarte&van=mij"


def test_with_htmx_only_the_results_come_back(client_of, sender):
    make_caregiver(sender, "Anna de Boer")
    page = client_of(sender, HTTP_HX_REQUEST="true").post(LIST, {"zoek": "ann"})
    assert page.content.decode().lstrip().startswith('<div id="results"')
    assert "Anna de Boer" in page.content.decode()
    assert "HX-Request" in page["Vary"]


@pytest.mark.parametrize("typed", ["x" * 101, "an\x00na"])
def test_what_cannot_be_searched_for_is_said_and_kept(client_of, sender, typed):
    make_caregiver(sender, "Anna de Boer")
    page = client_of(sender).post(LIST, {"zoek": typed})
    assert page.status_code == 200
    assert "Er ging iets mis" in words(page)


# Filters ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["1506 AB", "1506ab", "1506", " 1506 "])
def test_somebody_is_found_by_postcode(client_of, sender, names, typed):
    make_caregiver(sender, "Anna de Boer", postcode="1506 AB")
    make_caregiver(sender, "Piet Jansen", postcode="1507 AB")
    assert names(client_of(sender).post(LIST, {"zoek": typed})) == ["Anna de Boer"]


@pytest.mark.parametrize("typed", ["0506", "1506 A", "150", "1506 ABC"])
def test_what_is_no_postcode_is_not_looked_for_as_one(client_of, sender, names, typed):
    make_caregiver(sender, "Anna de Boer", postcode="1506 AB")
    assert names(client_of(sender).post(LIST, {"zoek": typed})) == []


def test_by_the_name_of_a_colleague_who_is_the_fixed_contact(client_of, sender, colleague, outsider, names):
    make_caregiver(sender, "Van mij")
    make_caregiver(colleague, "Van Karim")
    make_caregiver(outsider, "Van een ander")
    client = client_of(sender)
    assert names(client.post(LIST, {"contact": "haddad"})) == ["Van Karim"]
    assert names(client.post(LIST, {"contact": "niemand"})) == []
    assert len(names(client.get(LIST, {"contact": "haddad"}))) == 2  # what is typed does not come from an address


def test_by_phase(client_of, sender, names):
    phase = Phase.objects.get(pk="diagnose")
    anna = make_caregiver(sender, "Anna", situation_kind="dementie")
    make_caregiver(sender, "Bea", situation_kind="dementie")
    actions.set_phase(caregiver=anna, by=sender, phase=phase, since=timezone.localdate())
    client = client_of(sender)
    assert names(client.get(LIST, {"fase": "diagnose"})) == ["Anna"]
    assert "Niemand gevonden" in words(client.get(LIST, {"fase": "verlies-rouw"}))
    assert names(client.get(LIST, {"fase": "bestaat niet"})) == ["Anna", "Bea"]


def test_by_whose_turn_it_is(client_of, sender, colleague, receiver, steunpunt, names):
    make_need(make_caregiver(sender, "Van mij"), sender)
    make_need(make_caregiver(sender, "Van Karim"), colleague)
    late = timezone.now() - timezone.timedelta(days=20)
    make_need(make_caregiver(sender, "Te laat"), colleague, now=late)
    make_caregiver(sender, "Vraagt niets")
    elsewhere = make_caregiver(sender, "Elders")
    make_referral("accepted", sender=sender, receiver=receiver, service=make_service(steunpunt), caregiver=elsewhere)
    client = client_of(sender)
    assert names(client.get(LIST, {"beurt": "mij"})) == ["Van mij"]
    assert names(client.get(LIST, {"beurt": "collega"})) == ["Te laat", "Van Karim"]
    assert names(client.get(LIST, {"beurt": "elders"})) == ["Elders"]
    assert names(client.get(LIST, {"beurt": "te-laat"})) == ["Te laat"]
    assert names(client_of(receiver).get(LIST, {"beurt": "mij"})) == []


@pytest.mark.parametrize("order", ["naam", "zwaarte"])
def test_by_her_own_answer_from_a_number(client_of, sender, names, order):
    for name, burden in (("Acht", 8), ("Zeven", 7), ("Zes", 6), ("Niet gevraagd", None)):
        caregiver = make_caregiver(sender, name)
        if burden is not None:
            actions.set_burden(caregiver=caregiver, by=sender, burden=burden)
    assert names(client_of(sender).get(LIST, {"vanaf": "7", "volgorde": order})) == ["Acht", "Zeven"]


def test_filters_go_together_and_along_to_the_next_page(client_of, sender, names):
    for number in range(25):
        caregiver = make_caregiver(sender, f"Anna {number:02}")
        actions.set_burden(caregiver=caregiver, by=sender, burden=7)
        make_need(caregiver, sender)
    make_caregiver(sender, "Anna 99")
    client = client_of(sender)
    asked = {"zoek": "anna", "beurt": "mij", "vanaf": "7", "contact": "petra"}
    first = client.post(LIST, asked)
    html = first.content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html[html.index("pagination") :]))
    edge = re.search(r'name="na" value="([^"]+)"', html)[1]
    assert names(client.post(LIST, hidden | {"na": edge})) == [f"Anna {number:02}" for number in range(20, 25)]
    page = client.get(LIST, {"beurt": "mij", "vanaf": "7"}).content.decode()
    assert "beurt=mij" in re.search(r'rel="next" href="([^"]+)"', page)[1]


def test_without_what_was_typed_the_filters_make_an_address(client_of, sender):
    answer = client_of(sender).post(LIST, {"zoek": "", "beurt": "te-laat", "vanaf": "6", "fase": "diagnose"})
    assert answer["Location"] == "/mantelzorgers/?fase=diagnose&beurt=te-laat&vanaf=6"


def test_the_other_filters_come_when_they_are_asked_for(client_of, sender):
    client = client_of(sender)
    assert 'name="beurt"' not in client.get(LIST).content.decode()
    assert 'name="beurt"' in client.get(LIST, {"meer": "ja"}).content.decode()
    assert 'name="beurt"' in client.get(LIST, {"vanaf": "7"}).content.decode()
    piece = client.get(LIST, {"meer": "ja"}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="filters").content.decode()
    assert 'name="beurt"' in piece
    assert "<table" not in piece


@pytest.mark.parametrize("asked", [{"fase": "\x00"}, {"vanaf": "elf"}, {"beurt": "' or 1=1"}, {"fase": "x" * 500}])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_odd_filter_is_not_asked_or_said(client_of, sender, asked, method):
    make_caregiver(sender, "Anna")
    assert getattr(client_of(sender), method)(LIST, asked).status_code == 200


def test_the_names_of_the_filters_are_logged(client_of, sender, looks):
    make_need(make_caregiver(sender, "Anna"), sender)
    client_of(sender).post(LIST, {"zoek": "ann", "contact": "petra", "beurt": "mij"})
    assert looks(sender, event="search").get().filters == ["zoek", "contact", "beurt"]


def test_filters_take_as_many_queries_for_one_as_for_fifty(client_of, sender, counted):
    client, address = client_of(sender), f"{LIST}?beurt=mij&vanaf=1"

    def make(number: int) -> None:
        caregiver = make_caregiver(sender, f"Naam {number:02}")
        actions.set_burden(caregiver=caregiver, by=sender, burden=5)
        make_need(caregiver, sender)

    make(0)
    one = counted(client, address)
    for number in range(1, 50):
        make(number)
    assert counted(client, address) == one == 7  # the six of the list, and the phases to choose from


# The log ------------------------------------------------------------------------------------------------------------


def test_everyone_on_the_page_is_logged_with_the_names_of_the_filters(client_of, sender, looks):
    seen = {make_caregiver(sender, "Anna de Boer").pk, make_caregiver(sender, "Annie Bos").pk}
    make_caregiver(sender, "Piet Jansen")
    client_of(sender).post(LIST, {"zoek": "ann", "volgorde": "zwaarte", "van": "mij"})
    rows = looks(sender, event="search", action="R")
    assert {row.subject_id for row in rows} == seen
    assert {tuple(row.filters) for row in rows} == {("zoek", "volgorde", "van")}
    assert {row.hit_count for row in rows} == {2}


def test_a_search_that_finds_nobody_is_logged_without_what_was_typed(client_of, sender, looks):
    client_of(sender).post(LIST, {"zoek": "onvindbaar"})
    row = looks(sender, event="search").get()
    assert (row.hit_count, row.subject_id, row.filters) == (0, None, ["zoek"])


# Empty --------------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_to_do(client_of, sender):
    page = client_of(sender).get(LIST)
    assert "Nog geen mantelzorgers" in words(page)
    assert reverse("caregiver_new") in page.content.decode()


# Speed --------------------------------------------------------------------------------------------------------------


def test_the_list_takes_six_queries_for_one_and_for_fifty(client_of, sender, counted):
    # session, user, memberships with organisation and profession, who is asking, the rows with what they ask, the log
    client = client_of(sender)
    make_need(make_caregiver(sender, "Naam 00"), sender)
    one = counted(client, LIST)
    for number in range(1, 50):
        caregiver = make_caregiver(sender, f"Naam {number:02}")
        make_need(caregiver, sender)
        make_need(caregiver, sender, kind="logeerzorg")
    assert one == 6
    assert counted(client, LIST) == 6
    edge = Caregiver.objects.get(name="Naam 19").pk
    assert counted(client, f"{LIST}?na={edge}") == 7  # and what the row at the edge sorts by


def test_a_page_of_twenty_rows_is_at_most_fifteen_kilobytes(client_of, sender, colleague, receiver, steunpunt):
    service = make_service(steunpunt)
    for number in range(21):
        caregiver = make_caregiver(sender, f"Wilhelmina van der Voorbeeld-Fictief {number:02}")
        actions.set_burden(caregiver=caregiver, by=colleague, burden=number % 11)
        if number % 2:
            make_referral("accepted", sender=sender, receiver=receiver, service=service, caregiver=caregiver)
        else:
            make_need(caregiver, colleague)
    page = client_of(sender).get(LIST).content
    assert len(page) <= 15_000


def test_the_list_never_counts_and_never_skips(client_of, sender, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_caregiver(sender, "Anna de Boer")
    with CaptureQueriesContext(connection) as queries:
        client_of(sender).get(LIST)
        client_of(sender).post(LIST, {"zoek": "anna"})
    said = " ".join(query["sql"].upper() for query in queries)
    assert "OFFSET" not in said
    assert "COUNT(" not in said


def test_what_a_name_begins_with_is_compared_and_not_matched():
    """LIKE reads every caregiver of the organisation under row-level security; comparing finds them by the index."""
    said = "".join(str(Caregiver.objects.named(text).query) for text in ("anna", "0655501", "1506", "1506 AB"))
    assert "LIKE" not in said.upper()

"""What there is near somebody: of a profession, a phase or a form of support, in one question to the database."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from knowledge.models import Phase, Profession, SupportKind
from sociale_kaart import actions
from sociale_kaart.models import Contact, Service
from sociale_kaart.search import SearchQuery
from tests.factories import make_organisation, make_service

HERE, THERE = ["GM0479"], ["GM0014"]


def titles(near) -> list[str]:
    return [row["title"] for row in near.rows]


def profession(slug: str = "mantelzorgconsulent") -> Profession:
    return Profession.objects.get(pk=slug)


def found(slug: str, codes=HERE) -> list[str]:
    return titles(Service.objects.of_profession(profession(slug)).near(codes))


def test_with_room_comes_before_full_and_the_newest_check_first(steunpunt):
    today = timezone.localdate()
    make_service(steunpunt, "Vol", capacity="vol", capacity_on=today)
    make_service(steunpunt, "Ouder", checked_on=today - datetime.timedelta(days=9), capacity="plek", capacity_on=today)
    make_service(steunpunt, "Nieuwer", capacity="wachtlijst", wait_weeks=3, capacity_on=today)
    near = SupportKind.objects.get(pk="gesprek-mantelzorgconsulent").services.near(HERE)
    assert titles(near) == ["Nieuwer", "Ouder", "Vol"]
    assert [row["room"] for row in near.rows] == ["Wachtlijst, 3 weken", "Er is plek", "Vol"]


def test_only_what_is_published_and_here(steunpunt):
    make_service(steunpunt, "Hier")
    make_service(steunpunt, "Daar", municipalities=THERE, home_municipality_id="GM0014")
    make_service(steunpunt, "Concept", status="draft")
    make_service(steunpunt, "Rust", status="paused")
    kind = SupportKind.objects.get(pk="gesprek-mantelzorgconsulent")
    assert titles(kind.services.near(HERE)) == ["Hier"]
    assert titles(kind.services.near(THERE)) == ["Daar"]
    assert sorted(titles(kind.services.near(HERE + THERE))) == ["Daar", "Hier"]
    assert titles(kind.services.near(["GM0439"])) == []


def test_nowhere_asks_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert titles(Phase.objects.model(pk="diagnose").services.near([])) == []


def test_a_row_is_ready_to_print(steunpunt, django_assert_num_queries):
    day = datetime.date(2026, 1, 5)
    make_service(
        steunpunt,
        "Kortdurend verblijf",
        everyday_name="Logeerhuis",
        phases=["diagnose"],
        checked_on=day,
        next_check_on=day + datetime.timedelta(days=30),
    )
    phase = Phase.objects.get(pk="diagnose")
    with django_assert_num_queries(1):
        near = phase.services.near(HERE)
    assert near.rows == [
        {
            "slug": "kortdurend-verblijf",
            "url": "/sociale-kaart/aanbod/kortdurend-verblijf/",
            "title": "Logeerhuis",
            "by": "Kortdurend verblijf · Steunpunt Mantelzorg Zaanstad",
            "summary": "Iemand luistert en denkt mee.",
            "room": "",
            "colour": "",
            "note": "",
            "stale": "Lang niet nagekeken: 5 januari 2026",
        }
    ]
    assert not near.has_more


def test_it_stops_and_says_that_there_is_more(steunpunt, django_assert_num_queries):
    for number in range(8):
        make_service(steunpunt, f"Aanbod {number}", phases=["diagnose"])
    phase = Phase.objects.get(pk="diagnose")
    with django_assert_num_queries(1):
        near = phase.services.near(HERE)
    assert (len(near.rows), near.has_more) == (6, True)
    assert not phase.services.near(HERE, size=8).has_more


# Of a profession ------------------------------------------------------------------------------------------------------


def test_what_names_it_comes_first_then_what_names_nobody_and_is_its_kind(steunpunt):
    make_service(steunpunt, "Van die soort")
    make_service(steunpunt, "Andere soort", kinds=["logeerzorg"])
    named = make_service(steunpunt, "Noemt haar", kinds=["logeerzorg"], checked_on=datetime.date(2026, 1, 5))
    named.professions.set(["mantelzorgconsulent", "huisarts"])
    other = make_service(steunpunt, "Noemt een ander")
    other.professions.set(["huisarts"])
    assert found("mantelzorgconsulent") == ["Noemt haar", "Van die soort"]
    assert "Noemt een ander" in found("huisarts")
    assert found("ergotherapeut") == []


def test_a_profession_that_is_retired_is_named_no_more(steunpunt):
    service = make_service(steunpunt, "Noemde een ander")
    service.professions.set(["huisarts"])
    assert found("mantelzorgconsulent") == []
    Profession.objects.filter(pk="huisarts").update(retired=True)
    assert found("mantelzorgconsulent") == ["Noemde een ander"]


@pytest.mark.parametrize(
    ("named", "asked"),
    [("mantelzorgconsulent", "mantelzorgregisseur"), ("mantelzorgregisseur", "mantelzorgconsulent")],
)
def test_the_same_work_under_another_name_is_the_same(steunpunt, named, asked):
    make_service(steunpunt, "Gesprek", kinds=["logeerzorg"]).professions.set([named])
    Contact.objects.create(organisation=steunpunt, title="Balie", phone="075 555 00 01", profession=profession(named))
    assert found(asked) == ["Gesprek"]
    assert len(Contact.objects.of_profession(profession(asked)).near(HERE).rows) == 1
    assert found("poh") == []


# Whom to call ---------------------------------------------------------------------------------------------------------


def contact(organisation, **fields) -> Contact:
    fields = {"title": "Balie", "phone": "075 555 00 01", "profession": profession()} | fields
    return Contact.objects.create(organisation=organisation, **fields)


def test_a_contact_is_ready_to_print(steunpunt, django_assert_num_queries):
    contact(steunpunt, name="Jo", title="Consulent", phone="", email="jo@steunpunt.example", availability="Op dinsdag")
    consulent = profession()
    with django_assert_num_queries(1):
        near = consulent.contacts.near(HERE)
    assert near.rows == [
        {
            "name": "Jo",
            "title": "Consulent",
            "organisation": "Steunpunt Mantelzorg Zaanstad",
            "url": "/sociale-kaart/organisaties/steunpunt-mantelzorg-zaanstad/",
            "ask_at": "steunpunt-mantelzorg-zaanstad",
            "phone": "075 123 45 67",  # her organisation's
            "phone_link": "0751234567",
            "email": "jo@steunpunt.example",
            "availability": "Op dinsdag",
        }
    ]


def test_only_contacts_of_who_works_here_and_of_what_is_published(steunpunt):
    elsewhere = make_organisation("Elders", municipalities=THERE)
    contact(elsewhere, title="Elders")
    contact(steunpunt, title="Van een concept", service=make_service(steunpunt, "Concept", status="draft"))
    contact(steunpunt, title="Van aanbod", service=make_service(steunpunt, "Aanbod"))
    contact(steunpunt, title="Anders", profession=profession("poh"))
    assert [row["name"] for row in profession().contacts.near(HERE).rows] == ["Van aanbod"]
    assert [row["name"] for row in profession().contacts.near(THERE).rows] == ["Elders"]


def test_whom_to_ask_for_is_where_her_service_is(steunpunt):
    elsewhere = make_organisation("Elders", municipalities=THERE)
    contact(steunpunt, title="Daar", service=make_service(steunpunt, "Daar", municipalities=THERE))
    contact(elsewhere, title="Hier", service=make_service(elsewhere, "Hier", municipalities=HERE))
    assert [row["name"] for row in profession().contacts.near(HERE).rows] == ["Hier"]
    assert [row["name"] for row in profession().contacts.near(THERE).rows] == ["Daar"]


# On the page ----------------------------------------------------------------------------------------------------------

PAGES = ["/beroepen/mantelzorgconsulent/", "/fasen/diagnose/"]


@pytest.mark.parametrize("address", PAGES)
def test_the_page_shows_what_is_in_the_municipalities_of_the_reader(steunpunt, sender, outsider, client_of, address):
    make_service(steunpunt, "Even praten", phases=["diagnose"])
    contact(steunpunt, name="<i>Jo</i>")
    mine, theirs = client_of(sender).get(address).text, client_of(outsider).get(address).text
    assert "Even praten" in mine
    assert "<i>Jo" not in mine
    assert "Even praten" not in theirs
    assert "Geen aanbod gevonden" in theirs
    assert "staat hier nu niets voor in Groningen." in theirs


def test_a_sheet_leads_to_everybody_of_the_municipality(sender, pom, client_of):
    assert 'href="/wie-is-wie/zaanstad/"' in client_of(sender).get("/beroepen/poh/").text
    assert 'href="/wie-is-wie/"' in client_of(pom).get("/beroepen/poh/").text  # in two municipalities
    assert "/wie-is-wie/" not in client_of(sender).get("/fasen/diagnose/").text


def test_of_many_municipalities_the_names_are_no_help(steunpunt, client_of, receiver):
    steunpunt.municipalities.set(["GM0479", "GM0439", "GM0363"])
    assert "in Amsterdam, Purmerend en Zaanstad</span>" in client_of(receiver).get("/fasen/diagnose/").text
    steunpunt.municipalities.add("GM0014")
    assert "in je werkgebied</span>" in client_of(receiver).get("/fasen/diagnose/").text


def test_an_empty_answer_leads_to_the_same_question_elsewhere(outsider, client_of):
    page = client_of(outsider).get("/fasen/diagnose/?gemeente=GM0479").text
    assert 'href="/sociale-kaart/?fase=diagnose">Kijk ook in andere gemeenten</a>' in page


def test_she_can_look_in_another_municipality_and_keeps_for_whom(pom, steunpunt, client_of):
    make_service(
        steunpunt, "Even praten", municipalities=["GM0439"], home_municipality_id="GM0439", phases=["diagnose"]
    )
    make_service(steunpunt, "In Zaandam", phases=["diagnose"])
    her = "019e0000-0000-7000-8000-000000000001"
    both = client_of(pom).get("/fasen/diagnose/").text
    assert "Even praten" in both
    assert "In Zaandam" in both
    page = client_of(pom).get(f"/fasen/diagnose/?gemeente=GM0439&voor={her}").text
    assert '<option value="GM0439" selected>Purmerend</option>' in page
    assert f'<input type="hidden" name="voor" value="{her}">' in page
    assert "Even praten" in page
    assert "In Zaandam" not in page


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("code", ["GM9999", "zaanstad", "%00", "GM0479' OR 1=1", ""])
def test_a_municipality_that_is_none_counts_as_not_chosen(steunpunt, sender, client_of, address, code):
    make_service(steunpunt, "Even praten", phases=["diagnose"])
    response = client_of(sender).get(f"{address}?gemeente={code}")
    assert response.status_code == 200
    assert "Even praten" in response.text


def test_who_works_for_nobody_is_told_where_to_look(functional_admin, client_of):
    page = client_of(functional_admin).get("/beroepen/poh/").text
    assert "Waar zoek je?" in page


@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_the_same_for_one_and_for_fifty_near(steunpunt, sender, client_of, address):
    def make(number):
        service = make_service(steunpunt, f"Aanbod {number}", phases=["diagnose"])
        service.professions.set(["mantelzorgconsulent"])
        contact(steunpunt, title=f"Balie {number}")

    browser = client_of(sender)
    make(0)
    with CaptureQueriesContext(connection) as one:
        few = browser.get(address)
    for number in range(1, 50):
        make(number)
    with CaptureQueriesContext(connection) as fifty:
        many = browser.get(address)
    assert len(one) == len(fifty)  # three are about near: the municipalities of the reader, the services, the contacts
    assert len(many.content) - len(few.content) < 6_000


def test_searching_on_finds_by_whom_one_meets_there(steunpunt):
    make_service(steunpunt, "Open huis", kinds=["logeerzorg"]).professions.set(["verpleeghuisteam"])
    make_service(steunpunt, "Ander huis", kinds=["logeerzorg"])
    actions.refresh_search()
    hits = Service.objects.search(SearchQuery(text=profession("verpleeghuisteam").asked_as["q"])).hits
    assert [hit.title for hit in hits] == ["Open huis"]

"""A service and an organisation in plain words; what is not published is not there."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sociale_kaart import plain_words
from sociale_kaart.models import Contact, Location, Service
from tests.factories import make_organisation, make_service

TODAY = datetime.date(2026, 11, 22)


def page_of(service) -> str:
    return f"/sociale-kaart/aanbod/{service.slug}/"


@pytest.fixture
def service(steunpunt):
    service = make_service(
        steunpunt,
        "Kortdurend verblijf",
        everyday_name="Logeerhuis",
        for_whom="Voor mantelzorgers die even moeten slapen.",
        description="Eerste regel\nTweede regel",
        kinds=["logeerzorg"],
        phases=["diagnose"],
        access="indicatie",
        access_note="Het wijkteam helpt je daarbij.",
        call_within_days=3,
        cost_kind="eigen-bijdrage",
        cost_note="21 euro per maand.",
        capacity="wachtlijst",
        wait_weeks=2,
        capacity_on=datetime.date(2026, 11, 3),
        usual_answer_days=2,
        phone="075 555 01 23",
        website="https://www.logeerhuis.example/aanmelden",
    )
    service.target_groups.set(["partners"])
    service.languages.set(["nl", "tr"])
    return service


@pytest.mark.parametrize(
    "words",
    [
        "Logeerhuis",
        "bij hen heet het “Kortdurend verblijf”",
        "Voor mantelzorgers die even moeten slapen.",
        "Met een indicatie. Het wijkteam helpt je daarbij.",
        "Steunpunt Mantelzorg Zaanstad belt de mantelzorger, binnen 3 werkdagen.",
        "Wettelijke eigen bijdrage. 21 euro per maand.",
        "Er is een wachtlijst van ongeveer 2 weken. Stand van 3 november 2026.",
        "Meestal binnen 2 werkdagen.",
        "Nederlands, Turks",
        "Zaanstad",
        "Partners",
        'href="tel:0755550123"',
        ">logeerhuis.example</a>",
        'href="/fasen/diagnose/"',
        'href="/ondersteuning/logeerzorg/"',
        "Nagekeken op",
    ],
)
def test_a_service_says_in_plain_words_what_a_referrer_asks(service, client_of, sender, words):
    assert words in client_of(sender).get(page_of(service)).text


@pytest.mark.parametrize(
    ("kind", "note", "said"),
    [
        ("gratis", "", "Gratis."),
        ("gratis", "Gratis, ook kopieën.", "Gratis, ook kopieën."),
        ("eigen-bijdrage", "21 euro per maand.", "Wettelijke eigen bijdrage. 21 euro per maand."),
    ],
)
def test_what_it_costs_is_not_said_twice(kind, note, said):
    assert plain_words.costs(Service(cost_kind=kind, cost_note=note)) == said


@pytest.mark.parametrize(
    ("caller", "days", "sentence"),
    [
        ("ontvanger", None, "Steunpunt Mantelzorg Zaanstad belt de mantelzorger."),
        ("ontvanger", 1, "Steunpunt Mantelzorg Zaanstad belt de mantelzorger, binnen 1 werkdag."),
        ("mantelzorger", 2, "De mantelzorger belt zelf. Zij krijgt binnen 2 werkdagen antwoord."),
        ("verwijzer", None, "Jij belt Steunpunt Mantelzorg Zaanstad."),
    ],
)
def test_it_says_who_calls_whom(service, client_of, sender, caller, days, sentence):
    Service.objects.filter(pk=service.pk).update(caller=caller, call_within_days=days)
    assert sentence in client_of(sender).get(page_of(service)).text


def test_a_stale_service_says_so_and_a_fresh_one_does_not(service, client_of, sender):
    assert "Lang niet nagekeken" not in client_of(sender).get(page_of(service)).text
    Service.objects.update(checked_on=datetime.date(2026, 1, 5), next_check_on=datetime.date(2026, 7, 4))
    response = client_of(sender).get(page_of(service))
    assert "Lang niet nagekeken" in response.text
    assert "Nagekeken op 5 januari 2026" in response.text


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_is_not_published_is_not_there_except_for_who_maintains_it(
    service, client_of, sender, receiver, consulent, functional_admin, status
):
    Service.objects.update(status=status)
    for stranger in (sender, receiver):
        assert client_of(stranger).get(page_of(service)).status_code == 404
        assert client_of(stranger).post(f"{page_of(service)}klopt-nog/").status_code == 404
    for maintainer in (consulent, functional_admin):
        response = client_of(maintainer).get(page_of(service))
        assert response.status_code == 200
        assert "Verwijs hiernaartoe" not in response.text


def test_a_paused_service_stays_visible_but_nobody_is_referred_to_it(service, client_of, sender):
    Service.objects.update(status="paused")
    response = client_of(sender).get(page_of(service))
    assert "Dit aanbod is er nu even niet" in response.text
    assert "Verwijs hiernaartoe" not in response.text


def test_who_works_with_caregivers_can_refer_from_here(service, client_of, sender, beheerder):
    link = f'href="/mantelzorgers/nieuw/?aanbod={service.slug}"'
    assert link in client_of(sender).get(page_of(service)).text
    assert link not in client_of(beheerder).get(page_of(service)).text


def test_without_a_dossier_the_page_says_what_that_means_and_how_to_phone(ggz_team, client_of, sender):
    pom = make_service(ggz_team, "POM-gesprek", zonder_dossier=True, phone="026 555 01 11", call_within_days=3)
    text = client_of(sender).get(page_of(pom)).text
    assert "legt geen dossier aan" in text
    assert "Bel Team Preventie GGZ Kennemerland op 026 555 01 11." in text
    assert "Verwijs hiernaartoe" in text


def test_an_organisation_without_the_portal_is_phoned_too(client_of, sender):
    service = make_service(make_organisation("Klusdienst", uses_portal=False, phone="075 555 00 00"), "Klusser")
    text = client_of(sender).get(page_of(service)).text
    assert "Bel Klusdienst op 075 555 00 00" in text
    assert "Verwijs hiernaartoe" in text


def test_contacts_of_the_service_come_before_those_of_the_organisation(service, steunpunt, client_of, sender):
    Contact.objects.create(organisation=steunpunt, title="Balie", phone="075 555 00 01")
    assert "Balie" in client_of(sender).get(page_of(service)).text
    Contact.objects.create(organisation=steunpunt, service=service, title="Planner", phone="075 555 00 02")
    text = client_of(sender).get(page_of(service)).text
    assert "Planner" in text
    assert "Balie" not in text


def test_still_right_is_one_click_for_who_maintains_it(service, client_of, consulent, sender):
    Service.objects.update(checked_on=datetime.date(2026, 1, 5), next_check_on=datetime.date(2026, 7, 4))
    assert "Klopt nog" in client_of(consulent).get(page_of(service)).text
    assert "Klopt nog</button>" not in client_of(sender).get(page_of(service)).text
    assert client_of(sender).post(f"{page_of(service)}klopt-nog/").status_code == 403
    response = client_of(consulent).post(f"{page_of(service)}klopt-nog/", follow=True)
    assert "staat weer als nagekeken" in response.text
    service.refresh_from_db()
    assert (service.is_stale(), service.checked_by) == (False, consulent)


def test_the_page_of_a_service_costs_the_same_however_much_it_is_linked_to(service, client_of, sender):
    browser = client_of(sender)
    with CaptureQueriesContext(connection) as few:
        browser.get(page_of(service))
    service.municipalities.set(["GM0479", "GM0439", "GM0363"])
    service.languages.set(["nl", "tr", "ar", "en"])
    service.phases.set(["diagnose", "niet-pluis", "verpleeghuis"])
    for number in range(5):
        Contact.objects.create(organisation=service.organisation, title=f"Balie {number}", phone="075 555 00 01")
        service.locations.add(
            Location.objects.create(organisation=service.organisation, street=f"Dam {number}", place="Zaandam")
        )
    with CaptureQueriesContext(connection) as many:
        browser.get(page_of(service))
    assert len(many) == len(few)


def test_an_organisation_shows_what_it_offers_and_nothing_unpublished(service, steunpunt, client_of, sender):
    make_service(steunpunt, "Idee", status="draft")
    response = client_of(sender).get("/sociale-kaart/organisaties/steunpunt-mantelzorg-zaanstad/")
    assert "Logeerhuis" in response.text
    assert "Idee" not in response.text
    assert "Deze organisatie werkt met dit portaal" in response.text
    assert client_of(sender).get("/sociale-kaart/organisaties/bestaat-niet/").status_code == 404


def test_the_page_of_an_organisation_costs_the_same_for_one_service_and_for_fifty(
    service, steunpunt, client_of, sender
):
    browser, address = client_of(sender), f"/sociale-kaart/organisaties/{steunpunt.slug}/"
    with CaptureQueriesContext(connection) as one:
        browser.get(address)
    for number in range(49):
        make_service(steunpunt, f"Maatje {number}")
    with CaptureQueriesContext(connection) as fifty:
        browser.get(address)
    assert len(fifty) == len(one)


def test_a_contact_is_called_with_one_touch(service, steunpunt, client_of, sender):
    Contact.objects.create(organisation=steunpunt, title="Balie", phone="075 555 00 01")
    for address in (page_of(service), f"/sociale-kaart/organisaties/{steunpunt.slug}/"):
        assert '<a href="tel:0755550001">075 555 00 01</a>' in client_of(sender).get(address).text


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("http://testserver/sociale-kaart/?q=logeren&soort=x", "/sociale-kaart/?q=logeren&amp;soort=x"),
        ("http://testserver/sociale-kaart/?q=%22%3E%3Cscript%3E", "/sociale-kaart/?q=%22%3E%3Cscript%3E"),
        ("http://elders.example/sociale-kaart/?q=logeren", "/sociale-kaart/"),
        ("http://testserver/vandaag/?q=logeren", "/sociale-kaart/"),
        ("http://[", "/sociale-kaart/"),
        ("", "/sociale-kaart/"),
    ],
)
def test_the_way_back_keeps_the_question_that_led_here(service, client_of, sender, came_from, back):
    page = client_of(sender).get(page_of(service), headers={"referer": came_from}).text
    assert f'<a class="back-link" href="{back}"' in page

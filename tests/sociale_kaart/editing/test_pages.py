"""The pages of who keeps the sociale kaart: adding on one page, changing everything, and what they cost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from mantelzorg.ids import uuid7
from sociale_kaart import actions
from sociale_kaart.editing import places, putting_back
from sociale_kaart.models import Change, Contact, Location, Municipality, Organisation, Schedule, Service
from tests.factories import fresh, make_appointment, make_organisation, make_service, municipality

KEEP = "/sociale-kaart/beheer/"
NEW = f"{KEEP}nieuw-aanbod/"
LEAST = {
    "organisation": "Buurthulp Zaan",
    "organisation_kind": "welzijn",
    "name": "Maatje aan huis",
    "summary": "Iemand komt langs.",
    "kinds": ["vrijwilliger-aan-huis"],
    "places": ["GM0479"],
    "access": "zonder",
    "caller": "ontvanger",
    "cost_kind": "onbekend",
    "doe": "publiceer",
}


def page_of(service) -> str:
    return f"{KEEP}aanbod/{service.slug}/"


def typed(browser, url: str) -> dict:
    """What a browser would send when nobody touched the form."""
    form = browser.get(url).context["form"]
    found: dict = {}
    for field in form:
        value = field.value()
        if isinstance(value, bool):
            if value:
                found[field.name] = "on"
        elif isinstance(value, list | tuple):
            found[field.name] = list(value)
        elif value is not None:
            found[field.name] = field.field.prepare_value(value)
    return found


def queries(browser, url: str) -> int:
    """Session, who she is, her membership, her appointments, what she may see, and what the page is about."""
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return len(seen)


# Adding -------------------------------------------------------------------------------------------------------------


def test_a_service_is_added_on_one_page_with_its_organisation_and_is_found_at_once(client_of, consulent):
    browser = client_of(consulent)
    answer = browser.post(NEW, LEAST | {"form_key": str(uuid7())})
    assert answer.status_code == 302, answer.context["form"].errors
    service = Service.objects.get()
    assert (service.status, service.home_municipality_id, service.organisation.name) == (
        "published",
        "GM0479",
        "Buurthulp Zaan",
    )
    assert list(service.organisation.municipalities.values_list("pk", flat=True)) == ["GM0479"]
    assert "Maatje aan huis" in browser.get("/sociale-kaart/?q=maatje").content.decode()


def test_pressed_twice_it_is_there_once(client_of, consulent):
    key = {"form_key": str(uuid7())}
    for _ in range(2):
        assert client_of(consulent).post(NEW, LEAST | key).status_code == 302
    assert (Service.objects.count(), Organisation.objects.filter(name="Buurthulp Zaan").count()) == (1, 1)


def test_an_organisation_that_is_there_is_not_made_again(client_of, consulent):
    there = make_organisation("Buurthulp Zaan")
    assert client_of(consulent).post(NEW, LEAST | {"organisation": "buurthulp zaan"}).status_code == 302
    assert Service.objects.get().organisation == there


def test_one_that_looks_like_it_is_asked_about_first_and_nothing_typed_is_lost(client_of, consulent):
    there = make_organisation("Stichting Buurthulp Zaanstreek")
    browser = client_of(consulent)
    answer = browser.post(NEW, LEAST)
    assert answer.status_code == 200
    assert "Stichting Buurthulp Zaanstreek" in answer.content.decode()
    assert "Iemand komt langs." in answer.content.decode()
    assert browser.post(NEW, LEAST | {"which": str(there.pk)}).status_code == 302
    assert Service.objects.get().organisation == there


@pytest.mark.parametrize("rubbish", ["\x00", "x" * 500, "☃", "'; --"])
def test_rubbish_is_asked_about_and_breaks_nothing(client_of, consulent, rubbish):
    browser = client_of(consulent)
    for name in ("organisation", "name", "elsewhere", "open_mo", "website", "phone", "capacity_on", "wait_weeks"):
        assert browser.post(NEW, LEAST | {"which": "nieuw", name: rubbish, "doe": "x"}).status_code in (200, 302), name
    assert browser.get(KEEP, {"q": rubbish, "status": rubbish, "na": rubbish}).status_code == 200
    assert browser.get(NEW, {"organisatie": rubbish}).status_code == 200


def test_a_draft_needs_less_and_the_card_more(client_of, consulent):
    browser = client_of(consulent)
    little = {name: value for name, value in LEAST.items() if name not in ("summary", "kinds")}
    answer = browser.post(NEW, little)
    assert {"summary", "kinds"} <= set(answer.context["form"].errors)
    assert not Service.objects.exists()
    page = answer.content.decode()
    assert all(f'id="{target}"' in page for target in re.findall(r'<li><a href="#([a-z_0-9]+)"', page))
    assert browser.post(NEW, little | {"doe": "concept"}).status_code == 302
    assert Service.objects.get().status == "draft"


def test_only_where_she_keeps_the_card_can_something_be_added(client_of, consulent):
    browser = client_of(consulent)
    elsewhere = {name: value for name, value in LEAST.items() if name != "places"} | {"elsewhere": "Purmerend"}
    answer = browser.post(NEW, elsewhere)
    assert "Kies minstens één gemeente waarvan jij" in answer.content.decode()
    assert not Service.objects.exists()


def test_municipalities_are_typed_by_name_place_and_province(client_of, functional_admin):
    browser = client_of(functional_admin)
    said = {name: value for name, value in LEAST.items() if name != "places"}
    answer = browser.post(NEW, said | {"elsewhere": "Zaandam, Pumerend"})
    assert "“Pumerend” kennen we niet" in answer.content.decode()
    assert browser.post(NEW, said | {"elsewhere": "Zaandam, Purmerend\nFlevoland"}).status_code == 302
    codes = set(Service.objects.get().municipalities.values_list("pk", flat=True))
    assert {"GM0479", "GM0439", "GM0034"} <= codes


# Changing -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt, "Luisterend oor", phone="0755550123", capacity="plek", capacity_on="2026-11-01")


def test_saving_without_touching_anything_changes_nothing(client_of, consulent, service):
    browser = client_of(consulent)
    before = Service.objects.values().get(pk=service.pk)
    answer = browser.post(page_of(service), typed(browser, page_of(service)))
    assert answer.status_code == 302, answer.context["form"].errors
    assert Service.objects.values().get(pk=service.pk) == before
    assert not Change.objects.exists()


def test_everything_can_be_changed_in_one_form(client_of, consulent, service):
    place = Location.objects.create(organisation=service.organisation, street="Dam 1", place="Zaandam")
    browser = client_of(consulent)
    said = {
        "everyday_name": "Praathuis",
        "summary": "Praat met iemand.",
        "for_whom": "Voor iedereen.",
        "kinds": ["logeerzorg"],
        "elsewhere": "Purmerend",
        "access": "verwijzing",
        "access_note": "Van je huisarts.",
        "caller": "mantelzorger",
        "call_within_days": "3",
        "zonder_dossier": "on",
        "capacity": "wachtlijst",
        "wait_weeks": "6",
        "cost_kind": "gratis",
        "website": "www.steunpunt.nl",
        "locations": [str(place.pk)],
        "open_mo": "9-12, 13.30-17",
        "open_words": "op afspraak",
        "home_municipality": "GM0479",
        "check_interval_days": "90",
    }
    answer = browser.post(page_of(service), typed(browser, page_of(service)) | said)
    assert answer.status_code == 302, answer.context["form"].errors
    service.refresh_from_db()
    assert (service.title, service.caller, service.call_within_days, service.zonder_dossier) == (
        "Praathuis",
        "mantelzorger",
        3,
        True,
    )
    assert (service.capacity, service.wait_weeks, service.website) == ("wachtlijst", 6, "https://www.steunpunt.nl")
    assert service.capacity_on is not None
    assert (service.next_check_on - service.checked_on).days == 90
    assert {place.pk for place in service.municipalities.all()} == {"GM0439", "GM0479"}
    assert list(service.locations.all()) == [place]
    assert Schedule.objects.filter(service=service).count() == 3
    page = browser.get(f"/sociale-kaart/aanbod/{service.slug}/").content.decode()
    assert "maandag 9 tot 12 en 13.30 tot 17 uur" in page
    assert browser.get(page_of(service)).context["form"]["open_mo"].value() == "9-12, 13.30-17"


def test_what_the_card_cannot_do_without_is_said_at_its_field(client_of, consulent, service):
    browser = client_of(consulent)
    said = typed(browser, page_of(service)) | {"kinds": [], "open_mo": "de hele dag", "summary": ""}
    form = browser.post(page_of(service), said).context["form"]
    assert set(form.errors) == {"summary", "open_mo", "kinds"}
    form = browser.post(page_of(service), typed(browser, page_of(service)) | {"kinds": []}).context["form"]
    assert form.errors["kinds"] == ["Kies minstens één soort steun."]


def test_she_cannot_give_away_her_last_municipality(client_of, consulent, service):
    browser = client_of(consulent)
    said = typed(browser, page_of(service)) | {"places": [], "elsewhere": "Purmerend"}
    answer = browser.post(page_of(service), said)
    assert answer.status_code == 200
    assert "waarvan jij de sociale kaart bijhoudt" in answer.content.decode()


def test_a_contact_person_comes_changes_and_goes(client_of, consulent, service):
    browser = client_of(consulent)
    answer = browser.post(f"{page_of(service)}contacten/nieuw/", {"name": "Sanne", "phone": "075 555 0123"})
    contact = Contact.objects.get()
    assert answer.url == page_of(service)
    url = f"{KEEP}contacten/{contact.pk}/"
    assert browser.post(url, typed(browser, url) | {"title": "Planner"}).status_code == 302
    assert "Sanne weghalen?" in browser.get(f"{url}weghalen/").content.decode()
    browser.post(f"{url}weghalen/")
    assert not Contact.objects.exists()
    assert [change.has_names for change in Change.objects.all()] == [True] * 3


def test_a_location_needs_an_address_unless_it_is_none(client_of, consulent, zaanstad):
    organisation = make_organisation("Buurthulp", municipalities=["GM0479"])
    browser, url = client_of(consulent), f"{KEEP}organisaties/{organisation.slug}/locaties/nieuw/"
    assert set(browser.post(url, {"kind": "physical"}).context["form"].errors) == {"street", "place"}
    assert browser.post(url, {"kind": "virtual", "name": "Online"}).status_code == 302
    place = Location.objects.get()
    url = f"{KEEP}locaties/{place.pk}/"
    assert browser.post(url, typed(browser, url) | {"transport": "Via de link."}).status_code == 302


# Organisations ------------------------------------------------------------------------------------------------------


def test_a_consulent_mends_a_number_and_renames_only_what_is_all_hers(client_of, consulent, zaanstad):
    browser = client_of(consulent)
    hers = make_organisation("Buurthulp", municipalities=["GM0479"], uses_portal=False)
    shared = make_organisation("Streekhulp", municipalities=["GM0479", "GM0439"], uses_portal=False)
    for organisation, may in ((hers, True), (shared, False)):
        url = f"{KEEP}organisaties/{organisation.slug}/"
        said = typed(browser, url)
        assert ("name" in said) is may
        answer = browser.post(url, said | {"phone": "075 555 0199", "name": "Nieuwe naam"})
        assert answer.status_code == 302, answer.context["form"].errors
        organisation.refresh_from_db()
        assert (organisation.phone, organisation.name == "Nieuwe naam") == ("075 555 0199", may)
    assert {place.pk for place in shared.municipalities.all()} == {"GM0479", "GM0439"}
    elsewhere = make_organisation("Verweg", municipalities=["GM0363"])
    assert browser.get(f"{KEEP}organisaties/{elsewhere.slug}/").status_code == 404


def test_a_new_organisation_works_where_she_keeps_the_card(client_of, consulent):
    browser, url = client_of(consulent), f"{KEEP}nieuwe-organisatie/"
    said = {"name": "Buurthulp", "kind": "welzijn"}
    assert "places" in browser.post(url, said).context["form"].errors
    assert browser.post(url, said | {"places": ["GM0479"]}).status_code == 302
    assert not Organisation.objects.get(name="Buurthulp").uses_portal


def test_every_municipality_can_be_typed_and_is_read_back(db):
    everywhere = Municipality.objects.order_by("name")
    for place in everywhere:
        assert places.codes_of(places.as_typed([place.pk])) == [place.pk]
    most = sorted(everywhere.values_list("pk", flat=True))[:-1]
    assert places.codes_of(places.as_typed(most)) == most
    assert places.as_typed([*most, everywhere.order_by("pk").last().pk]) == "Heel Nederland"


def test_a_card_of_everywhere_is_saved_again_and_still_says_so(client_of, consulent, service):
    service.municipalities.set(Municipality.objects.all())
    browser, page = client_of(consulent), page_of(service)
    data = typed(browser, page)
    assert data["elsewhere"] == "Heel Nederland"
    assert browser.post(page, data | {"summary": "Anders."}).status_code == 302
    assert service.municipalities.count() == Municipality.objects.count()


@pytest.mark.parametrize("names", ["Zaandam," * 2000, ",".join(f"Plaats {number}" for number in range(500))])
def test_a_long_list_of_places_keeps_nobody_waiting(
    client_of, consulent, service, names, django_assert_max_num_queries
):
    browser, page = client_of(consulent), page_of(service)
    data = typed(browser, page)
    with django_assert_max_num_queries(120):
        answer = browser.post(page, data | {"elsewhere": names})
    assert answer.status_code in (200, 302)


def test_without_a_choice_the_first_municipality_keeps_it_and_nothing_typed_is_lost(client_of, consulent, service):
    browser, page = client_of(consulent), page_of(service)
    data = typed(browser, page)
    assert browser.post(page, data | {"home_municipality": "", "summary": "Nieuw."}).status_code == 302
    service.refresh_from_db()
    assert (service.home_municipality_id, service.summary) == ("GM0479", "Nieuw.")


def test_a_municipality_of_a_colleague_stays_hers(client_of, consulent, colleague, service):
    make_appointment(colleague, Role.CONSULENT, "GM0439")
    service.municipalities.set(["GM0479", "GM0439", "GM0363"])
    Service.objects.filter(pk=service.pk).update(home_municipality="GM0439")
    browser, page = client_of(consulent), page_of(service)
    data = typed(browser, page)
    answer = browser.post(page, data | {"elsewhere": "Amsterdam", "home_municipality": "GM0479"})
    assert "haalt de consulent daar zelf weg" in answer.text
    answer = browser.post(page, data | {"home_municipality": "GM0479"})
    assert "De consulent van Purmerend houdt dit bij." in answer.text
    assert browser.post(page, data | {"elsewhere": "Purmerend"}).status_code == 302  # nobody keeps Amsterdam
    assert {place.pk for place in service.municipalities.all()} == {"GM0479", "GM0439"}


def test_a_draft_gives_no_say_over_an_organisation_elsewhere(client_of, consulent):
    practice = make_organisation(
        "Praktijk Verweg", municipalities=["GM0150"], uses_portal=True, email="a@verweg.example"
    )
    browser, page = client_of(consulent), f"{KEEP}organisaties/{practice.slug}/"
    draft = make_service(practice, "Van haar", municipalities=["GM0479"], status="draft")
    assert browser.get(page).status_code == 404
    Service.objects.filter(pk=draft.pk).update(status="published")
    assert browser.get(page).status_code == 404  # referrals go to its address
    Organisation.objects.filter(pk=practice.pk).update(uses_portal=False)
    assert browser.get(page).status_code == 200


def test_a_location_is_taken_away_when_no_service_names_it_and_put_back(client_of, consulent):
    organisation = make_organisation("Buurthulp", municipalities=["GM0479"])
    place = actions.add_location(organisation=organisation, by=consulent, street="Dam 1", place="Zaandam")
    service = make_service(organisation, "Samen eten", municipalities=["GM0479"])
    service.locations.set([place])
    browser, page = client_of(consulent), f"{KEEP}locaties/{place.pk}/"
    assert f"{page}weghalen/" in browser.get(page).text
    refused = browser.post(f"{page}weghalen/", follow=True)
    assert "Er wordt nog aanbod gegeven op deze locatie." in refused.text
    service.locations.clear()
    assert "Dam 1" in browser.get(f"{page}weghalen/").text
    assert browser.post(f"{page}weghalen/").url == f"{KEEP}organisaties/{organisation.slug}/"
    assert not organisation.locations.exists()
    putting_back.put_back(change=Change.objects.of_organisation(organisation).first(), by=consulent)
    assert organisation.locations.get().street == "Dam 1"


# Status -------------------------------------------------------------------------------------------------------------


def test_each_step_asks_first_and_says_what_it_did(client_of, consulent, service):
    browser = client_of(consulent)
    for step, status in (("pauzeren", "paused"), ("publiceren", "published"), ("stoppen", "archived")):
        url = f"{page_of(service)}stand/{step}/"
        assert browser.get(url).status_code == 200
        service.refresh_from_db()
        assert service.status != status
        assert browser.post(url).url == page_of(service)
        service.refresh_from_db()
        assert service.status == status
    assert browser.get(f"{page_of(service)}stand/pauzeren/").status_code == 302  # not from there
    assert browser.get(f"{page_of(service)}stand/weggooien/").status_code == 404


def test_a_pause_until_yesterday_is_refused_in_the_form(client_of, consulent, service):
    answer = client_of(consulent).post(f"{page_of(service)}stand/pauzeren/", {"until": "2020-01-01"})
    assert "Kies een dag na vandaag." in answer.content.decode()


def test_who_looks_at_what_is_paused_reads_until_when(client_of, consulent, receiver, service):
    client_of(consulent).post(f"{page_of(service)}stand/pauzeren/", {"until": "2099-03-01"})
    assert "Vanaf 1 maart 2099" in client_of(receiver).get(f"/sociale-kaart/aanbod/{service.slug}/").content.decode()


def test_nobody_knows_already_whether_there_is_room_tomorrow(client_of, consulent, service):
    said = typed(client_of(consulent), page_of(service)) | {"capacity": "vol", "capacity_on": "2099-03-01"}
    form = client_of(consulent).post(page_of(service), said).context["form"]
    assert form.errors["capacity_on"] == ["Kies vandaag of een dag daarvoor."]


def test_who_takes_something_down_hears_of_referrals_that_run(client_of, consulent, sender, service):
    from referrals.transitions import State
    from tests.factories import make_referral

    browser, url = client_of(consulent), f"{page_of(service)}stand/stoppen/"
    assert "Er lopen nog verwijzingen" not in browser.get(url).content.decode()
    make_referral(State.SENT, sender=sender, service=service)
    assert "Er lopen nog verwijzingen" in browser.get(url).content.decode()


# Lists --------------------------------------------------------------------------------------------------------------


def test_she_sees_hers_by_name_and_by_status(client_of, consulent, steunpunt):
    make_service(steunpunt, "Logeerhuis")
    make_service(steunpunt, "Oud spul", status="archived")
    make_service(steunpunt, "Verweg", municipalities=["GM0363"], home_municipality_id="GM0363")
    browser = client_of(consulent)
    everything = browser.get(KEEP).content.decode()
    assert "Logeerhuis" in everything
    assert "Oud spul" in everything
    assert "Verweg" not in everything
    assert "Oud spul" not in browser.get(f"{KEEP}?status=published").content.decode()
    assert "Niets gevonden" in browser.get(f"{KEEP}?q=zzz").content.decode()


def test_a_list_costs_the_same_for_one_and_for_fifty(client_of, consulent, steunpunt):
    browser = client_of(consulent)
    make_service(steunpunt, "Eerste")
    before = {url: queries(browser, url) for url in (KEEP, f"{KEEP}organisaties/")}
    for number in range(50):
        organisation = make_organisation(f"Organisatie {number}", municipalities=["GM0479"])
        make_service(organisation, f"Aanbod nummer {number}")
    for url, count in before.items():
        assert queries(browser, url) == count <= 9
        assert len(browser.get(url).content) < 16_000
    assert "Organisatie 9" not in browser.get(KEEP).content.decode() or "na=" in browser.get(KEEP).content.decode()


def test_the_form_costs_the_same_whatever_stands_in_it(client_of, consulent, functional_admin, service):
    browser = client_of(consulent)
    empty = queries(browser, page_of(service))
    for number in range(5):
        Location.objects.create(organisation=service.organisation, street=f"Dam {number}", place="Zaandam")
        actions.add_contact(
            organisation=service.organisation, service=service, by=functional_admin, title="X", phone="1"
        )
    assert queries(browser, page_of(service)) <= empty + 2  # the locations of a service, and their hours and numbers


def test_who_keeps_no_card_finds_nothing_here(client_of, receiver, coordinator, service):
    for person in (receiver, coordinator):
        browser = client_of(person)
        for url in (KEEP, NEW, page_of(service), f"{page_of(service)}geschiedenis/", f"{KEEP}organisaties/"):
            assert browser.get(url).status_code == 404, url
            assert browser.post(url).status_code in (404, 405), url


def test_another_municipality_is_another_consulents(client_of, consulent, service):
    service.municipalities.set(["GM0439"])
    assert client_of(consulent).get(page_of(service)).status_code == 404
    make_appointment(consulent, "consulent", "GM0439")
    assert client_of(fresh(consulent)).get(page_of(service)).status_code == 200


def test_the_new_page_shows_only_the_few_things_first(client_of, consulent):
    page = client_of(consulent).get(NEW).content.decode()
    form = page[page.index('<form method="post" class="form"') :]
    first = form[: form.index("<details")]
    asked = set(re.findall(r'name="([a-z_]+)"', first)) - {"csrfmiddlewaretoken", "form_key", "was", "membership"}
    assert asked == {"organisation", "organisation_kind", "name", "summary", "kinds", "places", "elsewhere", "access"}
    assert municipality("GM0479").name in first

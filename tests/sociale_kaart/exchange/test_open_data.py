"""The open data: off unless switched on, published only, no contact that is not public, as the standard says."""

import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sociale_kaart import actions
from sociale_kaart.exchange.terms import derived
from sociale_kaart.models import Contact, Location, Service
from tests.factories import make_organisation, make_service
from tests.sociale_kaart.exchange import test_hsds as official

API = "/api/hsds/"


@pytest.fixture(autouse=True)
def _open(settings, db):
    settings.OPEN_DATA = True
    cache.clear()


@pytest.fixture
def service(zaanstad, functional_admin):
    full = official.full_service(zaanstad)
    actions.refresh_search(full)
    return full


def ask(client, path: str, status: int = 200, **query):
    response = client.get(API + path, query)
    assert response.status_code == status, response.content
    return response.json()


def test_open_data_is_off_unless_an_installation_opens_it(client, settings):
    settings.OPEN_DATA = False
    for path in ("", "services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"):
        assert client.get(API + path).status_code == 404


def test_it_says_what_it_is(client):
    assert ask(client, "")["version"] == "3.1"


def test_a_service_is_shown_as_the_official_schema_says(client, service):
    whole = ask(client, f"services/{service.pk}")
    assert whole["name"] == "Alles"
    assert "Ria" not in json.dumps(whole)  # she is not public
    assert "075 111 11 11" in json.dumps(whole)  # the desk is
    if official.HSDS:
        assert official.problems("service", whole) == []


def test_every_address_answers_for_what_the_lists_name(client, service):
    for path in ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"):
        page = ask(client, path)
        assert page["total_items"] >= 1
        assert not page["empty"]
        one = page["contents"][0]
        assert not any(isinstance(value, list) for value in one.values())
        assert ask(client, f"{path}/{one['id']}")["id"] == one["id"]
        kind = {"taxonomies": "taxonomy"}.get(path, path.removesuffix("s"))
        if official.HSDS:
            for full in ask(client, path, full="true")["contents"]:
                full.pop("services", None)
                assert official.problems(kind, full) == []


def test_what_is_not_published_is_not_there(client, service, functional_admin):
    actions.pause_service(service=service, by=functional_admin)
    for path in ("services", "organizations", "service_at_locations"):
        assert ask(client, path)["empty"]
    assert ask(client, f"services/{service.pk}", status=404)
    assert ask(client, f"organizations/{service.organisation_id}", status=404)


def test_an_organisation_lists_its_published_services(client, service):
    make_service(service.organisation, "Concept", municipalities=["GM0479"], status="draft")
    whole = ask(client, f"organizations/{service.organisation_id}")
    assert [one["name"] for one in whole["services"]] == ["Alles"]
    assert "Ria" not in json.dumps(ask(client, f"organizations/{service.organisation_id}", full_service="true"))


def names(client, **query) -> list[str]:
    return sorted(one["name"] for one in ask(client, "services", **query)["contents"])


def test_services_are_found_by_the_questions_of_the_standard(client, service):
    other = make_service(make_organisation("Ander"), "Anders", kinds=["logeerzorg"], municipalities=["GM0439"])
    actions.refresh_search()
    assert names(client) == ["Alles", "Anders"]
    assert names(client, search="anders") == ["Anders"]
    assert names(client, organization_id=str(other.organisation_id)) == ["Anders"]
    assert names(client, taxonomy_term_id=derived("term", "kinds", "", "logeerzorg")) == ["Anders"]
    assert names(client, taxonomy_id=derived("taxonomy", "target_groups")) == ["Alles"]
    assert names(client, modified_after="2999-01-01T00:00:00Z") == []
    assert len(ask(client, "services", minimal="true")["contents"]) == 2


@pytest.mark.parametrize("what", ["organisation", "location", "contact", "own contact"])
def test_who_keeps_a_copy_hears_of_what_changed_around_a_service(client, service, functional_admin, what):
    organisation, by = service.organisation, functional_admin
    before = timezone.now().isoformat()
    assert names(client, modified_after=before) == []
    if what == "organisation":
        actions.update_organisation(organisation=organisation, by=by, phone="075 555 0123")
    elif what == "location":
        actions.update_location(location=organisation.locations.first(), by=by, accessibility="Lift")
    else:
        owner = service if what == "own contact" else None
        actions.add_contact(organisation=organisation, service=owner, by=by, title="Balie", phone="075 555 0124")
    assert names(client, modified_after=before) == [service.name]
    (full,) = ask(client, "services", full="true", modified_after=before)["contents"]
    (minimal,) = ask(client, "services", minimal="true", modified_after=before)["contents"]
    assert full["last_modified"] == minimal["last_modified"] >= before


def test_a_service_at_a_location_is_found_by_where_somebody_lives(client, service):
    assert ask(client, "service_at_locations", postcode="1506 AB")["total_items"] == 2
    assert ask(client, "service_at_locations", postcode="1012 AB")["empty"]
    assert ask(client, "service_at_locations", postcode="1012 AB", proximity="30000")["total_items"] == 2
    assert ask(client, "service_at_locations", postcode="1012 AB", proximity="100")["empty"]


def test_a_list_goes_by_pages(client, service):
    for number in range(4):
        make_service(service.organisation, f"S{number}", municipalities=["GM0479"])
    first, last = (ask(client, "services", page=number, per_page=2) for number in (1, 3))
    assert (first["total_items"], first["total_pages"], first["size"]) == (5, 3, 2)
    assert (first["first_page"], first["last_page"]) == (True, False)
    assert (last["size"], last["last_page"]) == (1, True)
    assert ask(client, "services", page=9, per_page=2)["empty"]
    minimal = ask(client, "services", page=3, per_page=2, minimal="true")
    assert (minimal["total_items"], minimal["size"], set(minimal["contents"][0])) == (5, 1, {"id", "last_modified"})
    lines = client.get(f"{API}services", {"format": "ndjson"}).content.decode().splitlines()
    assert len([json.loads(line) for line in lines]) == 5


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"}, {"page": "x"}, {"per_page": "-1"}, {"taxonomy_term_id": "x"}, {"modified_after": "gisteren"},
        {"modified_after": "9999-12-31T23:59:59-23:59"}, {"modified_after": "0001-01-01T00:00:00+23:59"},
        {"organization_id": "\x00"}, {"format": "xml"}, {"page": "٣"},
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_answered_with_what_is_wrong(client, query):
    response = client.get(f"{API}services", query)
    assert response.status_code in (200, 400)
    assert response.headers["Content-Type"] == "application/json"


def test_an_address_of_somebody_herself_is_not_given_out(client, service):
    organisation = service.organisation
    Contact.objects.create(organisation=organisation, service=service, name="Sanne", email="sanne@dienst.example")
    for thing in (service, organisation):
        thing.email = "Sanne@dienst.example"
        thing.save(update_fields=["email"])
    for path in (f"services/{service.pk}", f"organizations/{organisation.pk}", "service_at_locations?full=true"):
        assert "sanne@" not in client.get(f"{API}{path}").text.casefold(), path


def test_where_only_a_draft_is_given_is_not_told(client, service):
    hidden = Location.objects.create(organisation=service.organisation, street="Geheim 1", place="Zaandam")
    draft = make_service(service.organisation, "Nog niet", status="draft")
    draft.locations.set([hidden])
    for path in ("organizations?full_service=true", f"organizations/{service.organisation_id}"):
        assert "Geheim" not in client.get(f"{API}{path}").text, path
    Service.objects.filter(pk=draft.pk).update(status="published")
    assert "Geheim" in client.get(f"{API}organizations/{service.organisation_id}").text


@pytest.mark.parametrize("query", [{}, {"format": "ndjson"}])
def test_a_cache_keeps_it_for_everybody_and_hears_when_it_is_the_same(client, client_of, sender, service, query):
    for browser in (client, client_of(sender)):
        first = browser.get(f"{API}services", query)
        assert "Cookie" not in first.headers.get("Vary", "")
        assert first.headers["Cache-Control"] == "public, max-age=300"
        mark = first.headers["ETag"]
        for said in (mark, f"W/{mark}", f'"anders", {mark}', "*"):
            again = browser.get(f"{API}services", query, headers={"If-None-Match": said})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", mark), said
        assert browser.get(f"{API}services", query, headers={"If-None-Match": '"anders"'}).status_code == 200


def test_who_asks_too_often_waits(client, settings):
    settings.OPEN_DATA_PER_MINUTE = 3
    statuses = [client.get(API).status_code for _ in range(5)]
    assert statuses[:3] == [200, 200, 200]
    assert 429 in statuses


def test_an_answer_may_be_kept_and_is_not_sent_twice(client, service):
    response = client.get(f"{API}services")
    assert response["Cache-Control"] == "public, max-age=300"
    assert response["Access-Control-Allow-Origin"] == "*"
    again = client.get(f"{API}services", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["services", "organizations", "service_at_locations"])
@pytest.mark.parametrize("full", ["", "true"])
def test_a_list_asks_the_same_of_one_as_of_thirty(client, service, path, full):
    def asked() -> int:
        ask(client, path, full=full)
        with CaptureQueriesContext(connection) as queries:
            ask(client, path, full=full)
        return len(queries)

    one = asked()
    for number in range(30):
        organisation = make_organisation(f"O{number}", uses_portal=False)
        extra = make_service(organisation, f"S{number}", municipalities=["GM0479"])
        extra.locations.add(Location.objects.create(organisation=organisation, street="A 1", place="B"))
        Contact.objects.create(organisation=organisation, title="balie", phone="1", is_public=True)
    assert asked() == one

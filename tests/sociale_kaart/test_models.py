"""The database refuses what cannot be true of an organisation, a location, a contact or a service."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from sociale_kaart.models import Contact, Location, Municipality, PostcodeArea, Service
from tests.factories import make_organisation, make_service

TODAY = datetime.date(2026, 11, 22)


def refused(constraint: str, make, /, **fields):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(**fields)


@pytest.fixture
def organisation(db):
    return make_organisation("Welzijn Zaan")


@pytest.mark.parametrize(
    ("sentence", "fields"),
    [
        ("a_service_has_a_name", {"name": ""}),
        ("a_service_has_an_address_of_its_own", {"slug": ""}),
        ("a_service_has_a_known_status", {"status": "verwijderd"}),
        ("a_service_has_a_known_way_in", {"access": "via-via"}),
        ("a_service_says_who_calls", {"caller": "niemand"}),
        ("capacity_is_a_known_word", {"capacity": "beetje", "capacity_on": TODAY}),
        ("capacity_is_known_since_a_day", {"capacity": "plek", "capacity_on": None}),
        ("only_a_waiting_list_has_weeks", {"capacity": "plek", "capacity_on": TODAY, "wait_weeks": 3}),
        ("a_call_comes_within_1_to_60_days", {"call_within_days": 0}),
        ("a_call_comes_within_1_to_60_days", {"call_within_days": 61}),
        ("a_check_comes_every_7_to_730_days", {"check_interval_days": 1}),
        ("a_published_service_is_checked_and_has_a_home", {"summary": ""}),
        ("a_published_service_is_checked_and_has_a_home", {"home_municipality_id": None}),
        ("a_published_service_is_checked_and_has_a_home", {"checked_on": None, "next_check_on": None}),
        ("a_published_service_is_checked_and_has_a_home", {"next_check_on": None}),
        ("the_next_check_comes_after_the_last", {"checked_on": TODAY, "next_check_on": TODAY}),
    ],
)
def test_the_database_refuses_a_service_that_cannot_be(organisation, sentence, fields):
    whole = {
        "organisation": organisation,
        "name": "Logeerhuis",
        "slug": "logeerhuis",
        "summary": "Een paar dagen weg.",
        "status": "published",
        "home_municipality_id": "GM0479",
        "checked_on": TODAY,
        "next_check_on": TODAY + datetime.timedelta(days=180),
    }
    refused(sentence, Service.objects.create, **whole | fields)
    assert Service.objects.create(**whole).pk  # and only that was wrong


def test_two_services_cannot_have_one_address(organisation):
    make_service(organisation, slug="maatje")
    refused("slug", Service.objects.create, organisation=organisation, name="Maatje", slug="maatje")


def test_a_draft_may_still_miss_nearly_everything(organisation):
    assert Service.objects.create(organisation=organisation, name="Idee", slug="idee").status == "draft"


def test_a_physical_location_has_an_address(organisation):
    refused("a_physical_location_has_an_address", Location.objects.create, organisation=organisation, place="Zaandam")
    assert Location.objects.create(organisation=organisation, kind="virtual").pk


def test_a_contact_is_somebody_who_can_be_reached(organisation):
    refused("a_contact_can_be_reached", Contact.objects.create, organisation=organisation, title="Balie")
    refused("a_contact_has_a_name_or_a_title", Contact.objects.create, organisation=organisation, phone="075 123 45 67")
    assert Contact.objects.create(organisation=organisation, title="Balie", phone="075 123 45 67").pk


@pytest.mark.django_db
def test_codes_of_areas_have_the_form_that_cbs_and_post_use():
    place = {"latitude": 52.4, "longitude": 4.8}
    refused(
        "a_municipality_has_a_cbs_code",
        Municipality.objects.create,
        code="0479",
        name="Zaanstad oud",
        slug="oud",
        province="PV27",
        **place,
    )
    refused(
        "a_municipality_lies_in_a_known_province",
        Municipality.objects.create,
        code="GM9999",
        name="Nergenshuizen",
        slug="nergens",
        province="PV99",
        **place,
    )
    refused(
        "a_pc4_is_four_digits", PostcodeArea.objects.create, pc4="0123", place="Nul", municipality_id="GM0479", **place
    )


def test_a_service_is_reached_through_the_portal_when_its_organisation_works_with_it(organisation):
    service = make_service(organisation)
    assert service.channel == "portal"
    organisation.uses_portal = False
    assert service.channel == "phone"


def test_a_service_is_stale_from_the_day_after_its_check_was_due(organisation):
    service = make_service(organisation, checked_on=TODAY, next_check_on=datetime.date(2026, 12, 1))
    assert not service.is_stale(datetime.date(2026, 12, 1))
    assert service.is_stale(datetime.date(2026, 12, 2))
    assert list(Service.objects.stale(datetime.date(2026, 12, 2))) == [service]
    assert not Service.objects.stale(datetime.date(2026, 12, 1)).exists()

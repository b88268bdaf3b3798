"""What can be done with the sociale kaart, by whom, and what must be true first."""

import datetime
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from sociale_kaart import actions
from sociale_kaart.models import Organisation, SearchRow, Service
from sociale_kaart.permissions import DirectoryLoader
from sociale_kaart.search import SearchQuery, find
from tests.factories import make_organisation, make_service, municipality

NOW = timezone.make_aware(datetime.datetime(2026, 11, 22, 12, 0))


@pytest.fixture
def draft(steunpunt, consulent, zaanstad):
    return actions.create_service(
        organisation=steunpunt,
        name="Maatje aan huis",
        by=consulent,
        municipalities=[zaanstad],
        kinds=["vrijwilliger-aan-huis"],
        summary="Iemand komt langs.",
        capacity="plek",
    )


def test_a_new_service_is_a_draft_with_a_home_and_an_address_of_its_own(draft, zaanstad):
    assert (draft.status, draft.home_municipality) == ("draft", zaanstad)
    assert draft.slug == "maatje-aan-huis-steunpunt-mantelzorg-zaanstad"
    assert draft.capacity_on == timezone.localdate()
    assert [kind.pk for kind in draft.kinds.all()] == ["vrijwilliger-aan-huis"]
    assert not SearchRow.objects.exists()


def test_publishing_makes_it_found_and_due_for_a_check_after_its_interval(draft, consulent):
    service = actions.publish_service(service=draft, by=consulent, now=NOW)
    assert (service.checked_on, service.checked_by) == (NOW.date(), consulent)
    assert service.next_check_on == NOW.date() + datetime.timedelta(days=180)
    assert [hit.title for hit in find(SearchQuery(text="maatje")).hits] == ["Maatje aan huis"]


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"summary": ""}, "summary"),
        ({"kinds": []}, "kinds"),
        ({"municipalities": [], "home_municipality": None}, "municipalities"),
    ],
)
def test_only_what_is_complete_is_published(draft, functional_admin, missing, field):
    actions.update_service(service=draft, by=functional_admin, **missing)
    with pytest.raises(ValidationError) as refusal:
        actions.publish_service(service=draft, by=functional_admin, now=NOW)
    assert field in refusal.value.message_dict
    assert Service.objects.get().status == "draft"


def test_the_first_municipality_keeps_it_when_nobody_chose_one(draft, consulent, functional_admin):
    places = [municipality("GM0439"), municipality("GM0479")]
    service = actions.update_service(service=draft, by=consulent, municipalities=places, home_municipality=None)
    assert service.home_municipality_id == "GM0479"  # hers
    service = actions.update_service(service=draft, by=functional_admin, home_municipality=None)
    assert service.home_municipality_id in ("GM0439", "GM0479")


def test_a_changed_waiting_time_is_of_today(draft, consulent):
    long_ago = datetime.date(2026, 3, 1)
    service = actions.update_service(
        service=draft, by=consulent, capacity="wachtlijst", wait_weeks=4, capacity_on=long_ago
    )
    assert service.capacity_on == long_ago
    service = actions.update_service(service=draft, by=consulent, wait_weeks=12)
    assert service.capacity_on == timezone.localdate()


def test_the_home_is_one_of_its_municipalities(draft, consulent):
    with pytest.raises(ValidationError, match="een van de gemeenten"):
        actions.update_service(service=draft, by=consulent, home_municipality=municipality("GM0439"))


def test_still_right_moves_the_next_check_and_keeps_the_rest(draft, consulent):
    service = actions.publish_service(service=draft, by=consulent, now=NOW - datetime.timedelta(days=200))
    assert service.is_stale(NOW.date())
    service = actions.confirm_service(service=service, by=consulent, now=NOW)
    assert not service.is_stale(NOW.date())
    assert SearchRow.objects.get().next_check_on == service.next_check_on


def test_a_change_is_found_at_once(draft, consulent):
    actions.publish_service(service=draft, by=consulent)
    actions.update_service(service=draft, by=consulent, everyday_name="Buddy", capacity="wachtlijst", wait_weeks=4)
    hit = find(SearchQuery(text="buddy")).hits[0]
    assert (hit.title, hit.formal_name, hit.wait_weeks) == ("Buddy", "Maatje aan huis", 4)
    service = actions.update_service(service=draft, by=consulent, capacity="vol")
    assert (service.wait_weeks, service.capacity_on) == (None, timezone.localdate())


@pytest.mark.parametrize("verb", [actions.pause_service, actions.archive_service])
def test_what_is_taken_down_is_not_found_and_can_come_back(draft, consulent, verb):
    actions.publish_service(service=draft, by=consulent)
    verb(service=draft, by=consulent)
    assert find(SearchQuery()).hits == []
    actions.publish_service(service=draft, by=consulent)
    assert len(find(SearchQuery()).hits) == 1


@pytest.mark.parametrize("person", ["sender", "receiver", "coordinator", "beheerder", "outsider", "pom"])
def test_nobody_else_may_touch_a_service(draft, zaanstad, steunpunt, person, request):
    by = request.getfixturevalue(person)
    for verb in (
        actions.publish_service,
        actions.confirm_service,
        actions.update_service,
        actions.pause_service,
        actions.archive_service,
    ):
        with pytest.raises(PermissionDenied):
            verb(service=draft, by=by)
    with pytest.raises(PermissionDenied):
        actions.create_service(organisation=steunpunt, name="X", by=by, municipalities=[zaanstad])
    with pytest.raises(PermissionDenied):
        actions.create_organisation(name="X", kind="anders", by=by)


def test_a_consulent_of_any_of_its_municipalities_maintains_it(consulent, draft):
    actions.update_service(service=draft, by=consulent, municipalities=[municipality("GM0439"), municipality("GM0479")])
    actions.confirm_service(service=draft, by=consulent)
    elsewhere = make_service(name="Elders", municipalities=["GM0439"], home_municipality_id="GM0439")
    with pytest.raises(PermissionDenied):
        actions.confirm_service(service=elsewhere, by=consulent)


def test_status_and_checks_have_verbs_of_their_own(draft, consulent):
    with pytest.raises(ValueError, match="publish_service"):
        actions.update_service(service=draft, by=consulent, status="published")


def test_organisations_with_one_name_get_each_an_address(functional_admin, zaanstad):
    slugs = [
        actions.create_organisation(
            name="Welzijn Zaan", kind="welzijn", by=functional_admin, municipalities=[zaanstad]
        ).slug
        for _ in range(3)
    ]
    assert slugs == ["welzijn-zaan", "welzijn-zaan-2", "welzijn-zaan-3"]
    assert actions.create_organisation(name="🎉", kind="anders", by=functional_admin).slug == "zonder-naam"
    long = actions.create_organisation(name="Zeer " * 24, kind="anders", by=functional_admin)
    assert len(long.slug) <= 90


def test_an_organisation_that_cannot_be_is_refused(functional_admin):
    with pytest.raises(ValidationError):
        actions.create_organisation(name="Zaan", kind="kerk", by=functional_admin)
    with pytest.raises(ValidationError):
        actions.create_organisation(name="Zaan", kind="anders", email="geen adres", by=functional_admin)
    assert not Organisation.objects.exists()


def test_a_renamed_organisation_keeps_its_address_and_is_found_by_its_new_name(draft, consulent, functional_admin):
    actions.publish_service(service=draft, by=consulent)
    organisation = actions.update_organisation(
        organisation=draft.organisation, by=functional_admin, name="Mantelzorghuis", municipalities=[]
    )
    assert organisation.slug == "steunpunt-mantelzorg-zaanstad"
    assert not organisation.municipalities.exists()
    assert len(find(SearchQuery(text="mantelzorghuis")).hits) == 1


def test_a_contact_of_a_service_is_its_maintainers_work_and_belongs_to_its_organisation(draft, consulent, sender):
    contact = actions.add_contact(
        organisation=draft.organisation, service=draft, by=consulent, title="Planner", phone="075 555 00 02"
    )
    assert contact.service == draft
    with pytest.raises(PermissionDenied):
        actions.add_contact(organisation=make_organisation(), service=draft, by=consulent, title="X", phone="1")
    with pytest.raises(PermissionDenied):
        actions.add_contact(organisation=draft.organisation, by=sender, title="X", phone="1")


def test_the_loader_of_files_may_write_the_directory_and_signs_for_nobody(steunpunt, zaanstad):
    by = DirectoryLoader("test")
    actions.add_location(organisation=steunpunt, by=by, street="Dam 1", place="Zaandam")
    service = actions.create_service(
        organisation=steunpunt, name="Maatje", by=by, municipalities=[zaanstad], kinds=["logeerzorg"], summary="Ja."
    )
    assert actions.publish_service(service=service, by=by).checked_by is None


@pytest.mark.django_db(transaction=True)
def test_two_who_make_the_same_organisation_at_once_get_two_addresses(functional_admin):
    barrier, slugs = threading.Barrier(2), []

    def make():
        try:
            barrier.wait(timeout=10)
            slugs.append(actions.create_organisation(name="Tweeling", kind="anders", by=functional_admin).slug)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(slugs) == ["tweeling", "tweeling-2"]

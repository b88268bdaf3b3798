"""Two people change one card: who comes second sees what the first did, and nobody loses a word."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from sociale_kaart import actions
from sociale_kaart.editing import actions as editing
from sociale_kaart.editing import values
from sociale_kaart.editing.merging import OF_A_CONTACT, OF_A_LOCATION, Conflict, merge
from sociale_kaart.exchange import jobs, writing
from sociale_kaart.exchange.actions import confirm_import
from sociale_kaart.models import Change, Contact, Service
from tests.factories import make_import, make_organisation, make_service, municipality
from tests.sociale_kaart.editing.test_pages import page_of, typed

BASE = {"summary": "Eerst.", "phone": "", "capacity": "wachtlijst", "wait_weeks": 4}


# Merging ------------------------------------------------------------------------------------------------------------


def test_fields_that_only_one_of_them_changed_go_together():
    merged = merge(base=BASE, mine=BASE | {"summary": "Mijn."}, theirs=BASE | {"phone": "1"})
    assert (merged.values, merged.taken, merged.clashes) == ({"summary": "Mijn."}, ["phone"], [])


def test_the_same_change_twice_is_no_quarrel():
    merged = merge(base=BASE, mine=BASE | {"summary": "Nieuw."}, theirs=BASE | {"summary": "Nieuw."})
    assert (merged.values, merged.taken, merged.clashes) == ({}, [], [])


def test_one_field_changed_by_both_is_asked():
    (clash,) = merge(base=BASE, mine=BASE | {"summary": "A"}, theirs=BASE | {"summary": "B"}).clashes
    assert (clash.name, clash.base, clash.mine, clash.theirs) == ("summary", "Eerst.", "A", "B")


def test_what_belongs_together_is_not_torn_apart():
    merged = merge(base=BASE, mine=BASE | {"wait_weeks": 8}, theirs=BASE | {"capacity": "vol", "wait_weeks": None})
    assert {clash.name for clash in merged.clashes} == {"capacity", "wait_weeks"}
    assert merged.values == {}


@pytest.mark.parametrize(
    ("together", "base", "mine", "theirs"),
    [
        (OF_A_CONTACT, {"phone": "1", "email": "a@b.example"}, {"email": ""}, {"phone": ""}),
        (OF_A_CONTACT, {"name": "An", "title": "consulent"}, {"title": ""}, {"name": ""}),
        (OF_A_LOCATION, {"kind": "virtual", "street": "Dam 1", "place": "Edam"}, {"street": ""}, {"kind": "physical"}),
    ],
)
def test_of_a_row_that_needs_one_of_two_no_two_take_one_each(together, base, mine, theirs):
    merged = merge(base=base, mine=base | mine, theirs=base | theirs, together=together)
    assert merged.values == {}
    assert {clash.name for clash in merged.clashes} == {*mine, *theirs}


def test_two_who_each_leave_one_way_to_reach_somebody_are_asked(client_of, consulent, functional_admin, service):
    contact = Contact.objects.create(
        organisation=service.organisation, service=service, name="An", phone="075 555 0101", email="an@b.example"
    )
    page = f"/sociale-kaart/beheer/contacten/{contact.pk}/"
    hers, his = client_of(consulent), client_of(functional_admin)
    first, second = typed(hers, page), typed(his, page)
    assert hers.post(page, first | {"phone": ""}).status_code == 302
    answer = his.post(page, second | {"email": ""})
    assert answer.status_code == 200
    assert "Een collega heeft dit intussen gewijzigd." in answer.text
    contact.refresh_from_db()
    assert (contact.phone, contact.email) == ("", "an@b.example")


def test_without_knowing_what_stood_there_everything_that_differs_is_asked():
    merged = merge(base={}, mine=BASE, theirs=BASE | {"summary": "B"})
    assert [clash.name for clash in merged.clashes] == ["summary"]


# In a form ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt, "Luisterend oor", description="Zoals het was.")


@pytest.fixture
def two(client_of, consulent, functional_admin, service):
    """Both have the form open; the functional admin saves first."""
    first, second = client_of(functional_admin), client_of(consulent)
    url = page_of(service)
    begun = typed(second, url)

    def saves_first(**said):
        assert first.post(url, typed(first, url) | said).status_code == 302

    return second, url, begun, saves_first


def test_other_fields_merge_and_she_is_told(two, service):
    second, url, begun, saves_first = two
    saves_first(description="Van de eerste.")
    answer = second.post(url, begun | {"summary": "Van de tweede."}, follow=True)
    service.refresh_from_db()
    assert (service.summary, service.description) == ("Van de tweede.", "Van de eerste.")
    assert "Een collega wijzigde intussen ook: beschrijving" in answer.content.decode()


def test_the_same_field_is_shown_three_ways_and_saved_again_in_one_go(two, service, functional_admin):
    second, url, begun, saves_first = two
    saves_first(summary="Van de eerste.", description="Ook van de eerste.", phone="075 555 0123")
    answer = second.post(url, begun | {"summary": "Van de tweede.", "everyday_name": "Praathuis"})
    page = answer.content.decode()
    service.refresh_from_db()
    assert (service.summary, service.everyday_name) == ("Van de eerste.", "")  # nothing is written by halves
    for said in ("Iemand luistert en denkt mee.", "Van de eerste.", "Van de tweede.", "Praathuis"):
        assert said in page
    assert f"{functional_admin.name} maakte ervan" in page
    assert "<title>Fout:" in page
    again = {name: value for name, value in _shown(answer).items() if value is not None}
    assert again["description"] == "Ook van de eerste."  # what she did not touch is as it stands now
    assert second.post(url, again).status_code == 302
    service.refresh_from_db()
    assert (service.summary, service.description, service.everyday_name, service.phone) == (
        "Van de tweede.",
        "Ook van de eerste.",
        "Praathuis",
        "075 555 0123",
    )


def test_she_can_leave_it_as_the_other_made_it(two, service):
    second, url, begun, saves_first = two
    saves_first(summary="Van de eerste.")
    answer = second.post(url, begun | {"summary": "Van de tweede.", "everyday_name": "Praathuis"})
    assert second.post(url, _shown(answer) | {"overnemen": ["summary"]}).status_code == 302
    service.refresh_from_db()
    assert (service.summary, service.everyday_name) == ("Van de eerste.", "Praathuis")


def test_a_third_who_was_faster_again_is_seen_too(two, service):
    second, url, begun, saves_first = two
    saves_first(summary="Van de eerste.")
    answer = second.post(url, begun | {"summary": "Van de tweede."})
    saves_first(summary="Nog eens van de eerste.")
    again = second.post(url, _shown(answer))
    assert again.status_code == 200
    assert "Nog eens van de eerste." in again.content.decode()


def test_a_form_that_lost_what_stood_there_overwrites_nothing(two, service):
    second, url, begun, saves_first = two
    saves_first(description="Van de eerste.")
    answer = second.post(url, begun | {"was": "geknoei"})
    assert answer.status_code == 200
    service.refresh_from_db()
    assert service.description == "Van de eerste."


def test_what_stood_on_another_card_is_no_ground_to_stand_on(two, client_of, consulent, service, steunpunt):
    second, url, begun, _ = two
    other = make_service(steunpunt, "Iets anders", summary="Heel anders.")
    answer = second.post(url, begun | {"was": typed(second, page_of(other))["was"], "summary": "X"})
    assert answer.status_code == 200
    assert answer.context["form"].conflict


def _shown(answer) -> dict:
    """What the browser has in its form now."""
    found: dict = {}
    for field in answer.context["form"]:
        value = field.value()
        if isinstance(value, bool):
            if value:
                found[field.name] = "on"
        elif value is not None:
            found[field.name] = value
    return found


# At the same moment -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_the_same_moment_never_overwrite_each_other(consulent, functional_admin, steunpunt):
    """Without the lock both would compare with what stood there before, and one of the two would be lost."""
    for _ in range(5):
        service = make_service(steunpunt, slug=f"samen-{Service.objects.count()}", name="Samen")
        base = {name: values.of_service(service)[name] for name in ("summary", "description")}
        barrier, outcomes = threading.Barrier(2), []

        def save(by, mine, service=service, base=base, barrier=barrier, outcomes=outcomes):
            try:
                barrier.wait(timeout=10)
                editing.save_service(service=service, base=base, mine=base | mine, by=by)
                outcomes.append("saved")
            except Conflict as conflict:
                outcomes.append([clash.theirs for clash in conflict.merged.clashes])
            finally:
                connection.close()

        threads = [
            threading.Thread(target=save, args=(consulent, {"summary": "Van haar."})),
            threading.Thread(target=save, args=(functional_admin, {"summary": "Van hem.", "description": "Lang."})),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        service.refresh_from_db()
        assert sorted(map(str, outcomes), reverse=True)[0] == "saved"
        assert [service.summary] in outcomes  # the other one saw what stands there
        assert Change.objects.of_service(service).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_editors_of_different_fields_at_the_same_moment_both_succeed(consulent, functional_admin, steunpunt):
    service = make_service(steunpunt, "Samen")
    base = {name: values.of_service(service)[name] for name in ("summary", "description")}
    barrier = threading.Barrier(2)

    def save(by, mine):
        try:
            barrier.wait(timeout=10)
            editing.save_service(service=service, base=base, mine=base | mine, by=by)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=save, args=(consulent, {"summary": "Van haar."})),
        threading.Thread(target=save, args=(functional_admin, {"description": "Van hem."})),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    service.refresh_from_db()
    assert (service.summary, service.description) == ("Van haar.", "Van hem.")


# Rights -------------------------------------------------------------------------------------------------------------


def test_who_moves_a_contact_person_must_be_allowed_on_both_sides(consulent, functional_admin, service):
    """It was asked of the old owner only."""
    contact = actions.add_contact(
        organisation=service.organisation, service=service, by=consulent, title="Planner", phone="1"
    )
    far = make_organisation("Verweg", municipalities=["GM0363"])
    with pytest.raises(PermissionDenied):
        actions.update_contact(contact=contact, by=consulent, organisation=far, service=None)
    with pytest.raises(PermissionDenied):  # a service of another organisation does not make it hers
        actions.update_contact(contact=contact, by=functional_admin, organisation=far)
    actions.update_contact(contact=contact, by=functional_admin, organisation=far, service=None)
    with pytest.raises(PermissionDenied):
        actions.update_contact(contact=contact, by=consulent, title="X")
    with pytest.raises(PermissionDenied):
        actions.remove_contact(contact=contact, by=consulent)


@pytest.mark.parametrize("person", ["sender", "receiver", "coordinator", "beheerder", "outsider", "pom"])
def test_nobody_else_changes_an_organisation(steunpunt, service, person, request):
    by = request.getfixturevalue(person)
    with pytest.raises(PermissionDenied):
        actions.update_organisation(organisation=steunpunt, by=by, phone="1")
    with pytest.raises(PermissionDenied):
        actions.add_location(organisation=steunpunt, by=by, street="Dam 1", place="Zaandam")
    with pytest.raises(PermissionDenied):
        editing.save_service(service=service, base={}, mine={"summary": "X"}, by=by)


def test_a_consulent_says_of_her_own_municipalities_only_whether_it_works_there(consulent, zaanstad):
    organisation = make_organisation("Buurthulp", municipalities=["GM0479"], uses_portal=False)
    with pytest.raises(PermissionDenied):
        actions.update_organisation(
            organisation=organisation, by=consulent, municipalities=[zaanstad, municipality("GM0439")]
        )
    with pytest.raises(PermissionDenied):
        actions.update_organisation(organisation=organisation, by=consulent, uses_portal=True)
    actions.update_organisation(organisation=organisation, by=consulent, name="Buurthulp Zaan")
    organisation.uses_portal = True
    organisation.save()
    with pytest.raises(PermissionDenied):
        actions.update_organisation(organisation=organisation, by=consulent, name="Een bank")


def test_an_import_that_was_compared_a_minute_ago_overwrites_nobody(consulent, service, monkeypatch):
    """It compares everything first and then writes, which takes a minute for 50,000 rows: she saves in between."""
    job = make_import(consulent, "Organisatie;Naam;In één zin;Gemeenten\nX;Luisterend oor;Uit het bestand.;Zaanstad\n"
                      .replace("X", service.organisation.name))  # fmt: skip
    jobs.work()
    job.refresh_from_db()
    assert (job.new, job.changed) == (0, 1)
    confirm_import(job=job, by=consulent)
    compare = writing.compare

    def compared_and_then_she_saved(*args):
        compare(*args)
        if service.summary != "Van haar.":
            service.summary = "Van haar."
            actions.update_service(service=service, by=consulent, summary="Van haar.")

    monkeypatch.setattr(writing, "compare", compared_and_then_she_saved)
    jobs.work()
    service.refresh_from_db()
    job.refresh_from_db()
    assert service.summary != "Uit het bestand."
    assert "Sinds je voorbeeld is hier iets veranderd" in job.message

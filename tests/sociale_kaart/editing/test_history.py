"""Who changed what and when: every verb tells it, in plain Dutch, and one change can be put back."""

import datetime

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mantelzorg.refusal import Refused
from sociale_kaart import actions
from sociale_kaart.editing import history, putting_back, values
from sociale_kaart.editing.words import Words
from sociale_kaart.exchange import jobs
from sociale_kaart.exchange.actions import confirm_import, undo_import
from sociale_kaart.models import Change, Contact, Service
from sociale_kaart.permissions import DirectoryLoader
from tests.factories import make_import, make_organisation, make_service
from tests.sociale_kaart.editing.test_pages import KEEP, page_of

NOW = timezone.make_aware(datetime.datetime(2026, 11, 22, 12, 0))


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt, "Luisterend oor")


def changes(thing=None) -> list[tuple]:
    rows = Change.objects.order_by("pk")
    return [(row.what, row.before, row.after) for row in (rows.filter(target=thing.pk) if thing else rows)]


# Noting -------------------------------------------------------------------------------------------------------------


def test_every_verb_of_a_service_notes_what_it_did(consulent, service):
    actions.update_service(service=service, by=consulent, summary="Nieuw.", kinds=["logeerzorg"], phone="")
    actions.confirm_service(service=service, by=consulent, now=NOW)
    actions.pause_service(service=service, by=consulent, until=timezone.localdate() + datetime.timedelta(days=3))
    actions.publish_service(service=service, by=consulent, now=NOW)
    actions.archive_service(service=service, by=consulent)
    whats = [what for what, _, _ in changes(service)]
    assert whats == ["gewijzigd", "nagekeken", "gepauzeerd", "gepubliceerd", "gestopt"]
    _, before, after = changes(service)[0]
    assert before == {"summary": "Iemand luistert en denkt mee.", "kinds": ["gesprek-mantelzorgconsulent"]}
    assert after == {"summary": "Nieuw.", "kinds": ["logeerzorg"]}
    assert {change.by for change in Change.objects.all()} == {consulent}


def test_a_verb_that_is_refused_notes_nothing(sender, consulent, service):
    with pytest.raises(PermissionDenied):
        actions.update_service(service=service, by=sender, summary="X")
    actions.update_service(service=service, by=consulent, summary=service.summary)  # the same is no change
    assert not Change.objects.exists()


def test_what_is_said_of_a_contact_person_stands_apart(consulent, service, steunpunt):
    contact = actions.add_contact(organisation=steunpunt, service=service, by=consulent, title="Sanne", phone="1")
    actions.update_contact(contact=contact, by=consulent, phone="2")
    actions.remove_contact(contact=contact, by=consulent)
    key = f"contact:{contact.pk}"
    (_, none, first), (_, _, second), (_, last, gone) = changes(service)
    assert (none, gone) == ({key: None}, {key: None})
    assert (first[key]["phone"], second[key]["phone"], last[key]["title"]) == ("1", "2", "Sanne")
    assert all(change.has_names for change in Change.objects.all())


def test_an_import_and_its_undoing_are_noted(consulent):
    job = make_import(consulent)
    jobs.work()
    job.refresh_from_db()
    confirm_import(job=job, by=consulent)
    jobs.work()
    service = Service.objects.get()
    assert [what for what, _, _ in changes(service)] == ["ingelezen"]
    job.refresh_from_db()
    undo_import(job=job, by=consulent)
    jobs.work()
    assert [what for what, _, _ in changes(service)] == ["ingelezen", "teruggedraaid"]
    assert set(Change.objects.values_list("thing", flat=True)) == {"aanbod", "organisatie"}


def test_who_has_no_account_is_named_in_words(service):
    actions.confirm_service(service=service, by=DirectoryLoader("bestand"), said_by="de aanbieder, via de mail")
    change = Change.objects.get()
    assert (change.by, change.said_by) == (None, "de aanbieder, via de mail")


# A pause that ends --------------------------------------------------------------------------------------------------


def test_a_pause_ends_on_its_day_once_and_says_nothing_about_the_check(consulent, service):
    until = timezone.localdate() + datetime.timedelta(days=3)
    actions.pause_service(service=service, by=consulent, until=until)
    before = Service.objects.get(pk=service.pk)
    early = timezone.make_aware(datetime.datetime.combine(until - datetime.timedelta(days=1), datetime.time(23, 59)))
    assert actions.end_pauses(now=early) == 0
    assert actions.end_pauses(now=early + datetime.timedelta(minutes=2)) == 1
    assert actions.end_pauses(now=early + datetime.timedelta(minutes=2)) == 0
    after = Service.objects.get(pk=service.pk)
    assert (after.status, after.paused_until) == ("published", None)
    assert (after.checked_on, after.published_at) == (before.checked_on, before.published_at)
    assert Change.objects.order_by("-pk").first().said_by == actions.ITSELF


def test_a_pause_without_an_end_stays(consulent, service):
    actions.pause_service(service=service, by=consulent)
    assert actions.end_pauses(now=NOW + datetime.timedelta(days=1000)) == 0


def test_only_what_is_on_the_card_is_paused_and_into_the_future(consulent, service):
    with pytest.raises(Refused):
        actions.pause_service(service=service, by=consulent, until=timezone.localdate())
    actions.archive_service(service=service, by=consulent)
    with pytest.raises(Refused):
        actions.pause_service(service=service, by=consulent)


def test_since_when_it_is_on_the_card_is_known_and_a_pause_does_not_make_it_new(consulent, service):
    actions.archive_service(service=service, by=consulent)
    actions.publish_service(service=service, by=consulent, now=NOW)
    actions.pause_service(service=service, by=consulent)
    actions.publish_service(service=service, by=consulent, now=NOW + datetime.timedelta(days=5))
    service.refresh_from_db()
    assert service.published_at == NOW


# Putting back -------------------------------------------------------------------------------------------------------


def newest(service) -> Change:
    return Change.objects.filter(target=service.pk).order_by("-pk").first()


def test_a_change_is_put_back_and_that_is_a_change_too(consulent, service):
    actions.update_service(
        service=service, by=consulent, summary="Fout.", kinds=["logeerzorg"], schedules=[{"description": "Soms."}]
    )
    change = newest(service)
    putting_back.put_back(change=change, by=consulent)
    service.refresh_from_db()
    assert service.summary == "Iemand luistert en denkt mee."
    assert [kind.pk for kind in service.kinds.all()] == ["gesprek-mantelzorgconsulent"]
    assert values.of_service(service)["schedules"] == []
    assert newest(service).what == "teruggezet"
    with pytest.raises(Refused, match="Er is niets terug te zetten"):
        putting_back.put_back(change=change, by=consulent)
    putting_back.put_back(change=newest(service), by=consulent)  # and back again
    service.refresh_from_db()
    assert service.summary == "Fout."


def test_what_changed_since_is_put_back_only_by_who_has_seen_it(consulent, service):
    actions.update_service(service=service, by=consulent, summary="Eén.", description="Erbij.")
    change = newest(service)
    actions.update_service(service=service, by=consulent, summary="Twee.")
    with pytest.raises(Refused, match="daarna nog iets"):
        putting_back.put_back(change=change, by=consulent)
    service.refresh_from_db()
    assert (service.summary, service.description) == ("Twee.", "Erbij.")
    putting_back.put_back(change=change, by=consulent, seen={"summary": "Twee.", "description": "Erbij."})
    service.refresh_from_db()
    assert (service.summary, service.description) == ("Iemand luistert en denkt mee.", "")


def test_what_was_set_right_by_hand_already_does_not_stand_in_the_way(consulent, service):
    was = service.summary
    actions.update_service(service=service, by=consulent, summary="Anders.", phone="075 555 0109")
    change = newest(service)
    actions.update_service(service=service, by=consulent, phone="")
    putting_back.put_back(change=change, by=consulent)
    service.refresh_from_db()
    assert (service.summary, service.phone) == (was, "")


def test_what_the_card_cannot_do_without_is_not_put_back(consulent, service):
    Service.objects.filter(pk=service.pk).update(status="draft", summary="")
    service.refresh_from_db()
    actions.update_service(service=service, by=consulent, summary="In één zin.")
    change = newest(service)
    actions.publish_service(service=service, by=consulent)
    with pytest.raises(Refused, match="Dit kan niet terug: Zeg in één zin"):
        putting_back.put_back(change=change, by=consulent)


@pytest.mark.parametrize("status", ["published", "paused"])
def test_a_stop_is_put_back_as_it_stood_and_nobody_looked_at_it(consulent, service, status):
    then = timezone.localdate() - datetime.timedelta(days=40)
    Service.objects.filter(pk=service.pk).update(status=status, checked_on=then)
    actions.archive_service(service=service, by=consulent)
    putting_back.put_back(change=newest(service), by=consulent)
    service.refresh_from_db()
    assert (service.status, service.checked_on) == (status, then)


def test_a_name_that_is_not_hers_to_say_is_refused_in_words(client_of, consulent, functional_admin):
    organisation = make_organisation("Geheugenteam", municipalities=["GM0479", "GM0439"])
    actions.update_organisation(organisation=organisation, by=functional_admin, name="Geheugenpoli")
    answer = client_of(consulent).post(f"/sociale-kaart/beheer/wijzigingen/{newest(organisation).pk}/terugzetten/")
    assert (answer.status_code, "functioneel beheerder" in answer.text) == (200, True)


def test_a_contact_person_who_was_taken_away_comes_back_as_she_was(consulent, service, steunpunt):
    contact = actions.add_contact(organisation=steunpunt, service=service, by=consulent, title="Sanne", phone="1")
    actions.remove_contact(contact=contact, by=consulent)
    putting_back.put_back(change=newest(service), by=consulent)
    assert [(row.pk, row.title, row.phone) for row in Contact.objects.all()] == [(contact.pk, "Sanne", "1")]


def test_a_status_is_put_back_by_its_own_verb(consulent, service):
    actions.archive_service(service=service, by=consulent)
    putting_back.put_back(change=newest(service), by=consulent)
    service.refresh_from_db()
    assert service.status == "published"


def test_what_cannot_be_put_back_is_refused(consulent, service, sender):
    actions.confirm_service(service=service, by=consulent)
    with pytest.raises(Refused):
        putting_back.put_back(change=newest(service), by=consulent)
    actions.update_service(service=service, by=consulent, summary="Nieuw.")
    change = newest(service)
    with pytest.raises(PermissionDenied):
        putting_back.put_back(change=change, by=sender)
    change.before["kinds"] = ["bestaat-niet"]
    change.after["kinds"] = ["gesprek-mantelzorgconsulent"]
    with pytest.raises(Refused, match="bestaat niet meer"):
        putting_back.put_back(change=change, by=consulent)
    service.refresh_from_db()
    assert service.summary == "Nieuw."
    Service.objects.all().delete()
    with pytest.raises(Refused, match="bestaat niet meer"):
        putting_back.put_back(change=change, by=consulent)


def test_an_organisation_is_put_back_too(functional_admin, zaanstad):
    organisation = make_organisation("Buurthulp", municipalities=["GM0479"])
    place = actions.add_location(organisation=organisation, by=functional_admin, street="Dam 1", place="Zaandam")
    made = newest(organisation)
    actions.update_location(location=place, by=functional_admin, street="Dam 2")
    putting_back.put_back(change=newest(organisation), by=functional_admin)
    place.refresh_from_db()
    assert place.street == "Dam 1"
    actions.update_organisation(organisation=organisation, by=functional_admin, name="Anders", municipalities=[])
    putting_back.put_back(change=newest(organisation), by=functional_admin)
    organisation.refresh_from_db()
    assert (organisation.name, list(organisation.municipalities.all())) == ("Buurthulp", [zaanstad])
    putting_back.put_back(change=made, by=functional_admin)
    assert not organisation.locations.exists()


# Pages --------------------------------------------------------------------------------------------------------------


def test_the_page_says_it_in_plain_dutch(client_of, consulent, service):
    actions.update_service(
        service=service, by=consulent, kinds=["logeerzorg"], access="indicatie", zonder_dossier=True, capacity="vol"
    )
    page = client_of(consulent).get(f"{page_of(service)}geschiedenis/").content.decode()
    for said in ("Logeerzorg", "met een indicatie", "zonder verwijzing", consulent.name, "Zet terug", "Stond er"):
        assert said in page, said
    for unsaid in ("indicatie</span>", "zonder_dossier", "logeerzorg</span>", "None", "True"):
        assert unsaid not in page.replace("met een indicatie</span>", ""), unsaid


def test_the_history_costs_the_same_for_one_and_for_fifty_changes(client_of, consulent, service):
    browser, url = client_of(consulent), f"{page_of(service)}geschiedenis/"
    actions.update_service(service=service, by=consulent, summary="Nummer 0", kinds=["logeerzorg"])

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(url).status_code == 200
        return len(seen)

    before = count()
    for number in range(50):
        kinds = ["logeerzorg", "gesprek-mantelzorgconsulent"][number % 2 :]
        actions.update_service(service=service, by=consulent, summary=f"Nummer {number + 1}", kinds=kinds)
    assert count() == before <= 11
    page = browser.get(url)
    assert len(page.content) < 18_000
    assert page.context["page"].next_url
    assert (
        "Nummer 20" in browser.get(browser.get(page.context["page"].next_url).context["page"].next_url).content.decode()
    )


def test_putting_back_asks_first_and_says_when_it_changed_since(client_of, consulent, service):
    browser = client_of(consulent)
    actions.update_service(service=service, by=consulent, summary="Eén.")
    url = f"{KEEP}wijzigingen/{newest(service).pk}/terugzetten/"
    assert "daarna nog iets" not in browser.get(url).content.decode()
    actions.update_service(service=service, by=consulent, summary="Twee.")
    assert "daarna nog iets" in browser.get(url).content.decode()
    assert "Er is niets teruggezet" in browser.post(url).content.decode()  # of an older page
    seen = browser.get(url).context["seen"]
    assert browser.post(url, {"seen": seen}).url == f"{page_of(service)}geschiedenis/"
    service.refresh_from_db()
    assert service.summary == "Iemand luistert en denkt mee."


def test_somebody_elses_history_is_not_there(client_of, consulent, receiver, functional_admin):
    far = make_service(make_organisation("Verweg", municipalities=["GM0363"]), "Verweg", municipalities=["GM0363"],
                       home_municipality_id="GM0363")  # fmt: skip
    actions.update_service(service=far, by=functional_admin, summary="X")
    url = f"{KEEP}wijzigingen/{newest(far).pk}/terugzetten/"
    for person in (consulent, receiver):
        assert client_of(person).get(url).status_code == 404
        assert client_of(person).post(url).status_code == 404
    far.refresh_from_db()
    assert far.summary == "X"


def test_names_of_what_is_gone_do_not_break_the_page(service):
    words = Words([{"kinds": ["bestaat-niet"], "home_municipality": "GM0000"}])
    assert words.of("kinds", ["bestaat-niet"]) == "(bestaat niet meer)"
    assert words.of("home_municipality", "GM0000") == "(bestaat niet meer)"
    assert words.of("een_oud_veld", "waarde") == "waarde"


# Retention ----------------------------------------------------------------------------------------------------------


def test_what_names_people_is_kept_shorter_than_the_rest(consulent, service, steunpunt):
    actions.update_service(service=service, by=consulent, summary="Nieuw.")
    actions.add_contact(organisation=steunpunt, service=service, by=consulent, title="Sanne", phone="1")
    days = datetime.timedelta(days=1)
    assert history.forget_old_history(now=timezone.now() + days * (settings.HISTORY_NAMES_KEPT_DAYS - 1)) == 0
    assert history.forget_old_history(now=timezone.now() + days * (settings.HISTORY_NAMES_KEPT_DAYS + 1)) == 1
    assert not Change.objects.filter(has_names=True).exists()
    assert Contact.objects.exists()
    assert history.forget_old_history(now=timezone.now() + days * (settings.HISTORY_KEPT_DAYS + 1)) == 1
    assert not Change.objects.exists()

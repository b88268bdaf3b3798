"""Asking for a booklet, waiting for it and fetching it: the page asks, the worker makes."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mantelzorg.refusal import Refused
from sociale_kaart.booklet import actions, jobs, paper
from sociale_kaart.models import Booklet, BookletFile, Import, Municipality, Service
from tests.factories import make_import, make_member, make_organisation, make_service
from trail.management.commands.outbox_worker import Command

ZAANSTAD, AMSTERDAM = "GM0479", "GM0363"
START, PAGE = "/sociale-kaart/boekje/", "/sociale-kaart/boekje/zaanstad/"
PAPER = f"{PAGE}boekje.pdf"


@pytest.fixture
def service(db) -> Service:
    return make_service(make_organisation("Welzijn Oost", municipalities=[ZAANSTAD]), "Klusdienst")


@pytest.fixture
def zaanstad(db) -> Municipality:
    return Municipality.objects.get(pk=ZAANSTAD)


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


# Who ------------------------------------------------------------------------------------------------------------------


def test_who_works_in_a_municipality_may_have_its_booklet_and_nobody_else(client_of, sender, zaanstad, service):
    inside = make_member("Ina", make_organisation("Hier", municipalities=[ZAANSTAD]))
    outside = make_member("Otto", make_organisation("Daar", municipalities=[AMSTERDAM]))
    assert client_of(inside).get(PAGE).status_code == 200
    assert client_of(outside).get(PAGE).status_code == 404
    assert client_of(outside).post(PAGE).status_code == 404
    assert client_of(outside).get(PAPER).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.ask_booklet(municipality=zaanstad, by=outside)


def test_who_keeps_or_coordinates_it_may_have_it_wherever_her_organisation_works(
    client_of, consulent, coordinator, service
):
    for person in (consulent, coordinator):
        person.organisation.municipalities.clear()
        assert client_of(person).get(PAGE).status_code == 200


def test_who_works_in_one_municipality_goes_straight_there_and_others_choose(client_of, service):
    one = make_member("Een", make_organisation("Hier", municipalities=[ZAANSTAD]))
    two = make_member("Twee", make_organisation("Overal", municipalities=[ZAANSTAD, AMSTERDAM]))
    none = make_member("Geen", make_organisation("Nergens"))
    assert client_of(one).get(START).url == PAGE
    assert "Amsterdam" in text(client_of(two).get(START))
    assert "Geen gemeente" in text(client_of(none).get(START))


def test_the_functional_admin_sees_where_there_is_something(client_of, functional_admin, service):
    assert client_of(functional_admin).get(START).url == PAGE


# Asking ---------------------------------------------------------------------------------------------------------------


def test_it_is_asked_made_and_fetched(client_of, consulent, service):
    browser = client_of(consulent)
    assert browser.get(PAPER).status_code == 404
    assert "Maak het boekje" in text(browser.get(PAGE))
    assert browser.post(PAGE).url == PAGE
    assert "Het boekje wordt zo gemaakt" in text(browser.get(PAGE))  # the page does not wait: the worker makes it
    assert jobs.work_to_do() is jobs.make_next
    assert jobs.make_next()
    assert jobs.work_to_do() is None
    page = text(browser.get(PAGE))
    assert "1 keer aanbod op 5 bladzijden" in page
    response = browser.get(PAPER)
    assert response["Content-Type"] == "application/pdf"
    assert f"sociale-kaart-zaanstad-{timezone.localdate().isoformat()}.pdf" in response["Content-Disposition"]
    assert response.content.startswith(b"%PDF")


def test_whoever_asks_while_it_is_being_made_waits_for_the_same_one(zaanstad, service, consulent, coordinator):
    first = actions.ask_booklet(municipality=zaanstad, by=consulent)
    assert actions.ask_booklet(municipality=zaanstad, by=coordinator) == first
    with pytest.raises(IntegrityError, match="of_a_municipality_one_booklet_is_made_at_a_time"), transaction.atomic():
        Booklet.objects.create(municipality=zaanstad)
    jobs.make_next()
    assert actions.ask_booklet(municipality=zaanstad, by=consulent) != first


def test_a_form_that_arrives_twice_asks_once(client_of, consulent, service):
    browser, key = client_of(consulent), "01900000-0000-7000-8000-000000000043"
    browser.post(PAGE, {"form_key": key})
    jobs.make_next()
    browser.post(PAGE, {"form_key": key})
    assert Booklet.objects.count() == 1


def test_the_page_looks_again_by_itself_until_it_is_done_and_not_for_ever(client_of, consulent, zaanstad, service):
    browser, htmx = client_of(consulent), {"HX-Request": "true"}
    browser.post(PAGE)
    piece = text(browser.get(PAGE, headers=htmx))
    assert "every 2s" in piece
    assert "<html" not in piece
    Booklet.objects.update(asked_at=timezone.now() - datetime.timedelta(minutes=11))
    piece = text(browser.get(PAGE, headers=htmx))
    assert "every 2s" not in piece
    assert "Dit duurt langer dan gewoon" in piece
    jobs.make_next()
    assert browser.get(PAGE, headers=htmx)["HX-Refresh"] == "true"


def test_the_page_tells_how_far_it_is(client_of, consulent, zaanstad, service):
    actions.ask_booklet(municipality=zaanstad, by=consulent)
    Booklet.objects.update(done=30, total=60)
    assert 'value="50"' in text(client_of(consulent).get(PAGE))


def test_the_former_one_can_be_fetched_while_a_new_one_is_made(client_of, consulent, service):
    browser = client_of(consulent)
    browser.post(PAGE)
    jobs.make_next()
    browser.post(PAGE)
    assert "Het vorige boekje" in text(browser.get(PAGE))
    assert browser.get(PAPER).status_code == 200


def test_an_empty_sociale_kaart_makes_no_booklet(client_of, consulent, zaanstad):
    with pytest.raises(Refused, match="nog geen aanbod"):
        actions.ask_booklet(municipality=zaanstad, by=consulent)
    browser = client_of(consulent)
    assert "Er staat nog geen aanbod op de sociale kaart van Zaanstad." in text(browser.post(PAGE, follow=True))


def test_what_was_taken_off_meanwhile_makes_no_booklet_either(client_of, consulent, zaanstad, service):
    actions.ask_booklet(municipality=zaanstad, by=consulent)
    Service.objects.update(status="paused")
    jobs.make_next()
    assert "Er staat geen aanbod meer op de sociale kaart van Zaanstad." in text(client_of(consulent).get(PAGE))


def test_more_than_a_booklet_can_hold_is_refused_before_it_is_made(consulent, zaanstad, service, settings):
    settings.BOOKLET_MAX_SERVICES = 1
    make_service(service.organisation, "Nog een")
    with pytest.raises(Refused, match="meer aanbod"):
        actions.ask_booklet(municipality=zaanstad, by=consulent)


def test_the_page_asks_as_much_for_one_booklet_as_for_many(client_of, consulent, zaanstad, service):
    browser = client_of(consulent)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.get(PAGE)
        return len(asked)

    actions.ask_booklet(municipality=zaanstad, by=consulent)
    jobs.make_next()
    queries()
    few = queries()
    made = Booklet.objects.get()
    for _ in range(20):
        made.pk = None
        made.id = Booklet._meta.pk.get_default()
        made.save(force_insert=True)
    assert queries() == few


# Making ---------------------------------------------------------------------------------------------------------------


def test_a_mistake_of_ours_is_said_and_can_be_tried_again(client_of, consulent, service, monkeypatch, caplog):
    browser = client_of(consulent)
    browser.post(PAGE)
    with monkeypatch.context() as broken:
        broken.setattr(paper, "make", lambda *_: 1 / 0)
        jobs.make_next()
    assert "did not succeed" in caplog.text
    page = text(browser.get(PAGE))
    assert "Het boekje is niet gelukt" in page
    assert "Probeer het opnieuw" in page
    browser.post(PAGE)
    jobs.make_next()
    assert "Klaar om op te halen" in text(browser.get(PAGE))


def test_what_ends_the_worker_every_time_is_given_up(consulent, zaanstad, service):
    job = actions.ask_booklet(municipality=zaanstad, by=consulent)
    Booklet.objects.update(attempts=jobs.ATTEMPTS)
    jobs.make_next()
    job.refresh_from_db()
    assert job.state == Booklet.State.FAILED


def test_an_import_gets_its_turn_between_two_booklets(consulent, zaanstad, service, monkeypatch):
    job = make_import(consulent)
    Import.objects.filter(pk=job.pk).update(state=Import.State.CONFIRMED)
    actions.ask_booklet(municipality=zaanstad, by=consulent)
    taken = []
    monkeypatch.setattr("trail.management.commands.outbox_worker.on_a_connection_of_its_own", taken.append)
    worker = Command()
    worker.at_work = type("Nobody", (), {"is_alive": lambda self: False})()
    worker.take_up_work()
    worker.at_work.join()
    assert [work.__module__ for work in taken] == ["sociale_kaart.exchange.jobs"]


def test_it_goes_after_some_days_and_one_that_is_being_made_stays(consulent, zaanstad, service, settings):
    now = timezone.now()
    actions.ask_booklet(municipality=zaanstad, by=consulent, now=now)
    jobs.make_next()
    waiting = actions.ask_booklet(municipality=zaanstad, by=consulent, now=now)
    late = now + datetime.timedelta(days=settings.BOOKLET_KEPT_DAYS)
    actions.forget_old_booklets(now=late)
    assert Booklet.objects.count() == 2
    actions.forget_old_booklets(now=late + datetime.timedelta(minutes=1))
    assert list(Booklet.objects.all()) == [waiting]
    assert not BookletFile.objects.exists()

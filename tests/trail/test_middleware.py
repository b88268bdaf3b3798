"""One transaction round every request: what stays, what is undone, and what is shown when the database is not there."""

import threading
import uuid

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.trail.pages import KEY
from trail.middleware import NO_REQUEST, current_request
from trail.models import AccessLogEntry, HandledForm

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.trail.pages")]


@pytest.fixture
def visitor() -> Client:
    """Shows error pages as a visitor gets them, instead of raising the error in the test."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("address", "status"), [("fine", 200), ("not-found", 404), ("refused", 403)])
def test_what_was_logged_stays_also_when_the_answer_is_a_refusal(visitor, address, status):
    assert visitor.get(f"/{address}/").status_code == status
    assert AccessLogEntry.objects.count() == 1


@pytest.mark.parametrize("address", ["error", "error-as-answer", "error-while-rendering"])
def test_an_error_undoes_everything_wherever_it_happens(visitor, address):
    response = visitor.get(f"/{address}/")
    assert response.status_code == 500
    assert b"secret detail" not in response.content
    assert not AccessLogEntry.objects.exists()


@pytest.mark.parametrize("address", ["database-gone", "connection-cut"])
def test_a_database_that_goes_away_is_a_page_that_says_so(visitor, address):
    response = visitor.get(f"/{address}/")
    assert response.status_code == 503
    assert "even niet bereikbaar" in response.text
    assert "secret detail" not in response.text
    assert not AccessLogEntry.objects.exists()
    assert visitor.get("/fine/").status_code == 200  # and the next request is served


@pytest.mark.parametrize("address", ["fine", "gezond"])
def test_a_database_that_is_not_there_at_all_is_a_page_that_says_so(visitor, address):
    connection.close()
    usual, connection.settings_dict["OPTIONS"] = connection.settings_dict["OPTIONS"], {"host": "/nowhere"}
    try:
        response = visitor.get(f"/{address}/")
    finally:
        connection.close()
        connection.settings_dict["OPTIONS"] = usual
    assert response.status_code == 503
    assert "/nowhere" not in response.text


def test_a_row_that_somebody_else_keeps_locked_does_not_keep_a_visitor_waiting(visitor):
    HandledForm.objects.create(key=KEY, verb="probe", user_id=uuid.uuid4())
    locked, done = threading.Event(), threading.Event()

    def keep_locked():
        with transaction.atomic():
            HandledForm.objects.select_for_update().get(key=KEY)
            locked.set()
            done.wait(20)
        connection.close()

    keeper = threading.Thread(target=keep_locked)
    keeper.start()
    try:
        assert locked.wait(20)
        assert visitor.get("/waits-for-a-lock/").status_code == 503
    finally:
        done.set()
        keeper.join()


def test_the_key_of_somebody_elses_form_is_a_bad_request_and_no_crash(visitor):
    HandledForm.objects.create(key=KEY, verb="probe", user_id=uuid.uuid4(), result_id=uuid.uuid4())
    assert visitor.get("/foreign-key-of-a-form/").status_code == 400


def test_the_log_knows_where_a_request_came_from_and_forgets_it_afterwards(visitor):
    visitor.get("/fine/", REMOTE_ADDR="2001:db8::7")
    visitor.get("/fine/", REMOTE_ADDR="192.0.2.7")
    first, second = AccessLogEntry.objects.order_by("pk")
    assert (first.ip, second.ip) == ("2001:db8::7", "192.0.2.7")
    assert first.request_id != second.request_id
    assert current_request.get() == NO_REQUEST

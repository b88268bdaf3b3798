"""One transaction round every request: what stays, what is undone, and what is shown when the database is not there."""

import threading
import uuid

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.trail.pages import KEY
from trail.access_log import NO_REQUEST, current_request
from trail.models import AccessLogEntry, HandledForm

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.trail.pages")]


@pytest.fixture
def visitor() -> Client:
    """Shows error pages as a visitor gets them, instead of raising the error in the test."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "events"),
    [("fine", 200, ["view"]), ("not-found", 404, ["view"]), ("refused", 403, ["view", "denied"])],
)
def test_what_was_logged_stays_also_when_the_answer_is_a_refusal(visitor, address, status, events):
    assert visitor.get(f"/{address}/").status_code == status
    assert [row.event for row in AccessLogEntry.objects.order_by("pk")] == events


@pytest.mark.parametrize("address", ["denied-then-error", "denied-then-error-as-answer"])
def test_an_attempt_that_was_refused_stays_when_an_error_undoes_the_rest(visitor, address):
    assert visitor.get(f"/{address}/").status_code == 500
    rows = AccessLogEntry.objects.order_by("pk")
    assert [(row.event, row.outcome) for row in rows] == [("denied", "denied"), ("error", "error")]


def test_a_look_that_cannot_be_logged_is_not_shown_whatever_the_view_makes_of_it(visitor):
    response = visitor.get("/shown-without-a-row/")
    assert response.status_code == 500
    assert "Anna" not in response.text
    assert [row.event for row in AccessLogEntry.objects.order_by("pk")] == ["error"]


def test_an_error_at_the_commit_is_written_down_too(visitor):
    assert visitor.get("/error-at-commit/").status_code == 500
    assert [row.event for row in AccessLogEntry.objects.order_by("pk")] == ["error"]


def test_the_page_of_an_error_asks_nothing_of_the_database(visitor, monkeypatch):
    monkeypatch.setattr("trail.middleware.record_what_went_wrong", lambda *_: None)
    with CaptureQueriesContext(connection) as asked:
        assert visitor.get("/error/").status_code == 500
    assert [query["sql"].split()[0] for query in asked] == [
        "BEGIN",
        "SELECT",
        "INSERT",
        "ROLLBACK",
    ]  # who asks, and the view


@pytest.mark.parametrize("address", ["error", "error-as-answer", "error-while-rendering"])
def test_an_error_undoes_everything_wherever_it_happens(visitor, address):
    response = visitor.get(f"/{address}/")
    assert response.status_code == 500
    assert b"secret detail" not in response.content
    row = AccessLogEntry.objects.get()  # of what it did itself nothing is left
    assert (row.event, row.outcome, row.object_type) == ("error", "error", "page")
    assert row.request_id is not None


@pytest.mark.parametrize("address", ["database-gone", "connection-cut"])
def test_a_database_that_goes_away_is_a_page_that_says_so(visitor, address):
    response = visitor.get(f"/{address}/")
    assert response.status_code == 503
    assert "even niet bereikbaar" in response.text
    assert "secret detail" not in response.text
    assert [row.event for row in AccessLogEntry.objects.order_by("pk")] == ["error"]  # the database was back by then
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
    assert [row.outcome for row in AccessLogEntry.objects.all()] == ["denied"]


def test_the_log_knows_where_a_request_came_from_and_forgets_it_afterwards(visitor):
    visitor.get("/fine/", REMOTE_ADDR="2001:db8::7")
    visitor.get("/fine/", REMOTE_ADDR="192.0.2.7")
    first, second = AccessLogEntry.objects.order_by("pk")
    assert (first.ip, second.ip) == ("2001:db8::7", "192.0.2.7")
    assert first.request_id != second.request_id
    assert current_request.get() == NO_REQUEST

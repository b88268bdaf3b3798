import threading
import uuid

import pytest
from django.db import connection, transaction

from trail.actions import ForeignFormKey, SentBefore, claim_once, record_access, record_access_to_many, settle_once
from trail.models import AccessLogEntry, HandledForm


class Person:
    """Somebody with a key and nothing else: the trail knows people by UUID only."""

    def __init__(self):
        self.pk = uuid.uuid4()


# A form that is sent in twice -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_form_that_comes_back_is_told_the_first_result():
    person, key, result = Person(), uuid.uuid4(), uuid.uuid4()
    assert claim_once(key=key, verb="refer", by=person) == (True, None)
    settle_once(key=key, result=result)
    assert claim_once(key=key, verb="refer", by=person) == (False, result)


@pytest.mark.django_db
def test_a_form_whose_input_was_refused_may_be_sent_in_again():
    person, key = Person(), uuid.uuid4()
    claim_once(key=key, verb="refer", by=person)
    assert claim_once(key=key, verb="refer", by=person) == (True, None)


@pytest.mark.django_db
def test_a_form_that_comes_back_with_something_else_is_refused():
    person, key, result = Person(), uuid.uuid4(), uuid.uuid4()
    claim_once(key=key, verb="refer", by=person, digest="a")
    assert claim_once(key=key, verb="refer", by=person, digest="b") == (True, None)  # the first was refused
    settle_once(key=key, result=result)
    assert claim_once(key=key, verb="refer", by=person, digest="b") == (False, result)
    assert claim_once(key=key, verb="refer", by=person) == (False, result)  # who does not say, is not checked
    with pytest.raises(SentBefore):
        claim_once(key=key, verb="refer", by=person, digest="a")


@pytest.mark.django_db
def test_a_key_belongs_to_one_person_and_one_form():
    person, key = Person(), uuid.uuid4()
    claim_once(key=key, verb="refer", by=person)
    settle_once(key=key, result=uuid.uuid4())
    with pytest.raises(ForeignFormKey):
        claim_once(key=key, verb="refer", by=Person())
    with pytest.raises(ForeignFormKey):
        claim_once(key=key, verb="invite", by=person)


def together(count: int, act) -> list:
    """The same act in so many threads at once, each in a transaction of its own; returns what each returned."""
    start, results = threading.Barrier(count), []

    def one():
        try:
            start.wait(20)
            with transaction.atomic():
                results.append(act())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    return results


@pytest.mark.django_db(transaction=True)
def test_of_simultaneous_clicks_one_is_first_and_the_others_hear_its_result():
    person, key = Person(), uuid.uuid4()

    def click():
        first, result = claim_once(key=key, verb="refer", by=person)
        if first:
            result = uuid.uuid4()
            settle_once(key=key, result=result)
        return first, result

    results = together(6, click)
    assert sorted(first for first, _ in results) == [False] * 5 + [True]
    assert len({result for _, result in results}) == 1


@pytest.mark.django_db(transaction=True)
def test_when_the_first_of_two_clicks_is_undone_the_second_counts():
    person, key = Person(), uuid.uuid4()
    claimed, go_on = threading.Event(), threading.Event()

    def first():
        try:
            with transaction.atomic():
                claim_once(key=key, verb="refer", by=person)
                claimed.set()
                go_on.wait(20)
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert claimed.wait(20)
    threading.Timer(0.3, go_on.set).start()
    with transaction.atomic():
        assert claim_once(key=key, verb="refer", by=person) == (True, None)
    thread.join()
    assert HandledForm.objects.count() == 1


# The access log -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_look_is_logged_with_who_for_whom_in_which_role_and_what(sender):
    subject = uuid.uuid4()
    record_access(by=sender, event="view", action="R", obj=sender, subject=subject, fields=("name", "phone"))
    entry = AccessLogEntry.objects.get()
    assert (entry.user_id, entry.organisation_id, entry.role) == (sender.pk, sender.organisation_id, "verwijzer")
    assert (entry.event, entry.action, entry.outcome, entry.relation) == ("view", "R", "ok", "owner")
    assert (entry.object_type, entry.object_id, entry.subject_id) == ("accounts.user", str(sender.pk), subject)
    assert entry.fields == ["name", "phone"]
    assert entry.at is not None
    assert entry.policy_version
    assert (entry.ip, entry.request_id) == (None, None)  # no request: a job


@pytest.mark.django_db
def test_somebody_unknown_can_be_logged_too():
    record_access(by=None, event="login_failed", action="E", outcome="denied")
    entry = AccessLogEntry.objects.get()
    assert (entry.user_id, entry.organisation_id, entry.role, entry.outcome) == (None, None, "", "denied")


@pytest.mark.django_db
def test_a_list_logs_everyone_on_it_in_one_statement(sender, django_assert_num_queries):
    assert sender.acting is not None
    subjects = [uuid.uuid4() for _ in range(20)]
    with django_assert_num_queries(1):
        record_access_to_many(by=sender, event="search", subjects=subjects, filters=("naam",))
    assert set(AccessLogEntry.objects.values_list("subject_id", flat=True)) == set(subjects)
    assert set(AccessLogEntry.objects.values_list("hit_count", flat=True)) == {20}


@pytest.mark.django_db(transaction=True)
def test_each_row_has_the_time_of_its_own_and_not_of_its_transaction():
    with transaction.atomic():
        record_access(by=None, event="view", action="R")
        record_access(by=None, event="view", action="R")
    first, second = AccessLogEntry.objects.order_by("pk")
    assert first.at < second.at

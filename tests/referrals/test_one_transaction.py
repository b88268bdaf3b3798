"""A change, its step in the history, its row in the log and its mail: all of them or none. And a row that is taken."""

import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from intake.models import TimelineEvent
from mantelzorg.principals import acting, member
from referrals.models import Referral, ReferralEvent
from referrals.transitions import State
from tests.factories import fresh, make_referral, make_service
from tests.markup import Page
from trail.models import AccessLogEntry, OutboxMessage

pytestmark = pytest.mark.django_db(transaction=True)

FAILS = {
    "the change": "referrals.models.Referral.save",
    "the step in the history": "referrals.moving.ReferralEvent.objects.create",
    "the line in her timeline": "intake.models.TimelineEvent.objects.bulk_create",
    "the row in the log": "referrals.moving.record_access",
    "the mail": "referrals.moving.enqueue_mail",
}


@pytest.fixture
def sent(sender, steunpunt):
    return make_referral(State.SENT, sender=sender, service=make_service(steunpunt))


@pytest.fixture
def browser(client_of, receiver) -> Client:
    """Shows what goes wrong as a visitor gets it."""
    browser = client_of(receiver)
    browser.raise_request_exception = False
    return browser


def what_there_is(referral) -> tuple:
    return (
        Referral.objects.get(pk=referral.pk).state,
        ReferralEvent.objects.count(),
        TimelineEvent.objects.count(),
        OutboxMessage.objects.count(),
        AccessLogEntry.objects.filter(event="refer_accept").count(),
    )


@pytest.mark.parametrize("what", FAILS)
def test_when_one_of_them_fails_none_of_the_others_stands(what, sent, browser, monkeypatch):
    before = what_there_is(sent)

    def fail(*args, **kwargs):
        raise IntegrityError("made to fail")

    with monkeypatch.context() as patch:
        patch.setattr(FAILS[what], fail)
        response = browser.post(reverse("referral_accept", args=[sent.pk]))
    assert response.status_code == 500
    assert what_there_is(sent) == before
    assert browser.post(reverse("referral_accept", args=[sent.pk])).status_code == 302
    after = what_there_is(sent)
    assert after[0] == State.ACCEPTED
    assert all(now > then for now, then in zip(after[1:], before[1:], strict=True))


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_a_row_that_somebody_else_keeps_is_said_to_be_taken(sent, sender, browser, headers):
    before = what_there_is(sent)
    taken, over = threading.Event(), threading.Event()

    person = fresh(sender)

    def keep():
        with transaction.atomic(), acting(member(person)):
            Referral.objects.select_for_update().get(pk=sent.pk)
            taken.set()
            over.wait(timeout=30)
        connections["default"].close()

    other = threading.Thread(target=keep)
    other.start()
    try:
        assert taken.wait(timeout=10)
        response = browser.post(reverse("referral_decline", args=[sent.pk]), WHY_NOT, headers=headers)
    finally:
        over.set()
        other.join(timeout=10)
    assert response.status_code == 503
    assert "Iemand anders is hier nu mee bezig" in response.content.decode()
    assert response["Retry-After"] == "5"
    again = next(form for form in Page(response.content.decode()).forms if form.buttons)
    assert again.get("action") == reverse("referral_decline", args=[sent.pk])
    typed = again.as_it_stands()
    assert typed.pop("csrfmiddlewaretoken")
    assert typed == {name: [value] for name, value in WHY_NOT.items()}
    assert what_there_is(sent) == before
    assert browser.post(again.get("action"), typed).status_code == 302
    assert connection.in_atomic_block is False


WHY_NOT = {"reason": "geen-plek", "note": "Wij zijn vol."}

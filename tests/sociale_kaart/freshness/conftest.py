import datetime
import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from mantelzorg import principals
from sociale_kaart.freshness import jobs
from sociale_kaart.models import CheckRequest, Service
from tests.factories import make_organisation, make_service
from trail.actions import send_next
from trail.models import OutboxMessage

# A Monday morning, in office hours; and the Sunday before it.
MONDAY = timezone.make_aware(datetime.datetime(2026, 11, 23, 10, 0))
SUNDAY = MONDAY - datetime.timedelta(days=1)
NIGHT = MONDAY.replace(hour=3)
DAY = datetime.timedelta(days=1)


def due(organisation, name, days=3, *, now=MONDAY, **fields) -> Service:
    """A published service that had to be checked so many days ago."""
    today = timezone.localdate(now)
    service = make_service(organisation, name, **{"municipalities": ["GM0479"]} | fields)
    Service.objects.filter(pk=service.pk).update(next_check_on=today - days * DAY, checked_on=today - 200 * DAY)
    service.refresh_from_db()
    return service


def mailed() -> list[OutboxMessage]:
    with principals.acting(principals.job("mail")):
        return list(OutboxMessage.objects.order_by("created_at"))


def send_all(now) -> list:
    mail.outbox.clear()
    with principals.acting(principals.job("mail")):
        while send_next(now=now + DAY * 400):
            pass
    return mail.outbox


@pytest.fixture
def linden(db):
    return make_organisation(
        "Logeerhuis De Linden", uses_portal=False, municipalities=["GM0479"], email="info@delinden.example"
    )


@pytest.fixture
def stay(linden):
    return due(linden, "Logeren", phone="075 555 0199")


@pytest.fixture
def question(stay) -> CheckRequest:
    """What the job asked about it just now, by the clock of today."""
    return ask_now(stay)


def ask_now(*services) -> CheckRequest:
    from sociale_kaart.freshness.actions import _ask

    organisation = services[0].organisation
    return _ask(organisation, organisation.email, services, by=None, now=timezone.now())


def link(question, slug="") -> str:
    if slug:
        return reverse("check_correct", args=[question.token, slug])
    return reverse("check_by_link", args=[question.token])


def link_in(text: str) -> str:
    return re.search(r"http://localhost:8000(/klopt-nog/\S+/)", text)[1]


def ask(now=MONDAY) -> int:
    return jobs.ask_owners(now=now)

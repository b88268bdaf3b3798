import datetime

import pytest
from django.test import Client
from django.utils import timezone

from trail.actions import beat

pytestmark = pytest.mark.django_db


def test_anyone_may_ask_and_hears_no_details(client: Client):
    beat(name="outbox_worker", now=timezone.now())
    response = client.get("/gezond/")
    assert (response.status_code, response.text) == (200, "gezond\n")
    assert response["Cache-Control"] == "no-store"


def test_a_silent_worker_is_not_healthy(client: Client):
    assert client.get("/gezond/").status_code == 503
    beat(name="outbox_worker", now=timezone.now() - datetime.timedelta(minutes=3))
    response = client.get("/gezond/")
    assert (response.status_code, response.text) == (503, "niet gezond\n")


def test_it_costs_one_query(client: Client, django_assert_num_queries):
    beat(name="outbox_worker", now=timezone.now())
    with django_assert_num_queries(4):  # savepoint, who is asking, the heartbeat, release
        client.get("/gezond/")

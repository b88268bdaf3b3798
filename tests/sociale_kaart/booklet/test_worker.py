"""A booklet as it is made in production: a worker of its own, and a real kill halfway."""

import time

import pytest
from django.db import connection

from sociale_kaart.booklet import actions, jobs
from sociale_kaart.models import Booklet, BookletFile
from tests.factories import make_organisation, make_service, municipality
from tests.sociale_kaart.exchange.test_worker import start  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db(transaction=True)


def working() -> bool:
    """Somebody holds the lock of the one booklet at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [jobs.LOCK])
        return cursor.fetchone()[0] > 0


def wait_until(question, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_worker_that_is_killed_halfway_leaves_nothing_and_the_next_makes_it(start, consulent):  # noqa: F811
    welfare = make_organisation("Welzijn Oost", municipalities=["GM0479"])
    for number in range(60):
        make_service(welfare, f"Aanbod {number}", description="Hier staat wat het is. " * 30)
    job = actions.ask_booklet(municipality=municipality("GM0479"), by=consulent)
    worker = start()
    wait_until(working)
    wait_until(lambda: Booklet.objects.filter(attempts=1).exists())  # what it tells, is seen while it is at work
    worker.kill()
    worker.wait()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Booklet.State.WAITING, 1)
    assert not BookletFile.objects.exists()
    start()
    wait_until(lambda: Booklet.objects.filter(state=Booklet.State.DONE).exists())
    job.refresh_from_db()
    assert (job.attempts, job.services) == (2, 60)
    assert bytes(job.file.content).startswith(b"%PDF")

"""The import as it runs in production: a worker of its own, real kills, two at once."""

import subprocess
import threading
import time

import pytest
from django.db import connection

from sociale_kaart.exchange import actions, jobs
from sociale_kaart.models import Import, Organisation, Service
from tests.deployment import PROJECT, command_of, environment_of
from tests.production import database_url
from tests.sociale_kaart.exchange.test_large import large
from tests.trail.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 900


@pytest.fixture
def start():
    workers = []
    with MailServer() as server:

        def start_worker() -> subprocess.Popen:
            environment = environment_of(
                "worker",
                DJANGO_SETTINGS_MODULE="tests.trail.worker_settings",
                DATABASE_URL=database_url(),
                EMAIL_HOST="127.0.0.1",
                EMAIL_PORT=str(server.port),
                EMAIL_USE_TLS="false",
            )
            workers.append(subprocess.Popen(command_of("worker"), env=environment, cwd=PROJECT))
            return workers[-1]

        yield start_worker
        for worker in workers:
            worker.kill()
            worker.wait()


def wait_for(job: Import, state: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while job.state != state:
        assert time.monotonic() < deadline, f"{job.state}: {job.message}"
        time.sleep(0.05)
        job.refresh_from_db()


def made() -> int:
    return Service.objects.filter(name__startswith="Aanbod ").count()


def test_a_killed_worker_leaves_nothing_half_imported(start, functional_admin):
    job = actions.start_import(by=functional_admin, file_name="groot.csv", content=large(ROWS).encode())
    worker = start()
    wait_for(job, "klaar")
    actions.confirm_import(job=job, by=functional_admin)
    seen = set()
    for pause in (0.2, 0.5, 0.8):
        deadline = time.monotonic() + 30
        while not working() and made() == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(pause)
        worker.kill()
        worker.wait()
        job.refresh_from_db()
        seen.add((made(), job.state))
        worker = start()
    wait_for(job, "verwerkt")
    assert made() == ROWS
    assert seen <= {(0, "akkoord"), (ROWS, "verwerkt")}
    assert (0, "akkoord") in seen


def working() -> bool:
    """Somebody holds the lock of the one import at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [jobs.LOCK])
        return cursor.fetchone()[0] > 0


def test_two_workers_at_once_make_nothing_twice(functional_admin, consulent):
    text = large(60).encode()
    files = [actions.start_import(by=by, file_name="een.csv", content=text) for by in (functional_admin, consulent)]
    jobs.work()
    for job, by in zip(files, (functional_admin, consulent), strict=True):
        job.refresh_from_db()
        actions.confirm_import(job=job, by=by)
    both = [threading.Thread(target=work_apart) for _ in files]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    jobs.work()
    for job in files:
        job.refresh_from_db()
    assert sorted(job.state for job in files) == ["klaar", "verwerkt"]  # one winner, and one new preview
    (second,) = [job for job in files if job.state == "klaar"]
    assert second.message.startswith("Sinds je voorbeeld is hier iets veranderd")
    assert made() == 60
    assert Organisation.objects.filter(name__startswith="Organisatie ").count() == 2


def work_apart() -> None:
    try:
        jobs.work()
    finally:
        connection.close()

"""The worker as it runs in production: real processes, a real mail server on this computer, and real kills."""

import math
import signal
import subprocess
import time
from collections import Counter

import pytest
from django.db import connection, transaction

from mantelzorg.rights import roles
from tests.deployment import PROJECT, command_of, environment_of
from tests.production import database_url
from tests.trail.mail_server import MailServer
from trail.actions import enqueue_mail
from trail.management.commands.outbox_worker import Command
from trail.models import Heartbeat, OutboxMessage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def start():
    """`start(server)` starts a worker that sends to that mail server. None outlives the test."""
    workers = []

    def start_worker(server: MailServer, *options: str) -> subprocess.Popen:
        environment = environment_of(
            "worker",
            DJANGO_SETTINGS_MODULE="tests.trail.worker_settings",
            DATABASE_URL=database_url(),
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=str(server.port),
            EMAIL_USE_TLS="false",
        )
        workers.append(subprocess.Popen([*command_of("worker"), *options], env=environment, cwd=PROJECT))
        return workers[-1]

    yield start_worker
    for worker in workers:
        if worker.poll() is None:
            worker.kill()
        worker.wait()


def enqueue(count: int) -> set[str]:
    """Returns the Message-IDs these mails will have."""
    with transaction.atomic():
        rows = [enqueue_mail(template="plain", to="sanne@voorbeeld.example", context={}) for _ in range(count)]
    return {f"<{row.pk}@portaal.example>" for row in rows}


def wait_until(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def all_sent() -> bool:
    return not OutboxMessage.objects.filter(sent_at=None).exists()


def test_two_workers_together_send_every_mail_once(start):
    expected = enqueue(60)
    with MailServer(seconds_per_mail=0.02) as server:
        start(server)
        start(server)
        wait_until(all_sent)
    assert Counter(server.message_ids) == Counter(expected)


def test_killing_the_worker_again_and_again_loses_no_mail(start):
    expected = enqueue(40)
    kills = 0
    with MailServer(seconds_per_mail=0.1) as server:
        worker = start(server)
        while kills < 5:
            wait_until(server.busy.is_set)
            worker.kill()
            worker.wait()
            kills += 1
            worker = start(server)
        wait_until(all_sent)
    counted = Counter(server.message_ids)
    assert set(counted) == expected  # none lost; a double has the Message-ID of the first
    assert counted.total() - len(expected) <= kills


def test_a_worker_that_is_told_to_stop_finishes_the_mail_in_hand(start):
    enqueue(3)
    with MailServer(seconds_per_mail=1) as server:
        worker = start(server)
        wait_until(server.busy.is_set)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=20) == 0
    assert len(server.mails) == 1
    assert OutboxMessage.objects.exclude(sent_at=None).count() == 1


def test_a_worker_outlives_its_connection_to_the_database(start):
    enqueue(1)
    with MailServer() as server:
        worker = start(server)
        wait_until(all_sent)
        with roles.as_admin() as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s",
                [connection.settings_dict["NAME"], connection.connection.info.backend_pid],
            )
        enqueue(1)
        wait_until(all_sent)
        assert worker.poll() is None
    assert len(server.mails) == 2


def test_once_sends_what_is_due_and_ends(start):
    expected = enqueue(3)
    with MailServer() as server:
        assert start(server, "--once").wait(timeout=30) == 0
    assert set(server.message_ids) == expected
    assert Heartbeat.objects.filter(name="outbox_worker").exists()


def test_a_mailbox_that_does_not_exist_is_noted_with_the_mail(start):
    enqueue(1)
    with MailServer(refuses=True) as server:
        assert start(server, "--once").wait(timeout=30) == 0
    message = OutboxMessage.objects.get()
    assert message.attempts == 1
    assert "no such mailbox" in message.last_error


def test_everything_that_happens_by_itself_exists_and_can_be_repeated(caplog, settings, tmp_path):
    settings.LOG_DIGEST_DIR = tmp_path
    worker = Command()
    for _ in range(2):
        worker.last_hour = -math.inf
        worker.do_what_happens_by_itself()
    assert not caplog.records
    settings.EVERY_HOUR = ["trail.actions.nothing_by_this_name", "referrals.clock.expire_due"]
    worker.last_hour = -math.inf
    worker.do_what_happens_by_itself()
    assert ["nothing_by_this_name" in record.getMessage() for record in caplog.records] == [True]

"""The real processes: gunicorn with one worker, and the outbox worker. For peak memory, and to measure over HTTP."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from benchmarks.measuring import Answer, Place, cpu_of
from benchmarks.pages import Request

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 60


def _environment(database: str, **more: str) -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "BENCH_DATABASE": database, **more}


@contextmanager
def _running(*command: str, database: str, **more: str) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        command, cwd=PROJECT, env=_environment(database, **more), stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Server:
    """One gunicorn with one worker in front of one database."""

    def __init__(self, master: int, port: int, database: str):
        self.master, self.port, self.database = master, port, database

    @property
    def worker(self) -> int:
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
        return int(children[0])

    def backends(self) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
                " AND pid <> pg_backend_pid()",
                [self.database],
            )
            return [pid for (pid,) in cursor.fetchall()]

    def fetch(self, request: Request, cookie: str) -> tuple[int, bytes]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": cookie, "Host": "localhost", **request.headers}
        if request.data is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        link.request(request.method, request.path, body=request.body or None, headers=headers)
        answer = link.getresponse()
        body = answer.read()
        link.close()
        return answer.status, body


@contextmanager
def web_server(database: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "mantelzorg/gunicorn.py", "--max-requests", "0"]
    more = {"BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "1", "WEB_LOG_LEVEL": "warning"}
    with _running(*command, database=database, **more) as process:
        server = Server(process.pid, port, database)
        _wait_for(server, process)
        yield server


def _wait_for(server: Server, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            server.fetch(Request("/privacy/"), "")
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


class OverHttp:
    """Asks the gunicorn of each place; CPU is that of its worker and of the database's processes behind it."""

    def ask(self, request: Request, place: Place) -> Answer:
        pids = place.server.backends()
        app, database = cpu_of(place.server.worker) or 0, sum(cpu_of(pid) or 0 for pid in pids)
        wall = time.perf_counter_ns()
        status, body = place.server.fetch(request, place.world.cookies[request.as_whom])
        wall = time.perf_counter_ns() - wall
        time.sleep(0.002)  # the worker closes the connection after we have our answer
        app = (cpu_of(place.server.worker) or 0) - app
        database = sum(cpu_of(pid) or 0 for pid in pids) - database
        return Answer(status, body, app / 1e6, database / 1e6, wall / 1e6)


# Memory -------------------------------------------------------------------------------------------------------------


def peak_of(pid: int) -> float | None:
    """The most memory that a process ever held (RSS), in MB; None where it cannot be seen."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(lines["VmHWM"].split()[0]) / 1024


def memory_of_web(place: Place, asks: list[Request], papers: list[Request]) -> tuple[float | None, float | None]:
    """The peak of a web process after all pages a few times, and after some papers too."""
    with web_server(place.name) as server:
        for request in asks * 5:
            server.fetch(request, place.world.cookies[request.as_whom])
        pages = peak_of(server.worker)
        for request in papers * 10:
            server.fetch(request, place.world.cookies[request.as_whom])
        return pages, peak_of(server.worker)


def memory_of_worker(place: Place, mails: int = 200) -> tuple[float | None, float]:
    """The peak of the outbox worker while it sends, and how many mails a second it sent (to files)."""
    from trail.actions import enqueue_mail

    for number in range(mails):
        context = {"line": "Er staat een nieuwe verwijzing voor jullie klaar.", "number": "BCDF-GHJK", "path": "/"}
        enqueue_mail(template="referral_news", to=f"bench{number}@voorbeeld.example", context=context)
    started = time.monotonic()
    with _running(sys.executable, "manage.py", "outbox_worker", database=place.name) as process:
        while _is_mail_waiting() and time.monotonic() - started < PATIENCE:
            if process.poll() is not None:
                break
            time.sleep(0.05)
        seconds = time.monotonic() - started
        peak = peak_of(process.pid)
    shutil.rmtree(settings.EMAIL_FILE_PATH, ignore_errors=True)
    return peak, mails / seconds


def _is_mail_waiting() -> bool:
    from mantelzorg import principals
    from trail.models import OutboxMessage

    with principals.acting(principals.job("mail")):
        return OutboxMessage.objects.filter(sent_at=None).exists()

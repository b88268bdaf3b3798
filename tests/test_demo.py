"""`make demo`, as a newcomer types it: everything comes up, people can log in, and nothing stays behind."""

import contextlib
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request

import pytest

from referrals.demo.people import SECRET, code_at
from tests.deployment import PROJECT

pytestmark = pytest.mark.xdist_group("staticfiles")  # as in test_deployment: both collect the static files

if os.environ.get("DATABASE_URL"):
    pytest.skip("DATABASE_URL is set: a demo would be made in that database", allow_module_level=True)

psutil = pytest.importorskip("psutil")  # comes with the embedded server

PEOPLE = ["poh", "casemanager", "consulent", "coordinator", "beheerder", "logtoezicht", "functioneel", "pom", "buiten"]


@pytest.fixture
def database():
    """A database of its own on the server of the project."""
    import psycopg

    from mantelzorg.embedded_database import use_server

    name = f"probe_demo_{os.getpid()}"
    yield name
    address = use_server(PROJECT).database_url("postgres")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def make_demo(database):
    """`make_demo(port)` types `make demo`. Whatever a failing test leaves behind is ended."""
    demos = []

    def type_make_demo(port: int) -> subprocess.Popen:
        keep = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
        demo = subprocess.Popen(
            ["make", "demo"],
            cwd=PROJECT,
            env={**keep, "PORT": str(port), "MANTELZORG_DB": database, "DEMO_PASSWORD": "een eigen wachtwoord"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        demos.append(demo)
        return demo

    yield type_make_demo
    for demo in demos:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(demo.pid, signal.SIGKILL)
        demo.communicate()


def read_until_ready(demo: subprocess.Popen) -> str:
    said = ""
    for line in demo.stdout:
        said += line
        if "Ctrl-C stops the demo" in line:
            return said
    raise AssertionError(f"the demo stopped before it was ready:\n{said}")


def stop(demo: subprocess.Popen, number: int) -> None:
    children = psutil.Process(demo.pid).children(recursive=True)
    assert len(children) >= 3
    os.killpg(demo.pid, number)  # as a terminal does for Ctrl-C
    rest = demo.communicate(timeout=60)[0]
    assert rest.strip().endswith("Stopped."), rest
    _, left = psutil.wait_procs(children, timeout=10)
    assert left == []


def log_in(port: int, email: str, password: str) -> str:
    """Fills in the log-in form, and the code if it is asked for, and returns where that leads."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    address = f"http://localhost:{port}/account/login/"
    form = {"csrfmiddlewaretoken": token_in(browser.open(address, timeout=20)), "login": email, "password": password}
    answer = browser.open(address, urllib.parse.urlencode(form).encode(), timeout=20)
    if not answer.url.endswith("/account/2fa/authenticate/"):
        return answer.url
    form = {"csrfmiddlewaretoken": token_in(answer), "code": code_at(time.time())}
    return browser.open(answer.url, urllib.parse.urlencode(form).encode(), timeout=20).url


def token_in(answer) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode()).group(1)


def test_make_demo_brings_everything_up_and_takes_everything_down(make_demo):
    port = free_port()
    demo = make_demo(port)
    said = read_until_ready(demo)
    assert f"http://localhost:{port}" in said
    assert all(f"  {name}@demo.example " in said for name in PEOPLE)
    assert "Password of everybody: een eigen wachtwoord" in said
    assert re.search(r"Now it is \d{6}\.", said)
    assert SECRET in said
    with urllib.request.urlopen(f"http://localhost:{port}/gezond/", timeout=20) as answer:
        assert answer.read() == b"gezond\n"  # the web server, the database and the worker
    assert log_in(port, "poh@demo.example", "een eigen wachtwoord") == f"http://localhost:{port}/"
    assert log_in(port, "poh@demo.example", "een ander wachtwoord").endswith("/account/login/")

    second = make_demo(port)
    complaint = second.communicate(timeout=60)[0]
    assert second.returncode != 0
    assert f"Port {port} cannot be used" in complaint
    stop(demo, signal.SIGINT)

    again = make_demo(port)
    said = read_until_ready(again)  # within 10 seconds on a quiet computer, since nothing is made again:
    assert not re.search(r"installing|fetching|\b[1-9]\d* new\b", said, re.IGNORECASE)
    stop(again, signal.SIGTERM)
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=5):
        pass

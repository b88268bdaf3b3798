"""The embedded server with real processes: started once, stopped by the last, and back after every kind of crash."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from mantelzorg import embedded_database
from mantelzorg.embedded_database import EmbeddedServer

if os.environ.get("DATABASE_URL"):
    pytest.skip("DATABASE_URL is set: the embedded server is not used", allow_module_level=True)

USER = """
import sys
from pathlib import Path
from mantelzorg.embedded_database import use_server
print(use_server(Path(sys.argv[1])).database_url("probe"), flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def home():
    """A project folder outside the test folders, with a short path; its server is stopped whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="mz-"))
    folder.chmod(0o755)
    yield folder
    stop_for_certain(folder)
    shutil.rmtree(folder)


def stop_for_certain(folder: Path) -> None:
    server = EmbeddedServer(folder)
    if (server.data / "postmaster.pid").exists():
        server._stop()
    for leftover in {server.data.parent, server.socket_folder} - {folder, server.data}:
        shutil.rmtree(leftover, ignore_errors=True)


def a_user(folder: Path) -> subprocess.Popen:
    """A process that uses the server until it reads a line."""
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=embedded_database.PROJECT,
    )


def address_of(user: subprocess.Popen) -> str:
    address = user.stdout.readline().strip()
    assert address.startswith("postgresql://"), "the process could not use the server"
    return address


def let_go(user: subprocess.Popen) -> None:
    user.communicate("\n", timeout=60)
    assert user.returncode == 0


def postmaster(folder: Path) -> int | None:
    pid_file = EmbeddedServer(folder).data / "postmaster.pid"
    return int(pid_file.read_text().splitlines()[0]) if pid_file.exists() else None


def answers(address: str) -> bool:
    with psycopg.connect(address) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_users_that_start_together_share_one_server_and_the_last_one_stops_it(home):
    users = [a_user(home) for _ in range(5)]
    addresses = {address_of(user) for user in users}
    assert len(addresses) == 1
    assert answers(addresses.pop())
    first = postmaster(home)
    for user in users[:4]:
        let_go(user)
        assert postmaster(home) == first
    let_go(users[4])
    assert postmaster(home) is None


def test_a_killed_user_is_not_counted_any_more(home):
    killed, other = a_user(home), a_user(home)
    address_of(killed)
    address_of(other)
    killed.kill()
    killed.communicate()
    assert postmaster(home) is not None
    let_go(other)
    assert postmaster(home) is None


def test_a_server_whose_users_were_all_killed_is_taken_over(home):
    killed = a_user(home)
    address_of(killed)
    killed.kill()
    killed.communicate()
    left_behind = postmaster(home)
    assert left_behind is not None
    next_user = a_user(home)
    address_of(next_user)
    assert postmaster(home) == left_behind
    let_go(next_user)
    assert postmaster(home) is None


def test_a_killed_server_comes_back_with_what_was_committed(home):
    user = a_user(home)
    with psycopg.connect(address_of(user)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    os.kill(postmaster(home), signal.SIGKILL)
    time.sleep(0.1)
    other = a_user(home)
    with psycopg.connect(address_of(other)) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    let_go(user)
    let_go(other)
    assert postmaster(home) is None


def test_a_pid_file_that_names_somebody_elses_process_does_not_stop_the_start(home):
    user = a_user(home)
    address_of(user)
    data = EmbeddedServer(home).data
    old = (data / "postmaster.pid").read_text()
    owner = (data / "postmaster.pid").stat()
    let_go(user)
    stranger = subprocess.Popen(["sleep", "60"], user=owner.st_uid if os.geteuid() == 0 else None)
    try:
        (data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *old.splitlines()[1:]]))
        os.chown(data / "postmaster.pid", owner.st_uid, owner.st_gid)
        user = a_user(home)
        assert answers(address_of(user))
        let_go(user)
    finally:
        stranger.kill()
        stranger.wait()


def test_a_path_too_long_for_a_socket_gets_one_elsewhere(home):
    deep = home / ("a rather long name, with 'quotes' & spaces " * 2) / ("diep" * 20)
    deep.mkdir(parents=True)
    user = a_user(deep)
    try:
        assert answers(address_of(user))
        let_go(user)
        assert postmaster(deep) is None
    finally:
        stop_for_certain(deep)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root works in folders that the server may not enter")
def test_a_folder_only_root_may_enter_stays_closed(home):
    home.chmod(0o700)
    user = a_user(home)
    assert answers(address_of(user))
    assert home.stat().st_mode & 0o777 == 0o700
    let_go(user)
    assert postmaster(home) is None
    assert (EmbeddedServer(home).data / "PG_VERSION").exists()


def test_a_half_made_folder_is_named(home):
    (home / ".postgres").mkdir()
    (home / ".postgres" / "rest").touch()
    with pytest.raises(ImproperlyConfigured, match="not a whole database"):
        EmbeddedServer(home).enter()


def test_a_folder_of_another_version_is_named(home):
    (home / ".postgres").mkdir()
    (home / ".postgres" / "PG_VERSION").write_text("14\n")
    with pytest.raises(ImproperlyConfigured, match=r"made by PostgreSQL 14 and this is \d+"):
        EmbeddedServer(home).enter()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make somebody else's folder")
def test_a_folder_of_somebody_else_is_named(home, monkeypatch):
    (home / ".postgres").mkdir()
    server = EmbeddedServer(home)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(ImproperlyConfigured, match="belongs to another user"):
        server.enter()


def test_waiting_for_another_start_has_an_end(home):
    (home / "var").mkdir()
    with open(home / "var" / "postgres.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ImproperlyConfigured, match="starting or stopping the embedded PostgreSQL"):
            EmbeddedServer(home, patience=0.2).enter()


def test_a_child_process_made_by_forking_may_outlive_its_parent(home):
    script = USER.replace("sys.stdin.readline()", "import os, time\nif os.fork() == 0:\n    time.sleep(2)\n")
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE, text=True, cwd=embedded_database.PROJECT
    )
    address = address_of(parent)
    assert parent.wait(timeout=30) == 0
    assert answers(address)
    parent.stdout.read()  # ends when the child does
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while postmaster(home) is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert postmaster(home) is None


def test_without_the_wheel_one_sentence_says_what_to_do(monkeypatch, home):
    with monkeypatch.context() as without:
        without.setattr(embedded_database.importlib.util, "find_spec", lambda name: None)
        with pytest.raises(ImproperlyConfigured, match=r"no embedded PostgreSQL for this platform.*set DATABASE_URL"):
            EmbeddedServer(home)


def test_a_database_url_of_ones_own_leaves_the_embedded_server_alone(home):
    script = "import mantelzorg.settings, sys; print('mantelzorg.embedded_database' in sys.modules)"
    environment = {**os.environ, "MANTELZORG_ENV": "demo", "DATABASE_URL": "postgresql://someone@example/elsewhere"}
    printed = subprocess.check_output(
        [sys.executable, "-c", script], env=environment, text=True, cwd=embedded_database.PROJECT
    )
    assert printed == "False\n"

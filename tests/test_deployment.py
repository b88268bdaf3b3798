"""The image and the compose file, as far as they can be tried without a Docker engine: by their own commands."""

import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from functools import partial

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from mantelzorg.rights import roles
from tests.deployment import PROJECT, command_of, compose, environment_of
from tests.production import database_url

pytestmark = pytest.mark.xdist_group("staticfiles")  # as in test_demo: both collect the static files

DOCKERFILE = (PROJECT / "Dockerfile").read_text()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def ask(port: int, path: str, **headers: str):
    """The answer, whatever its status. Headers: X_Forwarded_Proto="https" and the like."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": "portaal.example"} | named)
    try:
        return urllib.request.build_opener(NoRedirect).open(request, timeout=20)
    except urllib.error.HTTPError as answer:
        return answer


@pytest.fixture
def web(transactional_db, tmp_path):
    """The web server with compose's command and environment; yields (process, port, environment)."""
    collect = re.search(r"python manage\.py collectstatic[^\\\n]*", DOCKERFILE).group()
    at_build = environment_of("web", MANTELZORG_ENV="demo", DATABASE_URL="postgresql://nobody@nowhere/nothing")
    subprocess.run([sys.executable, *shlex.split(collect)[1:]], env=at_build, cwd=PROJECT, check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = environment_of("web", DATABASE_URL=database_url(), BIND=f"127.0.0.1:{port}")
    with open(tmp_path / "log", "w+") as log:
        process = subprocess.Popen(command_of("web"), env=environment, cwd=PROJECT, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, (tmp_path / "log").read_text()
                assert time.monotonic() < deadline, "the web server did not start"
                time.sleep(0.1)
        yield process, port, environment
        if process.poll() is None:
            process.kill()
        process.wait()


def test_the_web_server_of_compose_serves_safely_and_stops_when_told(web):
    process, port, environment = web

    plain = ask(port, "/account/login/")
    assert (plain.status, plain.headers["Location"]) == (301, "https://portaal.example/account/login/")
    assert ask(port, "/account/login/", Host="elsewhere.example", X_Forwarded_Proto="https").status == 400

    page = ask(port, "/account/login/", X_Forwarded_Proto="https")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store" or "no-store" in page.headers["Cache-Control"]
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-csrf=")
    assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    stylesheet = re.search(r'href="(/static/build/portaal\.[0-9a-f]+\.css)"', page.read().decode()).group(1)
    assert "immutable" in ask(port, stylesheet, X_Forwarded_Proto="https").headers["Cache-Control"]

    check = [sys.executable, "-m", "scripts.healthcheck"]
    assert f'"{check[2]}"' in DOCKERFILE
    well = {"env": environment, "cwd": PROJECT, "capture_output": True, "check": False}
    assert subprocess.run(check, **well).returncode == 1  # no worker has lived yet
    worker = subprocess.run([*command_of("worker"), "--once"], **well)
    assert worker.returncode == 0, worker.stderr
    assert subprocess.run(check, **well).returncode == 0

    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0


def test_the_deployment_check_of_django_has_nothing_to_say():
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment_of("web"),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "no issues (0 silenced)" in checked.stdout


def test_the_image_runs_without_root_and_with_the_commands_of_compose():
    last_stage = DOCKERFILE.rpartition("FROM ")[2]
    assert re.search(r"^USER portal$", last_stage, re.MULTILINE)
    command = re.search(r"^CMD (\[.*\])$", last_stage, re.MULTILINE).group(1)
    assert command.replace('"', "'") == str(compose()["services"]["web"]["command"])
    assert "HEALTHCHECK" in last_stage


def test_the_image_holds_every_room_and_no_secret():
    taken = {line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    ours = {app for app in settings.INSTALLED_APPS if (PROJECT / app).is_dir()}
    assert ours | {"templates", "static", "manage.py", "requirements.txt"} <= taken
    assert not taken & {".env", ".git", ".postgres", "var", "tests"}
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        assert source == "." or (PROJECT / source).exists()


def test_what_installs_packages_wants_their_hashes():
    installs = re.findall(r"pip install[^\n&]*", DOCKERFILE)
    assert installs
    assert all("--require-hashes" in install for install in installs)


def test_the_database_of_compose_is_waited_for_and_kept():
    services = compose()["services"]
    assert services["postgres"]["image"] == "postgres:18"
    assert services["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    assert services["prepare"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    for service in ("web", "worker"):
        assert services[service]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert services["mail"]["profiles"] == ["try-out"]
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


@pytest.fixture
def empty_database():
    """A database as an installation begins, and the addresses of its administrator, its owner and its application."""
    name = f"{connection.settings_dict['NAME']}_installed"
    accounts = {role: {"USER": f"{name}_{role}", "PASSWORD": "pass"} for role in ("owner", "app", "backup")}

    def forget():
        with roles.as_admin() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            for account in accounts.values():
                admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(account["USER"])))

    forget()
    with roles.as_admin() as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    address = partial(database_url, NAME=name)
    yield {
        "ADMIN_DATABASE_URL": address(**settings.DATABASE_ADMIN),
        "OWNER_DATABASE_URL": address(**accounts["owner"]),
        "DATABASE_URL": address(**accounts["app"]),
        "BACKUP_ROLE": accounts["backup"]["USER"],
        "BACKUP_PASSWORD": accounts["backup"]["PASSWORD"],
    }
    forget()


@pytest.mark.django_db
def test_prepare_makes_the_roles_migrates_as_the_owner_and_leaves_the_application_nothing(empty_database):
    def prepare(**changes):
        return subprocess.run(
            command_of("prepare"),
            env=environment_of("prepare", **empty_database | changes),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )

    without_roles = prepare(ADMIN_DATABASE_URL=None, BACKUP_PASSWORD=None)
    assert without_roles.returncode != 0
    first = prepare()
    assert first.returncode == 0, first.stderr
    again = prepare(ADMIN_DATABASE_URL=None, BACKUP_PASSWORD=None)
    assert again.returncode == 0, again.stderr

    with psycopg.connect(empty_database["DATABASE_URL"]) as app:
        me = app.execute("SELECT current_user::text").fetchone()[0]
        owners = app.execute("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert (me.rpartition("_")[2], [name.rpartition("_")[2] for (name,) in owners]) == ("app", ["owner"])
        assert app.execute("SELECT count(*) FROM knowledge_profession").fetchone()[0] == 28
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("ALTER TABLE intake_caregiver DISABLE ROW LEVEL SECURITY")
    checked = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        env=environment_of("web", DATABASE_URL=empty_database["DATABASE_URL"]),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode != 0
    assert "Set OWNER_DATABASE_URL" in checked.stderr

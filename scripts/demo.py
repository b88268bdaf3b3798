"""The portal with its demo region on this computer: `make demo`. Ctrl-C stops all of it.

Does what an installation does (prepare, collectstatic, the web server, the worker), with PostgreSQL from the wheel
unless DATABASE_URL is set. Says what it does while it does it.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from scripts.programs import PROJECT, environment, give_up, say

PORT = os.environ.get("PORT", "8000")
ADDRESS = f"http://localhost:{PORT}"
PASSWORD = "welkom-in-de-demo"  # noqa: S105 (the demo listens to this computer only)
PEOPLE = ["poh", "casemanager", "consulent", "coordinator", "beheerder", "logtoezicht", "functioneel", "pom", "buiten"]
PATIENCE = 60  # seconds for the web server and the worker to report that they are well


def main() -> None:
    started = time.monotonic()
    need_port()
    os.environ |= {
        "MANTELZORG_ENV": "demo",
        "PUBLIC_URL": ADDRESS,
        "BIND": f"127.0.0.1:{PORT}",
        "WEB_LOG_LEVEL": "warning",
        "DEMO_PASSWORD": os.environ.get("DEMO_PASSWORD") or PASSWORD,
    }
    say("Building the css ...")
    subprocess.run([sys.executable, "frontend/build.py"], cwd=PROJECT, env=environment(), check=True)
    processes = []
    react_to_stop_signals(end)
    try:
        people = prepare()
        say("Starting the web server and the worker ...")
        processes.append(start(sys.executable, "-m", "gunicorn", "--config", "mantelzorg/gunicorn.py"))
        processes.append(start(sys.executable, "manage.py", "outbox_worker"))
        wait_until_well(processes)
        say(f"\nReady in {time.monotonic() - started:.0f} seconds:  {ADDRESS}\n")
        say(people)
        say(f"\nPassword of everybody: {os.environ['DEMO_PASSWORD']}")
        say(second_step())
        say(f"Mail that is sent appears in {PROJECT / 'var' / 'mail'}. Ctrl-C stops the demo.\n")
        watch(processes)
    finally:
        react_to_stop_signals(signal.SIG_IGN)
        stop(processes)
        stop_database()
        say("\nStopped.")


def end(*_) -> None:
    """Once only: `make` passes a signal on that we may have had already, and a second one must not cut off the end."""
    react_to_stop_signals(signal.SIG_IGN)
    sys.exit(0)


def react_to_stop_signals(reaction) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, reaction)


def need_port() -> None:
    if not PORT.isdecimal() or not 0 < int(PORT) < 65536:
        give_up(f"PORT={PORT} is not a port: choose a number from 1024 to 65535, for example PORT=8123 make demo")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(PORT)))
        except OSError as error:
            give_up(f"Port {PORT} cannot be used ({error.strerror}). Choose another: PORT=8123 make demo")


def prepare() -> str:
    """Database, demo region and static files, in this process: it then keeps the database running for the others."""
    say("Using the database of DATABASE_URL ..." if os.environ.get("DATABASE_URL") else "Starting PostgreSQL ...")
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ["DJANGO_SETTINGS_MODULE"] = "mantelzorg.settings"
    try:
        django.setup()
    except ImproperlyConfigured as error:
        give_up(str(error))
    from django.core.management import call_command
    from django.db import connection

    say("Preparing the database ...")
    call_command("prepare", demo=True)
    say("Collecting the static files ...")
    call_command("collectstatic", interactive=False, verbosity=0)
    people = table_of_people()
    connection.close()
    return people


def table_of_people() -> str:
    from django.contrib.auth import get_user_model

    rows = []
    for name in PEOPLE:
        user = get_user_model().objects.filter(email=f"{name}@demo.example").first()
        if user is None:
            continue
        roles = [f"{', '.join(each.roles)} bij {each.organisation.name}" for each in user.active_memberships]
        rows.append((user.email, user.name, "; ".join(roles) or "functioneel beheerder"))
    width = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    return "\n".join(f"  {email:{width[0]}}  {name:{width[1]}}  {roles}" for email, name, roles in rows)


def second_step() -> str:
    from django.conf import settings

    from referrals.demo.people import SECRET, code_at

    if settings.DEMO_SKIP_MFA:
        return "Second step: left out (DEMO_SKIP_MFA)."
    return (
        f"Then the portal asks for 6 digits that change every half minute. Now it is {code_at(time.time())}.\n"
        "  The code of any moment: type `make code` in another window.\n"
        f"  Or put this key in an app for codes on your telephone, once: {SECRET}\n"
        "  Rather without: DEMO_SKIP_MFA=1 make demo"
    )


def start(*command: str) -> subprocess.Popen:
    return subprocess.Popen(command, cwd=PROJECT, env=environment(), stdin=subprocess.DEVNULL)


def stop(processes: list[subprocess.Popen]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_well(processes: list[subprocess.Popen]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_well():
        if any(process.poll() is not None for process in processes) or time.monotonic() > deadline:
            give_up("The web server or the worker did not start; the lines above say why.")
        time.sleep(0.1)


def is_well() -> bool:
    """Asks the web server only once the worker lives: until then its answer would be an error in the log."""
    from django.db import connection
    from django.utils import timezone

    from trail.models import Heartbeat

    alive = Heartbeat.objects.is_alive(Heartbeat.OUTBOX_WORKER, timezone.now())
    connection.close()
    if not alive:
        return False
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/gezond/", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def watch(processes: list[subprocess.Popen]) -> None:
    """Until one of them ends by itself, or whoever started us is gone."""
    parent = os.getppid()
    while os.getppid() == parent:
        for process in processes:
            if process.poll() is not None:
                give_up(f"This stopped by itself (status {process.returncode}): {' '.join(process.args)}")
        time.sleep(0.2)


def stop_database() -> None:
    from mantelzorg.embedded_database import leave_servers

    leave_servers()


if __name__ == "__main__":
    main()

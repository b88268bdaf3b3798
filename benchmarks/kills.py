"""Kill -9 of everything in turn, while people send referrals: `make kills`. See README.md in this folder.

None may be lost, doubled or half-made. `--control` does the same on a database that answers before it has written
(synchronous_commit=off): that has to lose some, or this measures nothing. REFERRALS says how many, SEED which kills.
"""

import argparse
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LOGS = PROJECT / "var" / "kills"
REFERRALS = int(os.environ.get("REFERRALS", 2_000))
ORGANISATIONS = 4
PEOPLE = 8
KNOWN_EVERY = 4  # one in so many forms is about a caregiver who was recorded before, with her need
BETWEEN = (0.5, 6.0)  # seconds from the moment that everything answers to the next kill
DOWN = (0.0, 0.5)  # seconds before what was killed is started again
PATIENCE = 60
MAIL_TAKES = 0.01  # seconds in which a worker can be killed with a mail half-way
UNSAFE = {"synchronous_commit": "off", "wal_writer_delay": "10s"}


def say(text: str = "") -> None:
    print(text, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--control", action="store_true", help="with synchronous_commit=off, which has to lose some")
    is_control = parser.parse_args().control
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is taken down
    home = Path(tempfile.mkdtemp(prefix="mantelzorg-kills-"))
    home.chmod(0o755)  # as root, PostgreSQL runs as somebody else
    try:
        return with_a_database(home, is_control)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def with_a_database(home: Path, is_control: bool) -> int:
    from django.core.exceptions import ImproperlyConfigured

    from tests.trail.mail_server import MailServer

    try:
        from benchmarks.killing import Database
    except ModuleNotFoundError:
        say("What is killed here is an embedded PostgreSQL, and there is none for this platform.")
        return 1
    with MailServer(seconds_per_mail=MAIL_TAKES) as mail_server:
        try:
            database = Database(home)
        except ImproperlyConfigured as error:
            say(str(error))
            return 1
        try:
            database.enter()
            os.environ |= {
                "DJANGO_SETTINGS_MODULE": "benchmarks.kills_settings",
                "DATABASE_URL": database.database_url("mantelzorg_bench_kills"),
                "EMAIL_PORT": str(mail_server.port),
                "LOG_DIGEST_DIR": str(home / "log-digests"),
            }
            return run(database, mail_server, is_control)
        finally:
            database.remove()


def run(database, mail_server, is_control: bool) -> int:
    import django

    django.setup()
    from benchmarks.__main__ import prepare_static
    from benchmarks.clicking import Answers, Person
    from benchmarks.killing import Portal

    started = time.monotonic()
    prepare_static()
    answers, is_over, port = Answers(), threading.Event(), free_port()
    teams = [(Person(port, cookies, answers, is_over), waiting) for cookies, waiting in make_work(REFERRALS)]
    forms = [one.form for _, waiting in teams for one in waiting]
    settle(database, UNSAFE if is_control else {})
    say(f"{REFERRALS:,} forms for {PEOPLE} people, after {time.monotonic() - started:.0f} seconds.")
    LOGS.mkdir(parents=True, exist_ok=True)
    kills: Counter = Counter()
    started = time.monotonic()
    with Portal(database, port, LOGS, dict(os.environ)) as portal:
        threads = [threading.Thread(target=person.send_all, args=(waiting,)) for person, waiting in teams]
        for thread in threads:
            thread.start()
        try:
            kill_until_done(portal, threads, forms, kills, started)
            seconds = time.monotonic() - started
            portal.kill_everything()  # right after the last answer
            kills["everything at once, after the last answer"] += 1
            portal.start()
            wait_for_mail()
        finally:
            is_over.set()
            for thread in threads:
                thread.join()
    found = read(mail_server)
    return report(forms, found, kills, answers, seconds, is_control)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settle(database, settings: dict[str, str]) -> None:
    """What was made before stays, whatever is killed; and what the run itself stands on is said and not assumed."""
    from psycopg import sql

    from mantelzorg.rights import roles

    with roles.as_admin() as admin:
        admin.execute("CHECKPOINT")
        for name, value in settings.items():
            statement = sql.SQL("ALTER SYSTEM SET {} = {}")
            admin.execute(statement.format(sql.Identifier(name), sql.Literal(value)))
        admin.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)
    with roles.as_admin() as admin:
        names = ("fsync", "full_page_writes", "synchronous_commit", "wal_writer_delay")
        say("PostgreSQL: " + ", ".join(f"{name} {admin.execute(f'SHOW {name}').fetchone()[0]}" for name in names))


# What there is to send ----------------------------------------------------------------------------------------------


def make_work(count: int) -> list[tuple[dict[str, str], list]]:
    """A directory, people who are logged in, and caregivers who are known already. Of each person her cookies and what
    she has to send.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from benchmarks import databases, directory
    from sociale_kaart.models import Service

    databases.open_database(settings.DATABASES["default"]["NAME"], as_admin=True)
    call_command("prepare", verbosity=0, stdout=StringIO())
    directory.make_directory(portal=ORGANISATIONS, services=2 * ORGANISATIONS)
    services = list(Service.objects.select_related("organisation").order_by("slug"))
    people = [make_person(number) for number in range(PEOPLE)]
    postcodes = some_postcodes(count)
    work = [(cookies, []) for _, cookies in people]
    for number in range(count):
        is_known = number // PEOPLE % KNOWN_EVERY == 0
        member, _ = people[number % PEOPLE]
        elsewhere = [service for service in services if service.organisation_id != member.acting.organisation_id]
        work[number % PEOPLE][1].append(
            to_send(number, member, elsewhere[number % len(elsewhere)], postcodes[number], is_known)
        )
    connection.close()
    return work


def make_person(number: int):
    """Somebody of one of the organisations, and the cookies of her session."""
    from django.conf import settings
    from django.test import Client

    from accounts.models import Membership, Role, User
    from benchmarks.pages import log_in_fully
    from sociale_kaart.models import Organisation

    organisation = Organisation.objects.get(slug=f"bench-{number % ORGANISATIONS:05d}")
    user = User(name=f"Persoon {number}", email=f"persoon{number}@voorbeeld.example")
    user.set_unusable_password()
    user.save(force_insert=True)
    Membership.objects.create(user=user, organisation=organisation, roles=[str(Role.VERWIJZER)], profession_id="poh")
    client = Client()
    log_in_fully(client, user)
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    return User.objects.get(pk=user.pk), cookies


def some_postcodes(count: int) -> list[str]:
    """One for each: who shares neither name, phone nor postcode with anybody is nobody's double."""
    from itertools import islice, product

    from benchmarks.directory import ZAANSTAD
    from sociale_kaart.models import PostcodeArea

    areas = list(PostcodeArea.objects.filter(municipality=ZAANSTAD).order_by("pc4").values_list("pc4", flat=True))
    letters = "ABCDEFGHJKLMNPRTVWXZ"
    made = [f"{area} {one}{two}" for one, two, area in islice(product(letters, letters, areas), count)]
    if len(made) < count:
        raise SystemExit(f"REFERRALS={count}: more than there are postcodes for ({len(made)}).")
    return made


def to_send(number: int, by, service, postcode: str, is_known: bool):
    """A form: somebody new on the page that records and refers, or somebody who is known with what she asked."""
    from django.urls import reverse

    from benchmarks.clicking import ToSend
    from benchmarks.ledger import HANDOVER, ITEMS, KNOWN, NEW, Form
    from intake.consent_text import consent_text

    person = {
        "name": f"{KNOWN if is_known else NEW} {number}",
        "phone": f"06 5{number:07d}",
        "postcode": postcode,
        "relation": "partner",
        "situation_kind": "dementie",
    }
    asks = {"kind": "gesprek-mantelzorgconsulent", "words": "Ik weet niet waar ik moet beginnen."}
    agreed = {
        "service": service.slug,
        "urgency": "gewoon",
        "warm_mode": "ontvanger-belt",
        "handover_text": f"{HANDOVER} {number}",
        "items": ITEMS,
        "shown": consent_text(receiver=service.organisation.name, items=ITEMS),
        "handover_read": "on",
        "agreed": "on",
        "how_given": "mondeling",
    }
    if not is_known:
        return ToSend(Form(number), reverse("caregiver_new"), {**person, **asks, **agreed})
    caregiver, need = make_known(by, person, asks)
    return ToSend(Form(number), reverse("referral_new", args=[caregiver.pk]), {"needs": [str(need.pk)], **agreed})


def make_known(by, person: dict, asks: dict):
    from benchmarks.directory import ZAANSTAD
    from intake import actions as intake
    from knowledge.models import SupportKind
    from sociale_kaart.models import Municipality

    caregiver = intake.record_caregiver(by=by, municipality=Municipality.objects.get(pk=ZAANSTAD), **person)
    kind = SupportKind.objects.get(pk=asks["kind"])
    return caregiver, intake.add_need(caregiver=caregiver, by=by, kind=kind, words=asks["words"])


# The run ------------------------------------------------------------------------------------------------------------


def kill_until_done(portal, threads, forms, kills: Counter, started: float) -> None:
    """Each of the kinds in turn, in an order and at moments of chance, until nobody has anything left to send."""
    chance = random.Random(os.environ.get("SEED"))
    said = time.monotonic()
    for what, kill in kinds_of_kill(portal, chance):
        until = time.monotonic() + chance.uniform(*BETWEEN)
        while time.monotonic() < until and any(thread.is_alive() for thread in threads):
            time.sleep(0.01)
        if not any(thread.is_alive() for thread in threads):
            return
        if kill():
            kills[what] += 1
        time.sleep(chance.uniform(*DOWN))
        portal.start()
        if time.monotonic() > said + 15:
            said = time.monotonic()
            answered = sum(form.is_answered for form in forms)
            say(f"  {said - started:4.0f} s: {answered:,} sent, {kills.total()} kills")


def kinds_of_kill(portal, chance: random.Random) -> Iterator:
    kinds = {
        "web server, with its processes": portal.kill_web,
        "one process of the web server": lambda: portal.kill_one_of_web(chance),
        "outbox worker": portal.kill_worker,
        "database, with its processes": portal.kill_database,
        "one connection's process of the database": lambda: portal.kill_one_of_database(chance),
    }
    while True:
        for what in chance.sample(list(kinds), len(kinds)):
            yield what, kinds[what]


def wait_for_mail() -> None:
    """Until the outbox is empty, or it takes so long that something is wrong: what is left is counted as lost."""
    until = time.monotonic() + max(PATIENCE, REFERRALS / 5)
    while time.monotonic() < until:
        with reading() as admin:
            waiting = "SELECT count(*) FROM trail_outboxmessage WHERE sent_at IS NULL AND failed_at IS NULL"
            if not admin.execute(waiting).fetchone()[0]:
                return
        time.sleep(0.5)


@contextmanager
def reading():
    from django.conf import settings

    from mantelzorg.rights import roles

    with roles.as_admin(settings.DATABASES["default"]["NAME"]) as admin:
        yield admin


def read(mail_server):
    import uuid

    from benchmarks import ledger

    with reading() as admin:
        found = ledger.look(admin)
    found.caught = Counter(uuid.UUID(name.strip("<>").partition("@")[0]) for name in mail_server.message_ids)
    return found


# What came of it ----------------------------------------------------------------------------------------------------


def report(forms, found, kills: Counter, answers, seconds: float, is_control: bool) -> int:
    from benchmarks import ledger
    from benchmarks.clicking import CLICKS

    lost, doubled, half_made = ledger.lost(forms, found), ledger.doubled(forms, found), ledger.half_made(found)
    mails_lost = ledger.mails_lost(found)
    unanswered = [form for form in forms if not form.is_answered]
    presses = answers.buttons.total()
    say(f"\n{len(forms) - len(unanswered):,} of {len(forms):,} forms sent in {seconds:.0f} seconds, each pressed")
    say(f"{CLICKS} times at once; {presses - CLICKS * len(forms):,} of {presses:,} presses were to try again.")
    say(f"\nkill -9, {kills.total()} times:")
    for what, count in kills.most_common():
        say(f"  {count:6,}  {what}")
    for what, counted in (("presses", answers.buttons), ("openings of the page", answers.pages)):
        say(f"\nanswers to {what}:")
        for answer, count in counted.most_common():
            say(f"  {count:6,}  {answer}")
    say(f"\n{len(found.referrals):,} referrals and {len(found.mails):,} mails in the database")
    say(f"  {len(lost):6,}  lost: somebody was told it was sent, and it is not there")
    say(f"  {len(doubled):6,}  doubled")
    say(f"  {len(half_made):6,}  half-made")
    say(f"  {len(mails_lost):6,}  mails lost")
    say(f"  {ledger.mails_doubled(found):6,}  mails that went out twice (allowed: the same Message-ID)")
    for line, count in Counter(half_made).most_common(10):
        say(f"          {count:,} x {line}")
    if unanswered:
        say(f"\nWRONG: {len(unanswered)} forms never got an answer of success.")
    wrong = any((lost, doubled, half_made, mails_lost, unanswered))
    if is_control:
        say(
            f"\nThe control went wrong, as it should: {len(lost)} were lost without synchronous commit."
            if lost
            else "\nThe control lost NOTHING: this run would not have noticed a loss."
        )
        return 0 if lost else 1
    say("\nWRONG: see above. The logs are in var/kills." if wrong else "\nNone lost, none doubled, none half-made.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

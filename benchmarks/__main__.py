"""`make bench`: see README.md in this folder for what it does and how to read it."""

import os
import re
import subprocess
import sys
import time
from contextlib import ExitStack
from io import StringIO
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SCALES = [1_000, 10_000, 100_000]
SERVICES = 5_000
MANY_SERVICES = 50_000
PORTAL_ORGANISATIONS = 1_000


def say(text: str = "") -> None:
    print(text, flush=True)


class Stopwatch:
    def __init__(self):
        self.started = self.lapped = time.monotonic()

    def lap(self, text: str) -> None:
        now = time.monotonic()
        say(f"  {text} ({now - self.lapped:.1f} s)")
        self.lapped = now

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


def asked_scales() -> list[int]:
    """1k, 10k, 100k; SCALE=1000000 adds a million; a smaller SCALE stops there."""
    largest = int(os.environ.get("SCALE", SCALES[-1]))
    return [*(scale for scale in SCALES if scale < largest), largest]


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        say(str(error))
        return 1
    from benchmarks import databases

    try:
        databases.check_name()
        return run()
    except databases.NotOurs as error:
        say(str(error))
        return 1


def run() -> int:
    from benchmarks import databases, pages, report, safety, serving
    from benchmarks.measuring import Broken, InProcess

    watch = Stopwatch()
    repeat = int(os.environ.get("REPEAT", 20))
    only = re.compile(os.environ.get("ONLY", ""), re.IGNORECASE)
    scales = asked_scales()
    prepare_static()
    names = make_databases(scales, watch)
    places = [look_at(scale, names[scale]) for scale in scales]
    many = look_at(scales[0], names["services"])
    watch.lap(f"in {places[-1].name}: {describe(places[-1])}")
    broken = []
    with ExitStack() as stack:
        counter = client = InProcess()
        if os.environ.get("GUNICORN"):
            client = serving.OverHttp()
            for place in [*places, many]:
                place.server = stack.enter_context(serving.web_server(place.name))
        databases.use(places[-1].wrapper)
        if not counter.sees_database():
            say("  The database's own CPU cannot be seen from here: ratios are of the application alone.")
        measured = []
        for page, there in [
            *((page, places) for page in pages.PAGES),
            *((page, places) for page in pages.LARGE),
            *((page, [many]) for page in pages.MANY_SERVICES),
        ]:
            if only.search(page.name):
                try:
                    measured.append((page, measure_and_tell(page, there, client, counter, repeat, watch)))
                except Broken as error:
                    broken.append(page.name)
                    say(f"  BROKEN {error}")
    say(report.everything(measured, places, pages.JOURNEY, over_http=bool(os.environ.get("GUNICORN"))))
    if not os.environ.get("ONLY"):
        databases.use(places[-1].wrapper)
        say(safety.what_safety_costs(places[-1], counter, repeat))
        say(memory(places[-1]))
    for place in [*places, many]:
        place.wrapper.close()
    if not os.environ.get("KEEP"):
        for name in names.values():
            databases.drop(name)
    say(f"\nDone in {watch.seconds:.0f} seconds.")
    return 1 if broken else 0


def prepare_static() -> None:
    """The pages name hashed files, as in production."""
    from django.core.management import call_command

    subprocess.run([sys.executable, "frontend/build.py"], cwd=PROJECT, check=True)
    call_command("collectstatic", interactive=False, verbosity=0)


def make_databases(scales: list[int], watch: Stopwatch) -> dict:
    """One database per scale, and one with many services. Returns their names."""
    from django.core.management import call_command
    from django.db import connection

    from benchmarks import cases, databases, directory

    base = databases.NAME
    names = {scale: f"{base}_{scale}" for scale in scales} | {"services": f"{base}_services", "base": base}
    if os.environ.get("KEEP") and databases.all_kept(names.values()):
        say("Using the databases of an earlier run of today (KEEP=1) ...")
        return names
    say(f"Making {', '.join(names.values())} ...")
    databases.make(base)
    databases.open_database(base, as_admin=True)
    call_command("prepare", verbosity=0, stdout=StringIO())
    portal = max(PORTAL_ORGANISATIONS, cases.typical_organisations(scales[-1]) + 1)
    directory.make_directory(portal=portal, services=max(SERVICES, 2 * portal + SERVICES // 2))
    connection.close()
    watch.lap("tables, knowledge, geography, services")
    for scale in scales:
        databases.make(names[scale], like=base)
        databases.open_database(names[scale], as_admin=True)
        made = cases.make_cases(scale)
        databases.settle()
        say(f"  {scale:,} caregivers: {', '.join(f'{count:,} {what}' for what, count in made.items())}")
        watch.lap(f"{databases.size_in_mb():.0f} MB")
        connection.close()
    databases.make(names["services"], like=names[scales[0]])
    databases.open_database(names["services"], as_admin=True)
    directory.make_directory(portal=0, services=MANY_SERVICES - SERVICES, start=90_000)
    databases.settle()
    connection.close()
    watch.lap(f"{MANY_SERVICES:,} services")
    return names


def look_at(scale: int, name: str):
    from django.db import connection

    from benchmarks import databases
    from benchmarks.measuring import Place
    from benchmarks.pages import World

    databases.open_database(name, as_admin=True)
    world = World.look_around()
    connection.close()
    return Place(scale, name, databases.open_database(name), world)


def describe(place) -> str:
    from django.db import connection

    from benchmarks import databases
    from intake.models import Caregiver
    from sociale_kaart.models import Service

    databases.open_database(place.name, as_admin=True)
    sizes = {
        who: Caregiver.objects.filter(organisation=organisation).count()
        for who, organisation in place.world.organisations.items()
    }
    services = Service.objects.count()
    connection.close()
    return (
        f"{place.caregivers:,} caregivers, {sizes['typical']} in the typical organisation, {sizes['large']:,} in the "
        f"large one, {services:,} services"
    )


def measure_and_tell(page, places, client, counter, repeat, watch):
    from benchmarks.measuring import measure

    costs = measure(page, places, client, counter, repeat)
    watch.lap(f"{page.name}: {len(next(iter(costs.values())).page)} times in each of {len(places)}")
    return costs


def memory(place) -> str:
    from benchmarks import databases, pages, serving

    databases.use(place.wrapper)
    asks = [page.request(place.world, 0) for page in [*pages.PAGES, *pages.LARGE] if page.status == 200]
    papers = [request for request in asks if request.path.endswith(".pdf")]
    asks = [request for request in asks if request not in papers]
    after_pages, after_papers = serving.memory_of_web(place, asks, papers)
    worker, speed = serving.memory_of_worker(place)
    if after_pages is None:
        return "\nPeak memory: not to be seen on this system."
    return (
        f"\nPeak memory (RSS): a web process {after_pages:.0f} MB after all pages, {after_papers:.0f} MB after "
        f"10 letters as well; the outbox worker {worker:.0f} MB ({speed:.0f} mails a second, to files)."
    )


if __name__ == "__main__":
    sys.exit(main())

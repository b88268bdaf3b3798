"""A large file: how long it takes and how much memory. `IMPORT_ROWS=50000` measures what is promised."""

import os
import time
from resource import RUSAGE_SELF, getrusage

from sociale_kaart.exchange import exporting
from sociale_kaart.models import Import, Service
from tests.sociale_kaart.exchange.conftest import counts

ROWS = int(os.environ.get("IMPORT_ROWS", "1500"))
PER_ORGANISATION = 50


def large(rows: int) -> str:
    lines = [
        "Organisatie;Naam;In één zin;Beschrijving;Ondersteuningsvormen;Gemeenten;Status;Telefoon;Locatie: straat;"
        "Locatie: postcode;Locatie: plaats;Openingstijden;Talen;Eigen nummer"
    ]
    for number in range(rows):
        lines.append(
            f"Organisatie {number // PER_ORGANISATION};Aanbod {number};Wat het is, in zin {number}.;"
            f"{'Een beschrijving van een paar regels. ' * 8};logeerzorg;Zaanstad;gepubliceerd;075 123 45 67;"
            f"Straat {number % 7};1506 AB;Zaandam;ma en do 9-12;Nederlands; {number}"
        )
    return "\n".join(lines)


def peak() -> int:
    return getrusage(RUSAGE_SELF).ru_maxrss // 1024


def test_a_large_file_is_read_applied_exported_and_undone(desk, capsys):
    text = large(ROWS)
    before = peak()
    took: dict[str, float] = {}
    memory: dict[str, int] = {}

    def timed(name, do, *args, **kwargs):
        started = time.perf_counter()
        result = do(*args, **kwargs)
        took[name] = time.perf_counter() - started
        memory[name] = peak()
        return result

    job = timed("read", desk.bring, text)
    assert counts(job) == (ROWS + -(-ROWS // PER_ORGANISATION), 0, 0, 0, 0), job.message
    job = timed("apply", desk.agree, job)
    assert job.state == Import.State.DONE, job.message
    assert Service.objects.filter(name__startswith="Aanbod ").count() == ROWS
    again = timed("read again", desk.bring, text)
    assert counts(again) == (0, 0, ROWS, 0, 0)
    services = Service.objects.filter(name__startswith="Aanbod ")
    for kind in ("csv", "xlsx", "json", "zip"):
        timed(f"export {kind}", exporting.export, kind, services, for_own_use=True)
    job = timed("undo", desk.undo, job)
    assert job.state == Import.State.UNDONE, job.message
    assert not Service.objects.filter(name__startswith="Aanbod ").exists()
    with capsys.disabled():
        steps = ", ".join(f"{name} {seconds:.1f} s {memory[name]} MB" for name, seconds in took.items())
        print(  # noqa: T201 (what is measured is read)
            f"\n{ROWS} rows, {len(text) / 1e6:.1f} MB: {steps}; memory before {before} MB"
        )

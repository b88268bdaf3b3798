"""What PostgreSQL plans for a small organisation among very many caregivers: python -m benchmarks.plans

The pages are asked for as in the benchmark, as the application, by somebody of the typical organisation. Every query of
theirs that reads a table about caregivers is asked once more with EXPLAIN (ANALYZE, BUFFERS), as the same principal.
What comes out is kept in benchmarks/explain/. SCALE says how many caregivers there are; they are made in a database of
its own (BENCH_DB), which stays: a second run of the same day uses it again.
"""

import os
import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "explain"
SCALE = int(os.environ.get("SCALE", 200_000))
ABOUT_HER = re.compile(r'"(intake_\w+|referrals_\w+)"')
PAGES = {  # of benchmarks/pages.py, by the name of the file
    "caregiver_list": "caregiver list",
    "inbox": "inbox",
    "caregiver": "caregiver page",
    "referral": "referral page",
}
WARM_UP = 8  # from the sixth time on PostgreSQL keeps the plan of a function
MOST_MS = 5.0


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from benchmarks.__main__ import Stopwatch, look_at, prepare_static

    prepare_static()
    place = look_at(SCALE, make(Stopwatch()))
    FOLDER.mkdir(exist_ok=True)
    slowest = 0.0
    for name in PAGES:
        plans = explain(place, name)
        (FOLDER / f"{name}.txt").write_text("\n\n".join(plan for plan, _ in plans) + "\n")
        took = [ms for _, ms in plans]
        slowest = max(slowest, *took)
        print(f"{name:12} {len(took)} queries, {sum(took):.2f} ms in all, the slowest {max(took):.2f} ms")
    place.wrapper.close()
    print(f"{'PASS' if slowest < MOST_MS else 'FAIL'}: the slowest plan takes {slowest:.2f} ms, at most {MOST_MS}")
    return 0 if slowest < MOST_MS else 1


def make(watch) -> str:
    """The database with that many caregivers: of an earlier run of today, or made now."""
    from io import StringIO

    from django.core.management import call_command
    from django.db import connection

    from benchmarks import cases, databases, directory

    databases.check_name()
    name = f"{databases.NAME}_{SCALE}"
    if databases.all_kept([name]):
        return name
    databases.make(name)
    databases.open_database(name, as_admin=True)
    call_command("prepare", verbosity=0, stdout=StringIO())
    organisations = cases.typical_organisations(SCALE) + 1
    directory.make_directory(portal=organisations, services=2 * organisations + 2_500)
    cases.make_cases(SCALE)
    databases.settle()
    connection.close()
    watch.lap(f"{SCALE:,} caregivers")
    return name


def explain(place, page_name: str) -> list[tuple[str, float]]:
    """Of each query about her on this page: the plan, and how long it took."""
    from django.db import connection

    from benchmarks.measuring import InProcess
    from benchmarks.pages import PAGES as MEASURED

    page = next(page for page in MEASURED if page.name == PAGES[page_name])
    client, plans = InProcess(), []

    def ask_again(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.startswith("SELECT") and ABOUT_HER.search(sql):
            rows = connection.connection.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params).fetchall()
            text = "\n".join(line for (line,) in rows)
            plans.append((f"{sql}\n\n{text}", float(re.search(r"Execution Time: ([\d.]+) ms", text)[1])))
        return result

    for _ in range(WARM_UP):
        client.ask(page.request(place.world, 0), place)
    with connection.execute_wrapper(ask_again):
        answer = client.ask(page.request(place.world, 0), place)
    if answer.status != 200:
        raise SystemExit(f"{page.name}: {answer.status}")
    return plans


if __name__ == "__main__":
    sys.exit(main())

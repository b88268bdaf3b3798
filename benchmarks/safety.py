"""What it costs that a look is held by row-level security and on record: pages with and without, in turn, in one run.

Without the policies the same application asks the same database as its administrator, whom no policy holds. Without the
log no row is written. Without the transaction's variables the database is not told who asks.
"""

from contextlib import ExitStack, contextmanager
from statistics import median
from unittest import mock

from benchmarks import databases
from benchmarks.measuring import WARM_UP, InProcess, Place
from benchmarks.pages import PAGES

WITHOUT_LOG = mock.patch("trail.access_log.write")
WITHOUT_VARIABLES = mock.patch("mantelzorg.principals._set")
WAYS = {
    "all of it": (False, ()),
    "no policies": (True, ()),
    "no log": (False, (WITHOUT_LOG,)),
    "none of it": (True, (WITHOUT_LOG, WITHOUT_VARIABLES)),
}


@contextmanager
def _way(name: str, wrappers: dict[bool, object]):
    as_admin, patches = WAYS[name]
    databases.use(wrappers[as_admin])
    with ExitStack() as stack:
        for patch in patches:
            stack.enter_context(patch)
        yield


def what_safety_costs(place: Place, client: InProcess, repeat: int) -> str:
    """CPU per request of the main pages in each way, and the ratio of all of it to none of it."""
    wrappers = {False: place.wrapper, True: databases.open_database(place.name, as_admin=True)}
    lines = ["", "What safety costs: medians of CPU ms per request, and all of it against none of it", ""]
    lines.append(f"{'':36}" + "".join(f"{name:>14}" for name in WAYS) + f"{'ratio':>9}")
    for page in PAGES:
        if page.status != 200 or page.request(place.world, 0).path.endswith(".pdf"):
            continue
        took = {name: [] for name in WAYS}
        for number in range(WARM_UP + repeat):
            for name in WAYS:
                with _way(name, wrappers):
                    answer = client.ask(page.request(place.world, client.number()), place)
                if number >= WARM_UP:
                    took[name].append(answer.cpu_ms)
        ratio = median(safe / bare for safe, bare in zip(took["all of it"], took["none of it"], strict=True))
        cells = "".join(f"{median(times):>14.1f}" for times in took.values())
        lines.append(f"{page.name:36}{cells}{ratio:>8.2f}x")
    wrappers[True].close()
    databases.use(place.wrapper)
    return "\n".join(lines)

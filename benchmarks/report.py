"""What was measured, as tables to read. Words say what meets its target; nothing fails on a noisy computer."""

from statistics import median

from benchmarks.measuring import Cost, Place
from benchmarks.pages import Page

MAY_GROW = 1.3  # CPU at the largest scale against that at the smallest


def everything(
    measured: list[tuple[Page, dict[str, Cost]]], places: list[Place], journey: list[str], *, over_http: bool
) -> str:
    if not measured:
        return "Nothing was measured."
    how = "over HTTP, gunicorn" if over_http else "in this process, through WSGI"
    largest = places[-1]
    rows = [(page, costs.get(largest.name) or next(iter(costs.values()))) for page, costs in measured]
    parts = [table_of_ratios(f"{largest.caregivers:,} caregivers, {how}; medians of CPU ms per request", rows)]
    curved = [(page, costs) for page, costs in measured if len(costs) == len(places) > 1]
    if curved:
        parts.append(curve(curved, places))
    by_name = {page.name: cost for page, cost in rows}
    if all(name in by_name for name in journey):
        total = sum(by_name[name].cpu for name in journey)
        parts.append(f"\nThe whole of passing on: {len(journey)} requests, {total:.0f} ms of CPU.")
    return "\n".join(parts)


def verdict(is_met: bool) -> str:
    return "PASS" if is_met else "FAIL"


def table_of_ratios(title: str, rows: list[tuple[Page, Cost]]) -> str:
    lines = [
        "",
        title,
        "",
        f"{'':36}{'queries':>8}{'kB':>7}{'CPU':>8}{'of db':>7}{'wall':>8}{'floor':>8}{'ratio':>8}{'target':>8}",
    ]
    for page, cost in rows:
        target = f"{page.target:.1f}x" if page.target else ""
        word = verdict(cost.ratio <= page.target) if page.target else ""
        lines.append(
            f"{page.name:36}{cost.queries:>8}{cost.size / 1000:>7.1f}{cost.cpu:>8.1f}{cost.database:>7.1f}"
            f"{cost.wall:>8.1f}{cost.floor_cpu:>8.1f}{cost.ratio:>7.1f}x{target:>8}  {word}".rstrip()
        )
    return "\n".join(lines)


def curve(rows: list[tuple[Page, dict[str, Cost]]], places: list[Place]) -> str:
    heading = "".join(f"{place.caregivers:>14,}" for place in places)
    lines = ["", "The curve: CPU ms and queries, by number of caregivers", "", f"{'':36}{heading}{'growth':>9}"]
    for page, costs in rows:
        along = [costs[place.name] for place in places]
        first, last = along[0], along[-1]
        cells = "".join(f"{f'{cost.cpu:.1f} / {cost.queries}':>14}" for cost in along)
        growth = median(after.cpu_ms / before.cpu_ms for before, after in zip(first.page, last.page, strict=True))
        word = verdict(growth <= MAY_GROW and last.queries <= first.queries)
        lines.append(f"{page.name:36}{cells}{growth:>8.2f}x  {word}")
    return "\n".join(lines)

"""The places of a map as the page shows them: how many services each has, and how dark it is drawn."""

from django.urls import reverse

from sociale_kaart import outlines
from sociale_kaart.forms import SearchForm
from sociale_kaart.models import Municipality, Province
from sociale_kaart.search import SearchPage
from sociale_kaart.search.places import WIDE, PlaceCounts

SHADES = 4  # besides nothing


def for_template(
    counts: PlaceCounts, form: SearchForm, page: SearchPage, *, province: str, places: list[Municipality]
) -> dict:
    here = reverse("service_map")
    answers = {"gemeente": "", "postcode": "", "afstand": "", "volgorde": ""}
    if province:
        search = reverse("service_search")
        named = [
            (place.code, place.name, f"{search}?{form.address(**answers | {'gemeente': place.code})}")
            for place in places
        ]
    else:
        named = [(code, label, f"{here}?{form.address(**answers, provincie=code)}") for code, label in Province.choices]
    most = max((counts.by_code.get(code, 0) for code, _, _ in named), default=0)
    rows = [_row(code, name, url, counts, most) for code, name, url in named]
    left, top, width, height = outlines.view_box([row["outline"] for row in rows])
    return {
        "rows": rows,
        "with_offers": [row for row in rows if row["count"]],
        "without": [row for row in rows if not row["count"]],
        "view_box": f"{left} {top} {width} {height}",
        "legend": _legend(most),
        "province": Province(province).label if province else "",
        "provinces": [
            {"label": label, "url": f"{here}?{form.address(**answers, provincie=code)}", "current": code == province}
            for code, label in Province.choices
        ],
        "country_url": f"{here}?{form.address(**answers, provincie='alle')}" if province else "",
        "answers": [label for name, label in form.answers().items() if name not in answers],
        "is_loose": page.is_loose and bool(page.total),
        "wide": counts.wide,
        "wide_from": WIDE,
        "is_at_least": counts.is_at_least,
    }


def _row(code: str, name: str, url: str, counts: PlaceCounts, most: int) -> dict:
    count = counts.by_code.get(code, 0)
    more = "+" if counts.is_at_least and count else ""
    return {
        "name": name,
        "url": url,
        "count": count,
        "said": f"{count}{more}",
        "shade": _shade(count, most),
        "outline": outlines.of(code),
    }


def _shade(count: int, most: int) -> int:
    """0 for nothing, then as many steps as there are shades, or fewer when the numbers are small."""
    return -(-count * min(SHADES, most) // most) if count else 0


def _legend(most: int) -> list[dict]:
    """What each shade stands for."""
    shades: dict[int, list[int]] = {}
    for count in range(most + 1):
        shades.setdefault(_shade(count, most), []).append(count)
    return [
        {"shade": shade, "label": str(counts[0]) if len(counts) == 1 else f"{counts[0]} tot en met {counts[-1]}"}
        for shade, counts in shades.items()
    ]

"""The shapes of municipalities and provinces, for a map without anything of others. Made by scripts/outlines.py."""

import json
from dataclasses import dataclass
from functools import cache

from sociale_kaart.fixed_tables import GEOGRAPHY

MARGIN = 10  # hundreds of metres


@dataclass(frozen=True, slots=True)
class Outline:
    path: str
    box: tuple[int, int, int, int]  # west, north, east, south


@cache
def _all() -> dict[str, Outline]:
    shapes = json.loads((GEOGRAPHY / "outlines.json").read_text(encoding="utf-8"))
    return {code: Outline(path, tuple(box)) for code, (path, *box) in shapes.items()}


def of(code: str) -> Outline:
    return _all()[code]


def view_box(outlines: list[Outline]) -> tuple[int, int, int, int]:
    """Left, top, width and height of what shows all of these."""
    west, north = min(each.box[0] for each in outlines), min(each.box[1] for each in outlines)
    east, south = max(each.box[2] for each in outlines), max(each.box[3] for each in outlines)
    return west - MARGIN, north - MARGIN, east - west + 2 * MARGIN, south - north + 2 * MARGIN

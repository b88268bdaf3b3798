"""Makes sociale_kaart/geography/outlines.json, the shapes on the map, from a GeoJSON of the municipalities.

    python scripts/outlines.py gemeenten.geojson

Each feature has `gm` and `pv`. Coordinates become whole hundreds of metres on a plane, and a path that goes from point
to point. A province is what remains of its municipalities when every border between two of them is left out.
"""

import json
import sys
from collections import defaultdict
from math import cos, radians
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "sociale_kaart" / "geography" / "outlines.json"
WEST, NORTH, MIDDLE = 3.3, 53.6, 52.2
PER_DEGREE = 1112  # hundreds of metres

Point = tuple[int, int]
Ring = list[Point]


def on_plane(longitude: float, latitude: float) -> Point:
    return round((longitude - WEST) * PER_DEGREE * cos(radians(MIDDLE))), round((NORTH - latitude) * PER_DEGREE)


def rings_of(geometry: dict) -> list[Ring]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    rings = [without_repeats([on_plane(*point) for point in ring]) for polygon in polygons for ring in polygon]
    return [ring for ring in rings if len(ring) > 2]


def without_repeats(ring: Ring) -> Ring:
    kept = [point for place, point in enumerate(ring) if point != ring[place - 1]]
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def outer(rings: list[Ring]) -> list[Ring]:
    """The borders that no two of these rings share, put together into rings again."""
    edges = [(ring[place - 1], point) for ring in rings for place, point in enumerate(ring)]
    seen = defaultdict(int)
    for edge in edges:
        seen[frozenset(edge)] += 1
    onward: dict[Point, list[Point]] = defaultdict(list)
    for start, end in edges:
        if seen[frozenset((start, end))] == 1:
            onward[start].append(end)
            onward[end].append(start)
    found = []
    while onward:
        point = start = next(iter(onward))
        ring = []
        while point in onward:
            ring.append(point)
            step = onward[point].pop()
            onward[step].remove(point)
            for each in (point, step):
                if not onward[each]:
                    del onward[each]
            point = step
            if point == start:
                break
        if len(ring) > 2:
            found.append(ring)
    return found


def path(rings: list[Ring]) -> str:
    """As SVG writes it, each point from the one before."""
    written = []
    for ring in rings:
        steps = [f"{x - ring[place][0]},{y - ring[place][1]}" for place, (x, y) in enumerate(ring[1:])]
        written.append(f"M{ring[0][0]},{ring[0][1]}l{' '.join(steps)}z")
    return "".join(written).replace(",-", "-").replace(" -", "-")


def outline(rings: list[Ring]) -> list:
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    return [path(rings), min(xs), min(ys), max(xs), max(ys)]


def main(source: str) -> None:
    features = json.loads(Path(source).read_text(encoding="utf-8"))["features"]
    shapes, of_province = {}, defaultdict(list)
    for feature in features:
        rings = rings_of(feature["geometry"])
        of_province[feature["properties"]["pv"]] += rings
        shapes[feature["properties"]["gm"]] = outline(rings)
    shapes |= {code: outline(outer(rings)) for code, rings in of_province.items()}
    lines = ",\n".join(f"{json.dumps(code)}: {json.dumps(shapes[code])}" for code in sorted(shapes))
    TARGET.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    sys.stdout.write(f"{len(shapes)} shapes, {TARGET.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1])

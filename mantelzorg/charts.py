"""Bars and lines, computed here and drawn by templates/components/charts/ as SVG, on a page and in a PDF alike.

On a page a length is a percentage, so that bars follow the width of the screen while letters keep their size; in a PDF
it is a number in a field of WIDTH. What a picture shows, its table says. Nothing is told by colour alone: values are
written at the bars, and each series has its own pattern or stroke.

A value is a number, None (no value), or text such as "<5" that may not be drawn to scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise

from django.utils.formats import number_format
from django.utils.text import slugify

WIDTH = 640  # of the field in a PDF
BAR_SHARE = 0.84  # the longest bar leaves room for its number
ROW = 46  # label, bar and air
BAR = 18
LINE_HEIGHT = 220
LINE_TOP = 24
LINE_BOTTOM = 30

Value = int | float | str | None

_numbers = count(1)


def written(value: Value) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return number_format(value, decimal_pos=0 if float(value).is_integer() else 1, use_l10n=True, force_grouping=True)


def size(value: Value) -> float:
    """How long something is drawn; what may not be drawn to scale has no length."""
    return float(value) if isinstance(value, int | float) else 0.0


def nice_ceiling(highest: float) -> float:
    """The next round number: the top of an axis."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if highest <= factor * step:
                return float(factor * step)
        step *= 10


class Scale:
    """Turns a share of the width into what SVG understands: a percentage on a page, a number in a PDF."""

    def __init__(self, pdf: bool):
        self.pdf = pdf

    def __call__(self, share: float) -> str:
        return f"{share * WIDTH:.1f}" if self.pdf else f"{share * 100:.2f}%"


@dataclass(frozen=True, kw_only=True)
class Chart:
    title: str
    description: str = ""
    unit: str = ""  # the head of the column of numbers

    def frame(self, height: float) -> dict:
        return {
            "id": f"{slugify(self.title)[:40]}-{next(_numbers)}",
            "title": self.title,
            "description": self.description,
            "unit": self.unit or "Aantal",
            "width": WIDTH,
            "height": height,
        }


@dataclass(frozen=True, kw_only=True)
class BarChart(Chart):
    """One bar a row: `rows=[("Zaanstad", 12), ("Edam-Volendam", "<5")]`."""

    rows: Sequence[tuple[str, Value]]

    template = "components/charts/bar.html"

    def drawing(self, *, pdf: bool = False) -> dict:
        scale = Scale(pdf)
        longest = max((size(value) for _, value in self.rows), default=0) or 1
        bars = []
        for index, (label, value) in enumerate(self.rows):
            share = size(value) / longest * BAR_SHARE
            bars.append(
                {
                    "label": label,
                    "value": written(value),
                    "hidden": isinstance(value, str),
                    "label_y": index * ROW + 15,
                    "bar_y": index * ROW + 21,
                    "text_y": index * ROW + 35,
                    "width": scale(share),
                }
            )
        return self.frame(len(self.rows) * ROW) | {
            "bars": bars,
            "bar_height": BAR,
            "columns": [self.unit or "Aantal"],
            "table": [(bar["label"], [bar["value"]]) for bar in bars],
        }


@dataclass(frozen=True, kw_only=True)
class StackedBarChart(Chart):
    """Bars in parts: `series=["op tijd", "te laat"], rows=[("Zaanstad", [10, 2]), …]`; at most four series."""

    series: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Value]]]

    template = "components/charts/stacked_bar.html"

    def __post_init__(self):
        if len(self.series) > 4:
            raise ValueError("More than four series cannot be told apart; join some of them.")

    def drawing(self, *, pdf: bool = False) -> dict:
        scale = Scale(pdf)
        longest = max((sum(map(size, values)) for _, values in self.rows), default=0) or 1
        rows = []
        for index, (label, values) in enumerate(self.rows):
            parts, start = [], 0.0
            for number, value in enumerate(values):
                share = size(value) / longest * BAR_SHARE
                if share:
                    text = written(value)
                    fits = share > 0.02 + 0.022 * len(text)
                    parts.append(
                        {
                            "series": number,
                            "x": scale(start),
                            "width": scale(share),
                            "middle": scale(start + share / 2),
                            "text": text if fits else "",
                        }
                    )
                start += share
            exact = [value for value in values if not isinstance(value, str)]
            rows.append(
                {
                    "label": label,
                    "label_y": index * ROW + 15,
                    "bar_y": index * ROW + 21,
                    "text_y": index * ROW + 35,
                    "parts": parts,
                    "end": scale(start),
                    "total": written(sum(map(size, values))) if len(exact) == len(values) else "",
                    "values": [written(value) for value in values],
                }
            )
        return self.frame(len(self.rows) * ROW) | {
            "rows": rows,
            "bar_height": BAR,
            "series": list(self.series),
            "columns": list(self.series),
            "table": [(row["label"], row["values"]) for row in rows],
        }


@dataclass(frozen=True, kw_only=True)
class LineChart(Chart):
    """A course over time: `labels=["jan", "feb"], series=[("verwijzingen", [3, 5]), …]`; at most four series."""

    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[Value]]]

    template = "components/charts/line.html"

    def __post_init__(self):
        if len(self.series) > 4:
            raise ValueError("More than four lines cannot be told apart; join some of them.")

    def drawing(self, *, pdf: bool = False) -> dict:
        scale = Scale(pdf)
        top = nice_ceiling(max((size(value) for _, values in self.series for value in values), default=0) or 1)
        steps = max(len(self.labels) - 1, 1)
        left, right = 0.11, 0.96

        def x(index: int) -> float:
            return left + (right - left) * index / steps

        def y(value: Value, lift: int = 0) -> str:
            share = 1 - size(value) / top
            return f"{LINE_TOP + (LINE_HEIGHT - LINE_TOP - LINE_BOTTOM) * share - lift:.1f}"

        lines = []
        for name, values in self.series:
            points = [
                {"x": scale(x(index)), "y": y(value), "text": written(value), "text_y": y(value, lift=9)}
                for index, value in enumerate(values)
                if isinstance(value, int | float)
            ]
            drawn = [index for index, value in enumerate(values) if isinstance(value, int | float)]
            segments = [
                {"x1": scale(x(a)), "y1": y(values[a]), "x2": scale(x(b)), "y2": y(values[b])}
                for a, b in pairwise(drawn)
                if b == a + 1
            ]
            lines.append({"name": name, "points": points, "segments": segments})
        every = -(-len(self.labels) // 7)  # more than seven labels do not fit on a phone
        return self.frame(LINE_HEIGHT) | {
            "lines": lines,
            "series": [name for name, _ in self.series],
            "show_values": len(self.series) == 1 and len(self.labels) <= 12,
            "grid": [
                {"y": y(value), "text": written(value), "x1": scale(left), "x2": scale(right)}
                for value in (0, top / 2, top)
            ],
            "ticks": [
                {"x": scale(x(index)), "text": label} for index, label in enumerate(self.labels) if index % every == 0
            ],
            "tick_y": LINE_HEIGHT - 8,
            "columns": [name for name, _ in self.series],
            "table": [
                (label, [written(values[index]) if index < len(values) else "–" for _, values in self.series])
                for index, label in enumerate(self.labels)
            ],
        }

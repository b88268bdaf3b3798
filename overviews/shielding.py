"""Small numbers are not shown, since a small number can be somebody.

A cell of 1 to 4 reads "<5". When the total would give it away, because it stands alone in its column or the small ones
have no room, the next smallest cell is hidden too and reads "5 of meer". A municipality with fewer than 20
caregivers is shown only together with others.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SMALL = 5
SHOWN_ALONE = 20
SMALL_TEXT, HIDDEN_TEXT = "<5", "5 of meer"


@dataclass(frozen=True)
class Cell:
    text: str
    value: int | None = None  # None: not to be drawn or counted with

    @property
    def may_be_described(self) -> bool:
        """Percentages and medians follow their count."""
        return self.value is not None and self.value >= SMALL


def shield(counts: Mapping[str, int]) -> dict[str, Cell]:
    """The cells of one column that has a total. Keys keep their order."""
    small = {key for key, count in counts.items() if 0 < count < SMALL}
    hidden: set[str] = set()
    others = sorted((count, key) for key, count in counts.items() if count >= SMALL)
    while small and others and _is_told_by_total(counts, small, hidden):
        hidden.add(others.pop(0)[1])
    cells = {}
    for key, count in counts.items():
        if key in small:
            cells[key] = Cell(SMALL_TEXT)
        elif key in hidden:
            cells[key] = Cell(HIDDEN_TEXT)
        else:
            cells[key] = Cell(str(count), count)
    return cells


def _is_told_by_total(counts: Mapping[str, int], small: set[str], hidden: set[str]) -> bool:
    """Whether somebody who subtracts what she sees from the total nearly knows a small number.

    She knows that each small cell is 1 to 4 and each hidden one 5 or more. Fewer than three possible values is too few.
    """
    rest = sum(counts[key] for key in small | hidden)
    others = len(small) - 1
    highest = min(SMALL - 1, rest - SMALL * len(hidden) - others)
    lowest = 1 if hidden else max(1, rest - (SMALL - 1) * others)
    return highest - lowest + 1 < 3


def shield_one(count: int) -> Cell:
    """A number that stands by itself."""
    return Cell(SMALL_TEXT) if 0 < count < SMALL else Cell(str(count), count)


def shown_together(caregivers: Mapping[str, int]) -> set[str]:
    """The municipalities that are shown as one row: those with too few caregivers, and as many more as it takes.

    One alone could be found by subtraction, and a row of too few together is no better: then the next smallest joins.
    """
    together = {code for code, count in caregivers.items() if count < SHOWN_ALONE}
    by_size = sorted((count, code) for code, count in caregivers.items() if code not in together)
    while together and by_size and (len(together) == 1 or sum(caregivers[code] for code in together) < SHOWN_ALONE):
        together.add(by_size.pop(0)[1])
    return together

"""Small numbers are not shown, since a small number can be somebody.

A cell of 1 to 4 reads "<5". When it would stand alone in its column, the total gives it away: then the next smallest
cell is hidden too and reads "5 of meer". A municipality with fewer than 20 caregivers is shown only together with
others.
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
    small = [key for key, count in counts.items() if 0 < count < SMALL]
    hidden = set()
    if len(small) == 1:
        others = sorted((count, key) for key, count in counts.items() if count >= SMALL)
        hidden = {others[0][1]} if others else set()
    cells = {}
    for key, count in counts.items():
        if key in small:
            cells[key] = Cell(SMALL_TEXT)
        elif key in hidden:
            cells[key] = Cell(HIDDEN_TEXT)
        else:
            cells[key] = Cell(str(count), count)
    return cells


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

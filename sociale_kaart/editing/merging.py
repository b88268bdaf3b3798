"""Two people changed the same card: what both of them meant, where that can be, and otherwise what they disagree on.

All values are plain (see sociale_kaart/exchange/records.py), so that they can be compared.
"""

from dataclasses import dataclass, field
from typing import Any

from mantelzorg.refusal import Refused

Values = dict[str, Any]
Groups = tuple[tuple[str, ...], ...]  # of fields that say one thing together
OF_A_CARD: Groups = (("capacity", "wait_weeks", "capacity_on"), ("cost_kind", "cost_note"), ("access", "access_note"))
OF_A_CONTACT: Groups = (("name", "title"), ("phone", "email"))
OF_A_LOCATION: Groups = (("kind", "street", "place"),)


@dataclass(frozen=True)
class Clash:
    """One field that somebody else changed too, to something else."""

    name: str
    base: Any  # what it was when she began
    mine: Any
    theirs: Any


@dataclass
class Merged:
    values: Values = field(default_factory=dict)  # what has to be written
    clashes: list[Clash] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)  # what somebody else changed and she did not


class Conflict(Refused):
    """Somebody else was first with the same field. Nothing is written; what she typed stays in her form."""

    def __init__(self, merged: Merged, theirs: Values):
        super().__init__("Een collega heeft dit intussen gewijzigd. Kijk hieronder wat er nu staat.")
        self.merged = merged
        self.theirs = theirs


def merge(*, base: Values, mine: Values, theirs: Values, together: Groups = OF_A_CARD) -> Merged:
    """`base` is what stood there when she began; a name that is not in it counts as changed by both."""
    merged = Merged()
    torn = {name for group in together if _is_torn(group, base, mine, theirs) for name in group}
    for name, value in mine.items():
        if value == theirs.get(name):
            continue
        known = name in base and name not in torn
        if known and value == base[name]:
            merged.taken.append(name)
        elif known and theirs.get(name) == base[name]:
            merged.values[name] = value
        else:
            merged.clashes.append(Clash(name, base.get(name), value, theirs.get(name)))
    return merged


def settled(*, base: Values, mine: Values, theirs: Values, together: Groups = OF_A_CARD) -> Merged:
    """What `merge` makes of it. Raises Conflict when there is something left to disagree on."""
    merged = merge(base=base, mine=mine, theirs=theirs, together=together)
    if merged.clashes:
        raise Conflict(merged, theirs)
    return merged


def _is_torn(group: tuple[str, ...], base: Values, mine: Values, theirs: Values) -> bool:
    """Fields that say one thing together, which both changed: the half of the one and the half of the other say a
    third. A waiting list of four weeks (hers) and "vol" (his) are not "vol" for four weeks.
    """
    of_it = [name for name in group if name in mine]
    return any(mine[name] != base.get(name) for name in of_it) and any(
        theirs.get(name) != base.get(name) for name in of_it
    )

"""What there is near somebody: the first few of it, and whether there is more."""

from dataclasses import dataclass

SHOWN = 6  # more than this is a search


@dataclass(frozen=True)
class Near:
    rows: list[dict]  # ready to print
    has_more: bool = False

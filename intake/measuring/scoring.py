"""What the answers to an instrument add up to, by the rules that were published with it.

The rules are data: of each instrument from where to where its score goes, its cut-off, its bands and which way each
dimension points stand in knowledge/content/meetinstrumenten.yaml, with their sources. Only what is named here can be
measured with; nothing of the Zarit Burden Interview is, for that needs a licence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PROFILE = "carerqol-7d"
HAPPINESS = "vas"  # beside the seven dimensions: how happy she feels, 0 to 10
OFFERED = (PROFILE, "csi", "ediz-plus", "ediz")
# Of which more than one version goes round, so that two scores are only compared when the version is the same.
VERSIONS = {
    "ediz": ("Vijf antwoorden (nee! tot ja!)", "Drie antwoorden"),
}
LEVELS = 3  # geen, enige, veel


class Incomplete(ValueError):
    """An answer is missing. No rule was published to make up for one, so there is no score."""

    def __init__(self, missing: Iterable[str]):
        self.missing = list(missing)
        super().__init__(f"Missing: {', '.join(self.missing)}")


@dataclass(frozen=True)
class Reading:
    """What a total is, by what was published; empty where nothing was."""

    band: str = ""
    is_over: bool | None = None  # at or over the cut-off; None without a cut-off


def points(level: int, *, is_positive: bool) -> int:
    """Of one dimension of the CarerQol: `level` is 0 for geen, 1 for enige, 2 for veel. The best answer is 2 points."""
    if not 0 <= level < LEVELS:
        raise ValueError(f"No such level: {level}")
    return level if is_positive else LEVELS - 1 - level


def profile(levels: Mapping[str, int], directions: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    """The unweighted sum, 0 (worst) to 14 (best), and the points of each dimension. Raises Incomplete."""
    if missing := [code for code in directions if code not in levels]:
        raise Incomplete(missing)
    each = {code: points(levels[code], is_positive=directions[code] == "positief") for code in directions}
    return sum(each.values()), each


def reading(total: int, *, score_from: int, score_to: int, cut_off: int | None, bands: Iterable) -> Reading:
    """`bands` have a name, a score_from and a score_to. Raises ValueError for a total that cannot be."""
    if not score_from <= total <= score_to:
        raise ValueError(f"{total} is not from {score_from} to {score_to}")
    band = next((band.name for band in bands if band.score_from <= total <= band.score_to), "")
    return Reading(band=band, is_over=None if cut_off is None else total >= cut_off)

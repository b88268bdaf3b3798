"""What the answers to an instrument add up to, by the rules that were published with it.

The rules are data: what an answer counts, from where to where a score goes, its cut-off, its bands and which way each
dimension points stand in knowledge/content/meetinstrumenten.yaml, with their sources. Only what is named here can be
measured with; nothing of the Zarit Burden Interview is, for that needs a licence.
"""

from collections.abc import Iterable, Mapping

PROFILE = "carerqol-7d"
HAPPINESS = "vas"  # beside the seven dimensions: how happy she feels, 0 to 10
OFFERED = (PROFILE, "csi", "ediz-plus", "ediz")
LEVELS = 3  # geen, enige, veel
HAPPIEST = 10


class Incomplete(ValueError):
    """An answer is missing. No rule was published to make up for one, so there is no score."""

    def __init__(self, missing: Iterable[str]):
        self.missing = list(missing)
        super().__init__(f"Missing: {', '.join(self.missing)}")


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


def adds_up(instrument, total: int, answers: Mapping[str, int]) -> bool:
    """Whether the answers, where they were given, are those of the instrument and add up to this total."""
    sides = {dimension.code for dimension in instrument.dimensions.all() if dimension.direction}
    points_of = {code: each for code, each in answers.items() if code != HAPPINESS}
    if not sides:
        if not answers:
            return True  # counted on paper
        sides = {str(number) for number in range(1, instrument.item_count + 1)}
    return (
        set(points_of) == sides
        and all(each in instrument.answer_points for each in points_of.values())
        and sum(points_of.values()) == total
        and answers.get(HAPPINESS, 0) in range(HAPPIEST + 1)
    )


def band(total: int, bands: Iterable) -> str:
    """What was published for this total; empty where nothing was. `bands` have a name, score_from and score_to."""
    return next((band.name for band in bands if band.score_from <= total <= band.score_to), "")

"""What answers add up to, by the published rules. The numbers are literal, with where they come from."""

import itertools

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from intake.measuring import scoring
from intake.measuring.actions import record_screening
from intake.models import Screening
from knowledge.models import Instrument
from mantelzorg.refusal import Refused
from tests.factories import make_caregiver

DIRECTIONS = {
    "a": "positief",
    "b": "negatief",
    "c": "negatief",
    "d": "negatief",
    "e": "negatief",
    "f": "positief",
    "g": "negatief",
}
NONE, SOME, LOT = 0, 1, 2


# CarerQol-7D: Brouwer, van Exel, van Gorp, Redekop (2006); the unweighted sum as iMTA describes it.


@pytest.mark.parametrize(
    ("levels", "total"),
    [
        ("veel geen geen geen geen veel geen", 14),  # the best: fulfilment and support, no problems
        ("geen veel veel veel veel geen veel", 0),  # the worst
        ("enige enige enige enige enige enige enige", 7),
        ("veel veel geen geen geen veel geen", 12),  # trouble in the relation costs two points
        ("geen geen geen geen geen geen geen", 10),
    ],
)
def test_the_unweighted_sum_of_the_carerqol(levels, total):
    words = ["geen", "enige", "veel"]
    answers = dict(zip(DIRECTIONS, map(words.index, levels.split()), strict=True))
    assert scoring.profile(answers, DIRECTIONS)[0] == total


def test_there_are_2187_profiles_and_each_is_from_0_to_14():
    profiles = list(itertools.product(range(3), repeat=7))
    totals = [scoring.profile(dict(zip(DIRECTIONS, levels, strict=True)), DIRECTIONS)[0] for levels in profiles]
    assert (len(totals), min(totals), max(totals)) == (3**7, 0, 14)
    assert (totals.count(0), totals.count(14)) == (1, 1)


@given(
    st.fixed_dictionaries({code: st.integers(0, 2) for code in DIRECTIONS}),
    st.sampled_from(sorted(DIRECTIONS)),
)
def test_a_better_answer_never_lowers_the_sum(levels, code):
    total = scoring.profile(levels, DIRECTIONS)[0]
    better = levels[code] + (1 if DIRECTIONS[code] == "positief" else -1)
    if 0 <= better <= 2:
        assert scoring.profile(levels | {code: better}, DIRECTIONS)[0] == total + 1


@pytest.mark.parametrize("code", sorted(DIRECTIONS))
def test_without_one_answer_there_is_no_sum(code):
    levels = {other: SOME for other in DIRECTIONS if other != code}
    with pytest.raises(scoring.Incomplete) as incomplete:
        scoring.profile(levels, DIRECTIONS)
    assert incomplete.value.missing == [code]


@pytest.mark.parametrize("level", [-1, 3])
def test_an_answer_that_is_none_of_the_three_is_no_answer(level):
    with pytest.raises(ValueError, match="No such level"):
        scoring.points(level, is_positive=True)


# What is loaded is what was published.


@pytest.fixture
def read(sender):
    """A score as it is noted, with how it is read; Refused for one that cannot be."""
    anna = make_caregiver(sender, "Anna de Boer")

    def read(slug: str, total: int) -> Screening:
        instrument = Instrument.objects.get(pk=slug)
        today = timezone.localdate()
        return record_screening(
            caregiver=anna, by=sender, instrument=instrument, version="1995", taken_on=today, total=total
        )

    return read


@pytest.mark.django_db
def test_the_directions_that_are_loaded_are_those_of_the_makers():
    dimensions = Instrument.objects.get(pk="carerqol-7d").dimensions.all()
    assert {one.code: one.direction for one in dimensions} == DIRECTIONS


@pytest.mark.parametrize(("total", "is_over"), [(0, False), (6, False), (7, True), (13, True)])
def test_the_cut_off_of_the_csi_is_7(read, total, is_over):
    """Robinson (1983); Dutch version by Schure and others (1995); meetinstrumentenzorg.nl."""
    found = read("csi", total)
    assert (found.band, found.is_over) == ("", is_over)


@pytest.mark.parametrize(
    ("total", "band", "is_over"),
    [
        (0, "geen", False),
        (1, "licht", False),
        (3, "licht", False),
        (4, "matig", False),
        (8, "matig", False),
        (9, "zwaar", True),
        (15, "zwaar", True),
    ],
)
def test_the_bands_and_the_cut_off_of_the_ediz_plus(read, total, band, is_over):
    """De Boer, Oudijk, Timmermans, Pot (2012), TvGG 43:77-88; instrumentwijzer.nl."""
    found = read("ediz-plus", total)
    assert (found.band, found.is_over) == (band, is_over)


@pytest.mark.parametrize("total", [0, 5, 9])
def test_of_the_ediz_no_cut_off_was_published(read, total):
    """Pot, van Dyck, Deeg (1995), TvGG 26:214-219."""
    found = read("ediz", total)
    assert (found.band, found.is_over) == ("", None)


@pytest.mark.parametrize(("slug", "total"), [("csi", 14), ("csi", -1), ("ediz-plus", 16), ("ediz", 10)])
def test_a_score_that_cannot_be_is_none(read, slug, total):
    with pytest.raises(Refused, match="De score gaat van"):
        read(slug, total)


@pytest.mark.django_db
def test_nothing_of_the_zarit_interview_is_offered():
    assert not [slug for slug in scoring.OFFERED if "zbi" in slug or "zarit" in slug]
    assert set(Instrument.objects.filter(pk__in=scoring.OFFERED).values_list("pk", flat=True)) == set(scoring.OFFERED)

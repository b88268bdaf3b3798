"""How services are weighed, for any services: what does not fit never stands above what does, and what is said is what
counted.
"""

import datetime
import itertools
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.models import Missing
from referrals.matching.groups import WHAT_PLAYS, WHO_SHE_IS, About
from referrals.matching.weighing import COSTS_MATTER_LESS, Asked, Facts, Sign, best_first, weigh
from sociale_kaart.models import Service

KINDS = {"logeerzorg": "Logeerzorg", "lotgenotencontact": "Lotgenotencontact", "cursussen": "Cursussen"}
PHASES = ["niet-pluis", "diagnose", "verlies-rouw"]
GROUPS = {slug: slug.capitalize() for slug in [*WHO_SHE_IS, *WHAT_PLAYS, "jonge-mantelzorgers", "werkenden"]}
TODAY = datetime.date(2026, 11, 23)
SYMBOLS = {Sign.FITS: "✓", Sign.BUT: "!", Sign.UNKNOWN: "?"}  # as they stand on the page

abouts = st.builds(
    About,
    relation=st.sampled_from(["", "partner", "ouder", "kind"]),
    situation=st.sampled_from(["", "dementie", "psychisch", "anders"]),
    phase=st.sampled_from(["", *PHASES]),
    is_young=st.booleans(),
    works=st.sampled_from([None, True, False]),
    language=st.sampled_from(["", "tr", "ar"]),
    language_name=st.just("Turks"),
)
questions = st.builds(
    Asked,
    kinds=st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=3, unique=True).map(
        lambda slugs: {slug: KINDS[slug] for slug in slugs}
    ),
    about=abouts,
    prefers_free=st.booleans(),
)
facts = st.builds(
    Facts,
    key=st.uuids(),
    status=st.sampled_from(Service.Status.values),
    is_here=st.booleans(),
    km=st.none() | st.floats(0, 40),
    kinds=st.frozensets(st.sampled_from(list(KINDS)), max_size=3),
    phases=st.frozensets(st.sampled_from(PHASES), max_size=2),
    groups=st.lists(st.sampled_from(list(GROUPS)), max_size=3, unique=True).map(
        lambda slugs: {slug: GROUPS[slug] for slug in slugs}
    ),
    languages=st.frozensets(st.sampled_from(["nl", "tr", "ar"]), max_size=3),
    capacity=st.sampled_from(["", "plek", "wachtlijst", "vol"]),
    wait_weeks=st.none() | st.integers(0, 500),
    cost=st.sampled_from(Service.CostKind.values),
    access=st.sampled_from(Service.Access.values),
    is_stale=st.booleans(),
    checked_on=st.none() | st.dates(datetime.date(2020, 1, 1), TODAY),
    holds=st.sampled_from([(), ("tennis",)]),
    tried=st.sampled_from(["", "er is geen plek, 3 maart 2026"]),
)
several = st.lists(facts, max_size=8, unique_by=lambda one: one.key)


def is_wrong(one: Facts, asked: Asked) -> bool:
    """What must never stand above what fits, in words of its own."""
    return (
        one.status != "published"
        or not one.is_here
        or one.capacity == "vol"
        or not (one.kinds & asked.kinds.keys())
        or bool(one.tried)
    )


@given(several, questions)
def test_what_is_elsewhere_full_or_of_another_kind_never_stands_above_what_fits(services, asked):
    ranked = best_first(services, asked)
    for higher, lower in itertools.combinations(ranked, 2):
        assert not (is_wrong(higher.facts, asked) and lower.fits)
    assert all(not is_wrong(one.facts, asked) for one in ranked if one.fits)


@given(several, questions)
def test_drafts_and_what_has_stopped_are_not_there_and_nothing_else_is_lost(services, asked):
    shown = {one.facts.key for one in best_first(services, asked)}
    assert shown == {one.key for one in services if one.status in ("published", "paused")}


@given(several, questions, st.randoms())
def test_the_order_is_total_and_does_not_depend_on_where_they_stood(services, asked, random):
    ranked = best_first(services, asked)
    shuffled = random.sample(services, len(services))
    assert [one.facts.key for one in best_first(shuffled, asked)] == [one.facts.key for one in ranked]
    ranks = [one.rank for one in ranked]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)


@given(several, questions)
def test_what_lowered_a_service_is_said_and_nothing_that_suits_her_lowers_it(services, asked):
    for one in best_first(services, asked):
        for line in one.lines:
            assert line.text
            assert line.points <= 0 or line.sign in (Sign.BUT, Sign.UNKNOWN)
            assert line.points >= 0 or line.sign is Sign.FITS
            assert not line.rules_out or line.sign is Sign.BUT
            assert line.missing in ("", *Missing.values)
        assert one.fits == (not any(line.rules_out for line in one.lines))


@given(several, questions)
def test_who_says_the_same_stands_by_the_day_it_was_checked(services, asked):
    """Nothing counts that is not in the lines: two with the same lines differ in their check only."""
    for higher, lower in itertools.combinations(best_first(services, asked), 2):
        if sorted(higher.lines, key=repr) == sorted(lower.lines, key=repr):
            assert (higher.facts.checked_on or datetime.date.min) >= (lower.facts.checked_on or datetime.date.min)


BETTER = [
    ("is_here", True),
    ("capacity", "plek"),
    ("is_stale", False),
    ("tried", ""),
    ("groups", {}),
    ("phases", frozenset()),
    ("access", "zonder"),
    ("kinds", frozenset(KINDS)),
]


@pytest.mark.parametrize(("name", "value"), BETTER)
@given(facts, questions)
def test_taking_an_objection_away_never_lowers_a_service(name, value, one, asked):
    before = weigh(one, asked)
    if any(line.points < 0 for line in before.lines) and name in ("groups", "phases"):
        return  # for her, or for her phase, is better than for anyone
    assert weigh(replace(one, **{name: value}), asked).rank <= before.rank


@given(facts, questions)
def test_who_would_like_it_free_reads_what_everything_costs(one, asked):
    texts = [line.text for line in weigh(one, replace(asked, prefers_free=True)).lines]
    about_money = ("Gratis", "Vergoed", "Kleine bijdrage", "Wettelijke", "Zelf betalen", "Kosten onbekend")
    assert sum(text.startswith(about_money) for text in texts) == 1
    if one.cost not in COSTS_MATTER_LESS:
        assert not any(
            text.startswith(about_money)
            for text in [x.text for x in weigh(one, replace(asked, prefers_free=False)).lines]
        )


FITTING = Facts(UUID(int=1), kinds=frozenset({"logeerzorg"}), capacity="plek", cost="gratis", checked_on=TODAY)
ASKED = Asked(
    {"logeerzorg": "Logeerzorg"}, About("partner", "dementie", "diagnose", language="tr", language_name="Turks")
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "✓ In haar gemeente"),
        ({}, "✓ Logeerzorg"),
        ({}, "✓ Er is plek"),
        ({}, "? Onbekend of het in haar taal kan: Turks"),
        ({"languages": frozenset({"tr"})}, "✓ In haar taal: Turks"),
        ({"languages": frozenset({"nl"})}, "! Niet in haar taal: Turks"),
        ({"is_here": False, "km": 7.6}, "! Niet in haar gemeente, ongeveer 8 km verder"),
        ({"is_here": False}, "! Niet in haar gemeente"),
        ({"capacity": "vol"}, "! Vol: nu is er geen plek"),
        ({"capacity": "wachtlijst", "wait_weeks": 6}, "! Wachtlijst van 6 weken"),
        ({"capacity": "wachtlijst", "wait_weeks": 1}, "! Wachtlijst van 1 week"),
        ({"capacity": "wachtlijst"}, "! Wachtlijst"),
        ({"capacity": ""}, "? Onbekend of er plek is"),
        ({"kinds": frozenset()}, "! Een andere vorm van ondersteuning"),
        ({"groups": {"partners": "Partners"}}, "✓ Bedoeld voor partners"),
        ({"groups": {"ggz": "Ggz"}}, "! Bedoeld voor een andere groep"),
        ({"phases": frozenset({"diagnose"})}, "✓ Past bij haar fase"),
        ({"phases": frozenset({"verlies-rouw"})}, "! Bedoeld voor een andere fase"),
        ({"cost": "onbekend"}, "? Kosten onbekend"),
        ({"access": "indicatie"}, "! Alleen met een indicatie"),
        ({"is_stale": True}, "! Lang niet nagekeken"),
        ({"holds": ("tennis",)}, "✓ Gaat over: tennis"),
        ({"tried": "er is geen plek, 3 maart 2026"}, "! Eerder geprobeerd: er is geen plek, 3 maart 2026"),
        ({"status": "paused"}, "! Ligt nu stil"),
    ],
)
def test_each_line_says_in_words_what_a_symbol_shows(change, said):
    lines = weigh(replace(FITTING, **change), ASKED).lines
    assert said in [f"{SYMBOLS[line.sign]} {line.text}" for line in lines]
    assert all(line.spoken for line in lines)

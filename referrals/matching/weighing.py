"""How well a service fits what she asks. Nothing here reads a database: facts go in, lines to show come out.

A service stands as high as its lines say. Each line has points: above zero it lowers the service, below zero it raises
it. A line may also rule the service out: then it stands below everything that fits, whatever its points. So what
lowered a service is always said, because nothing else can lower it. Where the points are the same, what was checked
last comes first.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from intake.models import Missing
from referrals.matching.groups import NOTHING_KNOWN, About, MeantFor, meant_for
from sociale_kaart.models import Service

NEVER_SHOWN = {Service.Status.DRAFT, Service.Status.ARCHIVED}
LONGEST_WAIT = 40  # weeks: longer makes no difference any more


class Sign(StrEnum):
    FITS = "past"
    BUT = "let-op"
    UNKNOWN = "onbekend"


SHOWN_FIRST = [Sign.FITS, Sign.BUT, Sign.UNKNOWN]
SPOKEN = {Sign.FITS: "Past:", Sign.BUT: "Let op:", Sign.UNKNOWN: "Vraag na:"}


@dataclass(frozen=True, slots=True)
class Line:
    """One reason. Its sign is read aloud as well: the symbol before it (passing_on.css) alone says too little."""

    sign: Sign
    text: str
    points: int = 0
    rules_out: bool = False
    missing: str = ""  # what this says is missing, for when there turns out to be no offer: one of `Missing`

    @property
    def spoken(self) -> str:
        return SPOKEN[self.sign]


@dataclass(frozen=True, slots=True)
class Asked:
    """What she asks and what we know of her; `kinds` by slug with their names, any of which may be meant.

    No kinds: somebody searches by a word, and then a service may be of any kind.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    about: About = NOTHING_KNOWN
    prefers_free: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides how well one service fits."""

    key: UUID
    status: str = Service.Status.PUBLISHED
    is_here: bool = True  # it works in her municipality
    km: float | None = None  # only measured of what is elsewhere
    kinds: frozenset[str] = frozenset()
    phases: frozenset[str] = frozenset()
    groups: Mapping[str, str] = field(default_factory=dict)  # by slug, with their names
    languages: frozenset[str] = frozenset()
    capacity: str = ""
    wait_weeks: int | None = None
    cost: str = Service.CostKind.UNKNOWN
    access: str = Service.Access.DIRECT
    is_stale: bool = False
    checked_on: datetime.date | None = None
    holds: tuple[str, ...] = ()  # which of her own words it is about
    tried: str = ""  # how it went the last time for this same need


@dataclass(frozen=True, slots=True)
class Weighed:
    facts: Facts
    lines: tuple[Line, ...]

    @property
    def fits(self) -> bool:
        return not any(line.rules_out for line in self.lines)

    @property
    def missing(self) -> set[str]:
        return {line.missing for line in self.lines if line.missing}

    @property
    def rank(self) -> tuple:
        """The lowest comes first. No two services have the same."""
        against = sum(line.points for line in self.lines if line.rules_out)
        checked = self.facts.checked_on.toordinal() if self.facts.checked_on else 0
        return not self.fits, against, sum(line.points for line in self.lines), -checked, self.facts.key


def best_first(services: Iterable[Facts], asked: Asked) -> list[Weighed]:
    """Drafts and what has stopped are not there for her at all."""
    weighed = [weigh(facts, asked) for facts in services if facts.status not in NEVER_SHOWN]
    return sorted(weighed, key=lambda one: one.rank)


def weigh(facts: Facts, asked: Asked) -> Weighed:
    lines = [
        *_standing(facts),
        *_kind(facts, asked),
        *_her_words(facts),
        *_place(facts),
        *_room(facts),
        *_group(facts, asked.about),
        *_phase(facts, asked.about),
        *_language(facts, asked.about),
        *_costs(facts, prefers_free=asked.prefers_free),
        *_way_in(facts),
        *_freshness(facts),
        *_tried(facts),
    ]
    return Weighed(facts, tuple(sorted(lines, key=lambda line: SHOWN_FIRST.index(line.sign))))


def _standing(facts: Facts) -> list[Line]:
    if facts.status == Service.Status.PUBLISHED:
        return []
    return [Line(Sign.BUT, "Ligt nu stil", 2000, rules_out=True)]


def _kind(facts: Facts, asked: Asked) -> list[Line]:
    if not asked.kinds:
        return []
    given = [name for slug, name in asked.kinds.items() if slug in facts.kinds]
    missed = [name or "een deel van wat zij vraagt" for slug, name in asked.kinds.items() if slug not in facts.kinds]
    if not given:
        return [Line(Sign.BUT, "Een andere vorm van ondersteuning", 600, rules_out=True, missing=Missing.NOTHING_HERE)]
    lines = [Line(Sign.FITS, _listed(given))]
    if missed:
        lines.append(Line(Sign.BUT, f"Niet voor: {_lower(_listed(list(dict.fromkeys(missed))))}", 50 * len(missed)))
    return lines


def _her_words(facts: Facts) -> list[Line]:
    return [Line(Sign.FITS, f"Gaat over: {', '.join(facts.holds)}", -15)] if facts.holds else []


def _place(facts: Facts) -> list[Line]:
    if facts.is_here:
        return [Line(Sign.FITS, "In haar gemeente")]
    if facts.km is None:
        return [Line(Sign.BUT, "Niet in haar gemeente", 1100, rules_out=True, missing=Missing.TOO_FAR)]
    km = max(round(facts.km), 1)
    far = f"Niet in haar gemeente, ongeveer {km} km verder"
    return [Line(Sign.BUT, far, 1000 + min(km, 100), rules_out=True, missing=Missing.TOO_FAR)]


def _room(facts: Facts) -> list[Line]:
    if facts.capacity == Service.Capacity.ROOM:
        return [Line(Sign.FITS, "Er is plek")]
    if facts.capacity == Service.Capacity.FULL:
        return [Line(Sign.BUT, "Vol: nu is er geen plek", 400, rules_out=True, missing=Missing.NO_ROOM)]
    if facts.capacity != Service.Capacity.WAITING_LIST:
        return [Line(Sign.UNKNOWN, "Onbekend of er plek is", 8)]
    if not facts.wait_weeks:
        return [Line(Sign.BUT, "Wachtlijst", 20, missing=Missing.NO_ROOM)]
    weeks = "1 week" if facts.wait_weeks == 1 else f"{facts.wait_weeks} weken"
    return [
        Line(Sign.BUT, f"Wachtlijst van {weeks}", 10 + min(facts.wait_weeks, LONGEST_WAIT), missing=Missing.NO_ROOM)
    ]


def _group(facts: Facts, about: About) -> list[Line]:
    meant = meant_for(facts.groups, about)
    if meant is MeantFor.OTHERS:
        return [Line(Sign.BUT, "Bedoeld voor een andere groep", 200, rules_out=True, missing=Missing.GROUP)]
    if meant is MeantFor.ANYONE:
        return []
    hers = [name for slug, name in facts.groups.items() if meant_for([slug], about) is MeantFor.HER]
    return [Line(Sign.FITS, f"Bedoeld voor {_listed([_lower(name) for name in hers])}", -20)]


def _phase(facts: Facts, about: About) -> list[Line]:
    if not about.phase or not facts.phases:
        return []
    if about.phase in facts.phases:
        return [Line(Sign.FITS, "Past bij haar fase", -25)]
    return [Line(Sign.BUT, "Bedoeld voor een andere fase", 15)]


def _language(facts: Facts, about: About) -> list[Line]:
    if not about.language:
        return []
    if about.language in facts.languages:
        return [Line(Sign.FITS, f"In haar taal: {about.language_name}", -30)]
    if facts.languages:
        return [Line(Sign.BUT, f"Niet in haar taal: {about.language_name}", 40, missing=Missing.LANGUAGE)]
    return [Line(Sign.UNKNOWN, f"Onbekend of het in haar taal kan: {about.language_name}", 10)]


PRICES = {  # for who would like it free
    Service.CostKind.FREE: Line(Sign.FITS, "Gratis", -10),
    Service.CostKind.INSURED: Line(Sign.FITS, "Vergoed door verzekering of werkgever"),
    Service.CostKind.SMALL: Line(Sign.BUT, "Kleine bijdrage, zij wil het liefst gratis", 10, missing=Missing.COSTS),
    Service.CostKind.OWN_CONTRIBUTION: Line(
        Sign.BUT, "Wettelijke eigen bijdrage, zij wil het liefst gratis", 20, missing=Missing.COSTS
    ),
    Service.CostKind.PAID: Line(Sign.BUT, "Zelf betalen, zij wil het liefst gratis", 30, missing=Missing.COSTS),
    Service.CostKind.UNKNOWN: Line(Sign.UNKNOWN, "Kosten onbekend", 15),
}
COSTS_MATTER_LESS = {
    Service.CostKind.FREE: Line(Sign.FITS, "Gratis"),
    Service.CostKind.UNKNOWN: Line(Sign.UNKNOWN, "Kosten onbekend"),
}


def _costs(facts: Facts, *, prefers_free: bool) -> list[Line]:
    line = (PRICES if prefers_free else COSTS_MATTER_LESS).get(facts.cost)
    return [line] if line else []


def _way_in(facts: Facts) -> list[Line]:
    if facts.access == Service.Access.INDICATION:
        return [Line(Sign.BUT, "Alleen met een indicatie", 5)]
    return []


def _freshness(facts: Facts) -> list[Line]:
    return [Line(Sign.BUT, "Lang niet nagekeken", 12)] if facts.is_stale else []


def _tried(facts: Facts) -> list[Line]:
    return [Line(Sign.BUT, f"Eerder geprobeerd: {facts.tried}", 100, rules_out=True)] if facts.tried else []


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} en {names[-1]}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]

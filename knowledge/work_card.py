"""The work card as its page shows it."""

from collections.abc import Iterable

from knowledge.models import WorkCardContribution, WorkCardLink

Side, Kind = WorkCardContribution.Side, WorkCardContribution.Kind
SIDES = {Side.MUNICIPALITY: "De gemeente (sociaal domein)", Side.MENTAL_HEALTH: "De ggz"}
READING = {
    WorkCardLink.Audience.PROFESSIONAL: "Voor jou",
    WorkCardLink.Audience.ORGANISATION: "Voor je organisatie",
    WorkCardLink.Audience.CAREGIVER: "Voor de mantelzorger",
    "": "Lees verder",
}
CARDS = "Andere werkkaarten"


def side_by_side(contributions: Iterable[WorkCardContribution]) -> list[dict]:
    """What the municipality and mental health care each do and know."""
    found = list(contributions)
    return [
        {
            "name": name,
            "tasks": [one.text for one in found if (one.side, one.kind) == (side, Kind.TASK)],
            "expertise": [one.text for one in found if (one.side, one.kind) == (side, Kind.EXPERTISE)],
        }
        for side, name in SIDES.items()
    ]


def further_reading(links: Iterable[WorkCardLink]) -> list[tuple[str, list]]:
    """By whom it is for, each once; the other work cards together."""
    groups: dict[str, list] = {name: [] for name in [*READING.values(), CARDS]}
    for link in links:
        name = CARDS if link.part == WorkCardLink.Part.CARDS else READING[link.audience]
        if link.resource not in groups[name]:
            groups[name].append(link.resource)
    return [(name, resources) for name, resources in groups.items() if resources]

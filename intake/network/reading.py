"""Her network in circles: as a list, and as a picture with the same numbers."""

import math
from dataclasses import dataclass
from typing import Any

from intake.models import Caregiver, Circle, Involvement
from intake.reading import PersonLine, person_line

SIZE = 720  # of the picture, in its own units
RADII = {Circle.CLOSE: 120, Circle.REGULAR: 205, Circle.DISTANT: 295}
MOST_DRAWN = 12  # in one circle; the list has everybody
ROOM = 40  # of the radius, for each name: with more people in a circle there are only numbers
LONGEST_NAME = 16
TURN = {Circle.CLOSE: -0.3, Circle.REGULAR: 0.0, Circle.DISTANT: 0.3}  # of one place, so that few stand in line


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: str
    number: int
    name: str
    name_y: str


@dataclass
class Ring:
    circle: Circle
    people: list[dict[str, Any]]

    @property
    def label(self) -> str:
        return self.circle.label.capitalize()

    @property
    def radius(self) -> int:
        return RADII[self.circle]

    @property
    def label_y(self) -> int:
        return SIZE // 2 - self.radius - 10

    @property
    def more(self) -> int:
        return max(0, len(self.people) - MOST_DRAWN)

    @property
    def dots(self) -> list[Dot]:
        drawn = self.people[:MOST_DRAWN]
        return [self._dot(place, len(drawn), person) for place, person in enumerate(drawn)]

    def _dot(self, place: int, count: int, person: dict[str, Any]) -> Dot:
        # clockwise from the top, where nobody stands but the label
        angle = 2 * math.pi * (place + 0.5 + TURN[self.circle]) / count - math.pi / 2
        x, y = SIZE / 2 + self.radius * math.cos(angle), SIZE / 2 + self.radius * math.sin(angle)
        name = person["name"] if count <= self.radius // ROOM else ""
        short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        return Dot(f"{x:.0f}", f"{y:.0f}", person["number"], short, f"{y + 46:.0f}")


def network_of(caregiver: Caregiver) -> dict[str, Any]:
    """Everybody who is there, numbered from near to far, and who was. One query."""
    involvements = list(caregiver.involvements.for_page())
    there = [one for one in involvements if one.ended_on is None]
    rings, number = [], 0
    for circle in Circle:
        people = []
        if circle == Circle.REGULAR and not _is_there(caregiver, there):
            number += 1
            people.append({"number": number, **_fixed_contact(caregiver)})
        for one in there:
            if one.circle == circle:
                number += 1
                people.append(
                    {
                        "number": number,
                        "name": one.name,
                        "line": person_line(one),
                        "is_contact": _is_contact(caregiver, one),
                    }
                )
        rings.append(Ring(circle, people))
    return {
        "rings": rings,
        "size": SIZE,
        "centre": SIZE // 2,
        "count": number,
        "in_charge": next((one.name for one in there if one.regie), ""),
        "former": [person_line(one) for one in involvements if one.ended_on is not None],
    }


def _is_contact(caregiver: Caregiver, one: Involvement) -> bool:
    return one.member_id == caregiver.fixed_contact_id


def _is_there(caregiver: Caregiver, there: list[Involvement]) -> bool:
    return any(_is_contact(caregiver, one) for one in there)


def _fixed_contact(caregiver: Caregiver) -> dict[str, Any]:
    member = caregiver.fixed_contact
    what = ", ".join(part for part in (member.profession_name, caregiver.organisation.name) if part)
    return {
        "name": str(member.user),
        "line": PersonLine(id=None, name=str(member.user), what=what, since=""),
        "is_contact": True,
    }

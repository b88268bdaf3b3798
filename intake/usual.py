"""Who is usually involved in her phase and is not around her yet, and whether there is a casemanager.

A reminder of whom to think of, from the journey with dementia. Never a route that she has to follow.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from intake.models import Caregiver, Casemanager, Involvement
from knowledge.models import PhaseInvolvement
from mantelzorg.carried import opened_for
from mantelzorg.dates import day_in_words

CASEMANAGER = "casemanager-dementie"  # the profession
AFTERWARDS = "verlies-rouw"  # the phase after the death: nobody looks for a casemanager any more


@dataclass(frozen=True, slots=True)
class UsualLine:
    name: str
    function: str
    url: str  # who it is, and where near her
    add_url: str  # to note that this role is around her already


@dataclass(frozen=True, slots=True)
class CasemanagerLine:
    text: str = ""  # the answer; empty while nobody asked
    on: str = ""
    is_to_be_added: bool = False  # there is one, and nobody noted who
    is_missing: bool = False
    url: str = ""
    add_url: str = ""


def around_her(caregiver: Caregiver, involvements: Iterable[Involvement]) -> set[str]:
    """The professions of who is around her now, her fixed contact among them."""
    there = {involvement.profession_id for involvement in involvements if involvement.ended_on is None}
    there.add(caregiver.fixed_contact.profession_id)
    return {profession for profession in there if profession}


def usual(caregiver: Caregiver, there: set[str]) -> list[UsualLine]:
    """One query; none when no phase was chosen. That there is a casemanager counts, also while nobody noted who."""
    if caregiver.phase_id is None:
        return []
    if caregiver.casemanager == Casemanager.YES:
        there = there | {CASEMANAGER}
    return [
        UsualLine(
            role.profession.name,
            role.function,
            role_address(caregiver, role.profession_id),
            add_address(caregiver, role.profession_id),
        )
        for role in PhaseInvolvement.objects.roles_in(caregiver.phase_id)
        if not there & {role.profession_id, role.profession.same_as_id}
    ]


def casemanager(caregiver: Caregiver, there: set[str]) -> CasemanagerLine | None:
    """What to say or ask about a casemanager; nothing where dementia does not play, or one is around her."""
    if not caregiver.is_dementia or caregiver.phase_id == AFTERWARDS or CASEMANAGER in there:
        return None
    url = role_address(caregiver, CASEMANAGER)
    if not caregiver.casemanager:
        return CasemanagerLine(url=url)
    return CasemanagerLine(
        text=caregiver.get_casemanager_display().capitalize(),
        on=day_in_words(caregiver.casemanager_asked_on),
        is_to_be_added=caregiver.casemanager == Casemanager.YES,
        is_missing=caregiver.casemanager == Casemanager.NO,
        url=url,
        add_url=add_address(caregiver, CASEMANAGER),
    )


def role_address(caregiver: Caregiver, profession: str) -> str:
    return opened_for(caregiver, reverse("profession_detail", args=[profession]))


def add_address(caregiver: Caregiver, profession: str) -> str:
    return f"{reverse('involvement_new', args=[caregiver.pk])}?beroep={profession}"

"""For whom a service is meant, and whether that is her."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum

from intake.models import Caregiver, Relation, SituationKind, YesNo

BEREAVED = "verlies-rouw"  # the phase


@dataclass(frozen=True, slots=True)
class About:
    """What we know of her that decides for whom she is looking; empty is not known."""

    relation: str = ""
    situation: str = ""
    phase: str = ""
    is_young: bool = False
    works: bool | None = None  # not asked
    language: str = ""  # its code; empty as well when she speaks Dutch
    language_name: str = ""


def about_her(caregiver: Caregiver) -> About:
    return About(
        caregiver.relation,
        caregiver.situation_kind,
        caregiver.phase_id or "",
        is_young=caregiver.is_young,
        works={YesNo.YES: True, YesNo.NO: False}.get(caregiver.works),
        language=caregiver.language_id or "",
        language_name=caregiver.language.name if caregiver.language_id else "",
    )


NOTHING_KNOWN = About()

# Who belongs to a target group. The other groups say what we do not ask, such as how far away she lives: they never
# count.
WHO_SHE_IS = {
    "partners": {Relation.PARTNER},
    "kinderen-van-ouders": {Relation.PARENT},
    "ouders-van-kinderen": {Relation.CHILD},
}
WHAT_PLAYS = {
    "dementie": {SituationKind.DEMENTIA},
    "ggz": {SituationKind.MENTAL},
    "verslaving": {SituationKind.ADDICTION},
    "lichamelijk": {SituationKind.PHYSICAL, SituationKind.OLD_AGE},
    "verstandelijke-beperking": {SituationKind.INTELLECTUAL},
    "hersenletsel": {SituationKind.BRAIN_INJURY},
}
NOT_KNOWN = {"", SituationKind.OTHER, SituationKind.NOT_SAID}
YOUNG, WORKING, BEREFT = "jonge-mantelzorgers", "werkende-mantelzorgers", "na-overlijden"


class MeantFor(IntEnum):
    HER = 0
    ANYONE = 1
    OTHERS = 2


def meant_for(groups: Collection[str], about: About) -> MeantFor:
    """A service may name who she is and what plays: it is meant for others when one of the two leaves her out."""
    answers = [
        _is_among(groups, WHO_SHE_IS, about.relation, {YOUNG: about.is_young, WORKING: about.works}),
        _is_among(groups, WHAT_PLAYS, about.situation, {BEREFT: about.phase == BEREAVED}),
    ]
    if False in answers:
        return MeantFor.OTHERS
    return MeantFor.HER if True in answers else MeantFor.ANYONE


def _is_among(
    groups: Collection[str], table: Mapping[str, Collection[str]], known: str, also: Mapping[str, bool | None]
) -> bool | None:
    """Whether she is in one of the groups of this sort; None when none is named, or we do not know."""
    named = [group for group in groups if group in table]
    marks = [also[group] for group in groups if group in also]
    if any(marks) or any(known in table[group] for group in named):
        return True
    if None in marks or not (named or marks):
        return None
    return None if named and known in NOT_KNOWN else False

from intake.models.caregivers import (
    Caregiver,
    Involvement,
    PhaseStep,
    Relation,
    SituationKind,
    TimelineEvent,
    search_key,
)
from intake.models.consents import Consent, ConsentItem
from intake.models.needs import Need, NeedEnding

__all__ = [
    "Caregiver",
    "Consent",
    "ConsentItem",
    "Involvement",
    "Need",
    "NeedEnding",
    "PhaseStep",
    "Relation",
    "SituationKind",
    "TimelineEvent",
    "search_key",
]

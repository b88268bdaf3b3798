from intake.models.caregivers import (
    Caregiver,
    Casemanager,
    Circle,
    Involvement,
    PhaseStep,
    Relation,
    SituationKind,
    TimelineEvent,
    YesNo,
    search_key,
)
from intake.models.consents import OF_A_REFERRAL, Consent, ConsentItem, ConsentWords
from intake.models.conversations import Conversation, ConversationNote
from intake.models.handing import ContactRequest
from intake.models.measuring import BurdenAnswer, LicensedItems, Screening
from intake.models.needs import Missing, Need, NeedEnding, Turn, what_she_asks
from intake.models.plans import Moment, Scenario, Task

__all__ = [
    "OF_A_REFERRAL",
    "BurdenAnswer",
    "Caregiver",
    "Casemanager",
    "Circle",
    "Consent",
    "ConsentItem",
    "ConsentWords",
    "ContactRequest",
    "Conversation",
    "ConversationNote",
    "Involvement",
    "LicensedItems",
    "Missing",
    "Moment",
    "Need",
    "NeedEnding",
    "PhaseStep",
    "Relation",
    "Scenario",
    "Screening",
    "SituationKind",
    "Task",
    "TimelineEvent",
    "Turn",
    "YesNo",
    "search_key",
    "what_she_asks",
]

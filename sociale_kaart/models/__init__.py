"""What help exists here: areas, organisations, services, and the rows that search reads."""

from sociale_kaart.models.answering import Answering
from sociale_kaart.models.booklet import Booklet, BookletFile
from sociale_kaart.models.editing import Change, Proposal
from sociale_kaart.models.exchange import ExternalId, Import, ImportFile, ImportRow, Schedule
from sociale_kaart.models.freshness import CheckItem, CheckRequest, NotAsked, Report
from sociale_kaart.models.geography import Municipality, PostcodeArea, Province
from sociale_kaart.models.notes import LocalNote
from sociale_kaart.models.organisations import Contact, Location, Organisation
from sociale_kaart.models.saved_search import SavedSearch
from sociale_kaart.models.search import KnowledgeRow, SearchRow, SearchWord
from sociale_kaart.models.services import Language, Service, TargetGroup

__all__ = [
    "Answering",
    "Booklet",
    "BookletFile",
    "Change",
    "CheckItem",
    "CheckRequest",
    "Contact",
    "ExternalId",
    "Import",
    "ImportFile",
    "ImportRow",
    "KnowledgeRow",
    "Language",
    "LocalNote",
    "Location",
    "Municipality",
    "NotAsked",
    "Organisation",
    "PostcodeArea",
    "Proposal",
    "Province",
    "Report",
    "SavedSearch",
    "Schedule",
    "SearchRow",
    "SearchWord",
    "Service",
    "TargetGroup",
]

"""The words of the access log: every event, field and filter that may stand in it, and what each is called on a page.

One vocabulary for all rooms: a word that is not in here is refused, so that a reader of the log, years later, finds one
name for one thing. Names only, never values.
"""

from django.db.models import TextChoices


class Event(TextChoices):
    """What happened. The label completes "wie, wanneer: ..."."""

    LOGIN = "login", "ingelogd"
    LOGIN_FAILED = "login_failed", "inloggen mislukt"
    LOGOUT = "logout", "uitgelogd"
    PASSWORD_CHANGE = "password_change", "wachtwoord veranderd"
    MFA_CHANGE = "mfa_change", "extra stap bij het inloggen veranderd"
    REAUTHENTICATE = "reauthenticate", "opnieuw bevestigd wie zij is"
    SESSION_END = "session_end", "sessie beëindigd"
    ACT_FOR = "act_for", "andere organisatie gekozen"
    VIEW = "view", "bekeken"
    SEARCH = "search", "gezien in een lijst"
    CREATE = "create", "vastgelegd"
    UPDATE = "update", "gewijzigd"
    DELETE = "delete", "gewist"
    EXPORT = "export", "geëxporteerd"
    PRINT = "print", "pdf gemaakt"
    REFER_DRAFT = "refer_draft", "concept van een verwijzing bewaard"
    REFER_DISCARD = "refer_discard", "concept van een verwijzing weggegooid"
    REFER_SEND = "refer_send", "verwijzing verstuurd"
    REFER_ACCEPT = "refer_accept", "verwijzing aangenomen"
    REFER_DECLINE = "refer_decline", "verwijzing afgewezen"
    REFER_CALL = "refer_call", "belpoging genoteerd"
    REFER_CONTACT = "refer_contact", "contact genoteerd"
    REFER_GIVE_UP = "refer_give_up", "niet bereikt genoteerd"
    REFER_COMPLETE = "refer_complete", "verwijzing afgerond"
    REFER_WITHDRAW = "refer_withdraw", "verwijzing ingetrokken"
    REFER_EXPIRE = "refer_expire", "verwijzing verlopen"
    REFER_REOPEN = "refer_reopen", "verwijzing weer geopend"
    REFER_ADD_NEED = "refer_add_need", "hulpvraag aan een verwijzing toegevoegd"
    TALK_PROPOSE = "talk_propose", "momenten voorgesteld om haar samen te spreken"
    TALK_PLAN = "talk_plan", "moment afgesproken om haar samen te spreken"
    TALK_TAKE_BACK = "talk_take_back", "voorstel voor een moment teruggenomen"
    TALK_CALL_OFF = "talk_call_off", "afspraak om haar samen te spreken afgezegd"
    TALK_NOT_HELD = "talk_not_held", "gesprek samen ging niet door"
    REFER_THANK = "refer_thank", "ontvanger bedankt"
    REFER_ASK = "refer_ask", "vraag na afloop gesteld"
    REFER_ANSWER = "refer_answer", "vraag na afloop beantwoord"
    REFER_TAKE_BACK = "refer_take_back", "vraag na afloop teruggenomen"
    REFER_LAPSE = "refer_lapse", "vraag na afloop vervallen"
    EXPERIENCE = "experience", "vastgelegd of de hulp haar hielp"
    LINK_SENT = "link_sent", "link naar een verwijzing gestuurd"
    LINK_CODE = "link_code", "code bij een link gevraagd"
    LINK_OPEN = "link_open", "link geopend met een code"
    MEETING_INVITE = "meeting_invite", "iemand uitgenodigd voor een mini-MDO"
    MEETING_ANSWER = "meeting_answer", "uitnodiging voor een mini-MDO beantwoord"
    MEETING_OFF = "meeting_off", "iemand van een mini-MDO gehaald"
    MEETING_CANCEL = "meeting_cancel", "mini-MDO afgezegd"
    MEETING_HELD = "meeting_held", "mini-MDO vastgelegd"
    CONSENT_GIVE = "consent_give", "toestemming vastgelegd"
    CONSENT_NARROW = "consent_narrow", "toestemming verkleind"
    CONSENT_WITHDRAW = "consent_withdraw", "toestemming ingetrokken"
    INVITE = "invite", "collega uitgenodigd"
    INVITE_ACCEPT = "invite_accept", "uitnodiging aangenomen"
    ROLE_CHANGE = "role_change", "rollen veranderd"
    APPOINT = "appoint", "aanstelling veranderd"
    LOG_READ = "log_read", "logboek gelezen"
    LOG_REVIEW = "log_review", "week van het logboek nagekeken"
    DENIED = "denied", "geweigerd"
    ERROR = "error", "ging mis door een storing"


# What of somebody or something was shown or changed.
FIELDS = {
    # of a caregiver
    "name": "naam",
    "phone": "telefoonnummer",
    "email": "e-mailadres",
    "safe_moment": "goed moment om te bellen",
    "not_when_other_is_there": "of de ander erbij mag zijn",
    "postcode": "postcode",
    "municipality": "gemeente",
    "relation": "voor wie zij zorgt",
    "situation_kind": "wat er speelt",
    "under_16": "jonger dan 16 jaar",
    "young_adult": "16 tot en met 24 jaar",
    "lives_together": "of zij samenwonen",
    "works": "of zij werkt",
    "other_carers": "wie er nog meer zorgt",
    "language": "taal",
    "interpreter": "of er een tolk nodig is",
    "phase": "fase",
    "burden": "hoe zwaar het is",
    "withdrawal_code": "haar code om toestemming in te trekken",
    "fixed_contact": "vast aanspreekpunt",
    "needs": "hulpvragen",
    "kind": "soort",
    "words": "eigen woorden",
    "prefers_free": "liefst gratis",
    "turn_on": "datum waarop zij aan de beurt is",
    "ending": "hoe het afliep",
    "involvements": "mensen om haar heen",
    "involvement_phone": "telefoonnummer van iemand om haar heen",
    "screenings": "metingen",
    "tasks": "taken",
    "scenarios": "scenario's",
    "conversations": "gesprekken",
    "casemanager": "of er een casemanager is",
    "consents": "toestemmingen",
    "timeline": "tijdlijn",
    "insight": "wie haar gegevens bekeek",
    "meetings": "overleg over wat haar helpt",
    "agreements": "afspraken uit een overleg",
    # of a referral
    "referrals": "verwijzingen",
    "number": "nummer",
    "dates": "datums",
    "service": "aanbod",
    "target_groups": "doelgroepen",
    "handover": "overdracht",
    "feedback": "terugkoppeling",
    "calls": "belpogingen",
    "questions": "vragen na afloop",
    "experience": "of de hulp haar hielp",
    # of colleagues and organisations
    "password": "wachtwoord",
    "roles": "rollen",
    "profession": "beroep",
    "is_functional_admin": "functioneel beheerder",
    "is_active": "account open",
    "ended_at": "einde",
    "expires_at": "geldig tot",
    "revoked_at": "ingetrokken",
    "times_sent": "opnieuw verstuurd",
    "organisation": "organisatie",
    "municipalities": "gemeenten",
    "website": "website",
    "description": "beschrijving",
    "street": "straat",
    "house_number": "huisnummer",
    "city": "plaats",
    "uses_portal": "werkt met het portaal",
    "answers_by_link": "antwoordt via een link",
    "terms": "termijnen",
}

# Other rooms have older words for some of these, which are stored with what a caregiver agreed to share.
SAME_AS = {
    "naam": "name",
    "telefoon": "phone",
    "e-mail": "email",
    "zorgt-voor": "relation",
    "situatie": "situation_kind",
    "fase": "phase",
    "zwaarte": "burden",
    "eigen-woorden": "words",
    "overdracht": "handover",
    "overleg": "meetings",
}

# What a list was narrowed or sorted by.
FILTERS = {
    "zoek": "naam, telefoonnummer of postcode",
    "postcode": "postcode",
    "contact": "vast aanspreekpunt",
    "fase": "fase",
    "beurt": "wie aan zet is",
    "vanaf": "hoe zwaar",
    "gesprek": "hoe lang niet gesproken",
    "naam": "naam",
    "telefoon": "telefoonnummer",
    "volgorde": "volgorde",
    "van": "van wie",
    "lijst": "lijst",
    "stand": "stand",
    "periode": "periode",
    "gebied": "gebied",
    "medewerker": "medewerker",
    "actie": "wat er gebeurde",
    "geweigerd": "alleen geweigerd",
    "week": "week",
}

# Why, where nobody had to say it: what the relation to the caregiver is for.
PURPOSES = {"owner": "begeleiding", "referral": "verwijzing", "meeting": "overleg"}
CLOCK = "klok"
PURPOSES_IN_WORDS = {
    "begeleiding": "om haar te begeleiden",
    "verwijzing": "omdat zij is verwezen",
    "overleg": "om te overleggen over wat haar helpt",
    "code": "met de code op haar eigen overzicht",
    "inzage": "om haar te laten zien wie haar gegevens bekeek",
    CLOCK: "vanzelf, omdat een termijn voorbij was",
}
PAGE = "page"  # the object of a row about an address and not about a thing


class UnknownWord(ValueError):
    """A word that is not in the vocabulary of the log: add it to trail/words.py."""


def fields_of(names) -> list[str]:
    """The names of fields as the log has them."""
    return _known([SAME_AS.get(str(name), str(name)) for name in names], FIELDS)


def filters_of(names) -> list[str]:
    return _known([str(name) for name in names], FILTERS)


def event_of(name: str) -> str:
    return Event(name).value if name in Event.values else _known([name], {})[0]


def _known(names: list[str], words: dict[str, str]) -> list[str]:
    unknown = [name for name in names if name not in words]
    if unknown:
        raise UnknownWord(f"The access log does not know {', '.join(unknown)}: see trail/words.py.")
    return names

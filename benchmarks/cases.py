"""People, and caregivers with all that happened to them: rows as the verbs would have left them, by COPY.

A typical organisation has 100 caregivers whatever the scale; there are only more of them. One large organisation has a
fifth of all caregivers, and so grows with the scale. Referrals go back and forth between all of them, and by phone to
organisations that do not use the portal.
"""

import datetime
import json
import random
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache

import yaml
from django.utils import timezone

from accounts.models import Membership, User
from benchmarks.copying import Table, foreign_keys_checked_at_the_end
from benchmarks.directory import SEED
from benchmarks.keys import keys_from
from intake.consent_text import VERSION, consent_text
from intake.models import Caregiver, Consent, ConsentWords, Involvement, Need, PhaseStep, TimelineEvent, search_key
from mantelzorg.working_days import add_working_days
from referrals.demo.histories import STORIES
from referrals.models import CallAttempt, Handover, Referral, ReferralEvent, ReferralNeed, SharedItem
from referrals.transitions import (
    ANSWER_WORKING_DAYS,
    CALL_WORKING_DAYS,
    ENDED_STATES,
    FEEDBACK_DAYS,
    OPEN_STATES,
    VISIBLE_AFTER_COMPLETION_DAYS,
    State,
    expiry_date,
)
from sociale_kaart.models import Municipality, Organisation, PostcodeArea, Service
from trail.models import AccessLogEntry, OutboxMessage

TYPICAL = 100  # caregivers of a typical organisation
LARGE_SHARE = 0.2
MEMBERS = 3
DAYS = 600  # over which it all happened
CHUNK = 2000  # caregivers kept in memory
LOOKS = 5  # in the access log, per caregiver
PORTAL = 0.65

STATES = {
    State.SENT: 8,
    State.ACCEPTED: 9,
    State.IN_CONTACT: 12,
    State.COMPLETED: 45,
    State.DECLINED: 10,
    State.EXPIRED: 4,
    State.NOT_REACHED: 4,
    State.WITHDRAWN: 5,
    State.CONCEPT: 3,
}
RECENT = {State.SENT: 4, State.ACCEPTED: 9, State.IN_CONTACT: 40, State.CONCEPT: 10}  # sent at most so many days ago
ITEMS = ["naam", "telefoon", "postcode", "zorgt-voor", "situatie", "eigen-woorden", "overdracht"]
ACCEPTED_BEFORE = (State.ACCEPTED, State.IN_CONTACT, State.COMPLETED, State.NOT_REACHED)


@dataclass(slots=True)
class Office:
    """An organisation with people in it."""

    id: str
    name: str
    municipality: str
    postcode: str
    services: list["Offer"] = field(default_factory=list)
    members: list["Colleague"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Colleague:
    id: str  # of the membership
    user: str
    name: str
    office: Office


@dataclass(frozen=True, slots=True)
class Offer:
    id: str
    name: str
    office: Office
    call_within_days: int | None


def typical_organisations(caregivers: int) -> int:
    return max(2, round(caregivers * (1 - LARGE_SHARE) / TYPICAL))


def make_cases(caregivers: int, *, seed: int = SEED, now: datetime.datetime | None = None) -> dict[str, int]:
    """Fills a database that has a directory. Returns how many rows of each kind were made."""
    with foreign_keys_checked_at_the_end():
        return _Cases(seed, now or timezone.now()).make(caregivers)


@cache
def _working_days(day: datetime.date, count: int) -> datetime.date:
    return add_working_days(day, count)


@cache
def _expires(day: datetime.date) -> datetime.date:
    return expiry_date(day)


@lru_cache(maxsize=10_000)
def _read_aloud(receiver: str) -> str:
    return consent_text(receiver=receiver, items=ITEMS)


class _Cases:
    def __init__(self, seed: int, now: datetime.datetime):
        self.random = random.Random(seed)
        self.key = keys_from(self.random)
        self.now = now
        self.today = timezone.localdate(now)
        words = yaml.safe_load(STORIES.read_text(encoding="utf-8"))
        self.stories, self.moments = words["verhalen"], words["momenten"]
        self.names = [(first, last) for first in words["voornamen"] for last in words["achternamen"]]
        self.numbers: set[str] = set()
        self.tables = {
            "users": Table(User, "id", "email", "name", "password"),
            "members": Table(Membership, "id", "user_id", "organisation_id", "roles", "profession_id", "phone"),
            "caregivers": Table(
                Caregiver,
                *("id", "organisation_id", "name", "search_name", "search_last_name", "phone", "phone_digits"),
                *("safe_moment", "postcode", "municipality_id", "relation", "situation_kind", "phase_id", "burden"),
                *("burden_on", "fixed_contact_id", "created_by_id", "created_at", "changed_at"),
            ),
            "needs": Table(
                Need,
                *("id", "caregiver_id", "organisation_id", "kind_id", "words", "owner_id", "created_at"),
                *("turn_organisation_id", "turn_member_id", "turn_on", "on_referral", "ended_at", "ended_by_id"),
                *("ending",),
            ),
            "consents": Table(
                Consent,
                *("id", "caregiver_id", "organisation_id", "items", "text_version", "how_given", "given_at"),
                *("recorded_by_id", "created_at"),
            ),
            "words of consents": Table(ConsentWords, "consent_id", "text"),
            "referrals": Table(
                Referral,
                *("id", "number", "caregiver_id", "municipality_id", "sender_organisation_id", "sender_id"),
                *("service_id", "receiver_organisation_id", "receiver_id", "receiver_name", "channel", "state"),
                *("urgency", "handover_read", "consent_id", "created_at", "changed_at", "sent_at"),
                *("accepted_at", "contact_at", "ended_at", "expires_on", "turn_organisation_id", "turn_member_id"),
                *("turn_on", "decline_reason", "decline_note", "withdraw_reason", "feedback"),
            ),
            "handovers": Table(Handover, "referral_id", "text"),
            "needs in referrals": Table(ReferralNeed, "id", "referral_id", "need_id", "kind_id", "is_open", "outcome"),
            "shared items": Table(SharedItem, "id", "referral_id", "consent_id", "item", "value", "shared_at"),
            "steps of referrals": Table(
                ReferralEvent,
                *("id", "referral_id", "at", "verb", "from_state", "to_state", "by_id", "organisation_id", "turn_on"),
            ),
            "calls": Table(CallAttempt, "id", "referral_id", "at", "result", "by_id"),
            "people around her": Table(
                Involvement,
                *("id", "caregiver_id", "name", "profession_id", "organisation_id", "member_id", "since"),
                *("ended_on", "recorded_by_id", "created_at"),
            ),
            "phases": Table(PhaseStep, "id", "caregiver_id", "phase_id", "since", "recorded_by_id", "created_at"),
            "timeline": Table(TimelineEvent, "id", "caregiver_id", "at", "kind", "text", "referral_id", "by_id"),
            "access log": Table(
                AccessLogEntry,
                *("at", "event", "action", "user_id", "on_behalf_of", "role", "organisation_id", "object_type"),
                *("object_id", "subject_id", "relation"),
            ),
            "mails": Table(
                OutboxMessage,
                *("id", "template", "to", "context", "about_type", "about_id", "subject_id", "organisation_id"),
                *("created_at", "next_try_at", "attempts", "sent_at"),
            ),
        }

    def make(self, caregivers: int) -> dict[str, int]:
        offices = self._offices(typical_organisations(caregivers) + 1)
        large, typical = offices[0], offices[1:]
        for office in typical:
            self._people(office, MEMBERS)
        self._people(large, max(10, round(caregivers * LARGE_SHARE) // 200))
        rest = round(caregivers * LARGE_SHARE)
        self.turns = [large] * rest + [typical[each % len(typical)] for each in range(caregivers - rest)]
        self.random.shuffle(self.turns)
        self.phoned = self._phoned()
        span = datetime.timedelta(days=DAYS) / caregivers
        began = self.now - datetime.timedelta(days=DAYS)
        for number, office in enumerate(self.turns):
            self._caregiver(office, began + number * span)
            if number % CHUNK == CHUNK - 1:
                self._write()
        self._write()
        return {name: table.written for name, table in self.tables.items()}

    def _write(self) -> None:
        for table in self.tables.values():
            table.write()

    # Who works where -------------------------------------------------------------------------------------------------

    def _offices(self, count: int) -> list[Office]:
        postcodes = dict(PostcodeArea.objects.order_by("-pc4").values_list("municipality", "pc4"))
        rows = Organisation.objects.filter(uses_portal=True, slug__startswith="bench-").order_by("slug")[:count]
        places = dict(
            Organisation.municipalities.through.objects.filter(organisation__in=list(rows)).values_list(
                "organisation_id", "municipality_id"
            )
        )
        offices = {row.pk: Office(row.pk.hex, row.name, places[row.pk], postcodes[places[row.pk]]) for row in rows}
        if len(offices) < count:
            raise ValueError(f"The directory has {len(offices)} organisations that use the portal; {count} are needed.")
        for service in Service.objects.filter(organisation__in=offices).order_by("slug"):
            office = offices[service.organisation_id]
            office.services.append(Offer(service.pk.hex, service.name, office, service.call_within_days))
        return list(offices.values())

    def _phoned(self) -> dict[str, list[Offer]]:
        """What has to be phoned, by municipality."""
        offers = defaultdict(list)
        rows = Service.objects.filter(organisation__uses_portal=False).select_related("organisation").order_by("slug")
        for row in rows:
            office = Office(row.organisation_id.hex, row.organisation.name, row.home_municipality_id, "")
            offers[row.home_municipality_id].append(Offer(row.pk.hex, row.name, office, row.call_within_days))
        for code in Municipality.objects.exclude(pk__in=list(offers)).values_list("pk", flat=True):
            offers[code] = offers[min(offers)] if offers else []
        return offers

    def _people(self, office: Office, count: int) -> None:
        for _ in range(count):
            at = self.now - datetime.timedelta(days=DAYS)
            user, membership = self.key(at), self.key(at)
            name = " ".join(self.random.choice(self.names))
            self.tables["users"].add(user, f"{user}@voorbeeld.example", name, "!")
            roles, profession = ["verwijzer", "consulent"], "mantelzorgconsulent"
            self.tables["members"].add(membership, user, office.id, roles, profession, "075 555 01 23")
            office.members.append(Colleague(membership, user, name, office))

    # One caregiver ---------------------------------------------------------------------------------------------------

    def _caregiver(self, office: Office, at: datetime.datetime) -> None:
        pick, chance = self.random.choice, self.random.random
        key, by, story = self.key(at), pick(office.members), pick(self.stories)
        first, last = pick(self.names)
        name = f"{first} {pick(self.names)[0]} {last}"
        found_by = search_key(name)
        digits = f"6{self.random.randint(10000000, 99999999)}"
        phase = story.get("fase") if chance() < 0.85 else None
        burden = self.random.randint(2, 10) if chance() < 0.8 else None
        day = timezone.localdate(at)
        self.tables["caregivers"].add(
            *(key, office.id, name, found_by, found_by.rsplit(" ", 1)[-1], f"06 {digits[1:]}", digits),
            *(pick(self.moments), f"{office.postcode} {pick('ABCDEFGH')}{pick('ABCDEFGH')}", office.municipality),
            *(story["zorgt_voor"], story["situatie"], phase, burden, day if burden is not None else None),
            *(by.id, by.id, at, at),
        )
        self._happened(key, at, "gegevens", "Gegevens vastgelegd.", by)
        if phase:
            self.tables["phases"].add(self.key(at), key, phase, day, by.id, at)
            self._happened(key, at, "fase", "Fase vastgelegd.", by)
        if burden is not None:
            self._happened(key, at, "zwaarte", f"Hoe zwaar is het nu: {burden} van de 10.", by)
        self.tables["people around her"].add(
            self.key(at), key, "Huisarts Voorbeeld", "huisarts", None, None, day, None, by.id, at
        )
        taken: set[str] = set()
        for _ in range(1 if chance() < 0.6 else 2):
            self._need(_Person(key, name, digits, office, by, story), at, taken)
        for look in range(LOOKS):
            self._looked("create" if look == 0 else "view", "CR"[look > 0], by, key, at + datetime.timedelta(days=look))

    def _happened(self, caregiver, at, kind, text, by, referral=None) -> None:
        self.tables["timeline"].add(self.key(at), caregiver, at, kind, text, referral, by.id if by else None)

    def _looked(self, event: str, action: str, by: Colleague, caregiver: str, at: datetime.datetime) -> None:
        self.tables["access log"].add(
            *(min(at, self.now), event, action, by.user, by.office.id, "verwijzer", by.office.id, "intake.caregiver"),
            *(caregiver, caregiver, "owner"),
        )

    def _need(self, person: "_Person", at: datetime.datetime, taken: set[str]) -> None:
        """A need and its referrals: at most one that ended without help, then the one that counts."""
        key, story, owner = self.key(at), person.story, person.by
        self._happened(person.id, at, "hulpvraag", "Hulpvraag vastgelegd.", owner)
        turn = (person.office.id, owner.id, self._soon(at), False)
        ended = (None, None, "")
        state = self._state(at) if self.random.random() < 0.92 else None
        if state in (State.DECLINED, State.EXPIRED, State.NOT_REACHED, State.WITHDRAWN) and self.random.random() < 0.7:
            self._referral(person, key, state, at, taken)
            state = self.random.choice([*OPEN_STATES, State.COMPLETED])
        if state is not None:
            turn_of_referral, ended_at = self._referral(person, key, state, at, taken)
            if turn_of_referral:
                turn = (*turn_of_referral, True)
            elif state == State.COMPLETED and self.random.random() < 0.9:
                turn, ended = (None, None, None, False), (ended_at, owner.id, "geholpen")
        self.tables["needs"].add(
            *(key, person.id, person.office.id, story["vraag"] or None, story["woorden"], owner.id, at, *turn, *ended)
        )

    def _soon(self, at: datetime.datetime) -> datetime.date:
        """Two working days after something happened; for what happened long ago, somewhere around today."""
        due = _working_days(timezone.localdate(at), 2)
        return max(due, self.today + datetime.timedelta(days=self.random.randint(-3, 10)))

    def _state(self, at: datetime.datetime) -> State:
        state = self.random.choices(list(STATES), list(STATES.values()))[0]
        if state in ENDED_STATES and at > self.now - datetime.timedelta(days=45):
            return State.IN_CONTACT if at < self.now - datetime.timedelta(days=12) else State.SENT
        return state

    # One referral ----------------------------------------------------------------------------------------------------

    def _offer(self, person: "_Person", taken: set[str]) -> tuple[Offer, bool]:
        """A service that she has no referral to yet, and whether it is in the portal."""
        while True:
            by_portal = self.random.random() < PORTAL
            offers = self.random.choice(self.turns).services if by_portal else self.phoned[person.office.municipality]
            offer = self.random.choice(offers) if offers else None
            if offer and offer.id not in taken and offer.office.id != person.office.id:
                taken.add(offer.id)
                return offer, by_portal

    def _referral(self, person: "_Person", need: str, state: State, at: datetime.datetime, taken: set[str]):
        """Returns whose turn it is now (organisation, person, date), or None; and when it ended, or None."""
        offer, portal = self._offer(person, taken)
        sent = self._sent_at(state, at)
        key, sender, urgent = self.key(sent), person.by, self.random.random() < 0.12
        urgency = "spoed" if urgent else "gewoon"
        answered = self._later(sent, 1)
        called = self._later(answered, 2)
        ended = self._ended_at(state, sent, called)
        answering = self.random.choice(offer.office.members) if portal else sender
        turn = self._turn(state, sent, answered, called, urgency, offer, portal, answering, person)
        accepted = state in ACCEPTED_BEFORE
        contacted = state in (State.IN_CONTACT, State.COMPLETED)
        last = ended or (called if contacted else answered if accepted else sent)
        is_sent = state != State.CONCEPT
        consent = self._consent(person, offer, sent) if is_sent else None
        self.tables["referrals"].add(
            *(key, self._number(), person.id, person.office.municipality, person.office.id, sender.id, offer.id),
            *(offer.office.id, answering.id if accepted and portal else None),
            *("mevrouw Fictief" if accepted and not portal else "", "portal" if portal else "phone", state.value),
            *(urgency, is_sent, consent, sent, last, sent if is_sent else None),
            *(answered if accepted else None, called if contacted else None, ended),
            *(_expires(timezone.localdate(sent)) if is_sent else None, *(turn or (None, None, None))),
            *(("geen-plek", "Wij zijn vol.") if state == State.DECLINED else ("", "")),
            "teruggehaald" if state == State.WITHDRAWN else "",
            "Wij spraken haar. Zij is gestart." if state == State.COMPLETED else "",
        )
        self.tables["handovers"].add(key, person.story["overdracht"])
        self.tables["needs in referrals"].add(
            *(self.key(sent), key, need, person.story["vraag"] or None, state in OPEN_STATES),
            "gestart" if state == State.COMPLETED else "",
        )
        if is_sent:
            if portal:
                self._mail(key, person, offer, sent)
            self._share(key, person, consent, state, sent, ended)
            self._steps(key, person, state, sender, answering, sent, answered, called, ended, turn and turn[2])
        return turn, ended

    def _number(self) -> str:
        while True:
            letters = "".join(self.random.choices("BCDFGHJKLMNPQRSTVWXZ23456789", k=8))
            if letters not in self.numbers:
                self.numbers.add(letters)
                return f"{letters[:4]}-{letters[4:]}"

    def _sent_at(self, state: State, at: datetime.datetime) -> datetime.datetime:
        if state in RECENT:
            recently = self.now - datetime.timedelta(days=self.random.random() * RECENT[state], minutes=5)
            return min(max(at, recently), self.now)
        return at + datetime.timedelta(days=self.random.random() * 5)

    def _later(self, at: datetime.datetime, days: float) -> datetime.datetime:
        return min(at + datetime.timedelta(days=self.random.random() * days), self.now)

    def _ended_at(self, state: State, sent: datetime.datetime, called: datetime.datetime) -> datetime.datetime | None:
        if state not in ENDED_STATES:
            return None
        if state == State.EXPIRED:
            return min(sent + datetime.timedelta(days=16), self.now)
        return self._later(called, 25)

    def _turn(self, state, sent, answered, called, urgency, offer, portal, answering, person):
        if state not in OPEN_STATES:
            return None
        if state == State.SENT:
            until = _working_days(timezone.localdate(sent), ANSWER_WORKING_DAYS[urgency])
        elif state == State.ACCEPTED:
            until = _working_days(timezone.localdate(answered), offer.call_within_days or CALL_WORKING_DAYS[urgency])
        else:
            until = timezone.localdate(called) + datetime.timedelta(days=FEEDBACK_DAYS)
        if portal:
            return offer.office.id, None if state == State.SENT else answering.id, until
        return person.office.id, person.by.id, until

    def _consent(self, person: "_Person", offer: Offer, at: datetime.datetime) -> str:
        key = self.key(at)
        self.tables["consents"].add(
            *(key, person.id, offer.office.id, ITEMS, VERSION, "mondeling", at, person.by.id, at),
        )
        self.tables["words of consents"].add(key, _read_aloud(offer.office.name))
        self._happened(person.id, at, "toestemming", f"Toestemming om te delen met {offer.office.name}.", person.by)
        return key

    def _share(self, key, person: "_Person", consent: str, state: State, at, ended) -> None:
        """The frozen copies, as long as they are kept."""
        kept_from = self.now - datetime.timedelta(days=VISIBLE_AFTER_COMPLETION_DAYS)
        if state in OPEN_STATES or (state == State.COMPLETED and ended > kept_from):
            for item, value in person.shareable().items():
                self.tables["shared items"].add(self.key(at), key, consent, item, value, at)

    def _mail(self, key: str, person: "_Person", offer: Offer, at: datetime.datetime) -> None:
        context = json.dumps({"line": "Er staat een nieuwe verwijzing voor jullie klaar.", "number": "", "path": "/"})
        self.tables["mails"].add(
            *(self.key(at), "referral_news", "aanbod@voorbeeld.example", context, "referrals.referral", key, person.id),
            *(offer.office.id, at, at, 1, at),
        )

    def _steps(self, key, person, state, sender, answering, sent, answered, called, ended, turn_on) -> None:
        steps = [("send", "concept", "sent", sender, sent, "Verwezen")]
        if state in ACCEPTED_BEFORE:
            steps.append(("accept", "sent", "accepted", answering, answered, "Aangenomen"))
            self.tables["calls"].add(self.key(called), key, called, "niet-bereikt", answering.id)
        if state in (State.IN_CONTACT, State.COMPLETED):
            steps.append(("contact", "accepted", "in_contact", answering, called, "Contact gelegd"))
        if ended is not None:
            verb, by = {
                State.COMPLETED: ("complete", answering),
                State.DECLINED: ("decline", answering),
                State.EXPIRED: ("expire", None),
                State.NOT_REACHED: ("give_up", answering),
                State.WITHDRAWN: ("withdraw", sender),
            }[state]
            steps.append((verb, steps[-1][2], state.value, by, ended, state.label.capitalize()))
        for verb, before, after, by, at, text in steps:
            until = turn_on if after == state.value else None
            self.tables["steps of referrals"].add(
                *(
                    self.key(at),
                    key,
                    at,
                    verb,
                    before,
                    after,
                    by.id if by else None,
                    by.office.id if by else None,
                    until,
                )
            )
            self._happened(person.id, at, "verwijzing", text, by, key)
        if state == State.NOT_REACHED:
            for _ in range(2):
                self.tables["calls"].add(self.key(called), key, called, "niet-bereikt", answering.id)


@dataclass(frozen=True, slots=True)
class _Person:
    """What her needs and referrals have to know of a caregiver."""

    id: str
    name: str
    digits: str
    office: Office
    by: Colleague
    story: dict

    def shareable(self) -> dict[str, str]:
        return {
            "naam": self.name,
            "telefoon": f"0{self.digits}",
            "postcode": self.office.postcode,
            "zorgt-voor": self.story["zorgt_voor"],
            "situatie": self.story["situatie"],
            "eigen-woorden": self.story["woorden"],
            "overdracht": self.story["overdracht"],
        }

"""A portal in which everything about a caregiver carries a mark of its own, so that it is found on any page.

`CASES` tells who she is to whom, `ORACLE` which of her marks somebody may find. Both are written down here, apart from
the code that decides it. `Prober` asks pages, and notes every mark that should not have been there.
"""

import datetime
import re
from collections import Counter
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from intake import actions as intake
from intake.models import NeedEnding
from referrals import actions as referrals
from referrals import clock
from referrals.aftercare import actions as aftercare
from referrals.models import Referral
from tests.factories import (
    log_in_fully,
    make_appointment,
    make_caregiver,
    make_member,
    make_need,
    make_organisation,
    make_service,
    make_user,
)
from tests.lived_in import ANONYMOUS, CAST, next_browser

# Who is whose -------------------------------------------------------------------------------------------------------

WORKS_AT = {
    "practice": ("sender", "colleague"),
    "steunpunt": ("receiver", "receiver_colleague", "consulent"),
    "ggz_team": ("pom",),
    "other_practice": ("outsider",),
}
AT = {who: place for place, people in WORKS_AT.items() for who in people}  # who works with caregivers, and where

# What is shared: n name, t telephone and when to call, w her own words, o the handover, m mail, p postcode.
CASES = """
# nr by        to         what happened       runs  the receiver is at  shares
01   sender    receiver   concept             no    nothing             -
02   colleague receiver   concept             no    nothing             -
03   sender    receiver   sent                yes   asked               ntwo
04   sender    receiver   accepted            yes   shared              ntwo
05   sender    receiver   in_contact          yes   shared              ntwomp
06   sender    receiver   completed           no    shared              ntwo
07   sender    receiver   completed_long_ago  no    over                ntwo
08   sender    receiver   declined            no    over                ntwo
09   sender    receiver   expired             no    over                ntwo
10   sender    receiver   not_reached         no    over                ntwo
11   sender    receiver   withdrawn           no    over                ntwo
12   sender    receiver   consent_withdrawn   no    over                ntwo
13   sender    receiver   code_used           yes   over                ntwo
14   sender    receiver   consent_lapsed      yes   over                ntwo
15   sender    receiver   narrowed            yes   shared              nwo
16   sender    receiver   reopened            yes   shared              nt
17   sender    phone      in_contact          yes   nothing             ntwo
18   sender    phone      completed           no    nothing             ntwo
19   receiver  pom        accepted            yes   shared              nto
20   receiver  pom        sent                yes   asked               ntwo
21   outsider  receiver   sent                yes   asked               ntwo
22   outsider  receiver   completed           no    shared              nto
23   pom       sender     withdrawn           no    over                ntwo
24   outsider  -          nothing             no    nothing             -
25   colleague sender     accepted            yes   nothing             ntwo
"""

# x she may read it, - never; a letter: when it is among what is shared.
ORACLE = """
#                     her key name phone moment mail code words around   its number handover answer calls recall again
own                       x   x    x     x      x    x    x     x            x      x        x      x     x      x
draft-of-a-colleague      x   x    x     x      x    x    x     x            -      -        -      -     -      -
asked                     -   -    -     -      -    -    -     -            x      -        -      -     -      -
shared                    -   n    t     t      m    p    w     -            x      o        x      x     -      x
over                      -   -    -     -      -    -    -     -            x      -        -      -     -      -
open-loop                 -   -    -     -      -    -    -     -            x      -        -      -     -      -
stranger                  -   -    -     -      -    -    -     -            -      -        -      -     -      -
"""
# What the row of a referral keeps for its receiver when no filter of Django's hides it: a row is shown whole or not at
# all. It holds the key of who it is about, and of what was said only what the receiver said.
ROW_KEEPS = {"asked": {"key"}, "shared": {"key"}, "over": {"key", "answer"}}
COLUMNS = [word for word in ORACLE.splitlines()[1].split()[1:] if word not in ("her", "its")]
MAY = {name: dict(zip(COLUMNS, cells, strict=True)) for name, *cells in map(str.split, ORACLE.splitlines()[2:])}

# What is written under which column. A word like `zq04naamqz` stands in a text; the others have a form of their own.
WRITTEN = {
    "name": ["naam"],
    "phone": ["nummer"],
    "moment": ["moment"],
    "mail": ["mail"],
    "code": ["postcode"],
    "words": ["woord"],
    "around": ["buur", "buurweg", "plan", "einde", "ervaring"],
    "handover": ["overdracht"],
    "answer": ["afwijzing", "elders", "opgegeven", "terug", "letop", "naarwie"],
    "calls": ["belnotitie"],
    "recall": ["terughaal"],
    "again": ["heropen", "dank", "vraag", "wederwoord"],
    "key": ["sleutel"],
    "number": ["kenmerk"],
}
COLUMN_OF = {word: column for column, words in WRITTEN.items() for word in words}


@dataclass
class Case:
    nr: str
    by: str
    to: str
    story: str
    is_open: bool
    receiver_at: str
    shares: str
    caregiver: Any = None
    referral: Any = None
    needs: list = field(default_factory=list)
    closed_need: Any = None
    involvement: Any = None
    written: set[str] = field(default_factory=set)

    def mark(self, word: str) -> str:
        self.written.add(word)
        return f"zq{self.nr}{word}qz"

    @property
    def marks(self) -> set[tuple[str, str]]:
        return {(self.nr, word) for word in self.written}


def relation(who: str, case: Case) -> str:
    """What she is to this caregiver and referral: the row of the oracle."""
    if who == "coordinator" and case.is_open:
        return "open-loop"
    if who not in AT:
        return "stranger"
    if AT[who] == AT[case.by]:
        return "draft-of-a-colleague" if case.story == "concept" and who != case.by else "own"
    if AT[who] == AT.get(case.to) and case.receiver_at != "nothing":
        return case.receiver_at
    return "stranger"


def may_find(who: str, case: Case, *, in_rows: bool = False) -> set[tuple[str, str]]:
    """Her marks of this case: on pages, or also what rows hold that no page shows."""
    cells = MAY[relation(who, case)]
    kept = ROW_KEEPS.get(relation(who, case), set()) if in_rows else set()
    letters = set(case.shares) - {"-"} | {"x"}
    return {(case.nr, word) for word in case.written if cells[COLUMN_OF[word]] in letters or COLUMN_OF[word] in kept}


# Of what she may find, what the page of the referral has to say: a probe that finds nothing proves nothing.
MUST = {"naam", "nummer", "moment", "overdracht", "kenmerk", "terug", "heropen"}
MUST |= {"letop", "ervaring", "dank", "vraag", "wederwoord"}


# The world ----------------------------------------------------------------------------------------------------------


@dataclass
class World:
    cast: SimpleNamespace
    cases: list[Case]
    browsers: dict[str, Any]
    by_number: dict[str, str]
    by_key: dict[str, str]
    allowed: dict[str, set[tuple[str, str]]]
    marks: set[tuple[str, str]]

    def show_rows(self) -> None:
        """From here on it is asked what rows hold, and not only what pages show."""
        self.allowed = {
            who: set().union(*(may_find(who, case, in_rows=True) for case in self.cases)) for who in self.browsers
        }

    def found_in(self, text: str) -> set[tuple[str, str]]:
        """Every mark in a text, whatever it looks like there."""
        found = {(nr, word) for nr, word in WORD.findall(text.lower())}
        found |= {(nr, "nummer") for nr in PHONE.findall(text)}
        found |= {(nr, "postcode") for nr in POSTCODE.findall(text)}
        found |= {(self.by_number[number], "kenmerk") for number in NUMBER.findall(text) if number in self.by_number}
        found |= {(self.by_key[key], "sleutel") for key in KEY.findall(text) if key in self.by_key}
        return found

    def case(self, nr: str) -> Case:
        return next(case for case in self.cases if case.nr == nr)


WORD = re.compile(r"zq(\d\d)([a-z]+?)qz")
PHONE = re.compile(r"(?:\+31|\b0)6[ -]?557700(\d\d)")
POSTCODE = re.compile(r"\b10(\d\d) ?ZQ")
NUMBER = re.compile(r"\b[B-Z2-9]{4}-[B-Z2-9]{4}\b")
KEY = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
ITEMS = {"n": "naam", "t": "telefoon", "w": "eigen-woorden", "o": "overdracht", "m": "e-mail", "p": "postcode"}


def the_cast() -> SimpleNamespace:
    """The people of conftest.py, for a world that outlives one test."""
    cast = SimpleNamespace(
        practice=make_organisation("Huisartsenpraktijk De Zaan", municipalities=["GM0479"]),
        steunpunt=make_organisation("Steunpunt Mantelzorg Zaanstad", kind="steunpunt", municipalities=["GM0479"]),
        gemeente=make_organisation("Gemeente Zaanstad", kind="gemeente", municipalities=["GM0479"]),
        ggz_team=make_organisation("Team Preventie GGZ Kennemerland", kind="ggz", municipalities=["GM0479"]),
        other_practice=make_organisation("Huisartsenpraktijk Groningen", municipalities=["GM0014"]),
    )
    for name, called, place, role in (
        ("sender", "Petra de Boer", cast.practice, Role.VERWIJZER),
        ("colleague", "Karim Haddad", cast.practice, Role.VERWIJZER),
        ("beheerder", "Els Bakker", cast.practice, Role.BEHEERDER),
        ("logtoezicht", "Ton Visser", cast.practice, Role.LOGTOEZICHT),
        ("receiver", "Sanne Smit", cast.steunpunt, Role.CONSULENT),
        ("receiver_colleague", "Joke Mulder", cast.steunpunt, Role.VERWIJZER),
        ("consulent", "Fatima Idrissi", cast.steunpunt, Role.CONSULENT),
        ("coordinator", "Bram Jansen", cast.gemeente, Role.COORDINATOR),
        ("pom", "Wim de Wit", cast.ggz_team, Role.VERWIJZER),
        ("outsider", "Geert Hofstra", cast.other_practice, Role.VERWIJZER),
    ):
        setattr(cast, name, make_member(called, place, role))
    cast.functional_admin = make_user("Rita Groen", is_functional_admin=True)
    make_appointment(cast.consulent, Role.CONSULENT)
    make_appointment(cast.coordinator, Role.COORDINATOR)
    return cast


def move_in(cast: SimpleNamespace, only: set[str] | None = None) -> World:
    """Everything of CASES, or `only` these numbers, by the verbs that the pages call; and a browser for everyone."""
    services = {
        place: make_service(getattr(cast, place), f"Aanbod van {place}")
        for place in ("steunpunt", "ggz_team", "practice")
    }
    linden = make_organisation("Logeerhuis De Linden", uses_portal=False, municipalities=["GM0479"])
    services["phone"] = make_service(linden, "Logeren", phone="075 555 0199")
    lines = [line.split() for line in CASES.splitlines()[2:]]
    cases = []
    for nr, by, to, story, runs, receiver_at, shares in lines:
        if only is None or nr in only:
            cases.append(Case(nr, by, to, story, runs == "yes", receiver_at, shares))
            _tell(cases[-1], cast, services[AT.get(to, "phone")])
    browsers = {who: Client(raise_request_exception=False) for who in (ANONYMOUS, *CAST)}
    for who in CAST:
        log_in_fully(browsers[who], getattr(cast, who))
    return World(
        cast=cast,
        cases=cases,
        browsers=browsers,
        by_number={case.referral.number: case.nr for case in cases if case.referral},
        by_key={str(case.caregiver.pk): case.nr for case in cases},
        allowed={who: set().union(*(may_find(who, case) for case in cases)) for who in browsers},
        marks=set().union(*(case.marks for case in cases)),
    )


def _tell(case: Case, cast, service) -> None:
    by, to, mark = getattr(cast, case.by), getattr(cast, case.to, None), case.mark
    now = timezone.now() - datetime.timedelta(days={"completed_long_ago": 31, "expired": 60}.get(case.story, 0))
    if case.story == "consent_lapsed":
        now -= datetime.timedelta(days=3)
    case.written |= {"nummer", "postcode", "sleutel"}
    case.caregiver = her = make_caregiver(
        by,
        f"Anna {mark('naam')}",
        phone=f"06 557700{case.nr}",
        postcode=f"10{case.nr} ZQ",
        email=f"{mark('mail')}@voorbeeld.example",
        safe_moment=mark("moment"),
    )
    case.involvement = intake.add_involvement(caregiver=her, by=by, name=f"Buur {mark('buur')}")
    gone = intake.add_involvement(caregiver=her, by=by, name="Oude buur")
    intake.end_involvement(involvement=gone, by=by, note=mark("buurweg"))
    planned = make_need(her, by, kind=None)
    intake.plan_need(need=planned, by=by, on=timezone.localdate(), note=mark("plan"))
    case.closed_need = make_need(her, by, kind="logeerzorg")
    intake.close_need(need=case.closed_need, by=by, ending=NeedEnding.NO_OFFER, note=mark("einde"))
    case.needs = [make_need(her, by, words=mark("woord"), now=now)]
    if case.story == "nothing":
        return
    referral = referrals.draft(
        caregiver=her, needs=case.needs, service=service, by=by, handover_text=mark("overdracht"), now=now
    )
    case.written.add("kenmerk")
    if case.story != "concept":
        _send(case, referral, by, now)
        _answer(case, referral, by, to or by, now)
    case.referral = Referral.objects.select_related("caregiver").get(pk=referral.pk)


def _send(case: Case, referral, by, now) -> None:
    items = [ITEMS[letter] for letter in case.shares] + (["telefoon"] if case.story == "narrowed" else [])
    until = timezone.localdate() - datetime.timedelta(days=1) if case.story == "consent_lapsed" else None
    referrals.send(
        referral=referral, by=by, items=items, how_given="mondeling", handover_read=True, valid_until=until, now=now
    )


def _answer(case: Case, referral, by, to, now) -> None:
    mark, story, phone = case.mark, case.story, case.to == "phone"
    to = by if phone else to
    if story == "expired":
        clock.expire(referral=referral, now=timezone.now())
    if story in ("sent", "expired"):
        return
    if story == "withdrawn":
        referrals.withdraw(referral=referral, by=by, note=mark("terughaal"), now=now)
        return
    referrals.accept(referral=referral, by=to, name="Mevrouw De Wit", now=now)
    for _ in range(3 if story != "consent_lapsed" else 0):
        referrals.log_call(referral=referral, by=to, result="niet-bereikt", note=mark("belnotitie"), now=now)
    if story == "declined":
        referrals.decline(
            referral=referral, by=to, reason="elders", note=mark("afwijzing"), elsewhere=mark("elders"), now=now
        )
    elif story == "not_reached":
        referrals.give_up(referral=referral, by=to, note=mark("opgegeven"), now=now)
    elif story in ("in_contact", "completed", "completed_long_ago", "reopened"):
        referral = referrals.contact(referral=referral, by=to, now=now)
    if story in ("completed", "completed_long_ago", "reopened"):
        outcomes = {link.pk: ("doorverwezen", mark("naarwie")) for link in referral.referral_needs.all()}
        referrals.complete(
            referral=referral, by=to, outcomes=outcomes, feedback=mark("terug"), watch_for=mark("letop"), now=now
        )
        _ask_after(case, referral, by, None if phone else to, now)
    if story == "reopened":
        case.written.discard("naarwie")  # it goes when it is opened again
        referrals.reopen(referral=referral, by=by, note=mark("heropen"), now=now)
    if story == "consent_withdrawn":
        referrals.withdraw_consent(consent=_consent_of(referral), by=by, how="mondeling", now=now)
    if story == "narrowed":
        kept = [ITEMS[letter] for letter in case.shares]
        referrals.narrow_consent(consent=_consent_of(referral), items=kept, by=by, now=now)
    if story == "code_used":
        intake.withdraw_with_code(intake.give_withdrawal_code(caregiver=case.caregiver, by=by))


def _ask_after(case: Case, referral, by, to, now) -> None:
    aftercare.record_experience(referral=referral, by=by, answer="goed", words=case.mark("ervaring"), now=now)
    if to is not None:
        aftercare.thank(referral=referral, by=by, words=case.mark("dank"), now=now)
        aftercare.ask(referral=referral, by=by, words=case.mark("vraag"), now=now)
        aftercare.answer(referral=referral, by=to, words=case.mark("wederwoord"), now=now)


def _consent_of(referral):
    return Referral.objects.select_related("consent__caregiver").get(pk=referral.pk).consent


# Asking -------------------------------------------------------------------------------------------------------------

NOT_HERS = {"404", "405", "in"}  # not there, not in this way, log in first


@dataclass
class Prober:
    """Asks pages as somebody, and counts: each answer is a check, and so is each mark looked for in its text."""

    world: World
    asked: Counter = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    checks: int = 0

    def ask(self, who: str, method: str, path: str, data: dict | None = None, *, closed: bool = False, name: str = ""):
        browser = next_browser(self.world.browsers[who], {"HX-Request": "true"} if method == "htmx" else None)
        with transaction.atomic():
            verb = "get" if method == "htmx" else method.lower()
            response = getattr(browser, verb)(path, data)
            text = response.content.decode(errors="replace")
            transaction.set_rollback(True)
        headers = unquote(str(response.headers))
        typed = self.world.found_in(str(data))  # what she typed herself, a page may say again
        found = self.look(who, f"{method} {name or path}", (text + headers).replace(path, ""), typed)
        answer = str(response.status_code)
        if response.headers.get("HX-Redirect", response.headers.get("Location", "")).startswith("/account/login/"):
            answer = "in"
        self.asked[answer] += 1
        self.checks += 1
        if closed and answer not in NOT_HERS:
            self.wrong.append(f"{who}: {method} {name or path}: {answer} for what is not hers")
        elif answer == "500":
            self.wrong.append(f"{who}: {method} {name or path}: 500")
        return answer, found

    def look(self, who: str, where: str, text: str, typed=frozenset()) -> set[tuple[str, str]]:
        """Which marks are in this text; those that are not for her are a leak."""
        found = self.world.found_in(text) - typed
        for nr, word in sorted(found - self.world.allowed[who]):
            case = self.world.case(nr)
            self.leaks.append(f"{who}: {where}: {word} of {nr}, {case.story}, as {relation(who, case)}")
        self.checks += len(self.world.marks - self.world.allowed[who])
        return found

"""Nobody reads of a caregiver what is not hers to read: every address, asked by everyone, about everybody.

What somebody may find is in the tables of tests/marked.py. There are two layers, Django's filters and row-level
security; each alone has to keep everything in, which is tried by taking the other away.
"""

import itertools

import pytest
from django.template.loader import render_to_string
from django.urls import get_resolver, reverse

from intake.models.caregivers import CaregiverQuerySet, InvolvementQuerySet
from intake.models.consents import ConsentQuerySet
from intake.models.needs import NeedQuerySet
from referrals.models import Referral, ReferralQuerySet
from tests import database_roles, marked
from tests.lived_in import ANONYMOUS, CAST
from tests.marked import Prober, relation

EVERYONE = (ANONYMOUS, *CAST)
METHODS = ("GET", "POST", "htmx", "HEAD")
# What an address about somebody is about, by the beginning of its name.
ABOUT = {
    "caregiver": lambda case: case.caregiver,
    "consent_withdraw_all": lambda case: case.caregiver,
    "need_new": lambda case: case.caregiver,
    "involvement_new": lambda case: case.caregiver,
    "referral_new": lambda case: case.caregiver,
    "need_reopen": lambda case: case.closed_need,
    "need": lambda case: case.needs[0],
    "involvement": lambda case: case.involvement,
    "consent": lambda case: case.referral and case.referral.consent,
    "referral": lambda case: case.referral,
}
KEEPS = {"own", "draft-of-a-colleague"}  # who opens what is about her
REACHES = {"own", "asked", "shared", "over"}  # who opens something of the referral


@pytest.fixture
def world(db):
    return marked.move_in(marked.the_cast())


@pytest.fixture(autouse=True)
def papers_as_text(monkeypatch, caplog):
    """A paper is looked through before it is a PDF; tests/test_canaries.py reads some as they are."""
    caplog.set_level("CRITICAL", "django.request")
    monkeypatch.setattr(
        "mantelzorg.pdf.render_pdf", lambda template, context: render_to_string(template, context).encode()
    )


def patterns(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern)
        else:
            yield pattern.name, set(pattern.pattern.converters)


def what_it_is_about(name: str):
    return next(about for start, about in sorted(ABOUT.items(), reverse=True) if name.startswith(start))


ABOUT_SOMEBODY = sorted(
    name for name, arguments in patterns() if arguments == {"pk"} and name.partition("_")[0] in ABOUT
)


def sample(world):
    """Every address x place x relation to somebody; who of that place asks, in which way and about whom goes round."""
    places = [*marked.WORKS_AT.values(), (ANONYMOUS, "coordinator"), ("beheerder", "logtoezicht", "functional_admin")]
    methods, turn = itertools.cycle(METHODS), itertools.count()
    for name in ABOUT_SOMEBODY:
        for people in places:
            there = {}
            for who, case in itertools.product(people, world.cases):
                if what_it_is_about(name)(case) is not None:
                    there.setdefault(relation(who, case), []).append((who, case))
            for found in there.values():
                who, case = found[next(turn) * 7 % len(found)]
                yield who, next(methods), name, case
    yield from details(world)


def details(world):
    turn = itertools.count()
    for people in marked.WORKS_AT.values():
        for case in world.cases:
            if case.referral is not None:
                yield people[next(turn) % len(people)], "GET", "referral_detail", case


def probe(world, cells) -> Prober:
    prober = Prober(world)
    for who, method, name, case in cells:
        path = reverse(name, args=[what_it_is_about(name)(case).pk])
        theirs = KEEPS if not name.startswith("referral_") or name == "referral_new" else REACHES
        closed = relation(who, case) not in theirs
        answer, found = prober.ask(who, method, path, closed=closed, name=f"{name} {case.nr} {case.story}")
        if (answer, method, name) == ("200", "GET", "referral_detail"):
            must = {mark for mark in marked.may_find(who, case) if mark[1] in marked.MUST}
            prober.missing += [f"{who} does not find {word} of {nr}, {case.story}" for nr, word in must - found]
    return prober


LISTS = [
    ("vandaag", ""),
    ("caregiver_list", ""),
    ("caregiver_list", "?volgorde=zwaarst"),
    *(("referral_list", f"?lijst={which}") for which in ("aan-zet", "verstuurd", "ontvangen", "concepten")),
    ("overview", ""),
    ("logbook", ""),
]


def probe_lists(world, people=EVERYONE) -> Prober:
    """Whole or as a piece, and searched by the name and number of somebody who may not be hers."""
    prober, methods = Prober(world), itertools.cycle(("GET", "htmx"))
    for who in people:
        for name, query in LISTS:
            prober.ask(who, next(methods), reverse(name) + query)
        for nr in ("04", "19", "24"):
            for typed in (f"zq{nr}naamqz", f"06 557700{nr}"):
                prober.ask(who, "POST", reverse("caregiver_list"), {"zoek": typed})
    return prober


# Both layers --------------------------------------------------------------------------------------------------------


def test_every_address_about_somebody_is_asked():
    assert len(ABOUT_SOMEBODY) > 30
    assert {what_it_is_about(name) for name in ABOUT_SOMEBODY} == set(ABOUT.values())


def everything(world) -> Prober:
    prober = probe(world, sample(world))
    lists = probe_lists(world)
    prober.leaks += lists.leaks
    prober.wrong += lists.wrong
    prober.checks += lists.checks
    prober.asked += lists.asked
    return prober


def said(*findings: list[str]) -> str:
    return "\n".join(itertools.chain(*findings))


def test_nobody_finds_what_is_not_hers(world):
    prober = everything(world)
    assert not said(prober.leaks, prober.wrong, prober.missing)
    assert prober.asked.total() > 800  # answers, of each of which the status is a check
    assert prober.checks > 200_000  # with every mark that was looked for in one of them


# One layer at a time ------------------------------------------------------------------------------------------------


def drop_filters(patch, stage=Referral.Stage.SHARED) -> None:
    """`stage` is what everyone gets to see of a referral: what was shared, or what its sender sees."""
    for rows in (CaregiverQuerySet, NeedQuerySet, ConsentQuerySet, InvolvementQuerySet, ReferralQuerySet):
        patch.setattr(rows, "for_user", lambda rows, user: rows.all())
    for name in ("turns_of_organisation", "by_her", "sent_by", "received_by"):
        patch.setattr(ReferralQuerySet, name, lambda rows, user: rows.all())
    patch.setattr(Referral, "stage_for", lambda referral, user, now=None: stage)


@pytest.fixture
def without_filters(monkeypatch):
    """Django lets everyone through, as if every view forgot to ask whose it is."""
    drop_filters(monkeypatch)


@pytest.fixture
def without_row_security(monkeypatch):
    """Every request is made as a role that walks round the policies."""
    database_roles.walk_round(monkeypatch)


def test_the_database_alone_keeps_it_in(world, without_filters, monkeypatch):
    world.show_rows()
    prober = everything(world)
    drop_filters(monkeypatch, Referral.Stage.OWN)
    as_senders = probe(world, details(world))
    assert not said(prober.leaks, as_senders.leaks)
    assert prober.asked["200"] > 300


def test_django_alone_keeps_it_in(world, without_row_security):
    prober = everything(world)
    assert not said(prober.leaks, prober.wrong, prober.missing)


def test_without_either_it_leaks(world, without_filters, without_row_security):
    prober = probe(world, itertools.islice(sample(world), 0, None, 3))
    assert len(prober.leaks) > 200

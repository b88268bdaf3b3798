"""The table of a referral's life, held against product rules and against every pair of state and verb."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from mantelzorg.refusal import Refused
from referrals import actions, clock
from referrals.models import Referral
from referrals.permissions import may, verbs_for
from referrals.transitions import (
    ENDED_STATES,
    OPEN_STATES,
    TRANSITIONS,
    Channel,
    Party,
    State,
    Verb,
    allowed_party,
    transition_of,
    turn_date,
    turn_party,
)
from tests.factories import AGREED, BARE, all_outcomes, make_organisation, make_referral, make_service

FRIDAY = datetime.date(2026, 3, 27)


def do(verb, referral, by):
    """Do a verb as the page would, with answers that are complete."""
    now = timezone.now()
    if verb == Verb.SEND:
        return actions.send(referral=referral, by=by, **(BARE if referral.service.zonder_dossier else AGREED))
    if verb == Verb.ACCEPT:
        return actions.accept(referral=referral, by=by, name="Mevrouw De Wit")
    if verb == Verb.DECLINE:
        return actions.decline(referral=referral, by=by, reason="geen-plek", note="Wij zijn vol.")
    if verb == Verb.CONTACT:
        return actions.contact(referral=referral, by=by)
    if verb == Verb.GIVE_UP:
        return actions.give_up(referral=referral, by=by)
    if verb == Verb.COMPLETE:
        return actions.complete(referral=referral, by=by, outcomes=all_outcomes(referral), feedback="Zij is geholpen.")
    if verb == Verb.WITHDRAW:
        return actions.withdraw(referral=referral, by=by)
    if verb == Verb.REOPEN:
        return actions.reopen(referral=referral, by=by, note="Het hield geen stand.")
    assert verb == Verb.EXPIRE
    if not clock.expire(referral=referral, now=now + datetime.timedelta(days=60)):
        raise Refused("niet verlopen")
    return Referral.objects.get(pk=referral.pk)


def test_every_state_is_reached_and_only_ended_ones_are_final():
    reached = {transition.target for transition in TRANSITIONS} | {State.CONCEPT}
    left = {source for transition in TRANSITIONS for source in transition.sources}
    assert reached == set(State)
    assert set(State) - left == set(ENDED_STATES) - {State.COMPLETED}


@pytest.mark.parametrize(
    ("channel", "party"),
    [(Channel.PORTAL, Party.RECEIVER), (Channel.LINK, Party.RECEIVER), (Channel.PHONE, Party.SENDER)],
)
def test_the_turn_follows_the_channel_in_every_open_state(channel, party):
    assert {turn_party(channel, state) for state in OPEN_STATES} == {party}
    assert {turn_party(channel, state) for state in (State.CONCEPT, *ENDED_STATES)} == {None}


@pytest.mark.parametrize(
    ("state", "urgency", "promise", "expected"),
    [
        (State.SENT, "gewoon", None, datetime.date(2026, 3, 31)),
        (State.SENT, "spoed", None, datetime.date(2026, 3, 30)),
        # Good Friday, 3 April, and Easter Monday, 6 April 2026, are no working days
        (State.ACCEPTED, "gewoon", None, datetime.date(2026, 4, 7)),
        (State.ACCEPTED, "gewoon", 4, datetime.date(2026, 4, 2)),
        (State.ACCEPTED, "spoed", None, datetime.date(2026, 3, 31)),
        (State.ACCEPTED, "spoed", 1, datetime.date(2026, 3, 30)),
        (State.ACCEPTED, "spoed", 10, datetime.date(2026, 3, 31)),
        (State.IN_CONTACT, "gewoon", None, datetime.date(2026, 4, 26)),
    ],
)
def test_terms_are_in_dutch_working_days(state, urgency, promise, expected):
    assert turn_date(state, urgency, FRIDAY, promise) == expected


@pytest.fixture
def portal_service(steunpunt):
    return make_service(steunpunt, "Gesprek bij het steunpunt")


@pytest.fixture
def phone_service(db):
    return make_service(make_organisation("Buurtkamer", uses_portal=False), "Koffie in de buurtkamer")


@pytest.fixture
def bare_service(steunpunt):
    return make_service(steunpunt, "Luisterend oor", zonder_dossier=True)


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("kind", ["portal", "phone", "without a file"])
def test_every_pair_of_state_and_verb_for_every_kind_of_person(
    state,
    verb,
    kind,
    sender,
    colleague,
    receiver,
    receiver_colleague,
    outsider,
    beheerder,
    coordinator,
    portal_service,
    phone_service,
    bare_service,
):
    """Who may: the button and the action give the same answer, and a refusal changes nothing."""
    without_file = kind == "without a file"
    if without_file and state == State.IN_CONTACT:
        return  # no such state: contact is the end
    service = {"portal": portal_service, "phone": phone_service}.get(kind, bare_service)
    channel = service.channel
    transition = transition_of(verb, without_file=without_file)
    sources = transition.sources if transition else ()
    people = {
        "sender": (sender, {Party.SENDER}),
        "colleague": (colleague, {Party.SENDER}),
        "receiver": (receiver, {Party.RECEIVER} if channel == "portal" else set()),
        "receiver_colleague": (receiver_colleague, {Party.RECEIVER} if channel == "portal" else set()),
        "outsider": (outsider, set()),
        "beheerder": (beheerder, set()),
        "coordinator": (coordinator, set()),
    }
    referral = make_referral(state, sender=sender, receiver=receiver, service=service)
    assert referral.state == state
    before = Referral.objects.filter(pk=referral.pk).values().get()
    for name, (person, sides) in people.items():
        expected = state in sources and allowed_party(verb, channel) in sides
        if verb == Verb.GIVE_UP:
            expected = False  # no attempts were logged
        if verb == Verb.SEND:
            expected = expected and name == "sender"  # a draft is its maker's alone
        if verb != Verb.EXPIRE:  # the clock's, no person's
            assert may(person, verb, referral) == expected, name
            assert (verb in verbs_for(person, referral)) == expected
        attempt = transaction.savepoint()
        try:
            moved = do(verb, referral, person)
        except Refused:
            assert verb == Verb.EXPIRE or not expected, name
            assert Referral.objects.filter(pk=referral.pk).values().get() == before
        else:
            assert verb == Verb.EXPIRE or expected, name
            assert moved.state == transition.target
        transaction.savepoint_rollback(attempt)
        referral = Referral.objects.for_page().get(pk=referral.pk)


def test_the_picture_in_the_docs_tells_what_the_table_says():
    from django.conf import settings

    from referrals.drawing import life_in_markdown

    assert (settings.BASE_DIR / "docs" / "referral-life.md").read_text(encoding="utf-8") == life_in_markdown()

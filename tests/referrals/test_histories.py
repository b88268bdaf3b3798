"""Random histories: whatever people do, in whatever order, nobody falls between two desks.

Hypothesis lets random people do random verbs to a few caregivers' needs and referrals, with days passing in between,
and after every step asks the database whether the promises still hold.
"""

import datetime

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Role
from intake import actions as intake
from intake.models import Consent, Need, NeedEnding
from mantelzorg.refusal import Refused
from mantelzorg.working_days import add_working_days
from referrals import actions
from referrals.models import DeclineReason, Outcome, Referral, ReferralNeed, SharedItem
from referrals.transitions import BY_VERB, OPEN_STATES, Party, State, Urgency, Verb, allowed_party
from tests.factories import AGREED, make_caregiver, make_member, make_need, make_organisation, make_service

ITEMS = ["naam", "telefoon", "eigen-woorden", "overdracht", "postcode"]


class Histories(RuleBasedStateMachine):
    @initialize()
    def cast(self):
        self.now = datetime.datetime(2026, 3, 27, 9, tzinfo=datetime.UTC)
        practice, steunpunt = make_organisation(), make_organisation()
        by_phone = make_organisation(uses_portal=False)
        self.people = [
            make_member("", practice),
            make_member("", practice),
            make_member("", steunpunt, Role.CONSULENT),
            make_member("", steunpunt),
            make_member("", make_organisation()),
        ]
        self.services = [
            make_service(steunpunt),
            make_service(steunpunt, call_within_days=3),
            make_service(by_phone),
            make_service(practice),
        ]
        self.caregivers = [
            make_caregiver(self.people[0]),
            make_caregiver(self.people[1]),
            make_caregiver(self.people[2]),
        ]
        for caregiver in self.caregivers:
            self.ask_for(caregiver)

    def ask_for(self, caregiver):
        owner = self.member_of(caregiver.organisation_id)
        return make_need(caregiver, owner, now=self.now)

    def pick(self, choices, number):
        choices = list(choices)
        return choices[number % len(choices)] if choices else None

    def member_of(self, organisation_id):
        return next(person for person in self.people if person.organisation_id == organisation_id)

    def side(self, referral, party):
        if party is Party.RECEIVER:
            return self.member_of(referral.receiver_organisation_id)
        return next(person for person in self.people if person.acting.pk == referral.sender_id)

    def try_to(self, verb, **arguments):
        """A refusal is a fine answer; what matters is what the rows say afterwards."""
        try:
            verb(**arguments)
        except Refused:
            self.refusals = getattr(self, "refusals", 0) + 1

    some = st.integers(min_value=0, max_value=50)

    @rule(days=st.integers(min_value=1, max_value=20))
    def days_pass(self, days):
        self.now += datetime.timedelta(days=days)
        actions.expire_due(now=self.now)
        actions.lapse_consents(now=self.now)
        actions.delete_stale_drafts(now=self.now)
        actions.forget_shared_items(now=self.now)

    @rule(caregiver=some)
    def ask(self, caregiver):
        self.ask_for(self.pick(self.caregivers, caregiver))

    @rule(
        need=some,
        more=st.booleans(),
        service=some,
        person=some,
        urgency=st.sampled_from(Urgency.values),
        items=st.sets(st.sampled_from(ITEMS), min_size=1),
        until=st.none() | st.integers(1, 30),
        draft=st.booleans(),
    )
    def refer(self, need, more, service, person, urgency, items, until, draft):
        need = self.pick(Need.objects.order_by("created_at", "pk"), need)
        needs = list(need.caregiver.needs.open()) if more else [need]
        arguments = {
            "caregiver": need.caregiver,
            "needs": needs,
            "service": self.pick(self.services, service),
            "by": self.pick(self.people, person),
            "urgency": urgency,
            "now": self.now,
            "handover_text": "Zij is moe.",
        }
        if draft:
            self.try_to(actions.draft, **arguments)
            return
        valid_until = timezone.localdate(self.now) + datetime.timedelta(days=until) if until else None
        consent = {**AGREED, "items": {"naam", "telefoon"} | items, "valid_until": valid_until}
        self.try_to(actions.refer, consent=consent, **arguments)

    STATES = {
        "discard": (State.CONCEPT,),
        "call": (State.ACCEPTED,),
        "add_need": OPEN_STATES,
        **{str(verb): transition.sources for verb, transition in BY_VERB.items() if verb != Verb.EXPIRE},
    }

    @rule(
        verb=st.sampled_from(sorted(STATES)),
        referral=some,
        person=some,
        anyhow=st.integers(0, 4),
        reason=st.sampled_from(DeclineReason.values),
        outcome=st.sampled_from(Outcome.values),
        text=st.booleans(),
    )
    def act(self, verb, referral, person, anyhow, reason, outcome, text):
        """Mostly a verb that fits, by somebody who may: so histories get far. One in five: anything, by anybody."""
        rows = Referral.objects.filter(erased_at=None)
        rows = rows if anyhow == 0 else rows.filter(state__in=self.STATES[verb])
        referral = self.pick(rows.select_related("caregiver").order_by("created_at", "pk"), referral)
        if referral is None:
            return
        party = Party.SENDER if verb not in BY_VERB else allowed_party(verb, referral.channel)
        by = self.pick(self.people, person) if anyhow == 0 else self.side(referral, party)
        words = "Een zin." if text else ""
        both = {"referral": referral, "by": by, "now": self.now}
        if verb == "send":
            self.try_to(actions.send, **both, **AGREED)
        elif verb == "discard":
            self.try_to(actions.discard_draft, referral=referral, by=by)
        elif verb == "accept":
            self.try_to(actions.accept, name=words, **both)
        elif verb == "decline":
            self.try_to(actions.decline, reason=reason, note=words, elsewhere=words, **both)
        elif verb == "call":
            self.try_to(actions.log_call, result="niet-bereikt" if text else "gesproken", **both)
        elif verb == "contact":
            self.try_to(actions.contact, **both)
        elif verb == "give_up":
            self.try_to(actions.give_up, **both)
        elif verb == "complete":
            outcomes = {link.pk: (outcome, words) for link in referral.referral_needs.all()}
            self.try_to(actions.complete, outcomes=outcomes, feedback=words, **both)
        elif verb == "withdraw":
            self.try_to(actions.withdraw, **both)
        elif verb == "reopen":
            self.try_to(actions.reopen, note=words, **both)
        elif verb == "add_need":
            needs = referral.caregiver.needs.open().filter(on_referral=False)
            need = self.pick(needs.order_by("pk"), person) or self.ask_for(referral.caregiver)
            if need is not None:
                consent = {key: AGREED[key] for key in ("items", "how_given")}
                self.try_to(actions.add_need, need=need, **consent, **both)

    @rule(
        need=some,
        person=some,
        anybody=st.booleans(),
        ending=st.sampled_from(NeedEnding.values),
        verb=st.sampled_from(["close", "reopen", "plan"]),
    )
    def act_on_need(self, need, person, anybody, ending, verb):
        need = self.pick(Need.objects.order_by("created_at", "pk"), need)
        by = self.pick(self.people, person) if anybody else self.member_of(need.organisation_id)
        if verb == "close":
            self.try_to(intake.close_need, need=need, by=by, ending=ending, note="Het is zo.", now=self.now)
        elif verb == "reopen":
            self.try_to(intake.reopen_need, need=need, by=by, now=self.now)
        else:
            on = timezone.localdate(self.now) + datetime.timedelta(days=7)
            self.try_to(intake.plan_need, need=need, by=by, on=on, note="Ik bel haar zelf.", now=self.now)

    @rule(consent=some, person=some, anybody=st.booleans(), fewer=st.booleans())
    def take_consent_back(self, consent, person, anybody, fewer):
        consent = self.pick(Consent.objects.filter(withdrawn_at=None).order_by("-pk"), consent)
        if consent is None:
            return
        by = self.pick(self.people, person) if anybody else self.member_of(consent.caregiver.organisation_id)
        if fewer:
            self.try_to(actions.narrow_consent, consent=consent, items=["naam", "telefoon"], by=by, now=self.now)
        else:
            self.try_to(actions.withdraw_consent, consent=consent, by=by, how="mondeling", now=self.now)

    @precondition(lambda self: len(self.caregivers) > 2)
    @rule()
    def erase(self):
        caregiver = self.caregivers.pop()
        by = self.member_of(caregiver.organisation_id)
        actions.erase(caregiver=caregiver, by=by, now=self.now)

    # The promises ---------------------------------------------------------------------------------------------------

    @invariant()
    def the_promises_hold(self):
        referrals = {row.pk: row for row in Referral.objects.for_page()}
        links = list(ReferralNeed.objects.select_related("need"))
        for need in Need.objects.all():
            carrying = [referrals[link.referral_id] for link in links if link.need_id == need.pk and link.is_open]
            self.need_has_one_party_and_a_date(need, carrying)
        for link in links:
            assert link.is_open == referrals[link.referral_id].is_open
        for item in SharedItem.objects.select_related("consent"):
            self.what_is_shared_was_agreed_to(item, referrals[item.referral_id])
        for referral in referrals.values():
            outcomes = [link.outcome for link in links if link.referral_id == referral.pk]
            self.an_ended_referral_says_how(referral, outcomes)
            for person in self.people:
                self.a_receiver_sees_no_more_than_the_stage_allows(referral, person)

    def need_has_one_party_and_a_date(self, need, carrying):
        if not need.is_open:
            assert not carrying
            assert need.ending in NeedEnding.values
            assert need.ended_by_id
            return
        assert len(carrying) <= 1
        assert need.on_referral == bool(carrying)
        assert need.turn_on
        turn = (need.turn_organisation_id, need.turn_member_id)
        if carrying:
            referral = carrying[0]
            assert turn == (referral.turn_organisation_id, referral.turn_member_id)
            assert need.turn_on == referral.turn_on
        else:
            assert turn == (need.organisation_id, need.owner_id)

    def an_ended_referral_says_how(self, referral, outcomes):
        if referral.is_open or referral.state == State.CONCEPT:
            assert referral.ended_at is None
            return
        assert referral.ended_at
        assert referral.turn_organisation_id is None
        if referral.erased_at:
            assert referral.caregiver is None
        elif referral.state == State.COMPLETED:
            assert referral.feedback
            assert all(outcomes)
        elif referral.state == State.DECLINED:
            assert referral.decline_reason
            assert referral.decline_note
        elif referral.state == State.WITHDRAWN:
            assert referral.withdraw_reason

    def what_is_shared_was_agreed_to(self, item, referral):
        assert item.item in item.consent.items
        assert item.consent.withdrawn_at is None
        assert item.consent.organisation_id == referral.receiver_organisation_id

    def a_receiver_sees_no_more_than_the_stage_allows(self, referral, person):
        sides = referral.parties_of(person)
        if sides != {Party.RECEIVER}:
            return
        stage = referral.stage_for(person, now=self.now)
        valid = referral.consent is not None and referral.consent.is_valid(now=self.now)
        if not valid or referral.state in (State.DECLINED, State.EXPIRED, State.NOT_REACHED, State.WITHDRAWN):
            assert stage == Referral.Stage.STUB
        elif referral.state == State.SENT:
            assert stage == Referral.Stage.MINIMUM


def test_no_history_leaves_a_caregiver_between_two_desks(db):
    from django.db import transaction

    class Rolled(Histories):
        def __init__(self):
            super().__init__()
            self.block = transaction.atomic()
            self.block.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    run_state_machine_as_test(
        Rolled,
        settings=settings(
            max_examples=20,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # a failure is told as it happened: shrinking takes minutes
            database=None,
        ),
    )


def test_the_owners_term_is_two_working_days(sender):
    friday = datetime.datetime(2026, 3, 27, 9, tzinfo=datetime.UTC)
    need = make_need(make_caregiver(sender), sender, now=friday)
    assert need.turn_on == add_working_days(datetime.date(2026, 3, 27), 2) == datetime.date(2026, 3, 31)


@pytest.mark.parametrize("how", ["withdrawn", "declined", "expired", "not_reached", "completed"])
def test_whichever_way_a_referral_ends_the_turn_returns_to_the_owner_in_two_working_days(
    how, sender, receiver, steunpunt
):
    from tests.factories import make_referral

    now = datetime.datetime(2026, 3, 27, 9, tzinfo=datetime.UTC)
    referral = make_referral(how, sender=sender, receiver=receiver, service=make_service(steunpunt), now=now)
    need = referral.referral_needs.get().need
    ended = timezone.localdate(referral.ended_at)
    assert need.is_open
    assert not need.on_referral
    assert (need.turn_organisation, need.turn_member) == (sender.organisation, sender.acting)
    assert need.turn_on == add_working_days(ended, 2)

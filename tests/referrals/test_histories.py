"""Random histories: whatever people do, in whatever order, nobody falls between two desks.

Hypothesis lets random people do random verbs to a few caregivers' needs and referrals, with days passing in between,
and after every step asks the database whether the promises still hold.
"""

import datetime

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
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
from referrals.transitions import OPEN_STATES, State, Urgency
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
        owner = next(person for person in self.people if person.organisation_id == caregiver.organisation_id)
        return make_need(caregiver, owner, now=self.now)

    def pick(self, choices, number):
        choices = list(choices)
        return choices[number % len(choices)] if choices else None

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

    @rule(
        referral=some,
        person=some,
        verb=st.sampled_from(
            [
                "send",
                "discard",
                "accept",
                "decline",
                "call",
                "contact",
                "give_up",
                "complete",
                "withdraw",
                "reopen",
                "add_need",
            ]
        ),
        reason=st.sampled_from(DeclineReason.values),
        outcome=st.sampled_from(Outcome.values),
        text=st.booleans(),
    )
    def act(self, referral, person, verb, reason, outcome, text):
        referral = self.pick(Referral.objects.order_by("created_at", "pk"), referral)
        if referral is None or referral.caregiver is None:
            return
        by, words = self.pick(self.people, person), "Een zin." if text else ""
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
            need = self.pick(referral.caregiver.needs.open().order_by("pk"), person)
            if need is not None:
                consent = {key: AGREED[key] for key in ("items", "how_given")}
                self.try_to(actions.add_need, need=need, **consent, **both)

    @rule(referral=some)
    def move_on(self, referral):
        """The next step in a life, by somebody who may: so that histories get far."""
        referral = self.pick(Referral.objects.open().order_by("created_at", "pk"), referral)
        if referral is None:
            return
        by = next(person for person in self.people if person.organisation_id == referral.turn_organisation_id)
        both = {"referral": referral, "by": by, "now": self.now}
        if referral.state == State.SENT:
            actions.accept(name="Mevrouw De Wit", **both)
        elif referral.state == State.ACCEPTED:
            actions.contact(**both)
        else:
            outcomes = {link.pk: ("gestart", "") for link in referral.referral_needs.all()}
            actions.complete(outcomes=outcomes, feedback="Zij is geholpen.", **both)

    @rule(
        need=some,
        person=some,
        ending=st.sampled_from(NeedEnding.values),
        verb=st.sampled_from(["close", "reopen", "plan"]),
    )
    def act_on_need(self, need, person, ending, verb):
        need, by = self.pick(Need.objects.order_by("created_at", "pk"), need), self.pick(self.people, person)
        if verb == "close":
            self.try_to(intake.close_need, need=need, by=by, ending=ending, note="Het is zo.", now=self.now)
        elif verb == "reopen":
            self.try_to(intake.reopen_need, need=need, by=by, now=self.now)
        else:
            on = timezone.localdate(self.now) + datetime.timedelta(days=7)
            self.try_to(intake.plan_need, need=need, by=by, on=on, note="Ik bel haar zelf.", now=self.now)

    @rule(consent=some, person=some, fewer=st.booleans())
    def take_consent_back(self, consent, person, fewer):
        consent, by = self.pick(Consent.objects.order_by("pk"), consent), self.pick(self.people, person)
        if consent is None:
            return
        if fewer:
            self.try_to(actions.narrow_consent, consent=consent, items=["naam", "telefoon"], by=by, now=self.now)
        else:
            self.try_to(actions.withdraw_consent, consent=consent, by=by, how="mondeling", now=self.now)

    @precondition(lambda self: len(self.caregivers) > 2)
    @rule()
    def erase(self):
        caregiver = self.caregivers.pop()
        by = next(person for person in self.people if person.organisation_id == caregiver.organisation_id)
        actions.erase(caregiver=caregiver, by=by, now=self.now)

    # The promises ---------------------------------------------------------------------------------------------------

    @invariant()
    def every_open_need_has_one_party_and_a_date(self):
        for need in Need.objects.open():
            carrying = Referral.objects.filter(referral_needs__need=need, state__in=OPEN_STATES)
            assert len(carrying) <= 1
            assert need.turn_organisation_id
            assert need.turn_on
            if carrying:
                referral = carrying[0]
                assert need.on_referral
                assert (need.turn_organisation_id, need.turn_member_id, need.turn_on) == (
                    referral.turn_organisation_id,
                    referral.turn_member_id,
                    referral.turn_on,
                )
            else:
                assert not need.on_referral
                assert (need.turn_organisation_id, need.turn_member_id) == (need.organisation_id, need.owner_id)

    @invariant()
    def a_referral_is_open_for_needs_that_are_open(self):
        for link in ReferralNeed.objects.select_related("referral", "need"):
            assert link.is_open == link.referral.is_open
            if link.is_open:
                assert link.need.is_open

    @invariant()
    def an_ended_referral_says_how_and_hands_the_turn_back(self):
        for referral in Referral.objects.exclude(state__in=[State.CONCEPT, *OPEN_STATES]).filter(erased_at=None):
            assert referral.turn_organisation_id is None
            assert referral.ended_at
            if referral.state == State.COMPLETED:
                assert referral.feedback
                assert all(link.outcome for link in referral.referral_needs.all())
            if referral.state == State.DECLINED:
                assert referral.decline_reason
                assert referral.decline_note
            if referral.state == State.WITHDRAWN:
                assert referral.withdraw_reason

    @invariant()
    def a_closed_need_says_how_it_ended(self):
        for need in Need.objects.exclude(ended_at=None):
            assert need.ending in NeedEnding.values
            assert need.ended_by_id

    @invariant()
    def what_is_shared_was_agreed_to(self):
        for item in SharedItem.objects.select_related("consent", "referral"):
            assert item.item in item.consent.items
            assert item.consent.withdrawn_at is None
            assert item.consent.organisation_id == item.referral.receiver_organisation_id

    @invariant()
    def a_receiver_sees_no_more_than_the_stage_allows(self):
        for referral in Referral.objects.for_page().exclude(state=State.CONCEPT):
            for person in self.people:
                if person.organisation_id != referral.receiver_organisation_id or (
                    person.organisation_id == referral.sender_organisation_id
                ):
                    continue
                stage = referral.stage_for(person, now=self.now)
                if referral.state == State.SENT:
                    assert stage in (Referral.Stage.MINIMUM, Referral.Stage.STUB)
                if referral.state in (State.DECLINED, State.EXPIRED, State.NOT_REACHED, State.WITHDRAWN):
                    assert stage == Referral.Stage.STUB
                if referral.consent is None or not referral.consent.is_valid(now=self.now):
                    assert stage == Referral.Stage.STUB


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
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
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

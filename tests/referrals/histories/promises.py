"""The promises of the product as questions to the rows: asked after every step of every history.

Each is a function of a `Snapshot`; what it finds broken it raises as AssertionError. Some hold only when the clock has
run (`settled`): what is the clock's to do, nobody does before.
"""

import datetime
from collections import Counter
from functools import cached_property

from django.utils import timezone

from accounts.models import Absence
from intake.models import Caregiver, Need, NeedEnding
from mantelzorg.working_days import is_office_time, working_day_before
from referrals.models import Referral, ReferralEvent, ReferralNeed, Reminder, SharedItem
from referrals.transitions import ESCALATES_AFTER_WORKING_DAYS, Channel, Party, State
from tests.referrals.histories.history import History
from trail.models import OutboxMessage


class Snapshot:
    """The rows as they are after a step, each table read once."""

    def __init__(self, history: History):
        self.history, self.now, self.settled = history, history.now, history.settled
        self.today = timezone.localdate(history.now)
        self.referrals = {row.pk: row for row in Referral.objects.for_page()}
        self.links = list(ReferralNeed.objects.all())
        self.needs = list(Need.objects.all())
        self.items = list(SharedItem.objects.select_related("consent"))

    @property
    def open(self) -> list[Referral]:
        return [referral for referral in self.referrals.values() if referral.is_open]

    def carrying(self, need: Need) -> list[Referral]:
        return [self.referrals[link.referral_id] for link in self.links if link.need_id == need.pk and link.is_open]

    @cached_property
    def away(self) -> set:
        return set(Absence.objects.on(self.today).values_list("membership", flat=True))

    def there_for(self, membership_id):
        return self.history.there_for(membership_id, self.today) if membership_id in self.away else membership_id


def every_open_need_has_one_party_and_a_date(now: Snapshot) -> None:
    for need in now.needs:
        carrying = now.carrying(need)
        if not need.is_open:
            assert not carrying
            continue
        assert len(carrying) <= 1
        assert need.on_referral == bool(carrying)
        assert need.turn_on
        if carrying:
            turn = (need.turn_organisation_id, need.turn_member_id, need.turn_on)
            assert turn == (carrying[0].turn_organisation_id, carrying[0].turn_member_id, carrying[0].turn_on)
        else:
            assert need.turn_organisation_id == need.organisation_id
            assert need.turn_member_id


def an_open_referral_has_a_turn_and_an_ended_one_gives_it_back(now: Snapshot) -> None:
    for referral in now.referrals.values():
        sides = {Party.SENDER: referral.sender_organisation_id, Party.RECEIVER: referral.receiver_organisation_id}
        if referral.is_open:
            party = Party.SENDER if referral.channel == Channel.PHONE else Party.RECEIVER
            assert referral.turn_organisation_id == sides[party]
            assert referral.turn_on
            assert any(link.referral_id == referral.pk for link in now.links)
        else:
            assert (referral.turn_organisation_id, referral.turn_member_id, referral.turn_on) == (None, None, None)
    for link in now.links:
        assert link.is_open == now.referrals[link.referral_id].is_open


def an_ended_referral_says_how(now: Snapshot) -> None:
    for referral in now.referrals.values():
        if referral.is_open or referral.state == State.CONCEPT:
            assert referral.ended_at is None
            continue
        assert referral.ended_at
        if referral.erased_at:
            assert referral.caregiver_id is None
        elif referral.state == State.COMPLETED:
            assert referral.feedback
            assert all(link.outcome for link in now.links if link.referral_id == referral.pk)
        elif referral.state == State.DECLINED:
            assert referral.decline_reason
            assert referral.decline_note
        elif referral.state == State.WITHDRAWN:
            assert referral.withdraw_reason


def a_closed_need_says_how_and_by_whom(now: Snapshot) -> None:
    for need in now.needs:
        if not need.is_open:
            assert need.ending in NeedEnding.values
            assert need.ended_by_id


def every_caregiver_has_one_fixed_contact_of_her_organisation(now: Snapshot) -> None:
    for caregiver in Caregiver.objects.select_related("fixed_contact"):
        assert caregiver.fixed_contact.organisation_id == caregiver.organisation_id


def one_referral_runs_per_caregiver_and_service(now: Snapshot) -> None:
    running = Counter((referral.caregiver_id, referral.service_id) for referral in now.open)
    assert all(count == 1 for count in running.values())


def what_is_shared_was_agreed_to(now: Snapshot) -> None:
    for item in now.items:
        referral = now.referrals[item.referral_id]
        assert item.item in item.consent.items
        assert item.consent.withdrawn_at is None
        assert item.consent.organisation_id == referral.receiver_organisation_id
        if now.settled:  # at any end but completion it goes at once; thirty days after that the clock takes it
            assert referral.is_open or referral.ended_at > now.now - datetime.timedelta(days=30)
            assert referral.is_open or referral.state == State.COMPLETED


def who_keeps_no_file_keeps_nothing(now: Snapshot) -> None:
    """Her name and number until there is contact, and then not even those; no word of anybody."""
    without = {referral.pk: referral for referral in now.referrals.values() if referral.without_file}
    for item in now.items:
        if item.referral_id in without:
            assert item.item in ("naam", "telefoon")
            assert without[item.referral_id].is_open
    assert not ReferralEvent.objects.filter(referral__in=without).exclude(note="").exists()
    for referral in without.values():
        now.history.done[f"{referral.state} without a file"] += 1
        assert referral.state != State.IN_CONTACT


def a_receiver_sees_no_more_than_the_stage_allows(now: Snapshot) -> None:
    for referral in now.referrals.values():
        stubs = {State.DECLINED, State.EXPIRED, State.NOT_REACHED, State.WITHDRAWN}
        if referral.without_file:
            stubs.add(State.COMPLETED)
        for person in now.history.people:
            sides = referral.parties_of(person)
            if sides != {Party.RECEIVER}:
                continue
            stage = referral.stage_for(person, now=now.now)
            valid = referral.consent is not None and referral.consent.is_valid(now=now.now)
            if not valid or referral.state in stubs:
                assert stage == Referral.Stage.STUB
            elif referral.state == State.SENT:
                assert stage == Referral.Stage.MINIMUM


def an_open_referral_rests_on_her_consent(now: Snapshot) -> None:
    """What she took back by code, or what was agreed to until a day, ends at the next stroke of the clock."""
    if now.settled:
        assert all(referral.consent.is_valid(now=now.now) for referral in now.open)


def nobody_waits_for_an_answer_for_ever(now: Snapshot) -> None:
    if now.settled:
        assert all(referral.state != State.SENT or referral.expires_on >= now.today for referral in now.open)


def a_turn_is_in_the_hands_of_who_is_there(now: Snapshot) -> None:
    """Of her whose work it is, or of who stands in while she is away; her organisation's if nobody can."""
    if not now.settled:
        return
    left = now.history.left
    for referral in now.open:
        worker = referral.sender_id if referral.channel == Channel.PHONE else referral.receiver_id
        if worker in left:  # then it is everyone's, whether it stands in her name or in nobody's
            assert referral.turn_member_id in (worker, now.there_for(worker), None)
        else:
            assert referral.turn_member_id == (worker and now.there_for(worker))
    for need in now.needs:
        if need.is_open and not need.on_referral:
            assert need.turn_member_id == (now.there_for(need.owner_id) or need.owner_id)


def somebody_sees_it_on_vandaag(now: Snapshot) -> None:
    """Whatever is the turn of an organisation in the portal, one of its people finds among what is her turn."""
    people, seen = now.history.people, set()
    for person in people:
        seen |= set(Referral.objects.our_turn(person).values_list("pk", flat=True))
        seen |= set(Need.objects.waiting_for_owner(person).values_list("pk", flat=True))
    portal = {person.organisation_id for person in people}
    missed = [referral for referral in now.open if referral.turn_organisation_id in portal and referral.pk not in seen]
    missed += [need for need in now.needs if need.is_open and not need.on_referral and need.pk not in seen]
    assert missed == []


def whoever_is_late_is_told(now: Snapshot) -> None:
    """After its date, and again long after it: once about one turn, when the clock ran in office hours."""
    if not (now.settled and is_office_time(now.now)):
        return
    said = set(Reminder.objects.values_list("referral", "kind", "turn_on"))
    long_ago = now.today
    for _ in range(ESCALATES_AFTER_WORKING_DAYS):
        long_ago = working_day_before(long_ago)
    for referral in now.open:
        if referral.turn_on < now.today and referral.changed_at < now.now:
            assert (referral.pk, Reminder.Kind.LATE, referral.turn_on) in said
        if referral.turn_on < long_ago and referral.changed_at < now.now:
            assert (referral.pk, Reminder.Kind.ESCALATED, referral.turn_on) in said


def mail_that_did_not_arrive_is_never_silent(now: Snapshot) -> None:
    """The sender sees it on the referral, until something moves."""
    if not now.settled:
        return
    assert not OutboxMessage.objects.untold().exists()
    for message in OutboxMessage.objects.exclude(failed_at=None).filter(told_at=now.now):
        for pk in message.about_ids(Referral):
            referral = now.referrals.get(pk)
            if referral is None or not referral.is_open or referral.channel == Channel.PHONE:
                continue
            if message.organisation_id != referral.sender_organisation_id and referral.changed_at < now.now:
                assert referral.unreachable_at is not None


PROMISES = (
    every_open_need_has_one_party_and_a_date,
    an_open_referral_has_a_turn_and_an_ended_one_gives_it_back,
    an_ended_referral_says_how,
    a_closed_need_says_how_and_by_whom,
    every_caregiver_has_one_fixed_contact_of_her_organisation,
    one_referral_runs_per_caregiver_and_service,
    what_is_shared_was_agreed_to,
    who_keeps_no_file_keeps_nothing,
    a_receiver_sees_no_more_than_the_stage_allows,
    an_open_referral_rests_on_her_consent,
    nobody_waits_for_an_answer_for_ever,
    a_turn_is_in_the_hands_of_who_is_there,
    somebody_sees_it_on_vandaag,
    whoever_is_late_is_told,
    mail_that_did_not_arrive_is_never_silent,
)


def check(history: History) -> None:
    now = Snapshot(history)
    for promise in PROMISES:
        promise(now)

"""To agree on a moment: who may do what and when, and what it does to the turn, the needs and the history."""

import datetime

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from mantelzorg import principals
from mantelzorg.refusal import Refused
from mantelzorg.working_days import add_working_days
from referrals import actions, clock
from referrals.models import CallAttempt, JointTalk, Referral, Reminder
from referrals.together import actions as together
from referrals.together.moments import why_not_moment
from referrals.transitions import State
from tests.factories import make_caregiver, make_referral
from tests.referrals.together.conftest import at
from trail.models import AccessLogEntry, OutboxMessage

pytestmark = pytest.mark.django_db
MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)


def steps(referral) -> list[str]:
    return list(referral.events.order_by("at", "pk").values_list("verb", flat=True))


def as_it_is(referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


# Proposing ----------------------------------------------------------------------------------------------------------


def test_one_side_proposes_and_the_other_has_one_working_day_to_choose(proposed, practice, in_two_days, in_ten_days):
    talk = proposed.joint_talk
    assert talk.moments == [in_two_days, in_ten_days]
    assert (talk.side, talk.asked_side, talk.asked_organisation) == ("receiver", "sender", practice)
    assert talk.asked_on == datetime.date(2027, 2, 2)
    assert steps(proposed)[-1] == "talk_propose"
    assert AccessLogEntry.objects.filter(event="talk_propose").exists()


def test_a_proposal_leaves_the_turn_and_the_date_as_the_table_says(accepted, receiver, in_ten_days, now):
    before = (accepted.turn_organisation_id, accepted.turn_member_id, accepted.turn_on)
    together.propose(referral=accepted, by=receiver, moments=[in_ten_days], now=now)
    after = as_it_is(accepted)
    assert (after.turn_organisation_id, after.turn_member_id, after.turn_on) == before
    assert after.state == State.ACCEPTED


def test_the_sender_may_propose_too_and_the_receiver_chooses(accepted, sender, receiver, in_two_days, now):
    together.propose(referral=accepted, by=sender, moments=[in_two_days], now=now)
    together.choose(referral=accepted, by=receiver, moment=in_two_days, seen=accepted.joint_talk.pk, now=now)
    assert JointTalk.objects.get().planned_for == in_two_days


def test_other_moments_replace_the_proposal(proposed, sender, in_two_days, now):
    first = proposed.joint_talk.pk
    together.propose(referral=proposed, by=sender, moments=[in_two_days + MINUTE], seen=first, now=now)
    talk = JointTalk.objects.get()
    assert (talk.side, talk.moments) == ("sender", [in_two_days + MINUTE])


def test_who_did_not_see_the_proposal_of_the_other_side_does_not_replace_it(proposed, sender, in_two_days, now):
    with pytest.raises(Refused, match="Intussen stelde de andere kant momenten voor"):
        together.propose(referral=proposed, by=sender, moments=[in_two_days], now=now)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(datetime.date(2027, 2, 1), 9), "al voorbij"),
        (at(datetime.date(2027, 2, 1), 8), "al voorbij"),
        (at(datetime.date(2027, 2, 2), 6, 59), "tussen 7.00 en 21.00"),
        (at(datetime.date(2027, 2, 2), 21, 1), "tussen 7.00 en 21.00"),
        (at(datetime.date(2027, 2, 2), 3), "tussen 7.00 en 21.00"),
        (at(datetime.date(2027, 2, 23), 10), "binnen 15 werkdagen"),
    ],
)
def test_a_moment_is_to_come_soon_and_not_at_night(accepted, receiver, moment, words, now):
    with pytest.raises(Refused, match=words):
        together.propose(referral=accepted, by=receiver, moments=[moment], now=now)


@pytest.mark.parametrize("moment", [at(datetime.date(2027, 2, 22), 21), at(datetime.date(2027, 2, 6), 7)])
def test_the_last_day_the_last_hour_and_a_saturday_are_fine(moment, now):
    assert not why_not_moment(moment, now)


def test_the_hours_of_the_day_are_those_here_also_when_the_clock_changes():
    """On 28 March 2027 the clock goes forward: seven in the morning is an hour earlier in the world."""
    before = at(datetime.date(2027, 3, 26), 9)
    assert not why_not_moment(datetime.datetime(2027, 3, 29, 5, 0, tzinfo=datetime.UTC), before)
    assert why_not_moment(datetime.datetime(2027, 3, 29, 4, 59, tzinfo=datetime.UTC), before)
    assert why_not_moment(datetime.datetime(2027, 3, 27, 5, 0, tzinfo=datetime.UTC), before)


@pytest.mark.parametrize("count", [0, 4])
def test_one_to_three_moments(accepted, receiver, in_two_days, count, now):
    moments = [in_two_days + place * MINUTE for place in range(count)]
    with pytest.raises(Refused, match="één tot drie"):
        together.propose(referral=accepted, by=receiver, moments=moments, now=now)


def test_a_talk_of_three_says_where_and_a_call_does_not(for_three, accepted, receiver, in_two_days, now):
    with pytest.raises(Refused, match="Kies waar"):
        together.propose(referral=for_three, by=receiver, moments=[in_two_days], now=now)
    together.propose(referral=for_three, by=receiver, moments=[in_two_days], place="bij-haar", now=now)
    together.propose(referral=accepted, by=receiver, moments=[in_two_days], place="bij-haar", now=now)
    assert dict(JointTalk.objects.values_list("referral", "place")) == {for_three.pk: "bij-haar", accepted.pk: ""}


def test_only_where_they_speak_with_her_together(sender, receiver, service, in_two_days, now):
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service, now=now)
    with pytest.raises(Refused, match="niet samen"):
        together.propose(referral=referral, by=receiver, moments=[in_two_days], now=now)


@pytest.mark.parametrize("state", [State.SENT, State.IN_CONTACT, State.COMPLETED, State.DECLINED, State.WITHDRAWN])
def test_only_while_it_is_accepted(sender, receiver, service, state, in_two_days, now):
    referral = make_referral(
        state, sender=sender, receiver=receiver, service=service, warm_mode="samen-bellen", now=now
    )
    with pytest.raises(Refused, match="Dat kan nu niet"):
        together.propose(referral=referral, by=sender, moments=[in_two_days], now=now)


def test_a_stranger_agrees_on_nothing(accepted, proposed, outsider, in_two_days, now):
    for step in (
        lambda: together.propose(referral=accepted, by=outsider, moments=[in_two_days], now=now),
        lambda: together.choose(
            referral=accepted, by=outsider, moment=in_two_days, seen=proposed.joint_talk.pk, now=now
        ),
        lambda: together.take_back(referral=accepted, by=outsider, now=now),
        lambda: together.call_off(referral=accepted, by=outsider, now=now),
        lambda: together.note_not_held(referral=accepted, by=outsider, why="verzet", now=now),
    ):
        with pytest.raises(Refused, match="niet van jouw organisatie"):
            step()


def test_nobody_agrees_on_a_moment_when_her_consent_is_over(accepted, receiver, in_two_days, now):
    accepted.consent.valid_until = (now - DAY).date()
    accepted.consent.save(update_fields=["valid_until"])
    with pytest.raises(Refused, match="toestemming geldt niet meer"):
        together.propose(referral=accepted, by=receiver, moments=[in_two_days], now=now)


# Choosing -----------------------------------------------------------------------------------------------------------


def test_the_date_of_the_turn_becomes_the_day_of_the_moment_with_that_of_the_needs(planned, in_ten_days):
    referral = as_it_is(planned)
    assert referral.turn_on == in_ten_days.date()
    assert referral.referral_needs.get().need.turn_on == in_ten_days.date()
    event = referral.events.get(verb="talk_plan")
    assert (event.turn_on, event.note) == (in_ten_days.date(), "maandag 15 februari 2027, 14.30 uur")


def test_a_moment_before_the_term_leaves_the_term(proposed, sender, in_two_days, now):
    before = proposed.turn_on
    together.choose(referral=proposed, by=sender, moment=in_two_days, seen=proposed.joint_talk.pk, now=now)
    assert as_it_is(proposed).turn_on == before > in_two_days.date()


def test_nobody_hears_that_it_is_late_before_the_moment(planned, in_ten_days):
    clock.remind(now=at(datetime.date(2027, 2, 10), 9))  # long after the usual term
    assert not Reminder.objects.filter(kind="late").exists()
    clock.remind(now=at(datetime.date(2027, 2, 16), 9))
    assert Reminder.objects.filter(kind="late", turn_on=in_ten_days.date()).exists()


def test_her_timeline_says_when(planned, anneke):
    assert anneke.timeline.filter(text__startswith="Samen bellen afgesproken: maandag 15 februari 2027").exists()


def test_who_proposed_does_not_choose(proposed, receiver, receiver_colleague, in_two_days, now):
    for person in (receiver, receiver_colleague):
        with pytest.raises(Refused, match="voorstel kwam van jullie"):
            together.choose(referral=proposed, by=person, moment=in_two_days, seen=proposed.joint_talk.pk, now=now)


def test_only_what_was_proposed_and_still_comes_can_be_chosen(proposed, sender, in_two_days, now):
    seen = proposed.joint_talk.pk
    with pytest.raises(Refused, match="voorgestelde momenten"):
        together.choose(referral=proposed, by=sender, moment=in_two_days + MINUTE, seen=seen, now=now)
    with pytest.raises(Refused, match="voorgestelde momenten"):
        together.choose(referral=proposed, by=sender, moment=in_two_days, seen=seen, now=in_two_days)
    with pytest.raises(Refused, match="zijn voorbij"):
        together.choose(referral=proposed, by=sender, moment=in_two_days, seen=seen, now=now + 30 * DAY)


def test_a_choice_is_made_once_and_of_the_proposal_that_was_seen(proposed, sender, receiver, in_two_days, now):
    seen = proposed.joint_talk.pk
    together.propose(referral=proposed, by=receiver, moments=[in_two_days], seen=seen, now=now)
    with pytest.raises(Refused, match="ander voorstel"):
        together.choose(referral=proposed, by=sender, moment=in_two_days, seen=seen, now=now)
    seen = JointTalk.objects.get().pk
    together.choose(referral=proposed, by=sender, moment=in_two_days, seen=seen, now=now)
    with pytest.raises(Refused, match="al een moment gekozen"):
        together.choose(referral=proposed, by=sender, moment=in_two_days, seen=seen, now=now)
    with pytest.raises(Refused, match="Zeg die eerst af"):
        together.propose(referral=proposed, by=sender, moments=[in_two_days], seen=seen, now=now)


def test_by_phone_the_sender_notes_what_was_agreed(by_phone, sender, in_two_days, in_ten_days, now):
    with pytest.raises(Refused, match="momenten"):
        together.propose(referral=by_phone, by=sender, moments=[in_two_days, in_ten_days], now=now)
    together.propose(referral=by_phone, by=sender, moments=[in_ten_days], now=now)
    talk = JointTalk.objects.get()
    assert (talk.planned_for, talk.asked_side) == (in_ten_days, "sender")
    assert as_it_is(by_phone).turn_on == in_ten_days.date()
    assert "talk_propose" not in steps(by_phone)


# Taking back, calling off, and what came of it ----------------------------------------------------------------------


def test_only_who_proposed_takes_back(proposed, sender, receiver_colleague, now):
    with pytest.raises(Refused, match="van de andere kant"):
        together.take_back(referral=proposed, by=sender, now=now)
    together.take_back(referral=proposed, by=receiver_colleague, now=now)
    assert not JointTalk.objects.exists()
    with pytest.raises(Refused, match="geen voorstel meer"):
        together.take_back(referral=proposed, by=receiver_colleague, now=now)


@pytest.mark.parametrize("who", ["sender", "receiver"])
def test_either_side_calls_it_off_and_the_date_goes_back(planned, who, request, now):
    together.call_off(referral=planned, by=request.getfixturevalue(who), now=now + DAY)
    assert not JointTalk.objects.exists()
    assert as_it_is(planned).turn_on == datetime.date(2027, 2, 8)  # five working days after she was accepted


def test_who_calls_it_off_when_the_term_is_over_has_until_the_next_working_day(planned, receiver):
    friday = at(datetime.date(2027, 2, 12), 16)
    together.call_off(referral=planned, by=receiver, now=friday)
    assert as_it_is(planned).turn_on == datetime.date(2027, 2, 15)


def test_what_has_been_is_not_called_off_and_what_comes_was_not_missed(planned, receiver, in_ten_days):
    with pytest.raises(Refused, match="is geweest"):
        together.call_off(referral=planned, by=receiver, now=in_ten_days)
    with pytest.raises(Refused, match="komt nog"):
        together.note_not_held(referral=planned, by=receiver, why="verzet", now=in_ten_days - MINUTE)
    with pytest.raises(Refused, match="doorging"):
        together.propose(referral=planned, by=receiver, moments=[in_ten_days + DAY], now=in_ten_days)


def test_that_the_talk_was_held_is_the_contact(planned, receiver, sender, in_ten_days):
    with pytest.raises(Refused, match="andere kant"):
        actions.contact(referral=planned, by=sender, now=in_ten_days + MINUTE)
    actions.contact(referral=planned, by=receiver, now=in_ten_days + MINUTE)
    assert as_it_is(planned).state == State.IN_CONTACT
    assert not JointTalk.objects.exists()
    assert not OutboxMessage.objects.filter(context__calendar__cancelled=True).exists()


def test_that_she_did_not_answer_is_an_attempt_to_call_her(planned, receiver, in_ten_days):
    together.note_not_held(referral=planned, by=receiver, why="geen-gehoor", now=in_ten_days + DAY)
    attempt = CallAttempt.objects.get()
    assert (attempt.result, attempt.at, attempt.by) == ("niet-bereikt", in_ten_days, receiver.acting)
    assert as_it_is(planned).state == State.ACCEPTED
    assert as_it_is(planned).turn_on == add_working_days((in_ten_days + DAY).date(), 1)


def test_that_it_was_moved_is_not(planned, receiver, sender, in_ten_days):
    with pytest.raises(Refused, match="andere kant"):
        together.note_not_held(referral=planned, by=sender, why="verzet", now=in_ten_days + DAY)
    together.note_not_held(referral=planned, by=receiver, why="verzet", now=in_ten_days + DAY)
    assert not CallAttempt.objects.exists()
    assert not JointTalk.objects.exists()
    together.propose(referral=planned, by=sender, moments=[in_ten_days + 2 * DAY], now=in_ten_days + DAY)


def ended(state, referral, sender, receiver, now):
    """The referral comes to this state."""
    if state == State.DECLINED:
        actions.decline(referral=referral, by=receiver, reason="wil-niet", note="Zij wil het niet.", now=now)
    elif state == State.NOT_REACHED:
        for _ in range(3):
            actions.log_call(referral=referral, by=receiver, result="niet-bereikt", now=now)
        actions.give_up(referral=referral, by=receiver, now=now)
    elif state == State.WITHDRAWN:
        actions.withdraw(referral=referral, by=sender, now=now)
    else:
        actions.withdraw_all_consents(caregiver=referral.caregiver, by=sender, how="mondeling", now=now)


@pytest.mark.parametrize("state", [State.DECLINED, State.NOT_REACHED, State.WITHDRAWN, "consent"])
def test_with_every_end_of_the_referral_the_moment_is_off_for_both(planned, sender, receiver, state, now):
    OutboxMessage.objects.all().delete()
    ended(state, planned, sender, receiver, now)
    assert not JointTalk.objects.exists()
    cancelled = OutboxMessage.objects.filter(context__calendar__cancelled=True)
    assert sorted(cancelled.values_list("to", flat=True)) == [sender.email, receiver.email]


@pytest.mark.parametrize("state", [State.DECLINED, State.NOT_REACHED, State.WITHDRAWN, "consent"])
def test_so_is_a_proposal_and_there_is_nothing_to_take_out_of_a_calendar(proposed, sender, receiver, state, now):
    ended(state, proposed, sender, receiver, now)
    assert not JointTalk.objects.exists()
    assert not OutboxMessage.objects.filter(context__has_key="calendar").exists()


def test_what_she_took_back_with_her_code_ends_the_moment_by_the_clock(planned, now):
    planned.consent.withdrawn_at, planned.consent.withdrawn_how = now, "code"
    planned.consent.save(update_fields=["withdrawn_at", "withdrawn_how"])
    clock.lapse_consents(now=now)
    assert as_it_is(planned).state == State.WITHDRAWN
    assert not JointTalk.objects.exists()
    assert OutboxMessage.objects.filter(context__calendar__cancelled=True).count() == 2


def test_nothing_of_it_is_left_when_she_is_erased(planned, anneke, sender, now):
    actions.erase(caregiver=anneke, by=sender, now=now)
    assert not JointTalk.objects.exists()
    assert not Referral.objects.get(pk=planned.pk).events.exclude(note="").exists()
    assert not OutboxMessage.objects.filter(subject_id=anneke.pk).exists()


# What the database holds --------------------------------------------------------------------------------------------


def test_the_database_refuses_a_moment_that_nobody_proposed(proposed, in_two_days):
    with pytest.raises(ProgrammingError, match="the_moment_is_one_that_was_proposed"), transaction.atomic():
        JointTalk.objects.update(planned_for=in_two_days + MINUTE)


def test_the_database_refuses_a_second_proposal_and_a_fourth_moment(proposed, in_two_days):
    talk = JointTalk.objects.get()
    with pytest.raises(IntegrityError, match="one_to_three_moments_are_proposed"), transaction.atomic():
        JointTalk.objects.update(moments=[in_two_days + place * MINUTE for place in range(4)])
    talk.pk = None
    talk.id = proposed.pk
    with pytest.raises(IntegrityError, match="unique"), transaction.atomic():
        talk.save(force_insert=True)


def test_row_level_security_shows_it_to_both_sides_and_to_nobody_else(planned, sender, receiver, outsider, pom):
    for person, count in ((sender, 1), (receiver, 1), (outsider, 0), (pom, 0)):
        with principals.acting(principals.member(person)):
            assert JointTalk.objects.count() == count
    with principals.acting(principals.NOBODY):
        assert JointTalk.objects.count() == 0
    with principals.acting(principals.link(planned.pk)):
        assert JointTalk.objects.count() == 0  # this one is not answered by a link


def test_a_receiver_whose_consent_is_over_sees_no_moment(planned, receiver, now):
    planned.consent.valid_until = (timezone.now() - DAY).date()
    planned.consent.save(update_fields=["valid_until"])
    with principals.acting(principals.member(receiver)):
        assert JointTalk.objects.count() == 0


def test_each_step_reaches_the_rows_it_needs_as_the_receiver(accepted, receiver, sender, in_two_days, now):
    """Under row-level security, as on a page."""
    with principals.acting(principals.member(receiver)):
        together.propose(referral=accepted, by=receiver, moments=[in_two_days], now=now)
    seen = JointTalk.objects.get().pk
    with principals.acting(principals.member(sender)):
        together.propose(referral=accepted, by=sender, moments=[in_two_days], seen=seen, now=now)
    seen = JointTalk.objects.get().pk
    with principals.acting(principals.member(receiver)):
        together.choose(referral=accepted, by=receiver, moment=in_two_days, seen=seen, now=now)
        together.note_not_held(referral=accepted, by=receiver, why="geen-gehoor", now=in_two_days)
        together.propose(referral=accepted, by=receiver, moments=[in_two_days + DAY], now=in_two_days)
        together.take_back(referral=accepted, by=receiver, now=in_two_days)
    assert not JointTalk.objects.exists()


def test_a_caregiver_of_the_practice_is_no_part_of_it(accepted, sender, in_two_days, now):
    """The proposal of one referral leaves another alone."""
    other = make_referral(
        State.ACCEPTED,
        sender=sender,
        receiver=accepted.receiver.user,
        service=accepted.service,
        caregiver=make_caregiver(sender),
        warm_mode="samen-bellen",
        now=now,
    )
    together.propose(referral=accepted, by=sender, moments=[in_two_days], now=now)
    assert JointTalk.objects.of(other) is None

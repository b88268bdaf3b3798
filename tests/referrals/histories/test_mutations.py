"""For each promise a mistake that breaks it: some history has to turn red, and by that promise.

Where the database refuses the row itself, it is the name of its constraint that is looked for.
"""

import traceback
from collections import Counter
from collections.abc import Callable

import pytest

from accounts.models import Membership
from intake import actions as intake
from intake.models import Caregiver, Need
from referrals import actions, clock, moving
from referrals.models import Referral, ReferralEvent, ReferralNeed
from referrals.transitions import State
from tests.referrals.histories import promises
from tests.referrals.histories.history import Region
from tests.referrals.histories.test_histories import play

MOST = 60  # histories before a mistake counts as not seen


def the_turn_does_not_come_back(patch) -> None:
    patch.setattr(intake, "hand_turn_back", lambda **_: None)


def an_end_leaves_the_needs_in_it(patch) -> None:
    patch.setattr(moving, "_pass_turn_to_needs", lambda *_: None)


def it_ends_without_a_word(patch) -> None:
    move = moving.move

    def silent(referral, verb, **arguments):
        referral.feedback = referral.withdraw_reason = ""
        move(referral, verb, **arguments)

    patch.setattr("referrals.actions.move", silent)


def a_need_closes_by_nobody(patch) -> None:
    save = Need.save

    def forgetful(need, **arguments):
        if need.ended_at:
            need.ended_by = None
        save(need, **arguments)

    patch.setattr(Need, "save", forgetful)


def the_fixed_contact_is_a_stranger(patch) -> None:
    save = Caregiver.save

    def elsewhere(caregiver, **arguments):
        caregiver.fixed_contact = Membership.objects.exclude(organisation=caregiver.organisation_id).first()
        save(caregiver, **{**arguments, "update_fields": None})

    patch.setattr(Caregiver, "save", elsewhere)


def narrowing_takes_nothing_away(patch) -> None:
    def narrow(consent, taken, **_):
        consent.items = [item for item in consent.items if item not in taken]
        consent.save(update_fields=["items"])

    patch.setattr(actions, "_narrow", narrow)


def everything_is_shown_at_once(patch) -> None:
    stage_for = Referral.stage_for

    def generous(referral, user, *, now=None):
        found = stage_for(referral, user, now=now)
        return Referral.Stage.SHARED if found == Referral.Stage.MINIMUM else found

    patch.setattr(Referral, "stage_for", generous)


def a_word_is_kept(patch) -> None:
    create = ReferralEvent.objects.create
    patch.setattr(ReferralEvent.objects, "create", lambda **event: create(**{**event, "note": "Anneke"}))


def never(name: str) -> Callable:
    """A job of the clock that does not do what it is for."""

    def forget(patch) -> None:
        patch.setattr(clock, name, lambda **_: 0)

    forget.__name__ = f"the_clock_forgets_{name}"
    return forget


def what_a_leaver_had_is_hers(patch) -> None:
    managers = type(Membership.objects)
    patch.setattr(managers, "in_whose_place", lambda rows, user: rows.filter(pk=user.acting.pk))


def a_reminder_is_not_written_down(patch) -> None:
    patch.setattr(clock, "_remind", lambda **_: True)


def two_run_side_by_side(patch) -> None:
    patch.setattr(
        "referrals.models.referrals.Referral.is_open", property(lambda referral: referral.state == State.SENT)
    )


def nobody_looks_whether_one_runs(patch) -> None:
    """The key of the database is what says no; without the words for it that is an error."""
    patch.setattr(moving, "_doubled", lambda error: error)


def links_stay_open(patch) -> None:
    save = ReferralNeed.save
    patch.setattr(ReferralNeed, "save", lambda link, **arguments: None if not link.is_open else save(link, **arguments))


# By which promise it has to be seen; or what may be first: another promise, or a constraint of the database.
SEEN_BY = {
    the_turn_does_not_come_back: ("every_open_need_has_one_party_and_a_date", ""),
    an_end_leaves_the_needs_in_it: ("every_open_need_has_one_party_and_a_date", ""),
    links_stay_open: (
        "an_open_referral_has_a_turn_and_an_ended_one_gives_it_back",
        "every_open_need_has_one_party_and_a_date",
    ),
    two_run_side_by_side: ("an_open_referral_has_a_turn_and_an_ended_one_gives_it_back", ""),
    it_ends_without_a_word: ("an_ended_referral_says_how", "withdrawn_only_with_a_reason"),
    a_need_closes_by_nobody: ("a_closed_need_says_how_and_by_whom", "a_need_closes_only_with_how_it_ended"),
    the_fixed_contact_is_a_stranger: ("every_caregiver_has_one_fixed_contact_of_her_organisation", ""),
    nobody_looks_whether_one_runs: (
        "one_referral_runs_per_caregiver_and_service",
        "one_open_referral_per_caregiver_and_service",
    ),
    narrowing_takes_nothing_away: ("what_is_shared_was_agreed_to", ""),
    a_word_is_kept: ("who_keeps_no_file_keeps_nothing", ""),
    everything_is_shown_at_once: ("a_receiver_sees_no_more_than_the_stage_allows", ""),
    never("lapse_consents"): ("an_open_referral_rests_on_her_consent", ""),
    never("expire_due"): ("nobody_waits_for_an_answer_for_ever", ""),
    never("hand_turns"): ("a_turn_is_in_the_hands_of_who_is_there", ""),
    what_a_leaver_had_is_hers: ("somebody_sees_it_on_vandaag", ""),
    never("remind"): ("whoever_is_late_is_told", ""),
    a_reminder_is_not_written_down: ("the clock did something twice", ""),
    never("tell_of_failed_mail"): ("mail_that_did_not_arrive_is_never_silent", ""),
}


def test_every_promise_has_a_mistake_that_breaks_it():
    assert {promise.__name__ for promise in promises.PROMISES} <= {promise for promise, _ in SEEN_BY.values()}


@pytest.mark.django_db
@pytest.mark.parametrize("mistake", SEEN_BY, ids=lambda mistake: mistake.__name__)
def test_a_broken_promise_turns_a_history_red(mistake, monkeypatch):
    region = Region()
    mistake(monkeypatch)
    promise, first = SEEN_BY[mistake]
    for seed in range(MOST):
        try:
            play(region, seed, Counter())
        except Exception as error:
            said = "".join(traceback.format_exception(error))
            if promise not in said and not (first and first in said):
                raise  # it turned red by something else
            return
    pytest.fail(f"{MOST} histories saw nothing of it")

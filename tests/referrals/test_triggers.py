"""What no verb does, the database refuses: to raw SQL, to a bulk update, and to whoever asks it to look away."""

import itertools

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from intake.models import Consent
from referrals import actions
from referrals.models import Referral, ReferralEvent
from referrals.transitions import TRANSITIONS, State, steps
from tests.factories import make_caregiver, make_referral, make_service

PAIRS = [(before, after) for before, after in itertools.product(State, State) if before != after]


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt)


@pytest.fixture
def sent(sender, service):
    return make_referral(State.SENT, sender=sender, service=service)


def refused(statement: str, *parameters) -> str:
    with pytest.raises(ProgrammingError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(refusal.value)


def test_the_steps_are_those_of_the_table():
    with_a_file, without = steps(), steps(without_file=True)
    for pairs in (with_a_file, without):
        assert len(pairs) == len(set(pairs))
    assert {*with_a_file, *without} == {(source, one.target) for one in TRANSITIONS for source in one.sources}
    assert (State.ACCEPTED, State.COMPLETED) in set(without) - set(with_a_file)
    assert (State.COMPLETED, State.ACCEPTED) in set(with_a_file) - set(without)


@pytest.mark.parametrize("without_file", [False, True])
def test_every_step_that_is_not_in_the_table_is_refused(sender, receiver, steunpunt, without_file):
    """Constraints of the row come after the trigger: what they say of the other pairs is not asked here."""
    service = make_service(steunpunt, zonder_dossier=without_file)
    states = [state for state in State if not (without_file and state == State.IN_CONTACT)]  # for them there is no such
    referrals = {state: make_referral(state, sender=sender, receiver=receiver, service=service) for state in states}
    pairs = [(before, after) for before, after in PAIRS if before in states]
    answers = {(before, after): what_happens(referrals[before].pk, after) for before, after in pairs}
    assert len(answers) == 8 * len(states)
    allowed = {pair for pair in steps(without_file=without_file) if pair[0] in states}
    assert {pair for pair, answer in answers.items() if "Invalid transition" not in answer} == allowed


def what_happens(pk, state: str) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE referrals_referral SET state = %s WHERE id = %s", [state, pk])
            transaction.set_rollback(True)
    except (ProgrammingError, IntegrityError) as refusal:
        return str(refusal)
    return "done"


def test_a_bulk_update_follows_the_table_too(sent):
    with pytest.raises(ProgrammingError, match="Invalid transition"), transaction.atomic():
        Referral.objects.filter(pk=sent.pk).update(state=State.COMPLETED)


def test_asking_the_trigger_to_look_away_does_not_help(sent):
    name = next(iter(Referral._meta.triggers)).get_pgid(Referral)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + name + "}"])
    assert "Invalid transition" in refused("UPDATE referrals_referral SET state = 'completed' WHERE id = %s", sent.pk)


def test_a_referral_begins_as_a_draft_and_is_kept_once_sent(sender, service, sent):
    draft = make_referral(State.CONCEPT, sender=sender, service=service, caregiver=make_caregiver(sender))
    copy = Referral.objects.get(pk=sent.pk)
    copy.pk, copy.number = None, "BBBB-BBBB"
    with pytest.raises(ProgrammingError, match="Cannot insert"), transaction.atomic():
        Referral.objects.bulk_create([copy])
    assert "Cannot delete" in refused("DELETE FROM referrals_referral WHERE id = %s", sent.pk)
    actions.discard_draft(referral=draft, by=sender)
    assert not Referral.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("column", ["at", "turn_on"])
def test_a_step_of_the_history_stays_as_it_was(sent, column):
    refused(f"UPDATE referrals_referralevent SET {column} = now() + interval '40 days'")
    refused("UPDATE referrals_referralevent SET verb = 'accept'")
    refused("UPDATE referrals_referralevent SET note = 'anders'")
    refused("DELETE FROM referrals_referralevent")
    ReferralEvent.objects.filter(referral=sent).update(note="")


def test_what_she_agreed_to_only_becomes_less(sent, sender):
    consent = sent.consent
    refused("UPDATE intake_consentwords SET text = 'Zij vindt alles goed' WHERE consent_id = %s", consent.pk)
    refused("UPDATE intake_consentwords SET guardian_note = 'anders' WHERE consent_id = %s", consent.pk)
    refused("UPDATE intake_consent SET items = items || '{postcode}' WHERE id = %s", consent.pk)
    Consent.objects.filter(pk=consent.pk).update(valid_until="2030-01-01")
    refused("UPDATE intake_consent SET valid_until = '2031-01-01' WHERE id = %s", consent.pk)
    refused("UPDATE intake_consent SET valid_until = NULL WHERE id = %s", consent.pk)
    refused("UPDATE intake_consent SET given_at = now() + interval '1 day' WHERE id = %s", consent.pk)
    actions.narrow_consent(consent=consent, by=sender, items=["naam", "telefoon"])
    assert Consent.objects.get(pk=consent.pk).items == ["naam", "telefoon"]


def test_a_withdrawal_cannot_be_undone(sent, sender):
    actions.withdraw_consent(consent=sent.consent, by=sender, how="mondeling", now=timezone.now())
    refused(
        "UPDATE intake_consent SET withdrawn_at = NULL, withdrawn_how = '', withdrawn_by_id = NULL WHERE id = %s",
        sent.consent_id,
    )
    refused("UPDATE intake_consent SET withdrawn_how = 'einddatum' WHERE id = %s", sent.consent_id)


def test_erasing_her_goes_past_none_of_it(sent, sender):
    actions.erase(caregiver=sent.caregiver, by=sender)
    assert set(ReferralEvent.objects.filter(referral=sent).values_list("note", flat=True)) == {""}
    assert not Consent.objects.exists()

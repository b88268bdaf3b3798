"""The database itself refuses rows that break a promise, whatever code wrote them."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone

from intake.models import Consent, ConsentWords, Need
from mantelzorg.ids import uuid7
from referrals.models import Referral, ReferralNeed, SharedItem
from referrals.transitions import State
from tests.factories import make_caregiver, make_need, make_organisation, make_referral, make_service


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt)


@pytest.fixture
def referral_in(sender, receiver, service):
    return lambda state, **fields: make_referral(state, sender=sender, receiver=receiver, service=service, **fields)


def refused(name, rows, **values):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows.update(**values)


def rows_of(thing):
    return type(thing).objects.filter(pk=thing.pk)


def test_an_open_need_keeps_a_turn_and_a_date(sender):
    need = rows_of(make_need(make_caregiver(sender), sender))
    refused("an_open_need_has_a_turn_and_a_date", need, turn_on=None)
    refused("turn", need, turn_organisation=None)
    refused("without_a_referral_it_is_the_owners_turn", need, turn_member=None)


def test_a_need_outside_a_referral_is_never_another_organisations_turn(sender):
    need = rows_of(make_need(make_caregiver(sender), sender))
    refused("without_a_referral_it_is_the_owners_turn", need, turn_organisation=make_organisation())


def test_a_need_closes_only_with_how_it_ended(sender):
    need = rows_of(make_need(make_caregiver(sender), sender))
    now = timezone.now()
    refused("a_need_closes_only_with_how_it_ended", need, ended_at=now)
    refused("a_need_closes_only_with_how_it_ended", need, ending="geholpen")
    closed = {"turn_organisation": None, "turn_member": None, "turn_on": None, "ended_by": sender.acting}
    refused("a_need_closes_only_with_how_it_ended", need, ended_at=now, ending="zomaar", **closed)
    assert need.update(ended_at=now, ending="geholpen", **closed) == 1


def test_a_caregiver_always_has_a_fixed_contact_person_and_a_steward(sender):
    caregiver = rows_of(make_caregiver(sender))
    refused("fixed_contact_id", caregiver, fixed_contact=None)
    refused("organisation_id", caregiver, organisation=None)


def test_a_phase_belongs_to_dementia_and_how_heavy_to_a_day(sender):
    caregiver = rows_of(make_caregiver(sender, situation_kind="ouderdom"))
    refused("a_phase_belongs_to_dementia", caregiver, phase="diagnose")
    refused("how_heavy_is_from_0_to_10", caregiver, burden=11, burden_on=timezone.localdate())
    refused("how_heavy_has_a_day", caregiver, burden=5)


@pytest.mark.parametrize("state", [State.SENT, State.ACCEPTED, State.IN_CONTACT])
def test_an_open_referral_keeps_a_turn_and_a_date(state, referral_in, sender):
    referral = rows_of(referral_in(state))
    refused("an_open_referral_has_a_turn_and_a_date", referral, turn_on=None)
    refused("turn", referral, turn_organisation=None)
    refused("the_channel_says_whose_turn_it_is", referral, turn_organisation=sender.organisation)
    refused("an_open_referral_has_a_turn_and_a_date", referral, caregiver=None)


def test_by_phone_the_turn_stays_with_the_sender(sender):
    service = make_service(make_organisation(uses_portal=False))
    referral = make_referral(sender=sender, service=service)
    assert referral.turn_organisation == sender.organisation
    refused("the_channel_says_whose_turn_it_is", rows_of(referral), turn_organisation=service.organisation)


@pytest.mark.parametrize("state", [State.COMPLETED, State.DECLINED, State.EXPIRED, State.NOT_REACHED, State.WITHDRAWN])
def test_an_ended_referral_has_an_end_and_no_turn(state, referral_in, sender):
    referral = rows_of(referral_in(state))
    refused("an_ended_referral_has_an_end", referral, ended_at=None)
    refused("an_open_referral_has_a_turn_and_a_date", referral, turn_on=timezone.localdate())


def test_nothing_is_sent_without_consent_and_reading_aloud(referral_in):
    refused("nothing_is_sent_without_consent", rows_of(referral_in(State.SENT)), consent=None)
    refused("nothing_is_sent_without_consent", rows_of(referral_in(State.ACCEPTED)), handover_read=False)
    draft = rows_of(referral_in(State.CONCEPT))
    refused("an_open_referral_has_a_turn_and_a_date|nothing_is_sent", draft, state=State.SENT)


def test_an_answer_says_something(referral_in):
    refused("completed_only_with_feedback", rows_of(referral_in(State.COMPLETED)), feedback="")
    declined = rows_of(referral_in(State.DECLINED))
    refused("declined_only_with_a_reason_and_a_sentence", declined, decline_reason="")
    refused("declined_only_with_a_reason_and_a_sentence", declined, decline_note="")
    refused("better_elsewhere_names_where", declined, decline_reason="elders")
    refused("withdrawn_only_with_a_reason", rows_of(referral_in(State.WITHDRAWN)), withdraw_reason="")
    refused("somebody_accepted_it_by_name", rows_of(referral_in(State.ACCEPTED)), receiver=None)


def test_one_open_referral_per_caregiver_and_service(referral_in, sender):
    first = referral_in(State.SENT)
    other = referral_in(State.SENT)
    refused("one_open_referral_per_caregiver_and_service", rows_of(other), caregiver=first.caregiver)


def test_a_need_is_in_one_open_referral_at_a_time(referral_in, sender):
    first, ended = referral_in(State.SENT), referral_in(State.DECLINED)
    need = first.referral_needs.get().need
    link = ReferralNeed.objects.filter(referral=ended)
    assert link.update(need=need) == 1  # it may have been in another that ended
    refused("a_need_is_in_one_open_referral_at_a_time", link, is_open=True)


def test_what_is_shared_has_a_consent_and_is_shared_once(referral_in):
    items = SharedItem.objects.filter(referral=referral_in(State.ACCEPTED))
    refused("consent_id", items, consent=None)
    refused("an_item_is_shared_once_per_referral", items, item="naam")


def test_a_consent_names_known_items_and_keeps_its_text(referral_in):
    """What is wrong from the beginning; what may change later, tests/referrals/test_triggers.py says."""
    consent = Consent.objects.get(referrals=referral_in(State.SENT))
    refused("a_withdrawal_says_when_and_how", rows_of(consent), withdrawn_at=timezone.now())
    for name, values in (
        ("a_consent_names_what_may_be_shared", {"items": []}),
        ("a_consent_names_what_may_be_shared", {"items": ["diagnose"]}),
    ):
        row = {field.attname: getattr(consent, field.attname) for field in Consent._meta.fields}
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Consent.objects.create(**row | values | {"id": uuid7()})
    for name, values in (
        ("a_consent_keeps_the_text_as_read", {"text": ""}),
        ("without_a_guardian_there_is_a_reason", {"text": "Mag ik dit delen?", "guardian": "niet-gevraagd"}),
    ):
        without = {field.attname: getattr(consent, field.attname) for field in Consent._meta.fields}
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            ConsentWords.objects.create(consent=Consent.objects.create(**without | {"id": uuid7()}), **values)


def test_only_an_erased_referral_has_no_caregiver(referral_in):
    refused("only_an_erased_referral_has_no_caregiver", rows_of(referral_in(State.DECLINED)), caregiver=None)


def test_nobody_leaves_before_she_came(referral_in):
    involvement = referral_in(State.ACCEPTED).caregiver.involvements.all()
    refused("nobody_leaves_before_she_came", involvement, ended_on=F("since") - datetime.timedelta(days=1))


def test_a_caregiver_with_a_referral_is_never_simply_deleted(referral_in):
    caregiver = referral_in(State.SENT).caregiver
    with pytest.raises(ProtectedError):
        caregiver.delete()
    assert Need.objects.filter(caregiver=caregiver).exists()
    assert Referral.objects.filter(caregiver=caregiver).exists()

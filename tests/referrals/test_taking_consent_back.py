"""She tells the receiver that she takes her consent back: who knows her may note it, whoever keeps her record."""

import pytest

from intake.actions import give_withdrawal_code, withdraw_with_code
from intake.models import Consent, TimelineEvent
from mantelzorg.refusal import Refused
from referrals import actions
from referrals.linked.principal import ByLink
from referrals.models import Referral
from referrals.transitions import State
from tests.factories import make_caregiver, make_organisation, make_referral, make_service
from trail.models import AccessLogEntry, OutboxMessage


@pytest.fixture
def anneke(sender):
    return make_caregiver(sender, "Anneke Voorbeeld")


@pytest.fixture
def received(sender, receiver, steunpunt, anneke):
    return lambda state, **fields: make_referral(
        state,
        sender=sender,
        receiver=receiver,
        caregiver=anneke,
        service=fields.pop("service", None) or make_service(steunpunt),
        **fields,
    )


def again(referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.IN_CONTACT])
def test_the_receiver_notes_it_and_what_was_shared_is_gone(state, client_of, sender, receiver, received):
    referral = received(state)
    browser, address = client_of(receiver), f"/verwijzingen/{referral.pk}/toestemming-terug/"
    assert address in browser.get(f"/verwijzingen/{referral.pk}/").text
    assert "Kies hoe zij het liet weten." in browser.post(address, {}).text
    OutboxMessage.objects.all().delete()
    page = browser.post(address, {"how": "mondeling"}, follow=True).text
    assert "neem geen contact meer op" in page
    assert "Anneke" not in page
    referral = again(referral)
    assert (referral.state, referral.withdraw_reason) == (State.WITHDRAWN, "toestemming")
    assert (referral.consent.withdrawn_how, referral.consent.withdrawn_by) == ("mondeling", receiver.acting)
    assert not referral.shared_items.exists()
    need = referral.referral_needs.get().need
    assert (need.on_referral, need.turn_member) == (False, sender.acting)
    assert OutboxMessage.objects.filter(to=sender.email).count() == 1
    assert "ingetrokken" in client_of(sender).get(f"/mantelzorgers/{referral.caregiver_id}/tijdlijn/").text
    row = AccessLogEntry.objects.get(event="consent_withdraw")
    assert (row.user_id, row.relation, row.organisation_id) == (receiver.pk, "referral", receiver.organisation_id)


def test_after_completion_she_may_say_it_there_too_and_the_referral_stays_completed(client_of, receiver, received):
    referral = received(State.COMPLETED)
    client_of(receiver).post(f"/verwijzingen/{referral.pk}/toestemming-terug/", {"how": "schriftelijk"})
    referral = again(referral)
    assert (referral.state, referral.consent.withdrawn_how) == (State.COMPLETED, "schriftelijk")
    assert not referral.shared_items.exists()


def test_all_she_shares_with_this_receiver_ends_and_nothing_elsewhere(sender, receiver, received, ggz_team, anneke):
    first, second = received(State.ACCEPTED), received(State.SENT)
    elsewhere = make_referral(State.SENT, sender=sender, caregiver=anneke, service=make_service(ggz_team))
    actions.take_consent_back(referral=first, by=receiver, how="mondeling")
    assert [again(one).state for one in (first, second, elsewhere)] == [State.WITHDRAWN, State.WITHDRAWN, State.SENT]
    assert Consent.objects.filter(withdrawn_at=None).get() == again(elsewhere).consent
    assert TimelineEvent.objects.filter(caregiver=anneke, text__contains="zij zei het daar").count() == 1


@pytest.mark.parametrize("state", [State.SENT, State.DECLINED, State.WITHDRAWN, State.NOT_REACHED])
def test_who_sees_nothing_of_her_has_nothing_to_take_back(state, client_of, receiver, received):
    referral = received(state)
    before = again(referral).state
    answer = client_of(receiver).post(f"/verwijzingen/{referral.pk}/toestemming-terug/", {"how": "mondeling"})
    assert "Zij deelt via deze verwijzing niets meer met jullie." in answer.text
    assert again(referral).state == before


def test_a_stranger_finds_nothing_and_the_sender_has_her_own_page(client_of, sender, outsider, received):
    referral = received(State.ACCEPTED)
    address = f"/verwijzingen/{referral.pk}/toestemming-terug/"
    assert client_of(outsider).post(address, {"how": "mondeling"}).status_code == 404
    with pytest.raises(Refused):
        actions.take_consent_back(referral=referral, by=sender, how="mondeling")
    assert again(referral).state == State.ACCEPTED


def test_pressed_twice_it_is_done_once(client_of, receiver, received):
    referral = received(State.ACCEPTED)
    browser = client_of(receiver)
    for _ in range(2):
        page = browser.post(f"/verwijzingen/{referral.pk}/toestemming-terug/", {"how": "mondeling"}, follow=True).text
        assert "De toestemming is ingetrokken." in page
    assert again(referral).events.filter(verb="withdraw").count() == 1


def test_behind_a_link_it_can_be_noted_too(sender, anneke):
    brug = make_organisation("De Brug", uses_portal=False, answers_by_link=True, email="post@brug.example")
    referral = make_referral(State.SENT, sender=sender, caregiver=anneke, service=make_service(brug))
    by = ByLink.of(referral.receiver_links.get())
    actions.accept(referral=referral, by=by, name="Gerda de Wit")
    actions.take_consent_back(referral=referral, by=by, how="mondeling")
    assert again(referral).state == State.WITHDRAWN


def test_only_who_keeps_her_record_takes_back_all_of_it_even_when_her_code_did_so_before(sender, receiver, received):
    referral = received(State.ACCEPTED)
    withdraw_with_code(give_withdrawal_code(caregiver=referral.caregiver, by=sender))
    with pytest.raises(Refused):
        actions.withdraw_all_consents(caregiver=referral.caregiver, by=receiver, how="mondeling")
    assert again(referral).state == State.ACCEPTED
    actions.withdraw_all_consents(caregiver=referral.caregiver, by=sender, how="mondeling")
    assert again(referral).state == State.WITHDRAWN

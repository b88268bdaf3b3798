"""The pages of referrals: who reads how much of one, what each can do with it, and what happens to what was typed."""

import datetime
import re
import uuid

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from intake import actions as intake
from intake.consent_text import consent_text
from intake.models import Caregiver, Consent, Need
from referrals import actions
from referrals.models import Referral
from referrals.transitions import State
from tests.factories import (
    AGREED,
    make_caregiver,
    make_need,
    make_organisation,
    make_referral,
    make_service,
)
from trail.actions import send_next
from trail.models import AccessLogEntry

EVERYTHING = {
    **AGREED,
    "items": ["naam", "telefoon", "postcode", "zorgt-voor", "situatie", "eigen-woorden", "overdracht"],
}
HANDOVER = "Zij zorgt dag en nacht voor haar man en wil met iemand praten."


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt, "Gesprek bij het steunpunt")


@pytest.fixture
def anneke(sender):
    return make_caregiver(sender, "Anneke Voorbeeld", phone="06 55507788", safe_moment="na 10 uur")


@pytest.fixture
def need(anneke, sender):
    return make_need(anneke, sender, words="Ik slaap slecht.")


@pytest.fixture
def referral_in(sender, receiver, service, anneke, need):
    """Anneke's referral to the steunpunt, in a state."""
    return lambda state, **fields: make_referral(
        state,
        **{"sender": sender, "receiver": receiver, "service": service, "caregiver": anneke, "needs": [need], **fields},
    )


@pytest.fixture
def by_phone(db):
    return make_service(make_organisation("Stichting De Brug", uses_portal=False, phone="075 999 88 77"), "Maatje")


def page_of(client, referral) -> str:
    response = client.get(f"/verwijzingen/{referral.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def post(client, name: str, thing, /, **data):
    return client.post(reverse(name, args=[thing.pk]), data)


def again(referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


# How much of it who may read ----------------------------------------------------------------------------------------


def test_before_acceptance_the_receiver_reads_what_is_needed_to_choose(client_of, receiver, referral_in):
    page = page_of(client_of(receiver), referral_in(State.SENT, agreed=EVERYTHING))
    for minimum in ("Gesprek met mantelzorgconsulent", "Zaanstad", "Petra de Boer", "075 123 45 01", "ontvanger belt"):
        assert minimum in page
    for more in ("Anneke", "5550", "1506", "slaap", HANDOVER, "na 10 uur", "dementie"):
        assert more not in page


def test_from_acceptance_on_the_receiver_reads_what_she_shares_and_no_more(client_of, receiver, referral_in):
    page = page_of(client_of(receiver), referral_in(State.ACCEPTED))
    for shared in ("Anneke Voorbeeld", "06 55507788", "na 10 uur", "Ik slaap slecht.", HANDOVER):
        assert shared in page
    assert "1506" not in page  # not agreed
    assert 'href="tel:0655507788"' in page
    assert "Trek de toestemming in" not in page


def test_the_receiver_reads_the_copy_of_that_day_and_not_the_record(client_of, sender, receiver, anneke, referral_in):
    referral = referral_in(State.ACCEPTED)
    intake.change_caregiver(caregiver=anneke, by=sender, name="Anneke Anders")
    assert "Anneke Anders" not in page_of(client_of(receiver), referral)
    assert "Anneke Anders" in page_of(client_of(sender), referral)


def test_an_item_she_takes_back_is_gone_on_the_next_look(client_of, sender, receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    client = client_of(receiver)
    assert HANDOVER in page_of(client, referral)
    actions.narrow_consent(consent=referral.consent, items=["telefoon"], by=sender)
    page = page_of(client, referral)
    assert HANDOVER not in page
    assert "Anneke" not in page
    assert "06 55507788" in page


def test_after_withdrawal_only_a_stub_is_left_that_says_to_stop(client_of, receiver, referral_in):
    referral = referral_in(State.WITHDRAWN)
    page = page_of(client_of(receiver), referral)
    assert "Ingetrokken, neem geen contact meer op" in page
    assert referral.number in page
    for gone in ("Anneke", "5550", HANDOVER, "Gesprek met mantelzorgconsulent", "Gesprek bij het steunpunt", "bedacht"):
        assert gone not in page
    assert "<form method" not in page.split("<main")[1]


def test_when_her_consent_has_ended_nothing_is_left_to_see_or_to_do(client_of, receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    Consent.objects.update(valid_until=timezone.localdate() - datetime.timedelta(days=1))
    client = client_of(receiver)
    page = page_of(client, referral)
    assert "Ingetrokken, neem geen contact meer op" in page
    assert "Anneke" not in page
    response = post(client, "referral_contact", referral)
    assert "De toestemming geldt niet meer" in response.content.decode()
    assert again(referral).state == State.ACCEPTED


@pytest.mark.parametrize("state", [State.DECLINED, State.NOT_REACHED, State.EXPIRED])
def test_any_other_end_leaves_the_receiver_a_stub_too(client_of, receiver, referral_in, state):
    page = page_of(client_of(receiver), referral_in(state))
    assert "Wat er te zien blijft" in page
    assert "Anneke" not in page


def test_thirty_days_after_completion_the_receiver_sees_a_stub_and_the_sender_everything(
    client_of, sender, receiver, referral_in
):
    fresh = referral_in(State.COMPLETED)
    assert "Anneke" in page_of(client_of(receiver), fresh)
    Referral.objects.update(ended_at=timezone.now() - datetime.timedelta(days=31))
    assert "Anneke" not in page_of(client_of(receiver), fresh)
    assert "Anneke" in page_of(client_of(sender), fresh)


def test_the_sender_reads_everything_her_colleague_too(client_of, sender, colleague, referral_in):
    referral = referral_in(State.COMPLETED)
    for person in (sender, colleague):
        page = page_of(client_of(person), referral)
        for line in ("Anneke Voorbeeld", "Ik slaap slecht.", HANDOVER, "Wij spraken haar.", "De ondersteuning is"):
            assert line in page


def test_the_sender_reads_why_she_was_declined_and_what_she_can_do_now(client_of, sender, need, referral_in):
    referral = referral_in(State.DECLINED)
    page = page_of(client_of(sender), referral)
    assert "wees de verwijzing af: er is geen plek" in page
    assert "Wij zijn vol." in page
    assert f"/mantelzorgers/{referral.caregiver_id}/verwijzen/?vraag={need.pk}" in page
    assert f"/hulpvragen/{need.pk}/plannen/" in page
    assert f"/hulpvragen/{need.pk}/afsluiten/" in page


def test_a_need_that_runs_elsewhere_by_now_offers_no_second_choice(client_of, sender, need, referral_in, by_phone):
    referral = referral_in(State.DECLINED)
    make_referral(sender=sender, service=by_phone, caregiver=need.caregiver, needs=[Need.objects.get(pk=need.pk)])
    page = page_of(client_of(sender), referral)
    assert "Loopt nu via een andere verwijzing." in page
    assert f"/hulpvragen/{need.pk}/plannen/" not in page


def test_the_title_names_the_number_and_nobody(client_of, sender, referral_in):
    referral = referral_in(State.SENT)
    title = re.search(r"<title>(.*?)</title>", page_of(client_of(sender), referral))[1]
    assert title == f"Verwijzing {referral.number} – Mantelzorgportaal"


def test_a_draft_is_shown_on_its_own_page_to_its_maker_and_exists_for_nobody_else(
    client_of, sender, colleague, receiver, referral_in
):
    draft = referral_in(State.CONCEPT)
    address = f"/verwijzingen/{draft.pk}/"
    assert client_of(sender).get(address).headers["Location"] == f"/verwijzingen/{draft.pk}/bewerken/"
    for other in (colleague, receiver):
        assert client_of(other).get(address).status_code == 404


def test_what_is_left_after_erasing_opens_for_both_sides(client_of, sender, receiver, anneke, referral_in):
    referral = referral_in(State.COMPLETED)
    actions.erase(caregiver=anneke, by=sender)
    for person in (sender, receiver):
        page = page_of(client_of(person), referral)
        assert "Anneke" not in page
        assert referral.number in page


def test_a_reopened_referral_tells_why_and_what_was_said_before(client_of, sender, receiver, referral_in):
    referral = referral_in(State.COMPLETED)
    actions.reopen(referral=referral, by=sender, note="Zij belde: het loopt weer vast.")
    for person in (sender, receiver):
        page = page_of(client_of(person), referral)
        assert "Opnieuw geopend: Zij belde: het loopt weer vast." in page
        assert "Wij spraken haar." in page


# Reading is logged --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "state", "relation", "sees_name"),
    [
        ("sender", State.SENT, "owner", True),
        ("receiver", State.SENT, "referral", False),
        ("receiver", State.ACCEPTED, "referral", True),
        ("receiver", State.WITHDRAWN, "referral", False),
    ],
)
def test_every_look_is_logged_with_what_was_shown(
    client_of, request, anneke, referral_in, person, state, relation, sees_name
):
    user = request.getfixturevalue(person)
    referral = referral_in(state)
    page_of(client_of(user), referral)
    row = AccessLogEntry.objects.get(event="view", user_id=user.pk)
    assert (row.object_id, row.subject_id, row.relation) == (str(referral.pk), anneke.pk, relation)
    assert row.consent_id == referral.consent_id
    assert ("name" in row.fields) == sees_name


# Strangers ----------------------------------------------------------------------------------------------------------

OF_A_REFERRAL = [
    "referral_detail",
    "referral_accept",
    "referral_decline",
    "referral_log_call",
    "referral_contact",
    "referral_give_up",
    "referral_complete",
    "referral_withdraw",
    "referral_reopen",
    "referral_add_need",
]
OF_A_NEED = ["need_close", "need_plan", "need_reopen"]
OF_A_CONSENT = ["consent_withdraw", "consent_narrow"]
OF_A_CAREGIVER = ["consent_withdraw_all", "caregiver_erase"]


@pytest.mark.parametrize("person", ["outsider", "beheerder", "logtoezicht", "coordinator", "functional_admin"])
def test_for_a_stranger_none_of_it_exists_and_the_attempt_is_logged(client_of, request, need, referral_in, person):
    stranger = request.getfixturevalue(person)
    referral = referral_in(State.SENT)
    client = client_of(stranger)
    addresses = [
        *[reverse(name, args=[referral.pk]) for name in OF_A_REFERRAL],
        *[reverse(name, args=[need.pk]) for name in OF_A_NEED],
        *[reverse(name, args=[referral.consent_id]) for name in OF_A_CONSENT],
        *[reverse(name, args=[referral.caregiver_id]) for name in OF_A_CAREGIVER],
    ]
    for address in addresses:
        assert client.get(address).status_code == 404
        if address != addresses[0]:
            assert client.post(address, {"how": "mondeling", "word": "wissen"}).status_code == 404
    denied = AccessLogEntry.objects.filter(user_id=stranger.pk, outcome="denied").count()
    assert denied == 2 * len(addresses) - 1
    assert again(referral).state == State.SENT
    assert Caregiver.objects.exists()


def test_the_receiver_reaches_neither_the_record_nor_the_consent(client_of, receiver, need, referral_in):
    referral = referral_in(State.ACCEPTED)
    client = client_of(receiver)
    for name, key in [
        *[(name, need.pk) for name in OF_A_NEED],
        *[(name, referral.consent_id) for name in OF_A_CONSENT],
        *[(name, referral.caregiver_id) for name in OF_A_CAREGIVER],
    ]:
        assert client.get(reverse(name, args=[key])).status_code == 404
        assert client.post(reverse(name, args=[key])).status_code == 404


def test_who_is_not_logged_in_is_sent_to_log_in(client, referral_in):
    response = client.get(f"/verwijzingen/{referral_in(State.SENT).pk}/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/account/login/")


# Answering ----------------------------------------------------------------------------------------------------------


def test_the_receiver_accepts_with_one_button_and_reads_her_name_next(client_of, receiver, referral_in):
    referral = referral_in(State.SENT)
    client = client_of(receiver)
    page = page_of(client, referral)
    assert "Ik neem haar aan" in page
    assert "Wijs de verwijzing af" in page
    response = post(client, "referral_accept", referral)
    assert response.headers["Location"] == f"/verwijzingen/{referral.pk}/"
    assert again(referral).receiver == receiver.acting
    page = page_of(client, referral)
    assert "Je hebt haar aangenomen" in page
    assert "Anneke Voorbeeld" in page


def test_an_answer_that_comes_second_says_so_and_changes_nothing(client_of, receiver, receiver_colleague, referral_in):
    referral = referral_in(State.SENT)
    post(client_of(receiver), "referral_accept", referral)
    response = post(client_of(receiver_colleague), "referral_accept", referral)
    assert response.status_code == 200
    assert "Dat kan nu niet: deze verwijzing is aangenomen. Er is niets veranderd." in response.content.decode()
    assert again(referral).receiver == receiver.acting


def test_pressing_the_same_button_twice_is_not_told_off(client_of, receiver, referral_in):
    referral = referral_in(State.SENT)
    client = client_of(receiver)
    post(client, "referral_accept", referral)
    assert post(client, "referral_accept", referral).status_code == 302
    assert again(referral).events.filter(verb="accept").count() == 1


def test_what_was_typed_comes_back_when_somebody_was_first(client_of, receiver, receiver_colleague, referral_in):
    referral = referral_in(State.IN_CONTACT)
    late = "Zij doet mee met de groep op donderdag. 🙂 שלום"
    answer = {"outcome_1": "gestart", "feedback": "Klaar."}
    post(client_of(receiver), "referral_complete", referral, **answer)
    response = post(client_of(receiver_colleague), "referral_complete", referral, **{**answer, "feedback": late})
    page = response.content.decode()
    assert "Dat kan nu niet: deze verwijzing is afgerond." in page
    assert "Dit had je getypt" in page
    assert late in page
    assert again(referral).feedback == "Klaar."


def test_declining_asks_for_a_reason_and_a_sentence_and_keeps_what_was_typed(client_of, receiver, referral_in):
    referral = referral_in(State.SENT)
    client = client_of(receiver)
    response = post(client, "referral_decline", referral, reason="elders", note="Bij jullie buren is plek.")
    page = response.content.decode()
    assert response.status_code == 200
    assert "<title>Fout: " in page
    assert "Bij jullie buren is plek." in page
    assert page.count("Schrijf op waar zij beter geholpen is.") == 2  # at the field and in the summary
    assert again(referral).state == State.SENT
    post(client, "referral_decline", referral, reason="elders", note="Bij jullie buren is plek.", elsewhere="De Brug")
    referral = again(referral)
    assert (referral.state, referral.elsewhere) == (State.DECLINED, "De Brug")


def test_reasons_that_need_her_name_are_offered_only_after_acceptance(client_of, receiver, referral_in):
    referral = referral_in(State.SENT)
    client = client_of(receiver)
    address = f"/verwijzingen/{referral.pk}/afwijzen/"
    assert "al-bekend" not in client.get(address).content.decode()
    actions.accept(referral=referral, by=receiver)
    assert "al-bekend" in client.get(address).content.decode()


def test_calls_are_counted_and_after_three_in_vain_it_can_be_given_back(client_of, receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    client = client_of(receiver)
    give_back = f"/verwijzingen/{referral.pk}/niet-bereikt/"
    for attempt in range(3):
        assert give_back not in page_of(client, referral)
        post(
            client,
            "referral_log_call",
            referral,
            result="niet-bereikt",
            note=f"poging {attempt}",
            form_key=uuid.uuid4(),
        )
    page = page_of(client, referral)
    assert give_back in page
    assert "poging 2" in page
    post(client, "referral_give_up", referral, note="Steeds voicemail.")
    assert again(referral).state == State.NOT_REACHED


def test_the_same_call_form_sent_twice_is_one_attempt(client_of, receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    client = client_of(receiver)
    key = re.search(r'name="form_key" value="([^"]+)"', page_of(client, referral))[1]
    for _ in range(2):
        assert post(client, "referral_log_call", referral, result="bericht", form_key=key).status_code == 302
    assert again(referral).call_attempts.count() == 1
    other = post(client, "referral_log_call", referral, result="niet-bereikt", note="Voicemail vol.", form_key=key)
    assert "al verstuurd" in other.content.decode()
    assert "Voicemail vol." in other.content.decode()
    fresh = other.context["form"]["form_key"].value()
    post(client, "referral_log_call", referral, result="niet-bereikt", note="Voicemail vol.", form_key=fresh)
    assert again(referral).call_attempts.count() == 2


def test_that_she_was_not_called_yet_is_noted_and_is_no_attempt(client_of, sender, referral_in, by_phone):
    """By phone: the sender asks whether she was called, and the organisation says no."""
    referral = referral_in(State.ACCEPTED, service=by_phone)
    client, on = client_of(sender), referral.turn_on
    assert "Nee, nog niet" in page_of(client, referral)
    for _ in range(3):
        post(client, "referral_log_call", referral, result="nog-niet", form_key=uuid.uuid4())
    assert "Nog niet gebeld" in page_of(client, referral)
    assert again(referral).call_attempts.count() == 3
    assert again(referral).turn_on == on  # it is late when it was late
    post(client, "referral_give_up", referral, note="Zij bellen niet.")
    assert again(referral).state == State.ACCEPTED


def test_closing_a_need_twice_says_what_happened(client_of, sender, colleague, need):
    for _ in range(2):
        assert post(client_of(sender), "need_close", need, ending="geholpen").status_code == 302
    page = post(client_of(colleague), "need_close", need, ending="niet-meer-gewenst", note="Zij belde af.")
    assert "al afgesloten: zij is geholpen" in page.content.decode()
    assert "Zij belde af." in page.content.decode()


def test_taking_consent_back_twice_says_what_happened(client_of, sender, referral_in):
    consent = referral_in(State.ACCEPTED).consent
    first = client_of(sender)
    for said in ("is ingetrokken", "was al ingetrokken"):
        response = first.post(reverse("consent_withdraw", args=[consent.pk]), {"how": "mondeling"}, follow=True)
        assert response.status_code == 200
        assert said in response.content.decode()


def test_giving_back_before_three_attempts_says_what_to_do_first(client_of, receiver, referral_in):
    response = post(client_of(receiver), "referral_give_up", referral_in(State.ACCEPTED))
    assert "Noteer eerst 3 pogingen om haar te bellen." in response.content.decode()


def test_a_call_cannot_be_in_the_future_or_before_acceptance(client_of, receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    client = client_of(receiver)
    for moment in ("2099-01-01T10:00", "2020-01-01T10:00", "gisteren"):
        response = post(client, "referral_log_call", referral, result="gesproken", at=moment)
        assert response.status_code == 200
        assert "<title>Fout: " in response.content.decode()
    assert again(referral).state == State.ACCEPTED


def test_reaching_her_is_the_contact(client_of, receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    post(client_of(receiver), "referral_log_call", referral, result="gesproken", form_key=uuid.uuid4())
    assert again(referral).state == State.IN_CONTACT


def test_contact_in_another_way_is_noted_too(client_of, receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    post(client_of(receiver), "referral_contact", referral)
    assert again(referral).state == State.IN_CONTACT


def test_without_feedback_it_is_not_completed_and_the_choice_is_kept(client_of, receiver, referral_in):
    referral = referral_in(State.IN_CONTACT)
    response = post(client_of(receiver), "referral_complete", referral, outcome_1="informatie", feedback="  ")
    page = response.content.decode()
    assert "Schrijf een terugkoppeling voor de afzender." in page
    assert re.search(r'value="informatie"[^>]*checked', page)
    assert again(referral).state == State.IN_CONTACT


def test_each_need_gets_its_own_outcome(client_of, sender, receiver, anneke, need, referral_in):
    second = make_need(anneke, sender, kind=None)
    referral = referral_in(State.IN_CONTACT, needs=[need, second])
    client = client_of(receiver)
    answer = {"outcome_1": "gestart", "outcome_2": "doorverwezen", "feedback": "Fijn gesprek."}
    response = post(client, "referral_complete", referral, **answer)
    assert "Schrijf op naar wie zij is doorverwezen." in response.content.decode()
    post(client, "referral_complete", referral, **answer, passed_on_to_2="De huisarts")
    outcomes = [(link.outcome, link.passed_on_to) for link in again(referral).referral_needs.order_by("pk")]
    assert outcomes == [("gestart", ""), ("doorverwezen", "De huisarts")]
    page = page_of(client_of(sender), referral)
    assert "Doorverwezen naar De huisarts" in page
    assert "Fijn gesprek." in page


def test_the_sender_takes_it_back_and_the_receiver_is_told_to_stop(client_of, sender, receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    client = client_of(sender)
    assert "neem geen contact meer op" in client.get(f"/verwijzingen/{referral.pk}/intrekken/").content.decode()
    post(client, "referral_withdraw", referral, note="Dubbel verstuurd.")
    assert "Dubbel verstuurd." in page_of(client, referral)
    assert "neem geen contact meer op" in page_of(client_of(receiver), referral)


def test_the_sender_opens_a_completed_referral_again_with_a_reason(client_of, sender, referral_in):
    referral = referral_in(State.COMPLETED)
    client = client_of(sender)
    assert "Schrijf op waarom" in post(client, "referral_reopen", referral).content.decode()
    post(client, "referral_reopen", referral, note="Het hield geen stand.")
    assert again(referral).state == State.ACCEPTED


def test_neither_side_is_offered_what_is_the_others(client_of, sender, receiver, referral_in):
    referral = referral_in(State.SENT)
    page = page_of(client_of(sender), referral)
    assert "Haal de verwijzing terug" in page
    assert "/aannemen/" not in page
    assert "/intrekken/" not in page_of(client_of(receiver), referral)
    response = post(client_of(sender), "referral_accept", referral)
    assert "Dat kan alleen de andere kant" in response.content.decode()
    assert again(referral).state == State.SENT


def test_a_get_changes_nothing(client_of, receiver, referral_in):
    referral = referral_in(State.SENT)
    client = client_of(receiver)
    for name in OF_A_REFERRAL:
        assert client.get(reverse(name, args=[referral.pk])).status_code == 200
    assert again(referral).state == State.SENT


# By phone -----------------------------------------------------------------------------------------------------------


def test_by_phone_the_sender_reads_whom_to_call_what_to_tell_and_notes_who_takes_her_on(
    client_of, sender, by_phone, referral_in
):
    referral = referral_in(State.SENT, service=by_phone)
    client = client_of(sender)
    page = page_of(client, referral)
    assert 'href="tel:0759998877"' in page
    told = page.split('id="vertellen"')[1].split("</section>")[0]
    assert "06 55507788" in told
    assert "1506" not in told
    response = post(client, "referral_accept", referral)
    assert "Schrijf op wie daar de verwijzing aanneemt." in response.content.decode()
    post(client, "referral_accept", referral, name="Mevrouw De Wit")
    page = page_of(client, referral)
    assert "Vraag Mevrouw De Wit van Stichting De Brug of zij is gebeld." in page
    post(client, "referral_log_call", referral, result="gesproken", form_key=uuid.uuid4())
    post(client, "referral_complete", referral, outcome_1="gestart", feedback="Zij heeft een maatje.")
    assert again(referral).state == State.COMPLETED


def test_by_phone_she_says_which_of_the_professions_there_took_it_on(client_of, sender, by_phone, referral_in):
    referral, client = referral_in(State.SENT, service=by_phone), client_of(sender)
    assert "Wat doet diegene?" not in page_of(client, referral)
    by_phone.professions.set(["huisarts", "poh-ggz"])
    assert "Wat doet diegene?" in page_of(client, referral)
    response = post(client, "referral_accept", referral, name="Mevrouw De Wit", profession="ergotherapeut")
    assert again(referral).state == State.SENT
    assert "Mevrouw De Wit" in response.content.decode()
    post(client, "referral_accept", referral, name="Mevrouw De Wit", profession="poh-ggz")
    assert referral.caregiver.involvements.get().profession_id == "poh-ggz"


def test_by_phone_whoever_takes_it_back_is_told_to_call_them(client_of, sender, by_phone, referral_in):
    referral = referral_in(State.ACCEPTED, service=by_phone)
    client = client_of(sender)
    assert "krijgen geen bericht" in client.get(f"/verwijzingen/{referral.pk}/intrekken/").content.decode()
    post(client, "referral_withdraw", referral)
    page = page_of(client, referral)
    assert "Bel Stichting De Brug en zeg dat zij geen contact meer met haar opnemen." in page
    assert 'href="tel:0759998877"' in page


# Adding a need ------------------------------------------------------------------------------------------------------


def test_a_need_is_added_with_consent_given_again(client_of, sender, receiver, anneke, referral_in):
    referral = referral_in(State.ACCEPTED)
    first = referral.consent_id
    extra = make_need(anneke, sender, kind=None, words="En wie regelt de post?")
    client = client_of(sender)
    address = f"/verwijzingen/{referral.pk}/vraag-toevoegen/"
    page = client.get(address).content.decode()
    assert "En wie regelt de post?" in page
    assert "Ik wil jou graag in contact brengen met Steunpunt Mantelzorg Zaanstad" in page
    answer = {"needs": extra.pk, "items": ["naam", "telefoon", "eigen-woorden"], "how_given": "mondeling"}
    response = client.post(address, answer)
    assert "Lees de tekst voor en vink aan dat zij akkoord is." in response.content.decode()
    shown = consent_text(receiver="Steunpunt Mantelzorg Zaanstad", items=answer["items"])
    client.post(address, {**answer, "agreed": "on", "shown": shown})
    referral = again(referral)
    assert referral.referral_needs.count() == 2
    assert referral.consent_id != first
    page = page_of(client_of(receiver), referral)
    assert "En wie regelt de post?" in page
    assert HANDOVER not in page  # not ticked this time


def test_without_another_open_need_the_page_says_what_to_do_first(client_of, sender, referral_in):
    page = client_of(sender).get(f"/verwijzingen/{referral_in(State.SENT).pk}/vraag-toevoegen/").content.decode()
    assert "Er is geen andere open hulpvraag" in page


def test_the_need_of_somebody_else_cannot_be_added(client_of, sender, referral_in):
    referral = referral_in(State.SENT)
    other = make_need(make_caregiver(sender, "Iemand Anders"), sender)
    response = client_of(sender).post(
        f"/verwijzingen/{referral.pk}/vraag-toevoegen/", {"needs": other.pk, "agreed": "on", **AGREED}
    )
    assert response.status_code == 200
    assert again(referral).referral_needs.count() == 1


# What becomes of a need ---------------------------------------------------------------------------------------------


def test_a_need_closes_with_how_it_ended(client_of, sender, need):
    client = client_of(sender)
    assert "Kies hoe het is afgelopen." in post(client, "need_close", need).content.decode()
    assert "Kies wat er ontbrak" in post(client, "need_close", need, ending="geen-aanbod", note="x").content.decode()
    response = post(client, "need_close", need, ending="geen-aanbod", missing="afstand", note="")
    assert response.content.decode().count("Schrijf op welk aanbod er ontbreekt.") == 2
    response = post(
        client, "need_close", need, ending="geen-aanbod", missing="afstand", note="Nachtopvang in de buurt."
    )
    assert response.headers["Location"] == f"/mantelzorgers/{need.caregiver_id}/"
    closed = Need.objects.without_offer().get()
    assert (closed.pk, closed.missing) == (need.pk, ["afstand"])


def test_a_need_taken_up_oneself_gets_a_date(client_of, sender, need):
    client = client_of(sender)
    day = timezone.localdate() + datetime.timedelta(days=9)
    response = post(client, "need_plan", need, note="Samen uitzoeken", on=day - datetime.timedelta(days=10))
    page = response.content.decode()
    assert "Kies een datum vanaf vandaag." in page
    assert "Samen uitzoeken" in page
    post(client, "need_plan", need, note="Samen uitzoeken", on=day)
    assert Need.objects.get(pk=need.pk).turn_on == day


def test_a_closed_need_is_opened_again(client_of, sender, need):
    intake.close_need(need=need, by=sender, ending="geholpen")
    client = client_of(sender)
    assert post(client, "need_close", need, ending="geholpen").status_code == 302
    post(client, "need_reopen", need)
    assert Need.objects.get(pk=need.pk).is_open


def test_a_need_that_a_referral_carries_is_not_closed_beside_it(client_of, sender, need, referral_in):
    referral_in(State.SENT)
    response = post(client_of(sender), "need_close", need, ending="geholpen")
    assert "Deze hulpvraag loopt nog via een verwijzing." in response.content.decode()
    assert Need.objects.get(pk=need.pk).is_open


def test_a_look_at_the_page_of_a_need_is_logged(client_of, sender, need):
    client_of(sender).get(f"/hulpvragen/{need.pk}/afsluiten/")
    assert AccessLogEntry.objects.get(event="view", user_id=sender.pk).subject_id == need.caregiver_id


# Taking back --------------------------------------------------------------------------------------------------------


def test_withdrawing_consent_says_first_what_will_stop_and_then_stops_it(client_of, sender, receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    client = client_of(sender)
    address = f"/toestemmingen/{referral.consent_id}/intrekken/"
    assert referral.number in client.get(address).content.decode()
    assert "Kies hoe zij het liet weten." in client.post(address).content.decode()
    client.post(address, {"how": "mondeling"})
    assert again(referral).state == State.WITHDRAWN
    assert "Anneke" not in page_of(client_of(receiver), referral)
    again_pressed = client.post(address, {"how": "mondeling"}, follow=True)
    assert "Deze toestemming was al ingetrokken." in again_pressed.content.decode()


def test_sharing_less_takes_the_items_away_and_the_referral_goes_on(client_of, sender, receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    client = client_of(sender)
    address = f"/toestemmingen/{referral.consent_id}/beperken/"
    assert client.get(address).content.decode().count(" checked") == 4
    assert "trek de toestemming dan in" in client.post(address).content.decode()
    client.post(address, {"items": ["naam", "telefoon"]})
    assert again(referral).state == State.ACCEPTED
    assert HANDOVER not in page_of(client_of(receiver), referral)


def test_all_consents_are_withdrawn_at_once(client_of, sender, anneke, by_phone, referral_in):
    one = referral_in(State.ACCEPTED)
    two = make_referral(sender=sender, service=by_phone, caregiver=anneke)
    client = client_of(sender)
    address = f"/mantelzorgers/{anneke.pk}/toestemmingen/intrekken/"
    page = client.get(address).content.decode()
    assert one.number in page
    assert two.number in page
    client.post(address, {"how": "schriftelijk"})
    assert {again(one).state, again(two).state} == {State.WITHDRAWN}
    assert "geen toestemming meer om in te trekken" in client.get(address).content.decode()


def test_erasing_asks_for_a_word_and_then_leaves_nothing(client_of, sender, anneke, referral_in):
    referral = referral_in(State.ACCEPTED)
    client = client_of(sender)
    address = f"/mantelzorgers/{anneke.pk}/wissen/"
    assert "Typ het woord wissen" in client.get(address).content.decode()
    assert "Typ het woord wissen, precies zo." in client.post(address, {"word": "weg"}).content.decode()
    assert Caregiver.objects.filter(pk=anneke.pk).exists()
    assert client.post(address, {"word": " Wissen "}).headers["Location"] == "/mantelzorgers/"
    assert not Caregiver.objects.filter(pk=anneke.pk).exists()
    assert again(referral).erased_at
    assert client.post(address, {"word": "wissen"}).status_code == 404


# The list -----------------------------------------------------------------------------------------------------------


def numbers(response) -> list[str]:
    return [line.number for line in response.context["lines"]]


def test_each_tab_shows_its_own(client_of, sender, receiver, anneke, referral_in, by_phone):
    sent = referral_in(State.SENT)
    phoned = make_referral(sender=sender, service=by_phone, caregiver=anneke)
    draft = make_referral(State.CONCEPT, sender=sender, service=by_phone)
    client = client_of(sender)
    tab = lambda client, which: set(numbers(client.get("/verwijzingen/", {"lijst": which})))  # noqa: E731
    assert tab(client, "aan-zet") == {phoned.number}
    assert tab(client, "verstuurd") == {sent.number, phoned.number}
    assert tab(client, "ontvangen") == set()
    assert tab(client, "concepten") == {draft.number}
    assert tab(client, "onzin") == {phoned.number}
    assert tab(client_of(receiver), "ontvangen") == {sent.number}
    assert tab(client_of(receiver), "concepten") == set()


def test_the_list_is_narrowed_by_state_and_by_whose_it_is(client_of, sender, colleague, receiver, service, referral_in):
    mine = referral_in(State.COMPLETED)
    hers = make_referral(sender=colleague, service=service)
    client = client_of(sender)

    def ask(**asked):
        return set(numbers(client.get("/verwijzingen/", {"lijst": "verstuurd", **asked})))

    assert ask() == {mine.number, hers.number}
    assert ask(stand="lopend") == {hers.number}
    assert ask(stand="klaar") == ask(stand="completed") == {mine.number}
    assert ask(van="mij") == {mine.number}
    assert ask(stand="declined") == set()
    assert ask(stand="concept") == {mine.number, hers.number}  # not a state that can be asked for


def test_a_row_names_her_only_to_who_may_know(client_of, sender, receiver, service, referral_in):
    referral_in(State.SENT)
    mine = client_of(sender).get("/verwijzingen/?lijst=verstuurd").content.decode()
    theirs = client_of(receiver).get("/verwijzingen/?lijst=ontvangen").content.decode()
    assert "Anneke Voorbeeld" in mine
    assert "Anneke" not in theirs
    assert "nog niet aangenomen" in theirs
    assert list(AccessLogEntry.objects.filter(event="search").values_list("user_id", flat=True)) == [sender.pk]


def test_a_stub_in_the_list_shows_no_more_than_its_page(client_of, receiver, referral_in):
    referral_in(State.WITHDRAWN)
    page = client_of(receiver).get("/verwijzingen/?lijst=ontvangen").content.decode()
    assert "niet meer zichtbaar" in page
    assert "Gesprek bij het steunpunt" not in page


def test_the_list_is_read_page_by_page_by_key(client_of, sender, service):
    for _ in range(23):
        make_referral(sender=sender, service=service)
    client = client_of(sender)
    first = client.get("/verwijzingen/?lijst=verstuurd")
    second = client.get(first.context["page"].next_url)
    assert len(numbers(first)) == 20
    assert len(set(numbers(first) + numbers(second))) == 23
    assert "lijst=verstuurd" in first.context["page"].next_url


def test_htmx_gets_the_results_alone(client_of, sender, referral_in):
    referral = referral_in(State.SENT)
    piece = client_of(sender, HTTP_HX_REQUEST="true").get("/verwijzingen/?lijst=verstuurd").content.decode()
    assert referral.number in piece
    assert "<html" not in piece


@pytest.mark.parametrize("which", ["aan-zet", "verstuurd", "ontvangen", "concepten"])
def test_every_empty_list_says_what_to_do_next(client_of, outsider, which):
    assert 'class="empty-state' in client_of(outsider).get("/verwijzingen/", {"lijst": which}).content.decode()


def queries(client, address: str) -> list[str]:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize("which", ["aan-zet", "ontvangen"])
def test_fifty_referrals_in_a_list_ask_as_many_queries_as_one(client_of, sender, receiver, service, which):
    def one_more():
        make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service)

    client, address = client_of(receiver), f"/verwijzingen/?lijst={which}"
    one_more()
    with_one = queries(client, address)
    for _ in range(49):
        one_more()
    with_fifty = queries(client, address)
    # session, user, her memberships, who is asking; the referrals with all a row shows; the log
    assert len(with_one) == len(with_fifty) == 6
    assert not [sql for sql in with_fifty if "OFFSET" in sql or "COUNT(" in sql]
    assert len(client.get(address).content) <= 15_000


def test_the_page_of_a_referral_asks_a_fixed_number_of_queries(client_of, sender, receiver, anneke, referral_in):
    def count(referral):
        return [len(queries(client_of(person), f"/verwijzingen/{referral.pk}/")) for person in (sender, receiver)]

    short = referral_in(State.ACCEPTED)
    few = count(short)
    extra = [make_need(anneke, sender, kind=None) for _ in range(5)]
    for need in extra:
        actions.add_need(referral=short, need=need, by=sender, items=AGREED["items"], how_given="mondeling")
    for _ in range(5):
        actions.log_call(referral=again(short), by=receiver, result="niet-bereikt")
    # session, user, her memberships; the referral; its needs, items, groups, calls, events; the log;
    # for whoever may give it back also how often she was called in vain
    assert count(short) == few == [11, 12]


# The mail -----------------------------------------------------------------------------------------------------------


def test_the_mail_is_a_line_and_a_link_and_names_nobody(db, steunpunt, referral_in, settings):
    steunpunt.email = "info@steunpunt.example"
    steunpunt.save()
    settings.PUBLIC_URL = "https://portaal.example"
    referral = referral_in(State.SENT)
    send_next(now=timezone.now())
    (message,) = mail.outbox
    assert message.subject == "Mantelzorgportaal: er is nieuws voor je"
    html = message.alternatives[0].content
    for text in (message.body, html):
        assert "Er staat een nieuwe verwijzing voor jullie klaar." in text
        assert referral.number in text
        assert f"https://portaal.example/verwijzingen/{referral.pk}/" in text
        for personal in ("Anneke", "Petra", "Gesprek", "Zaanstad"):
            assert personal not in text

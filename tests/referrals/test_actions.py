"""What each verb leaves behind: events, mail, log, shared items, turns; and what it refuses, in words."""

import datetime

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from intake import actions as intake
from intake.models import Caregiver, Consent, Need, NeedEnding, TimelineEvent
from mantelzorg.refusal import Refused
from referrals import actions, clock
from referrals.models import Referral
from referrals.transitions import State
from tests.factories import (
    AGREED,
    all_outcomes,
    make_caregiver,
    make_need,
    make_organisation,
    make_referral,
    make_service,
)
from trail.models import AccessLogEntry, OutboxMessage

FRIDAY = datetime.datetime(2026, 3, 27, 9, tzinfo=datetime.UTC)


@pytest.fixture
def service(steunpunt):
    steunpunt.email = "info@steunpunt.example"
    steunpunt.save()
    return make_service(steunpunt, "Gesprek bij het steunpunt")


@pytest.fixture
def referral_in(sender, receiver, service):
    return lambda state, **fields: make_referral(state, sender=sender, receiver=receiver, service=service, **fields)


# Sending ------------------------------------------------------------------------------------------------------------


def test_sending_freezes_what_she_agreed_to_share_and_nothing_more(sender, service):
    caregiver = make_caregiver(sender, "Anneke Voorbeeld", postcode="1506 AB", safe_moment="na 10 uur")
    referral = make_referral(sender=sender, service=service, caregiver=caregiver)
    intake.change_caregiver(caregiver=caregiver, by=sender, phone="06 55509999")
    shared = dict(referral.shared_items.values_list("item", "value"))
    assert shared["naam"] == "Anneke Voorbeeld"
    assert shared["telefoon"] == "06 55501234; na 10 uur"
    assert "postcode" not in shared
    assert "eigen-woorden" not in shared  # she agreed to share them, but there are none
    assert "Ik wil jou graag in contact brengen met Steunpunt Mantelzorg Zaanstad" in referral.consent.words.text


def test_sending_passes_the_turn_and_tells_the_receiver_without_content(sender, service):
    caregiver = make_caregiver(sender, "Anneke Voorbeeld")
    need = make_need(caregiver, sender, words="Ik ben moe.", now=FRIDAY)
    referral = make_referral(sender=sender, service=service, caregiver=caregiver, needs=[need], now=FRIDAY)
    need.refresh_from_db()
    assert need.turn_organisation == service.organisation
    assert need.turn_on == referral.turn_on == datetime.date(2026, 3, 31)
    assert referral.expires_on == datetime.date(2026, 4, 14)
    mail = OutboxMessage.objects.get(about_id=referral.pk)
    assert mail.to == "info@steunpunt.example"
    assert "Anneke" not in str(mail.context)
    assert "moe" not in str(mail.context)


def test_a_refused_send_leaves_no_mail_consent_or_turn_behind(sender, service):
    referral = make_referral(State.CONCEPT, sender=sender, service=service)
    with pytest.raises(Refused, match="Lees de overdracht voor"):
        actions.send(
            referral=referral, by=sender, items=["naam", "telefoon"], how_given="mondeling", handover_read=False
        )
    with pytest.raises(Refused, match="naam en telefoonnummer"):
        actions.send(referral=referral, by=sender, **{**AGREED, "items": ["naam"]})
    assert not Consent.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert not Need.objects.filter(on_referral=True).exists()


def test_under_16_a_guardian_agrees_too_or_the_reason_why_not_is_noted(sender, service):
    caregiver = make_caregiver(sender, under_16=True)
    draft = make_referral(State.CONCEPT, sender=sender, service=service, caregiver=caregiver)
    with pytest.raises(Refused, match="jonger dan 16"):
        actions.send(referral=draft, by=sender, **AGREED)
    with pytest.raises(Refused, match="waarom"):
        actions.send(referral=draft, by=sender, guardian="niet-gevraagd", **AGREED)
    sent = actions.send(referral=draft, by=sender, guardian="niet-gevraagd", guardian_note="Zij durft niet.", **AGREED)
    assert sent.consent.words.guardian_note == "Zij durft niet."


def test_a_service_that_left_the_sociale_kaart_is_not_referred_to(sender, service):
    draft = make_referral(State.CONCEPT, sender=sender, service=service)
    type(service).objects.filter(pk=service.pk).update(status="archived")
    with pytest.raises(Refused, match="staat niet meer in de sociale kaart"):
        actions.send(referral=draft, by=sender, **AGREED)


def test_a_way_of_working_is_no_need(sender):
    with pytest.raises(Refused, match="manier van werken"):
        make_need(make_caregiver(sender), sender, kind="warme-overdracht")


def test_a_second_referral_to_the_same_service_is_refused_and_the_first_can_be_found(sender, service):
    first = make_referral(sender=sender, service=service)
    with pytest.raises(Refused, match="Er loopt al een verwijzing"):
        make_referral(sender=sender, service=service, caregiver=first.caregiver)
    assert Referral.objects.already_open(caregiver=first.caregiver, service=service).get() == first


def test_a_need_is_added_to_a_running_referral_with_fresh_consent(sender, receiver, service):
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service)
    need = make_need(referral.caregiver, sender, kind="logeerzorg", words="Een weekend vrij.")
    old = referral.consent
    actions.add_need(
        referral=referral, need=need, by=sender, items=["naam", "telefoon", "eigen-woorden"], how_given="mondeling"
    )
    referral.refresh_from_db()
    need.refresh_from_db()
    assert referral.consent != old
    assert need.turn_on == referral.turn_on
    assert {item.item for item in referral.shared_items.all()} == {"naam", "telefoon", "eigen-woorden"}


# Answering ----------------------------------------------------------------------------------------------------------


def test_accepting_names_who_and_she_becomes_involved(sender, receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    assert referral.receiver == receiver.acting
    assert referral.turn_member == receiver.acting
    assert referral.caregiver.involvements.get().name == str(receiver)
    assert OutboxMessage.objects.filter(to=sender.email).exists()


def test_by_phone_accepting_asks_who_it_is_over_there(sender):
    service = make_service(make_organisation(uses_portal=False))
    referral = make_referral(sender=sender, service=service)
    with pytest.raises(Refused, match="Schrijf op wie"):
        actions.accept(referral=referral, by=sender, name=" ")
    referral = actions.accept(referral=referral, by=sender, name="Mevrouw De Wit")
    assert referral.accepted_by_name == "Mevrouw De Wit"
    assert referral.turn_member == sender.acting


def test_by_phone_who_takes_her_on_has_the_profession_one_meets_there(sender):
    service = make_service(make_organisation(uses_portal=False))
    met = {(): None, ("casemanager-dementie",): "casemanager-dementie", ("huisarts", "poh-ggz"): None}
    for professions, profession in met.items():
        service.professions.set(professions)
        referral = actions.accept(referral=make_referral(sender=sender, service=service), by=sender, name="De Wit")
        assert referral.caregiver.involvements.get().profession_id == profession
    for asked, profession in {"poh-ggz": "poh-ggz", "ergotherapeut": None}.items():
        referral = make_referral(sender=sender, service=service)
        referral = actions.accept(referral=referral, by=sender, name="De Wit", profession=asked)
        assert referral.caregiver.involvements.get().profession_id == profession


def test_the_services_own_promise_sets_the_date_to_call(sender, receiver, steunpunt):
    service = make_service(steunpunt, call_within_days=1)
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service, now=FRIDAY)
    assert referral.turn_on == datetime.date(2026, 3, 30)


def test_a_decline_asks_for_a_reason_that_fits_and_a_sentence(receiver, referral_in):
    referral = referral_in(State.SENT)
    with pytest.raises(Refused, match="kan pas als je"):
        actions.decline(referral=referral, by=receiver, reason="al-bekend", note="Zij komt hier al.")
    with pytest.raises(Refused, match="waarom"):
        actions.decline(referral=referral, by=receiver, reason="geen-plek", note="  ")
    with pytest.raises(Refused, match="waar zij beter"):
        actions.decline(referral=referral, by=receiver, reason="elders", note="Te ver weg.")


def test_after_a_decline_it_is_the_senders_turn_with_the_need_open(sender, referral_in):
    need = referral_in(State.DECLINED).referral_needs.get().need
    assert list(Need.objects.waiting_for_owner(sender)) == [need]


def test_what_a_colleague_just_took_on_is_not_declined_unseen(receiver, receiver_colleague, referral_in):
    referral = referral_in(State.SENT)
    actions.accept(referral=referral, by=receiver)
    no = {"by": receiver_colleague, "reason": "geen-plek", "note": "Wij zijn vol."}
    with pytest.raises(Refused, match="Intussen nam Sanne Smit"):
        actions.decline(referral=referral, seen=State.SENT, **no)
    assert actions.decline(referral=referral, seen=State.ACCEPTED, **no).state == State.DECLINED


def test_a_draft_thrown_away_twice_is_thrown_away_once(sender, service):
    draft = make_referral(State.CONCEPT, sender=sender, service=service)
    actions.discard_draft(referral=Referral.objects.get(pk=draft.pk), by=sender)
    with pytest.raises(Refused, match="al weggegooid"):
        actions.discard_draft(referral=draft, by=sender)


def test_giving_up_takes_three_logged_attempts(receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    for _ in range(2):
        actions.log_call(referral=referral, by=receiver, result="niet-bereikt")
    with pytest.raises(Refused, match="3 pogingen"):
        actions.give_up(referral=referral, by=receiver)
    actions.log_call(referral=referral, by=receiver, result="bericht")
    assert actions.give_up(referral=referral, by=receiver).state == State.NOT_REACHED


def test_a_call_that_reached_her_is_the_contact(receiver, referral_in):
    referral = actions.log_call(referral=referral_in(State.ACCEPTED), by=receiver, result="gesproken")
    assert referral.state == State.IN_CONTACT
    assert referral.call_attempts.get().result == "gesproken"


def test_each_need_gets_its_own_outcome_and_feedback_is_not_optional(sender, receiver, service):
    caregiver = make_caregiver(sender)
    needs = [make_need(caregiver, sender), make_need(caregiver, sender, kind=None)]
    referral = make_referral(
        State.IN_CONTACT, sender=sender, receiver=receiver, service=service, caregiver=caregiver, needs=needs
    )
    first, second = referral.referral_needs.order_by("pk")
    one = {first.pk: ("gestart", "")}
    with pytest.raises(Refused, match="terugkoppeling"):
        actions.complete(referral=referral, by=receiver, outcomes=one, feedback=" ")
    with pytest.raises(Refused, match="Kies een uitkomst"):
        actions.complete(referral=referral, by=receiver, outcomes=one, feedback="Zij komt nu elke week.")
    outcomes = {**one, second.pk: ("doorverwezen", "")}
    with pytest.raises(Refused, match="naar wie"):
        actions.complete(referral=referral, by=receiver, outcomes=outcomes, feedback="Zij komt nu elke week.")
    outcomes = {**one, second.pk: ("doorverwezen", "het wijkteam")}
    actions.complete(referral=referral, by=receiver, outcomes=outcomes, feedback="Zij komt nu elke week.")
    assert sorted(referral.referral_needs.values_list("outcome", flat=True)) == ["doorverwezen", "gestart"]
    assert Need.objects.open().filter(on_referral=False).count() == 2


def test_reopening_takes_a_reason_thirty_days_and_consent_that_still_holds(sender, receiver, service):
    referral = make_referral(State.COMPLETED, sender=sender, receiver=receiver, service=service, now=FRIDAY)
    day_31 = referral.ended_at + datetime.timedelta(days=31)
    with pytest.raises(Refused, match="tot 30 dagen"):
        actions.reopen(referral=referral, by=sender, note="Het hield geen stand.", now=day_31)
    with pytest.raises(Refused, match="waarom"):
        actions.reopen(referral=referral, by=sender, note="", now=FRIDAY)
    need = referral.referral_needs.get().need
    intake.close_need(need=need, by=sender, ending=NeedEnding.HELPED, now=FRIDAY)
    referral = actions.reopen(referral=referral, by=sender, note="Het hield geen stand.", now=FRIDAY)
    need.refresh_from_db()
    assert referral.state == State.ACCEPTED
    assert need.is_open
    assert need.on_referral
    actions.withdraw(referral=referral, by=sender, now=FRIDAY)


def test_reopening_is_refused_when_consent_was_taken_back(sender, referral_in):
    referral = referral_in(State.COMPLETED)
    actions.withdraw_consent(consent=referral.consent, by=sender, how="mondeling")
    with pytest.raises(Refused, match="toestemming geldt niet meer"):
        actions.reopen(referral=referral, by=sender, note="Het hield geen stand.")


# Consent taken back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.SENT, State.ACCEPTED, State.IN_CONTACT])
def test_taking_consent_back_ends_the_referral_and_hides_all_but_the_stub_at_once(state, sender, receiver, referral_in):
    referral = referral_in(state)
    actions.withdraw_consent(consent=referral.consent, by=sender, how="mondeling")
    referral = Referral.objects.for_page().get(pk=referral.pk)
    assert referral.state == State.WITHDRAWN
    assert referral.withdraw_reason == "toestemming"
    assert referral.stage_for(receiver) == Referral.Stage.STUB
    assert not referral.shared_items.exists()
    assert list(Need.objects.waiting_for_owner(sender)) == [referral.referral_needs.get().need]


def test_taking_everything_back_reaches_every_receiver(sender, receiver, service, steunpunt):
    caregiver = make_caregiver(sender)
    for other in (service, make_service(steunpunt), make_service(make_organisation(uses_portal=False))):
        make_referral(sender=sender, receiver=receiver, service=other, caregiver=caregiver)
    actions.withdraw_all_consents(caregiver=caregiver, by=sender, how="schriftelijk")
    assert set(caregiver.referrals.values_list("state", flat=True)) == {State.WITHDRAWN}


def test_taking_consent_back_is_for_the_receiver_whatever_it_was_given_for(sender, receiver, service, steunpunt):
    caregiver = make_caregiver(sender)
    both = {"sender": sender, "receiver": receiver, "caregiver": caregiver}
    first = make_referral(State.ACCEPTED, service=service, **both)
    second = make_referral(State.ACCEPTED, service=make_service(steunpunt), **both)
    elsewhere = make_referral(sender=sender, service=make_service(make_organisation()), caregiver=caregiver)
    actions.withdraw_consent(consent=first.consent, by=sender, how="mondeling")
    for referral in (first, second):
        seen = Referral.objects.for_page().get(pk=referral.pk)
        assert (seen.state, seen.stage_for(receiver)) == (State.WITHDRAWN, Referral.Stage.STUB)
        assert not seen.shared_items.exists()
    elsewhere.refresh_from_db()
    assert elsewhere.state == State.SENT


def test_fresh_consent_for_an_added_need_replaces_the_older(sender, receiver, service):
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service)
    need = make_need(referral.caregiver, sender, kind="logeerzorg")
    older = referral.consent
    actions.add_need(referral=referral, need=need, by=sender, items=AGREED["items"], how_given="mondeling")
    older.refresh_from_db()
    assert older.withdrawn_how == Consent.WithdrawnHow.REPLACED
    fresh = Consent.objects.valid_of(referral.caregiver).get()
    actions.withdraw_consent(consent=fresh, by=sender, how="mondeling")
    referral = Referral.objects.for_page().get(pk=referral.pk)
    assert (referral.state, referral.stage_for(receiver)) == (State.WITHDRAWN, Referral.Stage.STUB)


@pytest.mark.parametrize("state", [State.DECLINED, State.EXPIRED, State.NOT_REACHED, State.WITHDRAWN])
def test_consent_ends_with_the_referral_it_was_given_for(state, referral_in):
    referral = referral_in(state)
    assert not Consent.objects.valid_of(referral.caregiver).exists()


def test_after_completion_consent_holds_until_nobody_reads_it_any_more(referral_in):
    referral = referral_in(State.COMPLETED)
    assert Consent.objects.valid_of(referral.caregiver).get() == referral.consent


def test_sharing_less_takes_those_items_away_and_the_referral_goes_on(sender, receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    actions.narrow_consent(consent=referral.consent, items=["naam", "telefoon"], by=sender)
    referral = Referral.objects.for_page().get(pk=referral.pk)
    assert referral.state == State.ACCEPTED
    assert {item.item for item in referral.shared_items.all()} == {"naam", "telefoon"}
    assert referral.stage_for(receiver) == Referral.Stage.SHARED


def test_sharing_less_is_for_the_receiver_whatever_it_was_given_for(sender, receiver, service, steunpunt):
    caregiver = make_caregiver(sender)
    both = {"sender": sender, "receiver": receiver, "caregiver": caregiver}
    first = make_referral(State.ACCEPTED, service=service, **both)
    second = make_referral(State.ACCEPTED, service=make_service(steunpunt), **both)
    actions.narrow_consent(consent=first.consent, items=["naam", "eigen-woorden", "overdracht"], by=sender)
    for referral in (first, second):
        assert not referral.shared_items.filter(item="telefoon").exists()
        assert referral.shared_items.filter(item="naam").exists()
        assert referral.events.filter(verb="narrow").exists()


def test_a_consent_past_its_end_date_shows_nothing_even_before_the_clock_comes_by(sender, receiver, service):
    until = {**AGREED, "valid_until": datetime.date(2026, 3, 30)}
    referral = make_referral(
        State.ACCEPTED, sender=sender, receiver=receiver, service=service, now=FRIDAY, agreed=until
    )
    last_day, day_after = FRIDAY + datetime.timedelta(days=3), FRIDAY + datetime.timedelta(days=4)
    assert referral.stage_for(receiver, now=last_day) == Referral.Stage.SHARED
    assert referral.stage_for(receiver, now=day_after) == Referral.Stage.STUB
    assert clock.lapse_consents(now=last_day) == 0
    assert clock.lapse_consents(now=day_after) == 1
    assert clock.lapse_consents(now=day_after) == 0
    referral.refresh_from_db()
    assert referral.state == State.WITHDRAWN


# The clock ----------------------------------------------------------------------------------------------------------


def test_nobody_answers_for_ten_working_days_and_it_expires_back_to_the_sender(sender, service):
    referral = make_referral(sender=sender, service=service, now=FRIDAY)
    tenth = timezone.make_aware(datetime.datetime(2026, 4, 14, 23))
    assert clock.expire_due(now=tenth) == 0
    assert clock.expire_due(now=tenth + datetime.timedelta(hours=2)) == 1
    assert clock.expire_due(now=tenth + datetime.timedelta(hours=2)) == 0
    assert Need.objects.waiting_for_owner(sender).count() == 1
    referral.refresh_from_db()
    assert referral.state == State.EXPIRED


def test_overdue_is_a_question_with_a_date(sender, service):
    make_referral(sender=sender, service=service, now=FRIDAY)
    due = timezone.make_aware(datetime.datetime(2026, 3, 31, 20))
    assert not Referral.objects.overdue(now=due).exists()
    assert Referral.objects.overdue(now=due + datetime.timedelta(days=1)).exists()
    assert Need.objects.overdue(now=due + datetime.timedelta(days=1)).exists()


def test_a_draft_nobody_touches_for_fourteen_days_is_deleted_and_its_need_kept(sender, service):
    draft = make_referral(State.CONCEPT, sender=sender, service=service, now=FRIDAY)
    need = draft.referral_needs.get().need
    assert clock.delete_stale_drafts(now=FRIDAY + datetime.timedelta(days=14)) == 0
    assert clock.delete_stale_drafts(now=FRIDAY + datetime.timedelta(days=15)) == 1
    assert Need.objects.open().get() == need


def test_what_was_shared_is_gone_thirty_days_after_completion(sender, receiver, service):
    referral = make_referral(State.COMPLETED, sender=sender, receiver=receiver, service=service, now=FRIDAY)
    assert referral.stage_for(receiver, now=FRIDAY + datetime.timedelta(days=29)) == Referral.Stage.SHARED
    assert referral.stage_for(receiver, now=FRIDAY + datetime.timedelta(days=30)) == Referral.Stage.STUB
    assert clock.forget_shared_items(now=FRIDAY + datetime.timedelta(days=29)) == 0
    assert clock.forget_shared_items(now=FRIDAY + datetime.timedelta(days=30)) == 3
    assert referral.feedback


# Who finds what -----------------------------------------------------------------------------------------------------


def test_strangers_find_nothing_and_a_draft_is_its_makers_alone(
    sender, colleague, receiver, outsider, beheerder, service
):
    draft = make_referral(State.CONCEPT, sender=sender, service=service)
    sent = make_referral(sender=sender, service=service)
    assert set(Referral.objects.for_user(sender)) == {draft, sent}
    assert set(Referral.objects.for_user(colleague)) == {sent}
    assert set(Referral.objects.for_user(receiver)) == {sent}
    assert not Referral.objects.for_user(outsider).exists()
    assert not Referral.objects.for_user(beheerder).exists()


def test_a_coordinator_finds_open_loops_of_her_municipalities_only(coordinator, sender, receiver, service, outsider):
    here = make_referral(sender=sender, service=service)
    make_referral(State.DECLINED, sender=sender, receiver=receiver, service=service)
    from tests.factories import municipality

    elsewhere = make_caregiver(outsider, municipality=municipality("GM0014"))
    make_referral(sender=outsider, service=make_service(outsider.organisation), caregiver=elsewhere)
    assert list(Referral.objects.loops_for(coordinator)) == [here]
    assert not Referral.objects.for_user(coordinator).exists()
    assert not Referral.objects.loops_for(sender).exists()


def test_what_a_colleague_who_left_had_in_hand_is_everyones(sender, colleague, receiver, receiver_colleague, service):
    need = make_need(make_caregiver(colleague), colleague)
    taken = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service)
    assert not Need.objects.waiting_for_owner(sender).exists()
    assert not Referral.objects.our_turn(receiver_colleague).exists()
    for gone in (colleague, receiver):
        gone.memberships.update(ended_at=timezone.now())
    assert list(Need.objects.waiting_for_owner(sender)) == [need]
    assert list(Referral.objects.our_turn(receiver_colleague)) == [taken]


# Erasure and the log ------------------------------------------------------------------------------------------------

SECRETS = [
    "Zeldzaam",
    "655598765",
    "06 55598765",
    "1506 ZX",
    "heel eigen woorden",
    "heel eigen verhaal",
    "spraken haar",
]


def every_text_in_the_database() -> str:
    with connection.cursor() as cursor:
        texts = []
        for model in apps.get_models():
            if model._meta.app_label in ("knowledge", "sociale_kaart"):
                continue
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" t')
            texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)


def test_erasing_leaves_nothing_that_can_be_traced_to_her(sender, receiver, service, steunpunt):
    caregiver = make_caregiver(sender, "Zeldzaam Voorbeeld", phone="06 55598765", postcode="1506 ZX")
    need = make_need(caregiver, sender, words="heel eigen woorden")
    others = [make_service(steunpunt) for _ in range(3)]
    text = {"handover_text": "heel eigen verhaal"}
    make_referral(State.SENT, sender=sender, service=service, caregiver=caregiver, needs=[need], **text)
    for state, other in zip((State.COMPLETED, State.DECLINED, State.CONCEPT), others, strict=True):
        make_referral(state, sender=sender, receiver=receiver, service=other, caregiver=caregiver, **text)
    before = every_text_in_the_database()
    assert [secret for secret in SECRETS if secret not in before] == []  # the test is able to fail
    caregiver_id = caregiver.pk
    actions.erase(caregiver=caregiver, by=sender)
    after = every_text_in_the_database()
    assert [secret for secret in SECRETS if secret in after] == []
    assert not TimelineEvent.objects.filter(caregiver=caregiver_id).exists()
    assert not OutboxMessage.objects.filter(subject_id=caregiver_id).exists()
    stubs = Referral.objects.for_user(receiver)
    assert stubs.count() == 3
    assert {stub.stage_for(receiver) for stub in stubs} == {Referral.Stage.STUB}
    assert AccessLogEntry.objects.filter(subject_id=caregiver_id, event="delete").exists()
    line = "Een verwijzing is ingetrokken. Neem geen contact meer op."
    assert OutboxMessage.objects.filter(sent_at=None, context__line=line).exists()


def test_whoever_writes_after_she_was_erased_is_told(sender, receiver, referral_in):
    referral = referral_in(State.ACCEPTED)
    caregiver, need = referral.caregiver, referral.referral_needs.get().need
    actions.erase(caregiver=Caregiver.objects.get(pk=caregiver.pk), by=sender)
    late = [
        lambda: intake.add_need(caregiver=caregiver, by=sender),
        lambda: intake.add_involvement(caregiver=caregiver, by=sender, name="Buurvrouw"),
        lambda: intake.change_caregiver(caregiver=caregiver, by=sender, name="Anders"),
        lambda: intake.set_burden(caregiver=caregiver, by=sender, burden=3),
        lambda: intake.close_need(need=need, by=sender, ending=NeedEnding.HELPED),
    ]
    for verb in late:
        with pytest.raises(Refused, match="gewist"):
            verb()


def test_only_the_steward_erases(receiver, outsider, referral_in):
    caregiver = referral_in(State.ACCEPTED).caregiver
    for stranger in (receiver, outsider):
        with pytest.raises(Refused):
            actions.erase(caregiver=caregiver, by=stranger)


def test_every_verb_is_logged_with_who_for_whom_and_on_which_side(sender, receiver, referral_in):
    referral = referral_in(State.COMPLETED)
    rows = AccessLogEntry.objects.filter(object_id=str(referral.pk))
    by_event = {row.event: row for row in rows}
    assert set(by_event) == {"refer_draft", "refer_send", "refer_accept", "refer_contact", "refer_complete"}
    assert {row.subject_id for row in rows} == {referral.caregiver_id}
    assert by_event["refer_send"].relation == "owner"
    accepted = by_event["refer_accept"]
    assert (accepted.user_id, accepted.on_behalf_of) == (receiver.pk, receiver.organisation_id)
    assert (accepted.relation, accepted.consent_id, accepted.role) == ("referral", referral.consent_id, "consulent")


def test_every_step_is_an_event_that_names_the_turn(referral_in):
    referral = referral_in(State.COMPLETED)
    steps = list(referral.events.values_list("verb", "from_state", "to_state"))
    assert steps == [
        ("send", "concept", "sent"),
        ("accept", "sent", "accepted"),
        ("contact", "accepted", "in_contact"),
        ("complete", "in_contact", "completed"),
    ]


def test_outcomes_of_a_stranger_referral_are_not_taken(sender, receiver, referral_in, steunpunt):
    referral = referral_in(State.IN_CONTACT)
    other = make_referral(State.IN_CONTACT, sender=sender, receiver=receiver, service=make_service(steunpunt))
    with pytest.raises(Refused, match="Kies een uitkomst"):
        actions.complete(referral=referral, by=receiver, outcomes=all_outcomes(other), feedback="Klaar.")


# What she took back by code, before the clock ends what ran on it ---------------------------------------------------


def _taken_back_by_code(sender, service):
    referral = make_referral(State.ACCEPTED, sender=sender, service=service)
    intake.withdraw_with_code(intake.give_withdrawal_code(caregiver=referral.caregiver, by=sender))
    return Referral.objects.get(pk=referral.pk)


def test_her_record_can_be_erased_just_after_she_took_everything_back_by_code(sender):
    referral = _taken_back_by_code(sender, make_service(make_organisation(uses_portal=False)))
    actions.erase(caregiver=referral.caregiver, by=sender)
    referral.refresh_from_db()
    assert (referral.state, referral.caregiver_id) == (State.WITHDRAWN, None)


def test_what_she_took_back_by_code_she_can_agree_to_again_with_a_new_need(sender):
    referral = _taken_back_by_code(sender, make_service(make_organisation(uses_portal=False)))
    need = make_need(referral.caregiver, sender)
    actions.add_need(
        referral=referral, need=need, by=sender, items=["naam", "telefoon", "overdracht"], how_given="mondeling"
    )
    referral.refresh_from_db()
    assert referral.consent.is_valid()
    assert clock.lapse_consents(now=timezone.now()) == 0
    assert referral.shared_items.count() == 3

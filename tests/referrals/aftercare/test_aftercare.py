"""After the feedback: what the sender watches for, a thank-you, one question at a time, and what she says herself."""

import datetime
import re
import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Absence
from intake import actions as intake
from intake.models import TimelineEvent
from mantelzorg.principals import acting, member
from mantelzorg.refusal import Refused
from mantelzorg.working_days import add_working_days
from referrals import actions
from referrals.aftercare import actions as aftercare
from referrals.linked.principal import ByLink
from referrals.models import Enquiry, Experience, Referral, ReferralEvent
from referrals.transitions import State
from tests.factories import (
    all_outcomes,
    make_caregiver,
    make_member,
    make_organisation,
    make_referral,
    make_service,
)
from tests.referrals.linked.conftest import brug, link_in, post_comes, sent  # noqa: F401 (fixtures)
from tests.referrals.linked.test_links import let_in
from tests.referrals.test_concurrency import at_once, one_winner
from trail.models import AccessLogEntry, OutboxMessage

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
QUESTION = "Slaapt zij intussen weer door?"
ANSWER = "Ja, sinds vorige week."


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt, "Gesprek bij het steunpunt")


@pytest.fixture
def anneke(sender):
    return make_caregiver(sender, "Anneke Voorbeeld")


@pytest.fixture
def completed(sender, receiver, service, anneke):
    return make_referral(State.COMPLETED, sender=sender, receiver=receiver, service=service, caregiver=anneke)


def page_of(client, referral) -> str:
    response = client.get(reverse("referral_detail", args=[referral.pk]))
    assert response.status_code == 200
    return response.text


def post(client, name: str, referral, **data):
    return client.post(reverse(name, args=[referral.pk]), {"form_key": uuid.uuid4()} | data)


def after(page: str) -> str:
    """The part of the page about what came after."""
    return page.split('id="na-afloop"')[1].split('aria-labelledby="vragen"')[0] if 'id="na-afloop"' in page else ""


def again(referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def ask(referral, by, **fields) -> Enquiry:
    aftercare.ask(referral=referral, by=by, words=QUESTION, **fields)
    return Enquiry.objects.open_of(referral).get()


# What to keep an eye on ---------------------------------------------------------------------------------------------


def test_feedback_says_what_now_and_may_say_what_to_keep_an_eye_on(client_of, sender, receiver, service, anneke):
    referral = make_referral(State.IN_CONTACT, sender=sender, receiver=receiver, service=service, caregiver=anneke)
    answer = {"outcome_1": "gestart", "feedback": "Zij komt elke week.", "watch_for": "Vraag of zij weer slaapt."}
    assert post(client_of(receiver), "referral_complete", referral, **answer).status_code == 302
    page = page_of(client_of(sender), referral)
    assert "Zij komt elke week." in page
    assert "<strong>Let op:</strong> Vraag of zij weer slaapt." in page
    assert again(referral).watch_for == "Vraag of zij weer slaapt."


def test_what_to_keep_an_eye_on_may_be_left_out(client_of, sender, completed):
    assert completed.watch_for == ""
    assert "Let op:" not in page_of(client_of(sender), completed)


def test_what_to_keep_an_eye_on_stays_in_sight_when_it_is_opened_again(client_of, sender, receiver, service):
    referral = make_referral(State.IN_CONTACT, sender=sender, receiver=receiver, service=service)
    outcomes = all_outcomes(referral)
    actions.complete(referral=referral, by=receiver, outcomes=outcomes, feedback="Klaar.", watch_for="Haar slaap.")
    actions.reopen(referral=referral, by=sender, note="Het hield geen stand.")
    assert "Haar slaap." in page_of(client_of(sender), referral)


# Thanking -----------------------------------------------------------------------------------------------------------


def test_one_press_thanks_them_and_both_sides_see_it(client_of, sender, receiver, completed):
    client = client_of(sender)
    assert "Bedank hen" in after(page_of(client, completed))
    assert post(client, "referral_thank", completed).status_code == 302
    for who in (client, client_of(receiver)):
        page = page_of(who, completed)
        assert "Petra de Boer bedankte" in after(page)
        assert "Bedankt</p>" in page  # in its history
    assert "Bedank hen" not in after(page_of(client, completed))


def test_a_sentence_may_go_with_it_and_the_mail_has_none_of_it(client_of, sender, receiver, completed):
    OutboxMessage.objects.all().delete()
    post(client_of(sender), "referral_thank", completed, words="Wat hebben jullie Anneke goed geholpen.")
    (message,) = post_comes()
    assert message.to == [receiver.email]
    assert "bedankt jullie" in message.body
    for text in (message.subject, message.body, message.alternatives[0][0]):
        assert "Anneke" not in text
        assert "Wat hebben jullie" not in text
    assert "Wat hebben jullie Anneke goed geholpen." in page_of(client_of(receiver), completed)


def test_they_are_thanked_once_and_once_more_after_it_was_opened_again(sender, receiver, completed):
    aftercare.thank(referral=completed, by=sender)
    with pytest.raises(Refused, match="al bedankt"):
        aftercare.thank(referral=completed, by=sender)
    actions.reopen(referral=completed, by=sender, note="Het hield geen stand.")
    referral = actions.contact(referral=completed, by=receiver)
    actions.complete(referral=referral, by=receiver, outcomes=all_outcomes(referral), feedback="Nu wel.")
    aftercare.thank(referral=completed, by=sender)
    assert ReferralEvent.objects.filter(referral=completed, verb="thank").count() == 2


def test_a_second_press_thanks_once_and_is_not_told_off(client_of, sender, completed):
    client, key = client_of(sender), uuid.uuid4()
    for _ in range(2):
        response = client.post(reverse("referral_thank", args=[completed.pk]), {"form_key": key}, follow=True)
        assert "Je bedankje staat erbij." in response.text
    assert ReferralEvent.objects.filter(referral=completed, verb="thank").count() == 1


# Asking and answering -----------------------------------------------------------------------------------------------


def test_a_question_has_a_date_and_leaves_every_turn_where_it_is(sender, completed):
    need = completed.referral_needs.get().need
    turn = (need.turn_organisation_id, need.turn_member_id, need.turn_on)
    question = ask(completed, sender)
    assert question.turn_on == add_working_days(timezone.localdate(), 2)
    assert question.organisation == completed.receiver_organisation
    need.refresh_from_db()
    referral = again(completed)
    assert (need.turn_organisation_id, need.turn_member_id, need.turn_on) == turn
    assert (referral.state, referral.turn_organisation_id) == (State.COMPLETED, None)


def test_the_receiver_finds_it_on_vandaag_answers_and_the_sender_reads_it(client_of, sender, receiver, completed):
    asks, answers = client_of(sender), client_of(receiver)
    assert post(asks, "referral_ask", completed, words=QUESTION).status_code == 302
    today = answers.get("/").text
    assert "Beantwoord de vraag van Petra de Boer" in today
    assert "Huisartsenpraktijk De Zaan" in today
    assert "Anneke" not in today.split('id="gevraagd"')[1]
    page = page_of(answers, completed)
    assert QUESTION in after(page)
    assert post(answers, "referral_answer", completed, words=ANSWER).status_code == 302
    assert "Beantwoord de vraag" not in answers.get("/").text
    page = page_of(asks, completed)
    assert ANSWER in after(page)
    assert "Sanne Smit antwoordde" in page
    for step in ("Vraag gesteld", "Vraag beantwoord"):
        assert step in page
    texts = list(TimelineEvent.objects.filter(caregiver=completed.caregiver).values_list("text", flat=True))
    assert any("Vraag gesteld na de terugkoppeling" in text for text in texts)
    assert any("Antwoord gekregen" in text for text in texts)


def test_mails_about_a_question_say_nothing_of_it(sender, receiver, completed):
    OutboxMessage.objects.all().delete()
    ask(completed, sender)
    aftercare.answer(referral=completed, by=receiver, words=ANSWER)
    messages = post_comes()
    assert [message.to for message in messages] == [[receiver.email], [sender.email]]
    for message in messages:
        for text in (message.subject, message.body, message.alternatives[0][0]):
            assert not re.search("Anneke|Slaapt|vorige week|Zaanstad", text)


def test_one_thing_at_a_time(client_of, sender, receiver, completed):
    ask(completed, sender)
    with pytest.raises(Refused, match="Er staat al een vraag open"):
        aftercare.ask(referral=completed, by=sender, words="En eet zij goed?")
    aftercare.answer(referral=completed, by=receiver, words=ANSWER)
    aftercare.ask(referral=completed, by=sender, words="En eet zij goed?")
    page = after(page_of(client_of(receiver), completed))
    assert page.index(QUESTION) < page.index("En eet zij goed?")


def test_a_question_needs_words_and_so_does_an_answer(client_of, sender, receiver, completed):
    assert "Schrijf je vraag op." in post(client_of(sender), "referral_ask", completed, words="  ").text
    with pytest.raises(Refused, match="Schrijf je vraag op"):
        aftercare.ask(referral=completed, by=sender, words=" ")
    ask(completed, sender)
    assert "Schrijf een antwoord" in post(client_of(receiver), "referral_answer", completed, words="").text
    with pytest.raises(Refused, match="Schrijf een antwoord"):
        aftercare.answer(referral=completed, by=receiver, words=" ")


def test_what_was_typed_is_handed_back_when_somebody_answered_first(
    client_of, sender, receiver, receiver_colleague, completed
):
    ask(completed, sender)
    aftercare.answer(referral=completed, by=receiver, words=ANSWER)
    page = post(client_of(receiver_colleague), "referral_answer", completed, words="Zij slaapt nog niet.").text
    assert "Er staat geen vraag meer open." in page
    assert "Zij slaapt nog niet." in page


def test_the_sender_takes_it_back(client_of, sender, receiver, completed):
    ask(completed, sender)
    assert post(client_of(sender), "referral_take_back", completed).status_code == 302
    question = Enquiry.objects.get()
    assert (question.state, question.answer) == (Enquiry.State.TAKEN_BACK, "")
    assert "Teruggenomen" in after(page_of(client_of(receiver), completed))
    with pytest.raises(Refused, match="geen vraag meer open"):
        aftercare.take_back(referral=completed, by=sender)
    with pytest.raises(Refused, match="geen vraag meer open"):
        aftercare.answer(referral=completed, by=receiver, words=ANSWER)


def test_a_colleague_may_do_it_too_and_a_stranger_finds_nothing(client_of, colleague, outsider, completed):
    assert post(client_of(colleague), "referral_ask", completed, words=QUESTION).status_code == 302
    for name in ("referral_thank", "referral_ask", "referral_answer", "referral_take_back", "referral_experience"):
        assert post(client_of(outsider), name, completed, words="x").status_code == 404
        assert client_of(outsider).get(reverse(name, args=[completed.pk])).status_code == 404


@pytest.mark.parametrize("step", ["thank", "ask", "take_back"])
def test_the_receiver_cannot_do_what_is_the_senders(step, receiver, sender, completed):
    if step == "take_back":
        ask(completed, sender)
    words = {"words": "x"} if step == "ask" else {}
    with pytest.raises(Refused, match="alleen de andere kant"):
        getattr(aftercare, step)(referral=completed, by=receiver, **words)


def test_the_sender_cannot_answer_her_own_question(sender, completed):
    ask(completed, sender)
    with pytest.raises(Refused, match="alleen de andere kant"):
        aftercare.answer(referral=completed, by=sender, words=ANSWER)


@pytest.mark.parametrize("state", [State.SENT, State.IN_CONTACT, State.DECLINED, State.WITHDRAWN])
def test_only_after_the_feedback(state, client_of, sender, receiver, service):
    referral = make_referral(state, sender=sender, receiver=receiver, service=service)
    for verb, words in ((aftercare.thank, {}), (aftercare.ask, {"words": "x"})):
        with pytest.raises(Refused, match="Er is niets veranderd"):
            verb(referral=referral, by=sender, **words)
    with pytest.raises(Refused, match="als er een terugkoppeling is"):
        aftercare.record_experience(referral=referral, by=sender, answer="goed")
    assert after(page_of(client_of(sender), referral)) == ""


def test_after_thirty_days_nothing_is_asked_any_more(client_of, sender, receiver, service):
    long_ago = timezone.now() - 31 * DAY
    referral = make_referral(State.COMPLETED, sender=sender, receiver=receiver, service=service, now=long_ago)
    for verb, words in ((aftercare.thank, {}), (aftercare.ask, {"words": "x"})):
        with pytest.raises(Refused, match="tot 30 dagen"):
            verb(referral=referral, by=sender, **words)
    page = after(page_of(client_of(sender), referral))
    assert "Stel een vraag" not in page
    assert "Heeft het haar geholpen?" in page  # that can always be recorded


def test_the_date_never_lies_after_the_day_the_receiver_still_sees_her(sender, receiver, service):
    then = timezone.now() - 29 * DAY - datetime.timedelta(hours=12)
    referral = make_referral(State.COMPLETED, sender=sender, receiver=receiver, service=service, now=then)
    assert ask(referral, sender).turn_on == timezone.localdate(referral.visible_until)


def test_by_phone_the_sender_calls(client_of, sender):
    by_phone = make_service(make_organisation("Stichting De Molen", uses_portal=False, phone="075 999 88 77"), "Maatje")
    referral = make_referral(State.COMPLETED, sender=sender, service=by_phone)
    with pytest.raises(Refused, match="werkt niet met dit portaal"):
        aftercare.ask(referral=referral, by=sender, words=QUESTION)
    page = after(page_of(client_of(sender), referral))
    assert "Bel Stichting De Molen op 075 999 88 77." in page
    assert "Stel een vraag" not in page
    assert "Bedank hen" not in page


def test_behind_a_link_the_question_is_read_and_answered(client_of, sender, sent):  # noqa: F811
    visitor, link = Client(), link_in(post_comes())
    by = ByLink.of(sent.receiver_links.get())
    with acting(member(sender)):
        referral = actions.accept(referral=sent, by=by, name="Gerda de Wit")
        referral = actions.contact(referral=referral, by=by)
        actions.complete(referral=referral, by=by, outcomes=all_outcomes(referral), feedback="Elke week koffie.")
    post_comes()
    ask(sent, sender)
    (message,) = post_comes()
    assert message.to == ["post@brug.example"]
    assert link_in([message]) == link
    assert QUESTION not in message.body
    let_in(visitor, link)
    page = visitor.get(link).text
    assert QUESTION in after(page)
    assert "Stel een vraag" not in page
    assert visitor.post(f"{link}vraag/", {"words": ANSWER, "form_key": uuid.uuid4()}).status_code == 302
    page = after(page_of(client_of(sender), sent))
    assert "Stichting De Brug antwoordde" in page
    assert ANSWER in page


# On whose Vandaag ---------------------------------------------------------------------------------------------------


def asked_on(client) -> bool:
    return "Beantwoord de vraag van" in client.get("/").text


def test_it_is_asked_of_who_accepted_and_of_everybody_when_it_is_late(
    client_of, sender, receiver, receiver_colleague, outsider, completed
):
    question = ask(completed, sender)
    assert asked_on(client_of(receiver))
    for other in (receiver_colleague, outsider, sender):
        assert not asked_on(client_of(other))
    Enquiry.objects.filter(pk=question.pk).update(turn_on=timezone.localdate() - DAY)
    assert asked_on(client_of(receiver_colleague))
    assert "te laat" in client_of(receiver_colleague).get("/").text
    assert not asked_on(client_of(outsider))


def test_it_is_everybodys_while_who_accepted_is_away_or_has_left(
    client_of, sender, receiver, receiver_colleague, completed
):
    ask(completed, sender)
    client, today = client_of(receiver_colleague), timezone.localdate()
    assert not asked_on(client)
    away = Absence.objects.create(
        membership=receiver.acting, stand_in=receiver_colleague.acting, first_day=today, last_day=today + DAY
    )
    assert asked_on(client)
    away.delete()
    assert not asked_on(client)
    membership = receiver.acting
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    assert asked_on(client)


def test_vandaag_asks_once_for_all_questions(client_of, sender, receiver, steunpunt):
    client = client_of(receiver)
    counts = []
    for number in (1, 8):
        for index in range(number):
            service = make_service(steunpunt, f"Gesprek {number} {index}")
            ask(make_referral(State.COMPLETED, sender=sender, receiver=receiver, service=service), sender)
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/").text
        counts.append(len([query for query in queries if "referrals_enquiry" in query["sql"]]))
    assert counts == [1, 1]
    assert page.count("Beantwoord de vraag van") == 6  # AT_MOST


# How a question ends by itself --------------------------------------------------------------------------------------


def test_a_question_lapses_with_what_was_shared(client_of, sender, completed):
    ask(completed, sender)
    assert aftercare.lapse_questions(now=timezone.now() + 29 * DAY) == 0
    later = timezone.now() + 31 * DAY
    assert aftercare.lapse_questions(now=later) == 1
    assert aftercare.lapse_questions(now=later) == 0
    question = Enquiry.objects.get()
    assert (question.state, question.ended_at) == (Enquiry.State.LAPSED, later)
    assert "Vervallen" in after(page_of(client_of(sender), completed))


def test_a_question_lapses_when_it_is_opened_again(sender, completed):
    ask(completed, sender)
    actions.reopen(referral=completed, by=sender, note="Het hield geen stand.")
    assert Enquiry.objects.get().state == Enquiry.State.LAPSED


def test_when_she_takes_her_consent_back_the_receiver_reads_no_question(client_of, sender, receiver, completed):
    ask(completed, sender)
    consent = again(completed).consent
    actions.withdraw_consent(consent=consent, by=sender, how="mondeling")
    assert Enquiry.objects.get().state == Enquiry.State.LAPSED
    assert QUESTION not in page_of(client_of(receiver), completed)
    assert not asked_on(client_of(receiver))
    with pytest.raises(Refused, match="toestemming geldt niet meer"):
        aftercare.ask(referral=completed, by=sender, words=QUESTION)


def test_with_her_code_it_lapses_at_the_next_turn_of_the_clock(client_of, sender, receiver, completed, anneke):
    ask(completed, sender)
    intake.withdraw_with_code(intake.give_withdrawal_code(caregiver=anneke, by=sender))
    assert QUESTION not in page_of(client_of(receiver), completed)
    assert not asked_on(client_of(receiver))
    assert aftercare.lapse_questions(now=timezone.now()) == 1


# What she says herself ----------------------------------------------------------------------------------------------


def test_what_she_says_of_the_help_stands_on_the_referral_and_her_timeline(client_of, sender, anneke, completed):
    client = client_of(sender)
    assert "Heeft dit je geholpen?" in client.get(reverse("referral_experience", args=[completed.pk])).text
    assert "Kies wat zij antwoordt." in post(client, "referral_experience", completed).text
    words = "Eindelijk iemand die luistert."
    assert post(client, "referral_experience", completed, answer="beetje", words=words).status_code == 302
    page = after(page_of(client, completed))
    assert "Ja, een beetje." in page
    assert words in page
    text = TimelineEvent.objects.filter(caregiver=anneke).latest("at").text
    assert text.startswith("Heeft Gesprek bij het steunpunt haar geholpen? ja, een beetje")
    assert words not in text


def test_it_can_be_changed_and_what_stayed_the_same_leaves_no_trace(client_of, sender, colleague, completed):
    aftercare.record_experience(referral=completed, by=sender, answer="goed", words="Fijn.")
    lines = TimelineEvent.objects.count()
    aftercare.record_experience(referral=completed, by=sender, answer="goed", words="Fijn. ")
    assert TimelineEvent.objects.count() == lines
    client = client_of(colleague)
    assert re.search(r'value="goed"[^>]*checked', client.get(reverse("referral_experience", args=[completed.pk])).text)
    post(client, "referral_experience", completed, answer="niet-gezegd", words="")
    found = Experience.objects.get()
    assert (found.answer, found.words, found.recorded_by) == ("niet-gezegd", "", colleague.acting)


def test_the_receiver_never_reads_it_and_cannot_record_it(client_of, sender, receiver, completed):
    aftercare.record_experience(referral=completed, by=sender, answer="nauwelijks", words="Zij belden te laat.")
    page = page_of(client_of(receiver), completed)
    assert "Zij belden te laat." not in page
    assert "Heeft het haar geholpen?" not in page
    with acting(member(receiver)):
        assert not Experience.objects.exists()
    with pytest.raises(Refused, match="Alleen wie haar gegevens beheert"):
        aftercare.record_experience(referral=completed, by=receiver, answer="goed")
    page = post(client_of(receiver), "referral_experience", completed, answer="goed").text
    assert "Alleen wie haar gegevens beheert" in page


def test_an_answer_that_does_not_exist_is_refused(sender, completed):
    with pytest.raises(Refused, match="Kies wat zij antwoordt"):
        aftercare.record_experience(referral=completed, by=sender, answer="tien")


# What the database holds --------------------------------------------------------------------------------------------


def test_row_level_security_shows_a_question_to_both_sides_and_nobody_else(sender, receiver, outsider, completed):
    ask(completed, sender)
    for who, sees in ((sender, 1), (receiver, 1), (outsider, 0)):
        with acting(member(who)):
            assert Enquiry.objects.count() == sees
    with acting(member(receiver)):  # without a step she changes nothing
        assert Enquiry.objects.update(state="vervallen", ended_at=timezone.now()) == 0
    actions.withdraw_consent(consent=again(completed).consent, by=sender, how="mondeling")
    with acting(member(receiver)):
        assert Enquiry.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("a_question_is_open_or_has_an_end", {"state": "teruggenomen"}),
        ("a_question_is_answered_in_words", {"state": "beantwoord", "ended_at": timezone.now()}),
        ("a_question_is_answered_in_words", {"answer": "Ja."}),
    ],
)
def test_the_database_refuses_half_a_question(name, fields, sender, completed):
    ask(completed, sender)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Enquiry.objects.update(**fields)


def test_the_database_knows_one_open_question_and_keeps_its_words(sender, completed):
    question = ask(completed, sender)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        Enquiry.objects.update(words="Iets anders?")
    question.pk = uuid.uuid4()
    with pytest.raises(IntegrityError, match="one_open_question_about_a_referral"), transaction.atomic():
        question.save(force_insert=True)


def test_when_she_is_erased_it_all_goes(client_of, sender, receiver, anneke, completed):
    Referral.objects.filter(pk=completed.pk).update(watch_for="Haar slaap.")
    aftercare.thank(referral=completed, by=sender, words="Dank voor Anneke.")
    ask(completed, sender)
    aftercare.answer(referral=completed, by=receiver, words=ANSWER)
    aftercare.record_experience(referral=completed, by=sender, answer="goed", words="Fijn.")
    actions.erase(caregiver=anneke, by=sender)
    referral = again(completed)
    assert (referral.feedback, referral.watch_for) == ("", "")
    assert not Enquiry.objects.exists()
    assert not Experience.objects.exists()
    assert not ReferralEvent.objects.filter(referral=referral).exclude(note="").exists()
    page = page_of(client_of(sender), referral)
    assert "Dank voor Anneke." not in page
    with pytest.raises(Refused):
        aftercare.record_experience(referral=referral, by=sender, answer="goed")


def test_every_step_is_logged(sender, receiver, completed):
    aftercare.thank(referral=completed, by=sender)
    ask(completed, sender)
    aftercare.take_back(referral=completed, by=sender)
    ask(completed, sender)
    aftercare.answer(referral=completed, by=receiver, words=ANSWER)
    aftercare.record_experience(referral=completed, by=sender, answer="goed")
    rows = AccessLogEntry.objects.filter(subject_id=completed.caregiver_id, action="U").order_by("pk")
    events = [row.event for row in rows][-6:]
    assert events == [
        *("refer_thank", "refer_ask", "refer_take_back", "refer_ask", "refer_answer", "experience"),
    ]


def test_reading_it_is_logged_by_name(client_of, sender, completed):
    ask(completed, sender)
    aftercare.record_experience(referral=completed, by=sender, answer="goed")
    page_of(client_of(sender), completed)
    row = AccessLogEntry.objects.filter(event="view").latest("pk")
    assert {"questions", "experience"} <= set(row.fields)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_or_answer_at_once_one_is_first(sender, colleague, receiver, receiver_colleague, completed):
    answers = at_once(
        (sender, lambda by: aftercare.ask(referral=completed, by=by, words="Eén?")),
        (colleague, lambda by: aftercare.ask(referral=completed, by=by, words="Twee?")),
    )
    assert one_winner(answers) == "Er staat al een vraag open. Wacht op het antwoord, of neem die vraag terug."
    answers = at_once(
        (receiver, lambda by: aftercare.answer(referral=completed, by=by, words="Ja.")),
        (receiver_colleague, lambda by: aftercare.answer(referral=completed, by=by, words="Nee.")),
    )
    assert one_winner(answers) == "Er staat geen vraag meer open. Er is niets veranderd."
    answers = at_once(
        (sender, lambda by: aftercare.thank(referral=completed, by=by)),
        (colleague, lambda by: aftercare.thank(referral=completed, by=by)),
    )
    assert one_winner(answers) == "Jullie hebben hen al bedankt."


def test_a_new_colleague_of_the_receiver_reads_the_history(client_of, sender, steunpunt, completed):
    aftercare.thank(referral=completed, by=sender, words="Dank jullie wel.")
    newcomer = make_member("Nieuwe Nel", steunpunt)
    assert "Dank jullie wel." in page_of(client_of(newcomer), completed)

"""The pages of overlegvragen, as somebody uses them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referrals.models import Question
from referrals.questions import actions
from referrals.questions.transitions import QuestionState
from tests.factories import make_caregiver, make_member, make_organisation, make_service
from tests.referrals.questions.conftest import TUESDAY, WORDS, make_question
from trail.models import AccessLogEntry

pytestmark = pytest.mark.django_db
LIST, NEW = "/overlegvragen/", "/overlegvragen/nieuw/"


def page(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def key_in(text: str) -> str:
    return re.search(r'name="form_key" value="([^"]+)"', text)[1]


@pytest.fixture
def to_steunpunt(steunpunt, receiver) -> str:
    return f"{NEW}?aan={steunpunt.slug}"


@pytest.fixture
def ask(client_of, sender, to_steunpunt):
    """`ask(text=...)` sends the form with these words and returns the answer."""
    browser = client_of(sender)

    def send(**typed):
        key = key_in(page(browser.get(to_steunpunt)))
        return browser.post(to_steunpunt, {"form_key": key, **WORDS, **typed})

    return send


# Asking -------------------------------------------------------------------------------------------------------------


def test_she_finds_whom_to_ask_by_name_profession_and_offer(
    client_of, sender, steunpunt, receiver, pom, other_practice
):
    make_service(steunpunt, "Nachtzuster aan huis")
    make_member("Zonder werk", make_organisation("Dicht kantoor"), "beheerder")
    browser = client_of(sender)
    everybody = page(browser.get(NEW))
    assert "Steunpunt Mantelzorg Zaanstad" in everybody
    assert "Team Preventie GGZ Kennemerland" in everybody
    for hidden in ("Huisartsenpraktijk De Zaan</a>", "Dicht kantoor", "Huisartsenpraktijk Groningen"):
        assert hidden not in everybody
    for typed in ("steunpunt", "mantelzorgconsulent", "nachtzuster"):
        found = page(browser.get(NEW, {"q": typed}))
        assert "Steunpunt Mantelzorg Zaanstad" in found
        assert "GGZ Kennemerland" not in found
    assert "Geen organisatie gevonden" in page(browser.get(NEW, {"q": "zeppelin"}))
    piece = page(client_of(sender, HTTP_HX_REQUEST="true").get(NEW, {"q": "steunpunt"}))
    assert piece.lstrip().startswith('<div id="results"')


def test_who_works_where_she_works_comes_first(client_of, sender, receiver, outsider):
    make_member("Aafje", make_organisation("Aa ver weg"))
    shown = page(client_of(sender).get(NEW))
    assert shown.index("Steunpunt Mantelzorg Zaanstad") < shown.index("Aa ver weg")


def test_she_asks_somebody_by_name_and_it_arrives(client_of, ask, receiver, sender):
    response = ask(receiver=str(receiver.acting.pk), situation_kind="dementie")
    question = Question.objects.get()
    assert response.url == f"{LIST}{question.pk}/"
    assert (question.receiver, question.situation_kind) == (receiver.acting, "dementie")
    shown = page(client_of(receiver).get(response.url))
    for words in (*WORDS.values(), "Petra de Boer", "praktijkondersteuner", "tel:0751234501", "Dementie"):
        assert words.lower() in shown.lower()
    today = page(client_of(receiver).get("/"))
    assert f"Beantwoord een overlegvraag over {WORDS['subject']}" in today


def test_sent_twice_it_is_asked_once(client_of, sender, to_steunpunt):
    browser = client_of(sender)
    typed = {"form_key": key_in(page(browser.get(to_steunpunt))), **WORDS}
    assert browser.post(to_steunpunt, typed).url == browser.post(to_steunpunt, typed).url
    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": "Mail an@huis.nl"}, "Er staat een e-mailadres in."),
        ({"text": "Bel 06 12345678"}, "Er staat een telefoonnummer in."),
        ({"text": "Haar nummer is 123456782"}, "Er staan negen cijfers in"),
        ({"text": "Zij woont op 1506 AB"}, "Er staat een postcode in."),
        ({"subject": "Mevrouw op 1506 AB"}, "Er staat een postcode in."),
        ({"text": "Zij is geboren op 3 mei 1951"}, "lijkt op een naam of een geboortedatum"),
        ({"text": ""}, "Schrijf je vraag op."),
        ({"subject": ""}, "Vul dit in."),
    ],
)
def test_what_identifies_is_said_next_to_the_field_and_nothing_is_sent(ask, typed, said):
    shown = page(ask(**typed))
    assert said in shown
    assert not Question.objects.exists()


def test_what_may_be_a_name_is_asked_about_once_and_for_those_words_only(client_of, sender, ask, to_steunpunt):
    make_caregiver(sender, "Anna Bruggeling")
    make_caregiver(sender, "Cora Zandgrond")
    shown = page(ask(text="Hoe help ik Anna Bruggeling?"))
    assert "“Anna Bruggeling” lijkt op een naam" in shown
    assert 'name="innocent"' in shown
    assert "Hoe help ik Anna Bruggeling?" in shown
    about = re.search(r'name="asked_about" value="([^"]*)"', shown)[1]
    other = page(ask(text="Hoe help ik Cora Zandgrond?", innocent="on", asked_about=about))
    assert "“Cora Zandgrond” lijkt op een naam" in other
    assert not Question.objects.exists()
    assert ask(text="Hoe help ik Anna Bruggeling?", innocent="on", asked_about=about).status_code == 302
    assert Question.objects.count() == 1
    searched = AccessLogEntry.objects.filter(event="search", filters=["naam"])
    assert set(searched.values_list("user_id", "subject_id")) == {(sender.pk, None)}


def test_the_box_stands_there_only_when_it_is_needed(client_of, sender, to_steunpunt):
    shown = page(client_of(sender).get(to_steunpunt))
    assert 'name="innocent"' not in shown
    assert "Schrijf geen naam; vertel wat er speelt" in shown


def test_where_nobody_answers_yet_she_is_told_to_call(client_of, sender, practice):
    make_organisation("Leeg huis", phone="075 111 22 33")
    shown = page(client_of(sender).get(f"{NEW}?aan=leeg-huis"))
    assert "Hier geeft nog niemand antwoord in het portaal" in shown
    assert "tel:0751112233" in shown
    assert "Dit is je eigen organisatie" in page(client_of(sender).get(f"{NEW}?aan={practice.slug}"))


def test_an_organisation_and_its_offer_lead_here_for_who_may_ask(client_of, sender, receiver, coordinator, steunpunt):
    service = make_service(steunpunt, "Gesprek")
    link = f'href="{NEW}?aan={steunpunt.slug}"'
    for path in (reverse("service_detail", args=[service.slug]), reverse("organisation_detail", args=[steunpunt.slug])):
        assert link in page(client_of(sender).get(path)), path
        for other in (receiver, coordinator):
            assert link not in page(client_of(other).get(path))


# One question -------------------------------------------------------------------------------------------------------


def test_a_question_is_answered_asked_on_and_closed(client_of, asked, sender, receiver):
    path = f"{LIST}{asked.pk}/"
    hers, theirs = client_of(sender), client_of(receiver)
    assert "Geef antwoord" not in page(hers.get(path))
    assert theirs.post(f"{path}antwoorden/", {"text": "Een vast ritme.", "seen": "1"}).status_code == 302
    assert "Lees het antwoord van Steunpunt Mantelzorg Zaanstad" in page(hers.get("/"))
    assert "Een vast ritme." in page(hers.get(path))
    assert hers.post(f"{path}doorvragen/", {"text": "En overdag?", "seen": "1"}).status_code == 302
    assert theirs.post(f"{path}antwoorden/", {"text": "Buiten lopen.", "seen": "2"}).status_code == 302
    assert hers.post(f"{path}afronden/", {}).status_code == 302
    shown = page(theirs.get(path))
    for words in ("Een vast ritme.", "En overdag?", "Buiten lopen.", "dank, ik kan verder"):
        assert words in shown
    asked.refresh_from_db()
    assert asked.state == QuestionState.CLOSED
    assert "Lees het antwoord" not in page(hers.get("/"))


def test_who_answers_may_name_a_number_and_no_mantelzorger_of_her_own(client_of, asked, receiver):
    make_caregiver(receiver, "Dora Wijngaardt")
    path = f"{LIST}{asked.pk}/antwoorden/"
    browser = client_of(receiver)
    assert "lijkt op een naam" in page(browser.post(path, {"text": "Is dit Dora Wijngaardt?", "seen": "1"}))
    assert browser.post(path, {"text": "Bel het wijkteam, 075 123 45 67.", "seen": "1"}).status_code == 302


def test_who_is_second_reads_who_was_first_and_keeps_her_text(client_of, asked, receiver, receiver_colleague):
    path = f"{LIST}{asked.pk}/antwoorden/"
    second = client_of(receiver_colleague)
    assert client_of(receiver).post(path, {"text": "Van Sanne.", "seen": "1"}).status_code == 302
    shown = page(second.post(path, {"text": "Van Joke.", "seen": "1"}))
    assert "Er is al antwoord gegeven, door Sanne Smit." in shown
    assert "<pre>Van Joke.</pre>" in shown
    assert asked.steps.filter(verb="answer").count() == 1
    again = client_of(receiver).post(path, {"text": "Van Sanne.", "seen": "1"})
    assert again.status_code == 302  # the same button, pressed twice


def test_it_is_declined_with_where_it_is_better_asked(client_of, asked, sender, receiver):
    path = f"{LIST}{asked.pk}/"
    typed = {"text": "Wij doen alleen dagopvang.", "elsewhere": "Het wijkteam", "seen": "1"}
    assert client_of(receiver).post(f"{path}niet-voor-ons/", typed).status_code == 302
    shown = page(client_of(sender).get(path))
    assert "Past beter bij: Het wijkteam" in shown
    assert "Kies wat nu: Steunpunt Mantelzorg Zaanstad is niet de juiste" in page(client_of(sender).get("/"))


def test_it_is_handed_on_once(client_of, asked, receiver, receiver_colleague, sender):
    path = f"{LIST}{asked.pk}/doorgeven/"
    browser = client_of(receiver)
    typed = {"form_key": key_in(page(browser.get(path))), "to": str(receiver_colleague.acting.pk), "seen": "1"}
    assert [browser.post(path, typed).status_code for _ in range(2)] == [302, 302]
    assert asked.steps.filter(verb="hand_on").count() == 1
    assert "Sanne Smit gaf de vraag door aan Joke Mulder" in page(client_of(sender).get(f"{LIST}{asked.pk}/"))
    assert "Joke Mulder is aan zet" in page(client_of(sender).get(f"{LIST}{asked.pk}/"))


def test_taken_back_the_text_is_gone_for_both(client_of, answered, sender, receiver):
    path = f"{LIST}{answered.pk}/"
    assert "wordt gewist" in page(client_of(sender).get(f"{path}terughalen/"))
    assert client_of(sender).post(f"{path}terughalen/", {}).status_code == 302
    for person in (sender, receiver):
        shown = page(client_of(person).get(path))
        assert not any(words in shown for words in (*WORDS.values(), "avondritme"))
        assert "teruggehaald" in shown.lower()


def test_late_she_reads_to_call_and_the_number(client_of, sender, receiver):
    question = make_question(sender=sender, receiver=receiver, now=TUESDAY)
    shown = page(client_of(sender).get(f"{LIST}{question.pk}/"))
    assert "De datum is voorbij. Bel even." in shown
    assert "tel:0751234567" in shown


def test_a_stranger_finds_nothing(
    client_of, asked, outsider, beheerder, coordinator, logtoezicht, functional_admin, pom
):
    for person in (outsider, pom, beheerder, coordinator, logtoezicht, functional_admin):
        for end in ("", "antwoorden/", "terughalen/"):
            assert client_of(person).get(f"{LIST}{asked.pk}/{end}").status_code == 404
        assert WORDS["subject"] not in client_of(person).get(LIST).content.decode()
        assert WORDS["subject"] not in client_of(person).get("/").content.decode()
    refused = AccessLogEntry.objects.filter(event="denied", user_id=outsider.pk, object_type="referrals.question")
    assert refused.count() == 3


def test_what_is_typed_by_another_is_shown_as_text(client_of, sender, receiver):
    question = make_question(sender=sender, receiver=receiver, text="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page(client_of(receiver).get(f"{LIST}{question.pk}/"))


# The lists ----------------------------------------------------------------------------------------------------------


def test_the_lists_tell_asked_from_received_and_open_from_done(client_of, sender, receiver, colleague):
    make_question(sender=sender, receiver=receiver, subject="Gesteld en open")
    make_question(QuestionState.CLOSED, sender=sender, receiver=receiver, subject="Gesteld en klaar")
    make_question(sender=receiver, receiver=colleague, subject="Gekregen")
    browser = client_of(sender)

    def shown(query: str) -> list[str]:
        return [
            words
            for words in ("Gesteld en open", "Gesteld en klaar", "Gekregen")
            if words in page(browser.get(LIST + query))
        ]

    assert shown("") == ["Gekregen"]
    assert shown("?lijst=gesteld") == ["Gesteld en open", "Gesteld en klaar"]
    assert shown("?lijst=gesteld&stand=open") == ["Gesteld en open"]
    assert shown("?lijst=gesteld&stand=klaar") == ["Gesteld en klaar"]
    assert shown("?lijst=ontvangen") == ["Gekregen"]
    assert shown("?lijst=ontvangen&van=mij") == []
    assert shown("?lijst=onzin&stand=onzin") == ["Gekregen"]
    piece = page(client_of(sender, HTTP_HX_REQUEST="true").get(f"{LIST}?lijst=gesteld"))
    assert piece.lstrip().startswith('<div id="results"')


def test_a_long_list_has_pages(client_of, sender, receiver):
    for number in range(21):
        make_question(sender=sender, receiver=receiver, subject=f"Vraag nummer {number:02}")
    first = page(client_of(sender).get(f"{LIST}?lijst=gesteld"))
    assert first.count("Vraag nummer") == 20
    onward = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert "Vraag nummer 00" in page(client_of(sender).get(onward))


@pytest.mark.parametrize("path", [f"{LIST}?lijst=gesteld", LIST, "/"])
def test_a_list_asks_as_much_for_one_as_for_many(path, client_of, sender, receiver, django_assert_max_num_queries):
    by = receiver if path in (LIST, "/") else sender
    make_question(sender=sender, receiver=receiver)
    browser = client_of(by)
    browser.get(path)
    with CaptureQueriesContext(connection) as one:
        browser.get(path)
    for _ in range(8):
        make_question(sender=sender, receiver=receiver)
    with django_assert_max_num_queries(len(one)):
        browser.get(path)


def test_it_is_reached_from_the_referrals_and_the_menu_says_where_she_is(client_of, sender, asked):
    assert 'href="/overlegvragen/"' in page(client_of(sender).get("/verwijzingen/"))
    shown = page(client_of(sender).get(LIST))
    assert re.search(r'href="/verwijzingen/"[^>]*aria-current="true"', shown)


def test_today_shows_no_more_than_a_few(client_of, sender, receiver):
    for number in range(9):
        make_question(sender=sender, receiver=receiver, subject=f"Vraag {number}")
    assert page(client_of(receiver).get("/")).count("Beantwoord een overlegvraag") == 6


def test_an_answered_question_is_read_by_a_colleague_of_who_asked(client_of, answered, colleague, sender):
    shown = page(client_of(colleague).get(f"{LIST}{answered.pk}/"))
    assert "Petra de Boer is aan zet" in shown
    actions.close(question=answered, by=colleague)

"""Talks with one caregiver: notes that save themselves, in which nobody's words are lost."""

import datetime
import json
import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from intake.models import Conversation, ConversationNote, Need
from intake.talking import actions
from intake.talking.actions import Typed, both, imprint
from knowledge.models import WorkCardStep
from mantelzorg.refusal import Refused
from tests.factories import make_caregiver
from tests.intake.conftest import words

DAY = datetime.timedelta(days=1)
FIRST, SECOND = "stap.vraag-stellen", "stap.tijd-nemen"
ONE_WINDOW = uuid.UUID(int=1)
HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer")


@pytest.fixture
def talk(sender, anna):
    return actions.begin_conversation(caregiver=anna, by=sender, held_on=timezone.localdate())


def page(talk) -> str:
    return f"/mantelzorgers/gesprekken/{talk.pk}/"


def box(subject: str) -> str:
    return f"bij-{subject}"


def sent(window: uuid.UUID, seen: dict | None = None, **texts: str) -> dict:
    subjects = {"first": FIRST, "second": SECOND}
    typed = {box(subjects[name]): text for name, text in texts.items()}
    return {"window": str(window), "seen": json.dumps(seen or {}), **typed}


def written(talk, user) -> dict[str, str]:
    return dict(talk.notes.filter(author=user.acting).values_list("subject", "text"))


# Beginning ----------------------------------------------------------------------------------------------------------


def test_a_talk_is_begun_once_however_often_the_button_is_pressed(client_of, sender, anna, looks):
    browser = client_of(sender)
    data = {"form_key": str(uuid.uuid4()), "held_on": timezone.localdate().isoformat(), "other_present": "met"}
    for _ in range(3):
        answer = browser.post(f"/mantelzorgers/{anna.pk}/gesprekken/nieuw/", data)
    talk = Conversation.objects.get()
    assert answer.url == page(talk)
    anna.refresh_from_db()
    assert anna.last_spoken_on == timezone.localdate()
    assert anna.timeline.last_of_kind("gesprek").text.startswith("Gesprek van")
    assert looks(sender, event="create").get(object_type="intake.conversation").fields == ["conversations"]
    said = words(browser.get(page(talk)))
    assert "Degene voor wie zij zorgt was erbij" in said


def test_a_day_that_has_to_come_is_refused(client_of, sender, anna):
    data = {"form_key": str(uuid.uuid4()), "held_on": (timezone.localdate() + DAY).isoformat()}
    answer = client_of(sender).post(f"/mantelzorgers/{anna.pk}/gesprekken/nieuw/", data)
    assert "Deze dag moet nog komen." in words(answer)
    assert not Conversation.objects.exists()


def test_it_is_guided_by_the_nine_steps_or_by_themes_with_the_questions_at_hand(client_of, sender, talk):
    browser = client_of(sender)
    by_steps, by_themes = (browser.get(f"{page(talk)}?langs={guide}") for guide in ("stappen", "themas"))
    assert by_steps.text.count('class="disclosure talk-part"') == 10
    assert "Hoe is het met jou?" in by_steps.text
    assert by_themes.text.count('class="disclosure talk-part"') == 10
    assert "Hoe is het met jou?" not in by_themes.text
    assert browser.get(f"{page(talk)}?langs=iets").text.count("1. Stel de vraag") >= 1


# Writing ------------------------------------------------------------------------------------------------------------


def test_it_saves_while_she_types_and_says_so(client_of, sender, talk):
    browser, window = client_of(sender), uuid.uuid4()
    answer = browser.post(page(talk), sent(window, first="Slaapt slecht", second=""), **HX)
    assert words(answer).startswith("Bewaard om ")
    assert written(talk, sender) == {FIRST: "Slaapt slecht"}
    seen = {FIRST: imprint("Slaapt slecht")}
    assert json.dumps(seen).replace('"', "&quot;") in answer.text
    browser.post(page(talk), sent(window, seen, first="Slaapt slecht en piekert", second="Druk"), **HX)
    assert written(talk, sender) == {FIRST: "Slaapt slecht en piekert", SECOND: "Druk"}


def test_without_a_script_the_button_saves_all_of_it(client_of, sender, talk):
    answer = client_of(sender).post(page(talk), sent(uuid.uuid4(), first="Slaapt slecht"), follow=True)
    assert "De notities zijn bewaard." in words(answer)
    assert "Slaapt slecht" in answer.text


def test_the_other_guide_is_chosen_without_losing_what_was_typed(client_of, sender, talk):
    browser = client_of(sender)
    answer = browser.post(page(talk), sent(uuid.uuid4(), first="Slaapt slecht") | {"langs": "themas"})
    assert answer.url == f"{page(talk)}?langs=themas"
    assert "Slaapt slecht" in browser.get(answer.url).text  # shown beside the themes, for it was written


def test_two_windows_of_one_person_lose_nothing(client_of, sender, talk):
    browser, one, other = client_of(sender), uuid.uuid4(), uuid.uuid4()
    browser.post(page(talk), sent(one, first="Uit het eerste venster"), **HX)
    answer = browser.post(page(talk), sent(other, first="Uit het tweede venster"), **HX)
    assert written(talk, sender)[FIRST] == "Uit het eerste venster\nUit het tweede venster"
    assert "ook in een ander venster open" in words(answer)
    assert 'data-hx-swap-oob="true"' in answer.text
    assert "Uit het eerste venster" in answer.text
    # the first window goes on with what it has: what the second one wrote stays
    browser.post(
        page(talk), sent(one, {FIRST: imprint("Uit het eerste venster")}, first="Uit het eerste venster, en meer"), **HX
    )
    assert "Uit het tweede venster" in written(talk, sender)[FIRST]
    assert "en meer" in written(talk, sender)[FIRST]


def test_while_the_words_of_both_are_not_shown_yet_neither_window_wins(client_of, sender, talk):
    browser, other = client_of(sender), uuid.uuid4()
    browser.post(page(talk), sent(ONE_WINDOW, first="Uit het ene"), **HX)
    for typed in ("Uit het andere", "Uit het andere, en verder"):  # she goes on typing, so her box is left alone
        browser.post(page(talk), sent(other, first=typed), **HX)
    assert written(talk, sender)[FIRST] == "Uit het ene\nUit het andere, en verder"


def test_what_she_took_back_elsewhere_stays_away(client_of, sender, talk):
    browser, one, other = client_of(sender), uuid.uuid4(), uuid.uuid4()
    browser.post(page(talk), sent(one, first="Zij zei iets"), **HX)
    seen = {FIRST: imprint("Zij zei iets")}
    browser.post(page(talk), sent(other, seen, first="Zij wil hier niet over praten"), **HX)
    browser.post(page(talk), sent(one, seen, first="Zij zei iets", second="Iets nieuws"), **HX)  # first was not touched
    assert written(talk, sender) == {FIRST: "Zij wil hier niet over praten", SECOND: "Iets nieuws"}


@pytest.mark.parametrize("odd", ["hulpvraag:\0", "taak:\0", "taak:verzonnen", "iets:anders", ":", "hulpvraag"])
def test_an_odd_button_only_saves(client_of, sender, talk, odd):
    answer = client_of(sender).post(page(talk), sent(uuid.uuid4(), first="Bewaard") | {"doe": odd})
    assert answer.status_code == 302
    assert written(talk, sender) == {FIRST: "Bewaard"}
    assert not Need.objects.exists()


def test_an_answer_that_was_lost_on_the_way_doubles_nothing(client_of, sender, talk):
    browser, window = client_of(sender), uuid.uuid4()
    browser.post(page(talk), sent(window, first="Slaapt slecht"), **HX)  # kept, but she never heard so
    browser.post(page(talk), sent(window, first="Slaapt niet"), **HX)
    assert written(talk, sender)[FIRST] == "Slaapt niet"


def test_two_colleagues_in_one_talk_each_write_their_own(client_of, sender, colleague, talk):
    client_of(sender).post(page(talk), sent(uuid.uuid4(), first="Zij slaapt slecht"), **HX)
    client_of(colleague).post(page(talk), sent(uuid.uuid4(), first="Zij is moe"), **HX)
    assert written(talk, sender) == {FIRST: "Zij slaapt slecht"}
    assert written(talk, colleague) == {FIRST: "Zij is moe"}
    said = words(client_of(sender).get(page(talk)))
    assert "Zij is moe" in said
    assert str(colleague) in said


def test_what_is_too_long_waits_and_the_rest_is_kept(client_of, sender, talk):
    answer = client_of(sender).post(page(talk), sent(uuid.uuid4(), first="x" * 4001, second="Wel bewaard"), **HX)
    assert "Nog niet alles is bewaard." in words(answer)
    assert "4000" in words(answer)
    assert written(talk, sender) == {SECOND: "Wel bewaard"}
    whole = client_of(sender).post(page(talk), sent(uuid.uuid4(), first="y" * 4001))
    assert "y" * 4001 in whole.text


@pytest.mark.parametrize(
    "seen", ["", "geen json", '{"stap.vraag-stellen": "veel"}', '{"stap.vraag-stellen": 3}', "[1]"]
)
def test_an_odd_version_counts_as_not_having_seen_it(client_of, sender, talk, seen):
    browser = client_of(sender)
    browser.post(page(talk), sent(uuid.uuid4(), first="Eerst"), **HX)
    data = sent(uuid.uuid4(), first="Daarna") | {"seen": seen}
    assert browser.post(page(talk), data, **HX).status_code == 200
    assert written(talk, sender)[FIRST] == "Eerst\nDaarna"


@pytest.mark.parametrize(
    ("kept", "typed", "together"),
    [
        ("a", "a", "a"),
        ("a", "", "a"),
        ("", "b", "b"),
        ("a", "a en b", "a en b"),
        ("a\nb", "a\nc", "a\nb\nc"),
        ("a\nb", "b en meer\nc", "a\nb en meer\nc"),
    ],
)
def test_the_words_of_both_stay_each_once(kept, typed, together):
    assert both(kept, typed) == together


def test_saving_is_logged_once_in_ten_minutes(sender, talk, looks):
    now, window = timezone.now(), uuid.uuid4()
    for seconds in (0, 5, 10, 700):
        typed = {FIRST: Typed(f"Na {seconds} seconden")}
        moment = now + datetime.timedelta(seconds=seconds)
        actions.write_notes(conversation=talk, by=sender, window=window, typed=typed, now=moment)
    rows = looks(sender, object_type="intake.conversationnote")
    assert sorted(rows.values_list("event", flat=True)) == ["create", "update"]


def test_while_she_types_a_look_is_logged_only_when_other_words_are_shown(client_of, sender, talk, looks):
    browser, shown = client_of(sender), looks(sender, event="view")
    for text in ("Een", "Een twee"):
        browser.post(page(talk), sent(ONE_WINDOW, first=text), **HX)
    assert shown.count() == 0
    browser.post(page(talk), sent(uuid.uuid4(), first="Uit het andere venster"), **HX)
    assert shown.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_letters_at_the_same_moment_make_one_note(sender, talk):
    problems = []

    def write(text: str) -> None:
        try:
            actions.write_notes(conversation=talk, by=sender, window=uuid.uuid4(), typed={FIRST: Typed(text)})
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(text,)) for text in ("een", "twee", "drie")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert sorted(written(talk, sender)[FIRST].split("\n")) == ["drie", "een", "twee"]


# What comes of it ---------------------------------------------------------------------------------------------------


def test_a_note_becomes_a_need_with_one_click_and_once(client_of, sender, anna, talk):
    browser = client_of(sender)
    data = sent(uuid.uuid4(), first="Even naar tennis") | {"doe": f"hulpvraag:{FIRST}"}
    for _ in range(2):
        answer = browser.post(page(talk), data, follow=True)
    need = Need.objects.get(caregiver=anna)
    assert (need.words, need.kind) == ("Even naar tennis", None)
    assert "De hulpvraag is gemaakt" in words(answer)
    assert f"/hulpvragen/{need.pk}/wijzigen/" in answer.text


def test_a_note_becomes_a_task_with_one_click_and_once(client_of, sender, anna, talk):
    browser = client_of(sender)
    data = sent(uuid.uuid4(), first="Elke dag\nmee naar de dokter") | {"doe": f"taak:{FIRST}"}
    for _ in range(2):
        answer = browser.post(page(talk), data, follow=True)
    task = anna.tasks.get()
    assert (task.what, task.wish) == ("Elke dag mee naar de dokter", "houden")
    assert f"/taken/{task.pk}/wijzigen/" in answer.text
    long = sent(uuid.uuid4(), second="z" * 201) | {"doe": f"taak:{SECOND}"}
    assert "hoogstens 200" in words(browser.post(page(talk), long))


@pytest.mark.parametrize(("text", "said"), [("", "Schrijf hier eerst iets op."), ("z" * 1001, "hoogstens 1000")])
def test_of_nothing_or_too_much_no_need_is_made(client_of, sender, talk, text, said):
    answer = client_of(sender).post(page(talk), sent(uuid.uuid4(), first=text) | {"doe": f"hulpvraag:{FIRST}"})
    assert said in words(answer)
    assert not Need.objects.exists()
    assert written(talk, sender).get(FIRST, "") == text


def test_of_a_note_of_a_colleague_nobody_else_makes_a_need(sender, colleague, talk):
    actions.write_notes(conversation=talk, by=sender, window=uuid.uuid4(), typed={FIRST: Typed("Tennis")})
    with pytest.raises(Refused, match="Schrijf hier eerst"):
        actions.need_of_note(conversation=talk, subject=FIRST, by=colleague)


# Saying it better, taking it away -----------------------------------------------------------------------------------


def test_the_day_can_be_said_better_and_two_at_once_lose_nothing(client_of, sender, colleague, anna, talk):
    today, before = timezone.localdate().isoformat(), (timezone.localdate() - DAY).isoformat()
    seen = json.dumps({"held_on": today, "other_present": "", "sofa": ""})
    client_of(sender).post(f"{page(talk)}wijzigen/", {"seen": seen, "held_on": before})
    anna.refresh_from_db()
    assert anna.last_spoken_on == timezone.localdate() - DAY
    data = {"seen": seen, "held_on": today, "other_present": "met", "sofa": "S"}
    answer = client_of(colleague).post(f"{page(talk)}wijzigen/", data)
    assert "Dit is intussen gewijzigd" in words(answer)
    talk.refresh_from_db()
    assert (talk.held_on.isoformat(), talk.sofa) == (before, "")


def test_a_talk_begun_by_mistake_can_go_but_not_with_notes(client_of, sender, anna, talk):
    browser = client_of(sender)
    actions.write_notes(conversation=talk, by=sender, window=uuid.uuid4(), typed={FIRST: Typed("Iets")})
    assert "staan notities" in words(browser.post(f"{page(talk)}weghalen/", follow=True))
    actions.write_notes(
        conversation=talk, by=sender, window=uuid.uuid4(), typed={FIRST: Typed("", seen=imprint("Iets"))}
    )
    browser.post(f"{page(talk)}weghalen/")
    assert not Conversation.objects.exists()
    anna.refresh_from_db()
    assert anna.last_spoken_on is None


# Who may, and what it costs -----------------------------------------------------------------------------------------


def test_another_organisation_finds_nothing_and_writes_nothing(client_of, outsider, receiver, talk, anna):
    for stranger in (outsider, receiver):
        browser = client_of(stranger)
        for address in (page(talk), f"{page(talk)}wijzigen/", f"/mantelzorgers/{anna.pk}/gesprekken/"):
            assert browser.get(address).status_code == 404
        assert browser.post(page(talk), sent(uuid.uuid4(), first="Niet van jou"), **HX).status_code == 404
    with pytest.raises(Refused):
        actions.write_notes(conversation=talk, by=outsider, window=uuid.uuid4(), typed={FIRST: Typed("x")})
    assert not ConversationNote.objects.exists()


def test_fifty_talks_cost_as_many_queries_as_two_and_come_in_pages(client_of, sender, anna, counted):
    browser, address = client_of(sender), f"/mantelzorgers/{anna.pk}/gesprekken/"
    for days in range(2):
        actions.begin_conversation(caregiver=anna, by=sender, held_on=timezone.localdate() - days * DAY)
    few = counted(browser, address)
    for days in range(2, 50):
        actions.begin_conversation(caregiver=anna, by=sender, held_on=timezone.localdate() - days * DAY)
    assert counted(browser, address) == few
    assert browser.get(address).text.count("/mantelzorgers/gesprekken/0") == 20


def test_ten_notes_cost_as_many_queries_as_one(client_of, sender, colleague, talk, counted):
    window = uuid.uuid4()
    for by in (sender, colleague):
        actions.write_notes(conversation=talk, by=by, window=window, typed={FIRST: Typed("Een")})
    few = counted(client_of(sender), page(talk))
    typed = {f"stap.{step.pk}": Typed("Veel") for step in WorkCardStep.objects.current()}
    for by in (sender, colleague):
        actions.write_notes(conversation=talk, by=by, window=window, typed=typed)
    assert counted(client_of(sender), page(talk)) == few

"""What she does and wants with it: noted once, moved by a button, ended and put back."""

import json
import uuid

import pytest

from intake.models import Task
from intake.plans import actions
from mantelzorg.refusal import Refused
from tests.factories import make_caregiver
from tests.intake.conftest import words


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer")


@pytest.fixture
def wash(sender, anna):
    return actions.add_task(caregiver=anna, by=sender, what="De was")


def page(caregiver) -> str:
    return f"/mantelzorgers/{caregiver.pk}/taken/"


def press(browser, task, button: str):
    return browser.post(f"/taken/{task.pk}/", {"doe": button}, follow=True)


def column(response, wish: str) -> str:
    return response.text.split(f'id="wens-{wish}"')[1].split("</section>")[0]


def test_a_task_is_noted_once_however_often_the_button_is_pressed(client_of, sender, anna, looks):
    data = {"form_key": str(uuid.uuid4()), "what": "Koken", "wish": "delen", "to": "de buurvrouw"}
    for _ in range(3):
        answer = client_of(sender).post(page(anna), data, follow=True)
    assert Task.objects.get().what == "Koken"
    assert "Koken" in column(answer, "delen")
    assert looks(sender, event="create").get(object_type="intake.task").fields == ["tasks"]
    assert "Koken" not in anna.timeline.last_of_kind("taak").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"what": "", "wish": "houden"}, "Vul in wat zij doet."), ({"what": "Koken", "wish": "overdragen"}, "aan wie")],
)
def test_what_is_missing_is_said_at_the_field(client_of, sender, anna, typed, said):
    answer = client_of(sender).post(page(anna), {"form_key": str(uuid.uuid4()), **typed})
    assert said in words(answer)
    assert not Task.objects.exists()


def test_a_button_moves_it_and_the_same_button_again_changes_nothing(client_of, sender, anna, wash):
    browser = client_of(sender)
    for _ in range(2):
        answer = press(browser, wash, "delen")
    assert "De was" in column(answer, "delen")
    assert "De was" not in column(answer, "houden")
    assert anna.timeline.of_kind("taak").count() == 2  # noted, and moved once
    assert "aan wie zij het wil overdragen" in words(press(browser, wash, "overdragen"))
    press(browser, wash, "iets-anders")
    wash.refresh_from_db()
    assert wash.wish == "delen"


def test_what_she_does_no_longer_can_be_put_back(client_of, sender, wash):
    browser = client_of(sender)
    answer = press(browser, wash, "stop")
    assert "Doet zij niet meer (1)" in words(answer)
    assert "De was" in column(press(browser, wash, "terug"), "houden")


def test_there_is_a_most_and_it_says_so(sender, anna, wash, monkeypatch):
    monkeypatch.setattr(actions, "MOST_TASKS", 1)
    with pytest.raises(Refused, match="Er staan al 1 taken"):
        actions.add_task(caregiver=anna, by=sender, what="Koken")
    actions.end_task(task=wash, by=sender)
    actions.add_task(caregiver=anna, by=sender, what="Koken")
    with pytest.raises(Refused, match="Er staan al 1 taken"):
        actions.put_task_back(task=wash, by=sender)


def test_two_who_change_it_at_once_lose_nothing(client_of, sender, colleague, wash):
    seen = json.dumps({"what": "De was", "wish": "houden", "to": ""})
    address = f"/taken/{wash.pk}/wijzigen/"
    client_of(sender).post(address, {"seen": seen, "what": "De was van twee", "wish": "houden"})
    answer = client_of(colleague).post(address, {"seen": seen, "what": "De was", "wish": "delen", "to": "Riet"})
    assert "Dit is intussen gewijzigd door" in words(answer)
    assert "De was van twee" in answer.text
    wash.refresh_from_db()
    assert (wash.what, wash.wish) == ("De was van twee", "houden")


def test_a_need_begins_with_the_words_of_a_task_of_hers(client_of, sender, anna, wash):
    browser = client_of(sender)
    actions.move_task(task=wash, by=sender, wish="delen")
    asks = f"/mantelzorgers/{anna.pk}/hulpvragen/nieuw/?taak={wash.pk}"
    assert asks in browser.get(page(anna)).text
    assert "De was" in browser.get(asks).text
    ben = make_caregiver(sender, "Ben")
    for other in (f"/mantelzorgers/{ben.pk}/hulpvragen/nieuw/?taak={wash.pk}", asks[:-4], f"{asks}%00"):
        answer = browser.get(other)
        assert answer.status_code == 200
        assert "De was" not in answer.text


def test_on_paper_it_is_hers(client_of, sender, anna, wash, looks):
    answer = client_of(sender).get(f"{page(anna)}afdruk.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert looks(sender, event="print").get().fields == ["name", "tasks"]


def test_the_game_is_linked(client_of, sender, anna):
    assert "/meetinstrumenten/bordje-vol/" in client_of(sender).get(page(anna)).text


def test_another_organisation_finds_nothing(client_of, outsider, anna, wash):
    browser = client_of(outsider)
    for address in (page(anna), f"{page(anna)}afdruk.pdf", f"/taken/{wash.pk}/wijzigen/"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"/taken/{wash.pk}/", {"doe": "stop"}).status_code == 404
    with pytest.raises(Refused):
        actions.end_task(task=wash, by=outsider)


def test_fifty_cost_as_many_queries_as_one(client_of, sender, anna, wash, counted):
    few = counted(client_of(sender), page(anna))
    for number in range(49):
        actions.add_task(caregiver=anna, by=sender, what=f"Taak {number}")
    assert counted(client_of(sender), page(anna)) == few

"""What was thought of for now, for later and for a crisis, and the one page of it for the fridge."""

import json

import pytest
from django.template.loader import render_to_string

from intake.models import Scenario
from intake.plans import actions
from intake.plans.reading import fridge_page
from mantelzorg.pdf import TooLong, render_pdf
from mantelzorg.refusal import Refused
from tests.factories import make_caregiver
from tests.intake.conftest import words

NOTHING = dict.fromkeys(Scenario.TEXTS, "")


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer")


def page(caregiver, rest: str = "") -> str:
    return f"/mantelzorgers/{caregiver.pk}/scenarios/{rest}"


def sent(seen: dict | None = None, **texts: str) -> dict:
    return {"seen": json.dumps(NOTHING | (seen or {})), **texts}


def written(caregiver, by, moment="crisis", **texts) -> Scenario:
    texts = texts or {"red": "Zij slaapt niet meer", "numbers": "Broer Jan: 06 55500013"}
    return actions.write_scenario(caregiver=caregiver, by=by, moment=moment, **texts)


def test_each_moment_says_what_it_is_for_while_nothing_is_written(client_of, sender, anna):
    said = words(client_of(sender).get(page(anna)))
    assert said.count("Nog niets opgeschreven.") == 3
    assert "wie komt er, en wie bel je?" in said
    assert "Maak de bladzijde" not in said


def test_it_is_written_and_read_with_a_word_besides_the_colour(client_of, sender, anna, looks):
    browser = client_of(sender)
    browser.post(page(anna, "straks/"), sent(orange="Zij vergeet te eten\nZij is boos", agreements="Elke dag bellen"))
    answer = browser.get(page(anna))
    said = words(answer)
    assert "Oranje: let op" in said
    assert answer.text.count("<li>Zij ") == 2
    assert str(sender) in said
    assert "eten" not in anna.timeline.last_of_kind("scenario").text
    assert looks(sender, event="create").get(object_type="intake.scenario").fields == ["scenarios"]


def test_a_line_without_a_number_is_refused_and_nothing_is_lost(client_of, sender, anna):
    answer = client_of(sender).post(page(anna, "crisis/"), sent(numbers="Broer Jan\nRiet: 06 55500014", red="Val"))
    assert "op een regel: Broer Jan" in words(answer)
    assert "Riet: 06 55500014" in answer.text
    assert not Scenario.objects.exists()


def test_two_who_write_at_once_lose_nothing(client_of, sender, colleague, anna):
    client_of(sender).post(page(anna, "nu/"), sent(green="Zij zingt"))
    answer = client_of(colleague).post(page(anna, "nu/"), sent(green="Zij lacht", red="Zij valt"))
    assert "Dit is intussen gewijzigd door" in words(answer)
    assert "Zij lacht" in answer.text
    assert "Zij zingt" in answer.text
    assert Scenario.objects.get().red == ""


def test_who_was_first_is_who_wrote_this_one(client_of, sender, colleague, anna):
    written(anna, colleague, "nu", green="Zij zingt")
    written(anna, sender, "straks", green="Iets anders")
    answer = client_of(sender).post(page(anna, "nu/"), sent(green="Zij lacht"))
    assert f"Dit is intussen gewijzigd door {colleague}" in words(answer)


def test_there_is_no_other_moment(client_of, sender, anna):
    assert client_of(sender).get(page(anna, "ooit/")).status_code == 404


def test_the_fridge_page_has_no_name_of_hers_and_nothing_of_how_heavy_it_is(sender, anna):
    written(anna, sender)
    anna.refresh_from_db()
    text = render_to_string("intake/plans/fridge.html", fridge_page(anna, ["crisis"]))
    assert "Zij slaapt niet meer" in text
    assert "112" in text
    assert "Rood: nu iets doen" in text
    assert "Anna" not in text
    assert "van 10" not in text


def test_the_fridge_page_is_a_paper_of_what_was_ticked(client_of, sender, anna, looks):
    browser = client_of(sender)
    assert browser.get(page(anna, "koelkast.pdf")).url == page(anna)  # nothing to print yet
    written(anna, sender)
    answer = browser.get(page(anna, "koelkast.pdf?gekozen=ja&welke=crisis"))
    assert answer["Content-Type"] == "application/pdf"
    assert looks(sender, event="print").count() == 1
    assert browser.get(page(anna, "koelkast.pdf?gekozen=ja")).status_code == 302  # none ticked is not all
    assert "niets om af te drukken" in words(browser.get(page(anna, "koelkast.pdf?gekozen=ja&welke=nu"), follow=True))


def test_a_full_plan_fits_in_a_smaller_letter_and_too_much_is_said(client_of, sender, anna):
    for moment in ("nu", "straks", "crisis"):
        lines = "\n".join(f"Teken {number}" for number in range(3))
        written(anna, sender, moment, green=lines, orange=lines, red=lines, agreements=lines, who_does_what=lines)
    browser = client_of(sender)
    assert browser.get(page(anna, "koelkast.pdf"))["Content-Type"] == "application/pdf"
    for moment in ("nu", "straks", "crisis"):
        lines = "\n".join("teken" for _ in range(100))
        written(anna, sender, moment, green=lines, orange=lines, red=lines)
    assert "past niet op één bladzijde" in words(browser.get(page(anna, "koelkast.pdf"), follow=True))
    context = fridge_page(anna, ["nu", "straks", "crisis"])
    with pytest.raises(TooLong):
        render_pdf("intake/plans/fridge.html", context, pages=1, must_fit=True)


def test_another_organisation_finds_nothing(client_of, sender, outsider, anna):
    written(anna, sender)
    browser = client_of(outsider)
    for address in (page(anna), page(anna, "crisis/"), page(anna, "koelkast.pdf")):
        assert browser.get(address).status_code == 404
    with pytest.raises(Refused):
        written(anna, outsider)


def test_three_cost_as_many_queries_as_one(client_of, sender, anna, counted):
    written(anna, sender)
    few = counted(client_of(sender), page(anna))
    for moment in ("nu", "straks"):
        written(anna, sender, moment)
    assert counted(client_of(sender), page(anna)) == few

"""Does somebody find what she means? relevance.yaml holds what people type, and what must be among the first three."""

import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

from sociale_kaart.models import Municipality, Service
from sociale_kaart.search import SearchQuery, find

FILE = Path(__file__).with_name("relevance.yaml")
FIRST = 3
AT_LEAST = 0.95
AT_LEAST_UNPREPARED = 0.6  # nobody chose synonyms for these: lower is a sign that the others were learnt by heart
QUESTIONS = yaml.safe_load(FILE.read_text(encoding="utf-8"))


@pytest.fixture
def region(db):
    call_command("load_demo_region", stdout=sys.stderr)


def missed(questions: list[dict]) -> list[str]:
    """What was asked in vain, with what came instead."""
    wrong = []
    for question in questions:
        municipalities = (question["waar"],) if "waar" in question else ()
        found = [hit.slug for hit in find(SearchQuery(text=question["vraag"], municipalities=municipalities)).hits]
        if not set(found[:FIRST]) & set(question["antwoord"]):
            wrong.append(f"{question['vraag']}: {', '.join(found[:FIRST]) or 'nothing'}")
    return wrong


def share(record_property, label: str, questions: list[dict], wrong: list[str]) -> float:
    """How many were answered; said at the end of the tests."""
    found = len(questions) - len(wrong)
    measured = found / len(questions)
    record_property("measured", f"{label}: {found} of {len(questions)} in the first {FIRST} ({measured:.0%})")
    return measured


def test_what_people_type_leads_to_what_they_mean(region, record_property):
    wrong = missed(QUESTIONS["vragen"])
    assert share(record_property, "Questions to the sociale kaart", QUESTIONS["vragen"], wrong) >= AT_LEAST, "\n".join(
        wrong
    )


def test_what_nobody_prepared_for_mostly_does_too(region, record_property):
    wrong = missed(QUESTIONS["apart"])
    assert share(record_property, "Questions held apart", QUESTIONS["apart"], wrong) >= AT_LEAST_UNPREPARED, "\n".join(
        wrong
    )


def test_the_file_asks_enough_and_every_answer_is_there(region):
    published = set(Service.objects.published().values_list("slug", flat=True))
    every = QUESTIONS["vragen"] + QUESTIONS["apart"]
    assert len(QUESTIONS["vragen"]) >= 60
    assert len({question["vraag"] + question.get("waar", "") for question in every}) == len(every)
    assert {answer for question in every for answer in question["antwoord"]} <= published
    assert {question["waar"] for question in every if "waar" in question} <= set(
        Municipality.objects.values_list("pk", flat=True)
    )


def test_a_question_that_is_answered_wrongly_is_noticed(region):
    assert missed([{"vraag": "traplift", "antwoord": ["levensboek-aan-huis"]}]) != []

"""What her page says comes next: what is open first, then what was not asked for long."""

import datetime
import json

import pytest
from django.utils import timezone

from intake import actions
from intake.measuring.actions import record_screening
from intake.talking.actions import begin_conversation
from knowledge.models import Instrument
from tests.factories import make_caregiver, make_need
from tests.intake.conftest import words

DAY = datetime.timedelta(days=1)


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer", situation_kind="psychisch")


def next_on(client, caregiver) -> str:
    said = words(client.get(f"/mantelzorgers/{caregiver.pk}/"))
    return said.partition("Wat komt er nu")[2].partition("Zo bereik je haar")[0]


def test_at_first_it_asks_for_a_talk_and_how_heavy_it_is(client_of, sender, anna):
    said = next_on(client_of(sender), anna)
    assert "Er is nog geen gesprek vastgelegd." in said
    assert "Vraag hoe zwaar het nu voor haar is." in said


def test_what_is_open_comes_before_what_was_not_asked(client_of, sender, anna):
    make_need(anna, sender, words="Even weg")
    csi, today = Instrument.objects.get(pk="csi"), timezone.localdate()
    record_screening(caregiver=anna, by=sender, instrument=csi, version="1995", taken_on=today, total=9)
    said = next_on(client_of(sender), anna)
    assert said.index("Jij bent aan zet") < said.index("(9 van 13)") < said.index("nog geen gesprek")


def test_the_need_with_the_nearest_day_comes_first(client_of, sender, anna):
    later, sooner = (make_need(anna, sender, kind=kind) for kind in ("logeerzorg", "lotgenotencontact"))
    actions.plan_need(need=later, by=sender, on=timezone.localdate() + 20 * DAY, note="Ik bel zelf")
    said = next_on(client_of(sender), anna)
    assert said.index(sooner.kind_name) < said.index(later.kind_name)


def test_after_three_months_it_is_asked_again_and_before_it_is_not(client_of, sender, anna):
    long_ago, today = timezone.localdate() - 91 * DAY, timezone.localdate()
    actions.set_burden(caregiver=anna, by=sender, burden=4, on=long_ago)
    begin_conversation(caregiver=anna, by=sender, held_on=long_ago)
    said = next_on(client_of(sender), anna)
    assert "Jullie spraken haar het laatst op" in said
    assert "Vraag opnieuw hoe zwaar het is" in said
    actions.set_burden(caregiver=anna, by=sender, burden=6, on=today)
    begin_conversation(caregiver=anna, by=sender, held_on=today)
    page = words(client_of(sender).get(f"/mantelzorgers/{anna.pk}/"))
    assert "Wat komt er nu" not in page
    assert "Zwaarder dan op" in page  # which way it moves


def test_her_facts_are_asked_and_shown(client_of, sender, anna):
    browser = client_of(sender)
    form = browser.get(f"/mantelzorgers/{anna.pk}/wijzigen/").context["form"]
    data = {name: form[name].value() or "" for name in form.fields if name != "seen"}
    data = {name: value for name, value in data.items() if value not in (False, "")}
    data |= {
        "seen": json.dumps(form.initial["seen"]),
        "lives_together": "ja",
        "works": "nee",
        "other_carers": "haar broer, in het weekend",
        "language": "tr",
        "interpreter": "on",
        "young_adult": "on",
    }
    both = browser.post(f"/mantelzorgers/{anna.pk}/wijzigen/", data | {"under_16": "on"})
    assert "Kies één leeftijd" in words(both)
    browser.post(f"/mantelzorgers/{anna.pk}/wijzigen/", data)
    said = words(browser.get(f"/mantelzorgers/{anna.pk}/"))
    assert "Praat het liefst Turks, met een tolk" in said
    assert "haar broer, in het weekend" in said
    assert "16 tot en met 24 jaar: een jonge mantelzorger" in said
    anna.refresh_from_db()
    assert (anna.lives_together, anna.works, anna.language_id) == ("ja", "nee", "tr")


@pytest.mark.parametrize(("asked", "found"), [("4", {"Ben", "Cor"}), ("26", {"Cor"}), ("nooit", {"Cor"})])
def test_who_was_not_spoken_to_is_found(client_of, sender, anna, asked, found):
    ben, cor = make_caregiver(sender, "Ben"), make_caregiver(sender, "Cor")
    begin_conversation(caregiver=anna, by=sender, held_on=timezone.localdate())
    begin_conversation(caregiver=ben, by=sender, held_on=timezone.localdate() - 60 * DAY)
    answer = client_of(sender).get(f"/mantelzorgers/?gesprek={asked}")
    assert {line["name"] for line in answer.context["lines"]} == found
    assert cor.last_spoken_on is None

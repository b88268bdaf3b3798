"""Her journey with dementia: steps with a day and a note, said better or taken away, and what then often helps."""

import datetime
import json
import uuid

import pytest
from django.utils import timezone

from intake import actions as intake
from intake.journey import actions
from intake.models import PhaseStep
from knowledge.models import Phase
from mantelzorg.refusal import Refused
from tests.factories import make_caregiver
from tests.intake.conftest import words

DAY = datetime.timedelta(days=1)


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer")


def step(caregiver, by, slug="diagnose", days=30, note="") -> PhaseStep:
    phase = Phase.objects.get(pk=slug)
    intake.set_phase(caregiver=caregiver, by=by, phase=phase, since=timezone.localdate() - days * DAY, note=note)
    return caregiver.phase_steps.get(phase=phase)


def page(caregiver) -> str:
    return f"/mantelzorgers/{caregiver.pk}/fasen/"


def edit(one: PhaseStep, rest: str = "wijzigen/") -> str:
    return f"/mantelzorgers/fasen/{one.pk}/{rest}"


def test_moving_a_phase_shows_with_its_note_who_and_what_then_often_helps(client_of, sender, anna):
    browser = client_of(sender)
    data = {
        "form_key": str(uuid.uuid4()),
        "phase": "diagnose",
        "since": timezone.localdate().isoformat(),
        "note": "De uitslag kwam vorige week",
    }
    answer = browser.post(f"/mantelzorgers/{anna.pk}/fase/", data, follow=True)
    assert answer.redirect_chain[-1][0] == page(anna)
    said = words(answer)
    assert "De uitslag kwam vorige week" in said
    assert "Cliëntondersteuner" in said  # who often comes in now
    assert f"/mantelzorgers/{anna.pk}/hulpvragen/nieuw/?soort=" in answer.text


def test_what_often_helps_becomes_a_need_with_its_kind_chosen(client_of, sender, anna):
    step(anna, sender)
    browser = client_of(sender)
    text = browser.get(page(anna)).text
    address = text.split("/hulpvragen/nieuw/?soort=")[1].split('"')[0]
    form = browser.get(f"/mantelzorgers/{anna.pk}/hulpvragen/nieuw/?soort={address}")
    assert f'<option value="{address}" selected>' in form.text
    assert browser.get(f"/mantelzorgers/{anna.pk}/hulpvragen/nieuw/?soort=<script>").status_code == 200


def test_a_step_is_said_better_and_her_phase_is_that_of_the_last_day(client_of, sender, anna):
    first, last = step(anna, sender, "niet-pluis", 60), step(anna, sender, "diagnose", 10)
    actions.change_phase_step(step=first, by=sender, phase=first.phase, since=first.since, note="Zo begon het")
    anna.refresh_from_db()
    assert anna.phase_id == "diagnose"
    seen = {"phase_id": "diagnose", "since": last.since.isoformat(), "note": ""}
    data = {
        "seen": json.dumps(seen),
        "phase": "diagnose",
        "since": (first.since - DAY).isoformat(),
        "note": "Eerder al",
    }
    client_of(sender).post(edit(last), data)
    anna.refresh_from_db()
    last.refresh_from_db()
    assert (anna.phase_id, last.note) == ("niet-pluis", "Eerder al")


def test_two_who_change_a_step_at_once_lose_nothing(client_of, sender, colleague, anna):
    one = step(anna, sender)
    seen = json.dumps({"phase_id": "diagnose", "since": one.since.isoformat(), "note": ""})
    data = {"seen": seen, "phase": "diagnose", "since": one.since.isoformat()}
    client_of(sender).post(edit(one), data | {"note": "Van Petra"})
    answer = client_of(colleague).post(edit(one), data | {"note": "Van Karim"})
    assert "Dit is intussen gewijzigd door" in words(answer)
    assert "Van Karim" in answer.text
    one.refresh_from_db()
    assert one.note == "Van Petra"


def test_a_wrong_step_is_taken_away_after_asking(client_of, sender, anna):
    one = step(anna, sender)
    browser = client_of(sender)
    assert "Stap weghalen?" in browser.get(edit(one, "weghalen/")).text
    browser.post(edit(one, "weghalen/"))
    anna.refresh_from_db()
    assert anna.phase is None
    assert anna.timeline.last_of_kind("fase").text == "Stap in haar reis weggehaald: Diagnose."
    with pytest.raises(Refused, match="is er niet meer"):
        actions.remove_phase_step(step=one, by=sender)


def test_phases_are_only_there_with_dementia(client_of, sender):
    ben = make_caregiver(sender, "Ben Bakker", situation_kind="psychisch")
    assert page(ben) not in client_of(sender).get(f"/mantelzorgers/{ben.pk}/").text


def test_another_organisation_changes_nothing(client_of, sender, outsider, anna):
    one = step(anna, sender)
    browser = client_of(outsider)
    assert {browser.get(address).status_code for address in (page(anna), edit(one), edit(one, "weghalen/"))} == {404}
    with pytest.raises(Refused):
        actions.remove_phase_step(step=one, by=outsider)


def test_many_steps_cost_as_many_queries_as_one(client_of, sender, anna, counted):
    step(anna, sender)
    few = counted(client_of(sender), page(anna))
    for phase in Phase.objects.current():
        for days in range(5):
            intake.set_phase(caregiver=anna, by=sender, phase=phase, since=timezone.localdate() - (days + 40) * DAY)
    assert counted(client_of(sender), page(anna)) == few

"""Her page knows her phase: who is usually involved now, and, asked once, whether there is a casemanager."""

import datetime
import uuid

import pytest

from intake import actions
from intake.models import Caregiver
from knowledge.models import Phase, PhaseInvolvement, Profession
from tests.factories import make_caregiver
from tests.intake.conftest import words

SINCE = datetime.date(2026, 9, 1)
QUESTION = "Is er een casemanager?"
USUAL = "Vaak betrokken in deze fase"


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer", situation_kind="dementie")


def in_phase(caregiver, by, slug: str):
    actions.set_phase(caregiver=caregiver, by=by, phase=Phase.objects.get(pk=slug), since=SINCE)


def page_of(caregiver, client):
    return client.get(f"/mantelzorgers/{caregiver.pk}/")


def usual_on(page) -> str:
    said = words(page)
    return said[said.index(USUAL) : said.index("Wie om haar heen staan")] if USUAL in said else ""


def answer(caregiver, client, said: str, **more):
    data = {"answer": said, "form_key": str(uuid.uuid4())} | more
    return client.post(f"/mantelzorgers/{caregiver.pk}/casemanager/", data)


# Who is usually involved --------------------------------------------------------------------------------------------


def test_it_names_who_is_usually_involved_in_her_phase(client_of, sender, anna):
    in_phase(anna, sender, "thuis-gaat-niet-meer")
    said = usual_on(page_of(anna, client_of(sender)))
    for name in ("Casemanager dementie", "Wijkverpleging / thuiszorg", "Wmo-consulent", "Mantelzorgregisseur"):
        assert name in said
    assert "Verpleeghuisteam" not in said


def test_each_leads_to_who_that_is_where_she_lives(client_of, sender, anna):
    in_phase(anna, sender, "thuis-gaat-niet-meer")
    html = page_of(anna, client_of(sender)).content.decode()
    assert f'href="/beroepen/wmo-consulent/?voor={anna.pk}&amp;gemeente={anna.municipality_id}"' in html
    assert f'href="/fasen/thuis-gaat-niet-meer/?voor={anna.pk}&amp;gemeente={anna.municipality_id}"' in html


def test_whoever_is_around_her_is_not_named_again(client_of, sender, anna):
    in_phase(anna, sender, "thuis-gaat-niet-meer")
    wmo = Profession.objects.get(pk="wmo-consulent")
    person = actions.add_involvement(caregiver=anna, by=sender, name="Mo van de Wmo", profession=wmo)
    assert "Wmo-consulent" not in usual_on(page_of(anna, client_of(sender)))

    actions.end_involvement(involvement=person, by=sender, note="andere baan")
    assert "Wmo-consulent" in usual_on(page_of(anna, client_of(sender)))


def test_the_same_work_under_another_name_counts(client_of, sender, anna):
    in_phase(anna, sender, "thuis-gaat-niet-meer")
    nurse = Profession.objects.get(pk="wijkverpleegkundige")
    actions.add_involvement(caregiver=anna, by=sender, name="Zuster Els", profession=nurse)
    assert "Wijkverpleging / thuiszorg" not in usual_on(page_of(anna, client_of(sender)))


def test_her_own_fixed_contact_counts(client_of, sender, anna):
    in_phase(anna, sender, "niet-pluis")
    assert sender.acting.profession_id == "poh"
    said = usual_on(page_of(anna, client_of(sender)))
    assert "Huisarts" in said
    assert "Praktijkondersteuner" not in said


def test_without_a_phase_nobody_is_suggested(client_of, sender, anna):
    assert USUAL not in words(page_of(anna, client_of(sender)))


def test_somebody_who_is_there_already_is_noted_with_her_role(client_of, sender, anna):
    form = client_of(sender).get(f"/mantelzorgers/{anna.pk}/betrokkenen/nieuw/?beroep=wmo-consulent").content.decode()
    assert '<option value="wmo-consulent" selected' in form


def test_a_role_that_does_not_exist_selects_nothing(client_of, sender, anna):
    form = client_of(sender).get(f"/mantelzorgers/{anna.pk}/betrokkenen/nieuw/?beroep=tovenaar")
    assert form.status_code == 200


# Is there a casemanager? --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["ja", "nee", "onbekend"])
def test_it_asks_once(client_of, sender, anna, said):
    client = client_of(sender)
    assert QUESTION in words(page_of(anna, client))
    assert answer(anna, client, said)["Location"] == f"/mantelzorgers/{anna.pk}/"
    html = page_of(anna, client).content.decode()
    assert 'name="answer"' not in html
    assert Caregiver.objects.get(pk=anna.pk).casemanager == said
    assert anna.timeline.filter(text__startswith="Is er een casemanager?").count() == 1


def test_it_is_not_asked_where_dementia_does_not_play(client_of, sender):
    piet = make_caregiver(sender, "Piet Bakker", situation_kind="psychisch")
    client = client_of(sender)
    assert QUESTION not in words(page_of(piet, client))
    assert answer(piet, client, "ja")["Location"] == f"/mantelzorgers/{piet.pk}/wijzigen/"
    assert Caregiver.objects.get(pk=piet.pk).casemanager == ""


def test_it_is_not_asked_when_one_is_around_her(client_of, sender, anna):
    profession = Profession.objects.get(pk="casemanager-dementie")
    actions.add_involvement(caregiver=anna, by=sender, name="Carla", profession=profession)
    assert QUESTION not in words(page_of(anna, client_of(sender)))


def test_it_is_not_asked_after_the_death(client_of, sender, anna):
    in_phase(anna, sender, "verpleeghuis")
    assert QUESTION in words(page_of(anna, client_of(sender)))
    in_phase(anna, sender, "verlies-rouw")
    assert QUESTION not in words(page_of(anna, client_of(sender)))


def test_after_yes_nobody_is_told_that_one_is_missing(client_of, sender, anna):
    in_phase(anna, sender, "thuis-gaat-niet-meer")
    answer(anna, client_of(sender), "ja")
    assert "Casemanager dementie" not in usual_on(page_of(anna, client_of(sender)))
    answer(anna, client_of(sender), "nee")
    assert "Casemanager dementie" in usual_on(page_of(anna, client_of(sender)))


def test_what_nobody_verified_is_not_suggested(client_of, sender, anna):
    in_phase(anna, sender, "verlies-rouw")
    unverified = PhaseInvolvement.objects.filter(phase="verlies-rouw", unverified=True, profession__isnull=False)
    names = [role.profession.name for role in unverified.select_related("profession")]
    said = usual_on(page_of(anna, client_of(sender)))
    assert names
    assert not any(name in said for name in names)
    unverified.update(unverified=False)
    assert names[0] in usual_on(page_of(anna, client_of(sender)))


def test_after_yes_it_asks_who_and_after_no_it_says_where(client_of, sender, anna):
    client = client_of(sender)
    answer(anna, client, "ja")
    assert "/betrokkenen/nieuw/?beroep=casemanager-dementie" in page_of(anna, client).content.decode()
    answer(anna, client, "nee")
    assert f"/beroepen/casemanager-dementie/?voor={anna.pk}" in page_of(anna, client).content.decode()
    assert anna.timeline.filter(text__startswith="Is er een casemanager?").count() == 2


def test_the_same_answer_again_is_no_news(client_of, sender, anna):
    client = client_of(sender)
    answer(anna, client, "nee")
    answer(anna, client, "nee")
    assert anna.timeline.filter(text__startswith="Is er een casemanager?").count() == 1


def test_without_an_answer_the_form_says_so(client_of, sender, anna):
    page = answer(anna, client_of(sender), "misschien")
    assert page.status_code == 200
    assert "<title>Fout:" in page.content.decode()
    assert Caregiver.objects.get(pk=anna.pk).casemanager == ""


def test_asking_and_answering_are_logged(client_of, sender, anna, looks):
    client = client_of(sender)
    page_of(anna, client)
    answer(anna, client, "nee")
    assert "casemanager" in looks(sender, event="view", subject_id=anna.pk)[0].fields
    assert looks(sender, event="update", subject_id=anna.pk).filter(fields=["casemanager"]).exists()

"""When things are stuck: questions to think with, and the stories that look like hers, with why."""

import pytest
from django.utils import timezone

from intake import actions
from intake.reflection import RELATION_OF, stories_like, themes_for
from knowledge.models import Phase, Story, Theme
from tests.factories import make_caregiver
from tests.intake.conftest import words


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer", relation="partner", situation_kind="dementie")


def in_phase(caregiver, by, slug: str):
    actions.set_phase(caregiver=caregiver, by=by, phase=Phase.objects.get(pk=slug), since=timezone.localdate())
    caregiver.refresh_from_db()


def address(caregiver) -> str:
    return f"/mantelzorgers/{caregiver.pk}/reflectie/"


def test_every_theme_stands_there_with_its_questions(client_of, sender, anna):
    said = words(client_of(sender).get(address(anna)))
    themes = list(Theme.objects.current())
    assert len(themes) == 9
    for theme in themes:
        assert theme.name in said
        assert all(question in said for question in theme.questions)


def test_what_often_plays_in_her_phase_comes_first(sender, anna):
    assert not any(theme.plays_now for theme in themes_for(anna))
    in_phase(anna, sender, "accepteren-levende-rouw")
    plays = [theme.plays_now for theme in themes_for(anna)]
    assert any(plays)
    assert plays == sorted(plays, reverse=True)
    assert len(plays) == 9


def test_the_story_with_most_in_common_comes_first_and_says_why(sender, anna):
    in_phase(anna, sender, "thuis-gaat-niet-meer")
    first = stories_like(anna)[0]
    assert first.name == "De tennisrackets in de hoek"
    assert first.because == [
        f"speelt ook in de fase {anna.phase.name}",
        "ook hier gaat de zorg naar haar of zijn partner",
        "gaat ook over zorgen voor iemand met dementie",
    ]


def test_each_story_shown_has_something_in_common(sender, anna):
    assert stories_like(anna)
    assert all(story.because for story in stories_like(anna))


def test_a_mother_of_sixty_is_a_parent(sender):
    eva = make_caregiver(sender, "Eva Smit", relation="ouder", situation_kind="ouderdom")
    told = stories_like(eva)
    assert told
    assert {reason for story in told for reason in story.because} == {
        "ook hier gaat de zorg naar haar of zijn vader of moeder"
    }


def test_where_nothing_is_alike_it_says_so(client_of, sender):
    bea = make_caregiver(sender, "Bea Mol", relation="vriend-buur", situation_kind="psychisch")
    assert stories_like(bea) == []
    assert "Geen van de verhalen lijkt op het hare" in words(client_of(sender).get(address(bea)))


@pytest.mark.django_db
def test_of_every_story_it_is_known_for_whom_she_cares():
    assert {story.cared_for.split()[0].lower() for story in Story.objects.current()} <= set(RELATION_OF)


def test_a_look_is_logged_and_nothing_else_is_written(client_of, sender, anna, looks):
    before = anna.timeline.count()
    client_of(sender).get(address(anna))
    (row,) = looks(sender, event="view", subject_id=anna.pk)
    assert set(row.fields) == {"name", "relation", "situation_kind", "phase"}
    assert anna.timeline.count() == before


def test_a_stranger_finds_nothing(client_of, outsider, anna):
    assert client_of(outsider).get(address(anna)).status_code == 404


def test_it_asks_few_queries(client_of, sender, anna, counted):
    client = client_of(sender)
    without_phase = counted(client, address(anna))
    in_phase(anna, sender, "thuis-gaat-niet-meer")
    assert counted(client, address(anna)) <= without_phase + 2

"""For when things are stuck: the themes with their questions, and the stories that look like hers.

Something to think with. Nothing is written down here, and nothing follows from it.
"""

from dataclasses import dataclass

from django.urls import reverse

from intake.models import Caregiver
from intake.models.caregivers import Relation
from knowledge.models import Phase, Story, Theme
from mantelzorg.carried import opened_for

MOST_STORIES = 3
# a story names who is cared for in words ("moeder van 60"); the first of them says which relation that is
RELATION_OF = {
    "echtgenoot": Relation.PARTNER,
    "echtgenote": Relation.PARTNER,
    "partner": Relation.PARTNER,
    "vader": Relation.PARENT,
    "moeder": Relation.PARENT,
    "ouders": Relation.PARENT,
    "zoon": Relation.CHILD,
    "dochter": Relation.CHILD,
    "kind": Relation.CHILD,
    "broer": Relation.SIBLING,
    "zus": Relation.SIBLING,
    "opa": Relation.GRANDPARENT,
    "oma": Relation.GRANDPARENT,
}


@dataclass(frozen=True, slots=True)
class ThemeToReflect:
    slug: str
    name: str
    core: str
    questions: list[str]
    url: str
    plays_now: bool  # often, in the phase that she is in


@dataclass(frozen=True, slots=True)
class StoryLikeHers:
    name: str
    who: str
    challenge: str
    url: str
    because: list[str]  # why it looks like hers, never empty


def themes_for(caregiver: Caregiver) -> list[ThemeToReflect]:
    """All of them; what often plays in her phase first."""
    now = set()
    if caregiver.phase_id:
        now = set(Theme.objects.current().filter(phases=caregiver.phase_id).values_list("pk", flat=True))
    themes = [
        ThemeToReflect(
            slug=theme.slug,
            name=theme.name,
            core=theme.core,
            questions=theme.questions,
            url=opened_for(caregiver, reverse("theme_detail", args=[theme.slug])),
            plays_now=theme.pk in now,
        )
        for theme in Theme.objects.current()
    ]
    return sorted(themes, key=lambda theme: not theme.plays_now)


def why_like_hers(story: Story, caregiver: Caregiver) -> list[str]:
    """In words, each thing that the story has in common with hers."""
    phases: list[Phase] = list(story.phases.all())
    because = []
    if caregiver.phase_id in {phase.pk for phase in phases}:
        because.append(f"speelt ook in de fase {caregiver.phase.name}")
    if RELATION_OF.get(story.cared_for.split()[0].lower()) == caregiver.relation:
        because.append(f"ook hier gaat de zorg naar {caregiver.get_relation_display()}")
    if caregiver.is_dementia and phases:  # only dementia has phases
        because.append("gaat ook over zorgen voor iemand met dementie")
    return because


def stories_like(caregiver: Caregiver) -> list[StoryLikeHers]:
    """What has most in common with hers first; none where nothing is alike."""
    alike = [(story, why_like_hers(story, caregiver)) for story in Story.objects.for_reflection()]
    alike = [(story, because) for story, because in alike if because]
    alike.sort(key=lambda pair: (-len(pair[1]), pair[0].number))
    return [
        StoryLikeHers(
            name=story.name,
            who=f"{story.caregiver} en {story.cared_for}".capitalize(),
            challenge=story.shared_challenge,
            url=opened_for(caregiver, reverse("story_detail", args=[story.slug])),
            because=because,
        )
        for story, because in alike[:MOST_STORIES]
    ]

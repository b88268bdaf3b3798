"""What can be talked about: the nine steps of the work card, the themes, and whatever else came up.

A note keeps the key of its subject, so that it is found again whichever way the talk is guided.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.urls import reverse

from intake.models import Caregiver
from knowledge.models import Instrument, Theme, WorkCardStep
from mantelzorg.carried import opened_for

ELSE = "verder"
SOFA = "sofa"


class Guide(TextChoices):
    STEPS = "stappen", "De negen stappen"
    THEMES = "themas", "Thema's"


@dataclass(frozen=True, slots=True)
class Subject:
    key: str
    name: str
    about: str
    questions: list[str]
    url: str = ""
    number: int | None = None


def subjects(guide: str, caregiver: Caregiver) -> list[Subject]:
    """In their order; whatever else came up is the last. One query."""
    found = _themes(caregiver) if guide == Guide.THEMES else _steps(caregiver)
    return [*found, Subject(ELSE, "Verder ter sprake gekomen", "Wat nergens anders past.", [])]


def _steps(caregiver: Caregiver) -> list[Subject]:
    page = reverse("work_card")
    return [
        Subject(f"stap.{step.pk}", step.name, step.about, step.questions, opened_for(caregiver, page), step.number)
        for step in WorkCardStep.objects.current()
    ]


def _themes(caregiver: Caregiver) -> list[Subject]:
    return [
        Subject(
            f"thema.{theme.pk}",
            theme.name,
            theme.core,
            theme.questions,
            opened_for(caregiver, reverse("theme_detail", args=[theme.pk])),
        )
        for theme in Theme.objects.current()
    ]


def sofa_roles() -> list[tuple[str, str]]:
    """The roles in which one meets a mantelzorger, in the words of the model."""
    model = Instrument.objects.prefetch_related("dimensions").filter(pk=SOFA).first()
    return [(one.code, f"{one.name} ({one.about})") for one in model.dimensions.all()] if model else []

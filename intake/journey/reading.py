"""Her journey with dementia in words: the steps so far, and who and what often helps in the phase she is in."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from intake.models import Caregiver
from intake.usual import around_her, usual
from knowledge.models import Phase
from mantelzorg.carried import opened_for
from mantelzorg.dates import day_in_words


def journey_of(caregiver: Caregiver) -> dict[str, Any]:
    steps = list(caregiver.phase_steps.for_page())
    there = around_her(caregiver, caregiver.involvements.now())
    return {
        "steps": [
            {
                "label": step.phase.label,
                "url": opened_for(caregiver, reverse("phase_detail", args=[step.phase_id])),
                "since": day_in_words(step.since),
                "note": step.note,
                "by": str(step.recorded_by.user),
                "edit_url": reverse("phase_step_edit", args=[step.pk]),
            }
            for step in steps
        ],
        "usual": usual(caregiver, there),
        "helps": _helps(caregiver),
    }


def _helps(caregiver: Caregiver) -> list[dict[str, str]]:
    """The forms of support that the phase names, and those of who may be involved; each can become a need."""
    if caregiver.phase_id is None:
        return []
    phase = Phase.objects.for_page().get(pk=caregiver.phase_id)
    kinds = {one.support_kind: one.function for one in phase.means if one.support_kind.referable}
    for kind, professions in phase.means_of_people:
        kinds.setdefault(kind, f"vaak via: {', '.join(profession.name for profession in professions)}")
    ask = reverse("need_new", args=[caregiver.pk])
    return [
        {
            "name": kind.name,
            "why": why,
            "url": opened_for(caregiver, reverse("support_detail", args=[kind.pk])),
            "ask_url": f"{ask}?{urlencode({'soort': kind.pk})}",
        }
        for kind, why in kinds.items()
    ]

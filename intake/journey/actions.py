"""What can be done with the steps of her journey besides taking a next one (`intake.actions.set_phase`).

One is said better, or a wrong one goes. Her phase is always that of the last day.
"""

import datetime
from typing import Any

from django.utils import timezone

from intake.actions import locked_record, note_event, refuse_when_overtaken
from intake.models import Caregiver, PhaseStep, TimelineEvent
from mantelzorg.refusal import Refused
from mantelzorg.verbs import as_a_whole
from trail.actions import record_access


@as_a_whole
def change_phase_step(
    *, step: PhaseStep, by, phase, since: datetime.date, note: str = "", seen: dict[str, Any] | None = None, now=None
) -> None:
    """Raises ChangedMeanwhile when the step is no longer what was `seen`."""
    step, caregiver = _locked(step, by)
    refuse_when_overtaken(step, seen)
    step.phase, step.since, step.note = phase, since, note
    step.save(update_fields=["phase", "since", "note"])
    _keep_phase(caregiver, by, f"Stap in haar reis gewijzigd: {phase.name}.", now)


@as_a_whole
def remove_phase_step(*, step: PhaseStep, by, now=None) -> None:
    step, caregiver = _locked(step, by)
    name = step.phase.name
    step.delete()
    _keep_phase(caregiver, by, f"Stap in haar reis weggehaald: {name}.", now)


def _locked(step: PhaseStep, by) -> tuple[PhaseStep, Caregiver]:
    caregiver = locked_record(step.caregiver, by)
    found = PhaseStep.objects.select_for_update(of=("self",)).select_related("phase").filter(pk=step.pk).first()
    if found is None:
        raise Refused("Deze stap is er niet meer.")
    return found, caregiver


def _keep_phase(caregiver: Caregiver, by, text: str, now) -> None:
    last = caregiver.phase_steps.for_page().first()
    caregiver.phase = last.phase if last and caregiver.is_dementia else None
    caregiver.changed_at = now or timezone.now()
    caregiver.save(update_fields=["phase", "changed_at"])
    note_event(caregiver_id=caregiver.pk, by=by, kind=TimelineEvent.Kind.PHASE, text=text, now=now)
    record_access(by=by, event="update", action="U", obj=caregiver, subject=caregiver.pk, fields=("phase",))

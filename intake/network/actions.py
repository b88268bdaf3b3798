"""What can be done with somebody who is around her, besides coming and going (`intake.actions`)."""

from typing import Any

from intake.actions import locked_record, note_event, refuse_when_overtaken
from intake.models import Involvement, TimelineEvent
from mantelzorg.refusal import Refused
from mantelzorg.verbs import as_a_whole
from trail.actions import record_access


@as_a_whole
def change_involvement(*, involvement: Involvement, by, seen: dict[str, Any] | None = None, **details) -> None:
    """Say better who somebody is, how near, and whether she keeps the overview; that goes from whoever had it.

    Raises ChangedMeanwhile when it is no longer what was `seen`.
    """
    caregiver = locked_record(involvement.caregiver, by)
    current = caregiver.involvements.select_for_update(of=("self",)).filter(pk=involvement.pk).first()
    if current is None:
        raise Refused("Haar gegevens zijn intussen gewist.")
    refuse_when_overtaken(current, seen)
    changed = [name for name, value in details.items() if getattr(current, name) != value]
    if not changed:
        return
    if details.get("regie") and current.ended_on is None:
        caregiver.involvements.in_charge().exclude(pk=current.pk).update(regie=False)
    for name in changed:
        setattr(current, name, details[name])
    if current.ended_on is not None and current.ended_on < current.since:
        raise Refused("Dat is na de dag waarop dit eindigde.", field="since")
    current.save(update_fields=changed)
    _tell(caregiver, by, current, changed)
    record_access(by=by, event="update", action="U", obj=current, subject=caregiver.pk, fields=("involvements",))


def _tell(caregiver, by, involvement: Involvement, changed: list[str]) -> None:
    text = f"Betrokken: gegevens van {involvement.name} gewijzigd."
    if "regie" in changed:
        text = f"{involvement.name} houdt {'nu' if involvement.regie else 'niet meer'} de regie."
    note_event(caregiver_id=caregiver.pk, by=by, kind=TimelineEvent.Kind.PEOPLE, text=text)

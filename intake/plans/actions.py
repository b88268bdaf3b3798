"""What can be done with her tasks, and with what was thought of for now, for later and for a crisis."""

from typing import Any

from django.utils import timezone

from intake.actions import locked_record, note_event, refuse_when_overtaken
from intake.models import Caregiver, Scenario, Task, TimelineEvent
from mantelzorg.refusal import Refused
from mantelzorg.verbs import as_a_whole
from trail.actions import record_access

MOST_TASKS = 50

# Tasks --------------------------------------------------------------------------------------------------------------


@as_a_whole
def add_task(*, caregiver: Caregiver, by, what: str, wish: str = Task.Wish.KEEP, to: str = "", now=None) -> Task:
    caregiver = locked_record(caregiver, by)
    _refuse_too_many(caregiver)
    _refuse_to_nobody(wish, to)
    task = Task.objects.create(caregiver=caregiver, what=what, wish=wish, to=to, recorded_by=by.acting)
    _tell_of_task(caregiver, by, "Taak genoteerd.", now)
    record_access(by=by, event="create", action="C", obj=task, subject=caregiver.pk, fields=("tasks",))
    return task


@as_a_whole
def change_task(
    *, task: Task, by, what: str, wish: str, to: str = "", seen: dict[str, Any] | None = None, now=None
) -> None:
    """Say better what she does and wants. Raises ChangedMeanwhile when it is no longer what was `seen`."""
    task = _locked_task(task, by)
    refuse_when_overtaken(task, seen)
    _refuse_to_nobody(wish, to)
    task.what, task.wish, task.to = what, wish, to
    task.save(update_fields=["what", "wish", "to"])
    _changed_task(task, by, "Taak gewijzigd.", now)


@as_a_whole
def move_task(*, task: Task, by, wish: str, now=None) -> None:
    """She wants something else with it. The same wish again changes nothing."""
    task = _locked_task(task, by)
    if task.wish == wish:
        return
    _refuse_to_nobody(wish, task.to)
    task.wish = Task.Wish(wish)
    task.save(update_fields=["wish"])
    _changed_task(task, by, f"Taak: zij wil deze {task.get_wish_display()}.", now)


@as_a_whole
def end_task(*, task: Task, by, now=None) -> None:
    """She does it no longer; it can be put back."""
    task = _locked_task(task, by)
    if task.ended_on is None:
        task.ended_on = timezone.localdate(now)
        task.save(update_fields=["ended_on"])
        _changed_task(task, by, "Taak: doet zij niet meer.", now)


@as_a_whole
def put_task_back(*, task: Task, by, now=None) -> None:
    task = _locked_task(task, by)
    if task.ended_on is not None:
        _refuse_too_many(task.caregiver)
        task.ended_on = None
        task.save(update_fields=["ended_on"])
        _changed_task(task, by, "Taak: doet zij weer.", now)


def _refuse_too_many(caregiver: Caregiver) -> None:
    if caregiver.tasks.still_hers().count() >= MOST_TASKS:
        raise Refused(f"Er staan al {MOST_TASKS} taken. Haal eerst weg wat zij niet meer doet.")


def _refuse_to_nobody(wish: str, to: str) -> None:
    if wish == Task.Wish.HAND_OVER and not to.strip():
        raise Refused(
            "Schrijf op aan wie zij het wil overdragen. Weten jullie dat nog niet, schrijf dat dan.", field="to"
        )


def _locked_task(task: Task, by) -> Task:
    caregiver = locked_record(task.caregiver, by)
    found = Task.objects.select_for_update(of=("self",)).filter(pk=task.pk).first()
    if found is None:
        raise Refused("Haar gegevens zijn intussen gewist.")
    found.caregiver = caregiver
    return found


def _changed_task(task: Task, by, text: str, now) -> None:
    _tell_of_task(task.caregiver, by, text, now)
    record_access(by=by, event="update", action="U", obj=task, subject=task.caregiver_id, fields=("tasks",))


def _tell_of_task(caregiver: Caregiver, by, text: str, now) -> None:
    note_event(caregiver_id=caregiver.pk, by=by, kind=TimelineEvent.Kind.TASK, text=text, now=now)


# Scenario's ---------------------------------------------------------------------------------------------------------


@as_a_whole
def write_scenario(
    *, caregiver: Caregiver, by, moment: str, seen: dict[str, Any] | None = None, now=None, **texts: str
) -> Scenario:
    """Write what was thought of for one moment. Raises ChangedMeanwhile when it is no longer what was `seen`."""
    caregiver = locked_record(caregiver, by)
    scenario = caregiver.scenarios.select_for_update(of=("self",)).filter(moment=moment).first()
    is_new = scenario is None
    scenario = scenario or Scenario(caregiver=caregiver, moment=moment)
    refuse_when_overtaken(scenario, seen)
    if all(getattr(scenario, name) == text for name, text in texts.items()):
        return scenario
    for name, text in texts.items():
        setattr(scenario, name, text)
    scenario.changed_by = by.acting
    scenario.changed_at = now or timezone.now()
    scenario.save()
    text = f"Scenario {'geschreven' if is_new else 'gewijzigd'}: {scenario.get_moment_display()}."
    note_event(caregiver_id=caregiver.pk, by=by, kind=TimelineEvent.Kind.SCENARIO, text=text, now=now)
    event, action = ("create", "C") if is_new else ("update", "U")
    record_access(by=by, event=event, action=action, obj=scenario, subject=caregiver.pk, fields=("scenarios",))
    return scenario

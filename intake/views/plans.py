"""Her tasks, and what was thought of for now, for later and for a crisis."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import caregiver_workers_only, found
from intake.models import Moment, Scenario, Task, TimelineEvent
from intake.plans import actions, reading
from intake.plans.forms import FridgeForm, NewTaskForm, ScenarioForm, TaskForm
from intake.views.one_caregiver import ASK_AND_DO, ask, caregiver_of, last_in, show_part, try_change, typed
from mantelzorg.forms import digest, refuse
from mantelzorg.pdf import TooLong, pdf_response
from mantelzorg.refusal import Refused
from trail.actions import do_once, record_access

# Tasks --------------------------------------------------------------------------------------------------------------


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def task_list(request, pk):
    caregiver = caregiver_of(request, pk)
    form = NewTaskForm(typed(request))
    if form.is_valid():
        try:
            do_once(
                key=form.cleaned_data["form_key"],
                verb="add_task",
                by=request.user,
                digest=digest(form, caregiver.pk),
                do=lambda: actions.add_task(caregiver=caregiver, by=request.user, **form.details()).pk,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "De taak is genoteerd.")
            return redirect("task_list", pk)
    context = {"form": form, "read": reading.tasks_of(caregiver)}
    return show_part(request, "intake/plans/task_list.html", caregiver, part="task_list", fields=("tasks",), **context)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def task_edit(request, pk):
    task = _task(request, pk)
    form = TaskForm(typed(request), thing=task)
    if form.is_valid():
        who = last_in(task.caregiver, TimelineEvent.Kind.TASK, request.user)
        form = try_change(request, form, actions.change_task, who=who, task=task)
        if form is None:
            messages.success(request, "De taak is gewijzigd.")
            return redirect("task_list", task.caregiver_id)
    return ask(request, "intake/plans/task_edit.html", task.caregiver, fields=("tasks",), form=form, task=task)


@caregiver_workers_only
@require_POST
def task_step(request, pk):
    """One of the buttons at a task: she wants something else with it, does it no longer, or does it again."""
    task = _task(request, pk)
    wanted = request.POST.get("doe", "")
    try:
        if wanted == "stop":
            actions.end_task(task=task, by=request.user)
            messages.success(request, "Deze taak doet zij niet meer. Je kunt hem onderaan terugzetten.")
        elif wanted == "terug":
            actions.put_task_back(task=task, by=request.user)
        elif wanted in Task.Wish.values:
            actions.move_task(task=task, by=request.user, wish=wanted)
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
    return redirect("task_list", task.caregiver_id)


@caregiver_workers_only
@require_safe
def task_print(request, pk):
    """For her, on paper."""
    caregiver = caregiver_of(request, pk)
    _log_print(request, caregiver, "name", "tasks")
    context = {"columns": reading.tasks_for_her(caregiver), "organisation": caregiver.organisation.name}
    return pdf_response("intake/plans/tasks_paper.html", context, filename="mijn-taken.pdf")


def _task(request, pk) -> Task:
    return found(request, Task.objects.for_user(request.user).for_change(), pk)


# Scenario's ---------------------------------------------------------------------------------------------------------


@caregiver_workers_only
@require_safe
def scenario_list(request, pk):
    caregiver = caregiver_of(request, pk)
    scenarios = reading.scenarios_of(caregiver)
    written = [one["moment"] for one in scenarios if one["is_written"]]
    context = {"scenarios": scenarios, "form": FridgeForm(written=written) if written else None}
    template = "intake/plans/scenario_list.html"
    return show_part(request, template, caregiver, part="scenario_list", fields=("scenarios",), **context)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def scenario_edit(request, pk, moment):
    caregiver = caregiver_of(request, pk)
    if moment not in Moment.values:
        raise Http404
    scenario = caregiver.scenarios.of_moment(moment) or Scenario(caregiver=caregiver, moment=moment)
    form = ScenarioForm(typed(request), thing=scenario)
    if form.is_valid():
        form = try_change(
            request,
            form,
            actions.write_scenario,
            who=lambda current: str(current.changed_by.user),  # her timeline may tell of another moment
            caregiver=caregiver,
            moment=moment,
        )
        if form is None:
            messages.success(request, "Het scenario is bewaard.")
            return redirect("scenario_list", pk)
    name, about = reading.MOMENTS[Moment(moment)]
    context = {"form": form, "name": name, "about": about}
    return ask(request, "intake/plans/scenario_edit.html", caregiver, fields=("scenarios",), **context)


@caregiver_workers_only
@require_safe
def scenario_print(request, pk):
    """One page for the fridge, of the moments that were ticked; when it does not fit, that is said."""
    caregiver = caregiver_of(request, pk)
    ticked = request.GET.getlist("welke") if "gekozen" in request.GET else Moment.values
    page = reading.fridge_page(caregiver, ticked)
    if not page["scenarios"]:
        messages.warning(request, "Er is niets om af te drukken. Schrijf of kies eerst een scenario.")
        return redirect("scenario_list", pk)
    _log_print(request, caregiver, "scenarios", "fixed_contact")
    letters = [{"letters": size} for size in ("small", "smaller")]
    try:
        return pdf_response(
            "intake/plans/fridge.html", page, filename="op-de-koelkast.pdf", pages=1, otherwise=letters, must_fit=True
        )
    except TooLong:
        messages.warning(request, "Dit past niet op één bladzijde. Maak de teksten korter, of druk één scenario af.")
        return redirect("scenario_list", pk)


def _log_print(request, caregiver, *fields: str) -> None:
    record_access(by=request.user, event="print", action="R", obj=caregiver, subject=caregiver.pk, fields=fields)

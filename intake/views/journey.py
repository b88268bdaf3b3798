"""Her journey with dementia: all steps, and one of them said better or taken away."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import caregiver_workers_only, found
from intake.forms import PhaseStepForm
from intake.journey import actions
from intake.journey.reading import journey_of
from intake.models import PhaseStep, TimelineEvent
from intake.views.one_caregiver import ASK_AND_DO, ask, caregiver_of, last_in, show_part, try_change, typed
from mantelzorg.refusal import Refused

FIELDS = ("phase", "involvements")


@caregiver_workers_only
@require_safe
def phase_journey(request, pk):
    caregiver = caregiver_of(request, pk)
    context = {"journey": journey_of(caregiver)}
    template = "intake/journey/phase_journey.html"
    return show_part(request, template, caregiver, part="phase_journey", fields=FIELDS, **context)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def phase_step_edit(request, pk):
    step = found(request, PhaseStep.objects.for_user(request.user).for_page(), pk)
    form = PhaseStepForm(typed(request), thing=step)
    if form.is_valid():
        who = last_in(step.caregiver, TimelineEvent.Kind.PHASE, request.user)
        form = try_change(request, form, actions.change_phase_step, who=who, step=step)
        if form is None:
            messages.success(request, "De stap is gewijzigd.")
            return redirect("phase_journey", step.caregiver_id)
    context = {"form": form, "step": step}
    return ask(request, "intake/journey/phase_step_edit.html", step.caregiver, fields=FIELDS, **context)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def phase_step_remove(request, pk):
    step = found(request, PhaseStep.objects.for_user(request.user).for_page(), pk)
    if request.method == "POST":
        try:
            actions.remove_phase_step(step=step, by=request.user)
        except Refused as refusal:
            messages.info(request, refusal.sentence)
        else:
            messages.success(request, "De stap is weggehaald.")
        return redirect("phase_journey", step.caregiver_id)
    context = {
        "title": "Stap weghalen?",
        "text": f"{step.phase.label} verdwijnt uit haar reis. Haar fase wordt die van de stap met de laatste dag.",
        "button": "Haal weg",
        "danger": True,
        "back_url": reverse("phase_step_edit", args=[pk]),
        "back_label": "Terug naar de stap",
    }
    return ask(request, "components/confirm.html", step.caregiver, fields=FIELDS, **context)

"""What can be changed about one caregiver. Each form has a page of its own and works without a script."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.permissions import caregiver_workers_only
from intake import actions
from intake.forms import BurdenForm, CaregiverForm, CasemanagerForm, PhaseForm
from intake.models import TimelineEvent
from intake.reading import SHOWN
from intake.views.one_caregiver import ASK_AND_DO, ask, caregiver_of, last_in, log_doubles, try_change, typed
from mantelzorg.forms import digest, refuse
from mantelzorg.refusal import Refused
from trail.actions import do_once

CHANGED_FIELDS = tuple(name for name in SHOWN if name in actions.CHANGEABLE)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def caregiver_edit(request, pk):
    caregiver = caregiver_of(request, pk)
    form = CaregiverForm(typed(request), thing=caregiver)
    if form.is_valid() and not form.look_for_doubles(request.user):
        who = last_in(caregiver, TimelineEvent.Kind.RECORD, request.user)
        form = try_change(request, form, actions.change_caregiver, who=who, caregiver=caregiver)
        if form is None:
            messages.success(request, "De gegevens zijn bewaard.")
            return redirect("caregiver_detail", pk)
    log_doubles(request, form.doubles)
    return ask(request, "intake/caregiver_edit.html", caregiver, fields=CHANGED_FIELDS, form=form)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def caregiver_phase(request, pk):
    caregiver = caregiver_of(request, pk)
    if not caregiver.is_dementia:
        messages.warning(request, "Een fase hoort alleen bij dementie. Pas eerst aan wat er speelt.")
        return redirect("caregiver_edit", pk)
    form = PhaseForm(typed(request), initial={"phase": caregiver.phase_id})
    return _note(
        request,
        caregiver,
        form,
        actions.set_phase,
        template="intake/caregiver_phase.html",
        done="De fase is bewaard. Hier zie je wie en wat nu vaak helpt.",
        onward="phase_journey",
    )


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def caregiver_burden(request, pk):
    return _note(
        request,
        caregiver_of(request, pk),
        BurdenForm(typed(request)),
        actions.set_burden,
        template="intake/caregiver_burden.html",
        done="Haar antwoord is bewaard.",
    )


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def caregiver_casemanager(request, pk):
    caregiver = caregiver_of(request, pk)
    if not caregiver.is_dementia:
        messages.warning(request, "Deze vraag hoort alleen bij dementie. Pas eerst aan wat er speelt.")
        return redirect("caregiver_edit", pk)
    return _note(
        request,
        caregiver,
        CasemanagerForm(typed(request), initial={"answer": caregiver.casemanager}),
        actions.set_casemanager,
        template="intake/caregiver_casemanager.html",
        done="Haar antwoord is bewaard.",
    )


def _note(request, caregiver, form, act, *, template: str, done: str, onward: str = "caregiver_detail"):
    """A day and a value, noted once however often the button is pressed."""

    def do():
        act(caregiver=caregiver, by=request.user, **form.details())
        return caregiver.pk

    if form.is_valid():
        try:
            do_once(key=form.cleaned_data["form_key"], verb=act.__name__, by=request.user, digest=digest(form), do=do)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, done)
            return redirect(onward, caregiver.pk)
    return ask(request, template, caregiver, fields=(act.__name__.removeprefix("set_"),), form=form)

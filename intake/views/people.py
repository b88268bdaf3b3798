"""Who is around her: somebody comes, somebody goes."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.permissions import caregiver_workers_only, found
from intake import actions
from intake.forms import EndInvolvementForm, InvolvementForm
from intake.models import Involvement
from intake.views.one_caregiver import ASK_AND_DO, ask, caregiver_of, typed
from mantelzorg.forms import digest, refuse
from mantelzorg.refusal import Refused
from trail.actions import do_once


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def involvement_new(request, pk):
    caregiver = caregiver_of(request, pk)
    initial = {"profession": request.GET.get("beroep", "")}
    form = InvolvementForm(typed(request), caregiver=caregiver, initial=initial)
    if form.is_valid():
        try:
            do_once(
                key=form.cleaned_data["form_key"],
                verb="involvement_new",
                by=request.user,
                digest=digest(form),
                do=lambda: actions.add_involvement(caregiver=caregiver, by=request.user, **form.details()).pk,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Bewaard: deze persoon staat nu bij wie om haar heen staan.")
            return redirect("caregiver_detail", pk)
    return ask(request, "intake/involvement_new.html", caregiver, fields=(), form=form)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def involvement_end(request, pk):
    involvement = found(request, Involvement.objects.for_user(request.user).select_related("caregiver"), pk)
    caregiver = involvement.caregiver
    form = EndInvolvementForm(typed(request), involvement=involvement)
    if form.is_valid():
        try:
            actions.end_involvement(involvement=involvement, by=request.user, **form.cleaned_data)
            messages.success(request, "Bewaard: deze persoon is niet meer betrokken.")
        except Refused as refusal:
            messages.info(request, refusal.sentence)
        return redirect("caregiver_detail", caregiver.pk)
    fields = ("involvements",)
    return ask(request, "intake/involvement_end.html", caregiver, fields=fields, form=form, involvement=involvement)

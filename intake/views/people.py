"""Who is around her: in circles, and one by one; somebody comes, somebody goes."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import caregiver_workers_only, found
from intake import actions
from intake.forms import ChangeInvolvementForm, EndInvolvementForm, InvolvementForm
from intake.models import Involvement, TimelineEvent
from intake.network.actions import change_involvement
from intake.network.reading import network_of
from intake.views.one_caregiver import ASK_AND_DO, ask, caregiver_of, last_in, look_at, show_part, try_change, typed
from mantelzorg.forms import digest, refuse
from mantelzorg.fragments import render_page
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
            return redirect("network", pk)
    return ask(request, "intake/involvement_new.html", caregiver, fields=(), form=form)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def involvement_end(request, pk):
    involvement = _involvement(request, pk)
    caregiver = involvement.caregiver
    form = EndInvolvementForm(typed(request), involvement=involvement)
    if form.is_valid():
        try:
            actions.end_involvement(involvement=involvement, by=request.user, **form.cleaned_data)
            messages.success(request, "Bewaard: deze persoon is niet meer betrokken.")
        except Refused as refusal:
            messages.info(request, refusal.sentence)
        return redirect("network", caregiver.pk)
    fields = ("involvements",)
    return ask(request, "intake/involvement_end.html", caregiver, fields=fields, form=form, involvement=involvement)


@caregiver_workers_only
@require_safe
def network(request, pk):
    caregiver = caregiver_of(request, pk)
    context = {"network": network_of(caregiver)}
    return show_part(
        request, "intake/network/network.html", caregiver, part="network", fields=("involvements",), **context
    )


@caregiver_workers_only
@require_safe
def involvement_phone(request, pk):
    """The number of somebody around her: on a page of its own, or in place of the link to it. That it was looked at is
    logged.
    """
    involvement = _involvement(request, pk)
    caregiver = involvement.caregiver
    look_at(request, caregiver, "name", "involvement_phone")
    context = {"caregiver": caregiver, "involvement": involvement}
    return render_page(request, "intake/network/phone.html", context, piece="number")


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def involvement_edit(request, pk):
    involvement = _involvement(request, pk)
    caregiver = involvement.caregiver
    form = ChangeInvolvementForm(typed(request), thing=involvement)
    if form.is_valid():
        who = last_in(caregiver, TimelineEvent.Kind.PEOPLE, request.user)
        form = try_change(request, form, change_involvement, who=who, involvement=involvement)
        if form is None:
            messages.success(request, "Bewaard.")
            return redirect("network", caregiver.pk)
    fields = ("involvements", "involvement_phone")
    context = {"form": form, "involvement": involvement}
    return ask(request, "intake/network/involvement_edit.html", caregiver, fields=fields, **context)


def _involvement(request, pk) -> Involvement:
    return found(request, Involvement.objects.for_user(request.user).for_change(), pk)

"""What she asks: a new need, or an old one said better. Closing, planning and opening again are next to referring."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permissions import caregiver_workers_only, found
from intake import actions
from intake.forms import NeedForm, NewNeedForm
from intake.models import Need, TimelineEvent
from intake.views.one_caregiver import ASK_AND_DO, ask, caregiver_of, last_in, try_change, typed
from mantelzorg import forms
from mantelzorg.forms import digest, refuse
from mantelzorg.refusal import Refused
from trail.actions import do_once


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def need_new(request, pk):
    caregiver = caregiver_of(request, pk)
    asked = {"kind": forms.slug_or_nothing(request.GET.get("soort"))}
    if "taak" in request.GET:
        asked["words"] = caregiver.tasks.what_of(request.GET["taak"])
    form = NewNeedForm(typed(request), initial=asked)
    if form.is_valid():
        try:
            need = do_once(
                key=form.cleaned_data["form_key"],
                verb="need_new",
                by=request.user,
                digest=digest(form),
                do=lambda: actions.add_need(caregiver=caregiver, by=request.user, **form.details()).pk,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return _added(request, caregiver, need)
    fields = ("tasks",) if asked.get("words") else ()
    return ask(request, "intake/need_new.html", caregiver, fields=fields, form=form)


def _added(request, caregiver, need):
    """To her page, or straight on to who can help."""
    messages.success(request, "De hulpvraag is bewaard. Jij bent aan zet.")
    if request.POST.get("daarna") == "aanbod":
        return redirect("need_offers", need)
    if request.POST.get("daarna") == "verwijs":
        return redirect(f"{reverse('referral_new', args=[caregiver.pk])}?vraag={need}")
    return redirect("caregiver_detail", caregiver.pk)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def need_edit(request, pk):
    need = found(request, Need.objects.for_user(request.user).for_page(), pk)
    form = NeedForm(typed(request), thing=need)
    if form.is_valid():
        who = last_in(need.caregiver, TimelineEvent.Kind.NEED, request.user)
        form = try_change(request, form, actions.change_need, who=who, need=need)
        if form is None:
            messages.success(request, "De hulpvraag is gewijzigd.")
            return redirect("caregiver_detail", need.caregiver_id)
    return ask(request, "intake/need_edit.html", need.caregiver, fields=("needs",), form=form, need=need)

"""What goes on with a need when no referral carries it, and adding a need to a referral that runs."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permissions import caregiver_workers_only, found
from intake import actions as intake
from intake.models import Need, NeedEnding
from mantelzorg.refusal import Refused
from referrals import actions
from referrals.forms.adding import AddNeedForm
from referrals.forms.needs import CloseNeedForm, PlanNeedForm, ReopenNeedForm
from referrals.matching import about_her, offers_for
from referrals.permissions import may_add_need
from referrals.views.one_referral import detail_page, look_at, referral_of
from trail.actions import record_access

ASK_AND_DO = ["GET", "HEAD", "POST"]


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def need_close(request, pk):
    return _need_page(
        request,
        pk,
        form_class=CloseNeedForm,
        initial=_how_it_may_have_ended,
        act=intake.close_need,
        words={
            "title": "Sluit de hulpvraag af",
            "text": "Een hulpvraag is pas klaar als iemand zegt hoe het is afgelopen.",
            "button": "Sluit af",
            "done": "De hulpvraag is afgesloten.",
        },
    )


def _how_it_may_have_ended(request, need) -> dict:
    """What the page before knew: that she was helped, or that there is nothing for her and what was missing then."""
    ending = request.GET.get("einde", "")
    if ending == NeedEnding.NO_OFFER and need.is_open:
        offers = offers_for(need, request.user, about=about_her(need.caregiver))
        return {"ending": ending, "missing": offers.missing}
    return {"ending": ending} if ending in NeedEnding.values else {}


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def need_plan(request, pk):
    return _need_page(
        request,
        pk,
        form_class=PlanNeedForm,
        act=intake.plan_need,
        words={
            "title": "Pak de hulpvraag zelf op",
            "text": "Jij blijft aan zet. Op de datum die je kiest, staat de hulpvraag weer bij Vandaag.",
            "button": "Zet op mijn lijst",
            "done": "Bewaard. De hulpvraag staat bij jou, op de datum die je koos.",
        },
    )


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def need_reopen(request, pk):
    return _need_page(
        request,
        pk,
        form_class=ReopenNeedForm,
        act=intake.reopen_need,
        words={
            "title": "Open de hulpvraag weer",
            "text": "De hulpvraag staat dan weer open en er is weer iemand van jouw organisatie aan zet.",
            "button": "Open weer",
            "done": "De hulpvraag staat weer open.",
        },
    )


def _need_page(request, pk, *, form_class, act, words, initial=None):
    need = found(request, Need.objects.for_user(request.user).for_page(), pk)
    asked = initial(request, need) if initial and request.method != "POST" else {}
    form = form_class(request.POST if request.method == "POST" else None, initial=asked)
    if form.is_valid():
        try:
            act(need=need, by=request.user, **form.cleaned_data)
        except intake.ClosedAlready as closed:
            if closed.closed_by == request.user.acting.pk:  # she pressed twice
                messages.info(request, closed.sentence)
                return redirect("caregiver_detail", need.caregiver_id)
            form.add_error(None, closed.sentence)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, words["done"])
            return redirect("caregiver_detail", need.caregiver_id)
    record_access(
        by=request.user, event="view", action="R", obj=need, subject=need.caregiver_id, fields=("name", "needs")
    )
    back_url = reverse("caregiver_detail", args=[need.caregiver_id])
    return render(request, "referrals/need.html", {"need": need, "form": form, "words": words, "back_url": back_url})


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def referral_add_need(request, pk):
    referral = referral_of(request, pk)
    if not may_add_need(request.user, referral):
        return detail_page(request, referral, refusal="Aan deze verwijzing kan geen vraag meer worden toegevoegd.")
    form = _adding_form(request, referral)
    if form.is_valid():
        try:
            actions.add_need(referral=referral, by=request.user, **form.arguments())
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            told = "Bel hen om het te vertellen." if referral.by_phone else "De ontvanger krijgt bericht."
            messages.success(request, f"De hulpvraag is toegevoegd. {told}")
            return redirect("referral_detail", pk)
    return render(request, "referrals/add_need.html", {"reading": look_at(request.user, referral), "form": form})


def _adding_form(request, referral) -> AddNeedForm:
    """Her open needs that no referral carries; to share is what there is, ticked what she agreed to before."""
    there_is = {item for item, value in actions.shareable(referral, referral.referral_needs.all()).items() if value}
    return AddNeedForm(
        request.POST if request.method == "POST" else None,
        needs=Need.objects.for_user(request.user).open_of(referral.caregiver).free(),
        receiver=referral.receiver_organisation.name,
        items=there_is,
        handover=referral.handover_text,
        under_16=referral.caregiver.under_16,
        initial={"items": referral.consent.items, "needs": request.GET.get("vraag", "")},
    )

"""She takes back what she agreed to: for one receiver, a part of it, for all, or her whole record."""

from contextlib import suppress

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permissions import caregiver_workers_only, found
from intake.models import Caregiver, Consent
from mantelzorg.dates import date_in_words
from mantelzorg.refusal import Refused
from referrals import actions
from referrals.forms.withdrawing import EraseForm, NarrowConsentForm, WithdrawConsentForm
from referrals.models import Meeting, Referral
from trail.actions import record_access

ASK_AND_DO = ["GET", "HEAD", "POST"]


def _data(request):
    return request.POST if request.method == "POST" else None


def _consent_of(request, pk) -> Consent:
    return found(request, Consent.objects.for_user(request.user).select_related("caregiver", "organisation"), pk)


def _back_to(caregiver) -> dict[str, str]:
    return {"back_url": reverse("caregiver_detail", args=[caregiver.pk]), "back_label": "Terug naar de mantelzorger"}


def _ask(request, template: str, caregiver, **context):
    """Ask; the page names her, so the look is logged."""
    record_access(
        by=request.user, event="view", action="R", obj=caregiver, subject=caregiver.pk, fields=("name", "consents")
    )
    return render(request, template, {"caregiver": caregiver, **_back_to(caregiver), **context})


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def consent_withdraw(request, pk):
    consent = _consent_of(request, pk)
    form = WithdrawConsentForm(_data(request))
    if form.is_valid():
        try:
            actions.withdraw_consent(consent=consent, by=request.user, how=form.cleaned_data["how"])
        except actions.WithdrawnAlready as refusal:
            messages.info(request, refusal.sentence)
            return redirect("caregiver_detail", consent.caregiver_id)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(
                request,
                f"De toestemming voor {consent.organisation.name} is ingetrokken. Zij zien niets meer van haar.",
            )
            return redirect("caregiver_detail", consent.caregiver_id)
    ends = Referral.objects.for_user(request.user).open().under(consent).for_page()
    same = Consent.objects.for_user(request.user).valid_of(consent.caregiver).for_receiver(consent.organisation_id)
    return _ask(
        request,
        "referrals/consent_withdraw.html",
        consent.caregiver,
        form=form,
        receivers=[consent.organisation.name],
        given=date_in_words(consent.given_at),
        ends=ends,
        meetings=Meeting.objects.kept_by(request.user).under(same),
        title="Trek de toestemming in",
    )


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def consent_withdraw_all(request, pk):
    caregiver = found(request, Caregiver.objects.for_user(request.user), pk)
    form = WithdrawConsentForm(_data(request))
    if form.is_valid():
        try:
            actions.withdraw_all_consents(caregiver=caregiver, by=request.user, how=form.cleaned_data["how"])
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(
                request, "Alle toestemmingen zijn ingetrokken. Niemand buiten jullie ziet nog iets van haar."
            )
            return redirect("caregiver_detail", pk)
    consents = Consent.objects.for_user(request.user).valid_of(caregiver)
    return _ask(
        request,
        "referrals/consent_withdraw.html",
        caregiver,
        form=form,
        receivers=sorted({consent.organisation.name for consent in consents}),
        ends=Referral.objects.for_user(request.user).open().about(caregiver).for_page(),
        meetings=Meeting.objects.kept_by(request.user).under(consents),
        title="Trek alle toestemmingen in",
    )


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def consent_narrow(request, pk):
    consent = _consent_of(request, pk)
    form = NarrowConsentForm(_data(request), consent=consent)
    if form.is_valid():
        try:
            actions.narrow_consent(consent=consent, by=request.user, items=form.cleaned_data["items"])
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            messages.success(request, f"{consent.organisation.name} ziet nu alleen nog wat je aangevinkt liet.")
            return redirect("caregiver_detail", consent.caregiver_id)
    return _ask(request, "referrals/consent_narrow.html", consent.caregiver, form=form, consent=consent)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def caregiver_erase(request, pk):
    caregiver = found(request, Caregiver.objects.for_user(request.user), pk)
    form = EraseForm(_data(request))
    if form.is_valid():
        with suppress(Refused):  # somebody was first: it is erased all the same
            actions.erase(caregiver=caregiver, by=request.user)
        messages.success(request, "Haar gegevens zijn gewist. Wie met het portaal werkt, krijgt bericht om te stoppen.")
        return redirect("caregiver_list")
    ends = Referral.objects.for_user(request.user).open().about(caregiver).for_page()
    return _ask(request, "referrals/caregiver_erase.html", caregiver, form=form, ends=ends)

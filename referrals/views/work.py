"""When she is away and who stands in for her; how long her organisation takes."""

from dataclasses import asdict

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Absence
from accounts.permissions import caregiver_workers_only, found, may_manage_team, only
from mantelzorg.dates import day_in_words
from mantelzorg.refusal import Refused
from referrals import work
from referrals.forms.absence import AbsenceForm
from referrals.forms.terms import TermsForm
from referrals.models import OrganisationTerms
from referrals.transitions import Terms

ASK_AND_DO = ["GET", "HEAD", "POST"]


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def absence(request):
    form = AbsenceForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            made = work.go_away(by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            until = day_in_words(made.last_day)
            messages.success(request, f"Bewaard. {made.stand_in.user} neemt waar tot en met {until}.")
            return redirect("absence")
    context = {"form": form, "absences": Absence.objects.of(request.user.acting).not_over(timezone.localdate())}
    return render(request, "referrals/work/absence.html", context)


@caregiver_workers_only
@require_POST
def absence_end(request, pk):
    mine = found(request, Absence.objects.of(request.user.acting), pk)
    work.come_back(absence=mine, by=request.user, now=timezone.now())
    messages.success(request, "Je staat weer als aanwezig. Wat nog openstaat, ligt weer bij jou.")
    return redirect("absence")


@only(may_manage_team)
@require_http_methods(ASK_AND_DO)
def terms(request):
    now_held = OrganisationTerms.objects.terms_of(request.user.organisation_id)
    form = TermsForm(request.POST if request.method == "POST" else None, initial=asdict(now_held))
    if form.is_valid():
        work.set_terms(by=request.user, terms=Terms(**form.cleaned_data), now=timezone.now())
        messages.success(request, "De termijnen zijn bewaard. Ze gelden vanaf de volgende stap van een verwijzing.")
        return redirect("team")
    context = {"form": form, "back_url": reverse("team")}
    return render(request, "referrals/work/terms.html", context)

"""The floor: the least that Django does for a page of this kind, under the portal's own middleware and log-in.

A page that is three times its floor does three times the work that nobody can leave out.
"""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from weasyprint import HTML

from referrals.models import Referral
from sociale_kaart.models import Service
from sociale_kaart.search import SearchQuery

LINES = "".join(f"<p>Regel {number} van een brief, zonder opmaak.</p>" for number in range(1, 21))
PAPER = f'<!doctype html><html lang="nl"><head><title>Brief</title></head><body><h1>Brief</h1>{LINES}</body></html>'


def rows(request, organisation):
    """One query, twenty rows, two dates a row."""
    found = (
        Referral.objects.filter(receiver_organisation=organisation)
        .select_related("caregiver", "service", "sender_organisation")
        .only(
            "number", "state", "changed_at", "sent_at", "caregiver__name", "service__name", "sender_organisation__name"
        )
        .order_by("-changed_at", "-id")[:20]
    )
    return render(request, "benchmarks/rows.html", {"rows": found})


def search(request):
    """The portal's own search query, twenty hits."""
    query = SearchQuery(text=request.GET.get("q", ""), municipalities=tuple(request.GET.getlist("gemeente")))
    return render(request, "benchmarks/hits.html", {"page": Service.objects.search(query)})


class CreateForm(forms.ModelForm):
    class Meta:
        model = Referral
        fields = ["feedback", "urgency", "warm_mode", "warm_with", "warm_on"]


def create(request, like):
    """A form of five fields is checked, one row is made (a draft), and off to another page."""
    form = CreateForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=422)
    referral = form.save(commit=False)
    for name, value in Referral.objects.filter(pk=like).values(*COPIED).get().items():
        setattr(referral, name, value)
    referral.sender = request.user.acting  # a draft is its maker's, or the database refuses it
    referral.save(force_insert=True)
    return redirect("floor_rows", referral.sender_organisation_id)


COPIED = (
    "caregiver_id",
    "municipality_id",
    "sender_organisation_id",
    "sender_id",
    "service_id",
    "receiver_organisation_id",
    "channel",
)


def paper(request):
    """One tagged page with a heading and twenty lines, in no style of ours."""
    return HttpResponse(HTML(string=PAPER).write_pdf(pdf_variant="pdf/ua-1"), content_type="application/pdf")

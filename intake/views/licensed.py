"""Questions of instruments that an organisation has a licence for: its beheerder loads them as a file."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import may_manage_team, only
from intake.measuring import actions
from intake.measuring.forms import LicensedForm
from intake.measuring.reading import licensed_lines
from intake.measuring.scoring import OFFERED
from intake.models import LicensedItems
from intake.views.one_caregiver import ASK_AND_DO
from knowledge.models import Instrument
from mantelzorg.forms import refuse
from mantelzorg.refusal import Refused


@only(may_manage_team)
@require_safe
def licensed_list(request):
    context = {"lines": licensed_lines(request.user)}
    return render(request, "intake/measuring/licensed_list.html", context)


@only(may_manage_team)
@require_http_methods(ASK_AND_DO)
def licensed_load(request, slug):
    instrument = _instrument(slug)
    form = LicensedForm(request.POST or None, request.FILES or None, instrument=instrument)
    if form.is_valid():
        try:
            actions.load_items(instrument=instrument, by=request.user, **form.details())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"De vragen van {instrument.name} zijn geladen.")
            return redirect("licensed_list")
    items = LicensedItems.objects.for_instrument(instrument, request.user)
    context = {"form": form, "instrument": instrument, "items": items}
    return render(request, "intake/measuring/licensed_load.html", context)


@only(may_manage_team)
@require_http_methods(ASK_AND_DO)
def licensed_remove(request, slug):
    instrument = _instrument(slug)
    if request.method == "POST":
        actions.remove_items(instrument=instrument, by=request.user)
        messages.success(request, "De vragen zijn weggehaald. Wie meet, vult weer alleen de score in.")
        return redirect("licensed_list")
    context = {
        "title": f"Vragen van {instrument.name} weghalen?",
        "text": "Metingen die er al zijn, blijven staan.",
        "button": "Haal weg",
        "danger": True,
        "back_url": reverse("licensed_load", args=[slug]),
        "back_label": "Terug naar de vragen",
    }
    return render(request, "components/confirm.html", context)


def _instrument(slug: str) -> Instrument:
    instrument = Instrument.objects.for_page().in_bulk(OFFERED).get(slug)
    if instrument is None or not actions.can_be_asked(instrument):
        raise Http404
    return instrument

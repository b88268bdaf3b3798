"""Measurements of one caregiver: all of them, a new one, one by itself."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import caregiver_workers_only, found
from intake.measuring import actions, reading
from intake.measuring.forms import AgreedForm, TakeBackForm, form_for
from intake.measuring.scoring import OFFERED
from intake.models import LicensedItems, Screening, TimelineEvent
from intake.views.one_caregiver import ASK_AND_DO, ask, caregiver_of, last_in, show_part, try_change, typed
from knowledge.models import Instrument
from mantelzorg.forms import digest, refuse
from mantelzorg.pagination import keyset_page
from mantelzorg.refusal import Refused
from trail.actions import do_once

FIELDS = ("screenings", "burden")


@caregiver_workers_only
@require_safe
def screening_list(request, pk):
    caregiver = caregiver_of(request, pk)
    context = reading.page_of(caregiver)
    template = "intake/measuring/screening_list.html"
    return show_part(request, template, caregiver, part="screening_list", fields=FIELDS, **context)


@caregiver_workers_only
@require_safe
def screening_history(request, pk, slug):
    """All scores of one instrument that stand, the newest first."""
    caregiver = caregiver_of(request, pk)
    instrument = _offered(slug)
    rows = caregiver.screenings.standing().of(instrument).for_page()
    page = keyset_page(request, rows, order=("-taken_on", "-created_at", "-pk"))
    context = {"instrument": instrument, "page": page, "lines": [reading.line(row) for row in page.rows]}
    return ask(request, "intake/measuring/screening_history.html", caregiver, fields=("screenings",), **context)


def _offered(slug: str) -> Instrument:
    instrument = Instrument.objects.for_page().in_bulk(OFFERED).get(slug)
    if instrument is None:
        raise Http404
    return instrument


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def screening_new(request, pk, slug):
    caregiver = caregiver_of(request, pk)
    instrument = _offered(slug)
    items = LicensedItems.objects.for_instrument(instrument, request.user)
    by_item = items is not None and request.GET.get("hoe") != "score"
    form = form_for(instrument, items if by_item else None)(typed(request))
    if form.is_valid():
        try:
            made = do_once(
                key=form.cleaned_data["form_key"],
                verb="record_screening",
                by=request.user,
                digest=digest(form, instrument.pk),
                do=lambda: (
                    actions.record_screening(
                        caregiver=caregiver, by=request.user, instrument=instrument, **form.details()
                    ).pk
                ),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "De meting is bewaard.")
            return redirect("screening_detail", made)
    context = {"form": form, "instrument": instrument, "items": items, "by_item": by_item}
    return ask(request, "intake/measuring/screening_new.html", caregiver, fields=(), **context)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def screening_detail(request, pk):
    """What it says, and what they agreed because of it."""
    screening = found(request, Screening.objects.for_user(request.user).for_detail(), pk)
    form = AgreedForm(typed(request), thing=screening)
    if form.is_valid():
        who = last_in(screening.caregiver, TimelineEvent.Kind.SCREENING, request.user)
        form = try_change(request, form, actions.agree, who=who, screening=screening)
        if form is None:
            messages.success(request, "De afspraak is bewaard.")
            return redirect("screening_detail", pk)
    context = {
        "screening": screening,
        "instrument": screening.instrument,
        "read": reading.detail_of(screening),
        "form": form,
    }
    return ask(
        request, "intake/measuring/screening_detail.html", screening.caregiver, fields=("screenings",), **context
    )


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def screening_take_back(request, pk):
    screening = found(request, Screening.objects.for_user(request.user).for_detail(), pk)
    form = TakeBackForm(typed(request))
    if form.is_valid():
        try:
            actions.take_back(screening=screening, by=request.user, why=form.cleaned_data["why"])
        except Refused as refusal:
            messages.info(request, refusal.sentence)
        else:
            messages.success(request, "De meting is ingetrokken. Zij telt niet meer mee.")
        return redirect("screening_detail", pk)
    context = {
        "title": "Meting intrekken?",
        "text": "Zij blijft te lezen, met de reden erbij, en telt niet meer mee in het verloop.",
        "form": form,
        "button": "Trek in",
        "danger": True,
        "back_url": reverse("screening_detail", args=[pk]),
        "back_label": "Terug naar de meting",
    }
    return ask(request, "components/confirm.html", screening.caregiver, fields=("screenings",), **context)

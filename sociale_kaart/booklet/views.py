"""The booklet of a municipality: the page asks, the worker makes, the page tells how far it is."""

import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from mantelzorg import forms
from mantelzorg.dates import moment_in_words
from mantelzorg.fragments import render_page, wants_piece
from mantelzorg.refusal import Refused
from sociale_kaart.booklet import actions, permissions
from sociale_kaart.models import Booklet, BookletFile, Municipality
from trail.actions import do_once, record_denied

PATIENCE = datetime.timedelta(minutes=10)  # then the page stops looking by itself


class AskForm(forms.Form):
    form_key = forms.OnceField()


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    municipalities = list(permissions.within_reach(request.user))
    if len(municipalities) == 1:
        return redirect("booklet", municipalities[0].slug)
    made = Booklet.objects.last_made_by_municipality()
    rows = [(place, moment_in_words(made[place.pk]) if place.pk in made else "") for place in municipalities]
    return render(request, "sociale_kaart/booklet/start.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def booklet(request: HttpRequest, slug: str) -> HttpResponse:
    municipality = _municipality(request, slug)
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form.is_valid():
            _ask(request, municipality, form)
        return redirect("booklet", slug)
    job = Booklet.objects.last_of(municipality)
    is_waiting = job is not None and job.is_waiting
    if wants_piece(request) and not is_waiting:
        return HttpResponseClientRefresh()
    made = Booklet.objects.last_made_of(municipality)
    context = {
        "municipality": municipality,
        "has_others": permissions.within_reach(request.user).count() > 1,
        "form": form,
        "job": job,
        "looks_again": is_waiting and job.asked_at > timezone.now() - PATIENCE,
        "made": made,
        "made_at": moment_in_words(made.made_at) if made else "",
    }
    return render_page(request, "sociale_kaart/booklet/booklet.html", context, piece="progress")


def _ask(request: HttpRequest, municipality: Municipality, form: AskForm) -> None:
    try:
        do_once(
            key=form.cleaned_data["form_key"],
            verb="ask_booklet",
            by=request.user,
            digest=municipality.pk,
            do=lambda: actions.ask_booklet(municipality=municipality, by=request.user).pk,
        )
    except Refused as refusal:
        messages.info(request, refusal.sentence)


@require_safe
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    municipality = _municipality(request, slug)
    made = Booklet.objects.last_made_of(municipality)
    if made is None:
        raise Http404
    name = f"sociale-kaart-{slug}-{timezone.localdate(made.made_at).isoformat()}.pdf"
    content = bytes(BookletFile.objects.get(booklet=made).content)
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _municipality(request: HttpRequest, slug: str) -> Municipality:
    found = permissions.in_reach(request.user, slug)
    if found is None:
        record_denied(by=request.user, page=request.resolver_match.view_name)
        raise Http404
    return found

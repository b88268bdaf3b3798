"""Saying what is wrong on a card, handling it, and reading what was done."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from mantelzorg import carried
from mantelzorg.dates import date_in_words
from mantelzorg.forms import digest, refuse
from mantelzorg.pagination import keyset_page
from mantelzorg.refusal import Refused
from sociale_kaart.freshness import actions, link_page
from sociale_kaart.freshness.forms import HandleForm, ReportForm
from sociale_kaart.models import Report, Service
from trail.actions import do_once, record_denied

ASK_AND_DO = ["GET", "HEAD", "POST"]
THANKS = "Dank je. De consulent kijkt ernaar. Wat er is gedaan, lees je bij Mijn meldingen."


@require_http_methods(ASK_AND_DO)
def report_new(request: HttpRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(Service.objects.for_user(request.user).for_page(), slug=slug)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("what", "words")}
        try:
            do_once(
                key=form.cleaned_data["form_key"],
                verb="report",
                by=request.user,
                digest=digest(form, service.pk),
                do=lambda: actions.report(service=service, by=request.user, **typed).pk,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, THANKS)
            return redirect(carried.onward(request, "service_detail", slug))
    return render(request, "sociale_kaart/freshness/report_new.html", {"service": service, "form": form})


@require_safe
def my_reports(request: HttpRequest) -> HttpResponse:
    page = keyset_page(request, Report.objects.made_by(request.user), order=("-made_at", "-pk"), size=20)
    for row in page.rows:
        row.made, row.handled = date_in_words(row.made_at), date_in_words(row.handled_at)
    return render(request, "sociale_kaart/freshness/my_reports.html", {"page": page})


@require_http_methods(ASK_AND_DO)
def report_detail(request: HttpRequest, pk) -> HttpResponse:
    report = Report.objects.for_maintainer(request.user).with_key(pk)
    if report is None:
        record_denied(by=request.user, page="report_detail", model=Report, key=pk)
        raise Http404
    form = HandleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.handle_report(report=report, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
            report.refresh_from_db()
        else:
            messages.success(request, "Afgehandeld. De melder krijgt bericht.")
            return redirect("directory_work")
    service = Service.objects.for_page().get(pk=report.service_id)
    context = {
        "report": report,
        "service": service,
        "facts": link_page.card(service),
        "form": form,
        "made": date_in_words(report.made_at),
        "handled": date_in_words(report.handled_at),
    }
    return render(request, "sociale_kaart/freshness/report_detail.html", context)

"""Bringing in and taking out: the page asks, the worker does."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from mantelzorg.dates import date_in_words
from mantelzorg.forms import digest_of, refuse
from mantelzorg.fragments import render_page, wants_piece
from mantelzorg.pagination import keyset_page
from mantelzorg.recent_proof import proved_recently, show_again
from mantelzorg.refusal import Refused
from sociale_kaart.exchange import actions, exporting, permissions, tables
from sociale_kaart.exchange.forms import ExportForm, UploadForm
from sociale_kaart.exchange.uploads import TOO_BIG
from sociale_kaart.models import Import, ImportRow, Municipality
from trail.actions import do_once, record_access, record_denied

ASK_AND_DO = ["GET", "HEAD", "POST"]
VERBS = {"akkoord": actions.confirm_import, "stop": actions.cancel_import, "terug": actions.undo_import}
SAID = {
    "akkoord": "Het bestand wordt nu verwerkt.",
    "stop": "Gestopt. Er is niets veranderd.",
    "terug": "De import wordt nu teruggedraaid.",
}


def exchangers_only(view):
    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs):
        if not permissions.may_exchange(request.user):
            record_denied(by=request.user, page=request.resolver_match.view_name)
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


@require_http_methods(ASK_AND_DO)
@exchangers_only
def import_list(request: HttpRequest) -> HttpResponse:
    sent = [request.POST, request.FILES] if request.method == "POST" else []
    form = UploadForm(*sent, is_too_big=TOO_BIG in request.META)
    if form.is_valid():
        try:
            pk = _brought_in(request, form)
        except Refused as refusal:
            refuse(form, Refused(refusal.sentence, field="file"))
        else:
            return redirect("import_detail", pk)
    page = keyset_page(request, Import.objects.for_user(request.user).for_list(), order=("-created_at", "-pk"))
    for job in page.rows:
        job.moment = date_in_words(job.created_at)
    return render(request, "sociale_kaart/exchange/import_list.html", {"form": form, "page": page})


def _brought_in(request: HttpRequest, form: UploadForm):
    upload, source = form.cleaned_data["file"], form.cleaned_data["source"]
    content = upload.read()
    return do_once(
        key=form.cleaned_data["form_key"],
        verb="start_import",
        by=request.user,
        digest=digest_of(upload.name, len(content), source),
        do=lambda: actions.start_import(by=request.user, file_name=upload.name, content=content, source=source).pk,
    )


@require_http_methods(ASK_AND_DO)
@exchangers_only
def import_detail(request: HttpRequest, pk) -> HttpResponse:
    job = Import.objects.for_user(request.user).for_list().with_key(pk)
    if job is None:
        record_denied(by=request.user, page="import_detail", model=Import, key=pk)
        raise Http404
    asked = request.POST.get("doe", "")
    if request.method == "POST":
        if asked in VERBS:
            try:
                VERBS[asked](job=job, by=request.user)
                messages.success(request, SAID[asked])
            except Refused as refusal:
                messages.info(request, refusal.sentence)
        return redirect("import_detail", pk)
    if wants_piece(request) and not job.is_waiting:
        return HttpResponseClientRefresh()
    shown = request.GET.get("toon", "")
    rows = ImportRow.objects.of_import(job).of_outcome(shown)
    page = keyset_page(request, rows, order=("number", "pk"), size=50)
    context = {"job": job, "page": page, "shown": shown, "counts": job.counts(shown)}
    return render_page(request, "sociale_kaart/exchange/import_detail.html", context, piece="progress")


@require_safe
@exchangers_only
def import_help(request: HttpRequest) -> HttpResponse:
    context = {"columns": tables.explanation(tables.Words())}
    return render(request, "sociale_kaart/exchange/import_help.html", context)


@require_safe
@exchangers_only
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    return _file(exporting.template(kind), kind, "sjabloon-sociale-kaart")


@require_safe
@exchangers_only
def export(request: HttpRequest) -> HttpResponse:
    user = request.user
    municipalities = Municipality.objects.for_export(user)
    form = ExportForm(
        request.GET if "soort" in request.GET else None,
        municipalities=municipalities,
        everywhere=user.is_functional_admin,
    )
    if form.is_valid():
        kind, chosen = form.cleaned_data["soort"], form.cleaned_data["gemeente"]
        for_own_use = form.cleaned_data["voor"] == "eigen"
        if for_own_use and not proved_recently(request):
            return show_again(request)
        services = exporting.to_export(by=user, municipality=chosen, for_own_use=for_own_use)
        if exporting.is_too_much(services):
            form.add_error("gemeente", "Dit is te veel voor één bestand. Kies een gemeente.")
        else:
            record_access(by=user, event="export", action="E", page="directory_export")
            content = exporting.export(kind, services, for_own_use=for_own_use)
            return _file(content, kind, f"sociale-kaart-{timezone.localdate().isoformat()}")
    return render(request, "sociale_kaart/exchange/export.html", {"form": form})


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    content_type, ending = exporting.CONTENT_TYPES[kind]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)

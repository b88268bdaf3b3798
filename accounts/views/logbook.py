"""The logbook for who reviews it: what was done, one name at a time, and the weekly review. Reading it is logged."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.logbook import actions, weeks
from accounts.logbook.forms import NameForm, SignForm
from accounts.logbook.pseudonyms import pseudonym
from accounts.logbook.reading import Logbook
from accounts.permissions import found, may_review_log, only
from mantelzorg.forms import refuse
from mantelzorg.fragments import render_page
from mantelzorg.pagination import keyset_page
from mantelzorg.refusal import Refused
from trail.actions import record_access
from trail.models import AccessLogEntry

ASK_AND_DO = ["GET", "HEAD", "POST"]
PAGE = 40


@only(may_review_log)
@require_safe
def logbook(request):
    book = Logbook(request.user, request.GET.dict())
    page = keyset_page(request, book.choice.rows(request.user), order=("-at", "-pk"), size=PAGE)
    _log(request, filters=book.choice.filters, hit_count=len(page.rows))
    context = {"book": book, "form": book.form, "page": page, "lines": book.lines(page.rows)}
    return render_page(request, "accounts/logbook/list.html", context, piece="results")


@only(may_review_log)
@require_http_methods(ASK_AND_DO)
def log_name(request, pk):
    entry = found(request, AccessLogEntry.objects.for_user(request.user).about_somebody(), pk)
    form = NameForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "entry": entry, "pseudonym": pseudonym(entry.organisation_id, entry.subject_id)}
    if form.is_valid():
        try:
            name = actions.show_name(entry=entry, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return render(request, "accounts/logbook/name.html", {**context, "is_shown": True, "name": name})
    _log(request, filters=())
    return render(request, "accounts/logbook/name.html", context)


@only(may_review_log)
@require_safe
def log_weeks(request):
    shown = weeks.weeks_of(request.user, today=timezone.localdate())
    _log(request, filters=("week",), hit_count=len(shown))
    return render(request, "accounts/logbook/weeks.html", {"weeks": shown})


@only(may_review_log)
@require_http_methods(ASK_AND_DO)
def log_week(request, year, number):
    monday = weeks.monday_of(year, number)
    if monday is None or monday > weeks.last_monday(timezone.localdate()):
        raise Http404
    form = SignForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.sign_week(monday=monday, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Je hebt voor deze week getekend.")
            return redirect("log_week", year, number)
    _log(request, filters=("week",))
    context = {
        "week": weeks.week_of(request.user, monday),
        "outliers": weeks.outliers(request.user, monday),
        "own_looks": weeks.own_looks(request.user, monday),
        "form": form,
    }
    return render(request, "accounts/logbook/week.html", context)


def _log(request, *, filters: tuple[str, ...], hit_count: int | None = None) -> None:
    record_access(
        by=request.user,
        event="log_read",
        action="R",
        page=request.resolver_match.view_name,
        filters=filters,
        hit_count=hit_count,
    )

"""The list of caregivers, the page of one, and her timeline."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import caregiver_workers_only
from intake.forms import CasemanagerForm, SearchForm
from intake.lists import ListChoice, how_many, lines_of
from intake.parts import parts_of
from intake.reading import PAGE, SHOWN, Timeline, event_line, kind_asked, read, timeline_address
from intake.views.one_caregiver import ASK_AND_DO, caregiver_of, look_at
from mantelzorg.fragments import render_page, wants_piece
from mantelzorg.pagination import AFTER, keyset_page
from trail.actions import record_access, record_access_to_many

TYPED_NOTHING = {"zoek": "", "contact": ""}  # what is typed never comes from an address


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def caregiver_list(request):
    """To look for somebody is a POST: what is typed about her never stands in an address."""
    is_search = request.method == "POST"
    form = SearchForm(request.POST) if is_search else SearchForm(initial=request.GET.dict() | TYPED_NOTHING)
    choice = ListChoice.asked(form)
    if wants_piece(request) and request.headers.get("HX-Target") == "filters":
        return render_page(request, "intake/caregiver_list.html", {"form": form, "choice": choice}, piece="filters")
    if is_search and form.is_valid() and not choice.is_typed and not wants_piece(request):
        return redirect(choice.address)
    page = keyset_page(request, choice.rows(request.user, timezone.localdate()), order=choice.keys)
    _log(request, page, choice)
    context = {
        "form": form,
        "choice": choice,
        "page": page,
        "is_search": is_search,
        "lines": lines_of(page.rows, request.user, timezone.localdate()),
        "count": how_many(page),
    }
    return render_page(request, "intake/caregiver_list.html", context, piece="results")


def _log(request, page, choice: ListChoice) -> None:
    """A row for everyone on the page; a search that finds nobody was a search too."""
    if page.rows:
        subjects = [row["pk"] for row in page.rows]
        record_access_to_many(by=request.user, event="search", subjects=subjects, filters=choice.filters)
    elif choice.is_narrowed:
        record_access(by=request.user, event="search", action="R", filters=choice.filters, hit_count=0)


@caregiver_workers_only
@require_safe
def caregiver_detail(request, pk):
    caregiver = caregiver_of(request, pk)
    look_at(request, caregiver, *SHOWN)
    context = {
        "caregiver": caregiver,
        "casemanager_form": CasemanagerForm(),
        "reading": read(caregiver, request.user, now=timezone.now()),
        "parts": parts_of(caregiver, "caregiver_detail"),
        "timeline": _timeline(request, caregiver),
    }
    return render(request, "intake/caregiver_detail.html", context)


@caregiver_workers_only
@require_safe
def caregiver_timeline(request, pk):
    """The next part of it, or one kind of events: as a piece of her page, or as a page of its own."""
    caregiver = caregiver_of(request, pk)
    look_at(request, caregiver, "name", "timeline")
    context = {
        "caregiver": caregiver,
        "parts": parts_of(caregiver, "caregiver_timeline"),
        "timeline": _timeline(request, caregiver),
    }
    if wants_piece(request):
        piece = "items" if AFTER in request.GET else "section"
        return render_page(request, "intake/_timeline.html", context, piece=piece)
    return render_page(request, "intake/timeline.html", context)


def _timeline(request, caregiver) -> Timeline:
    kind = kind_asked(request.GET.get("soort", ""))
    events = caregiver.timeline.for_page().of_kind(kind)
    page = keyset_page(request, events, order=("-at", "-pk"), size=PAGE)
    return Timeline(
        url=timeline_address(caregiver),
        kind=kind,
        events=[event_line(event) for event in page.rows],
        next_url=timeline_address(caregiver, soort=kind, na=page.next_key) if page.next_key else "",
        newest_url=timeline_address(caregiver, soort=kind) if page.previous_key else "",
    )

"""The coordinator's overview of a period, as a page and as a paper, from one template."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.permissions import coordinators_only
from mantelzorg.dates import day_in_words
from mantelzorg.pdf import pdf_response
from mantelzorg.recent_proof import recently_authenticated
from overviews import periods
from overviews.areas import areas_of
from overviews.forms import ChoiceOfOverview
from overviews.numbers import Overview
from overviews.numbers import overview as count
from referrals.loops import open_loops
from trail.actions import record_access, record_denied


@require_GET
@coordinators_only
def overview(request):
    today = timezone.localdate()
    form, counted = _chosen(request, today)
    _log(request, "view", counted)
    context = {"form": form, "overview": counted, "loops": open_loops(request.user, now=timezone.now())}
    return render(request, "overviews/overview.html", context)


@require_GET
@coordinators_only
@recently_authenticated
def overview_paper(request):
    today = timezone.localdate()
    _, counted = _chosen(request, today)
    _log(request, "export", counted)
    filename = f"overzicht-{counted.period.key}.pdf"
    context = {"overview": counted, "today": day_in_words(today), "organisation": request.user.organisation}
    return pdf_response("overviews/paper.html", context, filename=filename)


def _chosen(request, today) -> tuple[ChoiceOfOverview, Overview]:
    """The numbers of what was asked for; what cannot be chosen (another's municipality, a month to come) is a 404."""
    areas = areas_of(request.user)
    latest_quarter = periods.ended_periods(today)["Kwartaal"][0]  # a month is often too short to tell anything
    asked = {
        "periode": request.GET.get("periode") or latest_quarter.key,
        "gebied": request.GET.get("gebied") or areas[0].key,
    }
    period = periods.find(asked["periode"], today)
    area = next((area for area in areas if area.key == asked["gebied"]), None)
    if period is None or area is None:
        record_denied(by=request.user, page="overview")
        raise Http404
    return ChoiceOfOverview(asked, areas=areas, today=today), count(period=period, area=area, today=today)


def _log(request, event: str, counted: Overview) -> None:
    record_access(
        by=request.user,
        event=event,
        action="R",
        filters=("periode", "gebied"),
        purpose=f"overzicht {counted.period.key}",
    )

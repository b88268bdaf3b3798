from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mantelzorg.carried import carried_municipality
from mantelzorg.fragments import render_page
from sociale_kaart import found_list
from sociale_kaart.search import find_everything

TEMPLATE = "sociale_kaart/search_everything.html"


@require_safe
def search_everything(request: HttpRequest) -> HttpResponse:
    q = request.GET.get("q", "").strip()
    group = request.GET.get("groep", "")
    group = group if group in found_list.LABELS and group != found_list.SERVICES else ""
    area = request.user.area(carried_municipality(request))
    page = found_list.page_of(request, group)
    found = find_everything(q, tuple(area.codes), group, page=page)
    if request.htmx.target == "zoekpaneel":
        return render(request, f"{TEMPLATE}#panel", {"q": q} | found_list.for_panel(request, found, q))
    context = {"q": q} | found_list.for_page(request, found, area, q, group=group, page=page)
    response = render_page(request, TEMPLATE, context, piece="results")
    if request.htmx:
        response["HX-Replace-Url"] = found_list.search_for(request, q)
    return response

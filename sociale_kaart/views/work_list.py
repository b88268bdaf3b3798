from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mantelzorg.pagination import keyset_page
from sociale_kaart import permissions, work_list
from trail.actions import record_denied


@require_safe
def directory_work(request: HttpRequest) -> HttpResponse:
    if not permissions.keeps_the_directory(request.user):
        record_denied(by=request.user, page="directory_work")
        raise Http404
    codes = work_list.municipalities_of(request.user)
    page = keyset_page(request, work_list.services_to_check(codes), order=("next_check_on", "pk"), size=12)
    of_directory, of_knowledge = work_list.dead_links(codes)
    context = {
        "places": work_list.names_of(codes),
        "rows": work_list.rows_of(page.rows),
        "page": page,
        "of_directory": of_directory,
        "of_knowledge": of_knowledge,
    }
    return render(request, "sociale_kaart/directory_work.html", context)

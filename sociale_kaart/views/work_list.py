from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mantelzorg.pagination import keyset_page
from sociale_kaart import permissions, work_list
from trail.actions import record_denied


@require_safe
def directory_work(request: HttpRequest) -> HttpResponse:
    """All kinds with their first rows, or all rows of one kind (`?toon=`)."""
    if not permissions.keeps_the_directory(request.user):
        record_denied(by=request.user, page="directory_work")
        raise Http404
    codes = work_list.municipalities_of(request.user)
    shown = request.GET.get("toon", "")
    context = work_list.overview(codes, shown) | {"places": work_list.names_of(codes)}
    if section := context["section"]:
        page = keyset_page(request, section.rows(codes), order=section.order, size=work_list.ON_A_PAGE)
        context |= {"rows": section.tell(page.rows), "page": page}
    return render(request, "sociale_kaart/directory_work.html", context)

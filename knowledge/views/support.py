from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from knowledge.links import as_in, links_to
from knowledge.models import SupportCategory, SupportKind
from knowledge.near import more_of
from mantelzorg.carried import carried_municipality


@require_safe
def support_list(request):
    return render(request, "knowledge/support_list.html", {"categories": SupportCategory.objects.for_list()})


@require_safe
def support_detail(request, slug):
    kind = get_object_or_404(SupportKind.objects.for_page(), slug=slug)
    context = {"kind": kind, "links": links_to([kind.url], since=as_in(kind.category.sources.all()))}
    if kind.referable:
        area = request.user.area(carried_municipality(request))
        context |= {
            "area": area,
            "near": kind.services.near(area.codes),
            **more_of(request, soort=kind.slug),
        }
    return render(request, "knowledge/support_detail.html", context)

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from knowledge.links import as_in, links_to, places
from knowledge.models import ConversationGuide
from mantelzorg import carried


@require_safe
def conversation_detail(request, slug):
    guide = get_object_or_404(ConversationGuide.objects.for_page(), slug=slug)
    area = request.user.area(carried.carried_municipality(request))
    kind = guide.support_kind_id
    context = {
        "guide": guide,
        "places": places(guide.method_urls),
        "links": links_to([guide.offered_url, *guide.method_urls], since=as_in(guide.sources.all())),
        "area": area,
        "near": guide.support_kind.services.without_record().near(area.codes),
        "search_url": carried.onward(request, "service_search", soort=kind),
        "elsewhere_url": carried.onward(request, "service_search", soort=kind, gemeente=""),
    }
    return render(request, "knowledge/conversation_detail.html", context)

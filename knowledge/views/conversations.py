from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from knowledge.links import as_in, links_to, places
from knowledge.models import ConversationGuide
from knowledge.near import more_of
from mantelzorg.carried import carried_municipality


@require_safe
def conversation_detail(request, slug):
    guide = get_object_or_404(ConversationGuide.objects.for_page(), slug=slug)
    area = request.user.area(carried_municipality(request))
    context = {
        "guide": guide,
        "places": places(guide.method_urls),
        "links": links_to([guide.offered_url, *guide.method_urls], since=as_in(guide.sources.all())),
        "area": area,
        "near": guide.support_kind.services.without_record().near(area.codes),
        **more_of(request, soort=guide.support_kind_id),
    }
    return render(request, "knowledge/conversation_detail.html", context)

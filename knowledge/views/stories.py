from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from knowledge.models import Story


@require_safe
def story_list(request):
    return render(request, "knowledge/story_list.html", {"stories": Story.objects.for_list()})


@require_safe
def story_detail(request, slug):
    story = get_object_or_404(Story.objects.for_page(), slug=slug)
    return render(request, "knowledge/story_detail.html", {"story": story})

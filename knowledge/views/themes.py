from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from knowledge.models import Theme


@require_safe
def theme_list(request):
    return render(request, "knowledge/theme_list.html", {"themes": Theme.objects.current()})


@require_safe
def theme_detail(request, slug):
    theme = get_object_or_404(Theme.objects.for_page(), slug=slug)
    return render(request, "knowledge/theme_detail.html", {"theme": theme})

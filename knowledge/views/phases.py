from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from knowledge.models import Passage, Phase


@require_safe
def phase_list(request):
    context = {
        "phases": Phase.objects.for_list(),
        "no_fixed_route": Passage.objects.text_of("fasen-geen-vast-traject"),
    }
    return render(request, "knowledge/phase_list.html", context)


@require_safe
def phase_detail(request, slug):
    phase = get_object_or_404(Phase.objects.for_page(), slug=slug)
    context = {
        "phase": phase,
        "phases": Phase.objects.current().only("slug", "name", "number"),
        "no_fixed_route": Passage.objects.text_of("fasen-geen-vast-traject"),
    }
    return render(request, "knowledge/phase_detail.html", context)

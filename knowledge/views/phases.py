from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from knowledge.models import Passage, Phase
from knowledge.near import more_of
from mantelzorg.carried import carried_municipality

NO_FIXED_ROUTE = "fasen-geen-vast-traject"


@require_safe
def phase_list(request):
    context = {
        "phases": Phase.objects.for_list(),
        "no_fixed_route": Passage.objects.text_of(NO_FIXED_ROUTE),
    }
    return render(request, "knowledge/phase_list.html", context)


@require_safe
def phase_detail(request, slug):
    phase = get_object_or_404(Phase.objects.for_page(), slug=slug)
    phases = list(Phase.objects.for_journey())
    area = request.user.area(carried_municipality(request))
    context = {
        "phase": phase,
        "phases": phases,
        "before": next((other for other in reversed(phases) if other.number < phase.number), None),
        "after": next((other for other in phases if other.number > phase.number), None),
        "no_fixed_route": Passage.objects.text_of(NO_FIXED_ROUTE),
        "area": area,
        "near": phase.services.near(area.codes),
        **more_of(request, fase=phase.slug),
        "notes": area.notes_on(phase, request.user),
    }
    return render(request, "knowledge/phase_detail.html", context)

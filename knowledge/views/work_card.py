from django.shortcuts import render
from django.views.decorators.http import require_safe

from knowledge.links import as_in, links_to
from knowledge.models import Fact, Passage, WorkCardContribution, WorkCardLink, WorkCardOption, WorkCardStep
from knowledge.work_card import further_reading, side_by_side

TEXTS = ("mantelzorger-en-naaste", "werkkaart-doel", "werkkaart-gedeeld-doel", "werkkaart-slot")
CONSULTATION = "consultatiefunctie-ggz"


@require_safe
def work_card(request):
    steps = list(WorkCardStep.objects.for_page())
    reading = list(WorkCardLink.objects.for_page())
    sources = steps[0].sources.all() if steps else []
    context = {
        "steps": steps,
        "texts": Passage.objects.texts(*TEXTS),
        "sides": side_by_side(WorkCardContribution.objects.current()),
        "options": WorkCardOption.objects.for_page(),
        "reading": further_reading(reading),
        "consultation": Fact.objects.current().named(CONSULTATION),
        "links": links_to((link.resource.href for link in reading), since=as_in(sources)),
        "sources": sources,
    }
    return render(request, "knowledge/work_card.html", context)

from django.shortcuts import render
from django.views.decorators.http import require_safe

from knowledge.links import UNDATED, links_to
from knowledge.models import Fact, FinancingKind

FACTS = ("mantelzorg-in-de-wet", "consultatiefunctie-ggz")


@require_safe
def financing_list(request):
    kinds = list(FinancingKind.objects.for_page())
    facts = list(Fact.objects.told(*FACTS))
    links = links_to([entry.source_url for entry in [*kinds, *facts]], since=UNDATED)
    return render(request, "knowledge/financing_list.html", {"kinds": kinds, "facts": facts, "links": links})

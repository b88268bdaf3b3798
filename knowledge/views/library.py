from django.shortcuts import render
from django.views.decorators.http import require_safe

from knowledge.library import how_many
from knowledge.links import as_in, links_to
from knowledge.models import ConversationGuide, Fact, NationalOrganisation, Passage, Source, Tip

FIGURES = ("mantelzorgers-in-nederland", "mantelzorgers-veel-en-lang", "patienten-die-mantelzorger-zijn")
IN_SHORT = "in-het-kort"
OVERVIEW = "inspiratiesheets"  # where the overview of national organisations stands


@require_safe
def knowledge(request):
    context = {
        "counts": how_many(),
        "guides": ConversationGuide.objects.current(),
        "figures": Fact.objects.told(*FIGURES),
        "sources": Source.objects.current(),
    }
    return render(request, "knowledge/knowledge.html", context)


@require_safe
def tip_list(request):
    context = {"tips": Tip.objects.for_list(), "in_short": Passage.objects.named(IN_SHORT)}
    return render(request, "knowledge/tip_list.html", context)


@require_safe
def national_list(request):
    organisations = list(NationalOrganisation.objects.for_list())
    sources = [source for source in [Source.objects.named(OVERVIEW)] if source]
    links = links_to((organisation.href for organisation in organisations), since=as_in(sources))
    context = {"organisations": organisations, "links": links, "sources": sources}
    return render(request, "knowledge/national_list.html", context)

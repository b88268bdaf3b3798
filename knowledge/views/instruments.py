from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from knowledge.links import UNDATED, links_to, places
from knowledge.models import ConversationGuide, Instrument, Passage, Resource

TEXTS = ("meetinstrumenten-uitleg", "meetinstrumenten-overige")
MORE = "vragenlijsten-voor-mantelzorgers"


@require_safe
def instrument_list(request):
    more = Resource.objects.named(MORE)
    context = {
        "instruments": Instrument.objects.for_list(),
        "guides": ConversationGuide.objects.current(),
        "texts": Passage.objects.texts(*TEXTS),
        "more": more,
        "links": links_to([more.href] if more else [], since=UNDATED),
    }
    return render(request, "knowledge/instrument_list.html", context)


@require_safe
def instrument_detail(request, slug):
    instrument = get_object_or_404(Instrument.objects.for_page(), slug=slug)
    urls = list(instrument.urls)
    if instrument.resource and instrument.resource.href not in ["", *urls]:
        urls.append(instrument.resource.href)
    context = {
        "instrument": instrument,
        "others": Instrument.objects.for_links(),
        "places": places(urls),
        "links": links_to(urls, since=UNDATED),
    }
    return render(request, "knowledge/instrument_detail.html", context)

"""Where there is help: a list of places with numbers, and the same as a picture."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mantelzorg import carried
from sociale_kaart import place_list
from sociale_kaart.forms import SearchForm
from sociale_kaart.models import Municipality, Province, Service
from sociale_kaart.search.choices import choices_for
from sociale_kaart.search.places import counts_by_place

WHOLE_COUNTRY = "alle"


@require_safe
def service_map(request: HttpRequest) -> HttpResponse:
    municipality = carried.carried_municipality(request)
    choices = choices_for(request.user, chosen_municipality=municipality)
    form = SearchForm(request.GET, choices=choices, caregiver=carried.carried_caregiver(request))
    asked = request.GET.get("provincie", "")
    province = asked if asked in Province.values else ""
    if not province and asked != WHOLE_COUNTRY:
        province = Municipality.objects.province_of([municipality, *(code for code, _ in choices.municipalities)])
    context = {"form": form, "search_url": f"{reverse('service_search')}?{form.address()}".rstrip("?")}
    if form.is_valid():
        places = Municipality.objects.in_province(province) if province else []
        query = replace(form.search_query(), municipalities=tuple(place.code for place in places), near="", within=0)
        page = Service.objects.search(replace(query, size=1))
        counts = counts_by_place(query, page, by_province=not province)
        context |= place_list.for_template(counts, form, page, province=province, places=places)
    return render(request, "sociale_kaart/service_map.html", context)

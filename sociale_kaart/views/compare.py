"""Up to three services side by side."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mantelzorg import carried
from mantelzorg.forms import slug_or_nothing
from sociale_kaart import side_by_side
from sociale_kaart.models import Service
from sociale_kaart.result_list import COMPARED


@require_safe
def service_compare(request: HttpRequest) -> HttpResponse:
    """Ticked in a list they all come as ?a=; a link between two pages says ?a=, ?b= and ?c=."""
    ticked = [slug_or_nothing(slug) for name in COMPARED for slug in request.GET.getlist(name)]
    slugs = list(dict.fromkeys(slug for slug in ticked if slug))
    services = Service.objects.for_user(request.user).for_comparison(slugs[: len(COMPARED)])

    def address(of: list[Service]) -> str:
        query = {name: service.slug for name, service in zip(COMPARED, of, strict=False)}
        return f"{reverse('service_compare')}?{urlencode(query | carried.carried(request))}"

    context = {
        "columns": side_by_side.columns(
            services,
            request.user,
            caregiver=carried.carried_caregiver(request),
            along=carried.along(request),
            address=address,
        ),
        "rows": side_by_side.of(services) if services else [],
        "has_too_many": len(slugs) > len(COMPARED),
    }
    return render(request, "sociale_kaart/service_compare.html", context)

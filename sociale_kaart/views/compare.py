"""Up to three services side by side."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mantelzorg import carried
from sociale_kaart import side_by_side
from sociale_kaart.forms import COMPARED, question_in, ticked
from sociale_kaart.models import Service


@require_safe
def service_compare(request: HttpRequest) -> HttpResponse:
    slugs = ticked(request.GET)
    services = Service.objects.for_user(request.user).for_comparison(slugs[: len(COMPARED)])
    question = question_in(request.GET)  # goes along for the way back to the list

    def address(page: str, of: list[Service], **more: str) -> str:
        query = {name: service.slug for name, service in zip(COMPARED, of, strict=False)}
        return f"{reverse(page)}?{urlencode(query | carried.carried(request) | question | more)}"

    context = {
        "columns": side_by_side.columns(
            services,
            request.user,
            caregiver=carried.carried_caregiver(request),
            along=carried.along(request),
            address=lambda of: address("service_compare", of),
        ),
        "rows": side_by_side.of(services) if services else [],
        "has_too_many": len(slugs) > len(COMPARED),
        "search_url": address("service_search", services, vergelijk="ja"),
    }
    return render(request, "sociale_kaart/service_compare.html", context)

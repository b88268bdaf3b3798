from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from mantelzorg.carried import carried_municipality, onward
from mantelzorg.pdf import pdf_response
from sociale_kaart import who_is_who
from sociale_kaart.forms import MunicipalityForm
from sociale_kaart.models import Municipality


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    form = MunicipalityForm(request.GET)
    found = form.found if form.is_valid() else []
    if len(found) == 1:
        return redirect(onward(request, "who_is_who", found[0].slug))
    area = request.user.area(carried_municipality(request))
    context = {"form": form, "found": found, "municipalities": area.options}
    return render(request, "sociale_kaart/who_is_who_start.html", context)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    municipality = get_object_or_404(Municipality, slug=slug)
    return render(request, "sociale_kaart/who_is_who.html", {"who": who_is_who.of(municipality)})


@require_safe
def poster(request: HttpRequest, slug: str) -> HttpResponse:
    municipality = get_object_or_404(Municipality, slug=slug)
    who = who_is_who.of(municipality)
    first, *otherwise = who.letters
    return pdf_response(
        "sociale_kaart/papers/who_is_who.html",
        who.on_poster | first,
        filename=f"wie-is-wie-{slug}.pdf",
        pages=1,
        otherwise=otherwise,
    )

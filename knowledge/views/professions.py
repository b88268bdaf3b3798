from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knowledge.forms import ProfessionFilter
from knowledge.links import links_of_profession
from knowledge.models import Profession
from knowledge.near import more_of
from mantelzorg import carried
from mantelzorg.fragments import render_page


@require_safe
def profession_list(request):
    form = ProfessionFilter(request.GET)
    here = reverse("profession_list")
    found = list(form.professions())
    context = {
        "form": form,
        "here": here,
        "count": len(found),
        "sheets": [profession for profession in found if profession.kind == Profession.Kind.SHEET],
        "roles": [profession for profession in found if profession.kind == Profession.Kind.ROLE],
    }
    response = render_page(request, "knowledge/profession_list.html", context, piece="found")
    if request.htmx:
        response["HX-Push-Url"] = f"{here}?{form.address(**carried.carried(request))}".rstrip("?")
    return response


@require_safe
def profession_detail(request, slug):
    profession = get_object_or_404(Profession.objects.for_page(), slug=slug)
    area = request.user.area(carried.carried_municipality(request))
    context = {
        "profession": profession,
        "links": links_of_profession(profession),
        "area": area,
        **more_of(request, **profession.asked_as),
        "near": area.services_of(profession),
        "contacts": area.contacts_of(profession),
        "notes": area.notes_on(profession, request.user),
    }
    return render(request, "knowledge/profession_detail.html", context)

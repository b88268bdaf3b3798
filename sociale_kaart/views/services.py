from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from mantelzorg import carried
from mantelzorg.fragments import render_page, wants_piece
from mantelzorg.pagination import AFTER
from sociale_kaart import actions, cards, permissions, result_list, work_list
from sociale_kaart.forms import COMPARED, SearchForm
from sociale_kaart.models import Organisation, Service
from sociale_kaart.search.choices import choices_for
from sociale_kaart.search.facets import counts_for


@require_safe
def service_search(request: HttpRequest) -> HttpResponse:
    chosen, typed = carried.carried_municipality(request), request.GET.get("q", "")
    choices = choices_for(request.user, chosen_municipality=chosen, text=typed)
    form = SearchForm(request.GET, choices=choices, caregiver=carried.carried_caregiver(request))
    after = request.GET.get(AFTER, "")
    here = reverse("service_search")
    if not request.htmx and form.is_valid() and form.names_a_door:
        return redirect(f"{here}?{form.address(**{AFTER: after})}")
    only_filters = request.htmx.target == "filters"
    context = {
        "form": form,
        "here": here,
        "is_piece": wants_piece(request) and not only_filters,
        # The field comes anew only when it says or said what is wrong: she may be typing in it.
        "mended": request.GET.get("fout") == "postcode",
        "has_work_list": partial(permissions.keeps_the_directory, request.user),  # asked where the header is shown
    }
    if form.is_valid():
        query = form.search_query(after=after)
        page = Service.objects.search(query)
        if form.shows_more:
            form.show_counts(counts_for(query, page))
        picked = Service.objects.for_user(request.user).titles_of(form.picked)
        context |= result_list.for_template(page, form, choices, picked)
        question = form.in_address(**{AFTER: after} | dict.fromkeys(COMPARED, ""))
        context |= {"question": question.items()}
    template = "sociale_kaart/service_search.html"
    response = render_page(request, template, context, piece="filters" if only_filters else "results")
    if request.htmx and not only_filters:
        response["HX-Replace-Url"] = f"{here}?{form.address(**{AFTER: after})}".rstrip("?")
    return response


@require_safe
def service_detail(request: HttpRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(Service.objects.for_user(request.user).for_page(), slug=slug)
    context = cards.of_service(service, request.user) | {
        "caregiver": carried.carried_caregiver(request),
        "found_url": carried.came_from(request, "service_search"),
    }
    return render(request, "sociale_kaart/service_detail.html", context)


@require_POST
def service_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    service = get_object_or_404(Service.objects.for_user(request.user), slug=slug)
    actions.confirm_service(service=service, by=request.user)
    messages.success(request, "Dank je. Dit aanbod staat weer als nagekeken.")
    if request.POST.get("van") == "werklijst":
        return redirect(work_list.address_of(request.POST.get("toon", "")))
    return redirect(carried.onward(request, "service_detail", slug))


@require_safe
def organisation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.for_page(), slug=slug)
    rows = result_list.of_organisation(organisation.services.for_organisation_page())
    context = cards.of_organisation(organisation, request.user) | {"rows": rows}
    return render(request, "sociale_kaart/organisation_detail.html", context)

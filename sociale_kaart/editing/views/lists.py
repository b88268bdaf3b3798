"""What she keeps: the start page of who keeps the sociale kaart, and the organisations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mantelzorg.dates import date_in_words
from mantelzorg.pagination import keyset_page
from sociale_kaart.editing.forms import FilterForm
from sociale_kaart.editing.views import keeper
from sociale_kaart.models import Organisation, Proposal, Service
from sociale_kaart.work_list import municipalities_of

COLOURS = {"draft": "neutral", "published": "safe", "paused": "warning", "archived": "neutral"}
STATUS = dict(Service.Status.choices)


@require_safe
def directory_keep(request: HttpRequest) -> HttpResponse:
    keeper(request)
    form = FilterForm(request.GET)
    rows = Service.objects.kept_by(request.user).for_keeping(**_asked(form))
    page = keyset_page(request, rows, order=("-updated_at", "pk"), size=20)
    context = {
        "form": form,
        "rows": [_row(service) for service in page.rows],
        "page": page,
        "is_filtered": any(_asked(form).values()),
        "proposals": list(Proposal.objects.to_handle(municipalities_of(request.user))[:1]),
    }
    return render(request, "sociale_kaart/editing/keep.html", context)


@require_safe
def kept_organisations(request: HttpRequest) -> HttpResponse:
    keeper(request)
    form = FilterForm(request.GET)
    rows = Organisation.objects.kept_by(request.user).for_keeping(q=_asked(form)["q"])
    page = keyset_page(request, rows, order=("name", "pk"), size=20)
    context = {
        "form": form,
        "rows": [
            {
                "name": row["name"],
                "kind": dict(Organisation.Kind.choices)[row["kind"]],
                "place": row["place"],
                "url": reverse("organisation_edit", args=[row["slug"]]),
            }
            for row in page.rows
        ],
        "page": page,
        "is_filtered": bool(_asked(form)["q"]),
    }
    return render(request, "sociale_kaart/editing/organisations.html", context)


def _asked(form: FilterForm) -> dict[str, str]:
    valid = form.is_valid()
    return {"q": form.cleaned_data.get("q", ""), "status": form.cleaned_data.get("status", "") if valid else ""}


def _row(service: dict) -> dict:
    return {
        "title": service["everyday_name"] or service["name"],
        "url": reverse("service_edit", args=[service["slug"]]),
        "by": service["organisation__name"],
        "home": service["home_municipality__name"] or "",
        "status": STATUS[service["status"]].capitalize(),
        "colour": COLOURS[service["status"]],
        "changed": date_in_words(service["updated_at"]),
    }

"""Adding a service on one page, changing all of it, and whether it is on the card."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from mantelzorg.forms import slug_or_nothing
from mantelzorg.refusal import Refused
from sociale_kaart import actions
from sociale_kaart.editing import actions as editing
from sociale_kaart.editing import statuses, values
from sociale_kaart.editing.forms import NewServiceForm, PauseForm
from sociale_kaart.editing.service_form import ServiceForm
from sociale_kaart.editing.views import (
    ASK_AND_DO,
    clashes_of,
    her_service,
    keeper,
    made,
    own_codes,
    saved,
    tell,
)
from sociale_kaart.models import Change, Municipality, Organisation, Service

PUBLISH = "publiceer"


@require_http_methods(ASK_AND_DO)
def service_new(request: HttpRequest) -> HttpResponse:
    keeper(request)
    must_publish = request.POST.get("doe") == PUBLISH
    own = own_codes(request.user)
    of = Organisation.objects.at(slug_or_nothing(request.GET.get("organisatie")))
    initial = {"organisation": of.name} if of else {}
    form = NewServiceForm(request.POST or None, own=own, must_publish=must_publish, initial=initial)
    new: list[Service] = []
    if made(request, form, "create_service", lambda: _make(request, form, must_publish, new)):
        if not new:
            messages.info(request, "Dit aanbod had je al bewaard.")
            return redirect("directory_keep")
        tell(request, "Bewaard. Het staat nu op de sociale kaart." if must_publish else "Bewaard als concept.")
        return redirect("service_detail" if must_publish else "service_edit", new[0].slug)
    context = {"form": form, "names": Organisation.objects.kept_by(request.user).names_to_choose(), "publish": PUBLISH}
    return render(request, "sociale_kaart/editing/service_new.html", context)


@transaction.atomic
def _make(request: HttpRequest, form: NewServiceForm, must_publish: bool, new: list[Service]) -> Service:
    said = values.for_service(form.mine())
    places = list(Municipality.objects.with_codes(said.pop("municipalities")))
    places.sort(key=lambda place: not request.user.may_maintain(place))  # her own keeps it
    organisation = form.chosen or actions.create_organisation(
        name=form.cleaned_data["organisation"].strip(),
        kind=form.cleaned_data["organisation_kind"],
        by=request.user,
        municipalities=places,
    )
    schedules = said.pop("schedules", None)
    service = actions.create_service(organisation=organisation, by=request.user, municipalities=places, **said)
    if schedules:
        actions.update_service(service=service, by=request.user, schedules=schedules)
    if must_publish:
        actions.publish_service(service=service, by=request.user)
    new.append(service)
    return service


@require_http_methods(ASK_AND_DO)
def service_edit(request: HttpRequest, slug: str) -> HttpResponse:
    service = her_service(request, slug)
    form = ServiceForm(
        request.POST or None,
        about=str(service.pk),
        stands=values.of_service(service),
        own=own_codes(request.user),
        organisation_id=service.organisation_id,
    )
    taken: list[str] = []
    if saved(
        request,
        form,
        lambda: taken.extend(editing.save_service(service=service, base=form.base, mine=form.mine(), by=request.user)),
    ):
        tell(request, "Bewaard.", taken)
        return redirect("service_edit", slug)
    context = {
        "form": form,
        "service": service,
        "clashes": clashes_of(form, Change.objects.of_service(service)),
        "contacts": service.contacts.all(),
        "steps": statuses.steps_of(service),
    }
    return render(request, "sociale_kaart/editing/service_edit.html", context)


@require_http_methods(ASK_AND_DO)
def service_status(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    service = her_service(request, slug)
    wanted = statuses.STEPS.get(step)
    if wanted is None or step not in statuses.possible(service):
        if wanted is None:
            raise Http404
        messages.info(request, f"Dit aanbod staat nu op: {service.get_status_display()}.")
        return redirect("service_edit", slug)
    asked = request.POST if request.method == "POST" else None
    form = PauseForm(asked) if step == statuses.PAUSE else None
    mistakes: list[str] = []
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            statuses.take(step, service=service, by=request.user, until=form.cleaned_data["until"] if form else None)
        except Refused as refusal:
            mistakes = [refusal.sentence]
        except ValidationError as mistake:
            mistakes = mistake.messages
        else:
            messages.success(request, wanted.done)
            return redirect("service_edit", slug)
        if form is not None:
            form.add_error(None, mistakes)
    context = {
        "title": wanted.question.format(service.title),
        "step": wanted,
        "service": service,
        "form": form,
        "mistakes": mistakes if form is None else [],
        "has_open_referrals": wanted.takes_down and statuses.has_open_referrals(service),
        "button": wanted.button,
        "danger": wanted.takes_down,
        "back_url": reverse("service_edit", args=[slug]),
        "back_label": service.title,
    }
    return render(request, "sociale_kaart/editing/service_status.html", context)

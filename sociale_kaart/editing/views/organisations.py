"""Organisations, the places where they sit, and whom to ask for: of an organisation or of one of its services."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from mantelzorg.refusal import Refused
from sociale_kaart import actions, permissions
from sociale_kaart.editing import actions as editing
from sociale_kaart.editing import history, values
from sociale_kaart.editing.forms import (
    ContactForm,
    LocationForm,
    NewContactForm,
    NewLocationForm,
    NewOrganisationForm,
    OrganisationForm,
)
from sociale_kaart.editing.organisations import for_contact
from sociale_kaart.editing.views import (
    ASK_AND_DO,
    clashes_of,
    her_organisation,
    her_service,
    keeper,
    made,
    not_hers,
    own_codes,
    saved,
    tell,
)
from sociale_kaart.models import Change, Contact, Location, Municipality, Organisation

FORM = "sociale_kaart/editing/form.html"


@require_http_methods(ASK_AND_DO)
def organisation_new(request: HttpRequest) -> HttpResponse:
    keeper(request)
    form = NewOrganisationForm(request.POST or None, about="nieuw", **_rights(request, None))
    if made(request, form, "create_organisation", lambda: _make(request, form)):
        tell(request, "De organisatie staat op de kaart. Voeg nu haar aanbod toe.")
        return redirect("kept_organisations")
    context = {
        "form": form,
        "title": "Nieuwe organisatie",
        "button": "Bewaar",
        "back_url": reverse("kept_organisations"),
    }
    return render(request, FORM, context | {"back_label": "Organisaties"})


def _make(request: HttpRequest, form: NewOrganisationForm) -> Organisation:
    said = form.mine()
    places = Municipality.objects.with_codes(said.pop("municipalities"))
    return actions.create_organisation(by=request.user, municipalities=places, **said)


@require_http_methods(ASK_AND_DO)
def organisation_edit(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = her_organisation(request, slug)
    form = OrganisationForm(
        request.POST or None,
        about=str(organisation.pk),
        stands=values.of_organisation(organisation),
        **_rights(request, organisation),
    )
    taken: list[str] = []
    if saved(
        request,
        form,
        lambda: taken.extend(
            editing.save_organisation(organisation=organisation, base=form.base, mine=form.mine(), by=request.user)
        ),
    ):
        tell(request, "Bewaard.", taken)
        return redirect("organisation_edit", slug)
    context = {
        "form": form,
        "organisation": organisation,
        "clashes": clashes_of(form, Change.objects.of_organisation(organisation)),
        "locations": organisation.locations.all(),
        "contacts": organisation.contacts.of_itself(),
        "services": organisation.services.kept_by(request.user).for_keeping().order_by("name"),
    }
    return render(request, "sociale_kaart/editing/organisation_edit.html", context)


@require_http_methods(ASK_AND_DO)
def location_new(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = her_organisation(request, slug)
    form = NewLocationForm(request.POST or None, about="nieuw", initial={"kind": Location.Kind.PHYSICAL})
    if made(
        request,
        form,
        "add_location",
        lambda: actions.add_location(organisation=organisation, by=request.user, **form.mine()),
        organisation.pk,
    ):
        tell(request, "De locatie staat erbij. Kies haar nu bij het aanbod dat er wordt gegeven.")
        return redirect("organisation_edit", slug)
    return render(request, FORM, {"form": form, "title": "Nieuwe locatie", "button": "Bewaar"} | _back_to(organisation))


@require_http_methods(ASK_AND_DO)
def location_edit(request: HttpRequest, pk) -> HttpResponse:
    location = _her_location(request, pk)
    form = LocationForm(request.POST or None, about=str(pk), stands=history.of_location(location))
    if saved(
        request,
        form,
        lambda: editing.save_location(location=location, base=form.base, mine=form.mine(), by=request.user),
    ):
        tell(request, "Bewaard.")
        return redirect("organisation_edit", location.organisation.slug)
    clashes = _clashes_in_row(form, Location)
    context = {
        "form": form,
        "title": "Locatie wijzigen",
        "button": "Bewaar",
        "clashes": clashes,
        "remove_url": reverse("location_remove", args=[pk]),
    }
    return render(request, FORM, context | _back_to(location.organisation))


@require_http_methods(ASK_AND_DO)
def location_remove(request: HttpRequest, pk) -> HttpResponse:
    location = _her_location(request, pk)
    if request.method == "POST":
        try:
            actions.remove_location(location=location, by=request.user)
        except Refused as refusal:
            messages.warning(request, refusal.sentence)
            return redirect("location_edit", pk)
        messages.success(request, "De locatie is weggehaald. In de geschiedenis zet je haar zo nodig terug.")
        return redirect(_page_of(location.organisation))
    context = {
        "title": f"{location or 'Locatie zonder naam'} weghalen?",
        "text": "Niemand ziet deze locatie dan nog. In de geschiedenis van de organisatie kun je haar terugzetten.",
        "button": "Haal weg",
        "danger": True,
    }
    return render(request, "components/confirm.html", context | _back_to(location.organisation))


@require_http_methods(ASK_AND_DO)
def contact_new(request: HttpRequest, slug: str, of: str) -> HttpResponse:
    service = her_service(request, slug) if of == "aanbod" else None
    organisation = service.organisation if service else her_organisation(request, slug)
    form = NewContactForm(request.POST or None, about="nieuw")
    owner = service or organisation
    if made(
        request,
        form,
        "add_contact",
        lambda: actions.add_contact(
            organisation=organisation, service=service, by=request.user, **for_contact(form.mine())
        ),
        owner.pk,
    ):
        tell(request, "De contactpersoon staat erbij.")
        return redirect(_page_of(owner))
    context = {"form": form, "title": "Nieuwe contactpersoon", "button": "Bewaar"}
    return render(request, FORM, context | _back_to(owner))


@require_http_methods(ASK_AND_DO)
def contact_edit(request: HttpRequest, pk) -> HttpResponse:
    contact = _her_contact(request, pk)
    form = ContactForm(request.POST or None, about=str(pk), stands=history.of_contact(contact))
    if saved(
        request,
        form,
        lambda: editing.save_contact(contact=contact, base=form.base, mine=form.mine(), by=request.user),
    ):
        tell(request, "Bewaard.")
        return redirect(_page_of(contact.service or contact.organisation))
    context = {
        "form": form,
        "title": "Contactpersoon wijzigen",
        "button": "Bewaar",
        "clashes": _clashes_in_row(form, Contact),
        "remove_url": reverse("contact_remove", args=[pk]),
    }
    return render(request, FORM, context | _back_to(contact.service or contact.organisation))


@require_http_methods(ASK_AND_DO)
def contact_remove(request: HttpRequest, pk) -> HttpResponse:
    contact = _her_contact(request, pk)
    owner = contact.service or contact.organisation
    if request.method == "POST":
        actions.remove_contact(contact=contact, by=request.user)
        messages.success(request, "De contactpersoon is weggehaald. In de geschiedenis zet je haar zo nodig terug.")
        return redirect(_page_of(owner))
    context = {
        "title": f"{contact} weghalen?",
        "text": "Niemand ziet deze gegevens dan nog. Tot een jaar later kun je ze terugzetten in de geschiedenis.",
        "button": "Haal weg",
        "danger": True,
    }
    return render(request, "components/confirm.html", context | _back_to(owner))


# Steps --------------------------------------------------------------------------------------------------------------


def _her_location(request: HttpRequest, pk) -> Location:
    location = Location.objects.kept_by(request.user).with_key(pk)
    if location is None:
        not_hers(request, Location, pk)
    return location


def _her_contact(request: HttpRequest, pk) -> Contact:
    contact = Contact.objects.kept_by(request.user).with_key(pk)
    if contact is None:
        not_hers(request, Contact, pk)
    return contact


def _rights(request: HttpRequest, organisation: Organisation | None) -> dict:
    """What she may say of an organisation: its name if that is hers to say, and in which municipalities it works."""
    may_rename = organisation is None or permissions.may_rename_organisation(request.user, organisation)
    is_admin = permissions.may_manage_organisations(request.user)
    return {"own": own_codes(request.user), "may_rename": may_rename, "may_say_where": is_admin}


def _clashes_in_row(form, model) -> list[dict]:
    """Two people changed the same location or contact person. Its fields are the model's own."""
    if form.conflict is None:
        return []
    return [
        {
            "name": clash.name,
            "label": str(model._meta.get_field(clash.name).verbose_name).capitalize(),
            "was": _in_words(model, clash.name, clash.base),
            "theirs": _in_words(model, clash.name, clash.theirs),
            "mine": _in_words(model, clash.name, clash.mine),
            "by": "Een collega",
        }
        for clash in form.conflict.merged.clashes
    ]


def _in_words(model, name: str, value) -> str:
    field = model._meta.get_field(name)
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if field.is_relation:
        return str(field.related_model.objects.in_bulk([value]).get(value, "")) if value else ""
    return str(dict(field.flatchoices).get(value, value) or "")


def _page_of(owner) -> str:
    return reverse("organisation_edit" if isinstance(owner, Organisation) else "service_edit", args=[owner.slug])


def _back_to(owner) -> dict[str, str]:
    return {"back_url": _page_of(owner), "back_label": getattr(owner, "title", owner.name)}

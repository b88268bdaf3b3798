"""The functioneel beheerder's pages: organisations, their first beheerder, what they are linked with. No caregivers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.forms import (
    AppointmentForm,
    FirstBeheerderForm,
    MunicipalityForm,
    NewOrganisationForm,
    OrganisationForm,
    SearchForm,
)
from accounts.models import Appointment, Invitation, Role
from accounts.organisation_list import found_organisations, linkable_services, staffing
from accounts.permissions import may_administer, only
from accounts.views.once import make_once
from mantelzorg.forms import refuse, slug_or_nothing
from mantelzorg.fragments import render_page
from mantelzorg.pagination import keyset_page
from mantelzorg.refusal import Refused
from sociale_kaart.models import Municipality, Organisation, Service

ASK_AND_DO = ["GET", "HEAD", "POST"]
functional_admin_only = only(may_administer)


@functional_admin_only
@require_safe
def admin_organisations(request):
    form = SearchForm(request.GET)
    words = form.words()
    page = keyset_page(request, found_organisations(words), order=("name", "pk"))
    context = {"form": form, "words": words, "page": page}
    return render_page(request, "accounts/organisations/list.html", context, piece="results")


def _new_organisation(*, by, beheerder_name: str, beheerder_email: str, **details) -> Organisation:
    return actions.create_organisation(
        details=details, beheerder_name=beheerder_name, beheerder_email=beheerder_email, by=by
    )


@functional_admin_only
@require_http_methods(ASK_AND_DO)
def admin_organisation_new(request):
    form = NewOrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_once(request, form, _new_organisation)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            organisation = Organisation.objects.get(pk=made)
            messages.success(request, f"{organisation} is gemaakt. De eerste beheerder krijgt een uitnodiging.")
            return redirect("admin_organisation", slug=organisation.slug)
    return render(request, "accounts/organisations/new.html", {"form": form})


@functional_admin_only
@require_safe
def admin_organisation(request, slug):
    organisation = get_object_or_404(Organisation, slug=slug)
    context = {
        "organisation": organisation,
        "staffing": staffing(organisation),
        "beheerders": organisation.memberships.beheerders().select_related("user"),
        "invitations": organisation.invitations.for_list().for_beheerders(),
        "appointments": Appointment.objects.of(organisation).for_list(),
        "municipalities": organisation.municipalities.all(),
        "services": organisation.services.only("slug", "name", "everyday_name", "status", "organisation"),
    }
    return render(request, "accounts/organisations/detail.html", context)


@functional_admin_only
@require_http_methods(ASK_AND_DO)
def admin_organisation_change(request, slug):
    organisation = get_object_or_404(Organisation, slug=slug)
    form = OrganisationForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        actions.change_organisation(organisation=organisation, details=form.cleaned_data, by=request.user)
        messages.success(request, "De gegevens zijn bewaard.")
        return redirect("admin_organisation", slug=slug)
    return render(request, "accounts/organisations/change.html", {"form": form, "organisation": organisation})


@functional_admin_only
@require_http_methods(ASK_AND_DO)
def admin_beheerder_invite(request, slug):
    organisation = get_object_or_404(Organisation, slug=slug)
    form = FirstBeheerderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            make_once(request, form, actions.invite, slug, organisation=organisation, roles=[Role.BEHEERDER])
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"De uitnodiging voor {form.cleaned_data['name']} gaat zo de deur uit.")
            return redirect("admin_organisation", slug=slug)
    return render(request, "accounts/organisations/invite.html", {"form": form, "organisation": organisation})


@functional_admin_only
@require_POST
def admin_invitation_resend(request, slug, invitation_id):
    invitation = get_object_or_404(Invitation.objects.for_beheerders(), pk=invitation_id, organisation__slug=slug)
    try:
        actions.resend_invitation(invitation=invitation, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{invitation.name} krijgt een nieuwe uitnodiging. De vorige link werkt niet meer.")
    return redirect("admin_organisation", slug=slug)


@functional_admin_only
@require_POST
def admin_invitation_revoke(request, slug, invitation_id):
    invitation = get_object_or_404(Invitation.objects.for_beheerders(), pk=invitation_id, organisation__slug=slug)
    try:
        actions.revoke_invitation(invitation=invitation, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"De uitnodiging voor {invitation.name} is ingetrokken.")
    return redirect("admin_organisation", slug=slug)


@functional_admin_only
@require_http_methods(ASK_AND_DO)
def admin_municipality_link(request, slug):
    organisation = get_object_or_404(Organisation, slug=slug)
    form = MunicipalityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        municipality = form.cleaned_data["municipality"]
        actions.link_municipality(organisation=organisation, municipality=municipality, by=request.user)
        messages.success(request, f"{municipality} hoort nu bij het werkgebied.")
        return redirect("admin_organisation", slug=slug)
    return render(request, "accounts/organisations/municipality.html", {"form": form, "organisation": organisation})


@functional_admin_only
@require_POST
def admin_municipality_unlink(request, slug, code):
    organisation = get_object_or_404(Organisation, slug=slug)
    municipality = get_object_or_404(Municipality, pk=code)
    actions.unlink_municipality(organisation=organisation, municipality=municipality, by=request.user)
    messages.success(request, f"{municipality} hoort niet meer bij het werkgebied.")
    return redirect("admin_organisation", slug=slug)


@functional_admin_only
@require_http_methods(ASK_AND_DO)
def admin_service_link(request, slug):
    """Find a service of the sociale kaart, and bring it under this organisation."""
    organisation = get_object_or_404(Organisation, slug=slug)
    if request.method == "POST":
        service = get_object_or_404(Service, slug=slug_or_nothing(request.POST.get("service", "")))
        try:
            actions.link_service(organisation=organisation, service=service, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"{service} hoort nu bij {organisation}.")
        return redirect("admin_organisation", slug=slug)
    form = SearchForm(request.GET)
    words = form.words()
    page = keyset_page(request, linkable_services(organisation, words), order=("name", "pk"))
    context = {"form": form, "words": words, "page": page, "organisation": organisation}
    return render_page(request, "accounts/organisations/service.html", context, piece="results")


def _appoint(*, by, membership, **details):
    return actions.appoint(by=by, membership=membership, **details).membership


@functional_admin_only
@require_http_methods(ASK_AND_DO)
def admin_appoint(request, slug):
    organisation = get_object_or_404(Organisation, slug=slug)
    form = AppointmentForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            make_once(request, form, _appoint, slug)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            typed = {name: form.cleaned_data[name] for name in ("membership", "role", "municipality")}
            appointment = Appointment(**typed)
            messages.success(request, f"{appointment.membership.user} is aangesteld: {appointment}.")
            return redirect("admin_organisation", slug=slug)
    return render(request, "accounts/organisations/appoint.html", {"form": form, "organisation": organisation})


@functional_admin_only
@require_http_methods(ASK_AND_DO)
def admin_appointment_end(request, slug, appointment_id):
    organisation = get_object_or_404(Organisation, slug=slug)
    appointment = get_object_or_404(Appointment.objects.of(organisation).for_list(), pk=appointment_id)
    if request.method == "POST":
        actions.end_appointment(appointment=appointment, by=request.user)
        messages.success(request, f"De aanstelling van {appointment.membership.user} is beëindigd.")
        return redirect("admin_organisation", slug=slug)
    context = {
        "title": f"De aanstelling van {appointment.membership.user} beëindigen?",
        "text": f"Het gaat om: {appointment}. De rol zelf blijft.",
        "button": "Beëindig de aanstelling",
        "danger": True,
        "back_url": reverse("admin_organisation", args=[slug]),
        "back_label": organisation.name,
    }
    return render(request, "components/confirm.html", context)

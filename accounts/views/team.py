"""Who works in her organisation; for the beheerder also who was invited, and what each may do."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, leaving
from accounts.forms import InvitationForm, PlaceForm
from accounts.models import Invitation, Membership
from accounts.permissions import found, may_manage_team, may_see_team, only
from accounts.views.once import make_once
from mantelzorg.forms import refuse
from mantelzorg.pagination import keyset_page
from mantelzorg.refusal import Refused

ASK_AND_DO = ["GET", "HEAD", "POST"]


@only(may_see_team)
@require_safe
def team(request):
    user = request.user
    manages = may_manage_team(user)
    members = Membership.objects.for_user(user).for_list()
    context = {
        "organisation": user.organisation,
        "page": keyset_page(request, members, order=("user__name", "pk"), size=25),
        "invitations": Invitation.objects.for_user(user).for_list() if manages else [],
        "manages": manages,
    }
    return render(request, "accounts/team.html", context)


@only(may_manage_team)
@require_http_methods(ASK_AND_DO)
def invitation_new(request):
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            organisation = request.user.organisation
            make_once(request, form, actions.invite, str(organisation.pk), organisation=organisation)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"De uitnodiging voor {form.cleaned_data['name']} gaat zo de deur uit.")
            return redirect("team")
    return render(request, "accounts/invitation_new.html", {"form": form})


@only(may_manage_team)
@require_POST
def invitation_resend(request, invitation_id):
    invitation = found(request, Invitation.objects.for_user(request.user), invitation_id)
    try:
        actions.resend_invitation(invitation=invitation, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{invitation.name} krijgt een nieuwe uitnodiging. De vorige link werkt niet meer.")
    return redirect("team")


@only(may_manage_team)
@require_http_methods(ASK_AND_DO)
def invitation_revoke(request, invitation_id):
    invitation = found(request, Invitation.objects.for_user(request.user), invitation_id)
    if request.method == "POST":
        try:
            actions.revoke_invitation(invitation=invitation, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"De uitnodiging voor {invitation.name} is ingetrokken.")
        return redirect("team")
    context = {
        "title": f"De uitnodiging voor {invitation.name} intrekken?",
        "text": "De link in de mail werkt daarna niet meer. Je kunt later een nieuwe uitnodiging sturen.",
        "button": "Trek de uitnodiging in",
        "danger": True,
        "back_url": reverse("team"),
        "back_label": "Team",
    }
    return render(request, "components/confirm.html", context)


@only(may_manage_team)
@require_http_methods(ASK_AND_DO)
def member_change(request, membership_id):
    membership = found(request, Membership.objects.for_user(request.user).for_list(), membership_id)
    initial = {"roles": membership.roles, "profession": membership.profession_id}
    form = PlaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_membership(membership=membership, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, f"De rollen van {membership.user} zijn bewaard.")
            return redirect("team")
    context = {"form": form, "membership": membership, "contact_of": _contact_of(membership)}
    return render(request, "accounts/member_change.html", context)


def _contact_of(membership) -> str:
    """Of how many caregivers she is the fixed contact, in a sentence: she who manages the team sees no more of it."""
    return leaving.in_words(membership, leaving.is_contact_of(membership))


@only(may_manage_team)
@require_http_methods(ASK_AND_DO)
def member_end(request, membership_id):
    membership = found(request, Membership.objects.for_user(request.user).for_list(), membership_id)
    if request.method == "POST":
        try:
            actions.end_membership(membership=membership, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"{membership.user} hoort niet meer bij {request.user.organisation}.")
        return redirect("team")
    context = {
        "title": f"{membership.user} uit het team halen?",
        "held_up": _contact_of(membership),
        "text": (
            f"{membership.user} ziet daarna niets meer van {request.user.organisation}, ook niet in een venster dat "
            "nog open staat. Later kun je iemand opnieuw uitnodigen."
        ),
        "button": "Haal uit het team",
        "danger": True,
        "back_url": reverse("team"),
        "back_label": "Team",
    }
    return render(request, "accounts/member_end.html", context)


@only(may_manage_team)
@require_http_methods(ASK_AND_DO)
def member_reset_step(request, membership_id):
    membership = found(request, Membership.objects.for_user(request.user).for_list(), membership_id)
    if request.method == "POST":
        try:
            actions.reset_second_factor_of(membership=membership, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"{membership.user} stelt bij het inloggen een nieuwe tweede stap in.")
        return redirect("team")
    context = {
        "title": f"De tweede stap van {membership.user} weghalen?",
        "text": (
            f"Doe dit alleen als {membership.user} je zelf vertelde dat de telefoon of sleutel en de herstelcodes "
            f"kwijt zijn. {membership.user} wordt overal uitgelogd, krijgt er een mail over, en stelt bij het inloggen "
            "met het wachtwoord een nieuwe tweede stap in."
        ),
        "button": "Haal de tweede stap weg",
        "danger": True,
        "back_url": reverse("member_change", args=[membership.pk]),
        "back_label": f"{membership.user}",
    }
    return render(request, "components/confirm.html", context)

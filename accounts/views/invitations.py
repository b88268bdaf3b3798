"""Answering an invitation: through the link in the mail, with or without an account."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.forms import NewAccountForm
from accounts.middleware import ACTING_MEMBERSHIP
from accounts.models import Invitation, User
from accounts.permissions import may_answer
from mantelzorg.refusal import Refused


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request, invitation_id, token):
    """One page for every link that does not work, whatever the reason: a stranger learns nothing from it."""
    invitation = Invitation.objects.behind_link(invitation_id)
    if invitation is None or not invitation.opens_with(token) or not invitation.is_open(timezone.now()):
        return closed(request)
    if request.user.is_authenticated:
        return add_to_account(request, invitation)
    if User.objects.with_email(invitation.email):
        log_in = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
        return render(request, "accounts/invitation_log_in.html", {"invitation": invitation, "log_in": log_in})
    return make_account(request, invitation)


def make_account(request, invitation):
    form = NewAccountForm(request.POST or None, user=User(email=invitation.email), initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.accept_with_new_account(
                invitation=invitation, name=form.cleaned_data["name"], password=form.cleaned_data["password1"]
            )
        except Refused:
            return closed(request)
        get_adapter().login(request, user)
        record_authentication(request, user, "password")  # she has just chosen it: setting up need not ask for it
        messages.success(request, f"Welkom. Je hoort nu bij {invitation.organisation}.")
        return redirect("account_profile")
    return render(request, "accounts/invitation_new_account.html", {"form": form, "invitation": invitation})


def add_to_account(request, invitation):
    if not may_answer(request.user, invitation):
        actions.note_denied(by=request.user, purpose="invite_accept", obj=invitation)
        return render(request, "accounts/invitation_other_person.html")  # not 403: refusals are logged with the link
    if request.method == "POST":
        try:
            membership = actions.accept_invitation(invitation=invitation, by=request.user)
        except Refused:
            return closed(request)
        request.session[ACTING_MEMBERSHIP] = str(membership.pk)
        messages.success(request, f"Je hoort nu bij {invitation.organisation}. Je werkt nu voor die organisatie.")
        return redirect("account_profile")
    return render(request, "accounts/invitation_add.html", {"invitation": invitation})


def closed(request):
    return render(request, "accounts/invitation_closed.html", status=410)

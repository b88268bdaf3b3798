"""Her own account, and for which organisation she acts."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.forms import ProfileForm
from accounts.middleware import ACTING_MEMBERSHIP


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    user = request.user
    phone = user.acting.phone if user.acting else ""
    initial = {"name": user.name, "phone": phone, "news_daily": "ja" if user.news_daily else ""}
    form = ProfileForm(request.POST or None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(by=user, **form.cleaned_data)
        messages.success(request, "Je gegevens zijn bewaard.")
        return redirect("account_profile")
    factors = user.authenticator_set.all()
    kinds = [factor.type for factor in factors]
    context = {
        "form": form,
        "memberships": user.active_memberships,
        "has_app": Authenticator.Type.TOTP in kinds,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
    }
    return render(request, "accounts/profile.html", context)


@require_POST
def acting_switch(request):
    """Act for another of her organisations. Always to the start page: where she was may not exist for the other one."""
    wanted = request.POST.get("membership", "")
    membership = next((place for place in request.user.active_memberships if str(place.pk) == wanted), None)
    if membership is None:
        actions.note_denied(by=request.user, purpose="act_for")
        raise Http404
    request.session[ACTING_MEMBERSHIP] = wanted
    actions.act_for(by=request.user, membership=membership)
    messages.success(request, f"Je werkt nu voor {membership.organisation}.")
    return redirect("vandaag")

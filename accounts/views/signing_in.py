"""allauth's pages of log-in and second factor, with what they lack: the access log, and a code square without `data:`.

allauth tells about a change after the transaction, when our messages have been rendered and the request is over; so
these views tell it themselves, inside the transaction.
"""

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_not_required
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe
from django.views.generic.edit import FormView

from accounts import actions, second_factor
from accounts.guards import AFTER_SETTING_UP
from mantelzorg.refusal import Refused
from mantelzorg.square import square_of
from trail.middleware import note_new_session


class Told:
    """A change of the second factor: on record, mailed to her, and said on the next page."""

    change: str

    def form_valid(self, form):
        response = super().form_valid(form)
        actions.note_second_factor(by=self.request.user, change=self.change)
        messages.success(self.request, self.change)
        return response


class WrongCodeOnRecord:
    """`who()` is whose second factor was tried, or None."""

    def who(self):
        return self.request.user

    def form_invalid(self, form):
        actions.note_login_failed(by=self.who(), purpose="tweede stap")
        return super().form_invalid(form)


class Authenticate(WrongCodeOnRecord, AuthenticateView):
    def who(self):
        return self.stage.login.user


class Reauthenticate(WrongCodeOnRecord, ReauthenticateView):
    pass


class ReauthenticateByPasskey(WrongCodeOnRecord, ReauthenticateWebAuthnView):
    pass


@method_decorator(login_not_required, name="dispatch")
class LoginByPasskey(WrongCodeOnRecord, LoginWebAuthnView):
    def who(self):
        return None


@require_safe
def setup(request):
    """The first log-in, and the one after a reset: which second step does she choose."""
    if second_factor.was_shown(request):
        return redirect("mfa_index")
    return render(request, "mfa/setup.html")


class SetUp(Told):
    """A new factor. The session in which she set it up, has shown it."""

    kind: str

    def form_valid(self, form):
        response = super().form_valid(form)
        newest = second_factor.newest_of(self.request.user, self.kind)
        second_factor.note_shown(self.request, newest)
        note_new_session(self.request)
        return response


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class ActivateApp(SetUp, ActivateTOTPView):
    """Also for whoever has an app and gets another telephone: the new one takes the place of the old."""

    change = "Je logt voortaan in met een code uit je app."
    kind = Authenticator.Type.TOTP

    def dispatch(self, request, *args, **kwargs):
        return FormView.dispatch(self, request, *args, **kwargs)  # allauth's own sends who has an app elsewhere

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "square": square_of(context["totp_url"]),
            "secret": in_fours(context["form"].secret),
            "replaces": second_factor.app_of(self.request.user) is not None,
        }

    def form_valid(self, form):
        former = second_factor.app_of(self.request.user)
        if former is not None:
            former.delete()
        response = super().form_valid(form)
        if former is not None:
            actions.end_sessions(user=self.request.user, except_for=self.request.session.session_key)
        return response


class Removal(Told):
    """Not of the last one. Wherever else she is logged in, she is logged out. `what()` is taken away."""

    def form_valid(self, form):
        try:
            actions.lock_second_factors(by=self.request.user, without=self.what())
        except Refused as refusal:
            messages.error(self.request, refusal.sentence)
            return redirect("mfa_index")
        response = super().form_valid(form)
        actions.end_sessions(user=self.request.user, except_for=self.request.session.session_key)
        return response


class DeactivateApp(Removal, DeactivateTOTPView):
    change = "De app met codes is uitgezet."

    def what(self):
        return self.authenticator

    def get_context_data(self, **kwargs):
        is_last = second_factor.is_last_factor(self.authenticator)
        return super().get_context_data(**kwargs) | {"form": None, "is_last": is_last}  # the form would only say so too


class GenerateCodes(Told, GenerateRecoveryCodesView):
    change = "Je hebt nieuwe herstelcodes. De oude werken niet meer."


class RecoveryCodes(ViewRecoveryCodesView):
    """Shown once: at the end of setting up, and when she made new ones."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"onward": self.request.session.get(AFTER_SETTING_UP) or "/"}


class AddPasskey(SetUp, AddWebAuthnView):
    change = "Je passkey is toegevoegd."
    kind = Authenticator.Type.WEBAUTHN


class RemovePasskey(Removal, RemoveWebAuthnView):
    change = "De passkey is verwijderd."

    def what(self):
        return self.get_object()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"is_last": second_factor.is_last_factor(self.object)}


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def signup_closed(request):
    """Nobody signs up by herself. The address answers all the same, for whoever guesses it."""
    return render(request, "account/signup_closed.html")


def in_fours(secret: str) -> str:
    """Easier to type over: ABCD EFGH."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))

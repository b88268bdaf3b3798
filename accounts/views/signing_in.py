"""allauth's pages of log-in and second factor, with what they lack: the access log, and a code square without `data:`.

allauth tells about a change after the transaction, when our messages have been rendered and the request is over; so
these views tell it themselves, inside the transaction.
"""

import qrcode
from allauth.account.internal.decorators import login_not_required
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from accounts import actions


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


class ActivateApp(Told, ActivateTOTPView):
    change = "Je logt voortaan in met een code uit je app."

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"square": code_square(context["totp_url"]), "secret": in_fours(context["form"].secret)}


class DeactivateApp(Told, DeactivateTOTPView):
    change = "De app met codes is uitgezet."


class GenerateCodes(Told, GenerateRecoveryCodesView):
    change = "Je hebt nieuwe herstelcodes. De oude werken niet meer."


class DownloadCodes(DownloadRecoveryCodesView):
    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        response["Content-Disposition"] = 'attachment; filename="herstelcodes.txt"'
        return response


class AddPasskey(Told, AddWebAuthnView):
    change = "Je passkey is toegevoegd."


class RemovePasskey(Told, RemoveWebAuthnView):
    change = "De passkey is verwijderd."


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def signup_closed(request):
    """Nobody signs up by herself. The address answers all the same, for whoever guesses it."""
    return render(request, "account/signup_closed.html")


def code_square(text: str) -> dict:
    """A QR code as a path for an inline svg: an image from a `data:` address is refused by our own rules."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"size": len(rows), "path": path}


def in_fours(secret: str) -> str:
    """Easier to type over: ABCD EFGH."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))

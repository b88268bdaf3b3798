"""How allauth behaves here: nobody signs up by herself, mail goes through the outbox, the access log sees it all."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import actions
from accounts.encryption import cipher
from accounts.models import User
from accounts.second_factor import is_last_factor
from accounts.sessions import device_in_words
from mantelzorg.client_address import client_address
from mantelzorg.recent_proof import proved_recently
from trail.actions import enqueue_mail
from trail.middleware import note_new_session

REAUTHENTICATION = {
    "reauthenticate": "Met je wachtwoord",
    "mfa_reauthenticate": "Met een code uit je app of een herstelcode",
    "mfa_reauthenticate:webauthn": "Met een passkey",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Dit e-mailadres en wachtwoord horen niet bij elkaar. Kijk ze allebei na.",
        "enter_current_password": "Dit is niet je huidige wachtwoord.",
        "incorrect_code": "Deze code klopt niet, of is al gebruikt.",
        "incorrect_password": "Dit wachtwoord klopt niet.",
        "invalid_password_reset": "Deze link werkt niet meer.",
        "rate_limited": "Je probeert het te vaak achter elkaar. Wacht een paar minuten.",
        "too_many_login_attempts": "Het is te vaak misgegaan. Wacht vijf minuten en probeer het dan opnieuw.",
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    # Mail. allauth asks for two kinds; a third would be a KeyError and not a mail that went round the outbox.

    def send_mail(self, template_prefix, email, context) -> None:
        match template_prefix:
            case "account/email/password_reset_key":
                enqueue_mail(template="password_reset", to=email, context={"user": str(context["user"].pk)})
            case "account/email/unknown_account":
                enqueue_mail(template="unknown_account", to=email, context={})
            case _:
                raise KeyError(template_prefix)

    # What the access log sees.

    def login(self, request, user) -> None:
        request.session.device = device_in_words(request.headers.get("User-Agent", ""))
        super().login(request, user)
        note_new_session(request)
        actions.note_login(by=user)

    def logout(self, request) -> None:
        actions.note_logout(by=request.user)
        super().logout(request)

    def pre_authenticate(self, request, **credentials) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            actions.note_login_failed(by=User.objects.with_email(credentials.get("email", "")), purpose="te vaak")
            raise

    def authentication_failed(self, request, **credentials) -> None:
        actions.note_login_failed(by=User.objects.with_email(credentials.get("email", "")))

    def pre_login(self, request, user, **kwargs):
        response = super().pre_login(request, user, **kwargs)
        if response is not None:
            actions.note_login_failed(by=user, purpose="account gesloten")
        return response

    def set_password(self, user, password) -> None:
        """By the link of a mail, nobody is logged in: then every session ends."""
        here = self.request.session.session_key if self.request.user == user else None
        actions.set_password(by=user, password=password, here=here)

    # The second step.

    def get_login_stages(self) -> list[str]:
        stages = super().get_login_stages()
        return [stage for stage in stages if not (settings.DEMO_SKIP_MFA and stage.startswith("allauth.mfa."))]

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Whoever has just logged in, has just shown who she is."""
        return super().is_reauthentication_required(app=app, **kwargs) and not proved_recently(self.request)

    # Where to go, and what it is called.

    def get_client_ip(self, request) -> str:
        return client_address(request) or "unknown"

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("account_profile")

    def get_reauthentication_methods(self, user) -> list[dict]:
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": REAUTHENTICATION[method["id"]]} for method in methods]


class MFAAdapter(DefaultMFAAdapter):
    """Second factors. Their secrets are kept encrypted: who reads a backup cannot make codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "Dit is je enige tweede stap. Voeg eerst een andere toe.",
        "cannot_generate_recovery_codes": "Zet eerst een app of een passkey aan. Daarna kun je herstelcodes maken.",
        "incorrect_code": "Deze code of passkey klopt niet, of is al gebruikt.",
    }

    def can_delete_authenticator(self, authenticator) -> bool:
        return not is_last_factor(authenticator)

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def encrypt(self, text: str) -> str:
        return cipher("second factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher("second factor").decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user, type) -> str:
        return f"Passkey {user.authenticator_set.filter(type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SITE_NAME}

"""The second step of logging in: has she shown it in this session.

allauth notes in the session by what means and when she proved who she is (`get_authentication_records`); it forgets
that at log-out and when somebody else logs in.
"""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings

STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes come with these, never alone


def was_shown(request) -> bool:
    """Asks nothing of the database: every request comes by here."""
    if settings.DEMO_SKIP_MFA:
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def note_shown(request, factor: Authenticator) -> None:
    """She has just set it up, with a code or with her passkey itself. What she may see grows: a new session key."""
    request.session.cycle_key()
    record_authentication(request, request.user, "mfa", id=factor.pk, type=factor.type)


def has_one(user) -> bool:
    return user.authenticator_set.filter(type__in=STEPS).exists()


def app_of(user) -> Authenticator | None:
    return user.authenticator_set.filter(type=Authenticator.Type.TOTP).first()


def newest_of(user, kind: str) -> Authenticator:
    return user.authenticator_set.filter(type=kind).latest("created_at")


def is_last_factor(authenticator: Authenticator) -> bool:
    others = Authenticator.objects.filter(user=authenticator.user_id, type__in=STEPS).exclude(pk=authenticator.pk)
    return authenticator.type in STEPS and not others.exists()

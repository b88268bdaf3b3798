"""The secret links in our mails, made while a mail is written: they are never stored, not even in the outbox."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django import template
from django.conf import settings
from django.urls import reverse

from accounts.models import Invitation, User

register = template.Library()


@register.simple_tag
def invitation_for_mail(invitation_id: str) -> dict:
    invitation = Invitation.objects.select_related("organisation", "invited_by").get(pk=invitation_id)
    path = reverse("invitation_accept", args=[invitation.pk, invitation.token])
    return {"invitation": invitation, "url": f"{settings.PUBLIC_URL}{path}"}


@register.simple_tag
def password_reset_url(user_id: str) -> str:
    user = User.objects.get(pk=user_id)
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    return f"{settings.PUBLIC_URL}{path}"

"""The secrets of a link and its code, made while the mail is written: never stored."""

from django import template
from django.conf import settings
from django.urls import reverse

from mantelzorg.dates import date_in_words
from referrals.models import LinkCode, ReferralLink

register = template.Library()


@register.simple_tag
def link_for_mail(link_id: str) -> dict:
    link = ReferralLink.objects.get(pk=link_id)
    return {
        "url": f"{settings.PUBLIC_URL}{reverse('by_link', args=[link.token])}",
        "until": date_in_words(link.expires_at),
    }


@register.simple_tag
def code_for_mail(code_id: str) -> str:
    digits = LinkCode.objects.get(pk=code_id).digits
    return f"{digits[:3]} {digits[3:]}"

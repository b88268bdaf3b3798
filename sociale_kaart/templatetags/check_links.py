"""The secret link in the mail that asks whether a service still holds, made while the mail is written: never stored."""

from django import template
from django.conf import settings
from django.urls import reverse

from mantelzorg.dates import date_in_words
from sociale_kaart.models import CheckItem, CheckRequest

register = template.Library()
SHOWN = 12  # names in a mail; the page shows all


@register.simple_tag
def check_for_mail(request_id: str) -> dict:
    request = CheckRequest.objects.select_related("organisation").get(pk=request_id)
    items = CheckItem.objects.open().for_link(request)
    names = [item.service.title for item in items]
    return {
        "organisation": request.organisation.name,
        "names": names[:SHOWN],
        "more": max(0, len(names) - SHOWN),
        "count": len(names),
        "url": f"{settings.PUBLIC_URL}{reverse('check_by_link', args=[request.token])}",
        "until": date_in_words(request.expires_at),
    }

"""When this session ends, for the script that warns."""

from django import template
from django.utils import timezone

register = template.Library()


@register.simple_tag(takes_context=True)
def seconds_left(context) -> int:
    return context["request"].session.seconds_left(timezone.now())

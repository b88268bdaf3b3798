from django import template
from django.db import connection

register = template.Library()


@register.simple_tag
def divide_by_zero() -> str:
    """A text that fails in the database while it is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    return ""

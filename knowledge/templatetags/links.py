from django import template
from django.utils.html import format_html

from knowledge.links import Links
from knowledge.models import Linked

register = template.Library()


@register.simple_tag(takes_context=True)
def web_link(context, target, name: str = "", kind: str = "", since: str = "") -> str:
    """A link to the web with its host and age. `target`: something Linked with a name, or an address with `name`.

    The page's `links` (see knowledge/links.py) know the age. What may not be followed is a name without a link.
    """
    linked = isinstance(target, Linked)
    url, name = (target.href, name or target.name) if linked else (target, name)
    link = (context.get("links") or Links()).of(url, since) if url else None
    about = [kind, link.age if link and link.host in name else link.about if link else ""]
    if linked and target.unverified and not url:
        about.append("adres nog niet nagekeken")
    shown = (
        format_html('<a href="{}" rel="noreferrer">{}</a>', link.href, name)
        if link and link.href
        else format_html("<strong>{}</strong>", name)
    )
    said = ", ".join(part for part in about if part)
    return format_html('{} <span class="muted small">{}</span>', shown, said) if said else shown

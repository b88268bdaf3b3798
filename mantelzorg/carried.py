"""What goes along in the address from page to page: for which caregiver somebody is looking, and in which municipality.

In the address and not in the session, so that two windows are never about the wrong person. A key and a code only: no
page reads her record because of it, and whoever may not see her gets no further by it.
"""

import re
import uuid
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest
from django.urls import reverse

CAREGIVER, MUNICIPALITY = "voor", "gemeente"
_CODE = re.compile("GM[0-9]{4}")


def carried_caregiver(request: HttpRequest) -> str:
    """The key of the caregiver somebody is looking for; empty when there is none or when it is no key."""
    try:
        return str(uuid.UUID(request.GET.get(CAREGIVER, "")))
    except ValueError:
        return ""


def carried_municipality(request: HttpRequest) -> str:
    code = request.GET.get(MUNICIPALITY, "")
    return code if _CODE.fullmatch(code) else ""


def carried(request: HttpRequest) -> dict[str, str]:
    found = {CAREGIVER: carried_caregiver(request), MUNICIPALITY: carried_municipality(request)}
    return {name: value for name, value in found.items() if value}


def opened_for(caregiver, address: str) -> str:
    """The address of a page as somebody opens it from the page of a caregiver: for her, and where she lives."""
    return f"{address}?{urlencode({CAREGIVER: caregiver.pk, MUNICIPALITY: caregiver.municipality_id})}"


def along(request: HttpRequest | None) -> str:
    """What goes along, to put behind an address that has no query of its own."""
    found = carried(request) if request else {}
    return f"?{urlencode(found)}" if found else ""


def came_from(request: HttpRequest, name: str) -> str:
    """The address of that page with its question, for who comes straight from it; otherwise nothing.

    From what the browser says and not in the address: a question may hold a name.
    """
    try:
        before = urlsplit(request.headers.get("referer", ""))
    except ValueError:  # no address at all
        return ""
    if before.netloc != request.get_host() or before.path != reverse(name) or not before.query:
        return ""
    return f"{before.path}?{before.query}"


def onward(request: HttpRequest | None, name: str, *args, **query: str) -> str:
    """The address of another page, with what goes along. `query` adds to it, or takes its place."""
    asked = (carried(request) if request else {}) | query
    asked = {key: value for key, value in asked.items() if value}
    address = reverse(name, args=args)
    return f"{address}?{urlencode(asked)}" if asked else address

"""From which address a request came: what rate limits count by and the access log keeps."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address our outermost own proxy saw. A header that anybody can send is never believed.

    With TRUSTED_PROXIES = 1 that is the last name in X-Forwarded-For, with 2 the last but one.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) >= settings.TRUSTED_PROXIES:
            seen = hops[-settings.TRUSTED_PROXIES].strip() or seen
    try:
        return str(ipaddress.ip_address(seen))
    except ValueError:
        return None

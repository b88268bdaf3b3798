"""How often one address may try links of mails: who guesses is stopped, whoever she is."""

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from mantelzorg.client_address import client_address


def is_too_often(request: HttpRequest) -> bool:
    who = salted_hmac("check-links", client_address(request) or "?", algorithm="sha256").hexdigest()[:32]
    key = f"check-links-{who}-{int(time.time() // 60)}"
    if cache.add(key, 1, timeout=120):
        return settings.CHECK_OPENS_PER_MINUTE < 1
    try:
        return cache.incr(key) > settings.CHECK_OPENS_PER_MINUTE
    except ValueError:  # it was just thrown away
        return False

"""How often one address may ask for something that is open to everybody."""

import ipaddress
import time

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from mantelzorg.client_address import client_address

BUCKETS = 1024  # the cache also holds what log-in counts by: however many addresses ask, they never push that out


def is_too_often(request: HttpRequest, *, what: str, per_minute: int) -> bool:
    """Counted per minute, in a bucket that addresses share by chance; the address itself is not kept.

    Who has IPv6 has a whole /64 of addresses, so those count as one.
    """
    who = salted_hmac(what, _counted_as(client_address(request)), algorithm="sha256").digest()
    bucket = int.from_bytes(who[:4], "big") % BUCKETS
    key = f"{what}-{bucket}-{int(time.time() // 60)}"
    if cache.add(key, 1, timeout=120):
        return per_minute < 1
    try:
        return cache.incr(key) > per_minute
    except ValueError:  # it was just thrown away
        return False


def _counted_as(address: str | None) -> str:
    if address is None:
        return "?"
    ip = ipaddress.ip_address(address)
    if ip.version == 6 and ip.ipv4_mapped is None:
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(getattr(ip, "ipv4_mapped", None) or ip)

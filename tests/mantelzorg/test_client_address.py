"""From which address a request came, behind so many proxies of our own."""

import pytest
from django.test import RequestFactory

from mantelzorg.client_address import client_address


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "seen"),
    [
        (0, "203.0.113.7", "", "203.0.113.7"),
        (0, "203.0.113.7", "198.51.100.1", "203.0.113.7"),  # anybody can send this header
        (1, "10.0.0.2", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.2", "1.1.1.1, 198.51.100.1", "198.51.100.1"),  # she made up the first, our proxy wrote the last
        (2, "10.0.0.2", "1.1.1.1, 198.51.100.1, 10.0.0.9", "198.51.100.1"),
        (2, "10.0.0.2", "198.51.100.1", "10.0.0.2"),  # not by way of both proxies: do not believe it
        (1, "10.0.0.2", "onzin", None),
        (1, "10.0.0.2", "", "10.0.0.2"),
        (0, "", "", None),
        (0, "2001:db8::1", "", "2001:db8::1"),
    ],
)
def test_the_address_is_what_our_outermost_proxy_saw(settings, proxies, remote, forwarded, seen):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == seen

"""Beside what there is near a reader: where the sociale kaart has more of it."""

from django.http import HttpRequest

from mantelzorg.carried import onward


def more_of(request: HttpRequest, **asked: str) -> dict[str, str]:
    """For components/near.html: the search for this where she looks, and everywhere."""
    return {
        "search_url": onward(request, "service_search", **asked),
        "elsewhere_url": onward(request, "service_search", **asked, gemeente=""),
    }

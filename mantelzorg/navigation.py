"""What stands in the menu, for whom. Names addresses, never rooms: rights are asked of the user object."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class Entry:
    name: str  # of the address
    label: str
    may: Callable[[object], bool] = lambda user: True
    covers: tuple[str, ...] = ()  # where else an address begins that belongs under it


KNOWLEDGE = (
    *("/beroepen/", "/fasen/", "/themas/", "/ondersteuning/", "/verhalen/", "/werkkaart/", "/landelijk/", "/tips/"),
    *("/gesprekken/", "/meetinstrumenten/", "/financiering/", "/wie-is-wie/"),
)

ENTRIES = (
    Entry("vandaag", "Vandaag"),
    Entry("caregiver_list", "Mantelzorgers", lambda user: user.works_with_caregivers),
    Entry("referral_list", "Verwijzingen", lambda user: user.works_with_caregivers, covers=("/overlegvragen/",)),
    Entry("service_search", "Sociale kaart"),
    Entry("knowledge", "Kennis", covers=KNOWLEDGE),
    Entry("overview", "Overzichten", lambda user: user.is_coordinator),
    Entry("team", "Team", lambda user: user.is_beheerder),
    Entry("logbook", "Logboek", lambda user: user.is_logtoezicht),
    Entry("admin_organisations", "Organisaties", lambda user: user.is_functional_admin),
    Entry("failed_mail", "Mail", lambda user: user.is_functional_admin),
)


# Where the box that searches knowledge and services stands in the header. What is typed in it stands in an address, and
# elsewhere names of people are at hand: there a link leads to the page of the search. `/kennis/` has a box of its own.
NOBODY_IS_NAMED = ("/sociale-kaart/", *KNOWLEDGE)


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: str = ""  # the value of aria-current: "page" here, "true" on a page below it


def current(url: str, path: str, covers: tuple[str, ...] = ()) -> str:
    if path == url:
        return "page"
    return "true" if (url != "/" and path.startswith(url)) or path.startswith(covers) else ""


def navigation(request: HttpRequest) -> list[Link]:
    """The menu of whoever is logged in, with where she is now. Nobody logged in, or not all the way: no menu."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "second_factor_pending", False):
        return []
    links = [(entry, reverse(entry.name)) for entry in ENTRIES if entry.may(user)]
    return [Link(entry.label, url, current(url, request.path, entry.covers)) for entry, url in links]

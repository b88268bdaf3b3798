"""Links to the web, as a page shows them: with their host, and how old that knowledge is.

A page gathers its addresses and asks once: `links = links_to(addresses, since=...)`, and then `{% web_link %}` (see
templatetags/links.py) shows each. What is dead or not verified has its name and no link.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from knowledge.models import LinkCheck, Profession, Source, host_of
from mantelzorg.dates import date_in_words

SHORT_ADDRESS = 44
UNDATED = "datum onbekend"


@dataclass(frozen=True)
class Link:
    href: str  # empty: not to be followed
    host: str
    age: str

    @property
    def about(self) -> str:
        return ", ".join(part for part in (self.host, self.age) if part)


@dataclass(frozen=True)
class Links:
    """What is known of the links of one page. `since` says how old they are as far as nobody checked."""

    checks: dict[str, LinkCheck] = field(default_factory=dict)
    since: str = ""

    def of(self, url: str, since: str = "") -> Link:
        check, host = self.checks.get(url), host_of(url)
        if check and check.outcome == LinkCheck.Outcome.DEAD:
            return Link("", host, "werkt niet meer")
        if check and check.worked_at:
            worked = "werkte op" if check.outcome == LinkCheck.Outcome.OK else "werkte het laatst op"
            return Link(url, host, f"{worked} {date_in_words(check.worked_at)}")
        return Link(url, host, since or self.since)


def links_to(addresses: Iterable[str], *, since: str = "") -> Links:
    """One query, however many addresses; none when there are no addresses."""
    wanted = {address for address in addresses if address}
    checks = LinkCheck.objects.in_bulk(wanted) if wanted else {}
    return Links(checks, since)


def places(addresses: Iterable[str]) -> list[tuple[str, str]]:
    """Addresses without a title, each with what one would type of it as its name."""
    return [(address, short_address(address)) for address in addresses]


def short_address(url: str) -> str:
    """As one would type it; of a long one only where it begins."""
    parts = urlsplit(url)
    host = host_of(url)
    whole = f"{host}{parts.path}".rstrip("/")
    return whole if len(whole) <= SHORT_ADDRESS and not parts.query else host


def as_in(sources: Iterable[Source]) -> str:
    """How old an address is that was found in these publications: as old as the first of them."""
    for source in sources:
        return f"in de bron van {source.year}" if source.year[:1].isdigit() else f"in de bron, {source.year}"
    return ""


def links_of_profession(profession: Profession) -> Links:
    """Of all that a sheet shows; `profession` comes from `for_page()`."""
    addresses = [profession.quote_href]
    addresses += [use.resource.href for use in profession.resource_uses.all()]
    addresses += [row.href for row in profession.association_rows.all()]
    return links_to(addresses, since=as_in(profession.sources.all()))

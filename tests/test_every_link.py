"""A crawler over all that may be known: every cross-link between the knowledge and the sociale kaart is followed.

In the demo region, by somebody who works there. No dead link, no anchor that is not there, one h1 and a title of its
own on every page, and nothing in the knowledge that no link leads to.
"""

from collections import deque
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.urls import resolve

from knowledge import models
from tests.factories import make_caregiver
from tests.markup import Page

KNOWLEDGE = (
    *("/kennis/", "/beroepen/", "/fasen/", "/themas/", "/ondersteuning/", "/verhalen/", "/werkkaart/", "/landelijk/"),
    *("/tips/", "/gesprekken/", "/meetinstrumenten/", "/financiering/", "/wie-is-wie/", "/zoeken/"),
)
CRAWLED = (*KNOWLEDGE, "/sociale-kaart/")
HAVE_A_PAGE = {
    "profession_detail": models.Profession,
    "phase_detail": models.Phase,
    "theme_detail": models.Theme,
    "support_detail": models.SupportKind,
    "story_detail": models.Story,
    "conversation_detail": models.ConversationGuide,
    "instrument_detail": models.Instrument,
}
ARE_ON_A_PAGE = {
    "/landelijk/": models.NationalOrganisation,
    "/financiering/": models.FinancingKind,
    "/tips/": models.Tip,
    "/werkkaart/": models.WorkCardStep,
}


class Crawl:
    def __init__(self, browser):
        self.browser = browser
        self.pages: dict[str, Page] = {}
        self.problems: list[str] = []
        self.anchors: list[tuple[str, str, str]] = []

    def go(self, *start: str) -> None:
        queue = deque(start)
        while queue:
            address = queue.popleft()
            if address in self.pages:
                continue
            response = self.browser.get(address, follow=True)  # one municipality only: her booklet, not the choice
            if response.status_code != 200:
                self.problems.append(f"{response.status_code}: {address}")
            if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
                self.pages[address] = Page("", is_piece=True)
                continue
            page = self.pages[address] = Page(response.content.decode())
            self.problems += [f"{address}: {problem}" for problem in page.problems]
            for link in page.links:
                target, anchor = urldefrag(urljoin(address, link.get("href")))
                if not urlsplit(target).scheme and target.startswith(CRAWLED) and self.is_worth_a_look(target):
                    queue.append(target)
                    if anchor:
                        self.anchors.append((address, target, anchor))
        for where, target, anchor in self.anchors:
            if anchor not in self.pages[target].anchors:
                self.problems.append(f"{where}: {target}#{anchor} leads to nothing there")

    def is_worth_a_look(self, target: str) -> bool:
        """The same page again, further on or for another place, is looked at elsewhere; a paper too."""
        asked = dict(parse_qsl(urlsplit(target).query))
        return not {"na", "voor", "gemeente"} & asked.keys() and not urlsplit(target).path.endswith(".pdf")


@pytest.fixture
def demo_region(db):
    call_command("load_demo_region", verbosity=0, skip_checks=True)


def test_every_link_leads_somewhere_and_everything_is_led_to(client_of, demo_region, sender):
    crawl = Crawl(client_of(sender))
    crawl.go("/kennis/")

    assert sorted(set(crawl.problems)) == []
    assert len(crawl.pages) > 200
    seen: dict[str, set[str]] = {}
    titles: dict[str, list[str]] = {}
    for address, page in crawl.pages.items():
        match = resolve(urlsplit(address).path)
        seen.setdefault(match.url_name, set()).add(match.kwargs.get("slug", ""))
        if page.title and not urlsplit(address).query and address.startswith(KNOWLEDGE):
            titles.setdefault(page.title, []).append(address)
    for name, model in HAVE_A_PAGE.items():
        assert seen.get(name, set()) >= set(model.objects.current().values_list("slug", flat=True)), name
    for address, model in ARE_ON_A_PAGE.items():
        anchors = crawl.pages[address].anchors
        assert [slug for slug in model.objects.values_list("slug", flat=True) if slug not in anchors] == [], address
    assert {title: addresses for title, addresses in titles.items() if len(addresses) > 1} == {}


STARTS = (
    *("/kennis/", "/beroepen/", "/beroepen/wmo-consulent/", "/fasen/", "/fasen/thuis-gaat-niet-meer/", "/themas/"),
    *("/themas/overbelasting/", "/ondersteuning/", "/ondersteuning/logeerzorg/", "/verhalen/tennisrackets/"),
    *("/gesprekken/pom-gesprek/", "/tips/", "/werkkaart/", "/landelijk/", "/meetinstrumenten/csi/", "/financiering/"),
    *("/wie-is-wie/zaanstad/", "/sociale-kaart/", "/sociale-kaart/?soort=logeerzorg", "/zoeken/?q=respijt"),
)


def test_the_caregiver_somebody_is_looking_for_goes_along(client_of, demo_region, sender):
    anna = make_caregiver(sender, "Anna", situation_kind="dementie")
    carried = f"voor={anna.pk}"
    browser = client_of(sender)
    lost = []
    for start in STARTS:
        address = f"{start}{'&' if '?' in start else '?'}{carried}&gemeente=GM0479"
        html = browser.get(address).content.decode()
        main = Page(html[html.index("<main") : html.index("</main>")], is_piece=True)
        links = {link.get("href"): urljoin(address, link.get("href")) for link in main.links}
        pages = {
            href: to for href, to in links.items() if to.startswith(CRAWLED) and not urlsplit(to).path.endswith(".pdf")
        }
        stop = urlsplit(start).path  # the link that stops looking for her
        lost += [(start, href) for href, to in pages.items() if carried not in to and href != stop]
        if f"/mantelzorgers/{anna.pk}/" not in links:
            lost.append((start, "the way back"))
    assert lost == []

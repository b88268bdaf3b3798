"""Papers somebody hands to somebody: PDF/UA-1, tagged, Dutch, made by WeasyPrint from our own templates and stylesheet.

Nothing is fetched while a paper is made: no image, font or stylesheet from an address, so a text cannot make it look
anywhere.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetchingError

STYLESHEET = "pdf/paper.css"
OPTIONS = {"pdf_variant": "pdf/ua-1"}
LAYS_OUT_A_PAGE = re.compile(r"Page \d+$")


class NothingFetched(URLFetcher):
    def fetch(self, url, headers=None):
        raise URLFetchingError(f"A paper fetches nothing, also not {url}")


@lru_cache(maxsize=1)
def _stylesheet() -> tuple[CSS, FontConfiguration]:
    fonts = FontConfiguration()
    path = finders.find(STYLESHEET)
    return CSS(filename=path, font_config=fonts, url_fetcher=NothingFetched()), fonts


class TooLong(Exception):
    """A paper takes more pages than it may, however small its letters."""


def render_pdf(
    template: str, context: dict, *, pages: int | None = None, otherwise: Iterable[dict] = (), must_fit: bool = False
) -> bytes:
    """Render `template`, which extends pdf/paper.html, to a tagged PDF.

    A paper that may have so many `pages` and takes more is tried again with each of `otherwise` in its context, such
    as a smaller letter. The last one counts, however long it is: nothing is cut off. Of a paper that `must_fit`, one
    that is still too long raises TooLong.
    """
    for more in ({}, *otherwise):
        document = _laid_out(template, context | more)
        if pages is None or len(document.pages) <= pages:
            break
    else:
        if must_fit:
            raise TooLong
    return document.write_pdf(**OPTIONS)


class InParts:
    """A long paper, laid out a part at a time. A part knows on which page it begins and, once those are laid out, on
    which pages the things in other parts stand: by their ids, in `numbers`.

    That is cheaper than letting WeasyPrint look for page numbers, which lays out what refers ahead two or three times.
    Meanwhile `told` hears of each page that is laid out.
    """

    def __init__(self, told: Callable[[], None]):
        self.told = told
        self.numbers: dict[str, int] = {}

    def lay_out(self, template: str, context: dict, *, first_page: int = 1) -> Document:
        with _page_by_page(self.told):
            document = _laid_out(template, context, CSS(string=f"@page :first {{ counter-reset: page {first_page} }}"))
        for number, page in enumerate(document.pages, first_page):
            for anchor in page.anchors:
                self.numbers.setdefault(anchor, number)
        return document

    def join(self, parts: list[Document]) -> bytes:
        """One file, of which the first part says what it is."""
        return parts[0].copy([page for part in parts for page in part.pages]).write_pdf(**OPTIONS)


def pdf_response(template: str, context: dict, *, filename: str, **fit) -> HttpResponse:
    """The paper, shown in the browser. `filename` goes into histories and folders: no names of people in it."""
    response = HttpResponse(render_pdf(template, context, **fit), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    return response


def _laid_out(template: str, context: dict, *more: CSS) -> Document:
    stylesheet, fonts = _stylesheet()
    html = HTML(string=render_to_string(template, context), base_url="about:blank", url_fetcher=NothingFetched())
    return html.render(font_config=fonts, stylesheets=[stylesheet, *more], **OPTIONS)


@contextmanager
def _page_by_page(told: Callable[[], None]) -> Iterator[None]:
    """WeasyPrint says in its log which page it lays out: in this thread it may be about this paper only."""
    mine = threading.get_ident()

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == mine and LAYS_OUT_A_PAGE.search(record.getMessage()):
                told()

    log = logging.getLogger("weasyprint.progress")
    listener, before = Listener(), (log.level, log.propagate)
    log.addHandler(listener)
    log.setLevel(logging.INFO)
    log.propagate = False  # hundreds of lines that say nothing to who reads our log
    try:
        yield
    finally:
        log.removeHandler(listener)
        log.level, log.propagate = before

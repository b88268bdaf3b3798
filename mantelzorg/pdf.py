"""Papers somebody hands to somebody: PDF/UA-1, tagged, Dutch, made by WeasyPrint from our own templates and stylesheet.

Nothing is fetched while a paper is made: no image, font or stylesheet from an address, so a text cannot make it look
anywhere.
"""

from collections.abc import Iterable
from functools import lru_cache

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetchingError

STYLESHEET = "pdf/paper.css"
OPTIONS = {"pdf_variant": "pdf/ua-1"}


class NothingFetched(URLFetcher):
    def fetch(self, url, headers=None):
        raise URLFetchingError(f"A paper fetches nothing, also not {url}")


@lru_cache(maxsize=1)
def _stylesheet() -> tuple[CSS, FontConfiguration]:
    fonts = FontConfiguration()
    path = finders.find(STYLESHEET)
    return CSS(filename=path, font_config=fonts, url_fetcher=NothingFetched()), fonts


def render_pdf(template: str, context: dict, *, pages: int | None = None, otherwise: Iterable[dict] = ()) -> bytes:
    """Render `template`, which extends pdf/paper.html, to a tagged PDF.

    A paper that may have so many `pages` and takes more is tried again with each of `otherwise` in its context, such
    as a smaller letter. The last one counts, however long it is: nothing is cut off.
    """
    for more in ({}, *otherwise):
        document = _laid_out(template, context | more)
        if pages is None or len(document.pages) <= pages:
            break
    return document.write_pdf(**OPTIONS)


def pdf_response(template: str, context: dict, *, filename: str, **fit) -> HttpResponse:
    """The paper, shown in the browser. `filename` goes into histories and folders: no names of people in it."""
    response = HttpResponse(render_pdf(template, context, **fit), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    return response


def _laid_out(template: str, context: dict) -> Document:
    stylesheet, fonts = _stylesheet()
    html = HTML(string=render_to_string(template, context), base_url="about:blank", url_fetcher=NothingFetched())
    return html.render(font_config=fonts, stylesheets=[stylesheet], **OPTIONS)

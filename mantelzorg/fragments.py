"""One view, one URL, two answers: the whole page, or the piece of it that htmx asked for."""

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers


def wants_piece(request: HttpRequest) -> bool:
    """Boosted links and going back in history get the page, also when htmx asks."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def render_page(
    request: HttpRequest, template: str, context: dict, *, piece: str = "", status: int = 200
) -> HttpResponse:
    """Render `template`, or only its partial `piece` for an htmx request, with any messages for the live region."""
    whole = not (piece and wants_piece(request))
    response = render(request, template if whole else f"{template}#{piece}", context, status=status)
    if not whole:
        response.write(messages_for(request))
    patch_vary_headers(response, ["HX-Request"])
    return response


def messages_for(request: HttpRequest) -> str:
    """The waiting messages as an out-of-band piece: htmx puts them in the region that was on the page all along."""
    messages = list(get_messages(request))
    return render_to_string("components/messages_piece.html", {"messages": messages}) if messages else ""

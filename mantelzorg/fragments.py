"""One view, one URL, two answers: the whole page, or the piece of it that htmx asked for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_piece(request: HttpRequest) -> bool:
    """Boosted links and going back in history get the page, also when htmx asks."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def render_page(
    request: HttpRequest, template: str, context: dict, *, piece: str = "", status: int = 200
) -> HttpResponse:
    """Render `template`, or only its partial `piece` for an htmx request."""
    name = f"{template}#{piece}" if piece and wants_piece(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response

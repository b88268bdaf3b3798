"""Behind the link in the mail, without an account: look, say that it holds, or say what should be different.

To look changes nothing: programs that follow the links in a mail say nothing by it. Whatever is wrong with a link, the
answer is the same page.
"""

from contextlib import suppress
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mantelzorg.forms import refuse
from mantelzorg.rate_limit import is_too_often
from mantelzorg.refusal import Refused
from sociale_kaart.freshness import actions, link_page
from sociale_kaart.freshness.forms import CorrectionForm
from sociale_kaart.models import CheckRequest
from trail.actions import record_denied

ASK_AND_DO = ["GET", "HEAD", "POST"]


def behind_a_link(view):
    """With the question of this link, while it is open. No other site gets to see it: see the headers of every page."""

    @wraps(view)
    def wrapper(request: HttpRequest, token: str, **kwargs) -> HttpResponse:
        response = _answer(view, request, token, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapper


def _answer(view, request: HttpRequest, token: str, **kwargs) -> HttpResponse:
    if is_too_often(request, what="check-links", per_minute=settings.CHECK_OPENS_PER_MINUTE):
        return render(request, "sociale_kaart/freshness/link_wait.html", status=429)
    question = CheckRequest.objects.behind_token(token)
    if question is None:
        record_denied(by=None, page=request.resolver_match.view_name)
        return closed(request)
    if question.is_open(timezone.now()):
        return view(request, question, **kwargs)
    if request.method == "POST" and not link_page.holds(question, request.POST.get("klopt", "")):
        return too_late(request, question, **kwargs)
    return done(request) if link_page.everything_was_answered(question) else closed(request)


@login_not_required
@require_http_methods(ASK_AND_DO)
@behind_a_link
def check_by_link(request: HttpRequest, question: CheckRequest) -> HttpResponse:
    if request.method == "POST":
        said = request.POST.get("klopt", "")
        if link_page.is_about(question, said):
            with suppress(actions.LinkClosed):  # just now: what is on paper tells
                actions.confirm_by_link(request=question, slugs=None if said == link_page.ALL else [said])
            if not link_page.holds(question, said):
                return too_late(request, question)
        return redirect("check_by_link", question.token)
    rows = link_page.rows(question, timezone.now())
    waiting = [row for row in rows if row["is_asked"]]
    if not waiting and not any(row["is_answered"] for row in rows):
        return closed(request)
    if all(row["is_answered"] for row in rows):
        return done(request)
    context = {"question": question, "rows": rows, "waiting": len(waiting)}
    return render(request, "sociale_kaart/freshness/link.html", context)


@login_not_required
@require_http_methods(ASK_AND_DO)
@behind_a_link
def check_correct(request: HttpRequest, question: CheckRequest, slug: str) -> HttpResponse:
    service = link_page.asked_about(question, slug)
    if service is None and request.method == "POST" and link_page.service_of(question, slug):
        return too_late(request, question, slug)
    if service is None:
        return redirect("check_by_link", question.token)
    form = CorrectionForm(request.POST if request.method == "POST" else None, service=service)
    if form.is_valid():
        try:
            actions.correct_by_link(request=question, slug=slug, fields=form.proposed(), words=form.said())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return redirect("check_by_link", question.token)
    context = {"question": question, "service": service, "form": form}
    return render(request, "sociale_kaart/freshness/link_correct.html", context)


def done(request: HttpRequest) -> HttpResponse:
    return render(request, "sociale_kaart/freshness/link_done.html")


def too_late(request: HttpRequest, question: CheckRequest, slug: str = "") -> HttpResponse:
    """Somebody else answered, or the time ran out, while she was typing: what she typed is there to be passed on."""
    service = link_page.service_of(question, slug) if slug else None
    typed = CorrectionForm(request.POST, service=service).as_typed() if service else []
    context = {"service": service, "typed": typed}
    return render(request, "sociale_kaart/freshness/link_late.html", context, status=409)


def closed(request: HttpRequest) -> HttpResponse:
    return render(request, "sociale_kaart/freshness/link_closed.html", status=410)

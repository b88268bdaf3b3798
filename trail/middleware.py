"""The choke point: who is asking, and one transaction for all that the request reads, writes and logs.

Everything a request does happens in one transaction, so that a look that cannot be logged is not shown, and a change
never stands without its event, log row and mail. It is set up right after authentication, round the whole rest of the
stack, because pages are partly rendered after the view has returned. A refusal (404, 403) undoes nothing: its log row
has to stay. An unexpected error, wherever in the stack, rolls everything back; a second, short transaction then writes
down that it happened, and again what had been refused before. A database that does not answer, or a row that somebody
else keeps locked, is a page that says so. Pages about errors ask nothing of the database.
"""

import hashlib
import logging
from dataclasses import replace

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, transaction
from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from psycopg.errors import LockNotAvailable

from mantelzorg.client_address import client_address
from trail.access_log import NO_REQUEST, RequestFacts, current_request, write
from trail.actions import record_denied, record_error

logger = logging.getLogger(__name__)


def _session_hash(request) -> str:
    key = request.session.session_key
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


def note_new_session(request) -> None:
    """A log-in gives the session a new key: what the rest of this request logs belongs to the new one."""
    if current_request.get() is not NO_REQUEST:
        current_request.set(replace(current_request.get(), session_hash=_session_hash(request)))


class RequestTransactionMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        facts = RequestFacts(ip=client_address(request), session_hash=_session_hash(request))
        token = current_request.set(facts)
        try:
            return self.answer(request, facts.aftermath)
        finally:
            current_request.reset(token)

    def answer(self, request, aftermath):
        try:
            with transaction.atomic():
                response = self.get_response(request)
                if aftermath.row_failed and response.status_code < 500:
                    logger.error("A row of the access log was not written, and somebody went on: nothing is shown.")
                    response = HttpResponse(render_to_string("500.html"), status=500)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
        except Exception as error:  # at the start, or at the commit
            record_what_went_wrong(request, aftermath)
            if isinstance(error, OperationalError):
                return unavailable(request, error)
            raise
        if aftermath.went_wrong or response.status_code == 500:
            record_what_went_wrong(request, aftermath)
        return response

    def process_exception(self, request, exception):
        aftermath = current_request.get().aftermath
        if isinstance(exception, PermissionDenied) and not aftermath.refusals:
            record_denied(by=_who(request), page=_page(request))
        if not isinstance(exception, (Http404, PermissionDenied)):
            aftermath.went_wrong = True
            aftermath.was_suspicious = isinstance(exception, SuspiciousOperation)
            transaction.set_rollback(True)
        if isinstance(exception, OperationalError):
            return unavailable(request, exception)


def record_what_went_wrong(request, aftermath) -> None:
    """Everything was undone: write down that it happened, and again what had been refused before."""
    try:
        with transaction.atomic():
            for row in list(aftermath.refusals):
                write(row)
            record = record_denied if aftermath.was_suspicious else record_error
            record(by=_who(request), page=_page(request))
    except Exception:
        logger.exception("What went wrong is not in the access log.")


def _who(request):
    return request.user if request.user.is_authenticated else None


def _page(request) -> str:
    return (request.resolver_match and request.resolver_match.view_name) or ""


def unavailable(request, error: OperationalError) -> HttpResponse:
    """Nothing was saved, and trying again may help: what was typed goes along. Asks nothing of the database."""
    if isinstance(error.__cause__, LockNotAvailable):
        logger.warning("Somebody waited for a row in vain: %s", error)
        template, seconds = "locked.html", "5"
    else:
        logger.error("The database did not answer: %s", error)
        template, seconds = "503.html", "60"
    page = render_to_string(template, {"again": _again(request)})
    return HttpResponse(page, status=503, headers={"Retry-After": seconds})


def _again(request) -> dict:
    """What was sent in, to send in once more; passwords and codes are typed again."""
    if request.method != "POST" or request.path.startswith("/account/"):
        return {}
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    kept = [(name, value) for name, value in typed if name != "csrfmiddlewaretoken" and "password" not in name]
    return {"path": request.get_full_path(), "token": get_token(request), "typed": kept}

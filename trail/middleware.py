"""The choke point: who is asking, and one transaction for all that the request reads, writes and logs.

Everything a request does happens in one transaction, so that a look that cannot be logged is not shown, and a change
never stands without its event, log row and mail. It is set up right after authentication, round the whole rest of the
stack, because pages are partly rendered after the view has returned. An unexpected error, wherever in the stack, rolls
everything back; a refusal (404, 403) does not: its log row has to stay. A database that does not answer, or a row that
somebody else keeps locked, is a page that says so.
"""

import hashlib
import logging
import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string

from mantelzorg.client_address import client_address

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RequestFacts:
    """Where a look or an act came from. Empty for commands and jobs."""

    request_id: uuid.UUID | None = field(default_factory=uuid.uuid4)
    ip: str | None = None
    session_hash: str = ""


NO_REQUEST = RequestFacts(request_id=None)
current_request: ContextVar[RequestFacts] = ContextVar("current_request", default=NO_REQUEST)


def _session_hash(request) -> str:
    key = request.session.session_key
    return hashlib.sha256(key.encode()).hexdigest() if key else ""


def note_new_session(request) -> None:
    """A log-in gives the session a new key: what the rest of this request logs belongs to the new one."""
    current_request.set(replace(current_request.get(), session_hash=_session_hash(request)))


class RequestTransactionMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = current_request.set(RequestFacts(ip=client_address(request), session_hash=_session_hash(request)))
        try:
            with transaction.atomic():
                response = self.get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                return response
        except OperationalError as error:  # no connection at the start, or none at the commit
            return unavailable(error)
        finally:
            current_request.reset(token)

    def process_exception(self, request, exception):
        if not isinstance(exception, (Http404, PermissionDenied)):
            transaction.set_rollback(True)
        if isinstance(exception, OperationalError):
            return unavailable(exception)


def unavailable(error: OperationalError) -> HttpResponse:
    """Nothing was saved, and trying again may help. Made without asking anything of the database."""
    logger.error("The database did not answer: %s", error)
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "60"})

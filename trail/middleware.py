"""The choke point: who is asking, and one transaction for all that the request reads, writes and logs.

Everything a request does happens in one transaction, so that a look that cannot be logged is not shown, and a change
never stands without its event, log row and mail. It is set up right after authentication, round the whole rest of the
stack, because pages are partly rendered after the view has returned. An unexpected error rolls everything back; a refusal
(404, 403) does not: its log row has to stay.
"""

import hashlib
import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404


@dataclass(frozen=True)
class RequestFacts:
    """Where a look or an act came from. Empty for commands and jobs."""

    request_id: uuid.UUID | None = field(default_factory=uuid.uuid4)
    ip: str | None = None
    session_hash: str = ""


NO_REQUEST = RequestFacts(request_id=None)
current_request: ContextVar[RequestFacts] = ContextVar("current_request", default=NO_REQUEST)


class RequestTransactionMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        session_key = request.session.session_key or ""
        token = current_request.set(
            RequestFacts(
                ip=request.META.get("REMOTE_ADDR") or None,
                session_hash=hashlib.sha256(session_key.encode()).hexdigest() if session_key else "",
            )
        )
        try:
            with transaction.atomic():
                return self.get_response(request)
        finally:
            current_request.reset(token)

    def process_exception(self, request, exception):
        if not isinstance(exception, (Http404, PermissionDenied)):
            transaction.set_rollback(True)

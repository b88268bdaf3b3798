from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.csrf import csrf_failure as forbidden
from django.views.decorators.http import require_safe

from trail.actions import record_denied
from trail.models import Heartbeat


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Does the database answer, and does the worker live? No details. (No database: see the middleware.)"""
    healthy = Heartbeat.objects.is_alive(Heartbeat.OUTBOX_WORKER, timezone.now())
    return HttpResponse(
        "gezond\n" if healthy else "niet gezond\n",
        status=200 if healthy else 503,
        content_type="text/plain; charset=utf-8",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from one of our pages: refused, and on record (setting CSRF_FAILURE_VIEW)."""
    match = request.resolver_match
    record_denied(by=request.user if request.user.is_authenticated else None, page=match.view_name if match else "")
    return forbidden(request, reason=reason)

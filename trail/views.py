from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

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

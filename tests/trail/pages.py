"""Pages of these tests only: what a view may do to the transaction of its request."""

from contextlib import suppress

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, OperationalError, connection
from django.http import Http404, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import include, path

from trail.actions import claim_once, record_access, record_denied
from trail.models import HandledForm

KEY = "01900000-0000-7000-8000-000000000001"


def _log(request) -> None:
    record_access(by=None, event="view", action="R")


@login_not_required
def fine(request):
    _log(request)
    return HttpResponse("ok")


@login_not_required
def not_found(request):
    _log(request)
    raise Http404


@login_not_required
def refused(request):
    _log(request)
    raise PermissionDenied


@login_not_required
def error(request):
    _log(request)
    raise RuntimeError("secret detail")


@login_not_required
def error_as_answer(request):
    _log(request)
    return HttpResponse(status=500)


@login_not_required
def error_while_rendering(request):
    _log(request)
    return TemplateResponse(request, engines["django"].from_string("{{ broken }}"), {"broken": Broken()})


class Broken:
    def __str__(self):
        raise RuntimeError("secret detail")


@login_not_required
def denied_then_error(request):
    record_denied(by=None, page="denied_then_error")
    raise RuntimeError("secret detail")


@login_not_required
def denied_then_error_as_answer(request):
    record_denied(by=None, page="denied_then_error")
    return HttpResponse(status=500)


@login_not_required
def shown_without_a_row(request):
    """A view that goes on after its row was refused: a text that is too long for the column."""
    with suppress(DatabaseError):
        record_access(by=None, event="view", action="R", purpose="x" * 300)
    return HttpResponse("Anna")


@login_not_required
def error_at_commit(request):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_membership (id, user_id, organisation_id, roles, phone, created_at) "
            "VALUES (%s, %s, %s, '{verwijzer}', '', now())",
            [KEY, KEY, KEY],
        )
    return HttpResponse("fine")


@login_not_required
def database_gone(request):
    _log(request)
    raise OperationalError("secret detail")


@login_not_required
def connection_cut(request):
    _log(request)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@login_not_required
def waits_for_a_lock(request):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '100ms'")
    HandledForm.objects.select_for_update().get(key=KEY)


@login_not_required
def foreign_key_of_a_form(request):
    class Somebody:
        pk = "01900000-0000-7000-8000-000000000002"

    claim_once(key=KEY, verb="probe", by=Somebody)


urlpatterns = [
    path("fine/", fine),
    path("not-found/", not_found),
    path("refused/", refused),
    path("error/", error),
    path("error-as-answer/", error_as_answer),
    path("error-while-rendering/", error_while_rendering),
    path("denied-then-error/", denied_then_error),
    path("denied-then-error-as-answer/", denied_then_error_as_answer),
    path("shown-without-a-row/", shown_without_a_row),
    path("error-at-commit/", error_at_commit),
    path("database-gone/", database_gone),
    path("connection-cut/", connection_cut),
    path("waits-for-a-lock/", waits_for_a_lock),
    path("foreign-key-of-a-form/", foreign_key_of_a_form),
    path("", include("mantelzorg.urls")),
]

"""Who looked at her, when, at what and why: for the caregiver herself, on screen or on paper."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import caregiver_workers_only
from intake.insight import lines_of
from intake.views.one_caregiver import caregiver_of
from mantelzorg.pagination import keyset_page
from trail.actions import record_access
from trail.models import AccessLogEntry

PAGE = 50


@caregiver_workers_only
@require_safe
def caregiver_insight(request, pk):
    caregiver = caregiver_of(request, pk)
    page = keyset_page(request, AccessLogEntry.objects.about(caregiver.pk), order=("-at", "-pk"), size=PAGE)
    record_access(
        by=request.user,
        event="log_read",
        action="R",
        obj=caregiver,
        subject=caregiver.pk,
        fields=("name", "insight"),
        hit_count=len(page.rows),
        purpose="inzage",
    )
    context = {"caregiver": caregiver, "page": page, "lines": lines_of(page.rows)}
    return render(request, "intake/insight.html", context)

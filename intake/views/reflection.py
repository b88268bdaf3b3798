"""To think about one caregiver when things are stuck."""

from django.views.decorators.http import require_safe

from accounts.permissions import caregiver_workers_only
from intake.reflection import stories_like, themes_for
from intake.views.one_caregiver import caregiver_of, show_part

FIELDS = ("relation", "situation_kind", "phase")


@caregiver_workers_only
@require_safe
def reflection(request, pk):
    caregiver = caregiver_of(request, pk)
    context = {"themes": themes_for(caregiver), "stories": stories_like(caregiver)}
    return show_part(request, "intake/reflection.html", caregiver, part="reflection", fields=FIELDS, **context)

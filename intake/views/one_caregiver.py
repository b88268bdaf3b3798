"""What every page about one caregiver does: find her, and log the look."""

from django.shortcuts import render

from accounts.permissions import found
from intake.models import Caregiver
from intake.parts import parts_of
from trail.actions import record_access, record_access_to_many

ASK_AND_DO = ["GET", "HEAD", "POST"]


def caregiver_of(request, pk) -> Caregiver:
    return found(request, Caregiver.objects.for_user(request.user).for_page(), pk)


def look_at(request, caregiver: Caregiver, *fields: str) -> None:
    """Write down what of her is shown."""
    record_access(by=request.user, event="view", action="R", obj=caregiver, subject=caregiver.pk, fields=fields)


def ask(request, template: str, caregiver: Caregiver, *, fields: tuple[str, ...], **context):
    """A page with a form about her. It names her, so the look is logged."""
    look_at(request, caregiver, "name", *fields)
    return render(request, template, {"caregiver": caregiver, **context})


def show_part(request, template: str, caregiver: Caregiver, *, part: str, fields: tuple[str, ...], **context):
    """A page of one part of what is known of her (see `intake.parts`), with the links to the other parts."""
    return ask(request, template, caregiver, fields=fields, parts=parts_of(caregiver, part), **context)


def log_doubles(request, doubles) -> None:
    """Who was shown because she may be the same person, each in a row."""
    if doubles:
        subjects = [double.pk for double in doubles]
        record_access_to_many(
            by=request.user, event="search", subjects=subjects, filters=("naam", "telefoon", "postcode")
        )


def typed(request):
    """What was sent in, or nothing yet."""
    return request.POST if request.method == "POST" else None

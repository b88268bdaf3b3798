"""What every page about one caregiver does: find her, and log the look."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import render

from accounts.permissions import found
from intake.actions import ChangedMeanwhile
from intake.forms import ChangeForm
from intake.models import Caregiver
from intake.parts import parts_of
from mantelzorg.forms import refuse
from mantelzorg.refusal import Refused
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


# Two at once --------------------------------------------------------------------------------------------------------


def try_change(request, form: ChangeForm, change: Callable, *, who: Callable[[Any], str], **what) -> ChangeForm | None:
    """Do `change` with what was typed in a valid form. None when it is done; else the form to show again: with why it
    was refused, or on top of what somebody else made of it meanwhile. `who` names her, by how it stands now.
    """
    try:
        change(by=request.user, **what, **form.details())
    except ChangedMeanwhile as meanwhile:
        return form.overtaken(meanwhile.current, by_whom=who(meanwhile.current))
    except Refused as refusal:
        refuse(form, refusal)
        return form
    return None


def last_in(caregiver: Caregiver, kind: str, user) -> Callable[[Any], str]:
    """Who was first, as her timeline tells."""

    def who(_current) -> str:
        last = caregiver.timeline.last_of_kind(kind)
        if last is None or last.by is None:
            return "iemand anders"
        return "jou, in een ander venster" if last.by_id == user.acting.pk else str(last.by.user)

    return who

"""What every page about one referral does: find it, read it for this person, log the look."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.permissions import found
from referrals.models import Referral
from referrals.reading import Reading, read
from referrals.transitions import State
from referrals.views.offers import offers_for
from trail.actions import record_access


def referral_of(request, pk) -> Referral:
    return found(request, Referral.objects.for_user(request.user).for_reading(), pk)


def look_at(request, referral: Referral) -> Reading:
    """What she may read of it. Reading is logged, a stub and a draft included."""
    reading = read(referral, request.user, now=timezone.now())
    record_access(
        by=request.user,
        event="view",
        action="R",
        obj=referral,
        subject=referral.caregiver_id,
        relation=reading.relation,
        fields=reading.fields,
        consent=referral.consent_id,
    )
    return reading


def detail_page(request, referral: Referral, *, refusal: str = "", typed: list[str] | None = None):
    """The page of a referral. After a refusal it says why, and hands back what was typed. A draft has its own page."""
    if refusal:
        messages.error(request, refusal)
    if referral.state == State.CONCEPT:
        return redirect("referral_draft", referral.pk)
    reading = look_at(request, referral)
    context = {
        "reading": reading,
        "offers": offers_for(request.user, referral, reading),
        "typed": typed or [],
    }
    return render(request, "referrals/detail.html", context)

"""What every page about one referral does: find it, read it for this person, log the look."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from referrals.models import Referral
from referrals.reading import Reading, read
from referrals.transitions import State
from referrals.views.offers import offers_for
from trail.actions import record_access


def found(request, rows, pk):
    """The one of `rows` (already hers to see) with this key. For a stranger it does not exist; the attempt is logged."""
    try:
        return rows.get(pk=pk)
    except rows.model.DoesNotExist:
        record_access(
            by=request.user, event="denied", action="R", outcome="denied", purpose=request.resolver_match.view_name
        )
        raise Http404 from None


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
    if referral.state == State.CONCEPT:
        if refusal:
            messages.error(request, refusal)
        return redirect("referral_draft", referral.pk)
    reading = look_at(request, referral)
    context = {
        "reading": reading,
        "offers": offers_for(request.user, referral, reading),
        "refusal": refusal,
        "typed": typed or [],
    }
    return render(request, "referrals/detail.html", context)

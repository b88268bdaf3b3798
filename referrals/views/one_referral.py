"""What every page about one referral does: find it, read it for this person, log the look.

Somebody comes in by a `Door`: with an account, or by a link that opens one referral (referrals/linked). What she sees
and can do there follows from who she is; the pages are the same.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import found
from referrals.aftercare.offers import after_offers
from referrals.models import Referral
from referrals.reading import Reading, read
from referrals.together.reading import together
from referrals.transitions import State
from referrals.views.offers import Answer, offers_for
from trail.actions import record_access


class Door:
    """By which somebody comes to one referral."""

    template = "referrals/detail.html"
    frame = "base.html"  # what is round a page with a form
    user: object

    def referral(self) -> Referral:
        """As it is now, with all that its page can show."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Of the referral's page."""
        raise NotImplementedError

    def url_of(self, answer: Answer) -> str:
        raise NotImplementedError

    def context(self) -> dict:
        """What the page shows besides."""
        return {}


class AccountDoor(Door):
    """Somebody who works for one of its organisations."""

    def __init__(self, request: HttpRequest, pk):
        self.request, self.pk, self.user = request, pk, request.user

    def referral(self) -> Referral:
        return referral_of(self.request, self.pk)

    @property
    def url(self) -> str:
        return reverse("referral_detail", args=[self.pk])

    def url_of(self, answer: Answer) -> str:
        return reverse(answer.name, args=[self.pk])


def referral_of(request, pk) -> Referral:
    return found(request, Referral.objects.for_user(request.user).for_reading(), pk)


def look_at(user, referral: Referral) -> Reading:
    """What she may read of it. Reading is logged, a stub and a draft included."""
    reading = read(referral, user, now=timezone.now())
    record_access(
        by=user,
        event="view",
        action="R",
        obj=referral,
        subject=referral.caregiver_id,
        relation=reading.relation,
        fields=reading.fields,
        consent=referral.consent_id,
    )
    return reading


def detail_page(request, referral: Referral, *, refusal: str = "", typed: list[str] | None = None) -> HttpResponse:
    return show(request, AccountDoor(request, referral.pk), referral, refusal=refusal, typed=typed)


def show(
    request: HttpRequest, door: Door, referral: Referral, *, refusal: str = "", typed: list[str] | None = None
) -> HttpResponse:
    """The page of a referral. After a refusal it says why, and hands back what was typed. A draft has its own page."""
    if refusal:
        messages.error(request, refusal)
    if referral.state == State.CONCEPT:
        return redirect("referral_draft", referral.pk)
    reading = look_at(door.user, referral)
    context = {
        "reading": reading,
        "offers": offers_for(door.user, referral, reading, url_of=door.url_of),
        "together": together(door.user, referral, url_of=door.url_of, now=timezone.now()),
        "after_offers": after_offers(door.user, referral, reading, url_of=door.url_of),
        "typed": typed or [],
        **door.context(),
    }
    return render(request, door.template, context)

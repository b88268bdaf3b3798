"""The list of referrals, the page of one, and its link sent anew."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import caregiver_workers_only
from mantelzorg.fragments import render_page
from mantelzorg.pagination import keyset_page
from mantelzorg.refusal import Refused
from referrals.linked.actions import send_anew
from referrals.lists import ListChoice
from referrals.permissions import may_send_link_anew
from referrals.reading import Line
from referrals.views.log import log_lines
from referrals.views.one_referral import detail_page, look_at, referral_of


@caregiver_workers_only
@require_safe
def referral_list(request):
    choice = ListChoice.asked(request.GET)
    now = timezone.now()
    page = keyset_page(request, choice.rows(request.user).for_list(), order=choice.order)
    lines = [Line(referral, request.user, now=now) for referral in page.rows]
    log_lines(lines, by=request.user, event="search", filters=choice.filters)
    return render_page(
        request, "referrals/list.html", {"choice": choice, "lines": lines, "page": page}, piece="results"
    )


@caregiver_workers_only
@require_safe
def referral_detail(request, pk):
    return detail_page(request, referral_of(request, pk))


@caregiver_workers_only
@require_http_methods(["GET", "HEAD", "POST"])
def referral_link_anew(request, pk):
    referral = referral_of(request, pk)
    if not may_send_link_anew(request.user, referral):
        return detail_page(request, referral, refusal="Deze verwijzing loopt niet meer, of gaat niet via een link.")
    if request.method == "POST":
        try:
            link = send_anew(referral=referral, by=request.user, now=timezone.now())
        except Refused as refusal:
            return detail_page(request, referral, refusal=refusal.sentence)
        messages.success(request, f"Er gaat een nieuwe link naar {link.to}. De vorige werkt niet meer.")
        return redirect("referral_detail", pk)
    reading = look_at(request.user, referral)
    context = {
        "title": "De link opnieuw sturen?",
        "text": f"{referral.receiver_organisation} krijgt een nieuwe link per mail, op het adres dat nu in de sociale "
        "kaart staat. De vorige link werkt daarna niet meer.",
        "button": "Stuur een nieuwe link",
        "back_url": reverse("referral_detail", args=[pk]),
        "back_label": f"Verwijzing {reading.number}",
    }
    return render(request, "components/confirm.html", context)

"""The list of referrals, and the page of one."""

from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import caregiver_workers_only
from mantelzorg.fragments import render_page
from mantelzorg.pagination import keyset_page
from referrals.lists import ListChoice
from referrals.reading import Line
from referrals.views.log import log_lines
from referrals.views.one_referral import detail_page, referral_of


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

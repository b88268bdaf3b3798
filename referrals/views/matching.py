"""What is offered for one need: the best first, with why it fits and what does not."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import caregiver_workers_only, found
from intake.models import Need
from mantelzorg.forms import slug_or_nothing
from referrals.matching import about_her, offers_for
from trail.actions import record_access


@caregiver_workers_only
@require_safe
def need_offers(request, pk):
    need = found(request, Need.objects.for_user(request.user).for_page(), pk)
    record_access(
        by=request.user, event="view", action="R", obj=need, subject=need.caregiver_id, fields=("name", "needs")
    )
    kind = slug_or_nothing(request.GET.get("soort"))
    offers = offers_for(need, request.user, about=about_her(need.caregiver), kind=kind)
    return render(request, "referrals/need_offers.html", {"need": need, "offers": offers})

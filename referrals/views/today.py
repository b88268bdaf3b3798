"""The start page. What it holds follows from her roles: each gives a part, and a person may have several."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Invitation
from referrals.loops import open_loops
from referrals.today import todays_work
from referrals.views.log import log_lines


@require_safe
def vandaag(request):
    user, now = request.user, timezone.now()
    context = {"user": user}
    if user.works_with_caregivers:
        context["today"] = today = todays_work(user, now=now, after=request.GET.get("na", ""))
        log_lines(today.shown, by=user, event="view")
    if user.is_coordinator:
        context["loops"] = open_loops(user, now=now)
    if user.is_beheerder:
        context["open_invitations"] = Invitation.objects.for_user(user).open(now).count()
    return render(request, "referrals/today.html", context)

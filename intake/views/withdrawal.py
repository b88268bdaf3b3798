"""She takes back what she agreed to, with the code on her own overview and without an account."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from intake.actions import withdraw_with_code
from intake.views.one_caregiver import ASK_AND_DO
from intake.withdrawal import CodeForm
from mantelzorg.rate_limit import is_too_often


@login_not_required
@require_http_methods(ASK_AND_DO)
def withdraw_by_code(request):
    """Whatever is typed, the answer is the same: nobody learns here whether a code exists."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and is_too_often(
        request, what="withdrawal-code", per_minute=settings.WITHDRAWALS_PER_MINUTE
    ):
        return render(request, "intake/withdrawal/wait.html", status=429)
    if form.is_valid():
        withdraw_with_code(form.cleaned_data["code"], form.cleaned_data["letters"])
        return redirect("withdrawn_by_code")
    return render(request, "intake/withdrawal/withdraw.html", {"form": form})


@login_not_required
@require_safe
def withdrawn_by_code(request):
    return render(request, "intake/withdrawal/withdrawn.html")

"""Where she is logged in, the clock of this session, and what she was typing when it ran out."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.guards import COMES_BACK, RAN_OUT, is_ours, page_she_was_on
from accounts.models import KeptForm, Session, User
from mantelzorg.forms import RESTORED


@require_safe
def session_list(request):
    sessions = Session.objects.of(request.user)
    return render(request, "accounts/sessions.html", {"sessions": sessions, "here": request.session.session_key})


@require_POST
def session_end(request, public_id):
    if not actions.end_own_sessions(by=request.user, here=request.session.session_key, only=public_id):
        raise Http404
    messages.success(request, "Dat apparaat is uitgelogd.")
    return redirect("session_list")


@require_POST
def session_end_others(request):
    actions.end_own_sessions(by=request.user, here=request.session.session_key)
    messages.success(request, "Je bent nu alleen nog hier ingelogd.")
    return redirect("session_list")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def session_clock(request):
    """How many seconds this session has left. Asking leaves it as it is; a POST renews it (`accounts.guards`)."""
    left = request.session.seconds_left(timezone.now()) if request.user.is_authenticated else 0
    return JsonResponse({"left": left, "renewable": left > 0 and request.session.can_be_renewed})


@login_not_required
@require_POST
def session_over(request):
    """Her script tells that the time is up, with the form she was typing in: it is kept, and she is logged out."""
    typed = request.POST.copy()
    path = typed.pop("_path", [""])[-1]
    kept = keep(request, path, typed)
    if request.user.is_authenticated:
        get_adapter().logout(request)
    messages.info(request, f"{RAN_OUT} {COMES_BACK if kept else ''}".strip())
    back = reverse("form_resume") if kept else page_she_was_on(request) or "/"
    return JsonResponse({"next": f"{reverse('account_login')}?{urlencode({'next': back})}"})


def keep(request, path: str, typed) -> bool:
    user_id = request.user.pk or (request.session.ran_out_for if request.session.may_keep else None)
    user = User.objects.open_account(user_id)
    try:
        resolve(path.partition("?")[0])
    except Resolver404:
        return False
    page = page_she_was_on(request)
    return user is not None and is_ours(path) and actions.keep_form(by=user, path=path, page=page, typed=typed)


@require_http_methods(["GET", "HEAD", "POST"])
def form_resume(request):
    """Back after her session ran out: one button brings the form with what she typed, or throws it away."""
    if request.method == "POST":
        actions.drop_kept_form(by=request.user)
        messages.success(request, "Wat je had getypt, is weggegooid.")
        return redirect("vandaag")
    kept = KeptForm.objects.of(request.user)
    if kept is None:
        return redirect("vandaag")
    typed = [(name, value) for name, values in actions.read_kept_form(kept=kept).lists() for value in values]
    context = {"kept": kept, "typed": typed, "mark": RESTORED}
    return render(request, "accounts/form_resume.html", context)

"""At the door: is her session still good, has she shown a second step, and does what she typed come back.

All three run inside the transaction of the request (`trail.middleware`).
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from accounts import actions, second_factor
from accounts.models import User
from mantelzorg.forms import RESTORED

RAN_OUT = (
    f"Je deed {settings.SESSION_IDLE.seconds // 60} minuten niets, of je was al "
    f"{settings.SESSION_IN_ALL.seconds // 3600} uur ingelogd. Daarom ben je uitgelogd."
)
COMES_BACK = "Log opnieuw in. Wat je had ingevuld, krijg je dan terug."
AFTER_SETTING_UP = "after_setting_up"  # the key in the session of where she was going


def is_htmx(request) -> bool:
    return request.headers.get("HX-Request") == "true"


def send_to(request, url: str) -> HttpResponse:
    """To another page; a piece of a page takes the whole page along."""
    return HttpResponse(headers={"HX-Redirect": url}) if is_htmx(request) else HttpResponseRedirect(url)


def page_she_was_on(request) -> str:
    """A path of ours from which this request was made, or nothing."""
    url = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}):
        return ""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class SessionClockMiddleware:
    """Whatever she does by hand begins the fifteen minutes anew. Who comes too late is sent to the log-in page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and self.is_by_hand(request):
            request.session.renew(timezone.now(), at_once=request.path_info == reverse("session_clock"))
        return self.get_response(request)

    def is_by_hand(self, request) -> bool:
        """Not a page that refreshes a piece of itself: its script says so of what a person set off."""
        if request.path_info == reverse("session_clock"):
            return request.method == "POST"
        return not is_htmx(request) or "By-Hand" in request.headers

    def process_view(self, request, view, args, kwargs):
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        request.session.get(SESSION_WAS_READ)
        ran_out_for = request.session.ran_out_for
        if ran_out_for is None and not is_htmx(request):
            return None  # Django's own middleware sends her to the log-in page
        back = request.get_full_path() if request.method == "GET" and not is_htmx(request) else page_she_was_on(request)
        if ran_out_for is not None and not is_htmx(request):  # of a piece, the script brings the whole form
            kept = request.method == "POST" and self.keep(request, ran_out_for)
            back = reverse("form_resume") if kept else back
            messages.info(request, f"{RAN_OUT} {COMES_BACK if kept else ''}".strip())
        return send_to(request, f"{reverse('account_login')}?{urlencode({'next': back or '/'})}")

    def keep(self, request, user_id) -> bool:
        user = User.objects.open_account(user_id) if request.session.may_keep else None
        page = page_she_was_on(request) or request.path
        return user is not None and actions.keep_form(by=user, path=request.path, page=page, typed=request.POST)


SESSION_WAS_READ = "_"  # any key: only the reading matters

# What is open before the second step is set up: setting it up, and leaving.
WHILE_SETTING_UP = {
    "mfa_setup",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_logout",
    "session_clock",
    "session_over",
    "health",
    "privacy",
    "accessibility",
}
# And when she has one that was not shown in this session: showing it, and leaving.
WHILE_NOT_SHOWN = WHILE_SETTING_UP - {"mfa_setup", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}


class SecondFactorMiddleware:
    """A password alone opens nothing but setting up the second step, whatever the address and the method."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.user.is_authenticated or second_factor.was_shown(request):
            return None
        request.second_factor_pending = True  # no menu: it would lead nowhere
        asks_for = "mfa_reauthenticate" if second_factor.has_one(request.user) else "mfa_setup"
        is_open = WHILE_NOT_SHOWN if asks_for == "mfa_reauthenticate" else WHILE_SETTING_UP
        if request.resolver_match.view_name in is_open:
            return None
        if request.method == "GET" and not is_htmx(request):
            request.session[AFTER_SETTING_UP] = request.get_full_path()
        return send_to(request, reverse(asks_for))


class RestoredFormMiddleware:
    """A form that comes back after a log-in is shown and nothing else: what it would change is undone.

    Our forms see the hidden mark and call themselves not valid (`mantelzorg.forms`). A page that is only a button has
    no form to do so; then she presses it again.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method != "POST" or not request.user.is_authenticated or RESTORED not in request.POST:
            return response
        if response.status_code == 200:
            actions.drop_kept_form(by=request.user)
        elif 300 <= response.status_code < 400:
            for _ in messages.get_messages(request):
                pass  # they tell of what does not happen
            transaction.set_rollback(True)
            messages.info(request, "Er is nog niets opgeslagen. Doe het hier nog een keer.")
            return redirect(request.POST[RESTORED] if is_ours(request.POST[RESTORED]) else "vandaag")
        return response


def is_ours(path: str) -> bool:
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, None)

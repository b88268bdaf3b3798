"""Behind the link in the mail, without an account: a code opens it, and then one referral can be read and answered.

To open a link changes nothing and sends nothing: programs that follow the links in a mail get no code. Who opened it is
remembered in the session, for an hour at most, and looked up anew at every request: a link that was revoked opens
nothing any more.
"""

import datetime
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from mantelzorg import principals
from mantelzorg.rate_limit import is_too_often
from mantelzorg.refusal import Refused
from referrals.aftercare import offers as aftercare
from referrals.linked import actions
from referrals.linked.forms import WRONG, LinkCodeForm
from referrals.linked.principal import ByLink
from referrals.models import LinkCode, Referral, ReferralLink
from referrals.together.answers import BY_SLUG as TOGETHER
from referrals.views import answers, offers
from referrals.views.offers import Answer
from trail.actions import record_denied

ASK_AND_DO = ["GET", "HEAD", "POST"]
OPENED = "opened_link"  # the key in the session
BY_SLUG: dict[str, Answer] = {
    "aannemen": offers.ACCEPT,
    "afwijzen": offers.DECLINE,
    "bellen": offers.CALL,
    "contact": offers.CONTACT,
    "niet-bereikt": offers.GIVE_UP,
    "afronden": offers.COMPLETE,
    "toestemming-terug": offers.TAKE_BACK,
    **TOGETHER,
    "vraag": aftercare.ANSWER,
}
SLUG_OF = {answer.name: slug for slug, answer in BY_SLUG.items()}


def behind_a_link(view):
    """With the link of this token. Whatever is wrong with it, the answer is the same page."""

    @wraps(view)
    def wrapper(request: HttpRequest, token: str, **kwargs) -> HttpResponse:
        response = _answer(view, request, token, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapper


def _answer(view, request: HttpRequest, token: str, **kwargs) -> HttpResponse:
    if is_too_often(request, what="referral-links", per_minute=settings.LINK_REQUESTS_PER_MINUTE):
        return render(request, "referrals/linked/wait.html", status=429)
    link = ReferralLink.objects.behind_token(token)
    if link is None or link.revoked_at:
        record_denied(by=None, page=request.resolver_match.view_name)
        return render(request, "referrals/linked/closed.html", status=410)
    if not link.stands(timezone.now()):
        return _over(request, link)
    return view(request, link, **kwargs)


def _over(request: HttpRequest, link: ReferralLink) -> HttpResponse:
    """Its time is over: who asks for a new one gets it by mail, at the address of the old one."""
    if request.method == "POST" and "nieuw" in request.POST:
        actions.renew(link=link, now=timezone.now())
        return render(request, "referrals/linked/renewed.html", {"link": link})
    return render(request, "referrals/linked/over.html", {"link": link}, status=410)


@login_not_required
@require_http_methods(ASK_AND_DO)
@behind_a_link
def by_link(request: HttpRequest, link: ReferralLink) -> HttpResponse:
    """The referral, for who opened it; otherwise how to get in."""
    if request.method == "POST" and "klaar" in request.POST:
        request.session.pop(OPENED, None)
        return render(request, "referrals/linked/left.html")
    if _is_open(request, link):
        return redirect("by_link", link.token) if request.method == "POST" else _page(request, link)
    now = timezone.now()
    if request.method == "POST" and "code" not in request.POST:
        try:
            actions.send_code(link=link, now=now)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, f"De code is onderweg naar {link.masked_to}.")
        return redirect("by_link", link.token)
    form = LinkCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if actions.open_with(link=link, typed=form.cleaned_data["code"], now=now):
            request.session.cycle_key()
            request.session[OPENED] = {"link": str(link.pk), "until": (now + actions.OPEN_FOR).timestamp()}
            return redirect("by_link", link.token)
        form.add_error("code", WRONG)
    waits = LinkCode.objects.open_of(link, now).exists()
    return render(request, "referrals/linked/code.html", {"link": link, "form": form, "waits": waits or form.is_bound})


@login_not_required
@require_http_methods(ASK_AND_DO)
@behind_a_link
def answer_by_link(request: HttpRequest, link: ReferralLink, what: str) -> HttpResponse:
    """One verb, as in the portal; done as the organisation."""
    answer = BY_SLUG.get(what)
    if answer is None or not _is_open(request, link):
        return redirect("by_link", link.token)
    return answers.answer_page(request, answer, LinkDoor(link))


def _is_open(request: HttpRequest, link: ReferralLink) -> bool:
    opened = request.session.get(OPENED)
    if not isinstance(opened, dict) or opened.get("link") != str(link.pk):
        return False
    return timezone.now() < datetime.datetime.fromtimestamp(opened["until"], tz=datetime.UTC)


class LinkDoor(answers.Door):
    """One referral, opened by its link: whoever comes in is the organisation."""

    template, frame = "referrals/linked/referral.html", "bare.html"

    def __init__(self, link: ReferralLink):
        self.link, self.user = link, ByLink.of(link)
        principals.become(principals.link(link.referral_id))  # only now, with the code, the database shows it

    def referral(self) -> Referral:
        return Referral.objects.for_reading().get(pk=self.link.referral_id)

    @property
    def url(self) -> str:
        return reverse("by_link", args=[self.link.token])

    def url_of(self, answer: Answer) -> str:
        return reverse("answer_by_link", args=[self.link.token, SLUG_OF[answer.name]])

    def context(self) -> dict:
        return {"link": self.link}


def _page(request: HttpRequest, link: ReferralLink) -> HttpResponse:
    door = LinkDoor(link)
    return answers.show(request, door, door.referral())

"""Passing on: a new caregiver and her first referral on one page, and a referral of a caregiver we know."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import caregiver_workers_only, found
from intake.models import Caregiver
from intake.views.one_caregiver import log_doubles
from mantelzorg.forms import refuse
from mantelzorg.fragments import render_page, wants_piece
from mantelzorg.refusal import Refused
from referrals import actions
from referrals.forms.passing_on import NewCaregiverForm, PassingOnForm, ReferForm, Step
from referrals.models import Referral
from referrals.sent import Sent
from referrals.transitions import State
from trail.actions import record_access


def _opened(form_class: type[PassingOnForm], request: HttpRequest, **kwargs) -> PassingOnForm:
    """The form as it stands: fresh, as typed so far (to see what fits), or sent in to be checked."""
    kwargs["by"] = request.user
    if request.method != "POST":
        form = form_class(**kwargs)
        if chosen := request.GET.get("aanbod"):
            form.begin_with(chosen)
        return form
    step = Step(request.POST.get("stap"))
    if step is Step.OFFER:
        return form_class.as_typed(request.POST, **kwargs)
    return form_class(request.POST, step=step, **kwargs)


def _done(request: HttpRequest, made, *, referred: bool = True, sent: bool) -> HttpResponse:
    """To what was made: the page after sending, the draft, or her own page. The same for a second arrival."""
    if sent:
        return redirect("referral_sent", made)
    if referred:
        messages.success(request, "Het concept is bewaard. Alleen jij ziet het.")
        return redirect("referral_draft", made)
    messages.success(request, "Haar gegevens zijn bewaard.")
    return redirect("caregiver_detail", made)


def _done_before(request: HttpRequest, made) -> HttpResponse:
    state = Referral.objects.for_user(request.user).state_of(made)
    return _done(request, made, referred=state is not None, sent=state not in (None, State.CONCEPT))


@require_http_methods(["GET", "HEAD", "POST"])
@caregiver_workers_only
def caregiver_new(request: HttpRequest) -> HttpResponse:
    form = _opened(NewCaregiverForm, request)
    if form.is_valid():
        try:
            asked = form.arguments()
            made = actions.record_and_refer(by=request.user, **asked)
            return _done(request, made, referred=asked["details"] is not None, sent=asked["agreement"] is not None)
        except Refused as refusal:
            refuse(form, refusal)
    elif made := form.was_made(verb=actions.CAREGIVER_NEW):  # she is her own double
        return _done_before(request, made)
    log_doubles(request, form.doubles)
    return render_page(request, "referrals/passing_on/caregiver_new.html", {"form": form}, piece="piece")


@require_http_methods(["GET", "HEAD", "POST"])
@caregiver_workers_only
def referral_new(request: HttpRequest, pk) -> HttpResponse:
    caregiver = found(request, Caregiver.objects.for_user(request.user).for_page(), pk)
    form = _opened(ReferForm, request, caregiver=caregiver, need=request.GET.get("vraag", ""))
    if form.is_valid():
        try:
            asked = form.arguments()
            made = actions.refer_known(by=request.user, caregiver=caregiver, **asked)
            return _done(request, made, sent=asked["agreement"] is not None)
        except Refused as refusal:
            refuse(form, refusal)
    elif made := form.was_made(verb=actions.REFERRAL_NEW):  # her needs are on their way already
        return _done_before(request, made)
    return _refer_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@caregiver_workers_only
def referral_draft(request: HttpRequest, pk) -> HttpResponse:
    referral = found(request, Referral.objects.sent_by(request.user).for_page(), pk)
    if referral.state != State.CONCEPT:
        return redirect("referral_sent" if request.method == "POST" else "referral_detail", pk)
    if request.POST.get("stap") == Step.DISCARD:
        return _discarded(request, referral)
    form = _opened(ReferForm, request, caregiver=referral.caregiver, draft=referral)
    if form.is_valid():
        try:
            asked = form.arguments()
            made = actions.go_on(by=request.user, referral=referral, **asked)
            return _done(request, made, sent=asked["agreement"] is not None)
        except Refused as refusal:
            refuse(form, refusal)
    return _refer_page(request, form)


def _discarded(request: HttpRequest, referral: Referral) -> HttpResponse:
    try:
        actions.discard_draft(referral=referral, by=request.user)
        messages.success(request, "Het concept is weggegooid. Haar hulpvraag staat nog open.")
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("caregiver_detail", referral.caregiver_id)


def _refer_page(request: HttpRequest, form: ReferForm) -> HttpResponse:
    caregiver = form.caregiver
    advice = Referral.objects.for_user(request.user).pointed_elsewhere(caregiver)
    if not wants_piece(request):
        record_access(
            by=request.user,
            event="view",
            action="R",
            obj=caregiver,
            subject=caregiver.pk,
            fields=("name", "phone", "needs", "consents", "handover"),
        )
    context = {"form": form, "caregiver": caregiver, "draft": form.draft, "advice": advice}
    return render_page(request, "referrals/passing_on/refer.html", context, piece="piece")


@require_safe
@caregiver_workers_only
def referral_sent(request: HttpRequest, pk) -> HttpResponse:
    referral = found(request, Referral.objects.sent_by(request.user).sent_or_further().for_page(), pk)
    record_access(
        by=request.user,
        event="view",
        action="R",
        obj=referral,
        subject=referral.caregiver_id,
        fields=("name", "number", "needs", "handover"),
        consent=referral.consent_id,
    )
    return render_page(request, "referrals/passing_on/sent.html", {"sent": Sent(referral)})

"""Proposals: somebody of the organisation says what should stand on its card, the consulent says yes or no."""

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mantelzorg.dates import moment_in_words
from mantelzorg.pagination import keyset_page
from mantelzorg.refusal import Refused
from sociale_kaart import permissions
from sociale_kaart.editing import actions as editing
from sociale_kaart.editing import values
from sociale_kaart.editing.forms import DeclineForm, ProposalForm
from sociale_kaart.editing.views import ASK_AND_DO, keeper, not_hers, saved
from sociale_kaart.editing.words import Words
from sociale_kaart.models import Proposal, Service

SALT = "sociale_kaart.proposal"
COLOURS = {"open": "active", "overgenomen": "safe", "afgewezen": "warning", "ingetrokken": "neutral"}


@require_http_methods(ASK_AND_DO)
def proposal_new(request: HttpRequest, slug: str) -> HttpResponse:
    service = Service.objects.for_user(request.user).select_related("organisation").at(slug)
    if service is None or not permissions.may_propose(request.user, service):
        not_hers(request, Service, slug)
    form = ProposalForm(
        request.POST or None,
        about=str(service.pk),
        stands=values.of_service(service),
        organisation_id=service.organisation_id,
    )
    if saved(request, form, lambda: _propose(request, service, form)):
        messages.success(request, "Dank je. De consulent kijkt ernaar. Je krijgt bericht.")
        return redirect("proposal_list")
    context = {"form": form, "service": service, "open": Proposal.objects.of_service(service).open().exists()}
    return render(request, "sociale_kaart/editing/proposal_new.html", context)


def _propose(request: HttpRequest, service: Service, form: ProposalForm) -> None:
    """Only what she changed: what somebody else did meanwhile is not hers to take back."""
    changed = {name: value for name, value in form.mine().items() if value != form.base.get(name)}
    editing.propose(service=service, fields=changed, by=request.user, words=form.cleaned_data["words"])


@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    """For who keeps the card what waits for her; for who proposes, what became of it."""
    if not permissions.keeps_the_directory(request.user) and not request.user.organisation_id:
        not_hers(request)
    rows = Proposal.objects.for_user(request.user).for_list()
    page = keyset_page(request, rows, order=("is_handled", "-made_at", "-pk"), size=20)
    context = {
        "rows": [
            {
                "url": reverse("proposal_detail", args=[proposal.pk]),
                "title": proposal.service.title,
                "organisation": proposal.service.organisation.name,
                "by": editing.who_proposed(proposal),
                "when": moment_in_words(proposal.made_at),
                "state": proposal.get_state_display().capitalize(),
                "colour": COLOURS[proposal.state],
            }
            for proposal in page.rows
        ],
        "page": page,
        "keeps": permissions.keeps_the_directory(request.user),
    }
    return render(request, "sociale_kaart/editing/proposals.html", context)


@require_safe
def proposal_detail(request: HttpRequest, pk) -> HttpResponse:
    return _detail(request, _seen_by(request, pk), DeclineForm())


@require_POST
def proposal_accept(request: HttpRequest, pk) -> HttpResponse:
    proposal = _to_handle(request, pk)
    try:
        editing.accept_proposal(proposal=proposal, by=request.user, seen=_seen(request, proposal))
    except Refused as refusal:
        return _detail(request, _seen_by(request, pk), DeclineForm(), mistake=refusal.sentence)
    taken = (
        "Overgenomen. Het staat nu zo op de kaart." if proposal.fields else "Afgehandeld. De kaart is niet gewijzigd."
    )
    messages.success(request, taken)
    return redirect("proposal_detail", pk)


@require_POST
def proposal_decline(request: HttpRequest, pk) -> HttpResponse:
    proposal = _to_handle(request, pk)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            editing.decline_proposal(proposal=proposal, answer=form.cleaned_data["answer"], by=request.user)
        except Refused as refusal:
            typed = f"{refusal.sentence} Je schreef: “{form.cleaned_data['answer']}”"
            return _detail(request, _seen_by(request, pk), form, mistake=typed)
        else:
            hears = " Wie het voorstelde, krijgt je antwoord." if proposal.by_id else ""
            messages.success(request, f"Niet overgenomen.{hears}")
            return redirect("proposal_detail", pk)
    return _detail(request, _seen_by(request, pk), form)


@require_POST
def proposal_withdraw(request: HttpRequest, pk) -> HttpResponse:
    proposal = _seen_by(request, pk)
    if proposal.by_id != request.user.pk:
        not_hers(request, Proposal, pk)
    try:
        editing.withdraw_proposal(proposal=proposal, by=request.user)
    except Refused as refusal:
        messages.info(request, refusal.sentence)
    else:
        messages.success(request, "Je voorstel is ingetrokken.")
    return redirect("proposal_detail", pk)


# Steps --------------------------------------------------------------------------------------------------------------


def _seen_by(request: HttpRequest, pk) -> Proposal:
    proposal = Proposal.objects.for_user(request.user).with_key(pk)
    if proposal is None:
        not_hers(request, Proposal, pk)
    return proposal


def _to_handle(request: HttpRequest, pk) -> Proposal:
    keeper(request)
    proposal = _seen_by(request, pk)
    if not permissions.may_maintain_service(request.user, proposal.service):
        not_hers(request, Proposal, pk)
    return proposal


def _detail(request: HttpRequest, proposal: Proposal, form: DeclineForm, *, mistake: str = "") -> HttpResponse:
    now = values.of_service(proposal.service) if proposal.is_open else proposal.before
    stands = {name: now.get(name) for name in proposal.fields}
    changed = editing.outdated(proposal, now) if proposal.is_open else []
    words = Words([proposal.before, stands, proposal.fields])
    context = {
        "proposal": proposal,
        "service": proposal.service,
        "by": editing.who_proposed(proposal),
        "when": moment_in_words(proposal.made_at),
        "state": proposal.get_state_display().capitalize(),
        "colour": COLOURS[proposal.state],
        "handled": moment_in_words(proposal.handled_at) if proposal.handled_at else "",
        "sides": words.sides(stands, proposal.fields),
        "changed": [words.label(name) for name in changed],
        "may_handle": proposal.is_open and permissions.may_maintain_service(request.user, proposal.service),
        "may_withdraw": proposal.is_open and proposal.by_id == request.user.pk,
        "seen": signing.dumps(stands, salt=f"{SALT}.{proposal.pk}", compress=True),
        "form": form,
        "mistake": mistake,
    }
    return render(request, "sociale_kaart/editing/proposal_detail.html", context)


def _seen(request: HttpRequest, proposal: Proposal) -> dict:
    try:
        return signing.loads(request.POST.get("seen", ""), salt=f"{SALT}.{proposal.pk}")
    except signing.BadSignature:
        return {}

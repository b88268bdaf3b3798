"""Asking a colleague to become somebody's fixed contact person, and answering that; for one and for many."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import Membership
from accounts.permissions import caregiver_workers_only, found
from intake.handing import actions, reading
from intake.handing.forms import AnswerForm, AskForm, HandOverForm
from intake.models import ContactRequest
from intake.views.one_caregiver import ASK_AND_DO, ask, caregiver_of, typed
from mantelzorg.forms import digest, refuse
from mantelzorg.pagination import AFTER, BEFORE, keyset_page
from mantelzorg.refusal import Refused
from trail.actions import do_once, record_access_to_many

YES, NO, TAKE_BACK = "ja", "nee", "terug"


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def caregiver_contact(request, pk):
    """Who is her fixed contact, whom to ask to become it, and what was asked before."""
    caregiver = caregiver_of(request, pk)
    form = AskForm(typed(request), user=request.user, contact=caregiver.fixed_contact)
    if form.is_valid():
        try:
            made = do_once(
                key=form.cleaned_data["form_key"],
                verb="contact_ask",
                by=request.user,
                digest=digest(form, caregiver.pk),
                do=lambda: actions.ask(caregiver=caregiver, by=request.user, **form.details()).pk,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _asked(request, made))
            return redirect("caregiver_detail", pk)
    read = reading.contact_of(caregiver, request.user, timezone.localdate())
    if form.errors and read.waiting:  # asked meanwhile: there is nothing to mend in what she typed
        messages.warning(request, "Er is intussen al iemand gevraagd. Wacht op het antwoord, of trek die vraag in.")
    context = {"form": form, "read": read}
    return ask(request, "intake/handing/contact.html", caregiver, fields=("fixed_contact",), **context)


def _asked(request, made) -> str:
    asked = _request(request, made)
    if asked.state == ContactRequest.State.ACCEPTED:
        return "Jij bent nu haar vaste aanspreekpunt."
    name = reading.name_of(asked.contact, request.user)
    stays = "blijf jij" if name == "jij" else f"blijft {name}"
    return f"Gevraagd aan {asked.asked_of.user}. Tot er een ja is, {stays} het vaste aanspreekpunt."


def _request(request, pk) -> ContactRequest:
    return found(request, ContactRequest.objects.for_user(request.user).for_page().with_caregiver(), pk)


# Answering ----------------------------------------------------------------------------------------------------------


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def contact_request(request, pk):
    """One request: who was asked says yes or no, who asked can take it back."""
    asked = _request(request, pk)
    wanted = request.POST.get("doe", "")
    form = AnswerForm(request.POST if wanted in VERBS else None)
    if form.is_valid():
        try:
            said = VERBS[wanted](request, asked, form.cleaned_data["note"])
        except actions.AnsweredAlready as before:
            if not _is_what_she_wanted(before.request, wanted, request.user):  # a second press is not told off
                messages.warning(request, before.sentence)
            return redirect("caregiver_detail", asked.caregiver_id)
        except Refused as refusal:
            if actions.may_answer(request.user, asked):
                refuse(form, refusal)
            else:
                messages.warning(request, refusal.sentence)
        else:
            messages.success(request, said)
            return redirect("caregiver_detail", asked.caregiver_id)
    context = {
        "form": form,
        "line": reading.line_of(asked, request.user, timezone.localdate()),
        "along": reading.what_comes_along(asked),
        "more": ContactRequest.objects.for_user(request.user).asked_of(request.user.acting).count() > 1,
    }
    fields = ("fixed_contact", "needs") if context["along"] else ("fixed_contact",)
    return ask(request, "intake/handing/request.html", asked.caregiver, fields=fields, **context)


def _accept(request, asked: ContactRequest, note: str) -> str:
    actions.accept(request=asked, by=request.user, note=note)
    name = reading.name_of(asked.to, request.user)
    return f"{name[:1].upper()}{name[1:]} {'bent' if name == 'jij' else 'is'} nu haar vaste aanspreekpunt."


def _decline(request, asked: ContactRequest, note: str) -> str:
    actions.decline(request=asked, by=request.user, note=note)
    return f"Je zei nee. {asked.asked_by.user} krijgt daar bericht van."


def _take_back(request, asked: ContactRequest, note: str) -> str:
    actions.take_back(request=asked, by=request.user)
    return "De vraag is ingetrokken."


VERBS = {YES: _accept, NO: _decline, TAKE_BACK: _take_back}
BECAME = {
    YES: ContactRequest.State.ACCEPTED,
    NO: ContactRequest.State.DECLINED,
    TAKE_BACK: ContactRequest.State.TAKEN_BACK,
}


def _is_what_she_wanted(answered: ContactRequest, wanted: str, user) -> bool:
    return answered.state == BECAME[wanted] and answered.answered_by_id == user.acting.pk


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def contact_requests(request):
    """All that waits for her answer, to say yes to at once."""
    waiting = ContactRequest.objects.for_user(request.user).asked_of(request.user.acting).for_page().with_caregiver()
    if request.method == "POST":
        chosen = set(request.POST.getlist("welke"))
        requests = [one for one in waiting[: actions.MOST_AT_ONCE] if str(one.pk) in chosen]
        try:
            count = actions.accept_many(requests=requests, by=request.user)
        except Refused as refusal:
            messages.warning(request, refusal.sentence)
        else:
            _say_accepted(request, count)
        return redirect("contact_requests")
    page = keyset_page(request, waiting, order=("asked_at", "pk"), size=25)
    lines = [reading.line_of(one, request.user, timezone.localdate()) for one in page.rows]
    shown = [one.caregiver_id for one in page.rows]
    record_access_to_many(by=request.user, event="search", subjects=shown, fields=("fixed_contact",))
    return render(request, "intake/handing/requests.html", {"lines": lines, "page": page})


def _say_accepted(request, count: int) -> None:
    if count:
        have = "heeft" if count == 1 else "hebben"
        messages.success(request, f"Geregeld: {reading.many(count)} {have} nu een ander vast aanspreekpunt.")
    else:
        messages.warning(request, "Kies eerst bij wie je ja zegt.")


# Many at once -------------------------------------------------------------------------------------------------------


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def hand_over(request, membership_id=None):
    """Of whom somebody is the fixed contact: her own, or those of a colleague who leaves."""
    user = request.user
    team = Membership.objects.for_user(user).with_user()
    contact = found(request, team, membership_id) if membership_id else user.acting
    form = HandOverForm(typed(request), user=user, contact=contact)
    if form.is_valid():
        try:
            _hand_over(request, form, contact)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return redirect(reading.hand_over_address(user, contact))
    read = reading.hand_over_page(user, contact, timezone.now())
    if form.errors and not read.free:
        messages.warning(request, "Er is niemand meer voor wie je iemand kunt vragen.")
        form = HandOverForm(user=user, contact=contact)
    page = keyset_page(request, reading.rows_to_hand_over(user, contact), order=("search_name", "pk"), size=25)
    asked = request.POST if request.method == "POST" else request.GET  # a page with errors is the page she was on
    shown = [row["pk"] for row in page.rows]
    record_access_to_many(by=user, event="search", subjects=shown, filters=("contact",))
    context = {
        "form": form,
        "page": page,
        "lines": reading.rows_in_words(page.rows, form.ticked),
        "read": read,
        "edge": {name: asked[name] for name in (AFTER, BEFORE) if name in asked},
    }
    return render(request, "intake/handing/hand_over.html", context)


def _hand_over(request, form: HandOverForm, contact: Membership) -> None:
    counts = []

    def act():
        counts.append(actions.hand_over(contact=contact, by=request.user, **form.details()))
        return form.cleaned_data["to"].pk

    do_once(
        key=form.cleaned_data["form_key"],
        verb="hand_over",
        by=request.user,
        digest=digest(form, contact.pk),
        do=act,
    )
    to = form.cleaned_data["to"]
    who = "jou" if to.pk == request.user.acting.pk else str(to.user)
    many = f" voor {reading.many(counts[0])}" if counts else ""
    messages.success(request, f"Gevraagd aan {who}{many}. Tot er een ja is, verandert er niets.")

"""The verbs of a referral. Each has one page, which shows its form and takes it: with and without errors, it works
without a script.
"""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import caregiver_workers_only
from mantelzorg.forms import digest, refuse
from mantelzorg.refusal import Refused
from referrals.models import Referral
from referrals.views import offers
from referrals.views.offers import Answer
from referrals.views.one_referral import AccountDoor, Door, look_at, show
from trail.actions import SentBefore, do_once

ASK_AND_DO = ["GET", "HEAD", "POST"]


def page_of(answer: Answer):
    """The view of one verb."""

    @caregiver_workers_only
    @require_http_methods(ASK_AND_DO)
    def view(request, pk):
        return answer_page(request, answer, AccountDoor(request, pk))

    view.__name__ = answer.name
    return view


def answer_page(request, answer: Answer, door: Door):
    referral = door.referral()
    form = answer.form(request.POST if request.method == "POST" else None, referral=referral)
    sentence = answer.why_not(door.user, referral)
    if sentence:
        return _refused(request, answer, door, form, sentence)
    if not form.is_valid():
        return _ask(request, answer, door, referral, form)
    try:
        return _do(request, answer, door, referral, form)
    except SentBefore as refusal:
        refuse(form, refusal)
        return _ask(request, answer, door, referral, form)
    except Refused as refusal:
        if refusal.field not in form.fields:
            return _refused(request, answer, door, form, refusal.sentence)
        form.add_error(refusal.field, refusal.sentence)
        return _ask(request, answer, door, referral, form)


def _ask(request, answer: Answer, door: Door, referral: Referral, form):
    context = {
        "reading": look_at(door.user, referral),
        "form": form,
        "words": answer.words(referral),
        "danger": answer.danger,
        "back_url": door.url,
        "frame": door.frame,
    }
    return render(request, "referrals/answer.html", context)


def _do(request, answer: Answer, door: Door, referral: Referral, form):
    def act():
        return answer.act(referral=referral, by=door.user, **form.arguments()).pk

    if answer.leaves_the_state:
        key, typed = form.cleaned_data["form_key"], digest(form, referral.pk)
        do_once(key=key, verb=answer.name, by=door.user, do=act, digest=typed)
    else:
        act()
    return _done(request, answer, door, referral)


def _done(request, answer: Answer, door: Door, referral: Referral):
    messages.success(request, answer.words(referral)["done"])
    return redirect(door.url)


def _refused(request, answer: Answer, door: Door, form, sentence: str):
    """Somebody was first, or it cannot be done (any more). A second press of the same button is not told off."""
    referral = door.referral()
    if request.method == "POST" and referral.was_last_done(verb=answer.verb, by=door.user):
        return _done(request, answer, door, referral)
    return show(request, door, referral, refusal=sentence, typed=form.typed())


referral_accept = page_of(offers.ACCEPT)
referral_decline = page_of(offers.DECLINE)
referral_log_call = page_of(offers.CALL)
referral_contact = page_of(offers.CONTACT)
referral_give_up = page_of(offers.GIVE_UP)
referral_complete = page_of(offers.COMPLETE)
referral_withdraw = page_of(offers.WITHDRAW)
referral_reopen = page_of(offers.REOPEN)
consent_take_back = page_of(offers.TAKE_BACK)

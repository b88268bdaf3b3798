"""The pages of overlegvragen: the lists, asking one, and the page of one with what can be done there. Each verb has an
address that shows its form and takes it, so it works without a script.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import caregiver_workers_only, found
from mantelzorg.forms import digest, refuse, slug_or_nothing
from mantelzorg.fragments import render_page
from mantelzorg.pagination import keyset_page
from mantelzorg.refusal import Refused
from referrals.models import Question
from referrals.questions import actions, finding, forms
from referrals.questions.lists import QuestionChoice
from referrals.questions.permissions import verbs_for, why_not
from referrals.questions.reading import Line, Reading
from referrals.questions.transitions import QuestionVerb
from trail.actions import SentBefore, do_once, record_access

ASK_AND_DO = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Act:
    """One verb as a page of its own."""

    name: str  # of the address
    verb: QuestionVerb
    form: type
    do: Callable
    title: str
    button: str
    done: str
    explain: str = ""
    danger: bool = False
    on_the_page: bool = False  # its form stands on the page of the question; the others are a link to theirs
    leaves_the_state: bool = False  # so the state cannot tell a second press: its form carries a key


ANSWER = Act(
    "question_answer",
    QuestionVerb.ANSWER,
    forms.AnswerForm,
    actions.answer,
    title="Geef antwoord",
    button="Verstuur je antwoord",
    done="Je antwoord is verstuurd.",
    on_the_page=True,
)
HAND_ON = Act(
    "question_hand_on",
    QuestionVerb.HAND_ON,
    forms.HandOnForm,
    actions.hand_on,
    title="Geef door aan een collega",
    button="Geef door",
    done="De vraag is doorgegeven. Je collega krijgt bericht.",
    leaves_the_state=True,
)
DECLINE = Act(
    "question_decline",
    QuestionVerb.DECLINE,
    forms.DeclineForm,
    actions.decline,
    title="Wij zijn hier niet de juiste voor",
    button="Laat het weten",
    done="Wie het vroeg, krijgt bericht en vraagt het iemand anders.",
)
CLOSE = Act(
    "question_close",
    QuestionVerb.CLOSE,
    forms.NothingForm,
    actions.close,
    title="Dank, ik kan verder",
    button="Dank, ik kan verder",
    done="De overlegvraag is afgerond.",
    on_the_page=True,
)
ASK_ON = Act(
    "question_ask_on",
    QuestionVerb.ASK_ON,
    forms.AskOnForm,
    actions.ask_on,
    title="Vraag verder",
    button="Verstuur je vraag",
    done="Je vraag is verstuurd. Binnen drie werkdagen is er antwoord.",
    on_the_page=True,
)
WITHDRAW = Act(
    "question_withdraw",
    QuestionVerb.WITHDRAW,
    forms.NothingForm,
    actions.withdraw,
    title="Haal de vraag terug",
    button="Haal terug en wis de tekst",
    done="De overlegvraag is teruggehaald. De tekst is gewist.",
    explain="Alles wat hierin geschreven is, wordt gewist: bij jullie en bij de ander. Dit kun je niet ongedaan maken.",
    danger=True,
)
ACTS = (ANSWER, CLOSE, ASK_ON, HAND_ON, DECLINE, WITHDRAW)


@caregiver_workers_only
@require_safe
def question_list(request):
    choice = QuestionChoice.asked(request.GET)
    page = keyset_page(request, choice.rows(request.user).for_list(), order=choice.order)
    today = timezone.localdate()
    lines = [Line(question, request.user, today) for question in page.rows]
    context = {"choice": choice, "lines": lines, "page": page}
    return render_page(request, "referrals/questions/list.html", context, piece="results")


# Asking -------------------------------------------------------------------------------------------------------------


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def question_new(request):
    slug = slug_or_nothing(request.GET.get("aan"))
    organisation = finding.one(request.user, slug) if slug else None
    if organisation is None:
        return _choose(request, slug)
    form = forms.AskForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        organisation=organisation,
        initial={"profession": slug_or_nothing(request.GET.get("beroep"))},
    )
    if request.method == "POST" and form.is_valid():
        try:
            pk = _ask(request, organisation, form)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request, f"Je vraag is verstuurd aan {organisation}. Binnen drie werkdagen is er antwoord."
            )
            return redirect("question_detail", pk)
    if form.is_bound:
        _log_names(request, form)
    return render(request, "referrals/questions/new.html", {"form": form, "organisation": organisation})


def _ask(request, organisation, form):
    def ask():
        return actions.ask(by=request.user, organisation=organisation, now=timezone.now(), **form.arguments()).pk

    key, typed = form.cleaned_data["form_key"], digest(form, organisation.pk)
    return do_once(key=key, verb="question_new", by=request.user, do=ask, digest=typed)


def _choose(request, slug: str):
    """Whom to ask. An address that names somebody who cannot be asked here says so, with how to call them."""
    typed = request.GET.get("q", "").replace("\0", "").strip()[: finding.MOST_TYPED]
    page = keyset_page(request, finding.found(request.user, text=typed), order=("is_far", "name", "id"))
    professions = finding.professions_at([row.pk for row in page.rows])
    context = {
        "typed": typed,
        "rows": [(row, professions.get(row.pk, "")) for row in page.rows],
        "page": page,
        "not_there": finding.named(slug),
        "is_own": bool(slug) and finding.named(slug) == request.user.organisation,
    }
    return render_page(request, "referrals/questions/choose.html", context, piece="results")


def _log_names(request, form) -> None:
    """That a word in a text is the name of somebody here, was found by looking: a search, and logged as one."""
    if form.found:
        record_access(
            by=request.user,
            event="search",
            action="R",
            page="caregiver_list",
            filters=("naam",),
            hit_count=len(form.found),
        )


# One question -------------------------------------------------------------------------------------------------------


@caregiver_workers_only
@require_safe
def question_detail(request, pk):
    return _show(request, _question(request, pk))


def _question(request, pk) -> Question:
    return found(request, Question.objects.for_user(request.user).for_reading(), pk)


def _show(request, question: Question, *, refusal: str = "", typed: list[str] | None = None):
    if refusal:
        messages.error(request, refusal)
    verbs = verbs_for(request.user, question)
    offered = [act for act in ACTS if act.verb in verbs]
    context = {
        "reading": Reading(question, request.user, now=timezone.now()),
        "here": [_offer(request, act, question) for act in offered if act.on_the_page],
        "links": [_link(act, question) for act in offered if not act.on_the_page],
        "typed": typed or [],
    }
    return render(request, "referrals/questions/detail.html", context)


def _offer(request, act: Act, question: Question) -> dict:
    form = act.form(user=request.user, question=question, auto_id=f"{act.verb}_%s")
    return _link(act, question) | {"form": form, "button": act.button, "explain": act.explain}


def _link(act: Act, question: Question) -> dict:
    return {"label": act.title, "url": reverse(act.name, args=[question.pk]), "danger": act.danger}


def page_of(act: Act):
    """The view of one verb."""

    @caregiver_workers_only
    @require_http_methods(ASK_AND_DO)
    def view(request, pk):
        question = _question(request, pk)
        form = act.form(request.POST if request.method == "POST" else None, user=request.user, question=question)
        if sentence := why_not(request.user, act.verb, question):
            return _refused(request, act, pk, form, sentence)
        if request.method != "POST" or not form.is_valid():
            return _fill_in(request, act, question, form)
        try:
            _do(request, act, question, form)
        except SentBefore as refusal:
            refuse(form, refusal)
            return _fill_in(request, act, question, form)
        except Refused as refusal:
            if refusal.field not in form.fields:
                return _refused(request, act, pk, form, refusal.sentence)
            form.add_error(refusal.field, refusal.sentence)
            return _fill_in(request, act, question, form)
        messages.success(request, act.done)
        return redirect("question_detail", pk)

    view.__name__ = act.name
    return view


def _fill_in(request, act: Act, question: Question, form):
    if form.is_bound and getattr(form, "found", None):
        _log_names(request, form)
    reading = Reading(question, request.user, now=timezone.now())
    context = {"reading": reading, "form": form, "act": act, "back_url": reverse("question_detail", args=[question.pk])}
    return render(request, "referrals/questions/act.html", context)


def _do(request, act: Act, question: Question, form) -> None:
    def do():
        return act.do(question=question, by=request.user, now=timezone.now(), **form.arguments()).pk

    if act.leaves_the_state:
        key, typed = form.cleaned_data["form_key"], digest(form, question.pk)
        do_once(key=key, verb=act.name, by=request.user, do=do, digest=typed)
    else:
        do()


def _refused(request, act: Act, pk, form, sentence: str):
    """Somebody was first, or it cannot be done (any more). A second press of the same button is not told off."""
    question = _question(request, pk)
    if request.method == "POST" and question.was_last_done(verb=act.verb, by=request.user, typed=form.typed()):
        messages.success(request, act.done)
        return redirect("question_detail", pk)
    return _show(request, question, refusal=sentence, typed=form.typed())


question_answer = page_of(ANSWER)
question_hand_on = page_of(HAND_ON)
question_decline = page_of(DECLINE)
question_close = page_of(CLOSE)
question_ask_on = page_of(ASK_ON)
question_withdraw = page_of(WITHDRAW)

"""Talks with one caregiver: all of them, a new one, and the page in which is written while you speak."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import caregiver_workers_only, found
from intake.models import Conversation, TimelineEvent
from intake.talking import actions, reading
from intake.talking.forms import ConversationForm, NewConversationForm, NotesForm
from intake.talking.guide import Guide
from intake.views.one_caregiver import ASK_AND_DO, ask, caregiver_of, last_in, look_at, show_part, try_change, typed
from mantelzorg.forms import digest, refuse
from mantelzorg.fragments import render_page, wants_piece
from mantelzorg.pagination import keyset_page
from mantelzorg.refusal import Refused
from trail.actions import do_once

FIELDS = ("conversations",)
OF_A_NOTE = {
    "hulpvraag": (
        actions.need_of_note,
        "De hulpvraag is gemaakt van jouw notitie. Lees haar na: zij kan op haar overzicht en in een verwijzing komen.",
    ),
    "taak": (
        actions.task_of_note,
        "De taak is genoteerd bij wat zij doet. Lees hem na: hij kan op haar overzicht komen.",
    ),
}


@caregiver_workers_only
@require_safe
def talk_list(request, pk):
    caregiver = caregiver_of(request, pk)
    rows = caregiver.conversations.for_page().with_note_count()
    page = keyset_page(request, rows, order=("-held_on", "-created_at", "-pk"))
    context = {"page": page, "lines": [reading.line_of(row) for row in page.rows]}
    return show_part(request, "intake/talking/talk_list.html", caregiver, part="talk_list", fields=FIELDS, **context)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def talk_new(request, pk):
    caregiver = caregiver_of(request, pk)
    form = NewConversationForm(typed(request))
    if form.is_valid():
        try:
            made = do_once(
                key=form.cleaned_data["form_key"],
                verb="begin_conversation",
                by=request.user,
                digest=digest(form, caregiver.pk),
                do=lambda: actions.begin_conversation(caregiver=caregiver, by=request.user, **form.details()).pk,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return redirect("talk_detail", made)
    return ask(request, "intake/talking/talk_new.html", caregiver, fields=(), form=form)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def talk_detail(request, pk):
    """While somebody types it saves by itself; a button, or no script, saves all of it too."""
    conversation = found(request, Conversation.objects.for_user(request.user).for_detail(), pk)
    guide = request.GET.get("langs") if request.GET.get("langs") in Guide.values else Guide.STEPS.value
    notes = reading.notes_of(conversation, request.user)
    subjects = reading.subjects_of(guide, conversation.caregiver, notes)
    form = NotesForm(typed(request), subjects=subjects, notes=notes.mine)
    if form.is_bound and not form.is_restored:
        saved = _save(request, conversation, form)
        if saved is not None and wants_piece(request):
            return _piece(request, conversation, form, saved)
        if saved is not None and form.is_valid() and _make_of_it(request, conversation, form):
            return redirect(f"{reverse('talk_detail', args=[pk])}?langs={_next_guide(request, guide)}")
    context = {
        "conversation": conversation,
        "about": reading.about(conversation),
        "form": form,
        "guide": guide,
        "guides": Guide.choices,
        "talk_parts": reading.parts_of_talk(form, notes),
    }
    return ask(request, "intake/talking/talk_detail.html", conversation.caregiver, fields=FIELDS, **context)


def _save(request, conversation, form):
    """Her notes as they are now; None when nothing could be kept. What is too long waits, the rest is kept."""
    form.is_valid()
    try:
        return actions.write_notes(
            conversation=conversation, by=request.user, window=form.cleaned_data["window"], typed=form.typed()
        )
    except Refused as refusal:
        refuse(form, refusal)
        return None


def _piece(request, conversation, form, saved):
    """That it was saved, and the boxes in which another page of hers wrote too: only then something of her is shown."""
    context = reading.saved_piece(form, saved)
    if context["merged"]:
        look_at(request, conversation.caregiver, *FIELDS)
    return render_page(request, "intake/talking/_saved.html", context, piece="saved")


def _make_of_it(request, conversation, form) -> bool:
    """What the pressed button asks besides saving; False when that was refused."""
    what, _, subject = request.POST.get("doe", "").partition(":")
    if subject not in {one.key for one in form.subjects}:
        what = ""
    make, done = OF_A_NOTE.get(what, (None, "De notities zijn bewaard."))
    try:
        if make:
            make(conversation=conversation, subject=subject, by=request.user)
    except Refused as refusal:
        field = form.key(refusal.field or "")
        form.add_error(field if field in form.fields else None, refusal.sentence)
        return False
    messages.success(request, done)
    return True


def _next_guide(request, guide: str) -> str:
    asked = request.POST.get("langs", guide)
    return asked if asked in Guide.values else guide


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def talk_edit(request, pk):
    conversation = found(request, Conversation.objects.for_user(request.user).for_detail(), pk)
    form = ConversationForm(typed(request), thing=conversation)
    if form.is_valid():
        who = last_in(conversation.caregiver, TimelineEvent.Kind.TALK, request.user)
        form = try_change(request, form, actions.change_conversation, who=who, conversation=conversation)
        if form is None:
            messages.success(request, "Bewaard.")
            return redirect("talk_detail", pk)
    context = {"form": form, "conversation": conversation}
    return ask(request, "intake/talking/talk_edit.html", conversation.caregiver, fields=FIELDS, **context)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def talk_remove(request, pk):
    conversation = found(request, Conversation.objects.for_user(request.user).for_detail(), pk)
    caregiver = conversation.caregiver
    if request.method == "POST":
        try:
            actions.remove_conversation(conversation=conversation, by=request.user)
        except Refused as refusal:
            messages.warning(request, refusal.sentence)
            return redirect("talk_detail", pk)
        messages.success(request, "Het gesprek is weggehaald.")
        return redirect("talk_list", caregiver.pk)
    context = {
        "title": "Gesprek weghalen?",
        "text": "Dat kan zolang er geen notities in staan, bijvoorbeeld als je het per ongeluk begon.",
        "button": "Haal weg",
        "danger": True,
        "back_url": reverse("talk_detail", args=[pk]),
        "back_label": "Terug naar het gesprek",
    }
    return ask(request, "components/confirm.html", caregiver, fields=FIELDS, **context)

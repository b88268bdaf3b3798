"""What holds here: a consulent writes it beside a sheet or a phase, changes it, takes it away."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from knowledge.models import Phase, Profession
from mantelzorg.forms import digest, refuse, slug_or_nothing
from mantelzorg.refusal import Refused
from sociale_kaart import actions, permissions
from sociale_kaart.forms import LocalNoteForm
from sociale_kaart.models import LocalNote, Municipality
from trail.actions import do_once, record_denied

ASK_AND_DO = ["GET", "HEAD", "POST"]
PAGES = {"beroep": (Profession, "profession"), "fase": (Phase, "phase")}


@require_http_methods(ASK_AND_DO)
def local_note_new(request: HttpRequest) -> HttpResponse:
    if not permissions.may_write_notes(request.user):
        record_denied(by=request.user, page="local_note_new")
        raise Http404
    field, about = _asked(request)
    if about is None:
        messages.info(request, "Kies het beroep of de fase. Op die pagina voeg je toe wat hier geldt.")
        return redirect("knowledge")
    form = _form(request, initial=_ended(request))
    if form.is_valid():
        try:
            do_once(
                key=form.cleaned_data["form_key"],
                verb="write_local_note",
                by=request.user,
                digest=digest(form, field, about.pk),
                do=lambda: actions.write_local_note(by=request.user, **{field: about}, **form.details()).pk,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Bewaard. Collega's in deze gemeenten zien je aanvulling meteen.")
            return redirect(_page_of(request, about, form))
    return _ask(request, form, about)


@require_http_methods(ASK_AND_DO)
def local_note_edit(request: HttpRequest, pk) -> HttpResponse:
    note = _hers(request, LocalNote.objects.for_maintainer(request.user), pk)
    newest = note.newest()
    if request.method != "POST" and newest != note and not newest.ended_at:
        return redirect("local_note_edit", newest.pk)
    form = _form(request, initial=_as_typed(note))
    if form.is_valid():
        try:
            do_once(
                key=form.cleaned_data["form_key"],
                verb="change_local_note",
                by=request.user,
                digest=digest(form, note.pk),
                do=lambda: actions.change_local_note(note=note, by=request.user, **form.details()).pk,
            )
        except Refused as refusal:
            refuse(form, refusal)
            note.refresh_from_db()
            newest = note.newest()  # somebody may have saved since this request began
        else:
            messages.success(request, "Bewaard.")
            return redirect(_page_of(request, note.about, form))
    is_hers = permissions.may_write_note_for(request.user, newest.municipalities.all())
    action = ""
    if newest != note and is_hers and not newest.ended_at:
        action = reverse("local_note_edit", args=[newest.pk])  # on top of what she was just shown
    elif newest.ended_at or not is_hers:
        action = f"{reverse('local_note_new')}?{_query_of(note.about)}"
    return _ask(request, form, note.about, note=note, newest=newest, is_hers=is_hers, action=action)


@require_http_methods(ASK_AND_DO)
def local_note_end(request: HttpRequest, pk) -> HttpResponse:
    note = _hers(request, LocalNote.objects.endable_by(request.user), pk)
    if request.method != "POST" and note.ended_at:
        messages.info(request, actions.NoteChanged().sentence)
        return redirect(_address_of(note.about))
    if request.method == "POST":
        try:
            actions.end_local_note(note=note, by=request.user)
        except actions.NoteChanged as changed:
            note.refresh_from_db()
            was_ended_by_her = note.ended_by_id == request.user.pk and note.newest() == note
            refused = "" if was_ended_by_her else changed.sentence  # she clicked twice
        else:
            refused = ""
        if refused:
            messages.info(request, refused)
        else:
            messages.success(request, _ended_now(request, note))
        return redirect(_address_of(note.about))
    context = {
        "title": f"Aanvulling bij {note.about.name} weghalen?",
        "note": note,
        "button": "Haal weg",
        "danger": True,
        "back_url": _address_of(note.about),
        "back_label": note.about.name,
    }
    return render(request, "sociale_kaart/local_note_end.html", context)


def _ended_now(request: HttpRequest, note: LocalNote) -> str:
    """With a way back for who may write it again."""
    if not permissions.may_write_note_for(request.user, note.municipalities.all()):
        return "De aanvulling is weggehaald."
    again = f"{reverse('local_note_new')}?{_query_of(note.about)}&van={note.pk}"
    return format_html('De aanvulling is weggehaald. <a href="{}">Zet haar terug</a>', again)


def _hers(request: HttpRequest, hers, pk) -> LocalNote:
    note = hers.with_key(pk)
    if note is None:
        record_denied(by=request.user, page=request.resolver_match.view_name, model=LocalNote, key=pk)
        raise Http404
    return note


def _asked(request: HttpRequest) -> tuple[str, Profession | Phase | None]:
    """What the note will be about, by the address: ?beroep=poh or ?fase=diagnose."""
    for name, (model, field) in PAGES.items():
        if slug := slug_or_nothing(request.GET.get(name)):
            return field, model.objects.named(slug)
    return "", None


def _ended(request: HttpRequest) -> dict:
    """To put back what was taken away: ?van= and the key of the note."""
    note = LocalNote.objects.for_maintainer(request.user).with_key(request.GET.get("van"))
    return _as_typed(note) if note else {}


def _as_typed(note: LocalNote) -> dict:
    return {"text": note.text, "municipalities": [municipality.pk for municipality in note.municipalities.all()]}


def _form(request: HttpRequest, initial: dict) -> LocalNoteForm:
    municipalities = Municipality.objects.maintained_by(request.user)
    return LocalNoteForm(request.POST or None, initial=initial, municipalities=municipalities)


def _ask(request: HttpRequest, form: LocalNoteForm, about, **context) -> HttpResponse:
    context |= {"form": form, "about": about, "back_url": _address_of(about)}
    return render(request, "sociale_kaart/local_note_form.html", context)


def _query_of(about) -> str:
    return f"{'beroep' if isinstance(about, Profession) else 'fase'}={about.pk}"


def _address_of(about) -> str:
    return reverse("profession_detail" if isinstance(about, Profession) else "phase_detail", args=[about.pk])


def _page_of(request: HttpRequest, about, form: LocalNoteForm) -> str:
    """Where she sees what she wrote: in one of its municipalities, if she does not look there of herself."""
    chosen = form.cleaned_data["municipalities"]
    elsewhere = "" if set(chosen) & set(request.user.area().codes) else f"?gemeente={chosen[0]}"
    return f"{_address_of(about)}{elsewhere}#plaatselijk"

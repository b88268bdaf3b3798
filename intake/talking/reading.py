"""Talks in words: the list of them, and the page in which is written."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone

from intake.models import Caregiver, Conversation, ConversationNote
from intake.talking.forms import NotesForm
from intake.talking.guide import Guide, Subject, sofa_roles, subjects
from mantelzorg.dates import day_in_words, moment_in_words, time_in_words


@dataclass
class Part:
    """One step or theme: what to ask, the box of whoever looks, and what others wrote."""

    subject: Subject
    box: Any
    note_id: Any = None
    need: dict[str, str] = field(default_factory=dict)
    task: dict[str, str] = field(default_factory=dict)
    others: list[dict[str, str]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return bool(self.box.value() or self.others)


def line_of(conversation: Conversation) -> dict[str, Any]:
    count = conversation.note_count
    notes = "1 notitie" if count == 1 else f"{count} notities" if count else "nog geen notities"
    return {
        "url": reverse("talk_detail", args=[conversation.pk]),
        "on": day_in_words(conversation.held_on),
        "by": str(conversation.started_by.user),
        "meta": ", ".join(part for part in (notes, conversation.get_other_present_display()) if part),
    }


def about(conversation: Conversation) -> list[str]:
    """In which way they spoke, as far as somebody said so."""
    role = dict(sofa_roles()).get(conversation.sofa) if conversation.sofa else ""
    present = conversation.get_other_present_display()
    return [text for text in (present[:1].upper() + present[1:], f"Haar rol: {role}" if role else "") if text]


@dataclass
class Notes:
    """All notes of one talk, divided into those of whoever looks and those of others."""

    mine: dict[str, ConversationNote] = field(default_factory=dict)
    others: dict[str, list[ConversationNote]] = field(default_factory=lambda: defaultdict(list))


def notes_of(conversation: Conversation, user) -> Notes:
    """One query."""
    found = Notes()
    for note in conversation.notes.for_page():
        if note.author_id == user.acting.pk:
            found.mine[note.subject] = note
        elif note.text:
            found.others[note.subject].append(note)
    return found


def subjects_of(guide: str, caregiver: Caregiver, notes: Notes) -> list[Subject]:
    """Those of the guide, and of the other one where something was written."""
    asked = subjects(guide, caregiver)
    keys = {subject.key for subject in asked}
    written = {key for key, note in notes.mine.items() if note.text} | set(notes.others)
    if written <= keys:
        return asked
    other = subjects(Guide.STEPS if guide == Guide.THEMES else Guide.THEMES, caregiver)
    return [*asked, *(subject for subject in other if subject.key in written - keys)]


def parts_of_talk(form: NotesForm, notes: Notes) -> list[Part]:
    return [_part(subject, form, notes) for subject in form.subjects]


def _part(subject: Subject, form: NotesForm, notes: Notes) -> Part:
    part = Part(subject=subject, box=form[form.key(subject.key)])
    note = notes.mine.get(subject.key)
    if note is not None:
        part.note_id = note.pk
        if note.need is not None:
            part.need = {"name": note.need.kind_name, "url": reverse("need_edit", args=[note.need_id])}
        if note.task is not None:
            part.task = {"name": note.task.what, "url": reverse("task_edit", args=[note.task_id])}
    part.others = [
        {"by": str(one.author.user), "at": moment_in_words(one.changed_at), "text": one.text}
        for one in notes.others.get(subject.key, [])
    ]
    return part


def saved_piece(form: NotesForm, saved: dict[str, ConversationNote]) -> dict[str, Any]:
    """After saving while she types: the versions as they are now, the boxes that hold more than she typed here because
    another page of hers was open, and what could not be kept.
    """
    again = NotesForm(subjects=form.subjects, notes=saved)
    typed = form.typed()
    merged = []
    for subject in form.subjects:
        key = form.key(subject.key)
        if subject.key in typed and subject.key in saved and saved[subject.key].text != typed[subject.key].text:
            again.fields[key].widget.attrs["data-hx-swap-oob"] = "true"
            merged.append(again[key])
    again.fields["seen"].widget.attrs["data-hx-swap-oob"] = "true"
    return {
        "at": time_in_words(timezone.now()),
        "seen": again["seen"],
        "merged": merged,
        "problems": [(form[key].label, errors) for key, errors in form.errors.items() if key in form.fields],
    }

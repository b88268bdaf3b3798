"""What can be done with a talk: begin one, write in it, say better when it was, make something of a note."""

import datetime
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils import timezone

from intake.actions import add_need, locked_record, note_event, refuse_when_overtaken
from intake.models import Caregiver, Conversation, ConversationNote, Need, Task, TimelineEvent
from intake.plans.actions import add_task
from mantelzorg.dates import day_in_words
from mantelzorg.ids import uuid7
from mantelzorg.refusal import Refused
from mantelzorg.verbs import as_a_whole
from trail.actions import record_access

LONGEST_NOTE = 4000
LONGEST_WORDS = 1000  # of a need
LONGEST_TASK = 200
LOG_AGAIN_AFTER = datetime.timedelta(minutes=10)
GONE = "Dit gesprek is er niet meer."


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in one box of a page, and the imprint of what that page had there when it was saved last."""

    text: str
    seen: str = ""


def imprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""


@as_a_whole
def begin_conversation(
    *, caregiver: Caregiver, by, held_on: datetime.date, other_present: str = "", sofa: str = "", now=None
) -> Conversation:
    caregiver = locked_record(caregiver, by)
    _refuse_future(held_on, now)
    conversation = Conversation.objects.create(
        caregiver=caregiver,
        held_on=held_on,
        other_present=other_present,
        sofa=sofa,
        started_by=by.acting,
        created_at=now or timezone.now(),
    )
    _keep_last_spoken(caregiver)
    _tell(conversation, by, f"Gesprek van {day_in_words(held_on)}.", now)
    record_access(by=by, event="create", action="C", obj=conversation, subject=caregiver.pk, fields=("conversations",))
    return conversation


@as_a_whole
def change_conversation(
    *, conversation: Conversation, by, seen: dict[str, Any] | None = None, now=None, **details
) -> None:
    """Say better on which day it was, who was there and in which role. Raises ChangedMeanwhile."""
    conversation = _locked(conversation, by)
    refuse_when_overtaken(conversation, seen)
    changed = [name for name, value in details.items() if getattr(conversation, name) != value]
    if not changed:
        return
    _refuse_future(details.get("held_on", conversation.held_on), now)
    for name in changed:
        setattr(conversation, name, details[name])
    conversation.save(update_fields=changed)
    if "held_on" in changed:
        _keep_last_spoken(conversation.caregiver)
    _tell(conversation, by, f"Gesprek van {day_in_words(conversation.held_on)}: gegevens gewijzigd.", now)
    _log(conversation, by, "update", "U")


@as_a_whole
def write_notes(
    *, conversation: Conversation, by, window: uuid.UUID, typed: Mapping[str, Typed], now=None
) -> dict[str, ConversationNote]:
    """Save what she typed, by subject, and return her notes as they are now. What did not change is not written.

    Everybody writes in notes of her own. A box that was not touched is left as it is. When another page of hers saved a
    note after this one was opened and she wrote in it here too, the words of both stay. A change is logged once in ten
    minutes, however often it is saved while she types.
    """
    conversation = _locked(conversation, by)
    now = now or timezone.now()
    for subject, box in typed.items():
        if len(box.text) > LONGEST_NOTE:
            raise Refused(f"Een notitie is hoogstens {LONGEST_NOTE} tekens. Maak hem korter.", field=subject)
    mine = {note.subject: note for note in conversation.notes.filter(author=by.acting).select_for_update(of=("self",))}
    for subject, box in typed.items():
        note = mine.get(subject)
        if imprint(box.text) == box.seen:
            continue
        if note is None:
            if box.text:
                mine[subject] = _first_note(conversation, by, window, subject, box.text, now)
            continue
        is_ours = note.window == window or imprint(note.text) == box.seen
        text = box.text if is_ours else both(note.text, box.text)
        if text != note.text:
            # the words of both are of no page, until one says that it shows them
            _rewrite(note, text, window if is_ours else uuid7(), by, now)
    return mine


def both(kept: str, typed: str) -> str:
    """The words of both, each line once and what goes on from it in its place: what is kept first."""
    if typed in kept:
        return kept
    if kept in typed:
        return typed
    new = typed.split("\n")
    lines = [line for line in kept.split("\n") if line in new or not any(other.startswith(line) for other in new)]
    return "\n".join([*lines, *(line for line in new if line not in lines)])


@as_a_whole
def need_of_note(*, conversation: Conversation, subject: str, by, now=None) -> Need:
    """Make a need of what she wrote down herself at this subject, in those words; of one note no more than one."""
    note = _own_note(conversation, subject, by, most=LONGEST_WORDS)
    if note.need is None:
        note.need = add_need(caregiver=note.conversation.caregiver, by=by, words=note.text, now=now)
        note.save(update_fields=["need"])
    return note.need


@as_a_whole
def task_of_note(*, conversation: Conversation, subject: str, by, now=None) -> Task:
    """Make a task of hers of what was written down at this subject; of one note no more than one."""
    note = _own_note(conversation, subject, by, most=LONGEST_TASK)
    if note.task is None:
        what = " ".join(note.text.split())
        note.task = add_task(caregiver=note.conversation.caregiver, by=by, what=what, now=now)
        note.save(update_fields=["task"])
    return note.task


def _own_note(conversation: Conversation, subject: str, by, *, most: int) -> ConversationNote:
    """Her own note, locked, with words in it and no more of them than the other thing can hold."""
    conversation = _locked(conversation, by)
    mine = conversation.notes.filter(author=by.acting, subject=subject)
    note = mine.select_for_update(of=("self",)).select_related("need", "task").first()
    if note is None or not note.text:
        raise Refused("Schrijf hier eerst iets op.", field=subject)
    if len(note.text) > most:
        raise Refused(
            f"Dat kan met hoogstens {most} tekens. Maak de notitie korter, of noteer het zelf.", field=subject
        )
    note.conversation = conversation
    return note


@as_a_whole
def remove_conversation(*, conversation: Conversation, by, now=None) -> None:
    """Take away a talk that was begun by mistake. One in which somebody wrote stays."""
    conversation = _locked(conversation, by)
    if conversation.notes.exclude(text="").exists():
        raise Refused("In dit gesprek staan notities. Haal die eerst weg.")
    caregiver, day = conversation.caregiver, conversation.held_on
    _log(conversation, by, "delete", "D")
    conversation.delete()
    _keep_last_spoken(caregiver)
    text = f"Gesprek van {day_in_words(day)} weggehaald: per ongeluk begonnen."
    note_event(caregiver_id=caregiver.pk, by=by, kind=TimelineEvent.Kind.TALK, text=text, now=now)


def _first_note(conversation, by, window, subject: str, text: str, now) -> ConversationNote:
    note = ConversationNote.objects.create(
        caregiver=conversation.caregiver,
        conversation=conversation,
        author=by.acting,
        subject=subject,
        text=text,
        window=window,
        changed_at=now,
        logged_at=now,
    )
    _log(note, by, "create", "C")
    return note


def _rewrite(note: ConversationNote, text: str, window, by, now) -> None:
    note.text = text
    note.window = window
    note.changed_at = now
    if now - note.logged_at >= LOG_AGAIN_AFTER:
        note.logged_at = now
        _log(note, by, "update", "U")
    note.save(update_fields=["text", "window", "changed_at", "logged_at"])


def _refuse_future(day: datetime.date, now) -> None:
    if day > timezone.localdate(now):
        raise Refused("Deze dag moet nog komen. Kies vandaag of een eerdere dag.", field="held_on")


def _locked(conversation: Conversation, by) -> Conversation:
    caregiver = locked_record(conversation.caregiver, by)
    found = Conversation.objects.select_for_update(of=("self",)).filter(pk=conversation.pk).first()
    if found is None:
        raise Refused(GONE)
    found.caregiver = caregiver
    return found


def _keep_last_spoken(caregiver: Caregiver) -> None:
    """The day of her last talk, by which is found who was not spoken to for long."""
    caregiver.last_spoken_on = caregiver.conversations.aggregate(last=Max("held_on"))["last"]
    caregiver.save(update_fields=["last_spoken_on"])


def _tell(conversation: Conversation, by, text: str, now) -> None:
    note_event(caregiver_id=conversation.caregiver_id, by=by, kind=TimelineEvent.Kind.TALK, text=text, now=now)


def _log(thing, by, event: str, action: str) -> None:
    record_access(by=by, event=event, action=action, obj=thing, subject=thing.caregiver_id, fields=("conversations",))

"""Writing the trail: the access log, the outbox and the handled forms. Called by every other room."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from trail.middleware import current_request
from trail.models import AccessLogEntry, HandledForm, Heartbeat, OutboxMessage

POLICY_VERSION = "2026-11"


def record_access(
    *,
    by,
    event: str,
    action: str,
    obj=None,
    subject: uuid.UUID | None = None,
    outcome: str = AccessLogEntry.Outcome.OK,
    relation: str = "owner",
    fields: tuple[str, ...] = (),
    filters: tuple[str, ...] = (),
    hit_count: int | None = None,
    consent: uuid.UUID | None = None,
    purpose: str = "",
) -> None:
    """Add one row to the access log, for the person `by` acting for her organisation of this moment.

    `by` is a user, or None for somebody unknown (a failed log-in). `subject` is the caregiver's id. `fields` and
    `filters` are names, never values. It joins the caller's transaction: no row, no look.
    """
    _entry(
        by=by,
        event=event,
        action=action,
        obj=obj,
        subject=subject,
        outcome=outcome,
        relation=relation,
        fields=fields,
        filters=filters,
        hit_count=hit_count,
        consent=consent,
        purpose=purpose,
    ).save(force_insert=True)


def _entry(
    *,
    by,
    event: str,
    action: str,
    obj=None,
    subject: uuid.UUID | None = None,
    outcome: str = AccessLogEntry.Outcome.OK,
    relation: str = "owner",
    fields: tuple[str, ...] = (),
    filters: tuple[str, ...] = (),
    hit_count: int | None = None,
    consent: uuid.UUID | None = None,
    purpose: str = "",
) -> AccessLogEntry:
    facts = current_request.get()
    acting = getattr(by, "acting", None)
    return AccessLogEntry(
        event=event,
        action=action,
        outcome=outcome,
        request_id=facts.request_id,
        user_id=by.pk if by is not None else None,
        on_behalf_of=acting.organisation_id if acting else None,
        role=",".join(acting.roles) if acting else "",
        organisation_id=acting.organisation_id if acting else None,
        purpose=purpose,
        ip=facts.ip,
        session_hash=facts.session_hash,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        subject_id=subject,
        fields=list(fields),
        filters=list(filters),
        hit_count=hit_count,
        policy_version=POLICY_VERSION,
        relation=relation if subject else "",
        consent_id=consent,
    )


def enqueue_mail(
    *,
    template: str,
    to: str,
    context: dict[str, Any],
    about=None,
    subject: uuid.UUID | None = None,
    organisation: uuid.UUID | None = None,
) -> OutboxMessage:
    """Put a mail in the outbox; the worker sends it after this transaction commits. No personal data in `context`."""
    return OutboxMessage.objects.create(
        template=template,
        to=to,
        context=context,
        about_type=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        subject_id=subject,
        organisation_id=organisation,
    )


def claim_once(*, key: uuid.UUID, verb: str, by) -> tuple[bool, uuid.UUID | None]:
    """Claim a form's hidden key. Returns (first, result): not first means it was handled, with that result.

    Two arrivals at once: the second waits for the first to commit, then is told the result. Keys are the person's own:
    somebody else's key counts as new under another identity and fails on the primary key, never showing a result.
    """
    claimed = HandledForm.objects.bulk_create([HandledForm(key=key, verb=verb, user_id=by.pk)], ignore_conflicts=True)
    del claimed  # ignore_conflicts does not tell whether the row is ours; the stored row does
    row = HandledForm.objects.select_for_update().get(key=key)
    mine = row.user_id == by.pk and row.verb == verb
    if not mine:
        raise ValueError("This form key belongs to another form.")
    return row.result_id is None, row.result_id


def settle_once(*, key: uuid.UUID, result: uuid.UUID) -> None:
    HandledForm.objects.filter(key=key).update(result_id=result)


@transaction.atomic
def beat(*, name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def drop_mail_about(*, subject: uuid.UUID) -> None:
    """Mail about her that has not gone out yet will not go out."""
    OutboxMessage.objects.filter(subject_id=subject, sent_at=None).delete()


def unlink_mail_about(*, subject: uuid.UUID) -> None:
    """What is left in the outbox no longer points at her."""
    OutboxMessage.objects.filter(subject_id=subject).update(subject_id=None)


def record_access_to_many(*, by, event: str, subjects: Iterable[uuid.UUID], filters: tuple[str, ...] = ()) -> None:
    """A list was shown: one row for each caregiver on it, in one statement."""
    subjects = list(subjects)
    AccessLogEntry.objects.bulk_create(
        _entry(by=by, event=event, action="R", subject=subject, filters=filters, hit_count=len(subjects))
        for subject in subjects
    )

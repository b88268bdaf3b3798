"""Writing the trail: the access log, the outbox and the handled forms. Called by every other room."""

import datetime
import logging
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError, transaction

from mantelzorg.refusal import Refused
from trail.mail import compose
from trail.middleware import current_request
from trail.models import AccessLogEntry, HandledForm, Heartbeat, OutboxMessage

logger = logging.getLogger(__name__)

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


class ForeignFormKey(SuspiciousOperation):
    """The hidden key of a form came back with another form, or from somebody else: answered with 400."""


class SentBefore(Refused):
    """The hidden key of a form that was handled came back with something else typed: after "back" in the browser."""

    def __init__(self):
        super().__init__("Dit formulier was al verstuurd. Kijk na wat je typte en verstuur het opnieuw.")


def claim_once(*, key: uuid.UUID, verb: str, by, digest: str = "") -> tuple[bool, uuid.UUID | None]:
    """Claim a form's hidden key. Returns (first, result): not first means it was handled, with that result.

    Two arrivals at once: the second waits for the first to commit, then is told the result. A form that was claimed but
    not settled (its input was refused) may be sent in again. A key belongs to one person and one form: anyone else's
    arrival is refused and sees no result. With the `digest` of what was typed (`mantelzorg.forms.digest`) the result is
    only told to who sends the same again; other words are refused, and need a new key.
    """
    HandledForm.objects.bulk_create(
        [HandledForm(key=key, verb=verb, user_id=by.pk, digest=digest)], ignore_conflicts=True
    )
    row = HandledForm.objects.select_for_update().get(key=key)
    if (row.user_id, row.verb) != (by.pk, verb):
        raise ForeignFormKey(f"The key of a form for {row.verb} came back for {verb}.")
    if row.digest != digest and digest:
        if row.result_id is not None:
            raise SentBefore
        row.digest = digest  # what was refused the first time may be mended
        row.save(update_fields=["digest"])
    return row.result_id is None, row.result_id


def settle_once(*, key: uuid.UUID, result: uuid.UUID) -> None:
    HandledForm.objects.filter(key=key).update(result_id=result)


def do_once(*, key: uuid.UUID, verb: str, by, do: Callable[[], uuid.UUID], digest: str = "") -> uuid.UUID:
    """What `do` made, the first time this form arrives; at every later arrival the same answer, and nothing is done."""
    first, result = claim_once(key=key, verb=verb, by=by, digest=digest)
    if first:
        result = do()
        settle_once(key=key, result=result)
    return result


@transaction.atomic
def send_next(*, now: datetime.datetime) -> OutboxMessage | None:
    """Send the next mail that is due, if there is one, and return it.

    Its row stays locked until it is known how the sending went. A worker that is killed before that leaves the row as
    it was, so the mail is sent by the next one: never lost, at worst sent twice, with the same Message-ID.
    """
    message = OutboxMessage.objects.take_next(now)
    if message is None:
        return None
    try:
        with transaction.atomic():  # what composing reads may go wrong without taking the note of it along
            mail = compose(message)
        mail.send()
    except (OperationalError, InterfaceError):
        raise  # says nothing about the mail: try again when the database is back
    except Exception as error:
        message.note_failure(error, now)
        level = logging.WARNING if message.failed_at is None else logging.ERROR
        logger.log(level, "Mail %s was not sent (attempt %s): %s", message, message.attempts, message.last_error)
    else:
        message.note_sent(now)
    message.save(update_fields=["attempts", "last_error", "next_try_at", "sent_at", "failed_at"])
    return message


@transaction.atomic
def forget_old(*, now: datetime.datetime) -> int:
    """Mail and form keys that are older than we keep them. Returns how many rows went."""
    mails, _ = OutboxMessage.objects.forgettable(now).delete()
    forms, _ = HandledForm.objects.forgettable(now).delete()
    return mails + forms


def beat(*, name: str, now: datetime.datetime) -> None:
    Heartbeat.objects.beat(name, now)


def drop_mail_about(*, subject: uuid.UUID) -> None:
    """Mail about her that has not gone out yet will not go out."""
    OutboxMessage.objects.filter(subject_id=subject, sent_at=None).delete()


def unlink_mail_about(*, subject: uuid.UUID) -> None:
    """What is left in the outbox no longer points at her."""
    OutboxMessage.objects.filter(subject_id=subject).update(subject_id=None)


def record_access_to_many(
    *,
    by,
    event: str,
    subjects: Iterable[uuid.UUID],
    by_referral: Iterable[uuid.UUID] = (),
    filters: tuple[str, ...] = (),
) -> None:
    """A list was shown: one row for each caregiver on it, in one statement.

    `subjects` are of her own organisation; those `by_referral` she saw because they were referred to it.
    """
    shown = [*((pk, "owner") for pk in subjects), *((pk, "referral") for pk in by_referral)]
    AccessLogEntry.objects.bulk_create(
        _entry(
            by=by,
            event=event,
            action="R",
            subject=subject,
            relation=relation,
            filters=filters,
            hit_count=len(shown),
        )
        for subject, relation in shown
    )

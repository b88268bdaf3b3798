"""Writing the trail: the access log, the outbox and the handled forms. Called by every other room."""

import datetime
import logging
import uuid
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from mantelzorg import principals
from mantelzorg.one_by_one import one_by_one
from mantelzorg.refusal import Refused
from mantelzorg.rights.policies import POLICY_VERSION
from mantelzorg.working_days import is_working_day
from trail import access_log, digests, words
from trail.access_log import current_request
from trail.mail import compose
from trail.models import AccessLogEntry, HandledForm, Heartbeat, LogReview, OutboxMessage

logger = logging.getLogger(__name__)


def record_access(
    *,
    by,
    event: str,
    action: str,
    obj=None,
    page: str = "",
    subject: uuid.UUID | None = None,
    outcome: str = AccessLogEntry.Outcome.OK,
    relation: str = "owner",
    fields: Iterable[str] = (),
    filters: Iterable[str] = (),
    hit_count: int | None = None,
    consent: uuid.UUID | None = None,
    purpose: str = "",
    organisation: uuid.UUID | None = None,
) -> None:
    """Add one row to the access log, for the person `by` acting for her organisation of this moment.

    `by` is a user, or None for somebody unknown (a failed log-in) and for the clock, which says for which
    `organisation` it acts. `subject` is the caregiver's id.
    `event`, `fields` and `filters` are words of trail/words.py, never values. `obj` is what it was about, or `page` the
    name of an address. Without a `purpose` it is what the relation to her is for. It joins the caller's transaction: no
    row, no look.
    """
    _log(
        [(subject, relation if subject else "")],
        by=by,
        event=event,
        action=action,
        outcome=outcome,
        thing=(obj._meta.label_lower, str(obj.pk)) if obj is not None else (words.PAGE if page else "", page),
        fields=fields,
        filters=filters,
        hit_count=hit_count,
        consent=consent,
        purpose=purpose,
        organisation=organisation,
    )


def record_access_to_many(
    *,
    by,
    event: str,
    subjects: Iterable[uuid.UUID],
    by_referral: Iterable[uuid.UUID] = (),
    by_meeting: Iterable[uuid.UUID] = (),
    fields: Iterable[str] = (),
    filters: Iterable[str] = (),
) -> None:
    """A list was shown: one row for each caregiver on it, in one statement.

    `subjects` are of her own organisation; those `by_referral` she saw because they were referred to it, those
    `by_meeting` because she is invited to talk about what helps them.
    """
    shown = [
        *((pk, "owner") for pk in subjects),
        *((pk, "referral") for pk in by_referral),
        *((pk, "meeting") for pk in by_meeting),
    ]
    if shown:
        _log(shown, by=by, event=event, action="R", fields=fields, filters=filters, hit_count=len(shown))


def record_denied(*, by, page: str, model=None, key="") -> None:
    """She asked for what is not hers, or is not there. `model` and `key` say what, `page` where if there is no thing.

    The row stays, also when the rest of the request is undone.
    """
    thing = (model._meta.label_lower, str(key)[:60]) if model is not None else (words.PAGE, page[:60])
    _log([(None, "")], by=by, event=words.Event.DENIED, action="R", outcome=AccessLogEntry.Outcome.DENIED, thing=thing)


def record_error(*, by, page: str) -> None:
    """What she did was undone by an error of ours."""
    error = AccessLogEntry.Outcome.ERROR
    _log([(None, "")], by=by, event=words.Event.ERROR, action="E", outcome=error, thing=(words.PAGE, page[:60]))


def _log(
    shown: list[tuple[uuid.UUID | None, str]],
    *,
    by,
    event: str,
    action: str,
    outcome: str = AccessLogEntry.Outcome.OK,
    thing: tuple[str, str] = ("", ""),
    fields: Iterable[str] = (),
    filters: Iterable[str] = (),
    hit_count: int | None = None,
    consent: uuid.UUID | None = None,
    purpose: str = "",
    organisation: uuid.UUID | None = None,
) -> None:
    """A row for each subject that was `shown`, with by which relation."""
    facts = current_request.get()
    acting = getattr(by, "acting", None)
    values = {
        "event": words.event_of(event),
        "action": str(action),
        "outcome": str(outcome),
        "request_id": facts.request_id,
        "user_id": by.pk if getattr(by, "is_account", True) and by is not None else None,
        "organisation_id": acting.organisation_id if acting else getattr(by, "organisation_id", None) or organisation,
        "role": ",".join(acting.roles) if acting else "",
        "purpose": purpose,
        "ip": facts.ip,
        "session_hash": facts.session_hash,
        "object_type": thing[0],
        "object_id": thing[1],
        "fields": words.fields_of(fields),
        "filters": words.filters_of(filters),
        "hit_count": hit_count,
        "policy_version": POLICY_VERSION,
        "consent_id": consent,
        "subjects": [subject for subject, _ in shown],
        "relations": [relation for _, relation in shown],
        "purposes": [words.PURPOSES.get(relation, "") for _, relation in shown],
    }
    if outcome == AccessLogEntry.Outcome.DENIED and facts.request_id is not None:
        facts.aftermath.refusals.append(values)
    access_log.write(values)


def enqueue_mail(
    *,
    template: str,
    to: str,
    context: dict[str, Any],
    about=None,
    subject: uuid.UUID | None = None,
    organisation: uuid.UUID | None = None,
    for_digest: bool = False,
    now: datetime.datetime | None = None,
) -> OutboxMessage:
    """Put a mail in the outbox; the worker sends it after this transaction commits. No personal data in `context`.

    `for_digest`: for somebody who wants one mail a day, see `send_digests`; its context has a line, number and path.
    """
    now = now or timezone.now()
    return OutboxMessage.objects.create(
        template=template,
        to=to,
        context=context,
        about_type=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        subject_id=subject,
        organisation_id=organisation,
        for_digest=for_digest,
        created_at=now,
        next_try_at=now,
    )


class ForeignFormKey(SuspiciousOperation):
    """The hidden key of a form came back with another form, or from somebody else: answered with 400."""


class SentBefore(Refused):
    """The hidden key of a form that was handled came back with something else typed: after "back" in the browser."""

    def __init__(self):
        super().__init__("Dit formulier was al verstuurd. Kijk na wat je typte en verstuur het opnieuw.")


CLAIM = """
    INSERT INTO trail_handledform (key, verb, user_id, digest) VALUES (%s, %s, %s, %s)
    ON CONFLICT DO NOTHING RETURNING key
"""


def claim_once(*, key: uuid.UUID, verb: str, by, digest: str = "") -> tuple[bool, uuid.UUID | None]:
    """Claim a form's hidden key. Returns (first, result): not first means it was handled, with that result.

    Two arrivals at once: the second waits for the first to commit, then is told the result. A form that was claimed but
    not settled (its input was refused) may be sent in again. A key belongs to one person and one form: anyone else's
    arrival is refused and sees no result. With the `digest` of what was typed (`mantelzorg.forms.digest`) the result is
    only told to who sends the same again; other words are refused, and need a new key.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [key, verb, by.pk, digest])
        if cursor.fetchone():
            return True, None
    row = HandledForm.objects.select_for_update().get(key=key)
    if (row.user_id, row.verb) != (by.pk, verb):
        raise ForeignFormKey(f"The key of a form for {row.verb} came back for {verb}.")
    if row.digest != digest and digest:
        if row.result_id is not None:
            raise SentBefore
        row.digest = digest  # what was refused the first time may be mended
        row.save(update_fields=["digest"])
    return row.result_id is None, row.result_id


def made_before(*, key: uuid.UUID, verb: str, by, digest: str) -> uuid.UUID | None:
    """What this person's form made when it arrived earlier, exactly as it is now."""
    return HandledForm.objects.result_of(key=key, verb=verb, user_id=by.pk, digest=digest)


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


DIGEST_HOUR = 7
DIGEST_LINES = 20  # the rest is a number: it stands in the portal


def send_digests(*, now: datetime.datetime) -> int:
    """On working days from seven o'clock: what was held for one address since, in one mail. Returns how many mails.

    Each address is a transaction of its own, in which the news goes up in the mail: told once, whatever happens.
    """
    seven = timezone.localtime(now).replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if now < seven or not is_working_day(seven.date()):
        return 0
    with principals.acting(principals.job("mail")):
        waiting = OutboxMessage.objects.of_digests(before=seven).order_by("to").values_list("to", flat=True).distinct()
        addresses = list(waiting)
    return one_by_one(partial(_send_digest, address, before=seven, now=now) for address in addresses)


@transaction.atomic
def _send_digest(address: str, *, before: datetime.datetime, now: datetime.datetime) -> bool:
    with principals.acting(principals.job("mail")):
        held = OutboxMessage.objects.of_digests(before=before).filter(to=address).order_by("created_at", "pk")
        news = list(held.select_for_update(skip_locked=True))
        if not news:
            return False
        shown, more = news[:DIGEST_LINES], len(news) - DIGEST_LINES
        enqueue_mail(
            template="daily_digest",
            to=address,
            context={
                "news": [message.context for message in shown],
                "count": len(news),
                "more": max(more, 0),
                "about": [str(message.about_id) for message in news if message.about_id],
            },
            now=now,
        )
        OutboxMessage.objects.filter(pk__in=[message.pk for message in news]).delete()
    return True


@transaction.atomic
def note_returned_mail(*, message_id: uuid.UUID, reason: str, now: datetime.datetime) -> bool:
    """A mail of ours came back for good. Returns whether we had sent it and did not know."""
    with principals.acting(principals.job("mail")):
        message = OutboxMessage.objects.with_message_id(message_id)
        if message is None or message.sent_at is None:
            return False
        message.note_return(reason, now)
        message.save(update_fields=["sent_at", "failed_at", "last_error"])
    return True


@transaction.atomic
def forget_old(*, now: datetime.datetime) -> int:
    """Mail and form keys that are older than we keep them. Returns how many rows went."""
    with principals.acting(principals.job("klok")):
        mails, _ = OutboxMessage.objects.forgettable(now).delete()
    forms, _ = HandledForm.objects.forgettable(now).delete()
    return mails + forms


# The log itself ------------------------------------------------------------------------------------------------------


@transaction.atomic
def tend_log(*, now: datetime.datetime) -> tuple[int, int]:
    """Make the months that come and drop those of more than five years ago. Returns how many of each. Safe to repeat.

    The application owns no table: functions of the owner do it (migration 0002), one caller at a time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT trail_make_log_months(), trail_drop_old_log()")
        return cursor.fetchone()


def digest_log(*, now: datetime.datetime) -> list[digests.Digest]:
    """Write the digests that are missing; one process at a time, another one writes nothing."""
    with principals.acting(principals.job("logboek")), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('digest_log'))")
        return digests.write_missing(now) if cursor.fetchone()[0] else []


def verify_log(*, now: datetime.datetime) -> tuple[int, list[digests.Finding]]:
    """How many days were compared, and what is wrong."""
    with principals.acting(principals.job("logboek")):
        return digests.verify(now)


def sign_log_week(*, by, week: datetime.date, own_looks: int, remark: str) -> LogReview:
    """Sign for a week that is over. Who may, and whether one signature is enough, is for `accounts` to say."""
    review = LogReview(organisation_id=by.organisation_id, week=week, user_id=by.pk, own_looks=own_looks, remark=remark)
    review.save(force_insert=True)
    record_access(by=by, event="log_review", action="C", obj=review, filters=("week",))
    return review


# Mail and forms ------------------------------------------------------------------------------------------------------


def beat(*, name: str, now: datetime.datetime) -> None:
    Heartbeat.objects.beat(name, now)


def has_beaten(*, name: str, since: datetime.datetime) -> bool:
    """For what is done once in a while: whether it was, from that moment on."""
    return Heartbeat.objects.filter(name=name, at__gte=since).exists()


def _failed(message_id: uuid.UUID) -> OutboxMessage:
    message = OutboxMessage.objects.failed().select_for_update().filter(pk=message_id).first()
    if message is None:
        raise Refused("Deze mail stond al weer klaar, of was al weggegooid.")
    return message


@transaction.atomic
def retry_mail(*, message_id: uuid.UUID, by) -> None:
    """Send a mail that had failed once more, from the beginning.

    The row is taken out and put back: who may see failed mail, may not see mail that waits.
    """
    message = _failed(message_id)
    record_access(by=by, event="update", action="U", obj=message)
    message.delete()
    OutboxMessage.objects.create(
        id=message_id,
        template=message.template,
        to=message.to,
        context=message.context,
        about_type=message.about_type,
        about_id=message.about_id,
        subject_id=message.subject_id,
        organisation_id=message.organisation_id,
        created_at=message.created_at,
    )


@transaction.atomic
def drop_mail(*, message_id: uuid.UUID, by) -> None:
    """Give up on a mail that had failed."""
    message = _failed(message_id)
    record_access(by=by, event="delete", action="D", obj=message)
    message.delete()


def drop_mail_about(*, subject: uuid.UUID) -> None:
    """Mail about her that has not gone out yet will not go out."""
    OutboxMessage.objects.filter(subject_id=subject, sent_at=None).delete()


def unlink_mail_about(*, subject: uuid.UUID) -> None:
    """What is left in the outbox no longer points at her."""
    OutboxMessage.objects.filter(subject_id=subject).update(subject_id=None)

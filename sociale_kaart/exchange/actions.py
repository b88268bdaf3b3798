"""What somebody can do with a file: bring it in, agree, stop, undo. The worker does the work (jobs.py)."""

import datetime
import hashlib

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from mantelzorg.refusal import Refused
from sociale_kaart.exchange import permissions, reading
from sociale_kaart.models import Import, ImportFile

State = Import.State
MOST_AT_ONCE = 5  # files of one person that wait


@transaction.atomic
def start_import(*, by, file_name: str, content: bytes, source: str = "") -> Import:
    """Take in a file, to be read by the worker. What cannot be one of ours is refused at once (Unreadable)."""
    if not permissions.may_exchange(by):
        raise PermissionDenied
    kind = reading.format_of(content)
    if Import.objects.filter(by=by.pk, state__in=[*Import.TO_DO, State.READY]).count() >= MOST_AT_ONCE:
        raise Refused("Er wachten al vijf bestanden van jou. Verwerk die eerst, of stop ermee.")
    name = "".join(character for character in file_name if character.isprintable())
    job = Import.objects.create(
        by_id=by.pk,
        acting=by.acting.pk if by.acting else None,
        file_name=name[-200:] or "bestand",
        source=_source(by, source),
        format=kind,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
    )
    ImportFile.objects.create(job=job, content=content)
    return job


def _source(by, source: str) -> str:
    """Numbers of one source mean something within an organisation: another one's number 1 is another service."""
    return f"{by.organisation_id or 'beheer'}/{' '.join(source.split()).casefold()[:60]}"


def confirm_import(*, job: Import, by, now: datetime.datetime | None = None) -> None:
    """Do what the preview says. Nothing else: what changed here since, makes a new preview."""
    _ask(job, by, State.READY, State.CONFIRMED, now, "Dit bestand wacht niet op akkoord.")


@transaction.atomic
def cancel_import(*, job: Import, by, now: datetime.datetime | None = None) -> None:
    """She thinks better of it: nothing was changed, and the file goes."""
    if job.state == State.WAITING:
        _ask(job, by, State.WAITING, State.CANCELLED, now, "")
    else:
        _ask(job, by, State.READY, State.CANCELLED, now, "Dit bestand wordt al verwerkt.")
    ImportFile.objects.filter(job=job).delete()


def undo_import(*, job: Import, by, now: datetime.datetime | None = None) -> None:
    _ask(job, by, State.DONE, State.UNDOING, now, "Dit is niet verwerkt, of al teruggedraaid.", undone_by=by.pk)


def _ask(job: Import, by, state: str, becomes: str, now: datetime.datetime | None, otherwise: str, **fields) -> None:
    if not permissions.may_exchange(by) or not Import.objects.for_user(by).filter(pk=job.pk).exists():
        raise PermissionDenied
    fields |= {"state": becomes, "asked_at": now or timezone.now(), "done": 0, "message": ""}
    if becomes in Import.TO_DO and not fields.get("undone_by"):
        fields["acting"] = by.acting.pk if by.acting and by.pk == job.by_id else job.acting
    if "undone_by" in fields:
        fields["undone_by_id"] = fields.pop("undone_by")
    if not Import.objects.filter(pk=job.pk, state=state).update(**fields):
        raise Refused(otherwise or "Er is intussen iets veranderd. Kijk opnieuw.")


def forget_old_imports(*, now: datetime.datetime) -> int:
    """After IMPORT_KEPT_DAYS an import and its rows go; what it made stays."""
    return Import.objects.kept_too_long(now).exclude(state__in=[State.CONFIRMED, State.UNDOING]).delete()[0]

"""The worker's part: reading a file, applying what was agreed, undoing it. One at a time in the whole installation.

Each is one transaction. Whatever stops it, a mistake in the file or a plug that is pulled, leaves the sociale kaart and
the import as they were; the next turn begins anew. How far it is, is told over a second connection, since nobody sees
what a transaction has not finished.
"""

import logging
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from mantelzorg import principals
from mantelzorg.refusal import Refused
from sociale_kaart.exchange import as_it_is, hsds, permissions, reading, tables, tabular, writing
from sociale_kaart.exchange.planning import Planner
from sociale_kaart.exchange.records import Losses, Record
from sociale_kaart.models import Import, ImportFile, ImportRow
from sociale_kaart.progress import Progress

logger = logging.getLogger(__name__)

State, Format = Import.State, Import.Format
LOCK = 7_205_059  # of the one import at a time
ROWS_AT_A_TIME = 500
CHANGED_SINCE = (
    "Sinds je voorbeeld is hier iets veranderd: {}. Er is niets verwerkt. Dit is het nieuwe voorbeeld; kijk het na."
)
CHANGED_AFTER = "Terugdraaien kan niet: na de import is dit gewijzigd: {}. Er is niets teruggedraaid."
NOT_HERS_SINCE = "Sinds je voorbeeld ben je niet meer van al deze gemeenten. Dit is het nieuwe voorbeeld."
NOT_HERS_ANY_MORE = (
    "Terugdraaien kan niet: je bent intussen niet meer van al deze gemeenten. De functioneel beheerder kan het wel."
)


def work_to_do() -> Callable[[], None] | None:
    """What the worker can take up now: a look that costs next to nothing when there is nothing."""
    return work if Import.objects.to_do().exists() else None


def work() -> None:
    while take_up_next():
        pass


def take_up_next() -> bool:
    """Do what was asked first. Returns whether there was anything to do that nobody else was doing."""
    job, was = None, ""
    try:
        with principals.acting(principals.job("uitwisseling")):
            if not _is_ours():
                return False
            job = Import.objects.to_do().select_related("by").first()
            if job is None:
                return False
            was = job.state
            with Progress(job) as progress:
                _do(job, progress)
        return True
    except Exception:
        if job is None:
            raise
        _went_wrong(job, was)
    return True


def _is_ours() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return cursor.fetchone()[0]


def _went_wrong(job: Import, was: str) -> None:
    """A mistake of ours: nothing was changed, and trying for ever helps nobody."""
    logger.exception("Import %s did not succeed", job.pk)
    state = {State.WAITING: State.REFUSED, State.CONFIRMED: State.READY, State.UNDOING: State.DONE}[was]
    message = "Er ging iets mis bij ons. Er is niets veranderd. Probeer het later opnieuw."
    Import.objects.filter(pk=job.pk, state=was).update(state=state, message=message)
    if state == State.REFUSED:
        ImportFile.objects.filter(job=job).delete()


def _do(job: Import, progress: Progress) -> None:
    started = time.monotonic()
    by = job.by
    by.acting_choice = str(job.acting) if job.acting else None
    step = {State.WAITING: _read, State.CONFIRMED: _apply, State.UNDOING: _undo}[job.state]
    try:
        with transaction.atomic():
            step(job, by, progress)
    except Refused as refusal:
        if job.state == State.CONFIRMED:  # a new preview, by which she sees what she would do now
            message = refusal.sentence
            _read(job, by, progress)
            job.message = message
        else:
            job.state = State.REFUSED if job.state == State.WAITING else State.DONE
            job.message = refusal.sentence
    except PermissionDenied:
        job.state = State.CANCELLED if job.state != State.UNDOING else State.DONE
        job.message = "Je mag dit niet meer. Er is niets veranderd."
    if job.state in (State.REFUSED, State.CANCELLED, State.DONE):
        ImportFile.objects.filter(job=job).delete()
    job.seconds = round(time.monotonic() - started, 1)
    job.save()


# Reading ------------------------------------------------------------------------------------------------------------


def _read(job: Import, by, progress: Progress) -> None:
    if not permissions.may_exchange(by):
        raise PermissionDenied
    ImportRow.objects.filter(job=job).delete()
    content = bytes(ImportFile.objects.get(job=job).content)
    losses = Losses()
    planner = Planner(by=by, source=job.source, losses=losses, is_hsds=job.format not in (Format.CSV, Format.XLSX))
    counts: dict[str, int] = dict.fromkeys(ImportRow.Outcome.values, 0)
    progress.total = content.count(b"\n") if job.format == Format.CSV else 0
    done = 0
    for batch in as_it_is.in_batches(records_of(job.format, content, losses), ROWS_AT_A_TIME):
        done += len(batch)
        if done > settings.IMPORT_MAX_ROWS:
            raise reading.Unreadable(f"Dit bestand heeft meer dan {settings.IMPORT_MAX_ROWS} rijen. Knip het in delen.")
        _keep(job, planner.plan(batch), counts)
        progress(done)
    if not done:
        raise reading.Unreadable("Er staat geen aanbod in dit bestand.")
    for batch in as_it_is.in_batches(planner.organisations(), ROWS_AT_A_TIME):
        _keep(job, batch, counts)
    job.state, job.message, job.losses, job.done, job.total = State.READY, "", losses.as_list(), done, done
    outcome = ImportRow.Outcome
    job.new, job.changed, job.same = counts[outcome.NEW], counts[outcome.CHANGED], counts[outcome.SAME]
    job.wrong, job.foreign = counts[outcome.WRONG], counts[outcome.FOREIGN]


def _keep(job: Import, rows: list[ImportRow], counts: dict[str, int]) -> None:
    for row in rows:
        row.job = job
        counts[row.outcome] += 0 if getattr(row, "is_echo", False) else 1
    ImportRow.objects.bulk_create(rows)


def records_of(kind: str, content: bytes, losses: Losses) -> Iterator[Record]:
    """Whatever the format, what it says. Refuses (Unreadable) what cannot be read."""
    if kind == Format.CSV:
        return tables.records(reading.table(content, tables.known), tables.Words(), losses)
    if kind == Format.XLSX:
        return tables.records(reading.workbook(content, tables.known), tables.Words(), losses)
    if kind == Format.HSDS_ZIP:
        document = tabular.nested(reading.package(content, tabular.FILES), losses)
    else:
        document = reading.document(content)
        if isinstance(document, dict) and "services.csv" in document:
            document = tabular.nested(_tables_of(document), losses)
    return _of_the_standard(document, losses)


def _of_the_standard(document: object, losses: Losses) -> Iterator[Record]:
    """What is no service shows only when the first one is asked for."""
    try:
        yield from hsds.records(document, hsds.Known(), losses)
    except hsds.NotAService as error:
        raise reading.Unreadable("Hierin herkennen we geen aanbod van HSDS.") from error


def _tables_of(document: dict) -> dict[str, list[dict[str, str]]]:
    """The tables of a package in one document: every cell is text, as in the files."""
    found: dict[str, list[dict[str, str]]] = {}
    for name, rows in document.items():
        if isinstance(rows, list):
            found[name] = [
                {str(key): "" if value is None else str(value) for key, value in row.items()}
                for row in rows
                if isinstance(row, dict)
            ]
    return found


# Writing ------------------------------------------------------------------------------------------------------------


def _apply(job: Import, by, progress: Progress) -> None:
    if not permissions.may_exchange(by):
        raise PermissionDenied
    rows = ImportRow.objects.filter(job=job).to_write()
    progress.total = 2 * rows.count()
    _check_rights(rows, by, NOT_HERS_SINCE, lambda row: row.before or row.after)
    writing.compare(rows, "before", CHANGED_SINCE, progress)
    now = timezone.now()
    half = progress.total // 2
    writing.apply(rows, by=by, now=now, progress=lambda done: progress(half + done), sentence=CHANGED_SINCE)
    job.state, job.message, job.applied_at = State.DONE, "", now


def _undo(job: Import, by, progress: Progress) -> None:
    by = by if job.undone_by_id in (None, by.pk) else job.undone_by  # herself, as she acts now, or the functional admin
    if not permissions.may_exchange(by):
        raise PermissionDenied
    rows = ImportRow.objects.filter(job=job).to_write()
    progress.total = 2 * rows.count()
    _check_rights(rows, by, NOT_HERS_ANY_MORE, lambda row: row.after)
    writing.compare(rows, "after", CHANGED_AFTER, progress)
    now = timezone.now()
    half = progress.total // 2
    further = {"progress": lambda done: progress(half + done), "sentence": CHANGED_AFTER}
    writing.undo(rows, by=by, now=now, **further)
    job.state, job.message, job.undone_at = State.UNDONE, "", now


def _check_rights(rows, by, sentence: str, stands: Callable[[ImportRow], dict]) -> None:
    """An appointment may have ended meanwhile: what is no longer hers, she neither writes nor takes back."""
    if by.is_functional_admin:
        return
    mine = by.maintained_municipalities
    for row in rows.filter(thing=ImportRow.Thing.SERVICE).only("before", "after", "name").iterator(ROWS_AT_A_TIME):
        if not mine & set(stands(row)["municipalities"]):
            raise Refused(sentence)

"""What makes tampering with the access log visible: for every day that is over, a file outside the database.

A file holds how many rows that day has, a hash over all of them, and a hash over that and the file of the day before: a
chain. Who changes, removes or slips in a row would have to change that day's file and every later one. The files are
for a place where whoever manages the database cannot write: see docs/access-log.md. Days are those of UTC.
"""

import datetime
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from trail.models import AccessLogEntry

SUFFIX = ".digest"
START = "0" * 64  # what the first file follows on
SETTLED = datetime.timedelta(hours=1)  # after midnight, until the last transaction of the day is certainly over
KEPT_YEARS = 5
COLUMNS = tuple(field.attname for field in AccessLogEntry._meta.concrete_fields)


@dataclass(frozen=True)
class Digest:
    """The content of one file."""

    day: datetime.date
    rows: int
    columns: tuple[str, ...]  # which the hash was made of: a later version may have more of them
    sha256: str
    previous: str
    chain: str

    @classmethod
    def of(cls, day: datetime.date, *, columns: tuple[str, ...], previous: str) -> "Digest":
        """As the database has that day now."""
        rows, sha256 = _count_and_hash(day, columns)
        return cls(day, rows, columns, sha256, previous, _chain(day, rows, columns, sha256, previous))

    @property
    def is_whole(self) -> bool:
        """The file was not written in: its parts still give its hash."""
        return self.chain == _chain(self.day, self.rows, self.columns, self.sha256, self.previous)

    @property
    def path(self) -> Path:
        return Path(settings.LOG_DIGEST_DIR) / f"{self.day.isoformat()}{SUFFIX}"

    def write(self) -> None:
        """Once: a file that is there is never written again. Whole or not at all, also when the power fails."""
        content = {
            "day": self.day.isoformat(),
            "rows": self.rows,
            "columns": " ".join(self.columns),
            "sha256": self.sha256,
            "previous": self.previous,
            "chain": self.chain,
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_suffix(f".{os.getpid()}")
        with unfinished.open("w") as file:
            file.write("".join(f"{name}: {value}\n" for name, value in content.items()))
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(0o444)
        try:
            os.link(unfinished, self.path)
        finally:
            unfinished.unlink()

    @classmethod
    def read(cls, path: Path) -> "Digest | None":
        """None when it does not say what such a file says."""
        try:
            said = dict(line.split(": ", 1) for line in path.read_text().splitlines())
            day = datetime.date.fromisoformat(said["day"])
            columns = tuple(said["columns"].split())
            known = day.isoformat() == path.stem and set(columns) <= set(COLUMNS)
            digest = cls(day, int(said["rows"]), columns, said["sha256"], said["previous"], said["chain"])
        except (OSError, ValueError, KeyError):
            return None
        return digest if known else None


def _count_and_hash(day: datetime.date, columns: tuple[str, ...]) -> tuple[int, str]:
    count, total = 0, hashlib.sha256()
    rows = AccessLogEntry.objects.between(*span(day)).in_order().values_list(*columns)
    for row in rows.iterator(chunk_size=2000):
        total.update(json.dumps([_plain(value) for value in row], ensure_ascii=False).encode() + b"\n")
        count += 1
    return count, total.hexdigest()


def _plain(value):
    """The same text in every version and setting of database and driver."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, int | list) else str(value)


def _chain(day: datetime.date, rows: int, columns: tuple[str, ...], sha256: str, previous: str) -> str:
    return hashlib.sha256(f"{previous} {day.isoformat()} {rows} {','.join(columns)} {sha256}".encode()).hexdigest()


def span(day: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    start = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    return start, start + datetime.timedelta(days=1)


def last_finished_day(now: datetime.datetime) -> datetime.date:
    return (now.astimezone(datetime.UTC) - SETTLED).date() - datetime.timedelta(days=1)


def files() -> list[Path]:
    """In order of their days, which is that of their names."""
    return sorted(Path(settings.LOG_DIGEST_DIR).glob(f"*{SUFFIX}"))


def _days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    while first <= last:
        yield first
        first += datetime.timedelta(days=1)


class BrokenChain(Exception):
    """The last file there is cannot be read: nothing can follow on it."""


def write_missing(now: datetime.datetime) -> list[Digest]:
    """A file for each day that is over and has none, from the day after the last file; at first from the first row."""
    there = files()
    if there:
        last = Digest.read(there[-1])
        if last is None:
            raise BrokenChain(f"{there[-1]} cannot be read.")
        first, previous = last.day + datetime.timedelta(days=1), last.chain
    else:
        moment = AccessLogEntry.objects.first_moment()
        if moment is None:
            return []
        first, previous = moment.astimezone(datetime.UTC).date(), START
    written = []
    for day in _days(first, last_finished_day(now)):
        digest = Digest.of(day, columns=COLUMNS, previous=previous)
        digest.write()
        written.append(digest)
        previous = digest.chain
    return written


@dataclass(frozen=True)
class Finding:
    day: datetime.date | str
    sentence: str

    def __str__(self) -> str:
        return f"{self.day}: {self.sentence}"


def verify(now: datetime.datetime) -> tuple[int, list[Finding]]:
    """How many days were compared with their file, and what is wrong, in words; nothing when all is as it was."""
    there = files()
    if not there:
        return 0, [Finding("-", f"no digests in {settings.LOG_DIGEST_DIR}: there is nothing to compare the log with")]
    found: list[Finding] = []
    compared, before = 0, None
    for path in there:
        digest = Digest.read(path)
        if digest is None:
            found.append(Finding(path.stem, "the file cannot be read as a digest"))
            continue
        found += _wrong_with_file(digest, before)
        if not _is_dropped(digest.day, now):
            found += _wrong_with_rows(digest)
            compared += 1
        before = digest
    last = before.day if before else last_finished_day(now)
    waiting = list(_days(last + datetime.timedelta(days=1), last_finished_day(now)))
    if len(waiting) > 1:  # of yesterday the worker may still have to write it
        found += [
            Finding(day, "this day is over and has no digest: was the newest file taken away?") for day in waiting
        ]
    return compared, found


def _wrong_with_file(digest: Digest, before: Digest | None) -> list[Finding]:
    found = []
    if not digest.is_whole:
        found.append(Finding(digest.day, "the file was changed: its hash is not that of its content"))
    if before is None:
        if digest.previous != START:
            found.append(Finding(digest.day, "the file of the day before is missing"))
        return found
    gap = list(_days(before.day + datetime.timedelta(days=1), digest.day - datetime.timedelta(days=1)))
    found += [Finding(day, "the file of this day is missing") for day in gap]
    if not gap and digest.previous != before.chain:
        found.append(
            Finding(digest.day, "the file does not follow on that of the day before: one of them was replaced")
        )
    return found


def _wrong_with_rows(digest: Digest) -> list[Finding]:
    now = Digest.of(digest.day, columns=digest.columns, previous=digest.previous)
    if now.rows < digest.rows:
        return [Finding(digest.day, f"{digest.rows - now.rows} of {digest.rows} rows are missing")]
    if now.rows > digest.rows:
        return [Finding(digest.day, f"{now.rows - digest.rows} rows were added afterwards to {digest.rows}")]
    if now.sha256 != digest.sha256:
        return [Finding(digest.day, f"the same number of rows ({now.rows}), but one or more were changed")]
    return []


def _is_dropped(day: datetime.date, now: datetime.datetime) -> bool:
    """Its month is more than five years ago: the rows are gone, as they should be. Only the chain is looked at."""
    month = now.astimezone(datetime.UTC).date().replace(day=1)
    return day < month.replace(year=month.year - KEPT_YEARS)

"""A file for each day shows whether the log is still as it was. Each way to tamper with it is tried, and seen."""

import datetime
import math
import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from mantelzorg import principals
from trail import actions, digests
from trail.management.commands.outbox_worker import Command
from trail.models import AccessLogEntry

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 12, 9, tzinfo=datetime.UTC)
DAYS = [datetime.date(2026, 11, day) for day in (9, 10, 11)]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.LOG_DIGEST_DIR = tmp_path / "digests"
    return settings.LOG_DIGEST_DIR


@pytest.fixture
def three_days(folder) -> dict[datetime.date, list[AccessLogEntry]]:
    """Three days of three rows, and their digests."""
    rows = {
        day: [
            AccessLogEntry.objects.create(
                at=datetime.datetime(day.year, day.month, day.day, hour, tzinfo=datetime.UTC),
                event="view",
                action="R",
                subject_id=uuid.uuid4(),
                fields=["name", "phone"],
                ip="2001:db8::1",
            )
            for hour in (0, 12, 23)
        ]
        for day in DAYS
    }
    assert [digest.day for digest in actions.digest_log(now=NOW)] == DAYS
    assert findings() == []
    return rows


def findings(now=NOW) -> list[str]:
    return [str(finding) for finding in actions.verify_log(now=now)[1]]


def file_of(day: datetime.date):
    return next(path for path in digests.files() if path.stem == day.isoformat())


def row_of(three_days, number: int = 1):
    return AccessLogEntry.objects.filter(pk=three_days[DAYS[1]][number].pk)


def test_a_day_gets_its_digest_when_it_is_over_and_settled(folder):
    AccessLogEntry.objects.create(at=datetime.datetime(2026, 11, 11, 23, 59, tzinfo=datetime.UTC), event="view")
    midnight = datetime.datetime(2026, 11, 12, tzinfo=datetime.UTC)
    assert actions.digest_log(now=midnight + datetime.timedelta(minutes=59)) == []
    (digest,) = actions.digest_log(now=midnight + datetime.timedelta(minutes=60))
    assert (digest.day, digest.rows, digest.previous) == (DAYS[2], 1, digests.START)
    assert actions.digest_log(now=midnight + datetime.timedelta(hours=20)) == []
    assert [path.name for path in folder.iterdir()] == ["2026-11-11.digest"]


def test_a_day_without_rows_has_a_file_too(three_days):
    later = NOW + datetime.timedelta(days=2)
    assert [digest.rows for digest in actions.digest_log(now=later)] == [0, 0]
    assert findings(later) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("user_id", uuid.uuid4()),
        ("subject_id", None),
        ("event", "search"),
        ("outcome", "denied"),
        ("fields", ["name"]),
        ("purpose", "x"),
        ("ip", "192.0.2.1"),
        ("at", datetime.datetime(2026, 11, 10, 13, tzinfo=datetime.UTC)),
    ],
)
def test_a_changed_row_is_seen_on_its_day(three_days, field, value):
    row_of(three_days).update(**{field: value})
    assert findings() == ["2026-11-10: the same number of rows (3), but one or more were changed"]


def test_a_missing_row_is_seen(three_days):
    row_of(three_days).delete()
    assert findings() == ["2026-11-10: 1 of 3 rows are missing"]


def test_a_row_that_was_slipped_in_is_seen(three_days):
    AccessLogEntry.objects.create(at=three_days[DAYS[1]][0].at, event="view")
    assert findings() == ["2026-11-10: 1 rows were added afterwards to 3"]


def test_a_row_that_moved_to_another_day_is_seen_on_both(three_days):
    row_of(three_days).update(at=three_days[DAYS[2]][1].at)
    assert [line[:10] for line in findings()] == ["2026-11-10", "2026-11-11"]


def test_two_rows_that_changed_places_are_seen(three_days):
    one, other = three_days[DAYS[1]][:2]
    row_of(three_days, 0).update(at=other.at)
    row_of(three_days, 1).update(at=one.at)
    assert len(findings()) == 1


def rewrite(day: datetime.date, **changes: str) -> None:
    path = file_of(day)
    lines = [line.split(": ", 1) for line in path.read_text().splitlines()]
    path.chmod(0o644)
    path.write_text("".join(f"{name}: {changes.get(name, value)}\n" for name, value in lines))


def test_a_file_that_was_made_to_fit_the_rows_is_seen(three_days):
    row_of(three_days).delete()
    rewrite(DAYS[1], rows="2")
    assert "2026-11-10: the file was changed: its hash is not that of its content" in findings()


def test_a_day_that_was_made_anew_does_not_fit_the_next_one(three_days):
    row_of(three_days).delete()
    before = digests.Digest.read(file_of(DAYS[0]))
    file_of(DAYS[1]).unlink()
    digests.Digest.of(DAYS[1], columns=digests.COLUMNS, previous=before.chain).write()
    assert [line[:10] for line in findings()] == ["2026-11-11"]


def test_a_file_that_was_taken_away_is_seen_wherever_it_was(three_days):
    later = NOW + datetime.timedelta(days=1)
    first, middle, last = (file_of(day) for day in DAYS)
    kept = {path: path.read_text() for path in (first, middle, last)}
    for path, day in ((first, "2026-11-10"), (middle, "2026-11-10"), (last, "2026-11-11")):
        path.unlink()
        assert findings(later)[0].startswith(day)
        path.write_text(kept[path])


def test_without_files_there_is_nothing_to_compare_with(three_days, folder):
    for path in digests.files():
        path.unlink()
    assert len(findings()) == 1


def test_what_cannot_be_read_is_said_and_nothing_is_built_on_it(three_days):
    file_of(DAYS[2]).chmod(0o644)
    file_of(DAYS[2]).write_text("broken")
    assert findings()[0] == "2026-11-11: the file cannot be read as a digest"
    with pytest.raises(CommandError):
        call_command("digest_log", verbosity=0)


def test_rows_that_were_dropped_after_five_years_are_not_missed(three_days):
    AccessLogEntry.objects.all().delete()
    actions.digest_log(now=datetime.datetime(2026, 12, 15, 9, tzinfo=datetime.UTC))
    years_later = datetime.datetime(2031, 12, 15, 9, tzinfo=datetime.UTC)
    wrong = [line for line in findings(years_later) if "has no digest" not in line]
    assert wrong == []
    assert len(findings(datetime.datetime(2031, 11, 15, 9, tzinfo=datetime.UTC))) >= 3


def test_the_application_makes_and_checks_digests_as_a_job_with_rights_of_its_own(three_days):
    """Without being that job it sees no rows at all: the control of this test."""
    with principals.acting(principals.NOBODY):
        assert AccessLogEntry.objects.count() == 0
    assert actions.verify_log(now=NOW) == (3, [])


def test_the_command_names_the_day_and_ends_with_status_1(three_days, monkeypatch):
    monkeypatch.setattr("trail.management.commands.verify_log.timezone.now", lambda: NOW)
    said = StringIO()
    call_command("verify_log", stdout=said)
    assert said.getvalue() == "The access log is as it was: 3 days compared.\n"
    row_of(three_days).delete()
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_log", stdout=said)
    assert ended.value.code == 1
    assert said.getvalue().splitlines()[0] == "2026-11-10: 1 of 3 rows are missing"


def test_the_worker_writes_them_once_in_a_while_and_goes_on_when_it_cannot(three_days, folder, settings, caplog):
    for path in digests.files():
        path.unlink()
    worker = Command()
    worker.last_hour = -math.inf
    worker.do_what_happens_by_itself()
    assert digests.Digest.read(file_of(DAYS[0])).rows == 3
    written = len(digests.files())
    digests.files()[-1].unlink()
    worker.do_what_happens_by_itself()  # within the hour
    assert len(digests.files()) == written - 1
    settings.LOG_DIGEST_DIR = folder / "2026-11-09.digest" / "a file is no folder"
    worker.last_hour = -math.inf
    worker.do_what_happens_by_itself()
    assert "digest_log did not succeed" in caplog.text

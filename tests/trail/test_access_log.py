"""The table of the access log: a part for each month, rows that only come, and one vocabulary."""

import datetime
import uuid

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from mantelzorg import principals
from mantelzorg.rights.owner import as_owner
from referrals.transitions import Verb
from trail import words
from trail.actions import record_access, record_access_to_many, tend_log
from trail.models import AccessLogEntry, LogReview


def parts() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = 'trail_accesslogentry'::regclass"
        )
        return {name for (name,) in cursor.fetchall()}


def part_of(moment: datetime.datetime) -> str:
    return f"trail_accesslogentry_{moment.astimezone(datetime.UTC):%Y_%m}"


def where_is(row: AccessLogEntry) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM trail_accesslogentry WHERE id = %s", [row.pk])
        return cursor.fetchone()[0]


def a_row(at: datetime.datetime, **facts) -> AccessLogEntry:
    return AccessLogEntry.objects.create(at=at, event="view", action="R", **facts)


def months_from_now(count: int) -> datetime.datetime:
    month = timezone.now().astimezone(datetime.UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    year, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return month.replace(year=year, month=index + 1)


# Months ---------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_this_month_and_the_three_that_come_have_a_part_of_their_own():
    assert {part_of(months_from_now(count)) for count in range(4)} | {"trail_accesslogentry_default"} <= parts()


@pytest.mark.django_db
def test_a_row_lands_in_its_month_and_never_fails_for_want_of_one():
    record_access(by=None, event="view", action="R")
    assert where_is(AccessLogEntry.objects.get()) == part_of(timezone.now())
    assert where_is(a_row(months_from_now(40))) == "trail_accesslogentry_default"
    last_moment = months_from_now(1) - datetime.timedelta(microseconds=1)
    assert where_is(a_row(last_moment)) == part_of(timezone.now())


@pytest.mark.django_db(transaction=True)
def test_months_are_made_once_and_take_in_the_rows_that_came_too_early(settings):
    ahead = months_from_now(3)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute('DROP TABLE "' + part_of(ahead) + '"')
    early = a_row(ahead + datetime.timedelta(days=3))
    assert where_is(early) == "trail_accesslogentry_default"
    assert tend_log(now=timezone.now()) == (1, 0)
    assert where_is(early) == part_of(ahead)
    assert tend_log(now=timezone.now()) == (0, 0)
    call_command("tend_log", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_what_is_older_than_five_years_goes_by_the_month():
    old, kept = months_from_now(-61), months_from_now(-60)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT trail_make_log_month(%s), trail_make_log_month(%s)", [old.date(), kept.date()])
    a_row(months_from_now(-70))
    stays = [a_row(kept), a_row(timezone.now())]
    a_row(old + datetime.timedelta(days=1))
    LogReview.objects.create(
        organisation_id=uuid.uuid4(), user_id=uuid.uuid4(), week="2015-01-05", own_looks=0, remark="x", at=old
    )
    assert tend_log(now=timezone.now()) == (0, 1)
    assert part_of(old) not in parts()
    assert part_of(kept) in parts()
    assert set(AccessLogEntry.objects.values_list("pk", flat=True)) == {row.pk for row in stays}
    assert not LogReview.objects.exists()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute('DROP TABLE "' + part_of(kept) + '"')


@pytest.mark.django_db(transaction=True)
def test_a_new_month_is_read_by_whoever_reads_all_for_the_backup(settings):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(has_table_privilege(%s, oid, 'SELECT')) FROM pg_class WHERE oid IN "
            "(SELECT inhrelid FROM pg_inherits WHERE inhparent = 'trail_accesslogentry'::regclass)",
            [settings.BACKUP["USER"]],
        )
        assert cursor.fetchone() == (True,)
    ahead = months_from_now(3)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute('DROP TABLE "' + part_of(ahead) + '"')
        cursor.execute("SELECT trail_make_log_months()")
        cursor.execute("SELECT has_table_privilege(%s, %s, 'SELECT')", [settings.BACKUP["USER"], part_of(ahead)])
        assert cursor.fetchone() == (True,)


# Only ever added ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_accesslogentry SET event = 'view'",
        "DELETE FROM trail_accesslogentry",
        "TRUNCATE trail_accesslogentry",
        "DROP TABLE trail_accesslogentry",
        "UPDATE trail_accesslogentry_default SET event = 'view'",
        "SELECT trail_make_log_month('2030-01-01')",
        "UPDATE trail_logreview SET remark = 'x'",
        "DELETE FROM trail_logreview",
    ],
)
def test_the_application_cannot_change_or_remove_what_was_logged(statement):
    with principals.acting(principals.NOBODY):
        record_access(by=None, event="view", action="R")
        refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AccessLogEntry.objects.count() == 1


@pytest.mark.django_db
def test_the_application_tends_the_log_without_owning_it():
    with principals.acting(principals.NOBODY):
        assert tend_log(now=timezone.now()) == (0, 0)


@pytest.mark.django_db
def test_who_reviews_signs_once_for_a_week_that_is_named_by_its_monday():
    facts = {"organisation_id": uuid.uuid4(), "user_id": uuid.uuid4(), "own_looks": 0}
    LogReview.objects.create(week=datetime.date(2026, 11, 16), remark="Gezien.", **facts)
    for week, remark in (("2026-11-16", "Nog eens."), ("2026-11-17", "Een dinsdag."), ("2026-11-09", "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            LogReview.objects.create(week=week, remark=remark, **facts)


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_row_says_why_also_when_nobody_had_to_say_it(sender):
    record_access_to_many(by=sender, event="search", subjects=[uuid.uuid4()], by_referral=[uuid.uuid4()])
    record_access(by=sender, event="log_read", action="R", subject=uuid.uuid4(), purpose="Klacht van haar zoon")
    record_access(by=sender, event="login", action="E")
    purposes = AccessLogEntry.objects.order_by("pk").values_list("relation", "purpose")
    assert list(purposes) == [
        ("owner", "begeleiding"),
        ("referral", "verwijzing"),
        ("owner", "Klacht van haar zoon"),
        ("", ""),
    ]


@pytest.mark.django_db
def test_one_thing_has_one_name_in_the_log():
    record_access(by=None, event="consent_give", action="C", fields=("naam", "e-mail", "zorgt-voor"))
    assert AccessLogEntry.objects.get().fields == ["name", "email", "relation"]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"event": "look"}, {"fields": ("bsn",)}, {"filters": ("Anna",)}])
def test_a_word_that_is_not_in_the_vocabulary_is_refused(wrong):
    with pytest.raises(words.UnknownWord):
        record_access(**{"by": None, "event": "view", "action": "R"} | wrong)
    assert not AccessLogEntry.objects.exists()


def test_every_word_of_the_log_has_a_name_on_a_page():
    assert set(words.SAME_AS.values()) <= set(words.FIELDS)
    labels = [*words.FIELDS.values(), *words.FILTERS.values(), *words.Event.labels]
    assert all(labels)
    assert len(set(words.Event.labels)) == len(words.Event)


def test_every_step_of_a_referral_has_a_word_in_the_log():
    assert {f"refer_{verb}" for verb in Verb} <= set(words.Event.values)

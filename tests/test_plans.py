"""A small organisation among very many caregivers: its pages read by index, never a whole table.

How long it takes at 200,000 caregivers is measured by `python -m benchmarks.plans`; here there are as many as it takes
for PostgreSQL to prefer an index.
"""

import re

import pytest
from django.db import connection
from django.urls import reverse

from intake.models import Caregiver, Need
from referrals.models import Referral
from referrals.transitions import State
from tests.factories import make_caregiver, make_need, make_referral, make_service

MANY = 4_000
GROWS = {"intake_caregiver", "intake_need", "referrals_referral"}
SCANS = re.compile(r"Seq Scan on (\w+)")


def copy(one, **other: str) -> None:
    """MANY rows like this one. `other` gives columns another value, as SQL in which n counts."""
    other = {"id": "gen_random_uuid()", **other}
    columns = [field.column for field in one._meta.concrete_fields]
    values = ", ".join(other.get(column, f"one.{column}") for column in columns)
    table = one._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "
            f"FROM {table} one, generate_series(1, {MANY}) n WHERE one.id = %s",
            [one.pk],
        )


@pytest.fixture
def address(sender, receiver, outsider, steunpunt):
    """Of the pages of a small organisation, while another has very many caregivers."""
    theirs = make_caregiver(outsider)
    need = make_need(theirs, outsider)
    draft = make_referral(
        State.CONCEPT, sender=outsider, service=make_service(steunpunt), caregiver=theirs, needs=[need]
    )
    sent = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=make_service(steunpunt))
    copy(theirs, search_name="'anna ' || n")
    copy(need)
    copy(draft, number="'x' || n", receiver_organisation_id=f"'{outsider.organisation_id}'::uuid")
    with connection.cursor() as cursor:
        for model in (Caregiver, Need, Referral):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    return {
        "caregiver_list": reverse("caregiver_list"),
        "whose turn": f"{reverse('caregiver_list')}?beurt=te-laat",
        "how heavy": f"{reverse('caregiver_list')}?vanaf=8&beurt=elders",
        "in a phase": f"{reverse('caregiver_list')}?fase=diagnose",
        "need_offers": reverse("need_offers", args=[sent.referral_needs.get().need_id]),
        "caregiver_detail": reverse("caregiver_detail", args=[sent.caregiver_id]),
        "vandaag": reverse("vandaag"),
        "sent": f"{reverse('referral_list')}?lijst=verstuurd",
        "referral_detail": reverse("referral_detail", args=[sent.pk]),
    }


def whole_tables_read(client, path: str) -> set[str]:
    """Which tables that grow a page reads from beginning to end."""
    read = set()

    def look_at_plan(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.startswith("SELECT") and any(f'"{table}"' in sql for table in GROWS):
            for (line,) in connection.connection.execute(f"EXPLAIN {sql}", params).fetchall():
                read.update(SCANS.findall(line))
        return result

    with connection.execute_wrapper(look_at_plan):
        assert client.get(path).status_code == 200
    return read & GROWS


def test_a_small_organisation_reads_no_whole_table(address, client_of, sender):
    client = client_of(sender)
    assert {name: whole_tables_read(client, path) for name, path in address.items()} == {
        name: set() for name in address
    }


def test_a_whole_table_that_is_read_is_seen(address, client_of, sender):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_indexonlyscan = off")
    assert whole_tables_read(client_of(sender), address["caregiver_list"]) >= {"intake_caregiver"}

"""Any bytes get an answer: rows, or a sentence that says why not. Never a crash, never half."""

import csv
import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sociale_kaart.exchange import jobs, reading, tables, tabular
from sociale_kaart.exchange.reading import Unreadable, defused, fused
from sociale_kaart.exchange.records import Losses
from sociale_kaart.models import Organisation, Service
from tests.sociale_kaart.exchange.conftest import Desk

HEADER = ["Organisatie", "Naam", "Gemeenten", "Beschrijving"]
ROWS = [["Café Één", "Koffie & thee", "Zaanstad", "Met een – streep"], ["B", "C", "Zaanstad", ""]]


def read(content: bytes) -> list:
    return list(reading.table(content, tables.known))


def written(mark: str = ";", end: str = "\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator=end).writerows([HEADER, *ROWS])
    return text.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_is_read_whatever_wrote_it(encoding, mark, end):
    assert [cells for _, cells, _ in read(written(mark, end).encode(encoding))] == [HEADER, *ROWS]


def test_a_stray_quote_costs_its_own_line_only():
    text = 'Organisatie;Naam;Gemeenten\nA;"Huis "De Hoek";Zaanstad\nA;"open;Zaanstad\nA;Goed;Zaanstad\nA;7" schijf;Z\n'
    found = read(text.encode())
    assert [(line, cells is not None) for line, cells, _ in found][-3:] == [(3, False), (4, True), (5, True)]
    assert found[-1][1] == ["A", '7" schijf', "Z"]


def test_text_over_several_lines_stays_one_cell():
    text = 'Organisatie;Naam;Beschrijving\nA;B;"eerste\ntweede; regel"\nA;C;d\n'
    assert read(text.encode())[1][1] == ["A", "B", "eerste\ntweede; regel"]


@pytest.mark.parametrize("text", ["=1+1", "+31 6", "-x", "@a", "'=1", "''@", "gewoon", "'s avonds", "\tx", ""])
def test_a_formula_is_defused_and_comes_back_as_it_was(text):
    assert not defused(text).startswith(("=", "+", "-", "@", "\t"))
    assert fused(defused(text)) == text


@given(st.text())
def test_every_text_comes_back_as_it_was(text):
    assert fused(defused(text)) == text


def bomb() -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 40_000_000)
    return whole.getvalue()


def test_a_bomb_is_not_unpacked(settings):
    settings.IMPORT_MAX_UNPACKED_BYTES = 10_000_000
    assert len(bomb()) < 100_000
    with pytest.raises(Unreadable, match="Uitgepakt is dit bestand te groot"):
        reading.format_of(bomb())


def lying_archive() -> bytes:
    """Says that it holds ten bytes, and holds a million."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("services.csv", b"0" * 1_000_000)
    return whole.getvalue().replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))


def test_an_archive_that_lies_about_its_size_is_refused():
    with pytest.raises(Unreadable):
        reading.package(lying_archive(), tabular.FILES)


def test_a_workbook_with_a_formula_says_where(db):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Organisatie", "Naam"])
    book.active.append(["A", "=1+1"])
    book.active.append(["A", "B"])
    whole = io.BytesIO()
    book.save(whole)
    rows = list(reading.workbook(whole.getvalue(), tables.known))
    assert [(line, cells is None) for line, cells, _ in rows] == [(1, False), (2, True), (3, False)]
    assert "formule" in rows[1][2]


def test_a_document_that_is_too_deep_is_refused():
    with pytest.raises(Unreadable):
        reading.document(b"[" * 100_000 + b"]" * 100_000)
    with pytest.raises(Unreadable):
        reading.document(b'{"a":' * 80 + b"1" + b"}" * 80)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "zip"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=400))
@example(content=b"0")
def test_any_bytes_get_an_answer(db, kind, content):
    try:
        reading.format_of(content)
    except Unreadable:
        pass
    try:
        list(jobs.records_of(kind, content, Losses()))
    except Unreadable:
        pass


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "name",
                    "status",
                    "organization",
                    "phones",
                    "number",
                    "locations",
                    "service_at_locations",
                    "location",
                    "contacts",
                    "attributes",
                    "taxonomy_term",
                    "schedules",
                    "addresses",
                    "contents",
                    "services",
                    "timezone",
                    "service_areas",
                    "extent",
                    "languages",
                    "code",
                    "service",
                    "opens_at",
                    "description",
                    "url",
                    "email",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=JSON)
def test_any_document_gets_an_answer(functional_admin, value):
    bring(functional_admin, json.dumps(value).encode(), "json")


CELL = st.sampled_from(
    ["", "Zaanstad", "=1", "ja", "3", "x" * 200, '"', "a;b", "\n", "2026-01-01", "geen@", "A"]
) | st.text(max_size=6)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    header=st.lists(st.sampled_from([column.header for column in tables.COLUMNS]), unique=True, max_size=8),
    rows=st.lists(st.lists(CELL, max_size=11), max_size=5),
    mark=st.sampled_from(";,\t"),
)
def test_any_table_gets_an_answer(functional_admin, header, rows, mark):
    lines = [mark.join(["Organisatie", "Naam", *header]), *(mark.join(row) for row in rows)]
    bring(functional_admin, "\n".join(lines).encode("utf-8", "replace"), "csv")


def bring(by, content: bytes, kind: str) -> None:
    """Read, agreed to if there is anything to agree to, and undone: nothing is left, and nothing was half."""
    from django.db import transaction

    desk = Desk(by)
    with transaction.atomic():
        before = Organisation.objects.count(), Service.objects.count()
        try:
            job = desk.bring(content)
        except Unreadable:
            return
        assert "Er ging iets mis" not in job.message
        if job.state == "klaar" and (job.new or job.changed):
            new = job.new
            job = desk.agree(job)
            assert job.state == "verwerkt", job.message
            assert Organisation.objects.count() + Service.objects.count() == sum(before) + new
            job = desk.undo(job)
            assert job.state == "teruggedraaid", job.message
        assert (Organisation.objects.count(), Service.objects.count()) == before
        transaction.set_rollback(True)

"""From bytes to rows, whoever made the file: encodings, separators, stray quotes, workbooks, archives.

Everything that cannot be read is refused with a sentence before anything of it is kept. Which encoding it is follows
from the bytes by rule and not by guessing: a mark at the start, otherwise UTF-8 if it is that, otherwise Windows-1252.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings

from mantelzorg.refusal import Refused
from sociale_kaart.exchange.records import storable
from sociale_kaart.models import Import

Row = tuple[int, list[str] | None, str]  # line, cells (None: it cannot be read), why
FORMULA = re.compile(r"'*[=+\-@\t\r]")
NUMBERS_ARE_HARMLESS = re.compile(r"[+-][0-9 ().-]+")
LONGEST_CELL = 200_000
LONGEST_QUOTE = 60  # lines that text between quotes may take
MOST_ENTRIES = 2_000  # files in an archive
DEEPEST = 60
MOST_COLUMNS = 500
ZIP = b"PK\x03\x04"
ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Unreadable(Refused):
    """This file cannot be taken in, and why."""


# Formulas -----------------------------------------------------------------------------------------------------------


def defused(text: str) -> str:
    """A cell that no program takes for a formula. `fused` gives back exactly what it was."""
    return f"'{text}" if FORMULA.match(text) else text


def fused(text: str) -> str:
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def defused_unless_number(text: str) -> str:
    """For tables that other systems read: a phone number is no formula, and they would not know about the quote."""
    return text if NUMBERS_ARE_HARMLESS.fullmatch(text) else defused(text)


# What it is ---------------------------------------------------------------------------------------------------------


def format_of(content: bytes) -> str:
    """By what is in it, not by what it is called. Refuses what cannot be one of ours."""
    if not content.strip():
        raise Unreadable("Het bestand is leeg.")
    if len(content) > settings.IMPORT_MAX_BYTES:
        raise too_big()
    if content.startswith(ZIP):
        names = archive(content).namelist()
        if "xl/workbook.xml" in names:
            return Import.Format.XLSX
        if any(name.endswith(".csv") for name in names):
            return Import.Format.HSDS_ZIP
        raise Unreadable("In dit zip-bestand staan geen tabellen (CSV) die we kennen.")
    start = decoded(content[:4096], whole=False).lstrip()
    if start[:1] in ("{", "["):
        return Import.Format.HSDS_JSON
    return Import.Format.CSV


def too_big() -> Unreadable:
    return Unreadable(
        f"Dit bestand is te groot: het mag {settings.IMPORT_MAX_BYTES // 1024 // 1024} MB zijn. Knip het in delen."
    )


def archive(content: bytes) -> zipfile.ZipFile:
    """A zip that cannot blow up: what it says it holds is counted before anything is unpacked."""
    try:
        found = zipfile.ZipFile(io.BytesIO(content))
        entries = found.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise Unreadable("Dit bestand is beschadigd: het is niet uit te pakken.") from error
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > settings.IMPORT_MAX_UNPACKED_BYTES:
        raise Unreadable("Uitgepakt is dit bestand te groot.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("Dit bestand is met een wachtwoord beveiligd. Haal het wachtwoord eraf.")
    return found


def unpacked(found: zipfile.ZipFile, name: str) -> bytes:
    """One file of it, never more than it said."""
    try:
        with found.open(name) as entry:
            content = entry.read(found.getinfo(name).file_size + 1)
    except Exception as error:  # zlib, lzma and zipfile each have their own
        raise Unreadable(f"{name} is beschadigd: het is niet uit te pakken.") from error
    if len(content) > found.getinfo(name).file_size:
        raise Unreadable("Uitgepakt is dit bestand groter dan het zegt.")
    return content


# Text ---------------------------------------------------------------------------------------------------------------


def decoded(content: bytes, *, whole: bool = True) -> str:
    text = _decoded(content, whole)
    if "\x00" in text or not _looks_like_text(text[:20_000]):
        raise Unreadable("Dit is geen tabel: er staat geen leesbare tekst in.")
    return text


def _decoded(content: bytes, whole: bool) -> str:
    errors = "strict" if whole else "ignore"
    for mark, encoding in ENCODINGS:
        if content.startswith(mark):
            try:
                return content.decode(encoding, errors)
            except UnicodeError as error:
                raise Unreadable("De tekens in dit bestand zijn niet te lezen. Bewaar het als UTF-8.") from error
    sample = content[:4000]
    if sample.count(0) > len(sample) // 4:  # UTF-16 without its mark: every other byte of western text is nothing
        encoding = "utf-16-be" if sample[:1] == b"\x00" else "utf-16-le"
        return content.decode(encoding, "replace" if whole else "ignore")
    try:
        return content.decode("utf-8", errors)
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _looks_like_text(text: str) -> bool:
    odd = sum(1 for character in text if (ord(character) < 32 and character not in "\t\n\r") or character == "\ufffd")
    return odd * 50 <= len(text)


def table(content: bytes, columns_known: Callable[[list[str]], int]) -> Iterator[Row]:
    """The rows of a text file; the first is the header. Its separator is the one that makes a header we know."""
    lines = decoded(content).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[start].startswith("sep=") and len(lines[start]) == 5:  # what Excel writes for itself
        start += 1
    best = max(";,\t|", key=lambda mark: columns_known(_cells(lines[start : start + 1], mark)))
    yield from _rows(lines, start, best)


def _cells(lines: list[str], mark: str) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=mark), [])
    except csv.Error:
        return []


def _rows(lines: list[str], start: int, mark: str) -> Iterator[Row]:
    """One quote that is never closed would swallow the rest of the file: then its own line alone is wrong."""
    csv.field_size_limit(LONGEST_CELL)
    width = 0
    number = start
    while number < len(lines):
        first = number
        line = lines[number]
        if not line.strip():
            number += 1
            continue
        try:
            if '"' not in line:
                cells, taken = line.split(mark), 1
                if len(line) > LONGEST_CELL:
                    raise csv.Error
            else:
                reader = csv.reader((one + "\n" for one in lines[number : number + LONGEST_QUOTE]), delimiter=mark)
                cells = next(reader)
                taken = reader.line_num
        except (csv.Error, StopIteration):
            yield first + 1, None, "Deze regel is te lang om te lezen."
            number += 1
            continue
        if not width:
            width = len(cells)
            if width > MOST_COLUMNS:
                raise Unreadable(f"Dit bestand heeft meer dan {MOST_COLUMNS} kolommen.")
        wrong = len(cells) > width and any(cell.strip() for cell in cells[width:])
        if taken > 1 and (len(cells) != width or _swallowed(cells, mark, width)):
            yield first + 1, None, "Hier staat een aanhalingsteken te veel of te weinig."
            number += 1
            continue
        number += taken
        if wrong:
            yield first + 1, None, f"Deze regel heeft {len(cells)} cellen; de kopregel heeft er {width}."
        elif any(cell.strip() for cell in cells):
            yield first + 1, [fused(cell.strip("\n")) for cell in cells[:width]] + [""] * (width - len(cells)), ""


def _swallowed(cells: list[str], mark: str, width: int) -> bool:
    """A cell that holds whole rows: as many separators on a line of it as a row has."""
    return any(line.count(mark) >= max(2, width - 1) for cell in cells if "\n" in cell for line in cell.split("\n"))


# Workbooks ----------------------------------------------------------------------------------------------------------


def workbook(content: bytes, columns_known: Callable[[list[str]], int]) -> Iterator[Row]:
    """The rows of the sheet whose first row we know best."""
    import openpyxl  # takes half a second, which a page should not wait for
    from openpyxl.xml import DEFUSEDXML

    if not DEFUSEDXML:
        raise RuntimeError("openpyxl reads without defusedxml: install it.")
    archive(content).close()
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except Exception as error:  # whatever a broken workbook makes of openpyxl
        raise Unreadable("Dit Excel-bestand is beschadigd: het is niet te lezen.") from error
    try:
        best, most = None, 0
        for sheet in book.worksheets[:20]:
            sheet.reset_dimensions()
            header = next(_sheet_rows(sheet), (0, [], ""))[1] or []
            if columns_known(header) > most:
                best, most = sheet, columns_known(header)
        if best is None:
            raise Unreadable("In dit Excel-bestand staat geen blad met de kolommen van het sjabloon.")
        yield from _sheet_rows(best)
    finally:
        book.close()


def _sheet_rows(sheet) -> Iterator[Row]:
    width, empty = 0, 0
    rows = sheet.iter_rows(max_col=MOST_COLUMNS)
    number = 0
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except Exception as error:  # a cell that no workbook can have
            raise Unreadable(f"Dit Excel-bestand is na rij {number} niet te lezen.") from error
        number += 1
        formulas = [cell for cell in cells if getattr(cell, "data_type", "") == "f"]
        texts = [_cell_text(cell) for cell in cells]
        if not any(texts):
            empty += 1
            if empty > 5_000:
                return
            continue
        empty = 0
        width = width or (len([text for text in texts if text]) and len(texts))
        if formulas:
            yield number, None, "Hier staat een formule. Zet er de uitkomst neer (plakken als waarde)."
        else:
            yield number, [fused(text) for text in texts[:width]] + [""] * (width - len(texts)), ""


def _cell_text(cell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if hasattr(value, "isoformat"):
        text = value.isoformat()
        return text.removesuffix("T00:00:00")
    return str(value)


# Documents ----------------------------------------------------------------------------------------------------------


def document(content: bytes) -> Any:
    try:
        found = json.loads(decoded(content).lstrip("\ufeff"), parse_constant=_refuse_constant)
    except Unreadable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unreadable("Dit is geen JSON die we kunnen lezen.") from error
    if _depth(found) > DEEPEST:
        raise Unreadable("Dit bestand is dieper genest dan HSDS voorschrijft.")
    return found


def _refuse_constant(name: str):
    raise ValueError(name)


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level and deepest <= DEEPEST:
        deepest += 1
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below += [child for child in one.values() if isinstance(child, dict | list)]
            elif isinstance(one, list):
                below += [child for child in one if isinstance(child, dict | list)]
        level = below
    return deepest


def package(content: bytes, known: Iterable[str]) -> dict[str, list[dict[str, str]]]:
    """The tables of a data package by the name of their file; other files are not looked at."""
    found = archive(content)
    known = set(known)
    tables: dict[str, list[dict[str, str]]] = {}
    for name in found.namelist():
        short = name.rsplit("/", 1)[-1]
        if short not in known or short in tables:
            continue
        rows = list(table(unpacked(found, name), len))
        header = rows[0][1] if rows and rows[0][1] else []
        tables[short] = []
        for line, cells, why in rows[1:]:
            if cells is None:
                raise Unreadable(f"{short}, regel {line}: {why}")
            row = dict(zip(header, cells, strict=False))
            if not all(map(storable, row.values())):
                raise Unreadable(f"{short}, regel {line}: hier staan tekens die we niet kunnen bewaren.")
            tables[short].append(row)
    if "services.csv" not in tables and "organizations.csv" not in tables:
        raise Unreadable("In dit zip-bestand ontbreken services.csv en organizations.csv.")
    return tables

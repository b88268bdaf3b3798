"""The sociale kaart as one table, for CSV and Excel: a row is a service with its organisation, in Dutch.

The columns are declared once; template, explanation, reading and writing all follow from them. A column that a file
does not have, says nothing: what stands here stays. A column that it has, says it all: an empty cell makes it empty.
"""

import csv
import io
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from sociale_kaart.exchange.reading import Row, Unreadable, defused
from sociale_kaart.exchange.records import (
    LINKED,
    LOCATION_FIELDS,
    MODEL_OF,
    Losses,
    Record,
    cleaned,
    empty_contact,
    empty_location,
    storable,
)
from sociale_kaart.models import Contact, Location, Organisation, Schedule, Service

SHEET, EXPLANATION = "Aanbod", "Uitleg"
KVK = ["NL-KVK", "KvK-nummer"]
DAYS = {"MO": "ma", "TU": "di", "WE": "wo", "TH": "do", "FR": "vr", "SA": "za", "SU": "zo"}
YES, NO = {"ja", "j", "x", "1", "waar", "true", "yes"}, {"", "nee", "n", "0", "onwaar", "false", "no"}
PART = " | "
SEPARATORS = re.compile(r"[;\n]")


@dataclass(frozen=True)
class Column:
    header: str
    about: str  # service, organisation, location, contact, or a key of the record itself
    field: str
    kind: str = "text"  # text, number, day, yes, choice, list, one
    explanation: str = ""

    @property
    def key(self) -> str:
        return plainly(self.header)


COLUMNS = [
    Column("Nummer", "record", "id", "id", "Ons nummer van dit aanbod. Laat leeg bij nieuw aanbod."),
    Column("Eigen nummer", "record", "source_id", "text", "Jouw nummer van dit aanbod, als je er een hebt."),
    Column("Organisatie", "organisation", "name", "text", "Altijd invullen."),
    Column("Organisatienummer", "organisation", "id", "id", "Ons nummer van de organisatie. Mag leeg."),
    Column("Soort organisatie", "organisation", "kind", "choice"),
    Column("Over de organisatie", "organisation", "description"),
    Column("Telefoon organisatie", "organisation", "phone"),
    Column("E-mail organisatie", "organisation", "email"),
    Column("Website organisatie", "organisation", "website"),
    Column("Straat organisatie", "organisation", "street", "text", "Bezoekadres: straat en huisnummer."),
    Column("Postcode organisatie", "organisation", "postcode"),
    Column("Plaats organisatie", "organisation", "place"),
    Column("KvK-nummer", "organisation", "identifiers"),
    Column("Naam", "service", "name", "text", "De naam van het aanbod. Altijd invullen."),
    Column("Hoe mensen het noemen", "service", "everyday_name", "text", "Bijvoorbeeld: kookatelier."),
    Column("In één zin", "service", "summary", "text", "Nodig om te publiceren."),
    Column("Beschrijving", "service", "description"),
    Column("Voor wie", "service", "for_whom"),
    Column("Ondersteuningsvormen", "service", "kinds", "list", "Minstens één om te publiceren."),
    Column("Beroepen", "service", "professions", "list", "Wie je hier treft."),
    Column("Fasen", "service", "phases", "list", "Fasen bij dementie."),
    Column("Doelgroepen", "service", "target_groups", "list"),
    Column("Talen", "service", "languages", "list"),
    Column("Gemeenten", "service", "municipalities", "list", "Waar het aanbod is: naam of CBS-code."),
    Column("Gemeente die het bijhoudt", "service", "home_municipality", "one", "Een van de gemeenten."),
    Column("Kosten", "service", "cost_kind", "choice"),
    Column("Uitleg over de kosten", "service", "cost_note"),
    Column("Betaald uit", "service", "financing", "list"),
    Column("Toegang", "service", "access", "choice"),
    Column("Uitleg over de toegang", "service", "access_note"),
    Column("Wie belt", "service", "caller", "choice"),
    Column("Belt binnen (werkdagen)", "service", "call_within_days", "number", "1 tot 60."),
    Column("Zonder dossier", "service", "zonder_dossier", "yes"),
    Column("Vraagt vooraf naar doelgroep", "service", "asks_target_groups", "yes"),
    Column("Plek", "service", "capacity", "choice"),
    Column("Wachttijd (weken)", "service", "wait_weeks", "number", "Alleen bij een wachtlijst."),
    Column("Stand van", "service", "capacity_on", "day", "Sinds wanneer dit over de plek bekend is."),
    Column("Openingstijden", "service", "schedules", "text", "Zoals je het zou zeggen: ma en do 9.00-12.00."),
    Column("Telefoon", "service", "phone"),
    Column("E-mail", "service", "email"),
    Column("Website", "service", "website"),
    Column("Locatie: naam", "location", "name", "text", "De plek waar het aanbod is."),
    Column("Locatie: straat", "location", "street", "text", "Straat en huisnummer."),
    Column("Locatie: postcode", "location", "postcode"),
    Column("Locatie: plaats", "location", "place"),
    Column("Locatie: toegankelijkheid", "location", "accessibility"),
    Column("Locatie: bereikbaarheid", "location", "transport"),
    Column("Meer locaties", "record", "more_locations", "text", "Elke locatie op een eigen regel in de cel."),
    Column("Contact: naam", "contact", "name"),
    Column("Contact: functie", "contact", "title"),
    Column("Contact: telefoon", "contact", "phone"),
    Column("Contact: e-mail", "contact", "email"),
    Column("Contact: bereikbaar", "contact", "availability"),
    Column("Contact: mag openbaar", "contact", "is_public", "yes"),
    Column("Contact: beroep", "contact", "profession", "one"),
    Column("Meer contacten", "record", "more_contacts", "text", "Elke contactpersoon op een eigen regel in de cel."),
    Column("Status", "service", "status", "choice", "Nieuw aanbod zonder status is een concept."),
    Column("Nagekeken op", "service", "checked_on", "day", "Wanneer iemand nakeek dat het klopt."),
    Column("Nakijken na (dagen)", "service", "check_interval_days", "number", "7 tot 730."),
]
PERSONAL = {"contact", "more_contacts"}
MORE_LOCATION = ("name", "street", "postcode", "place", "accessibility", "transport", "kind")
MORE_CONTACT = ("name", "title", "phone", "email", "availability", "is_public", "profession")


def plainly(header: str) -> str:
    """A header as people type it: without case, marks and spaces."""
    return re.sub(r"[^a-z0-9é]", "", header.casefold())


BY_HEADER = {column.key: column for column in COLUMNS}


def known(header: list[str]) -> int:
    return sum(plainly(cell) in BY_HEADER for cell in header)


class Words:
    """What people may write for a choice: its name or its key."""

    def __init__(self) -> None:
        self.names: dict[str, dict[str, str]] = {}
        self.keys: dict[str, dict[str, str]] = {}
        for link, model in LINKED.items():
            self._learn(link, model.objects.values_list("pk", "name"))
        for slug in LINKED["kinds"].objects.not_offered().values_list("pk", flat=True):
            del self.names["kinds"][slug]  # understood where it stands already, and no choice
        aliases = LINKED["municipalities"].objects.exclude(alias="").values_list("alias", "pk")
        for alias, code in aliases:
            self.keys["municipalities"].setdefault(alias.casefold(), code)
        for model, names in {
            Service: ("cost_kind", "access", "caller", "capacity", "status"),
            Organisation: ("kind",),
        }.items():
            for name in names:
                self._learn(name, model._meta.get_field(name).choices)
        self.names["home_municipality"] = self.names["municipalities"]
        self.keys["home_municipality"] = self.keys["municipalities"]
        self.names["profession"] = self.names["professions"]
        self.keys["profession"] = self.keys["professions"]

    def _learn(self, field: str, choices: Iterable[tuple[str, str]]) -> None:
        choices = [(str(key), str(name)) for key, name in choices if key]
        self.names[field] = dict(choices)
        self.keys[field] = {name.casefold(): key for key, name in choices} | {key.casefold(): key for key, _ in choices}

    def key(self, field: str, text: str) -> str:
        text = text.strip()
        found = self.keys[field].get(text.casefold())
        if found is None:
            raise ValidationError(f"“{text[:60]}” kennen we niet.")
        return found

    def several(self, field: str, text: str) -> list[str]:
        """Keys of what stands between semicolons or on lines; between commas only where that makes sense."""
        found = []
        for part in filter(None, (part.strip() for part in SEPARATORS.split(text))):
            if part.casefold() in self.keys[field] or "," not in part:
                found.append(self.key(field, part))
            else:
                found += [self.key(field, one) for one in part.split(",") if one.strip()]
        return sorted(set(found))


# In -----------------------------------------------------------------------------------------------------------------


def records(rows: Iterator[Row], words: Words, losses: Losses) -> Iterator[Record]:
    line, header, why = next(rows, (0, [], ""))
    columns: dict[int, Column] = {}
    for place, cell in enumerate(header or []):
        column = BY_HEADER.get(plainly(cell))
        if column and column not in columns.values():
            columns[place] = column
    found = set(columns.values())
    if why or not {BY_HEADER["naam"], BY_HEADER["organisatie"]} <= found:
        raise Unreadable(
            "De eerste regel heeft niet de kolommen van het sjabloon: Naam en Organisatie zijn altijd nodig."
        )
    for line, cells, why in rows:
        if cells is None:
            yield Record(line, {}, [why])
            continue
        for place, cell in enumerate(cells):
            if place not in columns and cell.strip():
                name = (header[place] if place < len(header) else "") or f"kolom {place + 1}"
                losses.add(name, cell, where=f"regel {line}", why="Deze kolom kennen we niet.")
        yield _record(line, {column: cells[place] for place, column in columns.items()}, words)


def _record(line: int, cells: dict[Column, str], words: Words) -> Record:
    record = Record(line)
    about: dict[str, dict[str, Any]] = {"organisation": {}, "location": {}, "contact": {}}
    more: dict[str, str] = {}
    for column, cell in cells.items():
        try:
            value = _value(column, cell, words)
        except ValidationError as error:
            record.mistakes.append(f"{column.header}: {' '.join(error.messages)}")
            continue
        if column.field in ("more_locations", "more_contacts"):
            more[column.field] = value
        elif column.about in about:
            about[column.about][column.field] = value
        elif column.field == "schedules":
            record.values["schedules"] = [{"description": value}] if value else []
        elif column.about == "service" or value:
            record.values[column.field] = value
    organisation = about["organisation"]
    for name in ("id",):
        if not organisation.get(name):
            organisation.pop(name, None)
    if not organisation.get("kind"):
        organisation.pop("kind", None)
    if "identifiers" in organisation:
        number = organisation["identifiers"]
        organisation["kvk"] = number
        organisation.pop("identifiers")
    if not organisation.get("name"):
        record.mistakes.append("Organisatie: vul in van wie dit aanbod is.")
    if not record.values.get("name"):
        record.mistakes.append("Naam: vul in hoe dit aanbod heet.")
    record.values["organisation"] = organisation
    try:
        _places(record, about["location"], more.get("more_locations"))
        _contacts(record, about["contact"], more.get("more_contacts"), words)
    except ValidationError as error:
        record.mistakes += error.messages
    for name in ("status", "cost_kind", "access", "caller", "check_interval_days"):
        if record.values.get(name) in ("", None):
            record.values.pop(name, None)  # there is always one: an empty cell leaves it
    return record


def _value(column: Column, cell: str, words: Words) -> Any:
    text = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not storable(text):
        raise ValidationError("hier staan tekens in die we niet kunnen bewaren.")
    if column.kind == "list":
        return words.several(column.field, text)
    if column.kind in ("choice", "one"):
        return words.key(column.field, text) if text else ("" if column.kind == "choice" else None)
    if column.kind == "yes":
        if text.casefold() not in YES | NO:
            raise ValidationError("schrijf ja of nee.")
        return text.casefold() in YES
    if column.kind == "number":
        if not text:
            return None
        if not text.isdecimal() or not text.isascii() or len(text) > 4:
            raise ValidationError("schrijf een heel getal.")
        return cleaned(MODEL_OF[column.about], column.field, int(text))
    if column.kind == "day":
        return cleaned(MODEL_OF[column.about], column.field, _day(text)) if text else None
    if column.kind == "id":
        try:
            return str(uuid.UUID(text)) if text else ""
        except ValueError as error:
            raise ValidationError("dit is geen nummer van ons. Laat het leeg bij nieuw aanbod.") from error
    if column.field == "source_id":
        if len(text) > 200:
            raise ValidationError("dit is langer dan 200 tekens.")
        return text
    if column.field == "schedules":
        return cleaned(Schedule, "description", text)
    if column.about in MODEL_OF and column.field != "identifiers":
        model = MODEL_OF[column.about]
        if not text and column.field == "name" and column.about in ("service", "organisation"):
            return ""
        return cleaned(model, column.field, text)
    if column.field == "identifiers" and len(text) > 200:
        raise ValidationError("dit is langer dan 200 tekens.")
    return text


def _day(text: str) -> str:
    """ "2026-03-27", "27-03-2026" and "27/3/2026"."""
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text):
        return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    return text


def _places(record: Record, first: dict[str, Any], more: str | None) -> None:
    if not first and more is None:
        return
    places = []
    if any(first.values()):
        places.append(first)
    for number, line in enumerate(filter(None, map(str.strip, (more or "").split("\n"))), 1):
        place = dict(zip(MORE_LOCATION, _parts(line), strict=False))
        place["kind"] = "virtual" if place.get("kind") == "online" else "physical"
        for name in place:
            place[name] = _checked(Location, name, place[name], f"Meer locaties, {number}")
        places.append(place)
    for place in places:
        if not place.get("kind"):
            place["kind"] = "physical" if place.get("street") or place.get("place") else "virtual"
        if place["kind"] == "physical" and not (place.get("street") and place.get("place")):
            raise ValidationError("Locatie: vul straat en plaats allebei in.")
    record.values["locations"] = [{name: place[name] for name in LOCATION_FIELDS if name in place} for place in places]


def _contacts(record: Record, first: dict[str, Any], more: str | None, words: Words) -> None:
    if not first and more is None:
        return
    contacts = []
    if any(first.values()):
        contacts.append(first)
    for number, line in enumerate(filter(None, map(str.strip, (more or "").split("\n"))), 1):
        contact: dict[str, Any] = dict(zip(MORE_CONTACT, _parts(line), strict=False))
        contact["is_public"] = str(contact.get("is_public", "")).casefold() in YES
        profession = contact.pop("profession", "")
        for name in contact:
            contact[name] = _checked(Contact, name, contact[name], f"Meer contacten, {number}")
        contact["profession"] = words.key("profession", profession) if profession else None
        contacts.append(contact)
    for contact in contacts:
        if not (contact.get("name") or contact.get("title")) or not (contact.get("phone") or contact.get("email")):
            raise ValidationError("Contact: vul een naam of functie in, en een telefoonnummer of e-mailadres.")
    record.values["contacts"] = [empty_contact() | contact for contact in contacts]


def _parts(line: str) -> list[str]:
    return [part.strip().replace("\\n", "\n").replace("¦", "|") for part in line.split("|")]


def _checked(model, name: str, value: Any, where: str) -> Any:
    try:
        return cleaned(model, name, value)
    except ValidationError as error:
        raise ValidationError(f"{where}: {' '.join(error.messages)}") from error


# Out ----------------------------------------------------------------------------------------------------------------


def columns(*, personal: bool) -> list[Column]:
    """A file for everybody has no columns about contacts: who reads it back, does not wipe them out."""
    return [column for column in COLUMNS if personal or not {column.about, column.field} & PERSONAL]


def row(
    wanted: list[Column], service: dict[str, Any], organisation: dict[str, Any], words: Words, source_id: str = ""
) -> list[str]:
    contacts = service["contacts"]
    places = service["locations"]
    values = {
        "service": service,
        "organisation": organisation,
        "location": places[0] if places else empty_location(),
        "contact": contacts[0] if contacts else empty_contact(),
        "record": {
            "id": service["id"],
            "source_id": source_id,
            "more_locations": "\n".join(_line(place, MORE_LOCATION, words) for place in places[1:]),
            "more_contacts": "\n".join(_line(contact, MORE_CONTACT, words) for contact in contacts[1:]),
        },
    }
    return [_text(column, values[column.about].get(column.field), words) for column in wanted]


def _text(column: Column, value: Any, words: Words) -> str:
    if value in (None, "", []):
        return ""
    if column.kind == "list":
        return "; ".join(words.names[column.field].get(key, key) for key in value)
    if column.kind in ("choice", "one"):
        return words.names[column.field].get(value, value)
    if column.kind == "yes":
        return "ja" if value else "nee"
    if column.field == "schedules":
        return opening_hours(value)
    if column.field == "identifiers":
        return next((number for *whose, number in value if whose == KVK), "")
    return str(value)


def _line(values: dict[str, Any], names: tuple[str, ...], words: Words) -> str:
    parts = []
    for name in names:
        value = values.get(name)
        if name == "kind":
            value = "online" if value == "virtual" else ""
        elif name == "is_public":
            value = "ja" if value else "nee"
        elif name == "profession":
            value = words.names["profession"].get(value, "") if value else ""
        parts.append(str(value or "").replace("|", "¦").replace("\n", "\\n"))
    return PART.join(parts).rstrip(" |")


def opening_hours(schedules: list[dict[str, Any]]) -> str:
    return "; ".join(filter(None, map(_hours, schedules)))


def _hours(schedule: dict[str, Any]) -> str:
    days = ", ".join(DAYS.get(day.strip()[-2:], day) for day in schedule.get("byday", "").split(",") if day.strip())
    hours = "-".join(filter(None, (schedule.get("opens_at", "")[:5], schedule.get("closes_at", "")[:5])))
    return " ".join(filter(None, (days, hours, schedule.get("description", ""))))


def as_csv(wanted: list[Column], rows: Iterable[list[str]]) -> bytes:
    """With a semicolon and a mark for the encoding: so a Dutch Excel opens it by itself."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.header for column in wanted])
    for cells in rows:
        writer.writerow([defused(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(wanted: list[Column], rows: Iterable[list[str]], words: Words) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "A2"

    def write(where, cells: list[str], *, bold: bool = False) -> None:
        written = []
        for text in cells:
            cell = WriteOnlyCell(where, ILLEGAL_CHARACTERS_RE.sub(" ", defused(text))[:32_767])
            if bold:
                cell.font = Font(bold=True)
            cell.data_type = "s"
            written.append(cell)
        where.append(written)

    write(sheet, [column.header for column in wanted], bold=True)
    for cells in rows:
        write(sheet, cells)
    about = book.create_sheet(EXPLANATION)
    write(about, ["Kolom", "Wat je invult", "Keuzes"], bold=True)
    for column, text, choices in explanation(words):
        write(about, [column, text, choices])
    whole = io.BytesIO()
    book.save(whole)
    return whole.getvalue()


KINDS = {
    "number": "Een heel getal.",
    "day": "Een datum, zoals 27-03-2026.",
    "yes": "ja of nee.",
    "list": "Een of meer, met een puntkomma ertussen.",
    "choice": "Kies er een.",
    "one": "Kies er een.",
}
MORE_WORDS = {
    "more_locations": "naam | straat | postcode | plaats | toegankelijkheid | bereikbaarheid",
    "more_contacts": "naam | functie | telefoon | e-mail | bereikbaar | mag openbaar | beroep",
}


def explanation(words: Words) -> Iterator[tuple[str, str, str]]:
    """Per column what to fill in, and what there is to choose from."""
    for column in COLUMNS:
        choices = ""
        if column.kind in ("choice", "list", "one") and column.field not in ("municipalities", "home_municipality"):
            choices = "; ".join(words.names[column.field].values())
        text = " ".join(filter(None, (column.explanation, KINDS.get(column.kind, ""))))
        yield column.header, text, choices or MORE_WORDS.get(column.field, "")

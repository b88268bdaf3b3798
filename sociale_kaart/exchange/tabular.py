"""HSDS 3.1 as a tabular data package: a zip with one CSV per object and a description of them.

Rows of the tables become the nested objects of the standard and back, so that one mapping (hsds.py) serves both.
"""

import csv
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sociale_kaart.exchange.records import Losses

UUID, WORDS, NUMBER, DAY, MOMENT, TIME, URI, MAIL = (
    *("uuid", "string", "number", "date", "datetime", "time", "uri", "email"),
)
FORMATS = {UUID, URI, MAIL}  # in a data package these are formats of a string

# Each table of the standard: its file and its columns. What must be filled, has an exclamation mark.
TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "organization": (
        "organizations.csv",
        {
            "id!": UUID,
            "name!": WORDS,
            "alternate_name": WORDS,
            "description!": WORDS,
            "email": MAIL,
            "website": URI,
            "tax_status": WORDS,
            "tax_id": WORDS,
            "year_incorporated": NUMBER,
            "legal_status": WORDS,
            "logo": WORDS,
            "uri": URI,
            "parent_organization_id": UUID,
        },
    ),
    "program": (
        "programs.csv",
        {"id!": UUID, "organization_id!": UUID, "name!": WORDS, "alternate_name": WORDS, "description!": WORDS},
    ),
    "service": (
        "services.csv",
        {
            "id!": UUID,
            "organization_id!": UUID,
            "program_id": UUID,
            "name!": WORDS,
            "alternate_name": WORDS,
            "description": WORDS,
            "url": URI,
            "email": MAIL,
            "status!": WORDS,
            "interpretation_services": WORDS,
            "application_process": WORDS,
            "fees_description": WORDS,
            "wait_time": WORDS,
            "fees": WORDS,
            "accreditations": WORDS,
            "eligibility_description": WORDS,
            "minimum_age": NUMBER,
            "maximum_age": NUMBER,
            "assured_date": DAY,
            "assurer_email": MAIL,
            "licenses": WORDS,
            "alert": WORDS,
            "last_modified": MOMENT,
        },
    ),
    "attribute": (
        "attributes.csv",
        {
            "id!": UUID,
            "link_id!": UUID,
            "taxonomy_term_id!": UUID,
            "link_type": WORDS,
            "link_entity!": WORDS,
            "value": WORDS,
            "label": WORDS,
        },
    ),
    "service_at_location": (
        "service_at_location.csv",
        {"id!": UUID, "service_id!": UUID, "location_id!": UUID, "description": WORDS},
    ),
    "location": (
        "locations.csv",
        {
            "id!": UUID,
            "location_type!": WORDS,
            "url": URI,
            "organization_id": UUID,
            "name": WORDS,
            "alternate_name": WORDS,
            "description": WORDS,
            "transportation": WORDS,
            "latitude": NUMBER,
            "longitude": NUMBER,
            "external_identifier": WORDS,
            "external_identifier_type": WORDS,
        },
    ),
    "phone": (
        "phones.csv",
        {
            "id!": UUID,
            "location_id": UUID,
            "service_id": UUID,
            "organization_id": UUID,
            "contact_id": UUID,
            "service_at_location_id": UUID,
            "number!": WORDS,
            "extension": NUMBER,
            "type": WORDS,
            "description": WORDS,
        },
    ),
    "contact": (
        "contacts.csv",
        {
            "id!": UUID,
            "organization_id": UUID,
            "service_id": UUID,
            "service_at_location_id": UUID,
            "location_id": UUID,
            "name": WORDS,
            "title": WORDS,
            "department": WORDS,
            "email": MAIL,
        },
    ),
    "address": (
        "addresses.csv",
        {
            "id!": UUID,
            "location_id": UUID,
            "attention": WORDS,
            "address_1!": WORDS,
            "address_2": WORDS,
            "city!": WORDS,
            "region": WORDS,
            "state_province!": WORDS,
            "postal_code!": WORDS,
            "country!": WORDS,
            "address_type!": WORDS,
        },
    ),
    "schedule": (
        "schedules.csv",
        {
            "id!": UUID,
            "service_id": UUID,
            "location_id": UUID,
            "service_at_location_id": UUID,
            "valid_from": DAY,
            "valid_to": DAY,
            "dtstart": DAY,
            "timezone": NUMBER,
            "until": DAY,
            "count": NUMBER,
            "wkst": WORDS,
            "freq": WORDS,
            "interval": NUMBER,
            "byday": WORDS,
            "byweekno": WORDS,
            "bymonthday": WORDS,
            "byyearday": WORDS,
            "description": WORDS,
            "opens_at": TIME,
            "closes_at": TIME,
            "schedule_link": URI,
            "attending_type": WORDS,
            "notes": WORDS,
        },
    ),
    "funding": ("funding.csv", {"id!": UUID, "organization_id": UUID, "service_id": UUID, "source": WORDS}),
    "service_area": (
        "service_areas.csv",
        {
            "id!": UUID,
            "service_id": UUID,
            "service_at_location_id": UUID,
            "name": WORDS,
            "description": WORDS,
            "extent": WORDS,
            "extent_type": WORDS,
            "uri": WORDS,
        },
    ),
    "required_document": (
        "required_documents.csv",
        {"id!": UUID, "service_id": UUID, "document": WORDS, "uri": URI},
    ),
    "language": (
        "languages.csv",
        {
            "id!": UUID,
            "service_id": UUID,
            "location_id": UUID,
            "phone_id": UUID,
            "name": WORDS,
            "code": WORDS,
            "note": WORDS,
        },
    ),
    "accessibility": (
        "accessibility.csv",
        {"id!": UUID, "location_id": UUID, "description": WORDS, "details": WORDS, "url": URI},
    ),
    "taxonomy_term": (
        "taxonomy_terms.csv",
        {
            "id!": UUID,
            "code": WORDS,
            "name!": WORDS,
            "description!": WORDS,
            "parent_id": UUID,
            "taxonomy": WORDS,
            "language": WORDS,
            "taxonomy_id": UUID,
            "term_uri": URI,
        },
    ),
    "taxonomy": (
        "taxonomies.csv",
        {"id!": UUID, "name!": WORDS, "description!": WORDS, "uri": URI, "version": WORDS},
    ),
    "cost_option": (
        "cost_options.csv",
        {
            "id!": UUID,
            "service_id!": UUID,
            "valid_from": DAY,
            "valid_to": DAY,
            "option": WORDS,
            "currency": WORDS,
            "amount": NUMBER,
            "amount_description": WORDS,
        },
    ),
    "organization_identifier": (
        "organization_identifiers.csv",
        {
            "id!": UUID,
            "organization_id!": UUID,
            "identifier_scheme": WORDS,
            "identifier_type!": WORDS,
            "identifier!": WORDS,
        },
    ),
    "url": (
        "url.csv",
        {"id!": UUID, "label": WORDS, "url!": URI, "organization_id": UUID, "service_id": UUID},
    ),
}
FILES = {path: table for table, (path, _) in TABLES.items()} | {
    "service_capacity.csv": "service_capacity",
    "units.csv": "unit",
    "metadata.csv": "metadata",
    "meta_table_descriptions.csv": "meta_table_description",
}
LINKS = ("organization_id", "program_id", "service_id", "location_id", "service_at_location_id", "contact_id")
MEMBERS: dict[str, dict[str, tuple[str, str]]] = {  # lists of an object: in which table, by which column
    "service": {
        "phones": ("phone", "service_id"),
        "schedules": ("schedule", "service_id"),
        "service_areas": ("service_area", "service_id"),
        "service_at_locations": ("service_at_location", "service_id"),
        "languages": ("language", "service_id"),
        "funding": ("funding", "service_id"),
        "cost_options": ("cost_option", "service_id"),
        "required_documents": ("required_document", "service_id"),
        "contacts": ("contact", "service_id"),
        "capacities": ("service_capacity", "service_id"),
        "attributes": ("attribute", "link_id"),
        "additional_urls": ("url", "service_id"),
        "metadata": ("metadata", "resource_id"),
    },
    "organization": {
        "phones": ("phone", "organization_id"),
        "contacts": ("contact", "organization_id"),
        "locations": ("location", "organization_id"),
        "funding": ("funding", "organization_id"),
        "programs": ("program", "organization_id"),
        "organization_identifiers": ("organization_identifier", "organization_id"),
        "attributes": ("attribute", "link_id"),
        "additional_websites": ("url", "organization_id"),
        "metadata": ("metadata", "resource_id"),
    },
    "location": {
        "phones": ("phone", "location_id"),
        "schedules": ("schedule", "location_id"),
        "languages": ("language", "location_id"),
        "addresses": ("address", "location_id"),
        "contacts": ("contact", "location_id"),
        "accessibility": ("accessibility", "location_id"),
        "attributes": ("attribute", "link_id"),
        "metadata": ("metadata", "resource_id"),
    },
    "service_at_location": {
        "phones": ("phone", "service_at_location_id"),
        "schedules": ("schedule", "service_at_location_id"),
        "contacts": ("contact", "service_at_location_id"),
        "service_areas": ("service_area", "service_at_location_id"),
        "attributes": ("attribute", "link_id"),
    },
    "contact": {"phones": ("phone", "contact_id"), "attributes": ("attribute", "link_id")},
    "phone": {"languages": ("language", "phone_id")},
}
ONES: dict[str, dict[str, tuple[str, str]]] = {  # objects that an object names: in which table, by which column
    "service": {"organization": ("organization", "organization_id"), "program": ("program", "program_id")},
    "service_at_location": {"location": ("location", "location_id")},
    "attribute": {"taxonomy_term": ("taxonomy_term", "taxonomy_term_id")},
    "taxonomy_term": {"taxonomy_detail": ("taxonomy", "taxonomy_id")},
    "service_capacity": {"unit": ("unit", "unit_id")},
}


# In -----------------------------------------------------------------------------------------------------------------


def nested(tables: dict[str, list[dict[str, str]]], losses: Losses) -> list[dict[str, Any]]:
    """The services of a package, each with its organisation; then the organisations that offer nothing."""
    tables = {FILES[name]: rows for name, rows in tables.items() if name in FILES}
    package = _Package(tables)
    found = [package.whole("service", row) for row in tables.get("service", [])]
    offering = {row.get("organization_id") for row in tables.get("service", [])}
    found += [package.whole("organization", row) for row in tables.get("organization", []) if row["id"] not in offering]
    for table, row in package.not_used():
        for column, value in row.items():
            if value:
                losses.add(f"{table}.{column}", value, where=FILES_OF[table], why="Hoort bij niets in dit bestand.")
    return found


FILES_OF = {table: path for path, table in FILES.items()}


class _Package:
    def __init__(self, tables: dict[str, list[dict[str, str]]]):
        self.tables = tables
        self.by_id: dict[str, dict[str, dict]] = {
            table: {row.get("id", ""): row for row in rows} for table, rows in tables.items()
        }
        self.by_link: dict[tuple[str, str], dict[str, list[dict]]] = defaultdict(lambda: defaultdict(list))
        links = {link for members in MEMBERS.values() for link in members.values()}
        for table, column in links:
            for row in tables.get(table, []):
                if row.get(column):
                    self.by_link[table, column][row[column]].append(row)
        self.used: set[int] = set()
        self.made: dict[tuple[str, str], dict[str, Any]] = {}

    def whole(self, table: str, row: dict[str, str], owner: str = "") -> dict[str, Any]:
        """A row with all that hangs on it. Links say where it hangs, which its place says already."""
        self.used.add(id(row))
        key = (table, row.get("id", ""), owner)
        if key in self.made:
            return self.made[key]
        value: dict[str, Any] = {name: text for name, text in row.items() if text}
        for name in (*LINKS, "phone_id"):
            if table != "service" or name not in ("organization_id", "program_id"):
                self._drop(table, value, name)
        for name, (other, column) in ONES.get(table, {}).items():
            one = self.by_id.get(other, {}).get(row.get(column, ""))
            if one is not None:
                value.pop(column, None)
                value[name] = self.whole(other, one)
        for name, (other, column) in MEMBERS.get(table, {}).items():
            rows = self.by_link[other, column].get(row.get("id", ""), [])
            if rows:
                value[name] = [self.whole(other, one, table) for one in rows]
        self.made[key] = value
        return value

    def _drop(self, table: str, value: dict[str, Any], name: str) -> None:
        """A link that leads somewhere in the package goes; one that leads nowhere stays, and is reported."""
        other = name.removesuffix("_id")
        if value.get(name) in self.by_id.get(other, {}):
            value.pop(name)

    def not_used(self) -> Iterator[tuple[str, dict[str, str]]]:
        for table, rows in self.tables.items():
            for row in rows:
                if id(row) not in self.used:
                    yield table, row


# Out ----------------------------------------------------------------------------------------------------------------


class Writer:
    """Takes objects of the standard apart into rows; the same object that is met twice is one row."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, dict[str, Any]]] = {table: {} for table in TABLES}

    def add(self, table: str, value: dict[str, Any], **links: str) -> None:
        row = self.rows[table].setdefault(value["id"], {})
        row.update(links)
        columns = TABLES[table][1]
        for name, one in value.items():
            if name in ONES.get(table, {}):
                other, column = ONES[table][name]
                row[column] = one["id"]
                if one["id"] not in self.rows[other] or other != "taxonomy_term":
                    self.add(other, one)
            elif name in MEMBERS.get(table, {}):
                other, column = MEMBERS[table][name]
                for member in one:
                    self.add(other, member, **{column: value["id"]})
            elif name in columns or f"{name}!" in columns:
                row[name] = one

    def package(self, safe: Callable[[str], str] = str) -> bytes:
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            for table, rows in self.rows.items():
                if rows:
                    path, columns = TABLES[table]
                    archive.writestr(path, _csv([name.rstrip("!") for name in columns], rows.values(), safe))
            archive.writestr("datapackage.json", json.dumps(self._description(), indent=1))
        return whole.getvalue()

    def _description(self) -> dict[str, Any]:
        resources = []
        for table, rows in self.rows.items():
            if rows:
                path, columns = TABLES[table]
                fields = []
                for name, kind in columns.items():
                    described: dict[str, Any] = {"name": name.rstrip("!")}
                    described |= {"type": "string", "format": kind} if kind in FORMATS else {"type": kind}
                    if name.endswith("!"):
                        described["constraints"] = {"required": True}
                    fields.append(described)
                schema = {"primaryKey": "id", "fields": fields}
                resources.append({"profile": "tabular-data-resource", "name": table, "path": path, "schema": schema})
        return {
            "name": "sociale-kaart",
            "title": "Sociale kaart (HSDS 3.1)",
            "profile": "tabular-data-package",
            "resources": resources,
        }


def _csv(columns: list[str], rows: Iterable[dict[str, Any]], safe: Callable[[str], str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: safe(value) if isinstance(value, str) else value for name, value in row.items()})
    return text.getvalue()

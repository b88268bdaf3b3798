"""What goes out: the published part of the sociale kaart for everybody, or all of it for whoever keeps it.

Read in batches, so that fifty thousand services take as many queries as five hundred times a hundred.
"""

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from django.conf import settings
from django.db.models import QuerySet

from sociale_kaart.exchange import as_it_is, hsds, tables, tabular
from sociale_kaart.exchange.reading import defused_unless_number
from sociale_kaart.models import Contact, ExternalId, Import, Service

CONTENT_TYPES = {
    Import.Format.CSV: ("text/csv; charset=utf-8", "csv"),
    Import.Format.XLSX: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    Import.Format.HSDS_JSON: ("application/json", "json"),
    Import.Format.HSDS_ZIP: ("application/zip", "zip"),
}


def to_export(*, by, municipality: str, for_own_use: bool) -> QuerySet:
    """Which services: of a municipality or of all; what is published, or for own use all that she keeps."""
    every = Service.objects
    services = every.in_municipality(municipality) if municipality else every.kept_by(by)
    return services.kept_by(by) if for_own_use else services.published()


def is_too_much(services: QuerySet) -> bool:
    """More than a page can make while somebody waits."""
    return services.count() > settings.EXPORT_MAX_SERVICES


def export(kind: str, services: QuerySet, *, for_own_use: bool, source: str = "") -> bytes:
    whole = io.BytesIO()
    write(kind, services, whole, for_own_use=for_own_use, source=source)
    return whole.getvalue()


def write(kind: str, services: QuerySet, to: BinaryIO, *, for_own_use: bool, source: str = "") -> None:
    ids = services.order_by("pk").values_list("pk", flat=True)
    if kind == Import.Format.HSDS_JSON:
        to.write(b"[")
        for number, service in enumerate(hsds_services(ids, all_contacts=for_own_use)):
            to.write(b",\n" if number else b"")
            to.write(json.dumps(service, ensure_ascii=False, separators=(",", ":")).encode())
        to.write(b"]\n")
        return
    if kind == Import.Format.HSDS_ZIP:
        to.write(tables_of(ids, all_contacts=for_own_use).package(defused_unless_number))
        return
    words = tables.Words()
    wanted = tables.columns(personal=for_own_use)
    rows = table_rows(wanted, ids, words, source=source if for_own_use else "", personal=for_own_use)
    to.write(tables.as_csv(wanted, rows) if kind == Import.Format.CSV else tables.as_xlsx(wanted, rows, words))


def template(kind: str) -> bytes:
    """Nothing but the columns; in Excel with what to fill in and what there is to choose from."""
    wanted = tables.columns(personal=True)
    return tables.as_csv(wanted, []) if kind == Import.Format.CSV else tables.as_xlsx(wanted, [], tables.Words())


def with_organisations(ids: Iterable, *, personal: bool) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Services with their organisations, in the order of `ids`. Unless `personal`, no address is somebody's own."""
    for batch in as_it_is.in_batches(ids):
        services = as_it_is.services(batch)
        owners = as_it_is.organisations({service["organisation"] for service in services.values()})
        if not personal:
            leave_out_private(owners, services.values())
        for service in services.values():
            yield service, owners[service["organisation"]]


def leave_out_private(organisations: dict[str, dict[str, Any]], services: Iterable[dict[str, Any]] = ()) -> None:
    """Take away the general address of an organisation or service that is a contact person's own, and not public."""
    private = Contact.objects.own_addresses(organisations)
    for pk, thing in [*organisations.items(), *((one["organisation"], one) for one in services)]:
        if thing["email"].casefold() in private[pk]:
            thing["email"] = ""


def hsds_services(ids: Iterable, *, all_contacts: bool = False) -> Iterator[dict[str, Any]]:
    known = hsds.Known()
    for service, organisation in with_organisations(ids, personal=all_contacts):
        yield hsds.service(service, organisation, known, all_contacts=all_contacts)


def hsds_places(ids: Iterable, *, all_contacts: bool = False) -> Iterator[dict[str, Any]]:
    """Each service at each of its locations."""
    known = hsds.Known()
    for service, organisation in with_organisations(ids, personal=all_contacts):
        for place in service["locations"]:
            yield hsds.service_at_location(service, organisation, place, known, all_contacts=all_contacts)


def tables_of(ids: Iterable, *, all_contacts: bool = False) -> tabular.Writer:
    writer = tabular.Writer()
    for service in hsds_services(ids, all_contacts=all_contacts):
        writer.add("service", service)
    return writer


def table_rows(
    wanted: list[tables.Column], ids: Iterable, words: tables.Words, *, source: str, personal: bool
) -> Iterator[list[str]]:
    for batch in as_it_is.in_batches(ids):
        keys = dict(
            ExternalId.objects.filter(is_key=True, system=source, service__in=batch).values_list("service_id", "value")
        )
        numbers = {str(pk): value for pk, value in keys.items()} if source else {}
        for service, organisation in with_organisations(batch, personal=personal):
            yield tables.row(wanted, service, organisation, words, numbers.get(service["id"], ""))

"""The published sociale kaart as open data: the read-only API of HSDS 3.1, for everybody, where OPEN_DATA says so.

It shows what is published and no contact that was not marked public. Answers may be kept for some minutes by whoever
asks; an address that asks too often waits. Pages go by number because the standard says so: only ids are counted off.
"""

import datetime
import hashlib
import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models.functions import Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from mantelzorg.rate_limit import is_too_often
from sociale_kaart.exchange import as_it_is, exporting, hsds, published
from sociale_kaart.exchange.terms import Terms
from sociale_kaart.models import Location, Service

VERSION = "3.1"
OPENAPI = "https://raw.githubusercontent.com/openreferral/specification/3.1-dev/schema/openapi.json"
KEPT = 300  # seconds
PAGE, LARGEST_PAGE = 50, 100
LAST_PAGE = 1_000_000
YES = {"true", "1", "yes"}


def open_data(view: Callable[..., Any]):
    """JSON for everybody: what it gives is data, or a status with a sentence."""

    @require_safe
    @login_not_required
    @wraps(view)
    def wrapper(request: HttpRequest, **kwargs) -> HttpResponse:
        if not settings.OPEN_DATA:
            raise Http404
        if is_too_often(request, what="open-data", per_minute=settings.OPEN_DATA_PER_MINUTE):
            return _answer(request, {"message": "Too many requests."}, status=429, kept=0, **{"Retry-After": "60"})
        asked = {name: value.strip() for name, value in request.GET.items() if "\x00" not in value}
        try:
            found = view(asked, **kwargs)
        except published.Unknown as error:
            return _answer(request, {"message": f"Parameter {error} cannot be read."}, status=400, kept=0)
        request.session.accessed = False  # nothing here depends on who asks: a cache may keep it for all
        if found is None:
            return _answer(request, {"message": "Not found."}, status=404, kept=0)
        return _kept(request, found) if isinstance(found, HttpResponse) else _answer(request, found)

    return wrapper


def _answer(request: HttpRequest, value: Any, *, status: int = 200, kept: int = KEPT, **headers) -> HttpResponse:
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    response = HttpResponse(content, content_type="application/json", status=status, headers=headers)
    return _kept(request, response, kept)


def _kept(request: HttpRequest, response: HttpResponse, kept: int = KEPT) -> HttpResponse:
    """For everybody, for so many seconds; who has it already gets to hear that it is the same."""
    response.headers["Cache-Control"] = f"public, max-age={kept}" if kept else "no-store"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if not kept:
        return response
    mark = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = mark
    return get_conditional_response(request, etag=mark, response=response)


# Addresses ----------------------------------------------------------------------------------------------------------


@open_data
def root(asked: dict[str, str]) -> dict[str, Any]:
    return {"version": VERSION, "profile": f"{settings.PUBLIC_URL}/api/hsds/", "openapi_url": OPENAPI}


@open_data
def services(asked: dict[str, str]):
    found = published.services(asked, Terms()).order_by("pk")
    if _yes(asked, "minimal"):
        return _of_pages(
            asked, found.values_list("pk", Greatest("updated_at", "organisation__updated_at")), _minimal_services
        )
    make = exporting.hsds_services if _yes(asked, "full") else _simple_services
    return _of_pages(asked, found.values_list("pk", flat=True), lambda ids: list(make(ids)))


@open_data
def service(asked: dict[str, str], pk: uuid.UUID):
    ids = Service.objects.published().filter(pk=pk).values_list("pk", flat=True)
    return next(iter(exporting.hsds_services(ids)), None)


@open_data
def organizations(asked: dict[str, str]):
    found = published.organisations(asked, Terms()).order_by("pk").values_list("pk", flat=True)
    full, whole = _yes(asked, "full"), _yes(asked, "full_service")
    return _of_pages(asked, found, lambda ids: _organisations(ids, full=full or whole, full_service=whole))


@open_data
def organization(asked: dict[str, str], pk: uuid.UUID):
    ids = published.organisations({}, Terms()).filter(pk=pk).values_list("pk", flat=True)
    return next(iter(_organisations(ids, full=True, full_service=_yes(asked, "full_service"))), None)


@open_data
def service_at_locations(asked: dict[str, str]):
    found = published.at_locations(asked, Terms()).order_by("pk").values_list("service_id", "location_id")
    return _of_pages(asked, found, lambda pairs: _at_locations(pairs, full=_yes(asked, "full")))


@open_data
def service_at_location(asked: dict[str, str], pk: uuid.UUID):
    pair = published.at_location(pk)
    return _at_locations([(pair["service_id"], pair["location_id"])], full=True)[0] if pair else None


@open_data
def taxonomies(asked: dict[str, str]):
    return _of_pages(asked, published.taxonomies(asked), list)


@open_data
def taxonomy(asked: dict[str, str], pk: uuid.UUID):
    return next((one for one in published.taxonomies({}) if one["id"] == str(pk)), None)


@open_data
def taxonomy_terms(asked: dict[str, str]):
    return _of_pages(asked, published.taxonomy_terms(asked, Terms()), list)


@open_data
def taxonomy_term(asked: dict[str, str], pk: uuid.UUID):
    return Terms().json.get(str(pk))


# Steps --------------------------------------------------------------------------------------------------------------


def _of_pages(asked: dict[str, str], found, make: Callable[[list], list]):
    """One page of what was found, or with format=ndjson all of it, an object on a line."""
    kind = asked.get("format", "json") or "json"
    if kind not in ("json", "ndjson"):
        raise published.Unknown("format")
    total = len(found) if isinstance(found, list) else found.count()
    if kind == "ndjson":
        if total > settings.EXPORT_MAX_SERVICES:
            raise published.Unknown("format")
        lines = [json.dumps(one, ensure_ascii=False) for batch in as_it_is.in_batches(found) for one in make(batch)]
        return HttpResponse("\n".join(lines), content_type="application/x-ndjson")
    number = _whole(asked, "page", 1, LAST_PAGE)
    size = _whole(asked, "per_page", PAGE, LARGEST_PAGE)
    return _page(total, number, size, make(list(found[(number - 1) * size : number * size])))


def _page(total: int, number: int, size: int, contents: list) -> dict[str, Any]:
    pages = max(1, -(-total // size))
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def _whole(asked: dict[str, str], name: str, otherwise: int, most: int) -> int:
    text = asked.get(name, "")
    if not text:
        return otherwise
    if not text.isdecimal() or not text.isascii() or len(text) > 7 or int(text) < 1:
        raise published.Unknown(name)
    return min(int(text), most)


def _yes(asked: dict[str, str], name: str) -> bool:
    return asked.get(name, "").lower() in YES


def _simple(value: dict[str, Any]) -> dict[str, Any]:
    """Only what there is one of."""
    return {
        name: _simple(one) if isinstance(one, dict) else one for name, one in value.items() if not isinstance(one, list)
    }


def _simple_services(ids) -> list[dict[str, Any]]:
    return [_simple(one) for one in exporting.hsds_services(ids)]


def _minimal_services(rows: list[tuple[uuid.UUID, datetime.datetime]]) -> list[dict[str, str]]:
    return [{"id": str(pk), "last_modified": moment.isoformat()} for pk, moment in rows]


def _organisations(ids, *, full: bool, full_service: bool) -> list[dict[str, Any]]:
    known = hsds.Known()
    values = as_it_is.organisations(ids)
    exporting.leave_out_private(values)
    if not full:
        return [_simple(hsds.organisation_out(one, known)) for one in values.values()]
    offers: dict[str, list] = {pk: [] for pk in values}
    used = Location.objects.filter(services__in=Service.objects.published()).filter(organisation__in=list(values))
    places = {str(pk) for pk in used.values_list("pk", flat=True)}
    offered = Service.objects.published().filter(organisation__in=list(values)).order_by("pk")
    for one in exporting.hsds_services(offered.values_list("pk", flat=True)):
        owner = one.pop("organization")["id"]
        offers[owner].append(one if full_service else {name: one[name] for name in ("id", "name", "status")})
    return [hsds.organisation_out(one, known, only=places) | {"services": offers[pk]} for pk, one in values.items()]


def _at_locations(pairs: list, *, full: bool) -> list[dict[str, Any]]:
    known = hsds.Known()
    found = {
        one["id"]: (one, owner)
        for one, owner in exporting.with_organisations(dict.fromkeys(pk for pk, _ in pairs), personal=False)
    }
    result = []
    for service_pk, location_pk in pairs:
        values, owner = found[str(service_pk)]
        place = next(one for one in values["locations"] if one["id"] == str(location_pk))
        whole = hsds.service_at_location(values, owner, place, known)
        result.append(whole if full else _simple(whole))
    return result

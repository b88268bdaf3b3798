"""What the open data may show: the published part, found by the questions of the official HSDS API."""

import datetime
import math
import uuid
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import CharField, Func, Q, QuerySet, UUIDField
from django.db.models.functions import Cast, Concat, Left

from sociale_kaart import postcodes
from sociale_kaart.exchange.terms import CHOICES, LISTS, PROPERTY, TAXONOMIES, Terms, derived
from sociale_kaart.models import Organisation, PostcodeArea, SearchRow, Service
from sociale_kaart.search.words import plain

AT = Service.locations.through
EARTH = 6_371_000  # metres


class Unknown(ValueError):
    """A question that cannot be answered: a parameter is not what it should be. Says which."""


def services(asked: dict[str, str], terms: Terms) -> QuerySet:
    found = Service.objects.published()
    if text := asked.get("search"):
        words = SearchQuery(plain(text), config="mantelzorg_dutch", search_type="plain")
        found = found.filter(pk__in=SearchRow.objects.filter(document=words).values("service"))
    if pk := asked.get("organization_id"):
        found = found.filter(organisation=_uuid(pk, "organization_id"))
    if moment := asked.get("modified_after"):
        since = _moment(moment)  # with a service its organisation is told, where it is and whom to ask for
        theirs = Organisation.objects.filter(updated_at__gte=since)
        found = found.filter(Q(updated_at__gte=since) | Q(organisation__in=theirs.values("pk")))
    if pk := asked.get("taxonomy_term_id"):
        found = _with_term(found, terms, pk)
    if pk := asked.get("taxonomy_id"):
        found = _with_taxonomy(found, pk)
    return found


def organisations(asked: dict[str, str], terms: Terms) -> QuerySet:
    """Those with something published."""
    offered = services({name: asked[name] for name in ("taxonomy_term_id", "taxonomy_id") if name in asked}, terms)
    found = Organisation.objects.filter(pk__in=offered.values("organisation"))
    return found.filter(name__icontains=asked["search"]) if asked.get("search") else found


def at_locations(asked: dict[str, str], terms: Terms) -> QuerySet:
    """Each published service at each of its locations; near a postcode, or for who lives there."""
    found = AT.objects.filter(service__in=services(asked, terms).values("pk"))
    if not asked.get("postcode"):
        return found
    area = PostcodeArea.objects.filter(pk=postcodes.pc4_of(asked["postcode"]) or "").first()
    if area is None:
        return found.none()
    if not asked.get("proximity"):
        return found.filter(service__municipalities=area.municipality_id)
    near = [pk for pk, *place in _places() if _metres(area, *place) <= _number(asked["proximity"], "proximity")]
    return found.annotate(pc4=Left("location__postcode", 4)).filter(pc4__in=near)


def at_location(pk: uuid.UUID) -> Any:
    """The one with this id, which is made from those of the service and the location: see terms.at_location_id."""
    both = Concat(Cast("service_id", CharField()), Cast("location_id", CharField()), output_field=CharField())
    made = Cast(Func(both, function="md5"), UUIDField())
    published = AT.objects.filter(service__status=Service.Status.PUBLISHED)
    return published.annotate(made=made).filter(made=pk).values("service_id", "location_id").first()


def taxonomies(asked: dict[str, str]) -> list[dict[str, Any]]:
    from sociale_kaart.exchange.terms import taxonomy

    text = asked.get("search", "").casefold()
    return [taxonomy(group) for group, name in TAXONOMIES.items() if text in name.casefold()]


def taxonomy_terms(asked: dict[str, str], terms: Terms) -> list[dict[str, Any]]:
    """Ours have no parents: each is on top."""
    found = [terms.json[term.id] for term in terms.all.values()]
    if asked.get("parent_id"):
        return []
    if pk := asked.get("taxonomy_id"):
        found = [term for term in found if term["taxonomy_detail"]["id"] == pk.lower()]
    text = asked.get("search", "").casefold()
    return [term for term in found if text in term["name"].casefold()]


def _with_term(found: QuerySet, terms: Terms, pk: str) -> QuerySet:
    term = terms.by_id.get(str(_uuid(pk, "taxonomy_term_id")))
    if term is None or term.of != "service" or term.group == PROPERTY:
        return found.none()
    return found.filter(**{term.group: term.key})


def _with_taxonomy(found: QuerySet, pk: str) -> QuerySet:
    key = str(_uuid(pk, "taxonomy_id"))
    group = next((group for group in TAXONOMIES if derived("taxonomy", group) == key), None)
    if group in LISTS:
        links = getattr(Service, group).through.objects
        return found.filter(pk__in=links.values("service"))
    if group in CHOICES and CHOICES[group][1] == "service":
        return found.exclude(**{group: ""})
    return found.none()


def _uuid(text: str, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Unknown(name) from error


def _number(text: str, name: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise Unknown(name) from error
    if not math.isfinite(number) or number < 0:
        raise Unknown(name)
    return number


def _moment(text: str) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat(text.replace(" ", "+"))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
        return moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError) as error:
        raise Unknown("modified_after") from error


def _places() -> list[tuple[str, float, float]]:
    return list(PostcodeArea.objects.values_list("pk", "latitude", "longitude"))


def _metres(area: PostcodeArea, latitude: float, longitude: float) -> float:
    here, there = math.radians(area.latitude), math.radians(latitude)
    across = math.radians(longitude - area.longitude)
    half = math.sin((there - here) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(across / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))

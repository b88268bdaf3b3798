"""What there is to weigh: the cards of passing on, and what is offered for one need.

Services of the asked kinds in her municipality, the best first. With a word to search by, everything in her
municipality that the word finds, whatever its kind. What was chosen stays in sight, also when it no longer fits. For
one need also what is nearby, when too little fits where she lives.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from intake.models import Missing, Need
from knowledge.models import SupportKind
from mantelzorg.dates import date_in_words
from referrals.matching.cards import Card
from referrals.matching.groups import NOTHING_KNOWN, About
from referrals.matching.weighing import Asked, Facts, Weighed, best_first
from referrals.matching.words import held_by, kinds_in
from referrals.models import Referral
from referrals.transitions import State
from sociale_kaart import postcodes
from sociale_kaart.models import Service, TargetGroup
from sociale_kaart.search import SearchQuery, find
from sociale_kaart.search.query import BY_DISTANCE
from sociale_kaart.search.words import plain

SHOWN = 8
WEIGHED = 24  # of one kind, so many are looked at to show the ones that fit best
MOST_KINDS = 4  # of several needs at once, so many are looked up
FEW = 3  # with fewer that fit, one looks beyond her municipality
NEARBY = 15  # km
SHOWN_LESS = 12  # of what fits less
THINKS_ALONG = "gesprek-mantelzorgconsulent"  # what fits a need that is still to be found out together


@dataclass(frozen=True)
class Suggestions:
    cards: list[Card] = field(default_factory=list)
    asked_where: bool = True  # False: her municipality is not known yet
    asked_what: bool = True  # False: neither a kind nor a word was given
    text: str = ""
    has_more: bool = False
    is_loose: bool = False  # nothing held all the words; these come near


def suggest(
    *,
    municipalities: Collection[str],
    kinds: Iterable[str] = (),
    about: About = NOTHING_KNOWN,
    prefers_free: bool = False,
    words: str = "",
    text: str = "",
    chosen: Service | None = None,
    running: Mapping[UUID, UUID] | None = None,
) -> Suggestions:
    """`words` are her own and only help to rank; `text` is what somebody searches by, and comes in the order of that
    search. `running` gives, per service, her referral that is open now.
    """
    places, text = tuple(municipalities), text.strip()
    kinds = [] if text else list(kinds)[:MOST_KINDS]
    found = Found()
    if places:
        found = _by_text(places, text) if text else _of_kinds(places, kinds, about.phase, words)
    services = _with_facts(places, [*found.keys, *([chosen.pk] if chosen else [])])
    asked = Asked(_named(kinds, services), about, prefers_free)
    weighed = best_first((_facts(service, found) for service in services.values()), asked)
    if text:
        place = {key: number for number, key in enumerate(found.keys)}
        weighed.sort(key=lambda one: (not one.fits, place.get(one.facts.key, len(place))))
    ranked = [one for one in weighed if one.facts.key in found.keys]
    shown = ranked[:SHOWN]
    chosen_pk = chosen.pk if chosen else None
    if chosen_pk not in [one.facts.key for one in shown]:
        shown = [*(one for one in weighed if one.facts.key == chosen_pk), *shown]
    return Suggestions(
        cards=[_card(one, services, chosen=chosen_pk, running=running or {}) for one in shown],
        asked_where=bool(places),
        asked_what=bool(kinds or text),
        text=text,
        has_more=found.has_more or len(ranked) > SHOWN,
        is_loose=found.is_loose,
    )


@dataclass(frozen=True)
class NeedOffers:
    """What is offered for one need."""

    fits: list[Card] = field(default_factory=list)
    less: list[Card] = field(default_factory=list)  # what fits less well, each with why
    has_more: bool = False
    kind: SupportKind | None = None  # looked at as if she asked for this
    kinds: list[SupportKind] = field(default_factory=list)  # what her words may be about, when nobody chose yet

    @property
    def missing(self) -> list[str]:
        """What we know already of what was missing, for who finds nothing here: values of `Missing`."""
        here = [card.weighed for card in (*self.fits, *self.less) if card.weighed.facts.is_here]
        if not here:
            return [Missing.NOTHING_HERE]
        if not all(one.missing for one in here):  # something suits her as far as we know: only she can say
            return []
        return [what.value for what in Missing if any(what in one.missing for one in here)]


def offers_for(need: Need, user, *, about: About, kind: str = "") -> NeedOffers:
    """What is offered for this need near her, best first. `kind`, when there is one: as if she asked for that.

    A fixed number of queries, however much there is.
    """
    caregiver = need.caregiver
    places = (caregiver.municipality_id,)
    other = SupportKind.objects.referable().filter(pk=kind).first() if kind else None
    wanted = other or need.kind
    slug = wanted.pk if wanted else THINKS_ALONG
    found = _of_kinds(places, [slug], about.phase, need.words)
    tried = _tried(need, user)
    services = _with_facts(places, [*found.keys, *tried])
    asked = Asked({slug: wanted.name} if wanted else _named([slug], services), about, need.prefers_free)
    weighed = _weighed(services, found, tried, asked)
    if sum(one.fits for one in weighed) < FEW:
        near = _nearby(places, slug, postcodes.pc4_of(caregiver.postcode) or "", besides=services)
        found = replace(found, km=near)
        services |= _with_facts(places, near)
        weighed = _weighed(services, found, tried, asked)
    running = Referral.objects.for_user(user).running_per_service(caregiver)
    cards = [_card(one, services, chosen=None, running=running) for one in weighed]
    fits = [card for card in cards if card.fits]
    less = [card for card in cards if not card.fits]
    return NeedOffers(
        fits=fits[:SHOWN],
        less=less[:SHOWN_LESS],
        has_more=found.has_more or len(fits) > SHOWN or len(less) > SHOWN_LESS,
        kind=other,
        kinds=kinds_in(need.words, places=places) if need.kind is None else [],
    )


# What there is ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    keys: Collection[UUID] = ()  # in the order found
    holds: Mapping[UUID, tuple[str, ...]] = field(default_factory=dict)  # which of her words each is about
    km: Mapping[UUID, float | None] = field(default_factory=dict)  # of what is elsewhere
    has_more: bool = False
    is_loose: bool = False  # it only came near


def _by_text(places: tuple[str, ...], text: str) -> Found:
    page = find(SearchQuery(text=text, municipalities=places, size=SHOWN))
    return Found([hit.id for hit in page.hits], has_more=bool(page.next_after), is_loose=page.is_loose)


def _of_kinds(places: tuple[str, ...], kinds: Iterable[str], phase: str, words: str) -> Found:
    """Of each kind what has room and what fits her phase, with what her words find among them."""
    keys: dict[UUID, None] = {}
    holds: dict[UUID, tuple[str, ...]] = {}
    has_more = False
    for kind in kinds:
        query = SearchQuery(municipalities=places, kind=kind, size=WEIGHED)
        page = find(query)
        has_more |= bool(page.next_after)
        keys |= dict.fromkeys(hit.id for hit in page.hits)
        if page.next_after and phase:  # not all of them were looked at: then at least those of her phase
            keys |= dict.fromkeys(hit.id for hit in find(replace(query, phase=phase)).hits)
        if plain(words):
            hits = find(replace(query, text=words)).hits
            keys |= dict.fromkeys(hit.id for hit in hits)
            holds |= held_by(hits)
    return Found(keys, holds, has_more=has_more)


def _nearby(places: tuple[str, ...], kind: str, pc4: str, *, besides: Collection[UUID]) -> dict[UUID, float | None]:
    """What has a place she can go to within some kilometres, with how far it is."""
    query = SearchQuery(municipalities=places, kind=kind, near=pc4, within=NEARBY, order=BY_DISTANCE, size=WEIGHED)
    return {hit.id: hit.km for hit in find(query).hits if hit.is_elsewhere and hit.id not in besides}


def _named(kinds: Iterable[str], services: Mapping[UUID, Service]) -> dict[str, str]:
    """These kinds with their names, as they came with the services."""
    names = {kind["pk"]: kind["name"] for service in services.values() for kind in service.named_kinds}
    return {slug: names.get(slug, "") for slug in kinds}


def _tried(need: Need, user) -> dict[UUID, str]:
    """Per service how it went for this need before, when it did not help."""
    words: dict[UUID, str] = {}
    for referral in Referral.objects.for_user(user).without_help_for(need):
        how = {
            State.DECLINED: referral.get_decline_reason_display(),
            State.EXPIRED: "er kwam geen antwoord",
        }.get(referral.state, "het hielp haar niet")
        words.setdefault(referral.service_id, f"{how}, {date_in_words(referral.ended_at)}")
    return words


def _weighed(services: Mapping, found: Found, tried: Mapping[UUID, str], asked: Asked) -> list[Weighed]:
    return best_first((_facts(service, found, tried) for service in services.values()), asked)


def _with_facts(places: tuple[str, ...], keys: Iterable[UUID]) -> dict[UUID, Service]:
    """Published services with, in the same query, all that weighs. No places: then it is not asked where."""
    keys = list(keys)
    if not keys:
        return {}
    groups = TargetGroup.objects.filter(services=OuterRef("pk")).order_by("position")
    kinds = SupportKind.objects.filter(services=OuterRef("pk")).order_by("pk")
    rows = Service.objects.published().select_related("organisation", "answering")
    rows = rows.annotate(
        groups=ArraySubquery(groups.values(json=JSONObject(pk="slug", name="name"))),
        named_kinds=ArraySubquery(kinds.values(json=JSONObject(pk="slug", name="name"))),
        phase_slugs=_slugs(Service.phases.through, "phase"),
        language_codes=_slugs(Service.languages.through, "language"),
        places_here=_slugs(Service.municipalities.through.objects.filter(municipality__in=places), "municipality"),
    )
    found = rows.in_bulk(keys)
    for service in found.values():
        service.is_here = bool(service.places_here) or not places
    return found


def _slugs(links, name: str) -> ArraySubquery:
    rows = links.objects.all() if hasattr(links, "objects") else links
    return ArraySubquery(rows.filter(service=OuterRef("pk")).order_by(name).values(name))


def _facts(service: Service, found: Found, tried: Mapping[UUID, str] | None = None) -> Facts:
    return Facts(
        key=service.pk,
        status=service.status,
        is_here=service.is_here,
        km=found.km.get(service.pk),
        kinds=frozenset(kind["pk"] for kind in service.named_kinds),
        phases=frozenset(service.phase_slugs),
        groups={group["pk"]: group["name"] for group in service.groups},
        languages=frozenset(service.language_codes),
        capacity=service.capacity,
        wait_weeks=service.wait_weeks,
        cost=service.cost_kind,
        access=service.access,
        is_stale=service.is_stale(timezone.localdate()),
        checked_on=service.checked_on,
        holds=found.holds.get(service.pk, ()),
        tried=(tried or {}).get(service.pk, ""),
    )


def _card(one: Weighed, services: Mapping[UUID, Service], *, chosen: UUID | None, running: Mapping[UUID, UUID]) -> Card:
    key = one.facts.key
    service = services[key]
    return Card(service, one, groups=tuple(service.groups), is_chosen=key == chosen, running=running.get(key))

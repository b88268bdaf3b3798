"""Which services fit what she asks, near her: the cards from which a sender chooses.

Services of the asked kind in her municipality, what fits her phase first. With a word to search by, everything in her
municipality that the word finds, whatever its kind. What was chosen stays in sight, also when it no longer fits.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import prefetch_related_objects

from referrals.transitions import CALL_WORKING_DAYS, Urgency
from sociale_kaart import plain_words
from sociale_kaart.models import Service
from sociale_kaart.search import SearchQuery, find

SHOWN = 8
MOST_KINDS = 4  # of several needs at once, so many are looked up
THINKS_ALONG = "gesprek-mantelzorgconsulent"  # what fits a need that is still to be found out together


@dataclass(frozen=True, slots=True)
class Card:
    """One service as a sender weighs it, in lines that are ready to show."""

    service: Service
    fits_phase: bool = False
    is_chosen: bool = False
    is_elsewhere: bool = False  # it does not cover her municipality
    running: UUID | None = None  # a referral of hers to this service that is open now

    @property
    def can_be_chosen(self) -> bool:
        return not self.service.zonder_dossier and self.running is None

    @property
    def phone(self) -> str:
        return self.service.phone or self.service.organisation.phone

    @property
    def by_phone(self) -> bool:
        return self.service.channel == "phone"

    @property
    def who_calls(self) -> str:
        return who_calls(self.service)

    @property
    def costs(self) -> str:
        return plain_words.costs(self.service)

    @property
    def room(self) -> tuple[str, str]:
        return plain_words.room_label(self.service.capacity, self.service.wait_weeks)

    @property
    def checked(self) -> str:
        return plain_words.checked(self.service)

    @property
    def is_stale(self) -> bool:
        return self.service.is_stale()

    @property
    def target_groups(self) -> list:
        return list(self.service.target_groups.all()) if self.service.asks_target_groups else []


@dataclass(frozen=True)
class Suggestions:
    cards: list[Card] = field(default_factory=list)
    asked_where: bool = True  # False: her municipality is not known yet
    asked_what: bool = True  # False: neither a kind nor a word was given
    text: str = ""
    has_more: bool = False
    is_loose: bool = False  # nothing held all the words; these come near


def who_calls(service: Service) -> str:
    if service.caller == Service.Caller.CAREGIVER:
        return "Zij belt zelf"
    if service.caller == Service.Caller.SENDER:
        return "Jij belt de organisatie"
    return f"Belt haar binnen {plain_words.working_days(service.call_within_days or CALL_WORKING_DAYS[Urgency.NORMAL])}"


def suggest(
    *,
    municipalities: Collection[str],
    kinds: Iterable[str] = (),
    phase: str = "",
    text: str = "",
    chosen: Service | None = None,
    running: Mapping[UUID, UUID] | None = None,
) -> Suggestions:
    """`running` gives, per service, her referral that is open now."""
    places, kinds, text = tuple(municipalities), tuple(kinds)[:MOST_KINDS], text.strip()
    running = running or {}
    found, fits, has_more, is_loose = _found(places, kinds, phase, text) if places else ([], set(), False, False)
    services = Service.objects.published().select_related("organisation").in_bulk(found) if found else {}
    elsewhere = False
    if chosen is not None and chosen.pk not in services:
        services[chosen.pk] = chosen
        found = [chosen.pk, *found]
        elsewhere = bool(places) and not Service.objects.in_municipality(places).contains(chosen)
    prefetch_related_objects([service for service in services.values() if service.asks_target_groups], "target_groups")
    chosen_pk = chosen.pk if chosen else None
    cards = [
        Card(
            services[pk],
            fits_phase=pk in fits,
            is_chosen=pk == chosen_pk,
            is_elsewhere=elsewhere and pk == chosen_pk,
            running=running.get(pk),
        )
        for pk in found
        if pk in services
    ]
    return Suggestions(
        cards=cards,
        asked_where=bool(places),
        asked_what=bool(kinds or text),
        text=text,
        has_more=has_more,
        is_loose=is_loose,
    )


def _found(
    places: tuple[str, ...], kinds: tuple[str, ...], phase: str, text: str
) -> tuple[list[UUID], set[UUID], bool, bool]:
    """The services to show, in order; which of them fit her phase; whether there is more; whether it only came near."""
    if text:
        page = find(SearchQuery(text=text, municipalities=places, size=SHOWN))
        return [hit.id for hit in page.hits], set(), bool(page.next_after), page.is_loose
    order: dict[UUID, int] = {}
    fits: set[UUID] = set()
    has_more = False
    for kind in kinds:
        query = SearchQuery(municipalities=places, kind=kind, size=SHOWN)
        first = find(SearchQuery(municipalities=places, kind=kind, phase=phase, size=SHOWN)).hits if phase else []
        page = find(query)
        fits |= {hit.id for hit in first}
        has_more |= bool(page.next_after)
        for pk in dict.fromkeys(hit.id for hit in [*first, *page.hits]):
            order[pk] = order.get(pk, 0) + 1
    ranked = sorted(order, key=lambda pk: -order[pk])  # what answers most of her needs first; for the rest as found
    return ranked[:SHOWN], fits, has_more or len(ranked) > SHOWN, False

"""Which services fit what she asks, near her: the cards from which a sender chooses.

Services of the asked kind in her municipality: what is meant for others last, what fits her phase first. With a word to
search by, everything in her municipality that the word finds, whatever its kind. What was chosen stays in sight, also
when it no longer fits.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from intake.models import Relation, SituationKind
from referrals.transitions import CALL_WORKING_DAYS, Urgency
from sociale_kaart import plain_words
from sociale_kaart.models import Service, TargetGroup
from sociale_kaart.search import SearchQuery, find

SHOWN = 8
WEIGHED = 24  # of one kind, so many are looked at to show the ones that fit best
MOST_KINDS = 4  # of several needs at once, so many are looked up
THINKS_ALONG = "gesprek-mantelzorgconsulent"  # what fits a need that is still to be found out together


BEREAVED = "verlies-rouw"  # the phase


@dataclass(frozen=True, slots=True)
class About:
    """What we know of her that decides for whom she is looking; empty is not known."""

    relation: str = ""
    situation: str = ""
    phase: str = ""
    under_16: bool = False


# Who belongs to a target group. The other groups say what we do not ask, such as whether she works: these never count.
WHO_SHE_IS = {
    "partners": {Relation.PARTNER},
    "kinderen-van-ouders": {Relation.PARENT},
    "ouders-van-kinderen": {Relation.CHILD},
}
WHAT_PLAYS = {
    "dementie": {SituationKind.DEMENTIA},
    "ggz": {SituationKind.MENTAL},
    "verslaving": {SituationKind.ADDICTION},
    "lichamelijk": {SituationKind.PHYSICAL, SituationKind.OLD_AGE},
    "verstandelijke-beperking": {SituationKind.INTELLECTUAL},
    "hersenletsel": {SituationKind.BRAIN_INJURY},
}
NOT_KNOWN = {"", SituationKind.OTHER, SituationKind.NOT_SAID}
YOUNG, BEREFT = "jonge-mantelzorgers", "na-overlijden"


class MeantFor(IntEnum):
    HER = 0
    ANYONE = 1
    OTHERS = 2


def meant_for(groups: Collection[str], about: About) -> MeantFor:
    """A service may name who she is and what plays: it is meant for others when one of the two leaves her out."""
    answers = [
        _is_among(groups, WHO_SHE_IS, about.relation, {YOUNG: about.under_16}),
        _is_among(groups, WHAT_PLAYS, about.situation, {BEREFT: about.phase == BEREAVED}),
    ]
    if False in answers:
        return MeantFor.OTHERS
    return MeantFor.HER if True in answers else MeantFor.ANYONE


def _is_among(
    groups: Collection[str], table: Mapping[str, Collection[str]], known: str, also: Mapping[str, bool]
) -> bool | None:
    """Whether she is in one of the groups of this sort; None when none is named, or we do not know."""
    named = [group for group in groups if group in table]
    marks = [also[group] for group in groups if group in also]
    if any(marks) or any(known in table[group] for group in named):
        return True
    if not named and not marks:
        return None
    return None if named and known in NOT_KNOWN else False


@dataclass(frozen=True, slots=True)
class Card:
    """One service as a sender weighs it, in lines that are ready to show."""

    service: Service
    groups: tuple[Mapping[str, str], ...] = ()  # for whom it is meant in particular: pk and name
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
    def meant_for(self) -> str:
        return ", ".join(name[:1].lower() + name[1:] for name in (group["name"] for group in self.groups))

    @property
    def who_calls(self) -> str:
        return who_calls(self.service)

    @property
    def to_arrange(self) -> str:
        """What a sender must know when it is not the receiver who calls her."""
        return to_arrange(self.service)

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
    def target_groups(self) -> tuple[Mapping[str, str], ...]:
        """The groups that it wants to hear about beforehand."""
        return self.groups if self.service.asks_target_groups else ()


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


def to_arrange(service: Service) -> str:
    """In plain words, who must do what so that she is called; nothing when the receiver simply calls her."""
    if service.caller == Service.Caller.CAREGIVER:
        return (
            "Dit aanbod laat de mantelzorger zelf bellen. "
            "Spreek met hen af dat zij haar bellen, of geef haar het nummer."
        )
    if service.caller == Service.Caller.SENDER:
        return "Dit aanbod wil dat jij eerst belt. Bel hen na het versturen en spreek af wie haar belt."
    return ""


def suggest(
    *,
    municipalities: Collection[str],
    kinds: Iterable[str] = (),
    about: About = About(),
    text: str = "",
    chosen: Service | None = None,
    running: Mapping[UUID, UUID] | None = None,
) -> Suggestions:
    """`running` gives, per service, her referral that is open now."""
    places, kinds, text = tuple(municipalities), tuple(kinds)[:MOST_KINDS], text.strip()
    running = running or {}
    found = _found(places, kinds, about.phase, text) if places else Found()
    wanted = [*found.answers, *([chosen.pk] if chosen else [])]
    services = _with_groups().in_bulk(wanted) if wanted else {}
    groups = {pk: tuple(service.groups) for pk, service in services.items()}
    ranked = [pk for pk in found.answers if pk in services]
    if not text:  # what was searched for by a word comes in the order of that search

        def place(pk: UUID) -> tuple:
            fit = meant_for([group["pk"] for group in groups[pk]], about)
            return -found.answers[pk], fit is MeantFor.OTHERS, pk not in found.fits_phase, fit

        ranked.sort(key=place)
    shown, elsewhere = ranked[:SHOWN], False
    if chosen is not None and chosen.pk not in shown:
        services.setdefault(chosen.pk, chosen)
        shown = [chosen.pk, *shown]
        elsewhere = bool(places) and not Service.objects.in_municipality(places).contains(chosen)
    chosen_pk = chosen.pk if chosen else None
    cards = [
        Card(
            services[pk],
            groups=groups.get(pk, ()),
            fits_phase=pk in found.fits_phase,
            is_chosen=pk == chosen_pk,
            is_elsewhere=elsewhere and pk == chosen_pk,
            running=running.get(pk),
        )
        for pk in shown
    ]
    return Suggestions(
        cards=cards,
        asked_where=bool(places),
        asked_what=bool(kinds or text),
        text=text,
        has_more=found.has_more or len(ranked) > SHOWN,
        is_loose=found.is_loose,
    )


def _with_groups():
    """Published services with, in the same query, for whom each is meant."""
    groups = TargetGroup.objects.filter(services=OuterRef("pk")).order_by("position")
    named = ArraySubquery(groups.values(json=JSONObject(pk="slug", name="name")))
    return Service.objects.published().select_related("organisation").annotate(groups=named)


@dataclass(frozen=True)
class Found:
    answers: Mapping[UUID, int] = field(default_factory=dict)  # in the order found: how many of her needs each answers
    fits_phase: Collection[UUID] = ()
    has_more: bool = False
    is_loose: bool = False  # it only came near


def _found(places: tuple[str, ...], kinds: tuple[str, ...], phase: str, text: str) -> Found:
    if text:
        page = find(SearchQuery(text=text, municipalities=places, size=SHOWN))
        return Found({hit.id: 1 for hit in page.hits}, has_more=bool(page.next_after), is_loose=page.is_loose)
    answers: dict[UUID, int] = {}
    fits: set[UUID] = set()
    has_more = False
    for kind in kinds:
        first = find(SearchQuery(municipalities=places, kind=kind, phase=phase, size=WEIGHED)).hits if phase else []
        page = find(SearchQuery(municipalities=places, kind=kind, size=WEIGHED))
        fits |= {hit.id for hit in first}
        has_more |= bool(page.next_after)
        for pk in dict.fromkeys(hit.id for hit in [*first, *page.hits]):
            answers[pk] = answers.get(pk, 0) + 1
    return Found(answers, fits, has_more)

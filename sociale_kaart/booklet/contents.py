"""What stands in the booklet of a municipality: each published service once in full, and where else one may look.

It is read by everybody: of contact persons only who may be public stands in it. It asks a fixed number of queries.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from knowledge.models import Phase, SupportKind
from mantelzorg.dates import day_in_words
from mantelzorg.square import square_of
from sociale_kaart import plain_words, who_is_who
from sociale_kaart.editing import hours
from sociale_kaart.exchange.tables import opening_hours
from sociale_kaart.models import Contact, Municipality, Organisation, Service

OTHER = "Ander aanbod"
DIGITS = "0-9"
INDEX, PHASES = "register", "fasen"  # where references lead
ZONDER_DOSSIER = "Zonder dossier: geef alleen naam, nummer en een goed moment om te bellen."


@dataclass
class Card:
    """A service as it stands in the booklet."""

    key: str  # where a reference leads
    title: str
    formal: str
    organisation: str
    place: str
    phone: str
    summary: str
    text: str
    facts: list[list[tuple[str, str]]]
    checked: str
    is_stale: bool
    also: str  # what other kinds and phases it fits
    page: int | None = None

    @property
    def by(self) -> str:
        return f"{self.organisation}, {self.place}" if self.place else self.organisation


@dataclass
class Section:
    """A kind of support, or a phase: the services that stand here, and those that stand elsewhere."""

    key: str
    name: str
    cards: list[Card] = field(default_factory=list)
    elsewhere: list[Card] = field(default_factory=list)
    page: int | None = None


@dataclass
class Chapter:
    key: str
    name: str
    sections: list[Section]
    page: int | None = None


@dataclass
class Entry:
    """A line of the index: a name of a service, or an organisation with all that it offers."""

    name: str
    cards: list[Card]
    note: str = ""

    @property
    def pages(self) -> list[Card]:
        """The first card of each page, in the order of the pages."""
        return list({card.page: card for card in sorted(self.cards, key=lambda card: card.page or 0)[::-1]}.values())[
            ::-1
        ]


@dataclass
class Booklet:
    municipality: Municipality
    keepers: list[Organisation]
    today: str
    chapters: list[Chapter]
    phases: list[Section]
    index: list[tuple[str, list[Entry]]]
    count: int
    stale: int
    address: str = ""
    square: dict = field(default_factory=dict)

    index_page: int | None = None
    phases_page: int | None = None

    @property
    def is_empty(self) -> bool:
        return not self.count

    def number(self, pages: dict[str, int]) -> None:
        """On which page everything stands, by key."""
        self.index_page, self.phases_page = pages.get(INDEX), pages.get(PHASES)
        for chapter in self.chapters:
            for thing in (
                chapter,
                *chapter.sections,
                *(card for section in chapter.sections for card in section.cards),
            ):
                thing.page = pages.get(thing.key)
        for phase in self.phases:
            phase.page = pages.get(phase.key)


def services_of(municipality: Municipality) -> QuerySet:
    return Service.objects.published().in_municipality(municipality)


def of(municipality: Municipality) -> Booklet:
    today = timezone.localdate()
    services = list(_for_paper(services_of(municipality)))
    cards = {service.pk: _card(number, service, today) for number, service in enumerate(services, 1)}
    address = settings.PUBLIC_DIRECTORY_URL.replace("{gemeente}", municipality.slug)
    return Booklet(
        municipality=municipality,
        keepers=who_is_who.keepers_of(municipality),
        today=day_in_words(today),
        chapters=_chapters(services, cards),
        phases=_phases(services, cards),
        index=_index(cards.values()),
        count=len(cards),
        stale=sum(card.is_stale for card in cards.values()),
        address=address,
        square=square_of(address) if address else {},
    )


# Steps --------------------------------------------------------------------------------------------------------------


def _for_paper(services: QuerySet) -> QuerySet:
    kinds = SupportKind.objects.current().select_related("category").only("name", "order", "category", "retired")
    public = Contact.objects.filter(is_public=True)
    return (
        services.select_related("organisation")
        .prefetch_related(
            Prefetch("kinds", kinds),
            Prefetch("phases", Phase.objects.for_journey()),
            Prefetch("contacts", public),
            Prefetch("organisation__contacts", public.filter(service=None)),
            *("target_groups", "languages", "financing", "locations", "schedules"),
        )
        .order_by("name", "pk")
    )


def _card(number: int, service: Service, today) -> Card:
    organisation = service.organisation
    kinds = [kind.name for kind in _kinds(service)]
    phases = [f"fase {phase.number}" for phase in _by_number(service.phases.all())]
    return Card(
        key=f"a{number}",
        title=service.title,
        formal=service.name if service.title != service.name else "",
        organisation=organisation.name,
        place=organisation.place,
        phone=service.phone or organisation.phone,
        summary=service.summary,
        text=_sentences(service.for_whom.strip(), service.description.strip()),
        facts=_facts(service),
        checked=day_in_words(service.checked_on),
        is_stale=service.is_stale(today),
        also=", ".join([*kinds[1:], *phases]),
    )


def _facts(service: Service) -> list[list[tuple[str, str]]]:
    """In the order in which somebody with a phone in her hand asks; what belongs together stands together."""
    organisation = service.organisation
    lines = [
        [("Toegang", plain_words.way_in(service)), ("Wie belt", _who_calls(service))],
        [("Kosten", plain_words.costs(service)), ("Betaald uit", _full_stop(_names(service.financing.all())))],
        [
            ("Plek", plain_words.room(service)),
            ("Antwoord", plain_words.usual_answer(service)),
            ("Open", _full_stop(_hours(service))),
        ],
        [
            ("Vooral voor", _full_stop(_names(service.target_groups.all()))),
            ("Talen", _full_stop(_languages(service))),
        ],
        [
            ("Waar", _full_stop("; ".join(filter(None, map(_location, service.locations.all()))))),
            ("Vraag naar", _full_stop("; ".join(map(_contact, _contacts(service))))),
            ("Mail en web", ", ".join(filter(None, (service.email or organisation.email, _website(service))))),
        ],
    ]
    said = [[(label, text) for label, text in line if text] for line in lines]
    return [line for line in said if line]


def _who_calls(service: Service) -> str:
    return _sentences(
        plain_words.who_calls(service, sender="Een professional"), ZONDER_DOSSIER * service.zonder_dossier
    )


def _full_stop(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def _sentences(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _languages(service: Service) -> str:
    """That Dutch is spoken goes without saying."""
    languages = list(service.languages.all())
    return "" if [language.pk for language in languages] == ["nl"] else _names(languages)


def _contacts(service: Service) -> list[Contact]:
    """Hers if it has its own, otherwise those of its organisation; only who may be public was read."""
    return list(service.contacts.all()) or list(service.organisation.contacts.all())


def _contact(contact: Contact) -> str:
    return ", ".join(filter(None, (contact.name, contact.title, contact.phone, contact.email, contact.availability)))


def _location(location) -> str:
    address = ", ".join(filter(None, (location.street, f"{location.postcode} {location.place}".strip())))
    if location.kind == location.Kind.VIRTUAL:
        address = address or location.get_kind_display()
    return ", ".join(filter(None, (location.name, address, location.accessibility)))


def _hours(service: Service) -> str:
    return opening_hours([hours.as_plain(row) for row in service.schedules.all()])


def _website(service: Service) -> str:
    """As one types it."""
    website = service.website or service.organisation.website
    parts = urlsplit(website)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}" if website else ""


def _names(rows: Iterable) -> str:
    return ", ".join(str(row) for row in rows)


def _kinds(service: Service) -> list[SupportKind]:
    """The first is where it stands in full."""
    return sorted(service.kinds.all(), key=lambda kind: (kind.category.number, kind.order))


def _by_number(phases: Iterable[Phase]) -> list[Phase]:
    return sorted(phases, key=lambda phase: phase.number)


def _chapters(services: list[Service], cards: dict) -> list[Chapter]:
    sections: dict[str, Section] = {}
    kinds: dict[str, SupportKind] = {}
    left = Section(key="s-ander", name=OTHER)
    for service in services:
        card = cards[service.pk]
        first = True
        for kind in _kinds(service):
            kinds[kind.pk] = kind
            section = sections.setdefault(kind.pk, Section(key=f"s-{kind.pk}", name=kind.name))
            (section.cards if first else section.elsewhere).append(card)
            first = False
        if first:
            left.cards.append(card)
    order = sorted(kinds.values(), key=lambda kind: (kind.category.number, kind.order))
    chapters = [
        Chapter(f"c-{category.pk}", category.name, [_sorted(sections[kind.pk]) for kind in members])
        for category, members in groupby(order, key=lambda kind: kind.category)
    ]
    return [*chapters, Chapter("c-ander", OTHER, [_sorted(left)])] if left.cards else chapters


def _phases(services: list[Service], cards: dict) -> list[Section]:
    """All phases: that there is nothing for one is worth knowing too."""
    sections = {phase.pk: Section(f"f-{phase.pk}", phase.label) for phase in Phase.objects.for_journey()}
    for service in services:
        for phase in service.phases.all():
            sections[phase.pk].elsewhere.append(cards[service.pk])
    return [_sorted(section) for section in sections.values()]


def _sorted(section: Section) -> Section:
    section.cards.sort(key=lambda card: in_order(card.title))
    section.elsewhere.sort(key=lambda card: in_order(card.title))
    return section


def _index(cards: Iterable[Card]) -> list[tuple[str, list[Entry]]]:
    entries, organisations = [], {}
    for card in cards:
        entries += [Entry(name, [card], card.organisation) for name in (card.title, card.formal) if name]
        organisations.setdefault(card.organisation, []).append(card)
    entries += [Entry(name, offered) for name, offered in organisations.items()]
    entries.sort(key=lambda entry: (in_order(entry.name), entry.note))
    return [(letter, list(members)) for letter, members in groupby(entries, key=lambda entry: _letter(entry.name))]


def in_order(name: str) -> str:
    """As a Dutch reader looks it up: without accents, quotes and capitals."""
    plain_letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in plain_letters if character.isalnum() or character == " ").strip()


def _letter(name: str) -> str:
    first = in_order(name)[:1].upper()
    return first if "A" <= first <= "Z" else DIGITS

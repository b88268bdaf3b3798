"""Wie is wie: of a municipality, per profession, who that is, where, and how to reach them. As a page and as a poster.

The poster hangs where patients may come. So it names a contact with her own number only when that may be public, and
otherwise her function with the number of the organisation.
"""

from dataclasses import dataclass, field

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from knowledge.models import Profession, SupportKind
from mantelzorg.dates import day_in_words
from sociale_kaart import plain_words
from sociale_kaart.models import Contact, Municipality, Organisation, Service

# As somebody in a practice would ask for it; a profession that stands nowhere comes under the last.
GROUPS = {
    "De mantelzorger zelf": ("mantelzorgconsulent", "mantelzorgcoach", "mantelzorgmakelaar"),
    "Gemeente en wijk": ("wmo-consulent", "wijkteam", "sociaal-werker", "clientondersteuner"),
    "Welzijn en vrijwilligers": (
        "welzijnsconsulent",
        "welzijnsmedewerker-buurtteam",
        "coordinator-vrijwilligerswerk",
        "vrijwilliger-maatje",
    ),
    "Dementie en ouder worden": ("casemanager-dementie", "specialist-ouderengeneeskunde", "verpleeghuisteam"),
    "Zorg thuis en na het ziekenhuis": (
        "wijkverpleegkundige",
        "ergotherapeut",
        "fysiotherapeut",
        "transferverpleegkundige",
    ),
    "Huisartsenpraktijk": ("huisarts", "poh", "poh-ggz"),
    "Praten, ggz en zingeving": (
        "psycholoog",
        "geestelijk-verzorger",
        "preventiemedewerker-ggz",
        "familie-ervaringsdeskundige",
        "familievertrouwenspersoon",
    ),
}
OTHERS = "Andere beroepen"
UNKNOWN = "Nog niet bekend"
NAMED = 3  # people at one number, on the poster
KEEPER_ROLE = "consulent"
# What is tried in turn when the poster takes more than one page, and about how many rows each holds. A layout costs up
# to two seconds, so what is far too large is not tried. With the last it may take more pages.
LETTERS = {"": 45, "large": 55, "medium": 62, "small": 75, "smallest": None}
ROUGHLY = 1.3


@dataclass
class Way:
    """One organisation where one finds a profession."""

    organisation: str
    url: str
    place: str
    phone: str
    is_close: bool
    ask_at: str = ""  # its slug, where somebody may answer a question here
    contacts: list[dict] = field(default_factory=list)
    services: list[dict] = field(default_factory=list)

    @property
    def phone_link(self) -> str:
        return plain_words.phone_link(self.phone)


@dataclass(frozen=True)
class Known:
    """A profession, by all its names, and where one finds it here."""

    slug: str
    name: str
    also: list[str]
    ways: list[Way]

    @property
    def lines(self) -> list[dict]:
        """What the poster says: each number of an organisation once, with whom one may ask for."""
        lines: dict[tuple[str, str], dict] = {}
        for way in self.ways:
            for line in [_line(way, contact, self.name) for contact in way.contacts] or [_line(way, None, self.name)]:
                known = lines.setdefault((line["organisation"], line["phone"]), line | {"people": []})
                known["people"] += [line["who"]] if line["who"] and line["who"] not in known["people"] else []
        for line in lines.values():
            line["who"] = plain_words.either(line["people"], most=NAMED)
        return list(lines.values())


@dataclass(frozen=True)
class WhoIsWho:
    municipality: Municipality
    groups: list[tuple[str, list[Known]]]
    unknown: list[Known]
    keepers: list[Organisation]

    @property
    def parts(self) -> list[dict]:
        """The list at the top of the page of what is below."""
        names = [name for name, _ in self.groups] + ([UNKNOWN] if self.unknown else [])
        return [{"label": name, "url": f"#{slugify(name)}"} for name in names]

    @property
    def on_poster(self) -> dict:
        return {"who": self, "today": day_in_words(timezone.localdate())}

    @property
    def letters(self) -> list[dict]:
        """The sizes of letters that are tried for the poster, the largest first."""
        rows = sum(len(known.lines) + 1 for _, members in self.groups for known in members)
        return [{"letters": size} for size, holds in LETTERS.items() if holds is None or rows <= holds * ROUGHLY]


def of(municipality: Municipality) -> WhoIsWho:
    """In a fixed number of queries."""
    ways = _ways(municipality)
    known = {
        slug: Known(slug, names[0], names[1:], sorted(ways.get(slug, {}).values(), key=_easiest_first))
        for slug, names in _names().items()
    }
    return WhoIsWho(
        municipality=municipality,
        groups=_grouped([each for each in known.values() if each.ways]),
        unknown=[each for each in known.values() if not each.ways],
        keepers=keepers_of(municipality),
    )


def group_of(slug: str) -> str:
    return next((name for name, slugs in GROUPS.items() if slug in slugs), OTHERS)


def keepers_of(municipality: Municipality) -> list[Organisation]:
    """Who keeps this true: where the consulenten of this municipality work, otherwise its steunpunt."""
    standing = municipality.appointments.filter(role=KEEPER_ROLE, ended_at=None, membership__ended_at=None)
    steunpunt = Organisation.objects.in_municipality(municipality).filter(kind=Organisation.Kind.CAREGIVER_CENTRE)
    rows = list(
        Organisation.objects.annotate(is_appointed=Q(pk__in=standing.values("membership__organisation")))
        .filter(Q(is_appointed=True) | Q(pk__in=steunpunt.values("pk")))
        .order_by("name")
        .only("slug", "name", "phone")
    )
    return [row for row in rows if row.is_appointed] or rows


# Steps --------------------------------------------------------------------------------------------------------------


def _names() -> dict[str, list[str]]:
    """Each kind of work once, with all its names, its own first."""
    names: dict[str, list[str]] = {}
    rows = Profession.objects.current().only("pk", "name", "same_as")
    for profession in sorted(rows, key=lambda row: (row.same_as_id is not None, row.name.strip("(").lower())):
        names.setdefault(profession.same_as_id or profession.pk, []).append(profession.name)
    return names


def _grouped(known: list[Known]) -> list[tuple[str, list[Known]]]:
    order = [slug for slugs in GROUPS.values() for slug in slugs]
    known = sorted(known, key=lambda each: order.index(each.slug) if each.slug in order else len(order))
    groups = {name: [each for each in known if group_of(each.slug) == name] for name in (*GROUPS, OTHERS)}
    return [(name, members) for name, members in groups.items() if members]


def _easiest_first(way: Way) -> tuple:
    """Where one can ask for somebody before where one cannot, and what is close by before what is not."""
    return not way.contacts, not way.is_close, way.organisation


def _ways(municipality: Municipality) -> dict[str, dict[object, Way]]:
    """By profession and organisation."""
    places = set(municipality.postcode_areas.values_list("place", flat=True).distinct())
    found: dict[str, dict[object, Way]] = {}

    def way_to(profession: Profession, organisation: Organisation, phone: str = "") -> Way:
        ways = found.setdefault(profession.same_as_id or profession.pk, {})
        way = ways.setdefault(
            organisation.pk,
            Way(
                organisation=organisation.name,
                url=reverse("organisation_detail", args=[organisation.slug]),
                place=organisation.place,
                phone=organisation.phone,
                is_close=organisation.place in places,
                ask_at=organisation.slug if organisation.uses_portal else "",
            ),
        )
        way.phone = way.phone or phone  # the first of its services that has one
        return way

    for contact in _contacts(municipality):
        way_to(contact.profession, contact.organisation).contacts.append(_contact(contact))
    for service in _services(municipality):
        for profession in _met_at(service):
            services = way_to(profession, service.organisation, service.phone).services
            entry = {"title": service.title, "url": reverse("service_detail", args=[service.slug])}
            if entry not in services:
                services.append(entry)
    return found


def _contacts(municipality: Municipality):
    return (
        Contact.objects.in_municipality(municipality)
        .filter(profession__retired=False)
        .select_related("organisation", "profession")
        .order_by("title", "name", "pk")
    )


def _services(municipality: Municipality):
    professions = Profession.objects.current().only("pk", "same_as")
    kinds = SupportKind.objects.current().only("pk")
    return (
        Service.objects.published()
        .in_municipality(municipality)
        .select_related("organisation")
        .prefetch_related(
            Prefetch("professions", professions),
            Prefetch("kinds", kinds),
            Prefetch("kinds__professions", professions),
        )
        .only("slug", "name", "everyday_name", "phone", *_ORGANISATION)
        .order_by("name", "pk")
    )


_ORGANISATION = (
    "organisation__slug",
    "organisation__name",
    "organisation__place",
    "organisation__phone",
    "organisation__uses_portal",
)


def _met_at(service: Service) -> list[Profession]:
    """Whom it names; where it names nobody, whose kind of help it is."""
    named = list(service.professions.all())
    return named or [profession for kind in service.kinds.all() for profession in kind.professions.all()]


def _contact(contact: Contact) -> dict:
    phone = contact.phone or contact.organisation.phone
    return {
        "name": contact.name or contact.title,
        "title": contact.title if contact.name else "",
        "function": contact.title,
        "phone": phone,
        "phone_link": plain_words.phone_link(phone),
        "email": contact.email,
        "availability": contact.availability,
        "is_public": contact.is_public,
    }


def _line(way: Way, contact: dict | None, profession: str) -> dict:
    if contact and contact["is_public"]:
        who, phone = contact["name"], contact["phone"] or contact["email"]
    else:
        who, phone = contact["function"] if contact else "", way.phone
    same = who.lower() == profession.lower()
    return {"organisation": way.organisation, "place": way.place, "who": "" if same else who, "phone": phone}

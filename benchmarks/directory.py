"""A sociale kaart as large as asked: organisations and services all over the country, from a fixed seed.

The first `portal` organisations work with the portal and offer two services each; the others are phoned. Which of them
have people and caregivers is decided in cases.py, so that one directory serves every scale.
"""

import datetime
import random
from itertools import count

from django.utils import timezone

from benchmarks.copying import Table, foreign_keys_checked_at_the_end, index_made_afterwards
from benchmarks.keys import keys_from
from knowledge.models import Phase, SupportKind
from sociale_kaart.models import Municipality, Organisation, Service, TargetGroup
from sociale_kaart.search import index

SEED = 20261122
ZAANSTAD = "GM0479"
SEARCH_INDEX = "search_row_by_anything"
PER_PORTAL_ORGANISATION = 2
PER_PHONED_ORGANISATION = 3
NATIONWIDE = 0.01
REGIONAL = 0.15

FIRST = ["Steunpunt", "Praktijk", "Welzijn", "Thuis in", "Samen in", "Zorgteam", "Hart voor", "Buurtteam"]
SECOND = ["Mantelzorg", "De Linde", "Het Anker", "De Brug", "Zonnehoek", "De Haven", "Kompas", "De Wilg", "Om de hoek"]
EVERYDAY = ["Even vrij", "Een luisterend oor", "Samen verder", "Iemand naast je", "Hulp bij regelen", "Op adem komen"]
SUMMARIES = [
    "Iemand luistert, denkt mee en zoekt met haar uit wat haar lucht geeft.",
    "Een vrijwilliger komt langs, zodat de mantelzorger een middag voor zichzelf heeft.",
    "Een groep mantelzorgers deelt ervaringen onder leiding van een gespreksleider.",
    "Een vaste begeleider helpt met formulieren, indicaties en de weg in de zorg.",
    "Logeren voor een paar nachten, zodat degene die zorgt kan slapen en uitrusten.",
    "Dagbesteding met koken, muziek en bewegen voor mensen met dementie.",
]
DESCRIPTION = (
    "We beginnen met een gesprek bij haar thuis of op ons kantoor. Daarna spreken we samen af wat helpt, hoe vaak en "
    "door wie. Wie wil, praat mee: partner, kinderen, huisarts of wijkverpleegkundige. We bellen na een maand terug."
)


def make_directory(*, portal: int, services: int, seed: int = SEED, start: int = 0) -> None:
    """Adds `services` services; `start` is the number of the first organisation, for adding to an earlier directory."""
    with foreign_keys_checked_at_the_end(), index_made_afterwards(SEARCH_INDEX):
        made = _Directory(seed + start).make(portal, services, start)
        index.refresh(made)


class _Directory:
    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.key = keys_from(self.random)
        self.now = timezone.now()
        self.municipalities = list(Municipality.objects.order_by("code"))
        first = next(place for place, row in enumerate(self.municipalities) if row.pk == ZAANSTAD)
        self.municipalities = self.municipalities[first:] + self.municipalities[:first]
        self.kinds = list(SupportKind.objects.referable().values_list("pk", flat=True))
        self.phases = list(Phase.objects.current().values_list("pk", flat=True))
        self.groups = list(TargetGroup.objects.values_list("pk", flat=True))
        self.organisations = Table(
            Organisation, "id", "slug", "name", "kind", "email", "phone", "place", "uses_portal", "created_at"
        )
        self.works_in = Table(Organisation.municipalities.through, "organisation_id", "municipality_id")
        self.services = Table(
            Service,
            *("id", "slug", "organisation_id", "name", "everyday_name", "summary", "description", "status"),
            *("home_municipality_id", "checked_on", "next_check_on", "call_within_days", "capacity", "wait_weeks"),
            *("capacity_on", "phone", "email", "cost_kind"),
        )
        links = {name: getattr(Service, name).through for name in ("kinds", "phases", "target_groups")}
        self.kind_links = Table(links["kinds"], "service_id", "supportkind_id")
        self.phase_links = Table(links["phases"], "service_id", "phase_id")
        self.group_links = Table(links["target_groups"], "service_id", "targetgroup_id")
        self.covers = Table(Service.municipalities.through, "service_id", "municipality_id")
        self.keys: list[str] = []

    def make(self, portal: int, services: int, start: int) -> list[str]:
        made = 0
        for number in count(start):
            if made >= services:
                break
            uses_portal = number - start < portal
            offered = min(PER_PORTAL_ORGANISATION if uses_portal else PER_PHONED_ORGANISATION, services - made)
            self.organisation(number, uses_portal, offered)
            made += offered
        for table in (self.organisations, self.works_in, self.services):
            table.write()
        for table in (self.kind_links, self.phase_links, self.group_links, self.covers):
            table.write()
        return self.keys

    def organisation(self, number: int, uses_portal: bool, offered: int) -> None:
        place = (number // 2) % len(self.municipalities)
        home = self.municipalities[place]
        key = self.key(self.now)
        name = f"{self.random.choice(FIRST)} {self.random.choice(SECOND)} {home.name} {number}"
        phone = f"0{self.random.randint(100000000, 799999999)}"
        self.organisations.add(
            *(key, f"bench-{number:05d}", name[:120], "welzijn", f"bench{number}@voorbeeld.example", phone, home.name),
            *(uses_portal, self.now),
        )
        self.works_in.add(key, home.pk)
        for each in range(offered):
            self.service(f"bench-{number:05d}-{each}", key, place, phone)

    def service(self, slug: str, organisation: str, place: int, phone: str) -> None:
        pick, chance = self.random.choice, self.random.random
        key, kind, home = self.key(self.now), pick(self.kinds), self.municipalities[place]
        self.keys.append(key)
        checked = self.now.date() - datetime.timedelta(days=self.random.randint(0, 220))
        capacity = self.random.choices(["plek", "wachtlijst", "vol", ""], [5, 3, 1, 3])[0]
        self.services.add(
            *(key, slug, organisation, f"{kind.replace('-', ' ').capitalize()} {home.name}"[:120]),
            *(pick(EVERYDAY) if chance() < 0.6 else "", pick(SUMMARIES), DESCRIPTION, "published", home.pk),
            *(checked, checked + datetime.timedelta(days=180), self.random.randint(2, 10), capacity),
            *(self.random.randint(2, 20) if capacity == "wachtlijst" else None, checked if capacity else None),
            *(phone, "aanbod@voorbeeld.example", pick(["gratis", "kleine-bijdrage", "onbekend"])),
        )
        for link in {kind, pick(self.kinds)}:
            self.kind_links.add(key, link)
        for link in self.random.sample(self.phases, 2):
            self.phase_links.add(key, link)
        if self.groups and chance() < 0.4:
            self.group_links.add(key, pick(self.groups))
        for municipality in self.area(place):
            self.covers.add(key, municipality.pk)

    def area(self, place: int) -> list[Municipality]:
        """One in a hundred everywhere, some in a region of seven, most in one to three municipalities."""
        chance = self.random.random()
        if chance < NATIONWIDE:
            return self.municipalities
        size = 7 if chance < NATIONWIDE + REGIONAL else self.random.randint(1, 3)
        return [self.municipalities[(place + step) % len(self.municipalities)] for step in range(size)]

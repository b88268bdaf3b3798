"""Our lists as HSDS taxonomies: a service is tagged only through attributes, so what HSDS has no field for goes there.

Every list is a taxonomy and every choice a term, with ids made from their names: the same in every installation.
"""

import hashlib
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from knowledge.models import FinancingKind, Phase, Profession, SupportKind
from sociale_kaart.models import Contact, Organisation, Service, TargetGroup

NAMESPACE = uuid.UUID("6f3c0c52-6c1e-5d0a-9d3b-0a4f5c1e7b11")


def derived(*parts: object) -> str:
    """The id of something that has none of its own here, such as the phone number of a service: always the same."""
    return str(uuid.uuid5(NAMESPACE, "/".join(str(part) for part in parts)))


def at_location_id(service: object, location: object) -> str:
    """The id of a service at a location. PostgreSQL can make it too, and so find it back: see published.at_location."""
    return str(uuid.UUID(hashlib.md5(f"{service}{location}".encode(), usedforsecurity=False).hexdigest()))


LISTS = {  # link of a service: its model, and what the list is called
    "kinds": (SupportKind, "Ondersteuningsvormen"),
    "professions": (Profession, "Beroepen"),
    "phases": (Phase, "Fasen bij dementie"),
    "target_groups": (TargetGroup, "Doelgroepen"),
    "financing": (FinancingKind, "Financiering"),
}
CHOICES = {  # field: its choices, of what, and what the list is called
    "cost_kind": (Service.CostKind, "service", "Kosten"),
    "access": (Service.Access, "service", "Toegang"),
    "caller": (Service.Caller, "service", "Wie belt"),
    "capacity": (Service.Capacity, "service", "Plek"),
    "kind": (Organisation.Kind, "organisation", "Soort organisatie"),
}
PROPERTIES = {  # what is said in words or figures
    "service": {
        "summary": "In één zin",
        "call_within_days": "Belt binnen zoveel werkdagen",
        "zonder_dossier": "Zonder dossier",
        "asks_target_groups": "Vraagt vooraf naar de doelgroep",
        "wait_weeks": "Wachttijd in weken",
        "capacity_on": "Stand van de plek op",
        "check_interval_days": "Wordt nagekeken na zoveel dagen",
        "home_municipality": "Gemeente die het bijhoudt",
    },
    "organisation": {
        "street": "Bezoekadres: straat en huisnummer",
        "postcode": "Bezoekadres: postcode",
        "place": "Bezoekadres: plaats",
        "municipalities": "Werkgebied",
    },
    "contact": {
        "availability": "Bereikbaar",
        "is_public": "Mag openbaar",
        "profession": "Beroep",
    },
}
PROPERTY = "eigenschappen"
MODELS = {"service": Service, "organisation": Organisation, "contact": Contact}


@dataclass(frozen=True)
class Term:
    group: str  # a link, a field with choices, or PROPERTY
    key: str
    name: str
    of: str = "service"  # what it says something about
    description: str = ""

    @property
    def id(self) -> str:
        return derived("term", self.group, self.of if self.group == PROPERTY else "", self.key)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "code": self.key,
            "name": self.name,
            "description": self.description or self.name,
            "taxonomy": TAXONOMIES[self.group],
            "language": "nl",
            "taxonomy_detail": taxonomy(self.group),
        }


TAXONOMIES = {
    **{link: name for link, (_, name) in LISTS.items()},
    **{field: name for field, (_, _, name) in CHOICES.items()},
    PROPERTY: "Eigenschappen",
}


def taxonomy(group: str) -> dict[str, Any]:
    name = TAXONOMIES[group]
    return {"id": derived("taxonomy", group), "name": name, "description": f"{name} in het Mantelzorgportaal"}


class Terms:
    """All terms; the lists are read once, in a query each."""

    @cached_property
    def all(self) -> dict[tuple[str, str, str], Term]:
        terms = []
        for link, (model, _) in LISTS.items():
            terms += [Term(link, key, name) for key, name in model.objects.values_list("pk", "name")]
        for field, (choices, of, _) in CHOICES.items():
            terms += [Term(field, str(value), str(label), of) for value, label in choices.choices]
        for of, properties in PROPERTIES.items():
            terms += [Term(PROPERTY, name, label, of) for name, label in properties.items()]
        return {(term.group, term.of, term.key): term for term in terms}

    @cached_property
    def by_id(self) -> dict[str, Term]:
        return {term.id: term for term in self.all.values()}

    @cached_property
    def json(self) -> dict[str, dict[str, Any]]:
        """Made once each: an export names the same term thousands of times."""
        return {term.id: term.as_json() for term in self.all.values()}

    def attributes(self, of: str, owner: str, values: dict[str, Any], entity: str) -> list[dict[str, Any]]:
        """What HSDS has no field for, of one service, organisation or contact."""
        found = []
        if of == "service":
            for link in LISTS:
                found += [self._attribute(owner, entity, (link, of, key), key) for key in values[link]]
        for field, (_, about, _) in CHOICES.items():
            if about == of and values[field]:
                found.append(self._attribute(owner, entity, (field, of, values[field]), values[field]))
        for name in PROPERTIES[of]:
            value = values.get(name)
            for one in value if isinstance(value, list) else [value]:
                if one not in (None, "", False):
                    text = "ja" if one is True else str(one)
                    found.append(self._attribute(owner, entity, (PROPERTY, of, name), text))
        return [attribute for attribute in found if attribute]

    def _attribute(self, owner: str, entity: str, key: tuple[str, str, str], value: str) -> dict[str, Any]:
        term = self.all.get(key)
        if term is None:
            return {}
        return {
            "id": derived(owner, "attribute", term.id, value),
            "link_id": owner,
            "link_entity": entity,
            "value": value,
            "taxonomy_term": self.json[term.id],
        }

"""What can be chosen on the form of a service: always from lists, in a fixed number of questions."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from knowledge.models import FinancingKind, Phase, Profession, SupportKind
from sociale_kaart.models import Language, Location, Municipality, Service, TargetGroup

Pairs = list[tuple[str, Any]]
EVERY = ((30, "elke maand"), (90, "elke drie maanden"), (180, "elk half jaar"), (365, "elk jaar"))


def kinds(chosen: Iterable[str]) -> Pairs:
    """By category. What is a way of working can be chosen no more, and stays where it was."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = SupportKind.objects.select_related("category").order_by("category__number", "order")
    kept = set(chosen)
    for kind in rows:
        if kind.pk in kept or (kind.referable and not kind.retired):
            groups[kind.category.name].append((kind.pk, kind.name))
    return list(groups.items())


def professions(chosen: Iterable[str]) -> Pairs:
    kept = set(chosen)
    rows = Profession.objects.order_by("name").values_list("pk", "name", "retired")
    return [(slug, name) for slug, name, retired in rows if not retired or slug in kept]


def phases() -> Pairs:
    rows = Phase.objects.order_by("number").values_list("pk", "number", "name")
    return [(slug, f"{number}. {name}") for slug, number, name in rows]


def target_groups() -> Pairs:
    return list(TargetGroup.objects.values_list("pk", "name"))


def languages() -> Pairs:
    return list(Language.objects.values_list("pk", "name"))


def financing() -> Pairs:
    return list(FinancingKind.objects.values_list("pk", "name"))


def locations(organisation_id) -> Pairs:
    return [(str(place.pk), str(place)) for place in Location.objects.filter(organisation=organisation_id)]


def municipalities(codes: Iterable[str]) -> Pairs:
    return list(Municipality.objects.filter(pk__in=list(codes)).order_by("name").values_list("pk", "name"))


def every(days: int | None) -> Pairs:
    known = dict(EVERY)
    return [*([(days, f"elke {days} dagen")] if days and days not in known else []), *EVERY]


def labelled(choices: Iterable[tuple[str, str]]) -> Pairs:
    """With a capital: these stand alone."""
    return [(value, label[:1].upper() + label[1:]) for value, label in choices]


CAPACITY = [("", "Weet ik niet"), *labelled(Service.Capacity.choices)]

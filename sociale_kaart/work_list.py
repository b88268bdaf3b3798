"""What there is to do for who keeps the sociale kaart: links that died, and services to look at again."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from knowledge.models import LinkCheck
from mantelzorg.dates import date_in_words, day_in_words, days_late
from sociale_kaart.link_check import knowledge_links
from sociale_kaart.models import Municipality, Organisation, Service

AHEAD = datetime.timedelta(days=14)
SHOWN = 50  # of dead links: more come when these are mended


@dataclass(frozen=True)
class DeadLink:
    url: str
    why: str
    found: str
    kind: str
    name: str
    pages: list[tuple[str, str]]  # label and address of where it stands


def municipalities_of(user) -> list[str] | None:
    """For whom she works: codes, or nothing for all of them."""
    return None if user.is_functional_admin else sorted(user.maintained_municipalities)


def names_of(codes: list[str] | None) -> list[str]:
    return [] if codes is None else list(Municipality.objects.filter(pk__in=codes).values_list("name", flat=True))


def services_to_check(codes: list[str] | None) -> QuerySet:
    return Service.objects.to_check(codes, until=timezone.localdate() + AHEAD)


def rows_of(services: list[Service]) -> list[dict]:
    today = timezone.localdate()
    return [
        {
            "url": reverse("service_detail", args=[service.slug]),
            "confirm_url": reverse("service_confirm", args=[service.slug]),
            "title": service.title,
            "by": service.organisation.name,
            "where": service.home_municipality.name,
            "checked": day_in_words(service.checked_on),
            "due": day_in_words(service.next_check_on),
            "late": days_late(service.next_check_on, today),
        }
        for service in services
    ]


def dead_links(codes: list[str] | None) -> tuple[list[DeadLink], list[DeadLink]]:
    """Those of the sociale kaart of these municipalities, and those of the knowledge pages."""
    dead = LinkCheck.objects.filter(outcome=LinkCheck.Outcome.DEAD).in_bulk()
    if not dead:
        return [], []
    return _of_directory(codes, dead), _of_knowledge(dead)


# Steps --------------------------------------------------------------------------------------------------------------


def _of_directory(codes: list[str] | None, dead: dict[str, LinkCheck]) -> list[DeadLink]:
    services = Service.objects.published()
    if codes is not None:
        services = services.in_municipality(codes)
    organisations = Organisation.objects.filter(website__in=dead, pk__in=services.values("organisation"))
    found = [
        _dead(dead[website], "Aanbod", everyday_name or name, reverse("service_detail", args=[slug]))
        for website, name, everyday_name, slug in services.filter(website__in=dead)
        .order_by("name", "pk")
        .values_list("website", "name", "everyday_name", "slug")[:SHOWN]
    ]
    found += [
        _dead(dead[website], "Organisatie", name, reverse("organisation_detail", args=[slug]))
        for website, name, slug in organisations.order_by("name", "pk").values_list("website", "name", "slug")[:SHOWN]
    ]
    return found


def _of_knowledge(dead: dict[str, LinkCheck]) -> list[DeadLink]:
    return [
        DeadLink(
            *(url, _why(dead[url]), date_in_words(dead[url].checked_at), place.kind, place.name),
            pages=[(name, reverse("profession_detail", args=[slug])) for name, slug in place.of if slug],
        )
        for url, place in knowledge_links()
        if url in dead
    ][:SHOWN]


def _dead(check: LinkCheck, kind: str, name: str, address: str) -> DeadLink:
    return DeadLink(check.url, _why(check), date_in_words(check.checked_at), kind, name, [(name, address)])


def _why(check: LinkCheck) -> str:
    why = check.said or f"de website meldt dat deze pagina er niet meer is ({check.status})"
    return f"{why}; werkte het laatst op {date_in_words(check.worked_at)}" if check.worked_at else why

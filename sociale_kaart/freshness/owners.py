"""Who offers a service, and when she is asked whether it still holds: at an address of the organisation, never a
person's own.
"""

import datetime
import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from sociale_kaart.models import CheckItem, CheckRequest, Contact, Municipality, Service

MOST_IN_ONE = 100  # services in one mail; the rest goes when these are answered
SAID_BY = "de aanbieder, via de mail"


@dataclass(frozen=True)
class Owner:
    """Whoever reads the mail at the address of a service. She may say that this one service holds, and nothing else."""

    places: frozenset[str]
    name: str = SAID_BY
    pk: None = None
    is_functional_admin: bool = False

    @classmethod
    def of(cls, service: Service) -> "Owner":
        return cls(frozenset(place.pk for place in service.municipalities.all()))

    def may_maintain(self, municipality: Municipality) -> bool:
        return municipality.pk in self.places


def address_of(service: Service) -> str:
    """Of the service, otherwise of its organisation. What is somebody's own and not public, is no such address."""
    address = service.email or service.organisation.email
    return "" if address.casefold() in _private(service.organisation_id) else address


def is_still_asked(item: CheckItem, service: Service) -> bool:
    """Nobody has looked at it since, it is on the card, and the link went to the address that it has now."""
    request = item.request
    return (
        item.is_open
        and service.status == Service.Status.PUBLISHED
        and service.checked_on == item.checked_on
        and service.organisation_id == request.organisation_id
        and (service.email or service.organisation.email).casefold() == request.to.casefold()
    )


def to_ask(today: datetime.date) -> QuerySet:
    """What is due soon, has an address, may be asked about and was not in this round."""
    asked = CheckItem.objects.filter(service=OuterRef("pk"), checked_on=OuterRef("checked_on"))
    return (
        Service.objects.published()
        .filter(
            Q(organisation__not_asked=None),
            Q(not_asked=None),
            ~Q(email="", organisation__email=""),
            ~Exists(asked),
            next_check_on__lte=today + datetime.timedelta(days=settings.CHECK_TOGETHER_DAYS),
        )
        .order_by("organisation", "next_check_on", "pk")
    )


def with_something_due(today: datetime.date) -> list[uuid.UUID]:
    """Organisations with something to ask about that is due today or before."""
    due = to_ask(today).filter(next_check_on__lte=today)
    return list(due.order_by("organisation").values_list("organisation", flat=True).distinct())


def questions_for(organisation_id: uuid.UUID, today: datetime.date) -> dict[str, list[Service]]:
    """By address what goes in one mail: only where something is due, and nothing is waiting for an answer."""
    private = _private(organisation_id)
    waiting = CheckRequest.objects.open().filter(organisation=organisation_id)
    taken = {address.casefold() for address in waiting.values_list("to", flat=True)} | private
    found: dict[str, list[Service]] = defaultdict(list)
    spelled: dict[str, str] = {}
    for service in to_ask(today).filter(organisation=organisation_id).select_related("organisation"):
        address = service.email or service.organisation.email
        if address.casefold() not in taken:
            found[spelled.setdefault(address.casefold(), address)].append(service)
    return {
        address: services[:MOST_IN_ONE]
        for address, services in found.items()
        if any(service.next_check_on <= today for service in services)
    }


def _private(organisation_id: uuid.UUID) -> set[str]:
    return Contact.objects.own_addresses([organisation_id])[str(organisation_id)]

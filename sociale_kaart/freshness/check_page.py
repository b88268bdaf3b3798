"""What the consulent sees of one service when she looks whether it still holds."""

from mantelzorg.dates import date_in_words, day_in_words
from sociale_kaart import plain_words
from sociale_kaart.freshness import owners
from sociale_kaart.models import CheckItem, NotAsked, Service

SHOWN = 10


def choice_for(service: Service) -> str:
    """Whether its owner is mailed, as `actions.mail_about` takes it."""
    if NotAsked.objects.filter(organisation=service.organisation_id).exists():
        return "niet-alles"
    return "niet-dit" if NotAsked.objects.filter(service=service.pk).exists() else "ja"


def of_service(service: Service) -> dict:
    items = list(CheckItem.objects.of_service(service)[:SHOWN])
    phone = service.phone or service.organisation.phone
    return {
        "checked": plain_words.checked(service),
        "due": day_in_words(service.next_check_on) if service.next_check_on else "",
        "address": owners.address_of(service),
        "is_waiting": any(item.is_open and owners.is_still_asked(item, service) for item in items),
        "phone": phone,
        "phone_link": plain_words.phone_link(phone),
        "asked": [
            {
                "when": date_in_words(item.request.asked_at),
                "title": "Gevraagd per mail",
                "by": item.request.by.name if item.request.by else "het portaal",
                "text": _said(item),
            }
            for item in items
        ],
    }


def _said(item: CheckItem) -> str:
    said = item.get_answer_display().capitalize()
    if item.is_open and item.request.reminded_at:
        return f"{said}. Herinnerd op {date_in_words(item.request.reminded_at)}."
    return said if item.is_open else f"{said}, {date_in_words(item.answered_at)}."

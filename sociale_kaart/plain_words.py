"""A service in plain words: how you get in, who calls whom, what it costs, is there room. For every page and letter."""

import re

from django.utils.formats import date_format
from django.utils.text import capfirst

from sociale_kaart.models import Service

WAY_IN = {
    Service.Access.DIRECT: "Zonder verwijzing. Iedereen kan zich aanmelden.",
    Service.Access.REFERRAL: "Met een verwijzing van een professional.",
    Service.Access.INDICATION: "Met een indicatie.",
}
MANY_PLACES = 30
SHORT = 140  # characters
ZONDER_DOSSIER = (
    "De organisatie legt geen dossier aan. Zij krijgt alleen een naam, een telefoonnummer en een goed moment om te "
    "bellen, en wist die zodra er contact is geweest. Terugmelden doet zij alleen dat er contact was."
)


def day(date) -> str:
    return date_format(date, "j F Y")


def phone_link(phone: str) -> str:
    """What comes after "tel:" in a link."""
    return re.sub(r"[^0-9+]", "", phone)


def short(text: str) -> str:
    """As much of a text as a row of results shows, broken off between two words."""
    return text if len(text) <= SHORT else f"{text[:SHORT].rpartition(' ')[0]} …"


def either(names: list[str], *, most: int) -> str:
    """Whom one may ask for: "a", "a of b", "a, b, c of een collega"."""
    shown = names if len(names) <= most else [*names[:most], "een collega"]
    return " of ".join([", ".join(shown[:-1]), *shown[-1:]] if len(shown) > 1 else shown)


def working_days(count: int) -> str:
    return "1 werkdag" if count == 1 else f"{count} werkdagen"


def weeks(count: int) -> str:
    return "1 week" if count == 1 else f"{count} weken"


def way_in(service: Service) -> str:
    return _with(WAY_IN[service.access], service.access_note)


def who_calls(service: Service, *, sender: str = "Jij") -> str:
    """Who calls whom, and within how many working days; after a referral, or after the first call.

    `sender` is who refers, as the reader knows her.
    """
    within = working_days(service.call_within_days) if service.call_within_days else ""
    name = service.organisation.name
    if service.caller == Service.Caller.RECEIVER:
        return f"{name} belt de mantelzorger{f', binnen {within}' if within else ''}."
    if service.caller == Service.Caller.SENDER:
        first, then = f"{sender} belt {name}.", "Daarna is er binnen {} contact met de mantelzorger."
    else:
        first, then = "De mantelzorger belt zelf.", "Zij krijgt binnen {} antwoord."
    return _with(first, then.format(within) if within else "")


def costs(service: Service) -> str:
    kind = service.get_cost_kind_display()
    if service.cost_note.casefold().startswith(kind.casefold()):  # "Gratis, ook kopieën." says it all
        return service.cost_note
    return _with(f"{capfirst(kind)}.", service.cost_note)


def room(service: Service) -> str:
    as_of = f" Stand van {day(service.capacity_on)}." if service.capacity_on else ""
    if service.capacity == Service.Capacity.ROOM:
        return f"Er is plek.{as_of}"
    if service.capacity == Service.Capacity.FULL:
        return f"Vol: nu is er geen plek.{as_of}"
    if service.capacity == Service.Capacity.WAITING_LIST:
        wait = f" van ongeveer {weeks(service.wait_weeks)}" if service.wait_weeks else ""
        return f"Er is een wachtlijst{wait}.{as_of}"
    return "Niet bekend. Vraag het als je belt."


def room_label(capacity: str, wait_weeks: int | None) -> tuple[str, str]:
    """For a badge: text and kind; nothing when it is not known."""
    if capacity == Service.Capacity.WAITING_LIST:
        return f"Wachtlijst, {weeks(wait_weeks)}" if wait_weeks else "Wachtlijst", "warning"
    return {Service.Capacity.ROOM: ("Er is plek", "safe"), Service.Capacity.FULL: ("Vol", "danger")}.get(
        capacity, ("", "")
    )


def usual_answer(service: Service) -> str:
    if service.usual_answer_days is None:
        return ""
    if service.usual_answer_days == 0:
        return "Meestal dezelfde werkdag."
    return f"Meestal binnen {working_days(service.usual_answer_days)}."


def checked(service: Service) -> str:
    return f"Nagekeken op {day(service.checked_on)}" if service.checked_on else "Nog niet nagekeken"


def facts(service: Service) -> list[tuple[str, str]]:
    """What a referrer asks first, as (question, answer) in the order of asking."""
    languages = [language.name for language in service.languages.all()]
    return [
        ("Hoe kom je binnen?", way_in(service)),
        ("Wie belt wie?", who_calls(service)),
        ("Wat kost het?", costs(service)),
        ("Is er plek?", room(service)),
        ("Hoe snel hoor je iets?", usual_answer(service)),
        ("In welke talen?", ", ".join(languages)),
        ("In welke gemeenten?", places(service)),
    ]


def places(service: Service) -> str:
    names = sorted(municipality.name for municipality in service.municipalities.all())
    if len(names) <= MANY_PLACES:
        return ", ".join(names)
    return f"In {len(names)} gemeenten, verspreid over het land"


def _with(sentence: str, note: str) -> str:
    return f"{sentence} {note}" if note else sentence

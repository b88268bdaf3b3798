"""What the page of one service and of one organisation shows, in plain words."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from mantelzorg.dates import date_in_words
from sociale_kaart import permissions, plain_words
from sociale_kaart.answering import words
from sociale_kaart.editing import hours
from sociale_kaart.models import Contact, LocalNote, Organisation, Service


def of_service(service: Service, user) -> dict:
    """For a service that came from `for_page()`: asks nothing more of the database about it."""
    organisation = service.organisation
    may_refer = permissions.may_refer_to(user, service)
    return {
        "service": service,
        "facts": plain_words.facts(service),
        "room": plain_words.room_label(service.capacity, service.wait_weeks),
        "checked": plain_words.checked(service),
        "is_stale": service.is_stale(),
        "zonder_dossier": plain_words.ZONDER_DOSSIER,
        "target_groups": service.target_groups.all(),
        "financing": service.financing.all(),
        "kinds": service.kinds.all(),
        "professions": service.professions.all(),
        "phases": service.phases.all(),
        "locations": service.locations.all(),
        "contacts": _to_call(service, organisation),
        **_reach(
            service.phone or organisation.phone,
            service.email or organisation.email,
            service.website or organisation.website,
        ),
        "by_phone": _by_phone(service, may_refer=may_refer),
        "hours": hours.in_words([hours.as_plain(schedule) for schedule in service.schedules.all()]),
        "hint": words.hint(service) if may_refer else "",
        "answering": words.of_its_own(service) if permissions.may_see_answers_of(user, service) else None,
        "may_refer": may_refer,
        "may_ask": permissions.may_ask_at(user, organisation),
        "may_confirm": permissions.may_maintain_service(user, service),
        "may_propose": permissions.may_propose(user, service) and service.status != Service.Status.ARCHIVED,
    }


def of_organisation(organisation: Organisation, user) -> dict:
    return {
        "may_edit": permissions.keeps_the_directory(user) and permissions.may_change_organisation(user, organisation),
        "may_ask": permissions.may_ask_at(user, organisation),
        "organisation": organisation,
        "kind": organisation.get_kind_display().capitalize(),
        "contacts": _to_call(None, organisation),
        "places": ", ".join(sorted(municipality.name for municipality in organisation.municipalities.all())),
        **_reach(organisation.phone, organisation.email, organisation.website),
    }


def of_notes(notes: Iterable[LocalNote], user) -> list[dict]:
    """For notes that came from `for_page()`, as a page shows them to this reader."""
    return [
        {
            "pk": note.pk,
            "places": note.places,
            "text": note.text,
            "by": f"{note.written_by.name}, {note.organisation.name}",
            "on": date_in_words(note.written_at),
            "may_change": permissions.may_write_note_for(user, note.municipalities.all()),
            "may_end": permissions.may_end_note_for(user, note.municipalities.all()),
        }
        for note in notes
    ]


def _to_call(service: Service | None, organisation: Organisation) -> list[Contact]:
    """Those of this service, otherwise of the organisation as a whole; a phone that shows the page can call them."""
    own = list(service.contacts.all()) if service else []
    shown = own or [contact for contact in organisation.contacts.all() if not contact.service_id]
    for contact in shown:
        contact.phone_link = plain_words.phone_link(contact.phone)
    return shown


def _reach(phone: str, email: str, website: str) -> dict:
    return {
        "phone": phone,
        "phone_link": plain_words.phone_link(phone),
        "email": email,
        "website": website,
        "website_name": (urlsplit(website).hostname or "").removeprefix("www."),
    }


def _by_phone(service: Service, *, may_refer: bool) -> list[str]:
    """How to pass somebody on by phone: to who does not work with the portal, and to who keeps no dossier."""
    if service.status != Service.Status.PUBLISHED or not (service.zonder_dossier or service.channel == "phone"):
        return []
    name = service.organisation.name
    phone = service.phone or service.organisation.phone
    call = f"Bel {name} op {phone}" if phone else f"Bel {name}"
    if service.zonder_dossier:
        button = ["Verwijs met de knop bovenaan. Dan zie je of er contact was. Of bel liever:"] if may_refer else []
        return [
            *button,
            "Vraag de mantelzorger of je naam en nummer mag doorgeven, en wanneer bellen goed uitkomt.",
            f"{call}. Geef alleen naam, nummer en dat moment door. Meer hebben zij niet nodig.",
            plain_words.who_calls(service),
        ]
    steps = [
        f"{call} en draag over wat de mantelzorger wil delen.",
        "Vraag na een paar dagen of er contact is geweest.",
        "Vraag later hoe het afliep, en leg dat vast bij je verwijzing.",
    ]
    first = ["Verwijs met de knop bovenaan. Dan blijft zichtbaar wie aan zet is."] if may_refer else []
    return first + steps

"""On the card, off it for a while, or stopped: which steps there are, what each asks, and what it says afterwards."""

import datetime
from dataclasses import dataclass

from django.urls import reverse

from mantelzorg import principals
from sociale_kaart import actions
from sociale_kaart.models import Service

PUBLISH, PAUSE, STOP, WITHDRAW = "publiceren", "pauzeren", "stoppen", "concept"
Status = Service.Status
FROM = {
    Status.DRAFT: (PUBLISH, STOP),
    Status.PUBLISHED: (PAUSE, STOP, WITHDRAW),
    Status.PAUSED: (PUBLISH, PAUSE, STOP),
    Status.ARCHIVED: (PUBLISH,),
}


@dataclass(frozen=True)
class Step:
    label: str
    question: str
    text: str
    button: str
    done: str
    takes_down: bool = False


STEPS = {
    PUBLISH: Step(
        "Zet op de sociale kaart",
        "{} op de sociale kaart zetten?",
        "Iedereen die inlogt kan het dan vinden. Je zegt er ook mee dat alles vandaag klopt.",
        "Zet op de kaart",
        "Het staat nu op de sociale kaart.",
    ),
    PAUSE: Step(
        "Haal tijdelijk weg",
        "{} tijdelijk weghalen?",
        "Niemand vindt het dan nog bij het zoeken, en er kan niet naar worden verwezen.",
        "Haal tijdelijk weg",
        "Het staat nu even niet op de sociale kaart.",
        takes_down=True,
    ),
    STOP: Step(
        "Stop dit aanbod",
        "{} stopt?",
        "Het verdwijnt van de sociale kaart. Jij kunt het hier altijd terugvinden en opnieuw op de kaart zetten.",
        "Dit aanbod stopt",
        "Dit aanbod staat nu als gestopt. Je kunt het altijd weer op de kaart zetten.",
        takes_down=True,
    ),
    WITHDRAW: Step(
        "Terug naar concept",
        "{} terug naar concept?",
        "Het verdwijnt van de sociale kaart tot je het er weer op zet. Alles wat je invulde, blijft.",
        "Maak er een concept van",
        "Het is weer een concept.",
        takes_down=True,
    ),
}


def possible(service: Service) -> tuple[str, ...]:
    return FROM[service.status]


def steps_of(service: Service) -> list[dict[str, str]]:
    """The buttons for this service."""
    return [
        {"label": STEPS[step].label, "url": reverse("service_status", args=[service.slug, step]), "step": step}
        for step in possible(service)
    ]


def take(step: str, *, service: Service, by, until: datetime.date | None = None) -> Service:
    if step == PAUSE:
        return actions.pause_service(service=service, by=by, until=until)
    verbs = {PUBLISH: actions.publish_service, STOP: actions.archive_service, WITHDRAW: actions.withdraw_service}
    return verbs[step](service=service, by=by)


def has_open_referrals(service: Service) -> bool:
    """Whether somebody is being helped along to it now. Not who or how many: that is not for who keeps the card."""
    with principals.acting(principals.job("overzicht", overview_of=service.organisation_id)):
        return service.referrals.open().exists()

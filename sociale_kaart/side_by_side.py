"""Services beside each other: the same questions to each, what differs first."""

from dataclasses import dataclass

from django.urls import reverse

from sociale_kaart import permissions, plain_words
from sociale_kaart.editing import hours
from sociale_kaart.models import Service

NOT_SAID = "Staat er niet bij"
NOW = "Kun je er nu terecht?"


@dataclass(frozen=True)
class Row:
    question: str
    answers: list[tuple[str, str]]  # the name of the service, and what it says

    @property
    def differs(self) -> bool:
        return len({said for _, said in self.answers}) > 1


def of(services: list[Service]) -> list[Row]:
    """For services that came from `for_page()`: asks nothing more of the database."""
    answers = [dict(_facts(service)) for service in services]
    return [
        Row(
            question,
            [
                (service.title, said[question] or ("Ja" if question == NOW else NOT_SAID))
                for service, said in zip(services, answers, strict=True)
            ],
        )
        for question in answers[0]
        if any(said[question] for said in answers)
    ]


def columns(services: list[Service], user, *, caregiver: str, along: str, address) -> list[dict]:
    """What stands above each: its name with the way to it, to a referral, and to the comparison without it."""
    return [
        {
            "title": service.title,
            "organisation": service.organisation.name,
            "url": f"{reverse('service_detail', args=[service.slug])}{along}",
            "refer_url": _refer(service, user, caregiver),
            "without_url": address([other for other in services if other is not service]),
        }
        for service in services
    ]


def _refer(service: Service, user, caregiver: str) -> str:
    if not permissions.may_refer_to(user, service):
        return ""
    page = reverse("referral_new", args=[caregiver]) if caregiver else reverse("caregiver_new")
    return f"{page}?aanbod={service.slug}"


def _now(service: Service) -> str:
    """Only what is paused says something: then the others say that they are there."""
    if service.status != Service.Status.PAUSED:
        return ""
    return f"Nu even niet, tot {plain_words.day(service.paused_until)}" if service.paused_until else "Nu even niet"


def _open(service: Service) -> str:
    said = hours.in_words([hours.as_plain(schedule) for schedule in service.schedules.all()])
    return said.replace("\n", "; ")


def _facts(service: Service) -> list[tuple[str, str]]:
    checked = plain_words.checked(service)
    return [
        ("Van wie is het?", service.organisation.name),
        (NOW, _now(service)),
        ("Hoe heet het bij hen?", service.name),
        ("Wat is het?", service.summary),
        ("Soort steun", ", ".join(kind.name for kind in service.kinds.all())),
        ("Voor wie in het bijzonder?", ", ".join(group.name for group in service.target_groups.all())),
        ("Fasen bij dementie", ", ".join(f"{phase.number}. {phase.name}" for phase in service.phases.all())),
        *plain_words.facts(service),
        ("Wanneer is het open?", _open(service)),
        ("Met dossier?", "Zonder dossier" if service.zonder_dossier else "De organisatie houdt een dossier bij"),
        ("Waar is het?", ", ".join(sorted({location.place for location in service.locations.all() if location.place}))),
        ("Telefoon", service.phone or service.organisation.phone),
        ("Klopt het nog?", f"{checked}, dat is lang geleden" if service.is_stale() else checked),
    ]

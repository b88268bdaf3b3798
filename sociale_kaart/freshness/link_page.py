"""What somebody without an account sees behind the link in the mail: the cards she is asked about, as they are."""

import datetime

from sociale_kaart import plain_words
from sociale_kaart.freshness import owners
from sociale_kaart.models import CheckItem, CheckRequest, Service

Answer = CheckItem.Answer
ALL = "alles"
SAID = {
    Answer.HOLDS: "Jij gaf door dat dit klopt.",
    Answer.PROPOSED: "Jij gaf door wat er anders moet. De consulent kijkt ernaar.",
}
NOT_NEEDED = "Hier is intussen al naar gekeken. Je hoeft niets te doen."


def rows(request: CheckRequest, now: datetime.datetime) -> list[dict]:
    """Of each service what stands on its card, or what became of the question. A fixed number of queries."""
    return [row(item) for item in CheckItem.objects.for_link(request)]


def row(item: CheckItem) -> dict:
    service = item.service
    asked = owners.is_still_asked(item, service)
    return {
        "slug": service.slug,
        "title": service.title,
        "formal": service.name if service.everyday_name and service.everyday_name != service.name else "",
        "is_asked": asked,
        "said": "" if asked else SAID.get(item.answer, NOT_NEEDED),
        "is_answered": item.answer in SAID,
        "facts": card(service) if asked else [],
        "checked": plain_words.checked(service) if asked else "",
    }


def asked_about(request: CheckRequest, slug: str) -> Service | None:
    """The service of this question with this slug, while it still waits for an answer."""
    item = CheckItem.objects.for_link(request).filter(service__slug=slug).first()
    return item.service if item and owners.is_still_asked(item, item.service) else None


def service_of(request: CheckRequest, slug: str) -> Service | None:
    """The service of this question with this slug, whatever became of the question."""
    item = CheckItem.objects.for_link(request).filter(service__slug=slug).first()
    return item.service if item else None


def is_about(request: CheckRequest, said: str) -> bool:
    """What came in is a service of this question, or all of it."""
    return said == ALL or said in _answers(request)


def holds(request: CheckRequest, said: str) -> bool:
    """It is on paper that this holds: this service, or every one that nobody wanted to change."""
    answers = _answers(request)
    if said == ALL:
        return set(answers.values()) <= set(SAID)
    return answers.get(said) == Answer.HOLDS


def everything_was_answered(request: CheckRequest) -> bool:
    return set(_answers(request).values()) <= set(SAID)


def _answers(request: CheckRequest) -> dict[str, str]:
    """By slug."""
    return dict(CheckItem.objects.of_request(request).values_list("service__slug", "answer"))


def card(service: Service) -> list[tuple[str, str]]:
    organisation = service.organisation
    return [
        ("In één zin", service.summary),
        ("Voor wie", service.for_whom),
        ("Wat het is", service.description),
        *plain_words.facts(service),
        ("Telefoon", service.phone or organisation.phone),
        ("E-mail", service.email or organisation.email),
        ("Website", service.website or organisation.website),
    ]

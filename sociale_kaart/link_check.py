"""Do the links still work? Gathers every address that a page shows, asks each once, and keeps what was found.

Run by `manage.py check_links`, once a week for example. Safe to repeat: on one day an address that gives no answer
counts as one failure, however often it is asked.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import models, transaction
from django.db.models import CharField, F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from knowledge.models import (
    Association,
    ConversationGuide,
    Fact,
    FinancingKind,
    Instrument,
    LinkCheck,
    NationalOrganisation,
    Profession,
    Resource,
    Source,
    SupportKind,
)
from mantelzorg import principals
from sociale_kaart import web
from sociale_kaart.models import Organisation, Service
from sociale_kaart.web import Answer

JOB = "links"
HOSTS_AT_ONCE = 8
BETWEEN = 0.5  # seconds, for addresses of the same host
DEAD_AFTER = 3  # days on which there was no answer
KEPT = 200  # characters of what was said
Outcome = LinkCheck.Outcome
HEADINGS = (
    (Outcome.DEAD, "Werkt niet meer"),
    (Outcome.UNREACHABLE, "Gaf deze keer geen antwoord"),
    (Outcome.UNSURE, "Laat zich niet nakijken"),
)


@dataclass(frozen=True)
class Place:
    """Where a link stands: on what kind of page, the name of what it is about, and whose that is."""

    kind: str
    name: str
    of: tuple[tuple[str, str], ...] = ()  # name and, of a profession with a sheet, its slug

    def __str__(self) -> str:
        names = ", ".join(name for name, _ in self.of)
        return f"{self.kind}: {self.name}{f' (bij {names})' if names else ''}"


@dataclass(frozen=True)
class Report:
    """What a run found."""

    places: dict[str, list[Place]]
    checks: list[LinkCheck]

    def of(self, outcome: str) -> list[LinkCheck]:
        return [check for check in self.checks if check.outcome == outcome]

    def lines(self) -> Iterator[str]:
        """To read on a screen or in a mail: first what asks for something to be done."""
        for outcome, heading in HEADINGS:
            checks = self.of(outcome)
            yield f"{heading}: {len(checks)}"
            for check in checks:
                yield f"  {check.url}"
                yield f"    {' '.join(str(part) for part in (check.status, check.said) if part)}"
                yield from (f"    {place}" for place in self.places[check.url])
        yield f"Werkt: {len(self.of(Outcome.OK))}"


def run(*, now: datetime | None = None) -> Report | None:
    """Ask every address that is shown. Without a network nothing is changed, and there is no report; one that lets
    through less than a tenth of them counts as none.
    """
    with principals.acting(principals.job(JOB)):
        places = gathered()
    return check(places, now=now)


def check(
    places: dict[str, list[Place]],
    *,
    now: datetime | None = None,
    may_call: Callable[[str, int], bool] = web.is_public,
    between: float = BETWEEN,
) -> Report | None:
    answers = _ask_all(places, may_call, between)
    if 10 * sum(answer.is_from_the_web for answer in answers.values()) < len(answers) or not answers:
        return None
    with principals.acting(principals.job(JOB)):
        return Report(places, _kept(answers, now or timezone.now()))


def gathered() -> dict[str, list[Place]]:
    """Every address that is shown, with where it stands. What is not verified is shown to nobody."""
    places: dict[str, list[Place]] = {}
    for url, place in (*knowledge_links(), *directory_links()):
        places.setdefault(url, []).append(place)
    return places


def knowledge_links() -> list[tuple[str, Place]]:
    """The addresses of the knowledge pages, in one query."""
    use = {"on": F("uses__profession__name"), "slug": F("uses__profession__slug")}
    its_own = {"on": F("name"), "slug": F("slug")}
    of_profession = {"on": F("profession__name"), "slug": F("profession__slug")}
    verified = Q(unverified=False)
    parts = [
        _links(Resource.objects.current().filter(verified), "Hulpmiddel", F("url"), F("name"), **use),
        _links(NationalOrganisation.objects.current().filter(verified), "Landelijke organisatie", F("url"), F("name")),
        _links(
            Association.objects.filter(verified, profession__retired=False),
            "Vereniging",
            F("url"),
            F("organisation__name"),
            **of_profession,
        ),
        _links(
            Profession.objects.current().filter(quote_unverified=False),
            "Een collega vertelt",
            F("quote_url"),
            F("quote_function"),
            **its_own,
        ),
        _links(Source.objects.current().filter(verified), "Bron", F("url"), F("name")),
        _links(FinancingKind.objects.current(), "Financiering", F("source_url"), F("name")),
        _links(SupportKind.objects.current(), "Ondersteuningsvorm", F("url"), F("name")),
        _links(Fact.objects.current(), "Feit", F("source_url"), F("name")),
        _links(Instrument.objects.current(), "Meetinstrument", _each("urls"), F("name")),
        _links(ConversationGuide.objects.current(), "Gesprek", F("offered_url"), F("name")),
        _links(ConversationGuide.objects.current(), "Gesprek", _each("method_urls"), F("name")),
    ]
    rows = parts[0].union(*parts[1:]).order_by("link_kind", "link_title", "link_on", "link")
    whose: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for link, kind, title, on, slug in rows:
        if link:
            whose.setdefault((link, kind, title), []).extend([(on, slug)] if on else [])
    return [(link, Place(kind, title, tuple(of))) for (link, kind, title), of in whose.items()]


def directory_links() -> list[tuple[str, Place]]:
    """The websites of what is published, and of who offers it."""
    services = Service.objects.published().exclude(website="").order_by("name", "pk")
    organisations = Organisation.objects.filter(
        pk__in=Service.objects.published().values("organisation")
    ).exclude(website="").order_by("name")  # fmt: skip
    return [
        *(
            (website, Place("Aanbod", name, ((organisation, ""),)))
            for website, name, organisation in services.values_list("website", "name", "organisation__name")
        ),
        *((website, Place("Organisatie", name)) for website, name in organisations.values_list("website", "name")),
    ]


# Steps --------------------------------------------------------------------------------------------------------------


def _links(rows: models.QuerySet, kind: str, link, title, *, on=None, slug=None) -> models.QuerySet:
    """Of one table the columns that all have in common."""
    text, nothing = CharField(), Value("", output_field=CharField())
    return (
        rows.order_by()
        .annotate(
            link=link,
            link_kind=Value(kind, output_field=text),
            link_title=title,
            link_on=Coalesce(on, nothing) if on is not None else nothing,
            link_slug=Coalesce(slug, nothing) if slug is not None else nothing,
        )
        .values_list("link", "link_kind", "link_title", "link_on", "link_slug")
    )


def _each(field: str) -> Func:
    return Func(F(field), function="unnest", output_field=CharField())


def _ask_all(urls: Iterable[str], may_call: Callable[[str, int], bool], between: float) -> dict[str, Answer]:
    """Several hosts at once, and of each host one address after the other."""
    by_host: dict[str, list[str]] = {}
    for url in urls:
        by_host.setdefault((urlsplit(url).hostname or "").removeprefix("www."), []).append(url)

    def visit(addresses: list[str]) -> list[tuple[str, Answer]]:
        found = []
        for number, url in enumerate(addresses):
            time.sleep(between if number else 0)
            found.append((url, web.ask(url, may_call=may_call)))
        return found

    with ThreadPoolExecutor(max_workers=HOSTS_AT_ONCE) as pool:
        return dict(pair for pairs in pool.map(visit, by_host.values()) for pair in pairs)


@transaction.atomic
def _kept(answers: dict[str, Answer], now: datetime) -> list[LinkCheck]:
    """One row per address; what no page shows any more is forgotten."""
    before = LinkCheck.objects.in_bulk()
    checks = [_after(before.get(url), url, answer, now) for url, answer in sorted(answers.items())]
    LinkCheck.objects.bulk_create(
        checks,
        update_conflicts=True,
        unique_fields=["url"],
        update_fields=["outcome", "status", "said", "failures", "checked_at", "worked_at"],
    )
    LinkCheck.objects.exclude(pk__in=answers).delete()
    return checks


def _after(before: LinkCheck | None, url: str, answer: Answer, now: datetime) -> LinkCheck:
    failures = before.failures if before else 0
    worked_at = before.worked_at if before else None
    outcome, status, said = answer.outcome, answer.status, answer.said
    if outcome in (Outcome.OK, Outcome.UNSURE):
        failures, worked_at = 0, now if outcome == Outcome.OK else worked_at
    elif not failures or timezone.localdate(before.checked_at) < timezone.localdate(now):
        failures += 1
    if outcome == Outcome.UNREACHABLE and failures >= DEAD_AFTER:
        outcome, said = Outcome.DEAD, f"{said}, op {failures} dagen"
    was_gone = before is not None and before.outcome == Outcome.DEAD and before.status in web.GONE
    if was_gone and outcome != Outcome.OK:  # silence or a closed door does not bring a page back
        outcome, status, said = before.outcome, before.status, before.said
    return LinkCheck(
        url=url,
        outcome=outcome,
        status=status,
        said=said[:KEPT],
        failures=failures,
        checked_at=now,
        worked_at=worked_at,
    )

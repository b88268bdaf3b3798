"""What there is to do for who keeps the sociale kaart: what was reported and proposed, what is to be looked at again,
and links that died. Whose turn it is, the home municipality of a service says.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from knowledge.models import LinkCheck
from mantelzorg.dates import date_in_words, day_in_words, days_late
from sociale_kaart.answering.words import hint
from sociale_kaart.link_check import knowledge_links
from sociale_kaart.models import Answering, CheckItem, Municipality, Organisation, Proposal, Report, Service

AHEAD = datetime.timedelta(days=14)
SHOWN = 50  # of dead links: more come when these are mended
FIRST = 5  # of each kind on the first page
MOST_COUNTED = 99
ON_A_PAGE = 12
DEAD = "dode-links"


@dataclass(frozen=True)
class DeadLink:
    url: str
    why: str
    found: str
    kind: str
    name: str
    pages: list[tuple[str, str]]  # label and address of where it stands
    edit_url: str = ""  # where she mends it


def municipalities_of(user) -> list[str] | None:
    """For whom she works: codes, or nothing for all of them."""
    return None if user.is_functional_admin else sorted(user.maintained_municipalities)


def names_of(codes: list[str] | None) -> list[str]:
    return [] if codes is None else list(Municipality.objects.filter(pk__in=codes).values_list("name", flat=True))


@dataclass(frozen=True)
class Row:
    """One line of the list: what it is about, what is the matter, and the one thing to do next."""

    title: str
    url: str
    by: str
    where: str
    said: str
    late: str = ""
    do: str = ""  # what stands on the button
    do_url: str = ""
    is_post: bool = False
    more_url: str = ""  # where there is more to do with it


@dataclass(frozen=True)
class Section:
    """One kind of work: which rows, in which order, and how they are told."""

    key: str
    short: str
    title: str
    says: str
    rows: Callable[[list[str] | None], QuerySet]
    order: tuple[str, ...]
    tell: Callable[[list], list[Row]]


def sections() -> list[Section]:
    """The most urgent kind first."""
    return [
        Section(
            "gemeld",
            "Gemeld",
            "Gemeld door collega’s",
            "Iemand zag dat er iets niet klopt.",
            Report.objects.to_handle,
            ("made_at", "pk"),
            _of_reports,
        ),
        Section(
            "voorstellen",
            "Voorstellen",
            "Voorstellen van aanbieders",
            "De aanbieder zegt wat er moet staan.",
            Proposal.objects.to_handle,
            ("made_at", "pk"),
            _of_proposals,
        ),
        Section(
            "geen-antwoord",
            "Geen antwoord",
            "Geen antwoord op de mail",
            "De aanbieder is gevraagd en herinnerd. Bel even.",
            CheckItem.objects.of_this_round().unanswered,
            ("answered_at", "pk"),
            _of_silence,
        ),
        Section(
            "antwoorden",
            "Hoe gaat het",
            "Vraag hoe het gaat",
            "Hier komt vaak laat antwoord, of is er vaak geen plek. Bel eens en vraag wat er speelt.",
            to_ask,
            ("counted_on", "pk"),
            _of_answers,
        ),
        Section(
            "te-laat",
            "Te laat",
            "Te laat nagekeken",
            "Wie zoekt, ziet hierbij dat het lang niet is nagekeken.",
            overdue,
            ("next_check_on", "pk"),
            _of_services,
        ),
        Section(
            "binnenkort",
            "Binnenkort",
            "Binnenkort nakijken",
            "Binnen twee weken is het tijd om te kijken of dit nog klopt.",
            due,
            ("next_check_on", "pk"),
            _of_services,
        ),
    ]


def overview(codes: list[str] | None, shown: str) -> dict:
    """What the page shows: how much there is of each kind, and of all kinds the first rows unless one was asked for."""
    found, links = sections(), dead_links(codes)
    asked = next((section for section in found if section.key == shown), None)
    everything = asked is None and shown != DEAD
    firsts = [_first(section, codes) for section in found] if everything else []
    counts = {first["section"].key: first["count"] for first in firsts} or {
        section.key: counted(section.rows(codes).order_by()[: MOST_COUNTED + 1].count()) for section in found
    }
    counts[DEAD] = counted(len(links[0]))
    here = reverse("directory_work")
    items = [{"label": "Alles", "url": here, "current": everything, "count": ""}]
    items += [
        {"label": label, "url": f"{here}?toon={key}", "current": key == shown, "count": counts[key]}
        for key, label in [*((section.key, section.short) for section in found), (DEAD, "Dode links")]
    ]
    return {
        "items": items,
        "section": asked,
        "sections": firsts,
        "shows_links": asked is None,
        "of_directory": links[0],
        "of_knowledge": links[1],
        "is_everything": everything,
        "is_done": everything and not any(first["rows"] for first in firsts) and not links[0],
    }


def _first(section: Section, codes: list[str] | None) -> dict:
    rows = list(section.rows(codes).order_by(*section.order)[: MOST_COUNTED + 1])
    more = f"{reverse('directory_work')}?toon={section.key}" if len(rows) > FIRST else ""
    return {
        "section": section,
        "rows": section.tell(rows[:FIRST]),
        "count": counted(len(rows)),
        "more_url": more,
    }


def address_of(shown: str) -> str:
    """Of this kind of work, or of all of it."""
    here = reverse("directory_work")
    return f"{here}?toon={shown}" if shown in {section.key for section in sections()} else here


def overdue(codes: list[str] | None) -> QuerySet:
    return _to_check(codes, timezone.localdate() - datetime.timedelta(days=1))


def due(codes: list[str] | None) -> QuerySet:
    today = timezone.localdate()
    return _to_check(codes, today + AHEAD).filter(next_check_on__gte=today)


def to_ask(codes: list[str] | None) -> QuerySet:
    return Answering.objects.to_ask(codes, today=timezone.localdate())


def counted(number: int) -> str:
    """How many, up to where counting on would tell her nothing more."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)


def dead_links(codes: list[str] | None) -> tuple[list[DeadLink], list[DeadLink]]:
    """Those of the sociale kaart of these municipalities, and those of the knowledge pages."""
    dead = LinkCheck.objects.filter(outcome=LinkCheck.Outcome.DEAD).in_bulk()
    if not dead:
        return [], []
    return _of_directory(codes, dead), _of_knowledge(dead)


# Steps --------------------------------------------------------------------------------------------------------------


def _to_check(codes: list[str] | None, until: datetime.date) -> QuerySet:
    """Without those whose owner was asked in vain: they are a section of their own."""
    asked = CheckItem.objects.filter(service=OuterRef("pk"), checked_on=OuterRef("checked_on"))
    silent = asked.filter(answer=CheckItem.Answer.SILENCE)
    waiting = asked.open().order_by("-pk").values("request__asked_at")[:1]
    return (
        Service.objects.to_check(codes, until=until)
        .filter(~Exists(silent))
        .annotate(
            asked_at=Subquery(waiting),
            proposed=Exists(Proposal.objects.open().filter(service=OuterRef("pk"), by=None)),
        )
    )


def _of_services(services: list[Service]) -> list[Row]:
    today = timezone.localdate()
    return [
        Row(
            **_about(service),
            said=_when(service),
            late=days_late(service.next_check_on, today),
            do="Klopt nog",
            do_url=reverse("service_confirm", args=[service.slug]),
            is_post=True,
            more_url=reverse("check_service", args=[service.slug]),
        )
        for service in services
    ]


def _when(service: Service) -> str:
    if service.proposed:
        said = "De aanbieder stelde een wijziging voor."
    elif service.asked_at:
        said = f"Gevraagd op {date_in_words(service.asked_at)}, wacht op antwoord."
    else:
        said = ""
    return (
        f"Nagekeken op {day_in_words(service.checked_on)}, nakijken voor {day_in_words(service.next_check_on)}. {said}"
    )


def _of_silence(items: list[CheckItem]) -> list[Row]:
    return [
        Row(
            **_about(item.service),
            said=f"Gevraagd op {date_in_words(item.request.asked_at)}. {_call(item.service)}",
            do="Klopt nog",
            do_url=reverse("service_confirm", args=[item.service.slug]),
            is_post=True,
            more_url=reverse("check_service", args=[item.service.slug]),
        )
        for item in items
    ]


def _of_answers(rows: list[Answering]) -> list[Row]:
    return [
        Row(
            **_about(row.service) | {"title": f"Vraag hoe het gaat bij {row.service.title}"},
            said=f"{hint(row.service)} {_call(row.service)}",
            do="Zet een maand opzij",
            do_url=reverse("answering_set_aside", args=[row.service.slug]),
            is_post=True,
        )
        for row in rows
    ]


def _call(service: Service) -> str:
    phone = service.phone or service.organisation.phone
    return f"Bel {phone}." if phone else "Er staat geen telefoonnummer bij."


def _of_reports(reports: list[Report]) -> list[Row]:
    return [
        Row(
            **_about(report.service),
            said=f"{report.get_what_display()}. Gemeld op {date_in_words(report.made_at)} door {report.by.name}.",
            do="Bekijk de melding",
            do_url=reverse("report_detail", args=[report.pk]),
        )
        for report in reports
    ]


def _of_proposals(proposals: list[Proposal]) -> list[Row]:
    return [
        Row(
            **_about(proposal.service),
            said=f"Van {proposal.by.name if proposal.by else proposal.said_by or 'de aanbieder'}, "
            f"{date_in_words(proposal.made_at)}.",
            do="Bekijk het voorstel",
            do_url=reverse("proposal_detail", args=[proposal.pk]),
        )
        for proposal in proposals
    ]


def _about(service: Service) -> dict[str, str]:
    home = service.home_municipality
    return {
        "title": service.title,
        "url": reverse("service_detail", args=[service.slug]),
        "by": service.organisation.name,
        "where": home.name if home else "",
    }


def _of_directory(codes: list[str] | None, dead: dict[str, LinkCheck]) -> list[DeadLink]:
    services = Service.objects.published()
    if codes is not None:
        services = services.in_municipality(codes)
    organisations = Organisation.objects.filter(website__in=dead, pk__in=services.values("organisation"))
    found = [
        _dead(dead[website], "Aanbod", everyday_name or name, "service", slug)
        for website, name, everyday_name, slug in services.filter(website__in=dead)
        .order_by("name", "pk")
        .values_list("website", "name", "everyday_name", "slug")[:SHOWN]
    ]
    found += [
        _dead(dead[website], "Organisatie", name, "organisation", slug)
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


def _dead(check: LinkCheck, kind: str, name: str, thing: str, slug: str) -> DeadLink:
    page, edit = (reverse(f"{thing}_{what}", args=[slug]) for what in ("detail", "edit"))
    return DeadLink(check.url, _why(check), date_in_words(check.checked_at), kind, name, [(name, page)], edit)


def _why(check: LinkCheck) -> str:
    why = check.said or f"de website meldt dat deze pagina er niet meer is ({check.status})"
    return f"{why}; werkte het laatst op {date_in_words(check.worked_at)}" if check.worked_at else why

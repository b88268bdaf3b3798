"""Asking who offers a service whether it still holds, hearing the answer, and handling what professionals report."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from mantelzorg.dates import date_in_words
from mantelzorg.refusal import Refused
from sociale_kaart import actions, permissions
from sociale_kaart.editing.actions import propose
from sociale_kaart.freshness import owners
from sociale_kaart.models import CheckItem, CheckRequest, NotAsked, Organisation, Proposal, Report, Service
from trail.actions import enqueue_mail, record_access

Answer = CheckItem.Answer
MOST_REPORTS = 20  # of one person that wait
HANDLED = "Deze melding is intussen al behandeld{}."


class LinkClosed(Refused):
    """The link was used, is too old, or was overtaken."""

    def __init__(self):
        super().__init__("Deze link werkt niet meer.")


# Asking -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_organisation(*, organisation_id: uuid.UUID, now: datetime.datetime) -> int:
    """One mail to each of its addresses with all that is due there; returns how many. Safe to repeat, also at once."""
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None:
        return 0
    questions = owners.questions_for(organisation.pk, timezone.localdate(now))
    for address, services in questions.items():
        _let_go(CheckItem.objects.open().filter(service__in=services), now)
        _ask(organisation, address, services, by=None, now=now)
    return len(questions)


@transaction.atomic
def ask_by_hand(*, service: Service, by, now: datetime.datetime | None = None) -> CheckRequest:
    """The consulent asks about this one service, whether it is due or not."""
    now = now or timezone.now()
    service = actions.locked_for(by, service)
    if service.status != Service.Status.PUBLISHED:
        raise Refused("Alleen wat op de sociale kaart staat, kun je laten nakijken.")
    if service.checked_on == timezone.localdate(now):
        raise Refused("Dit aanbod is vandaag al nagekeken.")
    if NotAsked.objects.filter(service=service).exists() or NotAsked.objects.filter(organisation=service.organisation):
        raise Refused("Er is gekozen om hierover niet te mailen. Bel hen, of verander die keuze.")
    if not (address := owners.address_of(service)):
        raise Refused("Er staat geen algemeen e-mailadres bij dit aanbod of bij de organisatie. Bel hen.")
    waiting = CheckItem.objects.open().filter(service=service).select_related("request").select_for_update(of=["self"])
    for item in waiting:
        if item.request.is_open(now) and owners.is_still_asked(item, service):
            raise Refused(f"Dit is op {date_in_words(item.request.asked_at)} al gevraagd. Het antwoord komt vanzelf.")
    _let_go(CheckItem.objects.open().filter(service=service), now)
    return _ask(service.organisation, address, [service], by=by, now=now)


@transaction.atomic
def mail_about(*, service: Service, choice: str, by, now: datetime.datetime | None = None) -> None:
    """Whether its owner is mailed: "ja", "niet-dit" for this service, "niet-alles" for all of the organisation."""
    service = actions.locked_for(by, service)
    organisation = service.organisation
    was_all = NotAsked.objects.filter(organisation=organisation).exists()
    if was_all != (choice == "niet-alles") and not permissions.may_change_organisation(by, organisation):
        raise PermissionDenied
    NotAsked.objects.filter(service=service).delete()
    if choice != "niet-alles":
        NotAsked.objects.filter(organisation=organisation).delete()
    if choice == "niet-dit":
        NotAsked.objects.create(service=service, by_id=by.pk, at=now or timezone.now())
        _let_go(CheckItem.objects.open().filter(service=service), now or timezone.now())
    elif choice == "niet-alles" and not was_all:
        NotAsked.objects.create(organisation=organisation, by_id=by.pk, at=now or timezone.now())
        _let_go(CheckItem.objects.open().filter(service__organisation=organisation), now or timezone.now())


@transaction.atomic
def remind(*, request_id: uuid.UUID, now: datetime.datetime) -> bool:
    """Once, and only about what is still asked. Returns whether a mail went."""
    request = CheckRequest.objects.to_remind(now).select_for_update(of=("self",), skip_locked=True)
    request = request.select_related("organisation").filter(pk=request_id).first()
    if request is None:
        return False
    items = list(CheckItem.objects.open().of_request(request).select_related("request", "service__organisation"))
    still = [item.pk for item in items if owners.is_still_asked(item, item.service)]
    _let_go(CheckItem.objects.open().of_request(request).exclude(pk__in=still), now)
    request.reminded_at = now
    request.save(update_fields=["reminded_at"])
    if still:
        enqueue_mail(
            template="check_reminder",
            to=request.to,
            context={"request": str(request.pk)},
            about=request,
            organisation=request.organisation_id,
        )
    return bool(still)


@transaction.atomic
def let_go_of_overtaken(*, now: datetime.datetime) -> int:
    """Questions about what was checked meanwhile, or is off the card: nobody needs to answer those."""
    rows = CheckItem.objects.overtaken().select_for_update(of=("self",), skip_locked=True)
    keys = list(rows.values_list("pk", flat=True))
    _let_go(CheckItem.objects.open().filter(pk__in=keys), now)
    return len(keys)


@transaction.atomic
def close(*, request_id: uuid.UUID, now: datetime.datetime) -> None:
    """The time is over: what nobody answered is on the work list from now on."""
    request = CheckRequest.objects.to_close(now).select_for_update(of=("self",), skip_locked=True)
    request = request.select_related("organisation").filter(pk=request_id).first()
    if request is None:
        return
    items = list(CheckItem.objects.open().of_request(request).select_related("request", "service__organisation"))
    silent = [item.pk for item in items if owners.is_still_asked(item, item.service)]
    CheckItem.objects.open().filter(pk__in=silent).update(answer=Answer.SILENCE, answered_at=now)
    _let_go(CheckItem.objects.open().of_request(request), now)
    _close(request, now)


def _ask(
    organisation: Organisation, address: str, services: Iterable[Service], *, by, now: datetime.datetime
) -> CheckRequest:
    request = CheckRequest.objects.create(
        organisation=organisation,
        to=address,
        by_id=by.pk if by else None,
        asked_at=now,
        expires_at=now + datetime.timedelta(days=settings.CHECK_LINK_DAYS),
    )
    CheckItem.objects.bulk_create(
        CheckItem(request=request, service=service, checked_on=service.checked_on) for service in services
    )
    enqueue_mail(
        template="check_asked",
        to=address,
        context={"request": str(request.pk)},
        about=request,
        organisation=organisation.pk,
    )
    return request


def _let_go(items, now: datetime.datetime) -> None:
    """Somebody has looked meanwhile, or it is asked anew: nobody needs to answer these."""
    items.update(answer=Answer.OVERTAKEN, answered_at=now)


def _close(request: CheckRequest, now: datetime.datetime) -> None:
    request.closed_at = now
    request.save(update_fields=["closed_at"])


# Answering, through the link --------------------------------------------------------------------------------------


@transaction.atomic
def confirm_by_link(
    *, request: CheckRequest, slugs: Iterable[str] | None = None, now: datetime.datetime | None = None
) -> int:
    """ "Klopt nog", for these services of the question or for all that is left of it. Returns how many."""
    now = now or timezone.now()
    said = 0
    for item, service in _asked(request, now, slugs):
        if not owners.is_still_asked(item, service):
            _let_go(CheckItem.objects.open().filter(pk=item.pk), now)
            continue
        by = owners.Owner.of(service)
        actions.confirm_service(service=service, by=by, now=now, said_by=owners.SAID_BY)
        _answered(item, Answer.HOLDS, now)
        said += 1
    _close_when_done(request, now)
    return said


@transaction.atomic
def correct_by_link(
    *, request: CheckRequest, slug: str, fields: dict[str, Any], words: str = "", now: datetime.datetime | None = None
) -> Proposal:
    """What should stand there, for the consulent to look at. The card stays as it is until she says yes."""
    now = now or timezone.now()
    for item, service in _asked(request, now, [slug]):
        if owners.is_still_asked(item, service):
            proposal = propose(service=service, fields=fields, words=words, said_by=owners.SAID_BY, now=now)
            _answered(item, Answer.PROPOSED, now)
            _close_when_done(request, now)
            return proposal
    raise LinkClosed


def _asked(
    request: CheckRequest, now: datetime.datetime, slugs: Iterable[str] | None
) -> list[tuple[CheckItem, Service]]:
    """What is still open of this question, locked: the services first, in a fixed order."""
    if not request.is_open(now):
        raise LinkClosed
    wanted = CheckItem.objects.open().of_request(request)
    wanted = wanted if slugs is None else wanted.filter(service__slug__in=list(slugs))
    services = Service.objects.select_related("organisation").order_by("pk").select_for_update(of=("self",))
    services = {
        service.pk: service for service in services.filter(pk__in=list(wanted.values_list("service", flat=True)))
    }
    items = wanted.select_for_update(of=("self",)).select_related("request").order_by("service")
    return [(item, services[item.service_id]) for item in items if item.service_id in services]


def _answered(item: CheckItem, answer: str, now: datetime.datetime) -> None:
    item.answer, item.answered_at = answer, now
    item.save(update_fields=["answer", "answered_at"])
    record_access(by=None, event="update", action="U", obj=item, organisation=item.request.organisation_id)


def _close_when_done(request: CheckRequest, now: datetime.datetime) -> None:
    request = CheckRequest.objects.select_for_update().get(pk=request.pk)
    if request.closed_at is None and not CheckItem.objects.open().of_request(request).exists():
        _close(request, now)


# Reports ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def report(*, service: Service, what: str, words: str, by, now: datetime.datetime | None = None) -> Report:
    """Anybody who has logged in says what is wrong on a card she can see."""
    if not Service.objects.for_user(by).filter(pk=service.pk).exists():
        raise PermissionDenied
    if Report.objects.open().filter(by=by.pk).count() >= MOST_REPORTS:
        raise Refused("Er wachten al twintig meldingen van jou. De consulent kijkt die eerst na.")
    return Report.objects.create(
        service=service, what=what, words=words.strip(), by_id=by.pk, made_at=now or timezone.now()
    )


@transaction.atomic
def handle_report(*, report: Report, outcome: str, answer: str, by, now: datetime.datetime | None = None) -> Report:
    """Mended, or right after all: in words that the reporter gets to read. Who comes second is told who was first."""
    report = Report.objects.select_for_update(of=("self",)).select_related("handled_by", "by").get(pk=report.pk)
    service = Service.objects.get(pk=report.service_id)
    if not permissions.may_maintain_service(by, service):
        raise PermissionDenied
    if not report.is_open:
        raise Refused(HANDLED.format(f" door {report.handled_by.name}" if report.handled_by_id != by.pk else ""))
    if not answer.strip():
        raise Refused("Schrijf in een zin wat je hebt gedaan.", field="answer")
    report.state, report.answer = outcome, answer.strip()
    report.handled_by_id, report.handled_at = by.pk, now or timezone.now()
    report.save(update_fields=["state", "answer", "handled_by", "handled_at"])
    if report.by_id != by.pk:
        enqueue_mail(
            template="report_handled", to=report.by.email, context={"path": reverse("my_reports")}, about=report
        )
    return report

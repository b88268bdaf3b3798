"""Saving a form on top of what others did meanwhile, and proposals of who may not change a card but knows it best."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from mantelzorg.refusal import Refused
from sociale_kaart import actions, permissions
from sociale_kaart.editing import history, organisations, values
from sociale_kaart.editing.history import What
from sociale_kaart.editing.merging import OF_A_CONTACT, OF_A_LOCATION, settled
from sociale_kaart.editing.values import PROPOSABLE, Values
from sociale_kaart.models import Contact, Location, Municipality, Organisation, Proposal, Service
from trail.actions import enqueue_mail

MOST_OPEN = 10  # proposals of one service that wait
CHANGED_MEANWHILE = "Dit is intussen gewijzigd. Kijk opnieuw wat er nu staat."


# Saving on top of each other ----------------------------------------------------------------------------------------


@transaction.atomic
def save_service(*, service: Service, base: Values, mine: Values, by) -> list[str]:
    """Write what she changed since `base`. Returns the names that somebody else changed meanwhile and she did not.

    Raises Conflict, and writes nothing, when somebody else changed the same field to something else.
    """
    service = actions.locked_for(by, service)
    theirs = values.of_service(service)
    merged = settled(base=base, mine=mine, theirs=theirs)
    if merged.values:
        _leave_others_theirs(service, merged.values, by)
        _write_service(service, merged.values, by)
    return merged.taken


@transaction.atomic
def save_organisation(*, organisation: Organisation, base: Values, mine: Values, by) -> list[str]:
    organisation = organisations.locked_for(by, organisation)
    theirs = values.of_organisation(organisation)
    merged = settled(base=base, mine=mine, theirs=theirs)
    changed = dict(merged.values)
    if changed:
        if "municipalities" in changed:
            changed["municipalities"] = Municipality.objects.filter(pk__in=changed["municipalities"])
        actions.update_organisation(organisation=organisation, by=by, **changed)
    return merged.taken


@transaction.atomic
def save_location(*, location: Location, base: Values, mine: Values, by) -> list[str]:
    organisations.locked_for(by, location.organisation)
    location = Location.objects.get(pk=location.pk)
    theirs = history.of_location(location)
    merged = settled(base=base, mine=mine, theirs=theirs, together=OF_A_LOCATION)
    if merged.values:
        actions.update_location(location=location, by=by, **merged.values)
    return merged.taken


@transaction.atomic
def save_contact(*, contact: Contact, base: Values, mine: Values, by) -> list[str]:
    contact = organisations.locked_contact(by, contact)
    theirs = history.of_contact(contact)
    merged = settled(base=base, mine=mine, theirs=theirs, together=OF_A_CONTACT)
    if merged.values:
        actions.update_contact(contact=contact, by=by, **organisations.for_contact(merged.values))
    return merged.taken


# Proposals ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def propose(
    *,
    service: Service,
    fields: Values,
    by=None,
    said_by: str = "",
    words: str = "",
    now: datetime.datetime | None = None,
) -> Proposal:
    """Say what should stand on this card. Without an account (`by`), who asks has looked who may: a link in a mail.

    Only what differs from what stands there is kept. `words` alone, without a field, is a proposal too.
    """
    if by is not None and not permissions.may_propose(by, service):
        raise PermissionDenied
    service = Service.objects.select_for_update().get(pk=service.pk)
    if set(fields) - set(PROPOSABLE):
        raise ValueError(f"Not to be proposed: {sorted(set(fields) - set(PROPOSABLE))}")
    stands = values.of_service(service)
    wanted = {name: value for name, value in fields.items() if value != stands[name]}
    if not wanted and not words.strip():
        raise Refused("Er is niets veranderd. Wijzig iets, of zeg in de toelichting wat er niet klopt.")
    if wrong := values.mistakes(service, wanted) | _does_not_fit(service, stands, wanted):
        name, why = next(iter(wrong.items()))
        raise Refused(why, field=name)
    if {"capacity", "wait_weeks"} & set(wanted) and "capacity_on" not in wanted and (stands | wanted)["capacity"]:
        wanted["capacity_on"] = timezone.localdate(now).isoformat()  # whenever it is taken over: it was so on this day
    if Proposal.objects.open().filter(service=service).count() >= MOST_OPEN:
        raise Refused("Er wachten al tien voorstellen bij dit aanbod. De consulent kijkt die eerst na.")
    return Proposal.objects.create(
        service=service,
        fields=wanted,
        before={name: stands[name] for name in wanted},
        words=words.strip(),
        by_id=by.pk if by else None,
        said_by=said_by[:120],
        made_at=now or timezone.now(),
    )


@transaction.atomic
def accept_proposal(
    *, proposal: Proposal, by, now: datetime.datetime | None = None, seen: Values | None = None
) -> Proposal:
    """Make the card say what was proposed.

    When the card changed since, it is refused; unless she has `seen` what stands there now and says yes all the same.
    """
    proposal = _open_proposal(proposal, by)
    theirs = values.of_service(proposal.service)
    changed = outdated(proposal, theirs)
    if changed and any((seen or {}).get(name) != theirs.get(name) for name in changed):
        raise Refused("Dit aanbod is gewijzigd nadat het voorstel werd gedaan. Kijk eerst wat er nu staat.")
    wanted = {name: value for name, value in proposal.fields.items() if value != theirs.get(name)}
    if wrong := values.mistakes(proposal.service, wanted):
        raise Refused(f"Dit voorstel past niet meer: {next(iter(wrong.values()))}")
    if wanted:
        said_by = f"voorstel van {who_proposed(proposal)}"
        try:
            _write_service(proposal.service, wanted, by, what=What.PROPOSAL, said_by=said_by[:120])
        except ValidationError as mistake:
            raise Refused(f"Dit voorstel past niet bij de rest van de kaart: {' '.join(mistake.messages)}") from mistake
    if proposal.by_id is None:  # the owner was asked whether the card is right, and now it is
        actions.confirm_service(service=proposal.service, by=by, now=now, said_by=proposal.said_by)
    return _handle(proposal, Proposal.State.ACCEPTED, by, now)


@transaction.atomic
def decline_proposal(*, proposal: Proposal, answer: str, by, now: datetime.datetime | None = None) -> Proposal:
    if not answer.strip():
        raise Refused("Schrijf in een zin waarom je dit niet overneemt.", field="answer")
    return _handle(_open_proposal(proposal, by), Proposal.State.DECLINED, by, now, answer.strip())


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by, now: datetime.datetime | None = None) -> Proposal:
    """Who made it thinks better of it."""
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.by_id is None or proposal.by_id != by.pk:
        raise PermissionDenied
    if not proposal.is_open:
        raise Refused("Dit voorstel is intussen al behandeld.")
    return _handle(proposal, Proposal.State.WITHDRAWN, by, now)


def outdated(proposal: Proposal, theirs: Values) -> list[str]:
    """The names of what changed since it was proposed, to something else than what was proposed."""
    return [
        name
        for name, value in proposal.fields.items()
        if theirs.get(name) != proposal.before.get(name) and theirs.get(name) != value
    ]


def who_proposed(proposal: Proposal) -> str:
    return proposal.by.name if proposal.by else proposal.said_by or "de aanbieder"


# Steps --------------------------------------------------------------------------------------------------------------


def _write_service(service: Service, changed: Values, by, **how: Any) -> None:
    """`update_service` with plain values. Her own municipality is one of them, before and after."""
    if wrong := values.mistakes(service, changed):
        raise ValidationError(wrong)
    if "municipalities" in changed:
        places = Municipality.objects.filter(pk__in=changed["municipalities"])
        if not permissions.may_maintain_in(by, places):
            raise Refused(
                "Laat minstens één gemeente staan waarvan jij de sociale kaart bijhoudt.", field="municipalities"
            )
    actions.update_service(service=service, by=by, **values.for_service(changed), **how)


def _does_not_fit(service: Service, stands: Values, wanted: Values) -> dict[str, str]:
    """What cannot be with the rest of the card, at the field where the proposer can mend it."""
    would = stands | wanted
    found = {}
    if wanted.get("wait_weeks") and would["capacity"] != Service.Capacity.WAITING_LIST:
        found["wait_weeks"] = "Een wachttijd hoort alleen bij een wachtlijst."
    if "municipalities" in wanted and would["home_municipality"] not in (None, *wanted["municipalities"]):
        home = Municipality.objects.get(pk=would["home_municipality"])
        found["municipalities"] = f"Gemeente {home} houdt dit aanbod bij. Laat die staan, of leg het uit."
    if service.status in (Service.Status.PUBLISHED, Service.Status.PAUSED):
        if not would["summary"]:
            found["summary"] = "Zeg in één zin wat dit aanbod is."
        if not would["kinds"]:
            found["kinds"] = "Kies minstens één ondersteuningsvorm."
    return found


def _leave_others_theirs(service: Service, changed: Values, by) -> None:
    """A municipality with a consulent of its own is taken off the card by her, not by a colleague elsewhere."""
    if permissions.may_manage_organisations(by):
        return
    kept = Municipality.objects.with_consulent()
    gone = service.municipalities.exclude(pk__in=changed.get("municipalities", service.municipalities.values("pk")))
    for place in gone.filter(pk__in=kept.values("pk")).order_by("name"):
        if not by.may_maintain(place):
            raise Refused(f"Gemeente {place} haalt de consulent daar zelf weg. Laat die staan.", field="municipalities")
    home = service.home_municipality
    is_moved = home and changed.get("home_municipality", home.pk) != home.pk
    if is_moved and not by.may_maintain(home) and kept.filter(pk=home.pk).exists():
        raise Refused(
            f"De consulent van {home} houdt dit bij. Vraag haar of jij het overneemt.", field="home_municipality"
        )


def _open_proposal(proposal: Proposal, by) -> Proposal:
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    proposal.service = actions.locked_for(by, proposal.service)
    if not proposal.is_open:
        raise Refused("Dit voorstel is intussen al behandeld.")
    return proposal


def _handle(proposal: Proposal, state: str, by, now: datetime.datetime | None, answer: str = "") -> Proposal:
    proposal.state, proposal.answer = state, answer
    proposal.handled_by_id, proposal.handled_at = by.pk, now or timezone.now()
    proposal.save(update_fields=["state", "answer", "handled_by", "handled_at"])
    if proposal.by_id and proposal.by_id != by.pk:
        enqueue_mail(
            template="proposal_handled",
            to=proposal.by.email,
            context={"path": reverse("proposal_detail", args=[proposal.pk])},
            about=proposal,
        )
    return proposal

"""The page of one caregiver, in words: what a template has to print and nothing it has to decide.

Made for the organisation that keeps her record; another one never gets here (`Caregiver.objects.for_user`).
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from intake import turns
from intake.measuring.reading import burden_line
from intake.models import Caregiver, Consent, Involvement, Need, TimelineEvent
from intake.next_steps import MOST, NextStep, next_steps
from intake.usual import CasemanagerLine, UsualLine, around_her, casemanager, usual
from mantelzorg.carried import opened_for
from mantelzorg.dates import date_in_words, day_in_words, days_late

SHOWN = (
    "name",
    "phone",
    "safe_moment",
    "not_when_other_is_there",
    "email",
    "postcode",
    "municipality",
    "relation",
    "situation_kind",
    "under_16",
    "young_adult",
    "lives_together",
    "works",
    "other_carers",
    "language",
    "interpreter",
    "phase",
    "burden",
    "fixed_contact",
    "needs",
    "referrals",
    "consents",
    "involvements",
    "casemanager",
    "timeline",
)


@dataclass
class NeedLine:
    id: Any
    kind: str
    words: str
    turn: str = ""
    late: str = ""
    ours: bool = False  # no referral carries it: one of us does something
    plan: str = ""
    note: str = ""
    referral_url: str = ""
    referral_label: str = ""
    ending: str = ""
    ended: str = ""


@dataclass
class ReferralLine:
    url: str
    service: str
    meta: str
    state: str
    badge: str
    urgent: bool
    turn: str = ""
    until: str = ""
    late: str = ""


@dataclass
class ConsentLine:
    id: Any
    organisation: str
    items: list[str]
    given: str
    until: str
    ended: str


@dataclass
class PersonLine:
    id: Any
    name: str
    what: str
    since: str
    phone_url: str = ""  # where the number is shown, and that it was looked at is logged
    regie: bool = False
    ended: str = ""


@dataclass
class Reading:
    caregiver: Caregiver
    situation: list[tuple[str, str]]
    burden: dict[str, str]
    phase: dict[str, str]
    contact: dict[str, Any]
    needs: list[NeedLine] = field(default_factory=list)
    closed_needs: list[NeedLine] = field(default_factory=list)
    referrals: list[ReferralLine] = field(default_factory=list)
    ended_referrals: list[ReferralLine] = field(default_factory=list)
    consents: list[ConsentLine] = field(default_factory=list)
    ended_consents: list[ConsentLine] = field(default_factory=list)
    usual: list[UsualLine] = field(default_factory=list)
    casemanager: CasemanagerLine | None = None
    next_steps: list[NextStep] = field(default_factory=list)
    people: list[PersonLine] = field(default_factory=list)
    former_people: list[PersonLine] = field(default_factory=list)


def read(caregiver: Caregiver, user, *, now: datetime.datetime) -> Reading:
    """All but the timeline, in ten queries however much there is."""
    day = timezone.localdate(now)
    referrals = list(caregiver.referrals.for_user(user).for_caregiver_page())
    steps = list(caregiver.phase_steps.for_page())
    reading = Reading(
        caregiver=caregiver,
        situation=_situation(caregiver),
        burden=burden_line(caregiver),
        phase=_phase(caregiver, steps),
        contact=_contact(caregiver, user) | _who_is_asked(caregiver, user),
    )
    by_need = _by_need(referrals)
    needs = list(caregiver.needs.for_caregiver_page())
    for need in needs:
        if need.is_open:
            reading.needs.append(_open_need(need, by_need[need.pk], user, day))
        else:
            reading.closed_needs.append(_closed_need(need))
    for referral in referrals:
        is_past = referral.ended_at is not None
        (reading.ended_referrals if is_past else reading.referrals).append(_referral(referral, user, day))
    for consent in caregiver.consents.for_page():
        line = _consent(consent, now)
        (reading.ended_consents if line.ended else reading.consents).append(line)
    involvements = list(caregiver.involvements.for_page())
    for involvement in involvements:
        line = person_line(involvement)
        (reading.former_people if line.ended else reading.people).append(line)
    there = around_her(caregiver, involvements)
    reading.usual = usual(caregiver, there)
    reading.casemanager = casemanager(caregiver, there)
    to_agree_on = caregiver.screenings.to_agree_on().for_page()[:MOST]
    reading.next_steps = next_steps(caregiver, needs, to_agree_on, user, day)
    return reading


# Who she is ---------------------------------------------------------------------------------------------------------


def _situation(caregiver: Caregiver) -> list[tuple[str, str]]:
    return [
        ("Zorgt voor", caregiver.get_relation_display()),
        ("Wat er speelt", caregiver.get_situation_kind_display()),
        ("Woont samen met de ander", caregiver.get_lives_together_display()),
        ("Betaald werk", caregiver.get_works_display()),
        ("Wie er nog meer zorgt", caregiver.other_carers),
        ("Leeftijd", _age(caregiver)),
    ]


def _age(caregiver: Caregiver) -> str:
    if not caregiver.is_young:
        return ""
    return f"{'jonger dan 16 jaar' if caregiver.under_16 else '16 tot en met 24 jaar'}: een jonge mantelzorger"


def _phase(caregiver: Caregiver, steps: list) -> dict[str, str]:
    if caregiver.phase is None:
        return {}
    since = next((step.since for step in steps if step.phase_id == caregiver.phase_id), None)
    return {
        "label": caregiver.phase.label,
        "url": opened_for(caregiver, reverse("phase_detail", args=[caregiver.phase_id])),
        "since": day_in_words(since) if since else "",
    }


def _contact(caregiver: Caregiver, user) -> dict[str, Any]:
    member = caregiver.fixed_contact
    return {
        "name": str(member.user),
        "what": member.profession_name,
        "phone": member.phone,
        "is_you": member.pk == user.acting.pk,
        "has_left": member.ended_at is not None,
    }


def _who_is_asked(caregiver: Caregiver, user) -> dict[str, str]:
    """Whether a colleague still has to answer who becomes her fixed contact."""
    asked = caregiver.contact_requests.open().for_page().first()
    if asked is None:
        return {}
    return {
        "asked": "Jij bent gevraagd" if asked.to_id == user.acting.pk else f"{asked.to.user} is gevraagd",
        "asked_url": reverse("contact_request", args=[asked.pk]),
    }


# What she asks ------------------------------------------------------------------------------------------------------


def _by_need(referrals: list) -> dict:
    """The referrals of each need, what changed last first."""
    by_need = defaultdict(list)
    for referral in referrals:
        for link in referral.referral_needs.all():
            by_need[link.need_id].append(referral)
    return by_need


def _open_need(need: Need, referrals: list, user, day: datetime.date) -> NeedLine:
    line = NeedLine(
        id=need.pk,
        kind=need.kind_name,
        words=need.words,
        turn=turns.in_a_sentence(turns.who_has(user, need), need.turn_on),
        late=days_late(need.turn_on, day),
        ours=not need.on_referral,
        plan=need.plan_note,
    )
    told = next((referral for referral in referrals if referral.is_open or referral.ended_at), None)
    if told is not None:
        where = told.receiver_organisation.name
        line.note = (
            f"Loopt via een verwijzing naar {where}."
            if need.on_referral
            else f"De verwijzing naar {where} is {told.get_state_display()}, op {date_in_words(told.ended_at)}."
        )
        line.referral_url = reverse("referral_detail", args=[told.pk])
        line.referral_label = f"Verwijzing {told.number}"
    return line


def _closed_need(need: Need) -> NeedLine:
    return NeedLine(
        id=need.pk,
        kind=need.kind_name,
        words=need.words,
        note=" ".join(part for part in (need.what_was_missing, need.ending_note) if part),
        ending=need.get_ending_display(),
        ended=f"{date_in_words(need.ended_at)}, {need.ended_by.user}",
    )


# Who helps ----------------------------------------------------------------------------------------------------------


def _referral(referral, user, day: datetime.date) -> ReferralLine:
    is_draft = referral.sent_at is None
    line = ReferralLine(
        url=reverse("referral_draft" if is_draft else "referral_detail", args=[referral.pk]),
        service=referral.service.name,
        meta=f"{referral.receiver_organisation.name} · {referral.number}",
        state=referral.get_state_display().capitalize(),
        badge=referral.badge,
        urgent=referral.is_open and referral.is_urgent,
    )
    if referral.is_open:
        line.turn = f"{turns.who_has(user, referral)}, tot en met {day_in_words(referral.turn_on)}"
        line.late = days_late(referral.turn_on, day)
    elif is_draft:
        line.turn = f"bewaard op {date_in_words(referral.changed_at)}"
    else:
        line.turn = date_in_words(referral.ended_at)
    return line


def person_line(involvement: Involvement) -> PersonLine:
    profession = involvement.profession.name if involvement.profession_id else ""
    organisation = involvement.organisation.name if involvement.organisation_id else ""
    ended = ""
    if involvement.ended_on:
        ended = f"tot {day_in_words(involvement.ended_on)}"
        ended += f": {involvement.end_note}" if involvement.end_note else ""
    return PersonLine(
        id=involvement.pk,
        name=involvement.name,
        what=_joined(profession, organisation),
        phone_url=reverse("involvement_phone", args=[involvement.pk]) if involvement.phone else "",
        regie=involvement.regie,
        since=day_in_words(involvement.since),
        ended=ended,
    )


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


# What she agreed to -------------------------------------------------------------------------------------------------


def _consent(consent: Consent, now: datetime.datetime) -> ConsentLine:
    ended = ""
    if consent.withdrawn_at:
        ended = f"Geëindigd op {date_in_words(consent.withdrawn_at)}: {consent.get_withdrawn_how_display()}."
    elif not consent.is_valid(now=now):
        ended = f"Gold tot en met {day_in_words(consent.valid_until)}."
    given = f"{consent.get_how_given_display().capitalize()} gegeven op {date_in_words(consent.given_at)}"
    return ConsentLine(
        id=consent.pk,
        organisation=consent.organisation.name,
        items=consent.item_labels,
        given=f"{given}, vastgelegd door {consent.recorded_by.user}.",
        until=f"Geldt tot en met {day_in_words(consent.valid_until)}." if consent.valid_until else "",
        ended=ended,
    )


# What happened ------------------------------------------------------------------------------------------------------

PAGE = 10
DOTS = {
    TimelineEvent.Kind.REFERRAL: "active",
    TimelineEvent.Kind.CONSENT: "safe",
    TimelineEvent.Kind.NEED: "warning",
}


@dataclass(frozen=True)
class Timeline:
    url: str
    kind: str
    events: list[dict[str, str]]
    next_url: str
    newest_url: str  # empty on the first page

    @property
    def kinds(self) -> list[tuple[str, str, bool]]:
        choices = [("", "Alles"), *((kind.value, kind.label.capitalize()) for kind in TimelineEvent.Kind)]
        return [(value, label, value == self.kind) for value, label in choices]


def timeline_address(caregiver: Caregiver, **asked: Any) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('caregiver_timeline', args=[caregiver.pk])}{'?' if query else ''}{query}"


def kind_asked(value: str) -> str:
    return value if value in TimelineEvent.Kind.values else ""


def event_line(event: TimelineEvent) -> dict[str, str]:
    return {
        "when": f"{date_in_words(event.at)} · {event.by.user}" if event.by_id else date_in_words(event.at),
        "title": event.text,
        "kind": DOTS.get(event.kind, ""),
        "url": reverse("referral_detail", args=[event.referral_id]) if event.referral_id else "",
    }

"""The papers about a caregiver: the handover letter of one referral, and her own overview in plain words.

The letter holds what was frozen when she agreed to share it, for sender and receiver alike; never her live record.
"""

from collections.abc import Collection

from django.db.models import TextChoices
from django.utils import timezone

from intake.actions import letters_for
from intake.consent_text import SPOKEN_TO_HER
from intake.models import Caregiver, Consent, ConsentItem
from intake.plans.reading import tasks_for_her
from mantelzorg.dates import date_in_words, day_in_words
from referrals.models import Referral, WarmMode
from referrals.reading import SHARED_LABELS, WARM_MODE_IN_WORDS, sentence
from referrals.transitions import Channel, State, Urgency

KNOWN_OF_HER = {ConsentItem.HANDOVER: "de tekst die wij aan je voorlazen"}  # elsewhere: as it was read to her

FIRST_NAME = "jouw voornaam"

MOST_AGREED = 5  # of measurements, the newest

LETTER_STAGES = (Referral.Stage.OWN, Referral.Stage.SHARED)


def letter_of(referral: Referral) -> dict:
    """What the handover letter says. `referral` comes from `for_reading()`."""
    items = {item.item: item.value for item in referral.shared_items.all()}
    handover = items.pop(ConsentItem.HANDOVER, "")
    sender = referral.sender
    return {
        "number": referral.number,
        "urgent": referral.urgency == Urgency.URGENT,
        "sent_on": date_in_words(referral.sent_at),
        "today": day_in_words(timezone.localdate()),
        "sender": str(sender.user),
        "sender_profession": sender.profession_name,
        "sender_organisation": referral.sender_organisation.name,
        "sender_phone": sender.phone or referral.sender_organisation.phone,
        "service": referral.service.name,
        "receiver_organisation": referral.receiver_organisation.name,
        "accepted_by": referral.accepted_by_name,
        "accepted_on": date_in_words(referral.accepted_at),
        "warm": WARM_MODE_IN_WORDS[WarmMode(referral.warm_mode)],
        "warm_with": referral.warm_with if referral.warm_mode == WarmMode.CALLED_RECEIVER else "",
        "warm_on": day_in_words(referral.warm_on) if referral.warm_on else "",
        "call_before": day_in_words(referral.turn_on)
        if referral.state == State.ACCEPTED and referral.channel != Channel.PHONE
        else "",
        "who": items.get(ConsentItem.NAME, ""),
        "person": [(sentence(SHARED_LABELS[item]), items[item]) for item in ConsentItem if item in items],
        "needs": [link.kind_name for link in referral.referral_needs.all()],
        "handover": handover,
        "consent_on": date_in_words(referral.consent.given_at),
        "consent_how": referral.consent.get_how_given_display(),
        "consent_until": day_in_words(referral.consent.valid_until) if referral.consent.valid_until else "",
    }


class OverviewPart(TextChoices):
    """What her own overview may hold besides her name and her fixed contact."""

    ASKED = "vragen", "Wat zij vroeg en wat er nu gebeurt"
    AGREED = "afspraken", "Wat jullie afspraken"
    TASKS = "taken", "Wat zij doet, en wat zij ermee wil"
    AROUND = "mensen", "Wie er om haar heen staan"
    SHARED = "delen", "Wat met wie gedeeld is, en hoe zij dat intrekt"
    NUMBERS = "nummers", "Nummers om te bellen"


def overview_of(caregiver: Caregiver, parts: Collection[str] = OverviewPart.values, *, code: str = "") -> dict:
    """What she gets in her hand: who does what, what was agreed, what was shared, and how to take that back: with
    `code`, if she got a new one.
    """
    contact = caregiver.fixed_contact
    open_referrals = list(caregiver.referrals.open().for_reading())
    needs = list(caregiver.needs.open().for_overview())
    consents = list(caregiver.consents.valid(now=timezone.now()).for_overview())
    return {
        "parts": {part.name.lower(): part.value in parts for part in OverviewPart},
        "name": caregiver.name,
        "today": day_in_words(timezone.localdate()),
        "organisation": caregiver.organisation.name,
        "organisation_phone": caregiver.organisation.phone,
        "contact": str(contact.user),
        "contact_profession": contact.profession_name,
        "contact_phone": contact.phone or caregiver.organisation.phone,
        "asked": [_asked(need) for need in needs],
        "agreed": [
            *((need.plan_note, day_in_words(need.turn_on)) for need in needs if need.plan_note),
            *(
                (one.agreed, date_in_words(one.agreed_at))
                for one in caregiver.screenings.with_agreement()[:MOST_AGREED]
            ),
        ],
        "tasks": tasks_for_her(caregiver),
        "who": [_does(referral) for referral in open_referrals],
        "around": [
            (person.name, person.profession.name if person.profession_id else "", person.phone, _since(person))
            for person in caregiver.involvements.now()
        ],
        "shared": [_shared(consent) for consent in consents],
        "letters": _letters(consents, code) if code else [],
        "numbers": _numbers(caregiver, open_referrals),
    }


def _since(person) -> str:
    return day_in_words(person.since)


def _asked(need) -> dict[str, str]:
    who = str(need.turn_member.user) if need.turn_member_id else need.turn_organisation.name
    if need.turn_member_id and need.turn_organisation_id != need.organisation_id:
        who = f"{who} van {need.turn_organisation.name}"
    return {"kind": need.kind_name, "words": need.words, "who": who, "until": day_in_words(need.turn_on)}


def _does(referral: Referral) -> dict[str, str]:
    organisation, name = referral.receiver_organisation.name, referral.accepted_by_name
    does = {
        State.SENT: f"{organisation} laat weten of zij je kunnen helpen.",
        State.ACCEPTED: f"{name} van {organisation} belt je.",
        State.IN_CONTACT: f"{name} van {organisation} heeft contact met je.",
    }[State(referral.state)]
    return {
        "service": referral.service.everyday_name or referral.service.name,
        "does": does,
        "until": day_in_words(referral.turn_on) if referral.state != State.IN_CONTACT else "",
        "phone": referral.receiver_phone,
    }


def _shared(consent) -> dict:
    items = [KNOWN_OF_HER.get(item, SPOKEN_TO_HER[item]) for item in ConsentItem if item.value in consent.items]
    if ConsentItem.AGENDA in consent.items and ConsentItem.NAME not in consent.items:
        items.insert(0, FIRST_NAME)  # who talks along is told that anyhow, as the text read to her says
    return {
        "organisation": consent.organisation.name,
        "items": items,
        "on": date_in_words(consent.given_at),
        "until": day_in_words(consent.valid_until) if consent.valid_until else "",
    }


def _letters(consents: list[Consent], code: str) -> list[tuple[str, str]]:
    """Each receiver once, with what she types besides her code to take back what this one knows."""
    receivers = {consent.organisation.name: letters_for(code, consent.organisation_id) for consent in consents}
    return list(receivers.items())


def _numbers(caregiver: Caregiver, open_referrals: list[Referral]) -> list[tuple[str, str]]:
    """Whom to call, each number once, her fixed contact first."""
    contact = caregiver.fixed_contact
    numbers = {contact.phone or caregiver.organisation.phone: f"{contact.user}, jouw vaste aanspreekpunt"}
    numbers.setdefault(caregiver.organisation.phone, caregiver.organisation.name)
    for referral in open_referrals:
        number = referral.receiver_phone
        numbers.setdefault(number, referral.receiver_organisation.name)
    return [(who, number) for number, who in numbers.items() if number]

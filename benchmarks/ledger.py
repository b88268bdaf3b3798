"""What people were told, beside what the database holds: which referrals are lost, doubled or half-made.

A form is known by its number, which stands in her name and in the handover: what is counted does not lean on the hidden
key that is to prevent the double.
"""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

NEW, KNOWN = "Nieuwe mantelzorger", "Bekende mantelzorger"
HANDOVER = "Zij zorgt dag en nacht voor haar man en wil graag met iemand praten. Formulier"
ITEMS = ["naam", "telefoon", "postcode", "zorgt-voor", "eigen-woorden", "overdracht"]


@dataclass
class Form:
    """One form as its sender has it open; `told` are the referrals that an answer of success led to."""

    number: int
    told: set[uuid.UUID] = field(default_factory=set)
    is_answered: bool = False  # every press of the button, in the end


@dataclass(frozen=True)
class Sent:
    """A referral that stands in the database, whatever its state, and by which form it came."""

    id: uuid.UUID
    number: int | None


@dataclass
class Found:
    """What stands in the database, and what came out of it by mail.

    `about` has of every kind of row a list with the referral that each row belongs to; None belongs to no referral.
    """

    referrals: list[Sent]
    caregivers: list[int]  # by which form each was recorded
    about: dict[str, list[uuid.UUID | None]]
    mails: dict[uuid.UUID, bool]  # in the outbox: whether it says that it was sent
    caught: Counter = field(default_factory=Counter)  # by the mail server: how often


# How many of each belong to one sent referral, and how each row finds its own. What was recorded before the forms were
# sent (a known caregiver, with her need) belongs to no referral until hers is sent.
BELONGS = {
    "handover": (1, "SELECT referral_id FROM referrals_handover"),
    "consent": (
        1,
        """SELECT r.id FROM intake_consent c LEFT JOIN referrals_referral r ON r.consent_id = c.id
           AND r.caregiver_id = c.caregiver_id AND r.receiver_organisation_id = c.organisation_id
           AND c.withdrawn_at IS NULL""",
    ),
    "words of her consent": (
        1,
        """SELECT r.id FROM intake_consentwords w LEFT JOIN referrals_referral r ON r.consent_id = w.consent_id""",
    ),
    "shared item": (
        len(ITEMS),
        """SELECT r.id FROM referrals_shareditem i LEFT JOIN referrals_referral r
           ON r.id = i.referral_id AND r.consent_id = i.consent_id""",
    ),
    "event": (1, "SELECT referral_id FROM referrals_referralevent WHERE verb = 'send' AND to_state = 'sent'"),
    "turn": (
        1,
        """SELECT id FROM referrals_referral WHERE state = 'sent' AND turn_on IS NOT NULL
           AND turn_organisation_id = receiver_organisation_id""",
    ),
    "need with its turn": (
        1,
        """SELECT r.id FROM intake_need n JOIN intake_caregiver c ON c.id = n.caregiver_id
           LEFT JOIN referrals_referralneed l ON l.need_id = n.id AND l.is_open
           LEFT JOIN referrals_referral r ON r.id = l.referral_id AND n.on_referral
           AND (n.turn_organisation_id, n.turn_member_id, n.turn_on)
               IS NOT DISTINCT FROM (r.turn_organisation_id, r.turn_member_id, r.turn_on)
           WHERE n.on_referral OR l.id IS NOT NULL OR NOT starts_with(c.name, %(known)s)""",
    ),
    "caregiver": (
        1,
        """SELECT r.id FROM intake_caregiver c LEFT JOIN referrals_referral r ON r.caregiver_id = c.id
           WHERE r.id IS NOT NULL OR NOT starts_with(c.name, %(known)s)""",
    ),
    "line in her timeline": (
        1,
        """SELECT r.id FROM intake_timelineevent t LEFT JOIN referrals_referral r
           ON r.id = t.referral_id AND r.caregiver_id = t.caregiver_id WHERE t.kind = 'verwijzing'""",
    ),
    "log row of sending": (
        1,
        """SELECT r.id FROM trail_accesslogentry a LEFT JOIN referrals_referral r
           ON r.id::text = a.object_id AND r.caregiver_id = a.subject_id WHERE a.event = 'refer_send'""",
    ),
    "log row of her consent": (
        1,
        """SELECT r.id FROM trail_accesslogentry a LEFT JOIN referrals_referral r
           ON r.consent_id::text = a.object_id WHERE a.event = 'consent_give'""",
    ),
    "log row of recording her": (
        1,
        """SELECT r.id FROM trail_accesslogentry a LEFT JOIN intake_caregiver c ON c.id = a.subject_id
           LEFT JOIN referrals_referral r ON r.caregiver_id = c.id
           WHERE a.event = 'create' AND a.object_type = 'intake.caregiver'
           AND (r.id IS NOT NULL OR c.id IS NULL OR NOT starts_with(c.name, %(known)s))""",
    ),
    "mail in the outbox": (
        1,
        """SELECT r.id FROM trail_outboxmessage m LEFT JOIN referrals_referral r
           ON r.id = m.about_id AND r.caregiver_id = m.subject_id""",
    ),
    "handled form": (
        1,
        "SELECT r.id FROM trail_handledform f LEFT JOIN referrals_referral r ON r.id = f.result_id",
    ),
}


def look(admin) -> Found:
    """Read it, by a connection of the administrator's: no policy hides a row from it."""

    def rows(statement: str) -> list[tuple]:
        return admin.execute(statement, {"known": KNOWN, "new": f"{NEW}%"}).fetchall()

    referrals = rows(
        "SELECT r.id, h.text FROM referrals_referral r LEFT JOIN referrals_handover h ON h.referral_id = r.id"
    )
    caregivers = rows("SELECT name FROM intake_caregiver WHERE name LIKE %(new)s")
    return Found(
        referrals=[Sent(key, number_in(text or "")) for key, text in referrals],
        caregivers=[number_in(name) for (name,) in caregivers],
        about={what: [key for (key,) in rows(statement)] for what, (_, statement) in BELONGS.items()},
        mails=dict(rows("SELECT id, sent_at IS NOT NULL FROM trail_outboxmessage")),
    )


def number_in(text: str) -> int | None:
    last = text.rpartition(" ")[2]
    return int(last) if last.isdigit() else None


# Counting -----------------------------------------------------------------------------------------------------------


def lost(forms: Iterable[Form], found: Found) -> set[int]:
    """Forms of which somebody was told that it was sent, and there is no such referral."""
    stands = {(sent.id, sent.number) for sent in found.referrals}
    return {form.number for form in forms if any((told, form.number) not in stands for told in form.told)}


def doubled(forms: Iterable[Form], found: Found) -> set[int]:
    """Forms that made more than one referral or caregiver, or led to more than one."""
    made = Counter(sent.number for sent in found.referrals if sent.number is not None)
    people = Counter(found.caregivers)
    twice = {number for counted in (made, people) for number, count in counted.items() if count > 1}
    return twice | {form.number for form in forms if len(form.told) > 1}


def half_made(found: Found) -> list[str]:
    """What is wrong, in words: a line for each referral that misses something, and for each row without a referral."""
    wrong = []
    counted = {what: Counter(keys) for what, keys in found.about.items()}
    stands = {sent.id for sent in found.referrals}
    for sent in found.referrals:
        amiss = [
            f"{counted[what][sent.id]} x {what} instead of {expected}"
            for what, (expected, _) in BELONGS.items()
            if counted[what][sent.id] != expected
        ]
        if sent.number is None:
            amiss.append("by no form")
        if amiss:
            wrong.append(f"referral {sent.id}: {', '.join(amiss)}")
    for what, keys in counted.items():
        wrong += [f"{what} without a referral"] * sum(count for key, count in keys.items() if key not in stands)
    wrong += [
        "a mail went out that nothing in the database asked for" for mail in found.caught if mail not in found.mails
    ]
    return wrong


def mails_lost(found: Found) -> set[uuid.UUID]:
    """Mails in the outbox that never went out, or that only say so."""
    return {mail for mail, is_sent in found.mails.items() if not is_sent or not found.caught[mail]}


def mails_doubled(found: Found) -> int:
    """How many went out more than once, with the Message-ID of the first: allowed, a mail is a hint without content."""
    return sum(count - 1 for mail, count in found.caught.items() if count > 1)

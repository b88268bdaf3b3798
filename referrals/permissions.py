"""May this person do this to this referral, now? Asked by the button and by the action alike."""

import datetime

from django.utils import timezone

from referrals.models import CallAttempt, Referral
from referrals.transitions import (
    ATTEMPTS_BEFORE_GIVING_UP,
    BY_VERB,
    REOPEN_WITHIN_DAYS,
    Channel,
    Party,
    State,
    Verb,
    allowed_party,
    transition_of,
)

NOT_WITHOUT_FILE = {
    Verb.COMPLETE: "Deze verwijzing is zonder dossier. Leg alleen vast dat er contact was; meer hoeft niet.",
    Verb.REOPEN: (
        "Deze verwijzing was zonder dossier: haar naam en nummer zijn daar gewist. "
        "Maak een nieuwe verwijzing, met nieuwe toestemming."
    ),
}


def attempts_since_acceptance(referral: Referral) -> int:
    """How often she was called in vain since this acceptance."""
    if referral.accepted_at is None:
        return 0
    return referral.call_attempts.filter(at__gte=referral.accepted_at, result__in=CallAttempt.IN_VAIN).count()


def consent_is_over(referral: Referral, *, now=None) -> bool:
    """It is open, and what she agreed to has ended: as good as withdrawn, also before the clock has done that."""
    return referral.is_open and not (referral.consent and referral.consent.is_valid(now=now))


def why_not(user, verb: str, referral: Referral, *, now=None) -> str:
    """The Dutch sentence that says why she cannot do this now; empty when she can.

    It asks the state first: somebody may just have done something, and that is what she wants to know.
    """
    transition = transition_of(verb, without_file=referral.without_file)
    parties = referral.parties_of(user)
    if not parties:
        return "Deze verwijzing is niet van jouw organisatie."
    if transition is None:
        return NOT_WITHOUT_FILE[Verb(verb)]
    if referral.state not in transition.sources:
        return f"Dat kan nu niet: deze verwijzing is {referral.get_state_display()}. Er is niets veranderd."
    if allowed_party(verb, referral.channel) not in parties:
        return "Dat kan alleen de andere kant van deze verwijzing doen."
    if verb != Verb.WITHDRAW and consent_is_over(referral, now=now):
        return "De toestemming geldt niet meer. Neem geen contact meer op; deze verwijzing wordt ingetrokken."
    if verb == Verb.SEND and referral.sender_id != user.acting.pk:
        return "Alleen wie dit concept maakte, kan het versturen."
    if verb == Verb.GIVE_UP and attempts_since_acceptance(referral) < ATTEMPTS_BEFORE_GIVING_UP:
        return f"Noteer eerst {ATTEMPTS_BEFORE_GIVING_UP} pogingen om haar te bellen."
    if verb == Verb.REOPEN:
        now = now or timezone.now()
        if now > referral.ended_at + datetime.timedelta(days=REOPEN_WITHIN_DAYS):
            return f"Opnieuw openen kan tot {REOPEN_WITHIN_DAYS} dagen na het afronden."
        if referral.consent is None or not referral.consent.is_valid(now=now):
            return "De toestemming geldt niet meer. Maak een nieuwe verwijzing, met nieuwe toestemming."
    return ""


def may(user, verb: str, referral: Referral, *, now=None) -> bool:
    return not why_not(user, verb, referral, now=now)


def may_add_need(user, referral: Referral) -> bool:
    """The sender's side, while it is open. Who keeps no file is not told what she asks, so there is nothing to add."""
    return referral.is_open and not referral.without_file and Party.SENDER in referral.parties_of(user)


def may_send_link_anew(user, referral: Referral) -> bool:
    """The sender's side, while it is open and its receiver answers by a link."""
    return referral.is_open and referral.channel == Channel.LINK and Party.SENDER in referral.parties_of(user)


def may_take_back(user, referral: Referral, *, now=None) -> bool:
    """The receiver's side, while she shares something with them: who knows her may hear that she does so no longer."""
    stage = referral.stage_for(user, now=now)
    return stage == Referral.Stage.SHARED and Party.RECEIVER in referral.parties_of(user)


def may_log_calls(user, referral: Referral) -> bool:
    return referral.state == State.ACCEPTED and may(user, Verb.CONTACT, referral)


def verbs_for(user, referral: Referral, *, now=None) -> list[Verb]:
    """The verbs she can do now, in the order of the table."""
    return [Verb(verb) for verb in BY_VERB if may(user, verb, referral, now=now)]

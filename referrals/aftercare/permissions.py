"""May she do this after the feedback? Asked by the button and by the action alike.

As long as the receiver still sees what was shared, the sender's side can thank and ask; a receiver without an account
answers behind the link. By phone there is nobody at the other end of the screen: the sender calls, and both can be said
in that call.
"""

from django.utils import timezone

from referrals.aftercare.steps import Step
from referrals.models import Enquiry, Referral
from referrals.transitions import REOPEN_WITHIN_DAYS, Party, State

SIDES = {Step.THANK: Party.SENDER, Step.ASK: Party.SENDER, Step.TAKE_BACK: Party.SENDER, Step.ANSWER: Party.RECEIVER}


def is_shared_still(referral: Referral, *, now) -> bool:
    """Completed, within 30 days, and what she agreed to still stands."""
    if referral.state != State.COMPLETED or referral.consent is None:
        return False
    return now < referral.visible_until and referral.consent.is_valid(now=now)


def was_thanked(referral: Referral) -> bool:
    """Since it was completed: who helps her again after it was opened again, can be thanked again."""
    return any(event.verb == Step.THANK and event.at >= referral.ended_at for event in referral.events.all())


def why_not(user, step: str, referral: Referral, *, now=None) -> str:
    """The Dutch sentence that says why she cannot do this now; empty when she can."""
    now = now or timezone.now()
    parties = referral.parties_of(user)
    if not parties:
        return "Deze verwijzing is niet van jouw organisatie."
    if referral.state != State.COMPLETED:
        return f"Dat kan nu niet: deze verwijzing is {referral.get_state_display()}. Er is niets veranderd."
    if SIDES[Step(step)] not in parties:
        return "Dat kan alleen de andere kant van deze verwijzing doen."
    if referral.by_phone:
        return f"{referral.receiver_organisation} werkt niet met dit portaal. Bel hen."
    if not is_shared_still(referral, now=now):
        if now >= referral.visible_until:
            return f"Dit kan tot {REOPEN_WITHIN_DAYS} dagen na het afronden."
        return "De toestemming geldt niet meer. Zij zien niets meer van haar."
    if step == Step.THANK:
        return "Jullie hebben hen al bedankt." if was_thanked(referral) else ""
    is_asked = Enquiry.objects.open_of(referral).exists()
    if step == Step.ASK:
        return "Er staat al een vraag open. Wacht op het antwoord, of neem die vraag terug." if is_asked else ""
    return "" if is_asked else "Er staat geen vraag meer open. Er is niets veranderd."


def why_not_experience(user, referral: Referral) -> str:
    """Whether she can record what the caregiver herself says: for who keeps her record, on a completed referral."""
    if refusal := why_not_hers(user, referral):
        return refusal
    if referral.state != State.COMPLETED:
        return f"Dat kan als er een terugkoppeling is: deze verwijzing is {referral.get_state_display()}."
    return ""


def why_not_hers(user, referral: Referral) -> str:
    """Of this caregiver she keeps the record, and it is on that side of the referral that she stands."""
    not_hers = "Alleen wie haar gegevens beheert, kan vastleggen of het haar hielp."
    if Party.SENDER not in referral.parties_of(user):  # first: a receiver finds no caregiver there
        return not_hers
    if referral.caregiver is None:
        return "Haar gegevens zijn gewist."
    return "" if referral.caregiver.organisation_id == user.organisation_id else not_hers

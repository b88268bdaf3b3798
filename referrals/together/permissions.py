"""May this person do this about speaking with her together, now? Asked by the button and by the action alike."""

from django.db.models import TextChoices

from referrals.models import JointTalk, Referral
from referrals.permissions import consent_is_over, why_not
from referrals.transitions import Party, State, Verb

Side = JointTalk.Side


class Step(TextChoices):
    """What stands in the history; the referral stays accepted."""

    PROPOSE = "talk_propose", "momenten voorstellen"
    PLAN = "talk_plan", "een moment kiezen"
    TAKE_BACK = "talk_take_back", "een voorstel terugnemen"
    CALL_OFF = "talk_call_off", "een afspraak afzeggen"
    NOT_HELD = "talk_not_held", "het gesprek ging niet door"


def sides_of(user, referral: Referral) -> set[str]:
    return {Side.SENDER if party is Party.SENDER else Side.RECEIVER for party in referral.parties_of(user)}


def side_of(user, referral: Referral) -> str:
    """On which side she acts. Where an organisation refers to itself: who took it on is the receiver."""
    sides = sides_of(user, referral)
    if len(sides) == 1:
        return sides.pop()
    return Side.RECEIVER if user.acting and user.acting.pk == referral.receiver_id else Side.SENDER


def other(side: str) -> str:
    return Side.RECEIVER if side == Side.SENDER else Side.SENDER


def why_not_step(user, step: str, referral: Referral, talk: JointTalk | None, *, now) -> str:
    """The Dutch sentence that says why she cannot do this now; empty when she can."""
    sides = sides_of(user, referral)
    if not sides:
        return "Deze verwijzing is niet van jouw organisatie."
    if not referral.is_together:
        return "Bij deze verwijzing spreken jullie haar niet samen."
    if referral.state != State.ACCEPTED:
        return f"Dat kan nu niet: deze verwijzing is {referral.get_state_display()}. Er is niets veranderd."
    if referral.by_phone and Side.SENDER not in sides:
        return "Dat kan alleen de andere kant van deze verwijzing doen."
    if consent_is_over(referral, now=now):
        return "De toestemming geldt niet meer. Neem geen contact meer op; deze verwijzing wordt ingetrokken."
    return _WHY_NOT[Step(step)](user, referral, talk, sides, now)


def _propose(user, referral, talk, sides, now) -> str:
    if talk is None or not talk.is_planned:
        return ""
    if talk.is_over(now):
        return "Het afgesproken moment is geweest. Leg eerst vast of het gesprek doorging."
    return "Er staat al een afspraak. Zeg die eerst af."


def _plan(user, referral, talk, sides, now) -> str:
    if talk is None:
        return "Er ligt geen voorstel meer. Stel zelf momenten voor."
    if talk.is_planned:
        return "Er is al een moment gekozen. Er is niets veranderd."
    if other(talk.side) not in sides:
        return "Dit voorstel kwam van jullie. De andere kant kiest."
    return "" if talk.choices(now) else "De voorgestelde momenten zijn voorbij. Stel andere momenten voor."


def _take_back(user, referral, talk, sides, now) -> str:
    if talk is None:
        return "Er ligt geen voorstel meer. Er is niets veranderd."
    if talk.is_planned:
        return "Er is al een moment gekozen. Zeg de afspraak af als die niet kan."
    return (
        "" if talk.side in sides else "Dit voorstel kwam van de andere kant. Kies een moment, of stel er andere voor."
    )


def _call_off(user, referral, talk, sides, now) -> str:
    if talk is None or not talk.is_planned:
        return "Er staat geen afspraak meer. Er is niets veranderd."
    return "Het afgesproken moment is geweest. Leg vast of het gesprek doorging." if talk.is_over(now) else ""


def _not_held(user, referral, talk, sides, now) -> str:
    if talk is None or not talk.is_planned:
        return "Er staat geen afspraak meer. Er is niets veranderd."
    if not talk.is_over(now):
        return "Het afgesproken moment komt nog. Zeg de afspraak af als die niet kan."
    return why_not(user, Verb.CONTACT, referral, now=now)  # who has the turn says how it went


_WHY_NOT = {
    Step.PROPOSE: _propose,
    Step.PLAN: _plan,
    Step.TAKE_BACK: _take_back,
    Step.CALL_OFF: _call_off,
    Step.NOT_HELD: _not_held,
}

"""To agree on a moment to speak with her together. One side proposes, the other chooses or proposes something else; by
phone the sender notes what was agreed. None of it changes the state: that the talk was held, is the contact itself
(`referrals.actions.contact`). What was agreed on ends with the state, see `referrals.moving`.
"""

import datetime
import uuid
from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils import timezone

from intake import actions as intake
from mantelzorg.refusal import Refused
from mantelzorg.working_days import add_working_days
from referrals.models import MOST_MOMENTS, CallAttempt, JointTalk, Referral, WarmMode
from referrals.moving import (
    CALLED_OFF,
    allowed,
    log,
    needs_of,
    note_on_timeline,
    note_step,
    tell_both,
    tell_receiver,
    tell_sender,
    verb,
)
from referrals.together.moments import date_with, date_without, in_words, why_not_moment
from referrals.together.permissions import Side, Step, other, side_of, why_not_step
from referrals.transitions import Party

ANSWER_WITHIN = 1  # working day


class WhyNot(TextChoices):
    NO_ANSWER = "geen-gehoor", "Zij was er niet, of nam niet op"
    MOVED = "verzet", "Het kwam niet uit: we verzetten het"


def _asked(referral: Referral, step: Step, by, now) -> tuple[Referral, JointTalk | None]:
    """The referral, locked, and the moment that is being agreed on, if `by` may take this step now. Raises Refused."""
    referral = allowed(
        referral, by, lambda referral: why_not_step(by, step, referral, JointTalk.objects.of(referral), now=now)
    )
    return referral, JointTalk.objects.of(referral)


@verb
def propose(
    *,
    referral: Referral,
    by,
    moments: Iterable[datetime.datetime],
    place: str = "",
    seen: uuid.UUID | None = None,
    now=None,
) -> Referral:
    """Propose one to three moments; what was proposed before is replaced. By phone it is agreed on at once.

    `seen` is the proposal that was there when she decided: one that came since takes a second look.
    """
    now = now or timezone.now()
    referral, talk = _asked(referral, Step.PROPOSE, by, now)
    side = side_of(by, referral)
    if talk is not None and talk.pk != seen and talk.side != side:
        raise Refused("Intussen stelde de andere kant momenten voor. Kijk eerst wat er nu staat.")
    moments = sorted(set(moments))
    if not 1 <= len(moments) <= (1 if referral.by_phone else MOST_MOMENTS):
        raise Refused("Kies één tot drie momenten.", field="moment_1")
    for moment in moments:
        if sentence := why_not_moment(moment, now):
            raise Refused(sentence, field="moment_1")
    if referral.warm_mode != WarmMode.TALK_TOGETHER:
        place = ""
    elif place not in JointTalk.Place.values:
        raise Refused("Kies waar het gesprek is.", field="place")
    if talk is not None:
        JointTalk.objects.let_go(talk)
    talk = JointTalk(referral=referral, side=side, by=by.acting, proposed_at=now, moments=moments, place=place)
    if referral.by_phone:
        return _agree(referral, talk, moments[0], by=by, now=now)
    _asks(talk, referral, other(side), add_working_days(timezone.localdate(now), ANSWER_WITHIN))
    talk.save(force_insert=True)
    note_step(referral, Step.PROPOSE, by=by, now=now, note="; ".join(map(in_words, moments)))
    log(referral, Step.PROPOSE, by)
    _tell_other_side(
        referral, "Er zijn momenten voorgesteld om een mantelzorger samen te spreken. Kies er een.", by, now
    )
    return referral


@verb
def choose(*, referral: Referral, by, moment: datetime.datetime, seen: uuid.UUID, now=None) -> Referral:
    """Choose one of the moments that the other side proposed, in the proposal `seen`."""
    now = now or timezone.now()
    referral, talk = _asked(referral, Step.PLAN, by, now)
    if talk.pk != seen:
        raise Refused("Intussen is er een ander voorstel gedaan. Kijk eerst wat er nu staat.")
    if moment not in talk.choices(now):
        raise Refused("Kies een van de voorgestelde momenten die nog komen.", field="moment")
    return _agree(referral, talk, moment, by=by, now=now)


def _agree(referral: Referral, talk: JointTalk, moment: datetime.datetime, *, by, now) -> Referral:
    talk.planned_for = moment
    side = Side.SENDER if referral.turn_party is Party.SENDER else Side.RECEIVER
    _asks(talk, referral, side, add_working_days(timezone.localdate(moment), ANSWER_WITHIN))
    talk.save()
    _set_date(referral, date_with(referral, moment), now)
    note_step(referral, Step.PLAN, by=by, now=now, note=in_words(moment))
    what = "Samen bellen" if referral.warm_mode == WarmMode.CALL_TOGETHER else "Een gesprek samen"
    note_on_timeline(referral, f"{what} afgesproken: {in_words(moment)}", by=by, now=now)
    log(referral, Step.PLAN, by)
    tell_both(referral, "Er is een moment afgesproken om een mantelzorger samen te spreken.", talk=talk, now=now)
    return referral


@verb
def take_back(*, referral: Referral, by, now=None) -> Referral:
    """Take back what her own side proposed, as long as nothing was chosen."""
    now = now or timezone.now()
    referral, talk = _asked(referral, Step.TAKE_BACK, by, now)
    JointTalk.objects.let_go(talk)
    note_step(referral, Step.TAKE_BACK, by=by, now=now)
    log(referral, Step.TAKE_BACK, by)
    _tell_other_side(referral, "Een voorstel om een mantelzorger samen te spreken is teruggenomen.", by, now)
    return referral


@verb
def call_off(*, referral: Referral, by, now=None) -> Referral:
    """What was agreed on cannot be: both calendars are emptied, and somebody proposes anew."""
    now = now or timezone.now()
    referral, talk = _asked(referral, Step.CALL_OFF, by, now)
    JointTalk.objects.let_go(talk)
    _set_date(referral, date_without(referral, now), now)
    note_step(referral, Step.CALL_OFF, by=by, now=now, note=in_words(talk.planned_for))
    log(referral, Step.CALL_OFF, by)
    tell_both(referral, CALLED_OFF, talk=talk, cancelled=True, now=now)
    return referral


@verb
def note_not_held(*, referral: Referral, by, why: str, now=None) -> Referral:
    """The moment came and the talk was not held. That she did not answer counts as an attempt to call her."""
    now = now or timezone.now()
    referral, talk = _asked(referral, Step.NOT_HELD, by, now)
    if why not in WhyNot.values:
        raise Refused("Kies waarom het gesprek niet doorging.", field="why")
    JointTalk.objects.let_go(talk)
    if why == WhyNot.NO_ANSWER:
        CallAttempt.objects.create(
            referral=referral,
            by=by.acting,
            result=CallAttempt.Result.NOT_REACHED,
            at=max(talk.planned_for, referral.accepted_at),
            note="Op het afgesproken moment.",
        )
    _set_date(referral, date_without(referral, now), now)
    note_step(referral, Step.NOT_HELD, by=by, now=now, note=WhyNot(why).label)
    log(referral, Step.NOT_HELD, by)
    _tell_other_side(referral, "Een gesprek met een mantelzorger ging niet door. Spreek een nieuw moment af.", by, now)
    return referral


def _asks(talk: JointTalk, referral: Referral, side: str, on: datetime.date) -> None:
    """Who has to do something next, and before when."""
    talk.asked_side, talk.asked_on = side, on
    talk.asked_organisation_id = (
        referral.sender_organisation_id if side == Side.SENDER else referral.receiver_organisation_id
    )


def _set_date(referral: Referral, on: datetime.date, now) -> None:
    """The date of the turn, of the referral and of the needs it carries."""
    referral.turn_on, referral.changed_at = on, now
    referral.save(update_fields=["turn_on", "changed_at"])
    for link in needs_of(referral):
        intake.let_referral_carry(
            need=link.need,
            organisation_id=referral.turn_organisation_id,
            member_id=referral.turn_member_id,
            on=on,
        )


def _tell_other_side(referral: Referral, line: str, by, now) -> None:
    if side_of(by, referral) == Side.SENDER:
        tell_receiver(referral, line, now=now)
    else:
        tell_sender(referral, line, by=by, now=now)

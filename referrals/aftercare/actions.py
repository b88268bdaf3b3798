"""What can be done after the feedback: thanking, asking one thing at a time, answering, and recording whether the help
helped her. None of it moves the referral or a turn; each is a step in its history that both sides see, but for what she
says herself, which stays with who keeps her record.
"""

import datetime
from functools import partial

from django.utils import timezone

from intake import actions as intake
from intake.models import TimelineEvent
from mantelzorg import principals
from mantelzorg.one_by_one import one_by_one
from mantelzorg.refusal import Refused
from mantelzorg.working_days import add_working_days
from referrals.aftercare.permissions import is_shared_still, why_not, why_not_experience, why_not_hers
from referrals.aftercare.steps import ANSWER_WITHIN_DAYS, Step
from referrals.models import Enquiry, Experience, Referral
from referrals.moving import (
    allowed,
    by_the_clock,
    locked,
    log,
    note_on_timeline,
    note_step,
    tell_receiver,
    tell_sender,
    verb,
)


def _asked(referral: Referral, step: Step, by, now) -> Referral:
    """The referral, locked, if she may do this now. Raises Refused with the reason why not."""
    return allowed(referral, by, lambda referral: why_not(by, step, referral, now=now))


def _note(referral: Referral, step: Step, *, by, now, note: str = "", timeline: str = "") -> None:
    note_step(referral, step, by=by, now=now, note=note)
    if timeline:
        referral.changed_at = now
        referral.save(update_fields=["changed_at"])
        note_on_timeline(referral, timeline, by=by, now=now)
    log(referral, f"refer_{step.value}", by)


@verb
def thank(*, referral: Referral, by, words: str = "", now=None) -> Referral:
    """Thank the receiver, with a sentence or without one; once."""
    referral = _asked(referral, Step.THANK, by, now)
    now = now or timezone.now()
    _note(referral, Step.THANK, by=by, now=now, note=words.strip())
    tell_receiver(referral, "De afzender van een verwijzing bedankt jullie.", now=now)
    return referral


@verb
def ask(*, referral: Referral, by, words: str, now=None) -> Referral:
    """Ask the receiver one thing. They have two working days, or until what was shared goes, if that is sooner."""
    referral = _asked(referral, Step.ASK, by, now)
    now = now or timezone.now()
    if not words.strip():
        raise Refused("Schrijf je vraag op.", field="words")
    last_day = timezone.localdate(referral.visible_until)
    Enquiry.objects.create(
        referral=referral,
        organisation_id=referral.receiver_organisation_id,
        words=words.strip(),
        asked_by=by.acting,
        asked_at=now,
        turn_on=min(add_working_days(timezone.localdate(now), ANSWER_WITHIN_DAYS), last_day),
    )
    _note(referral, Step.ASK, by=by, now=now, timeline="Vraag gesteld na de terugkoppeling")
    tell_receiver(referral, "De afzender heeft een vraag over een afgeronde verwijzing.", now=now)
    return referral


@verb
def answer(*, referral: Referral, by, words: str, now=None) -> Referral:
    """Answer what the sender asked."""
    referral = _asked(referral, Step.ANSWER, by, now)
    now = now or timezone.now()
    if not words.strip():
        raise Refused("Schrijf een antwoord voor de afzender.", field="words")
    question = Enquiry.objects.open_of(referral).get()
    question.state, question.answer = Enquiry.State.ANSWERED, words.strip()
    question.answered_by, question.ended_at = by.acting, now
    question.save(update_fields=["state", "answer", "answered_by", "ended_at"])
    _note(referral, Step.ANSWER, by=by, now=now, timeline="Antwoord gekregen op de vraag na de terugkoppeling")
    tell_sender(referral, "Er is antwoord op je vraag over een afgeronde verwijzing.", by=by, now=now)
    return referral


@verb
def take_back(*, referral: Referral, by, now=None) -> Referral:
    """The sender knows it by now: nobody needs to answer."""
    referral = _asked(referral, Step.TAKE_BACK, by, now)
    now = now or timezone.now()
    Enquiry.objects.open_of(referral).update(state=Enquiry.State.TAKEN_BACK, ended_at=now)
    _note(referral, Step.TAKE_BACK, by=by, now=now)
    tell_receiver(referral, "Een vraag over een afgeronde verwijzing is teruggenomen.", now=now)
    return referral


@verb
def record_experience(*, referral: Referral, by, answer: str, words: str = "", now=None) -> Referral:
    """Keep what she herself says: did this help you? It can be changed, and stays with who keeps her record."""
    if refusal := why_not_hers(by, referral):
        raise Refused(refusal)
    intake.locked_record(referral.caregiver, by)
    referral = locked(referral)
    if refusal := why_not_experience(by, referral):
        raise Refused(refusal)
    if answer not in Experience.Answer.values:
        raise Refused("Kies wat zij antwoordt.", field="answer")
    now = now or timezone.now()
    before = Experience.objects.about(referral)
    if before is not None and (before.answer, before.words) == (answer, words.strip()):
        return referral
    Experience.objects.update_or_create(
        referral=referral,
        defaults={
            "caregiver_id": referral.caregiver_id,
            "answer": answer,
            "words": words.strip(),
            "recorded_by": by.acting,
            "recorded_at": now,
        },
    )
    intake.note_event(
        caregiver_id=referral.caregiver_id,
        by=by,
        kind=TimelineEvent.Kind.REFERRAL,
        text=f"Heeft {referral.service.name} haar geholpen? {Experience.Answer(answer).label} ({referral.number})",
        referral_id=referral.pk,
        now=now,
    )
    log(referral, "experience", by, fields=("experience",))
    return referral


# By itself ----------------------------------------------------------------------------------------------------------


def lapse_questions(*, now: datetime.datetime) -> int:
    """Questions about what is not shared any more close, each in its own transaction. Returns how many."""
    with principals.acting(principals.job("klok")):
        due = list(Referral.objects.filter(questions__in=Enquiry.objects.to_lapse(now=now)).order_by("pk"))
    return one_by_one(partial(_lapse, referral=referral, now=now) for referral in due)


@by_the_clock
@verb
def _lapse(*, referral: Referral, now: datetime.datetime) -> bool:
    referral = locked(referral)
    if is_shared_still(referral, now=now) or not Enquiry.objects.open_of(referral).lapse(now=now):
        return False
    _note(referral, Step.LAPSE, by=None, now=now)
    return True

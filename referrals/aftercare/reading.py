"""What there is to read of what came after the feedback, at this stage; and what is asked of her on *Vandaag*."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from mantelzorg.dates import date_in_words, day_in_words, days_late
from referrals.aftercare.permissions import is_shared_still
from referrals.aftercare.steps import Step
from referrals.models import Enquiry, Experience, Referral
from referrals.transitions import Verb

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class QuestionLine:
    words: str
    by: str
    when: str
    state: str
    badge: str
    answer: str = ""
    answer_by: str = ""
    answer_when: str = ""
    until: str = ""
    late: str = ""


@dataclass(frozen=True)
class After:
    thanks: tuple[dict[str, str], ...] = ()
    questions: tuple[QuestionLine, ...] = ()
    experience: dict[str, str] | None = None
    call: str = ""  # for the sender of who has no screen

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of what is shown, for the access log."""
        return (*(["questions"] if self.questions else []), *(["experience"] if self.experience else []))


def after_of(referral: Referral, stage: str, *, now: datetime.datetime) -> After | None:
    """For her who may see what is shared or all of it; None when nothing came after. `referral` comes from
    `for_reading()`: of one that nobody asked or said anything about, the database is asked nothing more than whether
    the caregiver did.
    """
    is_own = stage == Referral.Stage.OWN
    if not is_own and stage != Referral.Stage.SHARED:
        return None
    taken = {event.verb for event in referral.events.all()}
    if Verb.COMPLETE not in taken:
        return None
    thanks = tuple(
        {"by": str(event.by.user), "when": date_in_words(event.at), "words": event.note}
        for event in referral.events.all()
        if event.verb == Step.THANK
    )
    today = timezone.localdate(now)
    questions = tuple(_line(one, referral, today) for one in _asked(referral, taken))
    experience = _experience(referral) if is_own and referral.caregiver_id else None
    call = _call(referral, now) if is_own else ""
    return After(thanks, questions, experience, call) if thanks or questions or experience or call else None


def _asked(referral: Referral, taken: set[str]) -> list[Enquiry]:
    return list(Enquiry.objects.for_page(referral)) if Step.ASK in taken else []


BADGES = {
    Enquiry.State.OPEN: "active",
    Enquiry.State.ANSWERED: "safe",
    Enquiry.State.TAKEN_BACK: "neutral",
    Enquiry.State.LAPSED: "neutral",
}


def _line(question: Enquiry, referral: Referral, today: datetime.date) -> QuestionLine:
    label = question.get_state_display()
    answered = question.state == Enquiry.State.ANSWERED
    return QuestionLine(
        words=question.words,
        by=str(question.asked_by.user),
        when=date_in_words(question.asked_at),
        state=label[:1].upper() + label[1:],
        badge=BADGES[Enquiry.State(question.state)],
        answer=question.answer,
        answer_by=_who_answered(question, referral) if answered else "",
        answer_when=date_in_words(question.ended_at) if answered else "",
        until=day_in_words(question.turn_on) if question.is_open else "",
        late=days_late(question.turn_on, today) if question.is_open else "",
    )


def _who_answered(question: Enquiry, referral: Referral) -> str:
    """By name; behind a link the organisation."""
    return str(question.answered_by.user) if question.answered_by_id else referral.receiver_organisation.name


def _experience(referral: Referral) -> dict[str, str] | None:
    found = Experience.objects.about(referral)
    if found is None:
        return None
    label = found.get_answer_display()
    return {
        "answer": label[:1].upper() + label[1:],
        "words": found.words,
        "by": str(found.recorded_by.user),
        "when": date_in_words(found.recorded_at),
    }


def _call(referral: Referral, now: datetime.datetime) -> str:
    if not referral.by_phone or not is_shared_still(referral, now=now):
        return ""
    phone = f" op {referral.receiver_phone}" if referral.receiver_phone else ""
    return f"Wil je hen bedanken of iets vragen? Bel {referral.receiver_organisation}{phone}."

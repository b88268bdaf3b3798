"""To whom a hint about an overlegvraag goes, and the mail: one line and where to look, nothing of the question."""

import datetime

from django.utils import timezone

from accounts.models import Membership
from referrals import hints
from referrals.models import Question
from trail.actions import enqueue_mail


def tell_receiver(question: Question, line: str, *, now: datetime.datetime) -> None:
    for hint in _at_receiver(question, timezone.localdate(now)):
        _mail(question, hint, line, question.receiver_organisation_id, now)


def tell_asker(question: Question, line: str, *, now: datetime.datetime) -> None:
    """Who asked, or who stands in for her."""
    for hint in hints.whoever_is_there(question.asker, timezone.localdate(now)):
        _mail(question, hint, line, question.asker_organisation_id, now)


def _at_receiver(question: Question, day: datetime.date) -> list[hints.Hint]:
    """Whom it was asked by name, or who stands in for her; otherwise who has the profession it asks for; otherwise the
    address of the organisation; otherwise everybody there who works with caregivers.
    """
    if question.receiver_id:
        return hints.whoever_is_there(question.receiver, day)
    workers = Membership.objects.caregiver_workers(question.receiver_organisation_id)
    if question.profession_id and (named := list(workers.filter(profession=question.profession_id))):
        return [hints.of_member(member) for member in named]
    address = question.receiver_organisation.email
    return [hints.Hint(address)] if address else [hints.of_member(member) for member in workers]


def _mail(question: Question, hint: hints.Hint, line: str, organisation_id, now: datetime.datetime) -> None:
    enqueue_mail(
        template="referral_news",
        to=hint.to,
        context={"line": line, "number": "", "path": f"/overlegvragen/{question.pk}/"},
        about=question,
        organisation=organisation_id,
        for_digest=hint.daily,
        now=now,
    )

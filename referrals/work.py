"""How somebody and her organisation arrange their work: who stands in while she is away, and how long they take."""

import datetime

from django.db import transaction

from accounts import actions as accounts
from accounts.models import Absence, Membership
from accounts.permissions import may_manage_team
from mantelzorg.refusal import Refused
from referrals.clock import hand_turns
from referrals.models import OrganisationTerms
from referrals.questions import clock as questions
from referrals.transitions import Terms
from trail.actions import record_access


@transaction.atomic
def go_away(
    *, by, stand_in: Membership, first_day: datetime.date, last_day: datetime.date, now: datetime.datetime
) -> Absence:
    """From the first day on, what is her turn is the turn of `stand_in`: at once when that is today."""
    absence = accounts.begin_absence(by=by, stand_in=stand_in, first_day=first_day, last_day=last_day, now=now)
    hand_turns(now=now, organisation=by.organisation_id)
    questions.hand_turns(now=now, organisation=by.organisation_id)
    return absence


@transaction.atomic
def come_back(*, absence: Absence, by, now: datetime.datetime) -> None:
    """She is there again: what is still open is in her hands at once."""
    accounts.end_absence(absence=absence, by=by, now=now)
    hand_turns(now=now, organisation=by.organisation_id)
    questions.hand_turns(now=now, organisation=by.organisation_id)


@transaction.atomic
def set_terms(*, by, terms: Terms, now: datetime.datetime) -> None:
    """What counts from the next step of a referral on; a date that was promised stays. Raises Refused."""
    if not may_manage_team(by):
        raise Refused("Alleen een beheerder van de organisatie verandert de termijnen.")
    OrganisationTerms.objects.update_or_create(
        organisation_id=by.organisation_id,
        defaults={
            "answer_days": terms.answer_days,
            "call_days": terms.call_days,
            "feedback_days": terms.feedback_days,
            "changed_at": now,
            "changed_by": by.acting,
        },
    )
    record_access(by=by, event="update", action="U", obj=by.organisation, fields=("terms",))

"""What who reviews the log can do: ask for one name, and sign for a week."""

import datetime
import uuid

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import permissions
from accounts.logbook import weeks
from mantelzorg import principals
from mantelzorg.refusal import Refused
from trail.actions import claim_once, record_access, settle_once, sign_log_week
from trail.models import AccessLogEntry, LogReview


class ShownBefore(Refused):
    """The form that showed a name came back: a name is shown once for each reason."""

    def __init__(self):
        super().__init__("Deze naam is al getoond. Wil je hem nog eens zien, schrijf dan opnieuw op waarom.")


@transaction.atomic
def show_name(*, entry: AccessLogEntry, by, reason: str, once: uuid.UUID) -> str:
    """The name behind one row, for a reason that is logged. Empty when her record is not (any more) of this
    organisation. Raises ShownBefore when this form was handled.
    """
    if not permissions.may_review_log(by) or entry.organisation_id != by.organisation_id:
        raise PermissionDenied
    first, _ = claim_once(key=once, verb="show_name", by=by)
    if not first:
        raise ShownBefore
    settle_once(key=once, result=once)
    record_access(
        by=by,
        event="log_read",
        action="R",
        obj=entry,
        subject=entry.subject_id,
        relation=entry.relation,
        fields=("name",),
        purpose=reason,
    )
    return _one_name(by.organisation, entry.subject_id)


def _one_name(organisation, caregiver_id: uuid.UUID) -> str:
    """A reviewer may read no caregivers: this reads one name, by a job with a right to no more than that."""
    with principals.acting(principals.job("naam", subject=caregiver_id, log_of=organisation.pk)):
        return organisation.caregivers.name_of(caregiver_id)


@transaction.atomic
def sign_week(*, monday: datetime.date, by, remark: str, now: datetime.datetime | None = None) -> LogReview:
    """Sign for a week that is over. Of somebody with looks of her own that week it takes a second signature."""
    if not permissions.may_review_log(by):
        raise PermissionDenied
    if monday > weeks.last_monday(timezone.localdate(now)):
        raise Refused("Deze week is nog niet voorbij.")
    try:
        with transaction.atomic():
            return sign_log_week(by=by, week=monday, own_looks=weeks.own_looks(by, monday), remark=remark)
    except IntegrityError as error:
        raise Refused("Je hebt deze week al nagekeken.") from error

"""What happens by itself, every hour: asking, one reminder, closing, forgetting. Safe to repeat and to kill half-way.

Mail goes on working days in office hours, where somebody is there to answer it. Each organisation and each question is
a transaction of its own, locked: two workers do nothing twice.
"""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mantelzorg.working_days import is_office_time
from sociale_kaart.freshness import actions, owners
from sociale_kaart.models import CheckRequest, Report


def ask_owners(*, now: datetime.datetime) -> int:
    """Returns how many mails were made; the rest of them goes in the next hour."""
    if not settings.CHECK_BY_MAIL or not is_office_time(now):
        return 0
    asked = 0
    for organisation_id in owners.with_something_due(timezone.localdate(now)):
        if asked >= settings.CHECK_MAILS_PER_HOUR:
            break
        asked += actions.ask_organisation(organisation_id=organisation_id, now=now)
    return asked


def remind_owners(*, now: datetime.datetime) -> int:
    if not settings.CHECK_BY_MAIL or not is_office_time(now):
        return 0
    waiting = CheckRequest.objects.to_remind(now).order_by("asked_at").values_list("pk", flat=True)
    most = settings.CHECK_MAILS_PER_HOUR
    return sum(actions.remind(request_id=pk, now=now) for pk in list(waiting[:most]))


def close_questions(*, now: datetime.datetime) -> int:
    actions.let_go_of_overtaken(now=now)
    over = list(CheckRequest.objects.to_close(now).values_list("pk", flat=True))
    for pk in over:
        actions.close(request_id=pk, now=now)
    return len(over)


@transaction.atomic
def forget_old(*, now: datetime.datetime) -> int:
    """Questions after CHECKS_KEPT_DAYS, handled reports after REPORTS_KEPT_DAYS."""
    taken = CheckRequest.objects.kept_too_long(now).delete()[0]
    return taken + Report.objects.kept_too_long(now).delete()[0]

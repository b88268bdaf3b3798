"""How services usually answer: what was counted above this room comes in here, and a consulent sets a hint aside."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mantelzorg.refusal import Refused
from sociale_kaart.models import Answering, Service
from sociale_kaart.permissions import may_maintain_service

SET_ASIDE_DAYS = 30


@dataclass(frozen=True, slots=True)
class HowItAnswers:
    """Of one service, rounded so that it leads to nobody."""

    usual_days: int  # working days
    in_time_of_ten: int
    accepted_of_ten: int | None
    is_late: bool
    declines_often: bool


@transaction.atomic
def record_answers(*, found: Mapping[uuid.UUID, HowItAnswers], on: datetime.date) -> None:
    """From now on this is what is shown, and of every other service nothing. What was set aside stays so."""
    Answering.objects.exclude(service__in=list(found)).delete()
    rows = [Answering(service_id=key, counted_on=on, **_columns(answers)) for key, answers in sorted(found.items())]
    Answering.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["service"],
        update_fields=["in_time_of_ten", "accepted_of_ten", "is_late", "declines_often", "counted_on"],
    )
    _write_usual_days({key: answers.usual_days for key, answers in found.items()})


def _columns(answers: HowItAnswers) -> dict:
    return {name: value for name, value in asdict(answers).items() if name != "usual_days"}


def _write_usual_days(days: Mapping[uuid.UUID, int]) -> None:
    """Only where it changed, and without touching when the service itself was last changed."""
    written = Service.objects.filter(Q(usual_answer_days__isnull=False) | Q(pk__in=list(days)))
    changed = defaultdict(list)
    for key, before in written.order_by("pk").values_list("pk", "usual_answer_days"):
        if before != days.get(key):
            changed[days.get(key)].append(key)
    for now_days, keys in changed.items():
        Service.objects.filter(pk__in=keys).update(usual_answer_days=now_days)


@transaction.atomic
def set_aside(*, service: Service, by, now: datetime.datetime) -> Answering:
    """Off the work list for a month: she asked how it goes, or will not ask now."""
    if not may_maintain_service(by, service):
        raise PermissionDenied
    answering = Answering.objects.with_a_hint().select_for_update().filter(service=service).first()
    if answering is None:
        raise Refused("Deze aanwijzing is er niet meer: het gaat weer zoals afgesproken.")
    answering.set_aside_until = timezone.localdate(now) + datetime.timedelta(days=SET_ASIDE_DAYS)
    answering.set_aside_by = by
    answering.save(update_fields=["set_aside_until", "set_aside_by"])
    return answering

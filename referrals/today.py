"""Vandaag: what is her turn, the most urgent first, and what she waits for.

Referrals and needs stand in one list. Overdue comes before in time, spoed before the rest, then the date. Each stream
(referrals with spoed and others, of each those in her hands and those in nobody's; needs) is read in the order of its
own index and never further than one page; the place where a page ends is named by the id of its last task.
"""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from intake.models import Need
from mantelzorg.dates import day_in_words, days_late
from referrals.asked import Asked, asked_of
from referrals.models import STILL_TO_FIND_OUT, Outcome, Referral, ReferralNeed
from referrals.reading import Line
from referrals.transitions import State, Urgency

PAGE = 20
TASKS, WAITING, DRAFTS = "taken", "wacht", "concept"
SHOWN = {TASKS: PAGE, WAITING: 5, DRAFTS: 3}  # of each part; what there is more, a list shows


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """Where a task stands: what is late first, then what has spoed, then by day."""

    in_time: bool
    calm: bool
    turn_on: datetime.date
    id: uuid.UUID


@dataclass(slots=True)
class Task:
    """One thing that is her turn."""

    place: Place
    url: str
    title: str
    meta: str
    until: str
    late: str
    today: bool
    urgent: bool
    shown_of: Any
    relation: str


@dataclass(slots=True)
class Today:
    tasks: list[Task]
    asked: list[Asked]
    next_url: str
    is_first_page: bool
    waiting: list[Line]
    more_waiting: bool
    drafts: list[Line]
    more_drafts: bool

    @property
    def late_count(self) -> int:
        return sum(1 for task in self.tasks if task.late)

    @property
    def shown(self) -> list:
        """Everything on the page that may name a caregiver."""
        return [*self.tasks, *self.asked, *self.waiting, *self.drafts]


def todays_work(user, *, now: datetime.datetime, after: str = "") -> Today:
    """Her page of this moment; from the second page on only the tasks."""
    day = timezone.localdate(now)
    place = _place_of(user, after, day)
    turns = Referral.objects.turns_of_organisation(user)
    hers, nobodys = turns.in_her_hands(user), turns.in_nobodys_hands()
    parts = [
        (TASKS, _beyond(hers.urgent(), place, day, calm=False)),
        (TASKS, _beyond(nobodys.urgent(), place, day, calm=False)),
        (TASKS, _beyond(hers.not_urgent(), place, day, calm=True)),
        (TASKS, _beyond(nobodys.not_urgent(), place, day, calm=True)),
    ]
    if place is None:
        parts += [
            (WAITING, Referral.objects.waiting_for_others(user).order_by("turn_on", "id")),
            (DRAFTS, Referral.objects.drafts_of(user).order_by("-changed_at", "-id")),
        ]
    found = _fetch(parts, day)
    lines = {part: [Line(referral, user, now=now) for referral in rows] for part, rows in found.items()}
    tasks = [_task_of_referral(referral, line, day) for referral, line in zip(found[TASKS], lines[TASKS], strict=True)]
    needs = _beyond(Need.objects.waiting_for_owner(user), place, day, calm=True)
    tasks += [_task_of_need(need, day) for need in with_last_answer(needs).values(*SHOWN_OF_NEED)[: PAGE + 1]]
    tasks.sort(key=lambda task: task.place)
    more, tasks = len(tasks) > PAGE, tasks[:PAGE]
    return Today(
        tasks=tasks,
        asked=asked_of(user, day) if place is None else [],
        next_url=f"{reverse('vandaag')}?na={tasks[-1].place.id}" if more else "",
        is_first_page=place is None,
        waiting=lines[WAITING][: SHOWN[WAITING]],
        more_waiting=len(lines[WAITING]) > SHOWN[WAITING],
        drafts=lines[DRAFTS][: SHOWN[DRAFTS]],
        more_drafts=len(lines[DRAFTS]) > SHOWN[DRAFTS],
    )


def _fetch(parts: list[tuple[str, Any]], day: datetime.date) -> dict[str, list[Referral]]:
    """The first rows of each part. First the keys, each part along its own index; then what the rows show, at once."""
    first, *others = [
        rows.annotate(part=Value(part)).values_list("part", "urgency", "turn_on", "pk")[: SHOWN[part] + 1]
        for part, rows in parts
    ]
    keys = {part: [] for part in (TASKS, WAITING, DRAFTS)}
    for part, urgency, turn_on, pk in first.union(*others, all=True):
        keys[part].append((_place(urgency, turn_on, pk, day) if part == TASKS else None, pk))
    keys[TASKS] = sorted(keys[TASKS])[: PAGE + 1]
    referrals = Referral.objects.for_list().in_bulk([pk for found in keys.values() for _, pk in found])
    return {
        part: [
            referrals[pk]
            for _, pk in found
            if pk in referrals and referrals[pk].is_open != (part == DRAFTS)  # it may just have been sent or ended
        ]
        for part, found in keys.items()
    }


# Where a page begins ------------------------------------------------------------------------------------------------


def _place_of(user, after: str, day: datetime.date) -> Place | None:
    """The place of the task an address names; nowhere when it is not (any more) her turn, or no id at all."""
    try:
        key = uuid.UUID(after)
    except (ValueError, ValidationError):
        return None
    row = Referral.objects.our_turn(user).filter(pk=key).values_list("urgency", "turn_on").first()
    if row is None:
        need = Need.objects.waiting_for_owner(user).filter(pk=key).values_list("turn_on").first()
        row = (Urgency.NORMAL, *need) if need else None
    return _place(*row, key, day) if row else None


def _place(urgency: str, turn_on: datetime.date, pk: uuid.UUID, day: datetime.date) -> Place:
    return Place(turn_on >= day, urgency != Urgency.URGENT, turn_on, pk)


def _beyond(rows, place: Place | None, day: datetime.date, *, calm: bool):
    """The rows of one stream that come after `place`, in order."""
    rows = rows.order_by("turn_on", "id")
    if place is None:
        return rows
    if calm == place.calm:
        further = Q(turn_on__gt=place.turn_on) | Q(turn_on=place.turn_on, id__gt=place.id)
        return rows.filter(further, turn_on__gte=place.turn_on)
    in_time = rows.filter(turn_on__gte=day)
    if calm:  # those with spoed came before; the late ones of these follow them, unless the page was past that
        return in_time if place.in_time else rows
    return rows.none() if place.in_time else in_time


# Tasks in words -----------------------------------------------------------------------------------------------------


def _task_of_referral(referral: Referral, line: Line, day: datetime.date) -> Task:
    return Task(
        place=_place(referral.urgency, referral.turn_on, referral.pk, day),
        url=line.url,
        title=line.task,
        meta=f"{line.meta} · {line.number}" if line.meta else line.number,
        until=line.until,
        late=line.late,
        today=referral.turn_on == day,
        urgent=line.urgent,
        shown_of=line.shown_of,
        relation=line.relation,
    )


SHOWN_OF_NEED = ("pk", "caregiver", "caregiver__name", "kind__name", "turn_on", "plan_note", "last")


def with_last_answer(needs):
    """Each need with how its last referral ended, or nothing: `last` is None or a dict."""
    ended = ReferralNeed.objects.filter(need=OuterRef("pk"), referral__ended_at__isnull=False)
    answer = JSONObject(
        referral="referral_id",
        state="referral__state",
        outcome="outcome",
        organisation="referral__receiver_organisation__name",
    )
    return needs.annotate(last=Subquery(ended.order_by("-referral__ended_at").values(answer=answer)[:1]))


def _task_of_need(need: dict, day: datetime.date) -> Task:
    last, turn_on, who = need["last"], need["turn_on"], need["caregiver__name"]
    planned = need["plan_note"]
    url = reverse("caregiver_detail", args=[need["caregiver"]])
    if last and not planned:
        url = reverse("referral_detail", args=[last["referral"]])
    return Task(
        place=_place(Urgency.NORMAL, turn_on, need["pk"], day),
        url=url,
        title=_need_task(who, last, is_planned=bool(planned)),
        meta=planned or f"Hulpvraag: {need['kind__name'] or STILL_TO_FIND_OUT}",
        until=day_in_words(turn_on),
        late=days_late(turn_on, day),
        today=turn_on == day,
        urgent=False,
        shown_of=need["caregiver"],
        relation="owner",
    )


def _need_task(who: str, last: dict | None, *, is_planned: bool) -> str:
    if is_planned:
        return f"Ga verder met de hulpvraag van {who}"
    if last is None:
        return f"Kies wat je doet met de hulpvraag van {who}"
    organisation = last["organisation"]
    if last["outcome"] == Outcome.CONTACT:
        return f"Contact gelegd door {organisation}: vraag {who} hoe het ging"
    return {
        State.COMPLETED: f"Terugkoppeling van {organisation}: is {who} geholpen?",
        State.DECLINED: f"Afgewezen door {organisation}: kies wat nu voor {who}",
        State.EXPIRED: f"Geen antwoord van {organisation}: kies wat nu voor {who}",
        State.NOT_REACHED: f"{organisation} kon {who} niet bereiken: kies wat nu",
        State.WITHDRAWN: f"Ingetrokken: kies wat nu voor {who}",
    }[State(last["state"])]

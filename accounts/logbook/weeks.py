"""The weekly review: what stands out in a week of an organisation's log, and who signed for it.

One signature is enough from somebody who looked at no caregiver herself that week. Who did, never reviews that alone:
a colleague with the same role signs as well.
"""

import datetime
import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from accounts.logbook.reading import names_of, span
from accounts.models import Membership
from mantelzorg import principals
from mantelzorg.dates import date_in_words, day_in_words
from mantelzorg.working_days import is_working_day
from trail.models import CLOSING, OPENING, AccessLogEntry, LogReview

WEEKS_SHOWN = 8
MANY = 30  # caregivers opened by one person in a week
FAR_MORE, AT_LEAST = 3, 10  # times what colleagues usually open, from so many on
WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Outlier:
    who: str
    sentence: str
    url: str


@dataclass
class Week:
    monday: datetime.date
    signatures: list[dict[str, str]] = field(default_factory=list)
    is_signed: bool = False
    signed_by: set = field(default_factory=set)

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def year(self) -> int:
        return self.monday.isocalendar().year

    @property
    def title(self) -> str:
        return f"Week {self.number} van {self.year}"

    @property
    def days(self) -> str:
        return f"{day_in_words(self.monday)} tot en met {day_in_words(self.sunday)}"

    @property
    def sunday(self) -> datetime.date:
        return self.monday + datetime.timedelta(days=6)

    @property
    def url(self) -> str:
        return reverse("log_week", args=[self.year, self.number])

    @property
    def state(self) -> tuple[str, str]:
        if self.is_signed:
            return "Nagekeken", "safe"
        return ("Een tweede handtekening nodig", "warning") if self.signatures else ("Nog na te kijken", "active")


def monday_of(year: int, number: int) -> datetime.date | None:
    try:
        return datetime.date.fromisocalendar(year, number, 1)
    except ValueError:
        return None


def last_monday(today: datetime.date) -> datetime.date:
    """Of the last week that is over."""
    return today - datetime.timedelta(days=today.weekday()) - WEEK


def is_signed(reviews: list[LogReview]) -> bool:
    """Somebody without looks of her own that week signed, or two people did."""
    return any(review.own_looks == 0 for review in reviews) or len({review.user_id for review in reviews}) > 1


def weeks_of(user, *, today: datetime.date) -> list[Week]:
    """The weeks that are over, the last one first, as far back as there is a log; a few."""
    began = AccessLogEntry.objects.for_user(user).first_moment()
    if began is None:
        return []
    first = timezone.localdate(began)
    mondays = [last_monday(today) - WEEK * number for number in range(WEEKS_SHOWN)]
    return _with_signatures(user, [monday for monday in mondays if monday + WEEK > first])


def week_of(user, monday: datetime.date) -> Week:
    return _with_signatures(user, [monday])[0]


def _with_signatures(user, mondays: list[datetime.date]) -> list[Week]:
    by_week = defaultdict(list)
    for review in LogReview.objects.for_user(user).of_weeks(mondays):
        by_week[review.week].append(review)
    names = names_of({review.user_id for reviews in by_week.values() for review in reviews}, [])
    return [
        Week(
            monday,
            signatures=[
                {
                    "title": f"Nagekeken door {names.get(review.user_id, 'onbekend')}",
                    "when": date_in_words(review.at),
                    "text": review.remark,
                    "kind": "safe",
                }
                for review in by_week[monday]
            ],
            is_signed=is_signed(by_week[monday]),
            signed_by={review.user_id for review in by_week[monday]},
        )
        for monday in mondays
    ]


def own_looks(user, monday: datetime.date) -> int:
    """How often she herself looked at a caregiver that week; a name she asked for counts too."""
    rows = AccessLogEntry.objects.for_user(user).between(*span(monday, monday + datetime.timedelta(days=6)))
    return rows.by_person(user.pk).about_somebody().count()


# What stands out ------------------------------------------------------------------------------------------------------


def outliers(user, monday: datetime.date) -> list[Outlier]:
    """What a reviewer should look at, person by person. Most weeks it is innocent: it is for her to ask."""
    days = [monday + datetime.timedelta(days=number) for number in range(7)]
    rows = AccessLogEntry.objects.for_user(user).between(*span(days[0], days[-1]))
    members = list(Membership.objects.for_user(user).select_related("user").order_by("user__name", "pk"))
    people = rows.per_person(
        free_days=[day for day in days[:5] if not is_working_day(day)],
        these=caregivers_who_work_here(user.organisation, members),
    )
    people = {person["user_id"]: person for person in people}
    usual = statistics.median([person["caregivers"] for person in people.values() if person["caregivers"]] or [0])
    names = names_of(set(people), members)
    found = []
    for member in sorted(people, key=lambda pk: names.get(pk, "")):
        for sentence, filters in _of_person(people[member], usual):
            found.append(Outlier(names.get(member, "onbekend"), sentence, _address(member, members, days, filters)))
    return found


def _of_person(counts: dict, usual: float):
    opened = counts["caregivers"]
    if opened >= MANY:
        yield f"opende {opened} mantelzorgers", {}
    elif opened >= AT_LEAST and opened >= FAR_MORE * usual:
        yield f"opende {opened} mantelzorgers; de meeste collega's niet meer dan {usual:.0f}", {}
    if counts["outside_hours"]:
        many = _times(counts["outside_hours"], "mantelzorger", "mantelzorgers")
        yield f"opende {many} in het weekend, op een feestdag, voor {OPENING}.00 of na {CLOSING}.00 uur", {}
    if counts["colleagues"]:
        yield (
            f"opende {_times(counts['colleagues'], 'keer', 'keer')} een mantelzorger die ook een collega lijkt te zijn",
            {},
        )
    if counts["names"]:
        yield f"vroeg in het logboek {_times(counts['names'], 'naam', 'namen')} op", {"actie": "log_read"}
    if counts["denied"]:
        yield f"probeerde {counts['denied']} keer iets te openen wat niet mocht of er niet was", {"geweigerd": "on"}


def _times(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _address(user_id, members: list[Membership], days: list[datetime.date], filters: dict[str, str]) -> str:
    member = next((str(member.pk) for member in members if member.user_id == user_id), "")
    asked = {"medewerker": member, "van": days[0].isoformat(), "tot": days[-1].isoformat(), **filters}
    return f"{reverse('logbook')}?{urlencode(asked)}"


def caregivers_who_work_here(organisation, members: list[Membership]) -> list:
    """The keys of caregivers with the name or address of somebody of the team; nothing else of them is read.

    A reviewer may read no caregivers: this is a job with a right of its own (mantelzorg/rights/policies.py).
    """
    people = [member.user for member in members]
    with principals.acting(principals.job("collegas", log_of=organisation.pk)):
        return list(organisation.caregivers.same_as(people).values_list("pk", flat=True))

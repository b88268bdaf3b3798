"""What others wait for besides referrals and needs: requests, questions, agreements. *Vandaag* shows them as one list.

Each part of the portal that asks somebody something has a source here. A source reads with one query, along an index,
what asks something of her now, the first date first, and never more than `AT_MOST` of it: the rest its own page shows.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.module_loading import import_string

from intake.handing.reading import name_of, question
from intake.models import ContactRequest
from mantelzorg.dates import day_in_words, days_late

AT_MOST = 6  # of one source


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that somebody asks of her. It begins with a verb, as the tasks of a referral do."""

    url: str
    title: str
    meta: str
    on: datetime.date  # to and including
    today: datetime.date
    shown_of: Any = None  # the id of the caregiver whom it names, for the access log
    relation: str = "owner"

    @property
    def until(self) -> str:
        return day_in_words(self.on)

    @property
    def late(self) -> str:
        return days_late(self.on, self.today)

    @property
    def is_today(self) -> bool:
        return self.on == self.today


def fixed_contacts(user, today: datetime.date) -> list[Asked]:
    """Of whom a colleague asks her to become the fixed contact, or wants to take that over from her."""
    requests = ContactRequest.objects.for_user(user).asked_of(user.acting).for_today()[:AT_MOST]
    return [
        Asked(
            url=reverse("contact_request", args=[request.pk]),
            title=question(request, user),
            meta=f"Gevraagd door {name_of(request.asked_by, user)}",
            on=request.answer_on,
            today=today,
            shown_of=request.caregiver_id,
        )
        for request in requests
    ]


# By name, because each of them makes an `Asked`.
SOURCES: tuple[str, ...] = (
    "referrals.asked.fixed_contacts",
    "referrals.meetings.asked.meetings",
    "referrals.together.asked.talks",
    "referrals.aftercare.asked.enquiries",
    "referrals.questions.asked.questions",
)


def asked_of(user, today: datetime.date) -> list[Asked]:
    """All that is asked of her, what is late or soon first."""
    return sorted((one for source in SOURCES for one in import_string(source)(user, today)), key=lambda one: one.on)

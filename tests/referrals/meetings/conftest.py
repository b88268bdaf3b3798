import datetime

import pytest
from django.utils import timezone

from referrals.meetings import actions
from referrals.models import Meeting, MeetingAgreement, MeetingGuest
from tests.factories import make_caregiver

AGENDA = {"items": ["overleg"], "how_given": "mondeling"}
WITH_NAME = {"items": ["naam", "overleg"], "how_given": "mondeling"}
QUESTION = "Hoe krijgt zij weer een vrije middag?"
DAYS = datetime.timedelta(days=1)


@pytest.fixture
def her(sender):
    return make_caregiver(sender, "Wietske Zandgrond", phone="06 55509876")


@pytest.fixture
def planned(sender, her) -> Meeting:
    """For tomorrow; nobody is invited yet."""
    return actions.plan_meeting(
        caregiver=her,
        by=sender,
        starts_at=timezone.now() + DAYS,
        how="telefonisch",
        question=QUESTION,
        points=["Wie komt er als zij weg is?", "Wie belt haar broer?"],
    )


def invite(meeting, by, person, agreed=AGENDA, **more) -> MeetingGuest:
    return actions.invite(meeting=meeting, by=by, member=person.acting, **agreed, **more)


@pytest.fixture
def with_guests(planned, sender, colleague, receiver, pom) -> Meeting:
    """A colleague, somebody who may know her name, and somebody who may not."""
    invite(planned, sender, colleague, {})
    invite(planned, sender, receiver, WITH_NAME)
    invite(planned, sender, pom)
    return planned


def says_yes(meeting, *people) -> None:
    for person in people:
        actions.answer(meeting=meeting, by=person, comes=True)


def agreed(meeting, by, who, what="De dagbesteding bellen", days=7, **more) -> MeetingAgreement:
    before = timezone.localdate() + days * DAYS
    return actions.agree(meeting=meeting, by=by, who=who.acting, what=what, before=before, **more)


@pytest.fixture
def held(with_guests, sender, receiver, pom) -> Meeting:
    """Two of three said yes; each has something to do."""
    says_yes(with_guests, receiver, pom)
    agreed(with_guests, sender, receiver)
    agreed(with_guests, sender, pom, "Haar uitnodigen voor de cursus")
    Meeting.objects.filter(pk=with_guests.pk).update(starts_at=timezone.now() - datetime.timedelta(hours=2))
    actions.hold_meeting(meeting=with_guests, by=sender, conclusion="Zij krijgt de woensdagmiddag vrij.")
    return Meeting.objects.get(pk=with_guests.pk)


def consent_of(meeting, person):
    return meeting.shares.get(member=person.acting).consent

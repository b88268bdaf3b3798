"""Whom to invite: colleagues, and people of other organisations who work with the portal."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from accounts.models import Membership
from intake.models import Involvement
from referrals.models import Meeting, Referral

MOST_FOUND = 20
MOST_NEAR = 8
SHORTEST = 2  # letters of a word to look for


@dataclass(frozen=True)
class Person:
    url: str
    name: str
    what: str  # her profession and organisation
    needs_consent: bool


def people_found(meeting: Meeting, words: str) -> list[Person]:
    """Those in whose name, profession or organisation every word stands, colleagues first. One query."""
    wanted = Q()
    for word in words.split():
        wanted &= (
            Q(user__name__icontains=word) | Q(organisation__name__icontains=word) | Q(profession__name__icontains=word)
        )
    rows = invitable(meeting).filter(wanted)
    return _people(meeting, [*rows.order_by("organisation__name", "user__name", "pk")[:MOST_FOUND]])


def people_near(meeting: Meeting) -> list[Person]:
    """Who took on a referral of her, or stands around her now. One query."""
    took_on = Referral.objects.filter(caregiver=meeting.caregiver_id, receiver__isnull=False).values("receiver")
    around = Involvement.objects.filter(caregiver=meeting.caregiver_id, ended_on=None, member__isnull=False)
    rows = invitable(meeting).filter(Q(pk__in=took_on) | Q(pk__in=around.values("member")))
    return _people(meeting, [*rows.order_by("organisation__name", "user__name", "pk")[:MOST_NEAR]])


def invitable(meeting: Meeting):
    """Who works with caregivers at an organisation that uses the portal, and is not at the table yet."""
    at_the_table = meeting.shares.filter(is_open=True).values("member")
    return Membership.objects.to_invite().exclude(pk=meeting.organiser_id).exclude(pk__in=at_the_table)


def _people(meeting: Meeting, members: list[Membership]) -> list[Person]:
    people = [
        Person(
            url=reverse("meeting_invite_one", args=[meeting.pk, member.pk]),
            name=str(member.user),
            what=", ".join(part for part in (member.profession_name, member.organisation.name) if part),
            needs_consent=member.organisation_id != meeting.organisation_id,
        )
        for member in members
    ]
    return sorted(people, key=lambda person: person.needs_consent)

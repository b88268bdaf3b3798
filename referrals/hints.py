"""To whom a hint by mail goes. The portal's own inbox is the truth; a mail says that there is something."""

import datetime
from dataclasses import dataclass

from accounts.models import Absence, Appointment, Membership
from referrals.models import Referral
from referrals.transitions import Party, State, turn_party


@dataclass(frozen=True)
class Hint:
    """An address, and whether it wants its news together, once a day."""

    to: str
    daily: bool = False


def of_member(member: Membership) -> Hint:
    return Hint(member.user.email, member.user.news_daily)


def at_receiver(referral: Referral, day: datetime.date) -> list[Hint]:
    """Who accepted it, or stands in for her that day; otherwise the address of the service or the organisation;
    otherwise everybody there who works with caregivers. Nobody where the channel is the phone or where nobody is.
    """
    if turn_party(referral.channel, State.SENT) is not Party.RECEIVER:
        return []
    if referral.receiver_id:
        return whoever_is_there(referral.receiver, day)
    address = referral.service.email or referral.receiver_organisation.email
    return [Hint(address)] if address else everybody(referral.receiver_organisation_id)


def at_sender(referral: Referral, day: datetime.date) -> list[Hint]:
    """Who sent it, or stands in for her that day."""
    return whoever_is_there(referral.sender, day)


def whoever_is_there(member: Membership, day: datetime.date) -> list[Hint]:
    """She, or her stand-in; when neither can, everybody of her organisation who works with caregivers."""
    away = Absence.objects.stand_ins(day, organisation=member.organisation_id)
    if member.pk not in away and member.ended_at is None:
        return [of_member(member)]
    if stand_in := away.get(member.pk):
        return [of_member(Membership.objects.select_related("user").get(pk=stand_in))]
    return everybody(member.organisation_id)


def everybody(organisation_id) -> list[Hint]:
    return [of_member(member) for member in Membership.objects.caregiver_workers(organisation_id)]


def at_coordinator(referral: Referral) -> list[Hint]:
    """Of the sending or the receiving organisation; otherwise of the municipality."""
    sides = [referral.sender_organisation_id, referral.receiver_organisation_id]
    found = list(Membership.objects.coordinators_of(sides))
    if not found:
        found = [one.membership for one in Appointment.objects.coordinators_in(referral.municipality_id)]
    return sorted({of_member(member) for member in found}, key=lambda hint: hint.to)

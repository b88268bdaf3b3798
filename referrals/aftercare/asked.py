"""What is asked of somebody after the feedback, on *Vandaag*."""

import datetime

from django.urls import reverse

from referrals.asked import AT_MOST, Asked
from referrals.models import Enquiry


def enquiries(user, today: datetime.date) -> list[Asked]:
    """The questions that wait for her answer. The caregiver is named on the page of the referral, not here."""
    return [
        Asked(
            url=reverse("referral_detail", args=[question.referral_id]),
            title=f"Beantwoord de vraag van {question.asked_by_name}",
            meta=f"Over een afgeronde verwijzing van {question.asked_from} · {question.referral.number}",
            on=question.turn_on,
            today=today,
        )
        for question in Enquiry.objects.asked_of(user, today)[:AT_MOST]
    ]

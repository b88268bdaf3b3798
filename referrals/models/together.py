"""A moment to speak with the caregiver together: by telephone, or the three of them in one talk.

There is at most one per referral: a proposal of one side, or the moment that both agreed on. It lives no longer than it
has to: it goes when the talk was held, and with every end of the referral. What happened stands in the referral's
history.
"""

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.utils import timezone

from accounts.models import IsAnyOf, Membership
from intake.models import ConsentItem
from intake.models.caregivers import GROUND
from mantelzorg import triggers
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from referrals.models.referrals import SharedItem, WarmMode

MOST_MOMENTS = 3


class JointTalkQuerySet(models.QuerySet):
    def of(self, referral) -> "JointTalk | None":
        return self.filter(referral=referral).first()

    def let_go(self, talk: "JointTalk") -> None:
        """In the database; in memory it stays whole, to tell what it was."""
        self.filter(pk=talk.pk).delete()

    def asking(self, user, today: datetime.date):
        """What asks something of her: to choose a moment, or to say whether the talk was held. With the name that she
        may read, if there is one.
        """
        if not user.works_with_caregivers:
            return self.none()
        midnight = timezone.make_aware(datetime.datetime.combine(today, datetime.time.min))
        hers = Membership.objects.in_whose_place(user)
        stood_in_for = Membership.objects.stood_in_for(user.acting, today)
        sent_by_her = Q(IsAnyOf("referral__sender", hers)) | Q(IsAnyOf("referral__sender", stood_in_for))
        in_her_hands = Q(referral__turn_member=None) | Q(IsAnyOf("referral__turn_member", hers))
        shared_name = SharedItem.objects.filter(referral=OuterRef("referral"), item=ConsentItem.NAME)
        return (
            self.filter(asked_organisation=user.organisation_id)
            .filter(Q(planned_for=None) | Q(planned_for__lt=midnight))
            .filter(
                (Q(asked_side=JointTalk.Side.SENDER) & sent_by_her)
                | (Q(asked_side=JointTalk.Side.RECEIVER) & in_her_hands)
            )
            .annotate(
                number=F("referral__number"),
                warm_mode=F("referral__warm_mode"),
                subject=F("referral__caregiver"),
                is_own=Case(When(referral__sender_organisation=user.organisation_id, then=True), default=False),
                own_name=F("referral__caregiver__name"),
                shared_name=Subquery(shared_name.values("value")[:1]),
            )
            .order_by("asked_on", "pk")
        )


class JointTalk(models.Model):
    """Moments that one side proposes, or the one that was agreed on."""

    class Side(models.TextChoices):
        SENDER = "sender", "afzender"
        RECEIVER = "receiver", "ontvanger"

    class Place(models.TextChoices):
        WITH_HER = "bij-haar", "bij de mantelzorger"
        VIDEO = "video", "met beeldbellen"
        AT_SENDER = "bij-afzender", "bij de afzender"
        AT_RECEIVER = "bij-ontvanger", "bij de ontvanger"

    personal = PersonalFields(
        about="mantelzorger",
        fields=("moments", "planned_for", "place"),
        purpose="afspreken wanneer afzender en ontvanger haar samen spreken",
        ground=GROUND,
        retention="tot het gesprek is geweest, of tot de verwijzing eindigt",
    )
    not_personal = ("id", "referral", "side", "by", "proposed_at", "asked_organisation", "asked_side", "asked_on")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.OneToOneField("referrals.Referral", models.CASCADE, related_name="joint_talk")
    side = models.CharField("wie stelde voor", max_length=10, choices=Side)
    by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")  # none behind a link
    proposed_at = models.DateTimeField()
    moments = ArrayField(models.DateTimeField(), verbose_name="voorgestelde momenten")
    place = models.CharField("waar", max_length=20, choices=Place, blank=True)
    planned_for = models.DateTimeField("afgesproken moment", null=True)
    asked_organisation = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, related_name="+")
    asked_side = models.CharField(max_length=10, choices=Side)
    asked_on = models.DateField()  # to and including

    objects = JointTalkQuerySet.as_manager()

    class Meta:
        verbose_name = "moment om samen te spreken"
        constraints = [
            models.CheckConstraint(
                condition=Q(moments__len__range=(1, MOST_MOMENTS)), name="one_to_three_moments_are_proposed"
            ),
        ]
        triggers = [
            triggers.Refuses(
                name="the_moment_is_one_that_was_proposed",
                operation=triggers.Insert | triggers.Update,
                condition=triggers.InSQL("NOT NEW.planned_for = ANY (NEW.moments)"),
            ),
        ]
        indexes = [models.Index(fields=["asked_organisation", "asked_on", "id"], name="talks_that_ask")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_planned(self) -> bool:
        return self.planned_for is not None

    def is_over(self, now: datetime.datetime) -> bool:
        """The moment that was agreed on has come."""
        return self.planned_for is not None and self.planned_for <= now

    def choices(self, now: datetime.datetime) -> list[datetime.datetime]:
        """The proposed moments that can still be chosen."""
        return sorted(moment for moment in self.moments if moment > now)

    def for_calendar(self, *, warm_mode: str, path: str, cancelled: bool = False) -> dict:
        """What a calendar may know of it: that there is something, when, and where to look."""
        by_telephone = warm_mode == WarmMode.CALL_TOGETHER
        return {
            "uid": str(self.pk),
            "starts_at": self.planned_for.isoformat(),
            "minutes": 30 if by_telephone else 60,
            "where": "telefonisch" if by_telephone else "gesprek",
            "path": path,
            "cancelled": cancelled,
        }

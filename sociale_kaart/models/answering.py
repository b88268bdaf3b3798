"""How a service usually answers a referral. Counted above this room; only what may be shown comes down."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q

from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from sociale_kaart.models.services import Service
from sociale_kaart.models.turns import turn_of


class AnsweringQuerySet(models.QuerySet):
    def with_a_hint(self):
        return self.filter(Q(is_late=True) | Q(declines_often=True))

    def to_ask(self, codes: Iterable[str] | None, *, today: datetime.date):
        """Published services that answer late or decline often, for who keeps these municipalities; all if no codes are
        given. Not those that were set aside.
        """
        rows = self.with_a_hint().filter(service__status=Service.Status.PUBLISHED)
        rows = rows.filter(Q(set_aside_until=None) | Q(set_aside_until__lte=today))
        rows = rows.select_related("service__organisation", "service__home_municipality")
        return rows if codes is None else rows.filter(turn_of(codes))

    def of_service(self, service):
        return self.filter(service=service).first()


class Answering(models.Model):
    """Of one published service: whether it often answers late or often declines, in numbers that are rounded.

    There is a row only where enough referrals were answered (referrals/answer_times.py says which count). How fast it
    usually answers is the service's own column, `usual_answer_days`.
    """

    personal = PersonalFields(
        about="professional",
        fields=("set_aside_by",),
        purpose="weten wie een aanwijzing een maand opzij zette",
        ground="uitvoering van de taak van de organisatie",
        retention="zolang het aanbod vaak laat antwoordt of vaak afwijst",
    )
    not_personal = (
        *("id", "service", "in_time_of_ten", "accepted_of_ten", "is_late", "declines_often", "counted_on"),
        "set_aside_until",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.OneToOneField(
        "sociale_kaart.Service", models.CASCADE, related_name="answering", verbose_name="aanbod"
    )
    in_time_of_ten = models.PositiveSmallIntegerField("antwoordt op tijd, van de tien")
    accepted_of_ten = models.PositiveSmallIntegerField("neemt aan, van de tien", null=True)
    is_late = models.BooleanField("antwoordt vaak laat")
    declines_often = models.BooleanField("neemt vaak niet aan")
    counted_on = models.DateField("geteld op")
    set_aside_until = models.DateField("opzij gezet tot", null=True)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="opzij gezet door"
    )

    objects = AnsweringQuerySet.as_manager()

    class Meta:
        verbose_name = "hoe een aanbod antwoordt"
        verbose_name_plural = "hoe aanbod antwoordt"
        constraints = [
            models.CheckConstraint(
                condition=Q(in_time_of_ten__range=(1, 9))
                & (Q(accepted_of_ten=None) | Q(accepted_of_ten__range=(1, 9))),
                name="what_is_shown_of_answers_is_rounded",
            ),
            models.CheckConstraint(
                condition=Q(declines_often=False) | Q(accepted_of_ten__isnull=False),
                name="who_declines_often_is_known_to_accept_some",
            ),
            models.CheckConstraint(
                condition=Q(set_aside_until=None, set_aside_by=None)
                | Q(set_aside_until__isnull=False, set_aside_by__isnull=False),
                name="somebody_set_it_aside_until_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["service"], condition=Q(is_late=True) | Q(declines_often=True), name="answers_with_a_hint"
            ),
        ]

    def __str__(self) -> str:
        return f"Antwoorden van {self.service}"

"""What she does and wants with it, and what was thought of for now, for later and for a crisis."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from intake.models.caregivers import GROUND, RETENTION, Caregiver, OfHerQuerySet
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields


class TaskQuerySet(OfHerQuerySet):
    def for_page(self):
        return self.order_by("created_at", "id")

    def for_change(self):
        return self.select_related("caregiver__municipality")

    def still_hers(self):
        return self.filter(ended_on=None)

    def what_of(self, pk: str) -> str:
        """Of one of these, what she does; empty when it is none of them."""
        try:
            return self.filter(pk=pk).values_list("what", flat=True).first() or ""
        except ValidationError:
            return ""

    def ended(self):
        return self.filter(ended_on__isnull=False).order_by("-ended_on", "-created_at", "-id")


class Task(models.Model):
    """Something that she does for the person she cares for, and whether she wants to keep doing it."""

    class Wish(models.TextChoices):
        KEEP = "houden", "houden"
        SHARE = "delen", "delen"
        HAND_OVER = "overdragen", "overdragen"

    personal = PersonalFields(
        about="mantelzorger",
        fields=("caregiver", "what", "wish", "to", "ended_on"),
        purpose="zien wat zij doet, en wat een ander kan doen",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "recorded_by", "created_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="tasks")
    what = models.CharField("wat zij doet", max_length=200)
    wish = models.CharField("wat zij ermee wil", max_length=12, choices=Wish, default=Wish.KEEP)
    to = models.CharField("met of aan wie", max_length=120, blank=True)
    ended_on = models.DateField("doet zij niet meer sinds", null=True, blank=True)
    recorded_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "taak"
        verbose_name_plural = "taken"
        indexes = [models.Index(fields=["caregiver", "created_at", "id"], name="tasks_of_a_caregiver")]
        constraints = [models.CheckConstraint(condition=~Q(what=""), name="a_task_is_something")]

    def __str__(self) -> str:
        return self.what


class Moment(models.TextChoices):
    NOW = "nu", "nu"
    LATER = "straks", "straks"
    CRISIS = "crisis", "crisis"


class ScenarioQuerySet(models.QuerySet):
    def of_moment(self, moment: str):
        return self.filter(moment=moment).first()

    def for_page(self):
        return self.select_related("changed_by__user")


class Scenario(models.Model):
    """For one moment: by which signs one sees how it goes, what was agreed, who does what and whom to call."""

    TEXTS = ("green", "orange", "red", "agreements", "who_does_what", "numbers")

    personal = PersonalFields(
        about="mantelzorger",
        fields=("caregiver", "moment", *TEXTS),
        purpose="weten wat jullie doen als het verandert",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "changed_by", "changed_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="scenarios")
    moment = models.CharField("voor wanneer", max_length=10, choices=Moment)
    green = models.TextField("groen: het gaat", max_length=600, blank=True)
    orange = models.TextField("oranje: let op", max_length=600, blank=True)
    red = models.TextField("rood: nu iets doen", max_length=600, blank=True)
    agreements = models.TextField("wat we afspraken", max_length=1000, blank=True)
    who_does_what = models.TextField("wie doet wat", max_length=1000, blank=True)
    numbers = models.TextField("wie je belt", max_length=600, blank=True)
    changed_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        verbose_name = "scenario van een mantelzorger"
        verbose_name_plural = "scenario's van een mantelzorger"
        constraints = [models.UniqueConstraint(fields=["caregiver", "moment"], name="one_scenario_for_each_moment")]

    def __str__(self) -> str:
        return self.get_moment_display()

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) for name in self.TEXTS)

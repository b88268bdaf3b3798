"""The sociale kaart of a municipality on paper: who asked may come back for it, the worker makes it."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields


class BookletQuerySet(models.QuerySet):
    def to_do(self):
        """What the worker has to make, first come first served."""
        return self.filter(state=Booklet.State.WAITING).order_by("asked_at", "pk")

    def of(self, municipality):
        return self.filter(municipality=municipality).order_by("-asked_at", "-pk")

    def made(self):
        return self.filter(state=Booklet.State.DONE).order_by("-made_at", "-pk")

    def last_of(self, municipality):
        """The last one that was asked for, whatever became of it."""
        return self.of(municipality).first()

    def last_made_of(self, municipality):
        return self.filter(municipality=municipality).made().first()

    def last_made_by_municipality(self) -> dict[str, datetime.datetime]:
        """When the last one was made, by the code of the municipality."""
        return dict(self.made().reverse().values_list("municipality", "made_at"))

    def kept_too_long(self, now: datetime.datetime):
        return self.filter(asked_at__lt=now - datetime.timedelta(days=settings.BOOKLET_KEPT_DAYS))


class Booklet(models.Model):
    """One that was asked for. It says nothing of who asked: it is the same for everybody who may have it."""

    class State(models.TextChoices):
        WAITING = "wacht", "wordt gemaakt"
        DONE = "klaar", "klaar"
        FAILED = "mislukt", "niet gelukt"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    municipality = models.ForeignKey("sociale_kaart.Municipality", models.PROTECT, related_name="booklets")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    message = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    services = models.PositiveIntegerField("hoeveel aanbod", default=0)
    pages = models.PositiveIntegerField("bladzijden", default=0)
    size = models.PositiveIntegerField("grootte", default=0)
    seconds = models.FloatField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True, blank=True)

    objects = BookletQuerySet.as_manager()

    class Meta:
        verbose_name = "boekje"
        verbose_name_plural = "boekjes"
        ordering = ["-asked_at"]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(state="wacht"), name="booklet_that_waits"),
            models.Index(fields=["municipality", "-asked_at", "-id"], name="booklet_by_municipality"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(state="wacht"),
                name="of_a_municipality_one_booklet_is_made_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(made_at__isnull=False) | ~Q(state="klaar"), name="a_booklet_that_is_done_was_made_some_day"
            ),
        ]

    def __str__(self) -> str:
        return f"Sociale kaart van {self.municipality_id}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def percentage(self) -> int:
        return min(99, self.done * 100 // self.total) if self.total else 0


class BookletFile(models.Model):
    """The paper itself, apart from the rest: the worker may run on another computer."""

    personal = PersonalFields(
        about="professional",
        fields=("content",),
        purpose="het boekje ophalen; er staan contactpersonen in die openbaar mogen",
        ground="uitvoering van de taak van de organisatie",
        retention=f"{settings.BOOKLET_KEPT_DAYS} dagen nadat iemand erom vroeg",
    )
    not_personal = ("booklet",)

    booklet = models.OneToOneField(Booklet, models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField("inhoud van het boekje")

    class Meta:
        verbose_name = "inhoud van een boekje"
        verbose_name_plural = "inhoud van boekjes"

    def __str__(self) -> str:
        return str(self.booklet_id)

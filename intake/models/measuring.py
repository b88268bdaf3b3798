"""How heavy it is, and how that changes: her own answer from 0 to 10, and what questionnaires measured."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from intake.models.caregivers import GROUND, RETENTION, Caregiver, OfHerQuerySet
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields


class BurdenAnswerQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-on")


class BurdenAnswer(models.Model):
    """Her own answer on a day to "hoe zwaar is het nu", from 0 (not heavy) to 10 (as heavy as it can be)."""

    personal = PersonalFields(
        about="mantelzorger",
        fields=("caregiver", "burden", "on"),
        purpose="zien of het zwaarder of lichter wordt",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "recorded_by", "created_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="burden_answers")
    burden = models.PositiveSmallIntegerField("hoe zwaar is het nu, van 0 tot 10")
    on = models.DateField("gevraagd op")
    recorded_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BurdenAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "antwoord op hoe zwaar het is"
        constraints = [
            models.UniqueConstraint(fields=["caregiver", "on"], name="one_answer_a_day_to_how_heavy_it_is"),
            models.CheckConstraint(condition=Q(burden__gte=0, burden__lte=10), name="an_answer_is_from_0_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.burden} van 10"


class ScreeningQuerySet(OfHerQuerySet):
    def standing(self):
        """Without what was taken back."""
        return self.filter(taken_back_at=None)

    def for_page(self):
        return self.select_related("instrument", "recorded_by__user").order_by("-taken_on", "-created_at", "-id")

    def for_detail(self):
        return (
            self.for_page()
            .select_related("caregiver", "taken_back_by__user")
            .prefetch_related("instrument__dimensions", "instrument__bands")
        )

    def of(self, instrument):
        return self.filter(instrument=instrument)

    def with_agreement(self):
        """Where something was agreed, the newest first."""
        return self.standing().exclude(agreed="").order_by("-agreed_at", "-id")

    def to_agree_on(self):
        """At or over the cut-off that was published then, and nobody wrote what was agreed."""
        return self.standing().filter(agreed="", cut_off__lte=models.F("total"))


class Screening(models.Model):
    """An instrument's score on a day, with the version that was used. A wrong one is taken back, never rewritten."""

    personal = PersonalFields(
        about="mantelzorger",
        fields=(
            "caregiver",
            "instrument",
            "version",
            "taken_on",
            "total",
            "answers",
            "highest",
            "cut_off",
            "band",
            "note",
            "agreed",
            "agreed_at",
            "taken_back_at",
            "taken_back_why",
        ),
        purpose="zien hoe het met haar gaat en of dat verandert",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "recorded_by", "created_at", "taken_back_by")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="screenings")
    instrument = models.ForeignKey(
        "knowledge.Instrument", models.PROTECT, related_name="+", verbose_name="meetinstrument"
    )
    version = models.CharField("gebruikte versie", max_length=120)
    taken_on = models.DateField("afgenomen op", default=timezone.localdate)
    total = models.PositiveSmallIntegerField("score")
    answers = models.JSONField("punten per onderdeel", default=dict, blank=True)
    # how the score is read by what was published on that day, so that a later change does not rewrite it
    highest = models.PositiveSmallIntegerField("hoogste score")
    cut_off = models.PositiveSmallIntegerField("grens", null=True, blank=True)
    band = models.CharField("indeling", max_length=120, blank=True)
    note = models.CharField("toelichting", max_length=500, blank=True)
    agreed = models.TextField("wat is er afgesproken", max_length=1000, blank=True)
    agreed_at = models.DateTimeField("afgesproken op", null=True, blank=True)
    recorded_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_back_at = models.DateTimeField("ingetrokken op", null=True, blank=True)
    taken_back_by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_why = models.CharField("waarom ingetrokken", max_length=200, blank=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        verbose_name = "meting"
        verbose_name_plural = "metingen"
        indexes = [models.Index(fields=["caregiver", "-taken_on", "-id"], name="screenings_of_a_caregiver")]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed="", agreed_at=None) | (~Q(agreed="") & Q(agreed_at__isnull=False)),
                name="what_was_agreed_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None, taken_back_why="")
                | (Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(taken_back_why="")),
                name="a_screening_is_taken_back_by_somebody_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument.name}: {self.total}"

    @property
    def is_over(self) -> bool | None:
        """At or over the cut-off; None where none was published."""
        return None if self.cut_off is None else self.total >= self.cut_off


class LicensedItemsQuerySet(models.QuerySet):
    def of_organisation(self, organisation_id):
        return self.filter(organisation=organisation_id)

    def for_instrument(self, instrument, user):
        """The texts with which she may ask the items of this instrument; None where her organisation has none."""
        return self.of_organisation(user.organisation_id).filter(instrument=instrument).first()


class LicensedItems(models.Model):
    """The questions of an instrument, which one organisation has a licence for. Nobody else sees them."""

    not_personal = ("id", "organisation", "instrument", "version", "texts", "loaded_by", "loaded_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("sociale_kaart.Organisation", models.CASCADE, related_name="+")
    instrument = models.ForeignKey(
        "knowledge.Instrument", models.PROTECT, related_name="+", verbose_name="meetinstrument"
    )
    version = models.CharField("versie", max_length=120)
    texts = ArrayField(models.CharField(max_length=400), verbose_name="vragen")
    loaded_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LicensedItemsQuerySet.as_manager()

    class Meta:
        verbose_name = "vragen met licentie"
        verbose_name_plural = "vragen met licentie"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "instrument"], name="one_set_of_questions_of_an_instrument")
        ]

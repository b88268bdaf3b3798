"""What comes in by file: the import, its rows, what it is known by elsewhere, and the opening hours of HSDS 3.1."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields


def _of_one(*names: str) -> Q:
    """Exactly one of these links is filled."""
    one = Q()
    for name in names:
        one |= Q(**{f"{other}__isnull": other != name for other in names})
    return one


class Schedule(models.Model):
    """When a service is given or a location is open: words, or the days and hours of HSDS."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(
        "sociale_kaart.Service", models.CASCADE, null=True, blank=True, related_name="schedules"
    )
    location = models.ForeignKey(
        "sociale_kaart.Location", models.CASCADE, null=True, blank=True, related_name="schedules"
    )
    position = models.PositiveSmallIntegerField(default=0)
    description = models.TextField("openingstijden", max_length=1000, blank=True)
    opens_at = models.TimeField("gaat open", null=True, blank=True)
    closes_at = models.TimeField("sluit", null=True, blank=True)
    byday = models.CharField("dagen", max_length=100, blank=True)
    valid_from = models.DateField("geldt vanaf", null=True, blank=True)
    valid_to = models.DateField("geldt tot en met", null=True, blank=True)
    dtstart = models.DateField("eerste keer", null=True, blank=True)
    until = models.DateField("laatste keer", null=True, blank=True)
    timezone = models.FloatField("tijdzone", null=True, blank=True)
    count = models.IntegerField("aantal keer", null=True, blank=True)
    interval = models.IntegerField("om de", null=True, blank=True)
    wkst = models.CharField("week begint op", max_length=2, blank=True)
    freq = models.CharField("per week of maand", max_length=10, blank=True)
    byweekno = models.CharField("weken", max_length=200, blank=True)
    bymonthday = models.CharField("dagen van de maand", max_length=200, blank=True)
    byyearday = models.CharField("dagen van het jaar", max_length=200, blank=True)
    schedule_link = models.URLField("adres van het rooster", max_length=300, blank=True)
    attending_type = models.CharField("hoe je meedoet", max_length=300, blank=True)
    notes = models.TextField("opmerkingen", max_length=1000, blank=True)

    class Meta:
        verbose_name = "openingstijd"
        verbose_name_plural = "openingstijden"
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=_of_one("service", "location"), name="a_schedule_is_of_a_service_or_of_a_location"
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.byday


class ExternalId(models.Model):
    """Under which number somebody else knows a row.

    A key (`is_key`) is the number by which a source finds its own row back: it leads to one row. The rest are facts
    about it, such as a KvK number, that two rows may share.
    """

    service = models.ForeignKey(
        "sociale_kaart.Service", models.CASCADE, null=True, blank=True, related_name="external_ids"
    )
    organisation = models.ForeignKey(
        "sociale_kaart.Organisation", models.CASCADE, null=True, blank=True, related_name="external_ids"
    )
    location = models.ForeignKey(
        "sociale_kaart.Location", models.CASCADE, null=True, blank=True, related_name="external_ids"
    )
    system = models.CharField("van wie", max_length=120, blank=True)
    kind = models.CharField("soort nummer", max_length=120, blank=True)
    value = models.CharField("nummer", max_length=200)
    is_key = models.BooleanField(default=False)

    class Meta:
        verbose_name = "nummer bij een ander"
        verbose_name_plural = "nummers bij anderen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=_of_one("service", "organisation", "location"), name="a_number_is_of_one_thing"
            ),
            models.UniqueConstraint(
                fields=["system", "value"],
                condition=Q(is_key=True, service__isnull=False),
                name="a_source_knows_a_service_by_one_number",
            ),
            models.UniqueConstraint(
                fields=["system", "value"],
                condition=Q(is_key=True, organisation__isnull=False),
                name="a_source_knows_an_organisation_by_one_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.value}".strip()


class ImportQuerySet(models.QuerySet):
    def for_user(self, user):
        """Her own; the functional admin sees all."""
        return self.all() if user.is_functional_admin else self.filter(by=user.pk)

    def for_list(self):
        return self.select_related("by")

    def with_key(self, key):
        return self.filter(pk=key).first()

    def to_do(self):
        """What the worker has to take up, first come first served."""
        return self.filter(state__in=Import.TO_DO).order_by("asked_at", "pk")

    def kept_too_long(self, now: datetime.datetime):
        return self.filter(created_at__lt=now - datetime.timedelta(days=settings.IMPORT_KEPT_DAYS))


class Import(models.Model):
    """One file that somebody brought in. The worker reads it; nothing changes before she confirms what it found."""

    class State(models.TextChoices):
        WAITING = "wacht", "wacht op inlezen"
        READY = "klaar", "wacht op jouw akkoord"
        CONFIRMED = "akkoord", "wordt verwerkt"
        DONE = "verwerkt", "verwerkt"
        UNDOING = "terug", "wordt teruggedraaid"
        UNDONE = "teruggedraaid", "teruggedraaid"
        REFUSED = "geweigerd", "niet te lezen"
        CANCELLED = "gestopt", "niet verwerkt"

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel"
        HSDS_JSON = "json", "HSDS (JSON)"
        HSDS_ZIP = "zip", "HSDS (tabellen)"

    TO_DO = (State.WAITING, State.CONFIRMED, State.UNDOING)

    personal = PersonalFields(
        about="professional",
        fields=("by", "undone_by", "file_name"),
        purpose="weten wie een bestand inlas, en haar iets kunnen vragen",
        ground="uitvoering van de taak van de organisatie",
        retention=f"{settings.IMPORT_KEPT_DAYS} dagen na het inlezen",
    )
    not_personal = (
        *("id", "acting", "source", "format", "size", "state", "message", "done", "total", "losses", "seconds"),
        *("new", "changed", "same", "wrong", "foreign", "created_at", "asked_at", "applied_at", "undone_at", "digest"),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    acting = models.UUIDField("als lid", null=True)  # the membership she acted for: the worker asks its rights anew
    file_name = models.CharField("bestand", max_length=200)
    source = models.CharField("bron", max_length=120)
    format = models.CharField("soort bestand", max_length=5, choices=Format)
    size = models.PositiveIntegerField("grootte")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=15, choices=State, default=State.WAITING)
    message = models.TextField(blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    foreign = models.PositiveIntegerField(default=0)
    losses = models.JSONField(default=list)
    seconds = models.FloatField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import van een bestand"
        verbose_name_plural = "imports van bestanden"
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(state__in=["wacht", "akkoord", "terug"]), name="import_that_waits"
            ),
            models.Index(fields=["by", "-created_at", "-id"], name="import_by_maker"),
            models.Index(fields=["-created_at", "-id"], name="import_newest"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_waiting(self) -> bool:
        return self.state in self.TO_DO

    def counts(self, shown: str = "") -> list[tuple[str, str, int, bool]]:
        """Outcome, what it is called, how many, and whether it is the one that is shown."""
        numbers = (self.new, self.changed, self.same, self.wrong, self.foreign)
        outcomes = zip(ImportRow.Outcome, numbers, strict=True)
        return [(outcome.value, str(outcome.label), number, outcome.value == shown) for outcome, number in outcomes]

    @property
    def percentage(self) -> int:
        return min(99, self.done * 100 // self.total) if self.total else 0


class ImportFile(models.Model):
    """The bytes, apart from the rest: the worker may run on another computer. Gone once the file is dealt with."""

    personal = PersonalFields(
        about="professional",
        fields=("content",),
        purpose="het bestand inlezen dat iemand aanbood; er kunnen contactpersonen in staan",
        ground="uitvoering van de taak van de organisatie",
        retention="tot het is verwerkt of gestopt",
    )
    not_personal = ("job",)

    job = models.OneToOneField(Import, models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField("inhoud van het bestand")

    class Meta:
        verbose_name = "inhoud van een bestand"
        verbose_name_plural = "inhoud van bestanden"

    def __str__(self) -> str:
        return str(self.job_id)


class ImportRowQuerySet(models.QuerySet):
    def of_import(self, job: Import):
        return self.filter(job=job).defer("before", "after")

    def of_outcome(self, outcome: str):
        return self.filter(outcome=outcome) if outcome in ImportRow.Outcome.values else self

    def to_write(self):
        return self.filter(outcome__in=[ImportRow.Outcome.NEW, ImportRow.Outcome.CHANGED]).order_by("number")


class ImportRow(models.Model):
    """What a line of the file means here: what stood there, and what will."""

    class Thing(models.TextChoices):
        SERVICE = "aanbod", "aanbod"
        ORGANISATION = "organisatie", "organisatie"

    class Outcome(models.TextChoices):
        NEW = "nieuw", "nieuw"
        CHANGED = "gewijzigd", "gewijzigd"
        SAME = "gelijk", "al gelijk"
        WRONG = "fout", "klopt niet"
        FOREIGN = "ander", "niet van jouw gemeenten"

    personal = PersonalFields(
        about="professional",
        fields=("before", "after", "changes"),
        purpose="laten zien wat een import verandert, en dat kunnen terugdraaien; er kunnen contactpersonen in staan",
        ground="uitvoering van de taak van de organisatie",
        retention=f"{settings.IMPORT_KEPT_DAYS} dagen na het inlezen",
    )
    not_personal = ("job", "number", "line", "thing", "outcome", "target", "name", "reasons", "key")

    job = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # the order in which they are written
    line = models.PositiveIntegerField()
    thing = models.CharField(max_length=12, choices=Thing)
    outcome = models.CharField(max_length=10, choices=Outcome)
    target = models.UUIDField(null=True)  # no foreign key: a new row is not there yet, and may be gone later
    key = models.CharField(max_length=200, blank=True)  # the number its source knows it by
    name = models.CharField(max_length=200)
    reasons = models.JSONField("waarom", default=list)
    changes = models.JSONField("wat er verandert", default=list)
    before = models.JSONField("wat er stond", null=True)
    after = models.JSONField("wat er komt te staan", null=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = "regel van een import"
        verbose_name_plural = "regels van imports"
        ordering = ["number"]
        indexes = [models.Index(fields=["job", "outcome", "number"], name="import_row_by_outcome")]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="an_import_has_a_row_once")]

    def __str__(self) -> str:
        return f"{self.line}: {self.name}"

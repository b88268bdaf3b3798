"""What holds here and not everywhere: a note by a consulent beside a sheet or a phase, never mixed with its text."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from knowledge.models import Profession
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from sociale_kaart.models.geography import all_of


class LocalNoteQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at=None)

    def in_municipalities(self, codes):
        """Notes that hold in any of these municipalities."""
        links = LocalNote.municipalities.through.objects.filter(municipality__in=list(codes))
        return self.filter(pk__in=links.values("localnote"))

    def about(self, subject):
        """Of a phase, or of a profession under all its names: it is the same work."""
        if isinstance(subject, Profession):
            return self.filter(profession__in=Profession.objects.same_work(subject).values("pk"))
        return self.filter(phase=subject)

    def endable_by(self, user):
        """Of which she keeps any of the municipalities; the functional admin all, also where nobody is appointed."""
        if user.is_functional_admin:
            mine = self.all()
        else:
            links = LocalNote.municipalities.through.objects.filter(municipality__in=user.maintained_municipalities)
            mine = self.filter(pk__in=links.values("localnote"))
        return mine.select_related("profession", "phase").prefetch_related("municipalities")

    def for_maintainer(self, user):
        """Of which she keeps all the municipalities, whether they stand or not."""
        elsewhere = LocalNote.municipalities.through.objects.exclude(
            municipality__in=user.maintained_municipalities
        ).values("localnote")
        mine = self.exclude(pk__in=elsewhere) if user.maintained_municipalities else self.none()
        return mine.select_related("profession", "phase").prefetch_related("municipalities")

    def with_key(self, key):
        """The one with this key, or None; what is typed in an address need not be a key."""
        try:
            return self.filter(pk=key).first() if key else None
        except ValidationError:
            return None

    def for_page(self):
        return (
            self.standing()
            .select_related("written_by", "organisation")
            .prefetch_related("municipalities")
            .order_by("-written_at", "-pk")
        )


class LocalNote(models.Model):
    """A note is never overwritten: a change ends it and writes the next one, which names what it replaces."""

    personal = PersonalFields(
        about="professional",
        fields=("written_by", "ended_by"),
        purpose="weten wie de plaatselijke aanvulling schreef, en haar iets kunnen vragen",
        ground="uitvoering van de taak van de organisatie",
        retention="zolang de aanvulling of de geschiedenis ervan bestaat",
    )
    not_personal = (
        *("id", "profession", "phase", "municipalities", "organisation", "text"),
        *("written_at", "replaces", "ended_at"),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    profession = models.ForeignKey(
        "knowledge.Profession", models.PROTECT, null=True, blank=True, related_name="local_notes"
    )
    phase = models.ForeignKey("knowledge.Phase", models.PROTECT, null=True, blank=True, related_name="local_notes")
    municipalities = models.ManyToManyField(
        "sociale_kaart.Municipality", related_name="local_notes", verbose_name="waar het geldt"
    )
    text = models.TextField("wat hier geldt", max_length=2000)
    organisation = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, related_name="local_notes")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = LocalNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "plaatselijke aanvulling"
        verbose_name_plural = "plaatselijke aanvullingen"
        constraints = [
            models.CheckConstraint(
                condition=Q(profession__isnull=False, phase__isnull=True)
                | Q(profession__isnull=True, phase__isnull=False),
                name="a_local_note_is_about_a_profession_or_a_phase",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="a_local_note_says_something"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="a_local_note_is_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def newest(self) -> "LocalNote":
        """What became of it by changes: itself, while nobody changed it."""
        note = self
        while note.ended_at and (after := LocalNote.objects.filter(replaces=note).first()):
            note = after
        return note

    @property
    def about(self):
        return self.profession or self.phase

    @property
    def places(self) -> str:
        """For a note that came from `for_page()`: the municipalities in words."""
        return all_of(sorted(municipality.name for municipality in self.municipalities.all()))

"""A talk with her, guided by the steps of the work card or by themes, with what each professional wrote down."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from intake.models.caregivers import GROUND, RETENTION, Caregiver, OfHerQuerySet
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields


class OtherPresent(models.TextChoices):
    """Whether the person she cares for was there; empty while nobody said so."""

    WITHOUT = "zonder", "zonder degene voor wie zij zorgt"
    WITH = "met", "degene voor wie zij zorgt was erbij"


class ConversationQuerySet(OfHerQuerySet):
    def for_page(self):
        return self.select_related("started_by__user")

    def for_detail(self):
        return self.for_page().select_related(
            "caregiver__municipality", "caregiver__phase", "caregiver__fixed_contact__user", "caregiver__organisation"
        )

    def with_note_count(self):
        return self.annotate(note_count=models.Count("notes", filter=~Q(notes__text="")))


class Conversation(models.Model):
    """A talk on a day. Several professionals can be in the same one; each writes her own notes."""

    personal = PersonalFields(
        about="mantelzorger",
        fields=("caregiver", "held_on", "other_present", "sofa"),
        purpose="onthouden wat zij vertelde en wat jullie bespraken",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "started_by", "created_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="conversations")
    held_on = models.DateField("dag van het gesprek", default=timezone.localdate)
    other_present = models.CharField("was de ander erbij?", max_length=10, choices=OtherPresent, blank=True)
    sofa = models.CharField("haar rol in dit gesprek (SOFA)", max_length=10, blank=True)
    started_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = "gesprek"
        verbose_name_plural = "gesprekken"
        indexes = [models.Index(fields=["caregiver", "-held_on", "-created_at", "-id"], name="talks_of_a_caregiver")]

    def __str__(self) -> str:
        return f"gesprek van {self.held_on}"


class ConversationNoteQuerySet(models.QuerySet):
    def for_page(self):
        """Of one conversation: what was written, by whom, and what came of it."""
        return self.select_related("author__user", "need__kind", "task").order_by("changed_at", "id")


class ConversationNote(models.Model):
    """What one professional wrote at one step or theme. Nobody else writes in it, so nobody's words are lost.

    `window` is the page that saved it last: a second page of the same person, which saw something older, adds to it and
    replaces nothing.
    """

    personal = PersonalFields(
        about="mantelzorger",
        fields=("caregiver", "conversation", "subject", "text", "need", "task"),
        purpose="onthouden wat zij vertelde en wat jullie bespraken",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "author", "window", "changed_at", "logged_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="notes")
    author = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    subject = models.CharField("stap of thema", max_length=60)
    text = models.TextField("notitie", max_length=4000, blank=True)
    window = models.UUIDField()
    need = models.ForeignKey(
        "intake.Need", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="hulpvraag"
    )
    task = models.ForeignKey(
        "intake.Task", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="taak"
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    logged_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConversationNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "notitie"
        verbose_name_plural = "notities"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "author", "subject"], name="one_note_of_each_author_on_a_subject"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

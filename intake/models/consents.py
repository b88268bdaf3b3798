"""What may be shared, with whom. Chosen item by item, for one receiver; there is no override."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from intake.models.caregivers import GROUND, RETENTION, Caregiver
from mantelzorg import triggers
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields


class ConsentItem(models.TextChoices):
    """What can be shared of a caregiver, item by item. The labels are read aloud: "ik deel ..."."""

    NAME = "naam", "haar naam"
    PHONE = "telefoon", "haar telefoonnummer en wanneer je haar goed kunt bellen"
    EMAIL = "e-mail", "haar e-mailadres"
    POSTCODE = "postcode", "haar postcode"
    RELATION = "zorgt-voor", "voor wie zij zorgt"
    SITUATION = "situatie", "wat er speelt bij degene voor wie zij zorgt"
    PHASE = "fase", "in welke fase van dementie dat is"
    BURDEN = "zwaarte", "hoe zwaar zij het nu vindt"
    WORDS = "eigen-woorden", "wat zij vraagt, in haar eigen woorden"
    HANDOVER = "overdracht", "de tekst van de overdracht"
    AGENDA = "overleg", "waar een overleg over gaat, en wat daar wordt afgesproken"


OF_A_REFERRAL = tuple(item for item in ConsentItem if item is not ConsentItem.AGENDA)


class ConsentQuerySet(models.QuerySet):
    def for_user(self, user):
        if not user.works_with_caregivers:
            return self.none()
        return self.filter(caregiver__organisation=user.organisation_id)

    def valid(self, *, now):
        today = timezone.localdate(now)
        return self.filter(withdrawn_at=None).filter(Q(valid_until=None) | Q(valid_until__gte=today))

    def valid_of(self, caregiver):
        return self.valid(now=timezone.now()).filter(caregiver=caregiver).select_related("organisation")

    def standing_of(self, caregiver_id):
        """What she did not take back."""
        return self.filter(caregiver=caregiver_id, withdrawn_at=None)

    def for_receiver(self, organisation_id):
        return self.filter(organisation=organisation_id)

    def for_overview(self):
        return self.select_related("organisation").order_by("given_at", "id")

    def for_page(self):
        """What was given last first."""
        return (
            self.select_related("organisation", "recorded_by__user")
            .only(
                "caregiver",
                "items",
                "how_given",
                "given_at",
                "valid_until",
                "withdrawn_at",
                "withdrawn_how",
                "organisation__name",
                "recorded_by__user__name",
                "recorded_by__user__email",
            )
            .order_by("-given_at", "-id")
        )

    def lapsed(self, *, now):
        """Past their end date and not yet handled as a withdrawal."""
        return self.filter(withdrawn_at=None, valid_until__lt=timezone.localdate(now))


class Consent(models.Model):
    """Her permission to share these items with this organisation, with the text that was read to her."""

    class How(models.TextChoices):
        SPOKEN = "mondeling", "mondeling"
        WRITTEN = "schriftelijk", "schriftelijk"

    class Guardian(models.TextChoices):
        NOT_NEEDED = "niet-nodig", "niet nodig: zij is 16 of ouder"
        GIVEN = "gegeven", "een ouder of voogd vindt het ook goed"
        NOT_ASKED = "niet-gevraagd", "niet gevraagd of niet gekregen"

    class WithdrawnHow(models.TextChoices):
        SPOKEN = "mondeling", "zij zei het tegen ons"
        WRITTEN = "schriftelijk", "zij schreef het ons"
        END_DATE = "einddatum", "de einddatum is voorbij"
        CODE = "code", "zij deed het zelf, met haar code"
        ERASED = "gewist", "haar gegevens zijn gewist"
        OVER = "voorbij", "de verwijzing is voorbij"
        REPLACED = "vervangen", "er is een nieuwe toestemming voor in de plaats"

    personal = PersonalFields(
        about="mantelzorger",
        fields=(
            "caregiver",
            "organisation",
            "items",
            "how_given",
            "given_at",
            "valid_until",
            "withdrawn_at",
            "withdrawn_how",
        ),
        purpose="kunnen laten zien wat zij goedvond en wanneer",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "purpose", "text_version", "language", "recorded_by", "withdrawn_by", "created_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="consents")
    organisation = models.ForeignKey(
        "sociale_kaart.Organisation", models.PROTECT, related_name="+", verbose_name="ontvanger"
    )
    items = ArrayField(models.CharField(max_length=20, choices=ConsentItem), verbose_name="wat gedeeld mag worden")
    purpose = models.CharField("doel", max_length=40, default="verwijzing")
    text_version = models.CharField("versie van de tekst", max_length=20)
    language = models.CharField("taal", max_length=10, default="nl")
    how_given = models.CharField("hoe gegeven", max_length=20, choices=How)
    given_at = models.DateTimeField("gegeven op", default=timezone.now)
    valid_until = models.DateField("geldig tot en met", null=True, blank=True)
    recorded_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("ingetrokken op", null=True)
    withdrawn_by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")
    withdrawn_how = models.CharField("hoe ingetrokken", max_length=20, choices=WithdrawnHow, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "toestemming"
        constraints = [
            models.CheckConstraint(
                condition=Q(items__len__gt=0, items__contained_by=ConsentItem.values),
                name="a_consent_names_what_may_be_shared",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_how="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_how="")),
                name="a_withdrawal_says_when_and_how",
            ),
        ]
        triggers = [
            triggers.ReadsOnly(
                name="what_she_agreed_to_stays",
                exclude=["items", "valid_until", "withdrawn_at", "withdrawn_by", "withdrawn_how"],
            ),
            triggers.Refuses(
                name="a_consent_only_narrows",
                operation=triggers.Update,
                condition=triggers.InSQL(
                    "NOT (NEW.items <@ OLD.items) "
                    "OR coalesce(NEW.valid_until, 'infinity') > coalesce(OLD.valid_until, 'infinity')"
                ),
            ),
            triggers.Refuses(
                name="a_withdrawal_stays",
                operation=triggers.Update,
                condition=triggers.InSQL(
                    "OLD.withdrawn_at IS NOT NULL AND (OLD.withdrawn_at, OLD.withdrawn_how, OLD.withdrawn_by_id) "
                    "IS DISTINCT FROM (NEW.withdrawn_at, NEW.withdrawn_how, NEW.withdrawn_by_id)"
                ),
            ),
        ]

    def is_valid(self, *, now=None) -> bool:
        if self.withdrawn_at is not None:
            return False
        return self.valid_until is None or self.valid_until >= timezone.localdate(now)

    @property
    def item_labels(self) -> list[str]:
        return [item.label for item in ConsentItem if item.value in self.items]


class ConsentWords(models.Model):
    """What was read to her and what a parent or guardian said, for the organisation that keeps her record.

    In a table of its own, because a row is shown whole or not at all: the receiver may know what she agreed to share,
    and until when.
    """

    Guardian = Consent.Guardian

    personal = PersonalFields(
        about="mantelzorger",
        fields=("text", "guardian", "guardian_note"),
        purpose="kunnen laten zien wat zij goedvond en wanneer",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("consent",)

    consent = models.OneToOneField(Consent, models.CASCADE, primary_key=True, related_name="words")
    text = models.TextField("voorgelezen tekst")
    guardian = models.CharField("ouder of voogd", max_length=20, choices=Guardian, default=Guardian.NOT_NEEDED)
    guardian_note = models.CharField("waarom niet", max_length=500, blank=True)

    class Meta:
        verbose_name = "woorden van een toestemming"
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="a_consent_keeps_the_text_as_read"),
            models.CheckConstraint(
                condition=~Q(guardian="niet-gevraagd") | ~Q(guardian_note=""),
                name="without_a_guardian_there_is_a_reason",
            ),
        ]
        triggers = [triggers.ReadsOnly(name="what_was_read_to_her_stays")]

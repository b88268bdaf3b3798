"""What she asks. The promise of the whole portal rests on this table: an open need has one party whose turn it is, and
a date.

While a referral carries the need, turn and date are that referral's (`on_referral`); otherwise they are the need's
owner and two working days. Both are stored, so that the database can refuse a need without them.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone

from accounts.models import IsAnyOf, Membership
from intake.models.caregivers import GROUND, RETENTION, Caregiver
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields


class NeedEnding(models.TextChoices):
    HELPED = "geholpen", "zij is geholpen"
    NOT_WANTED = "niet-meer-gewenst", "zij wil dit niet meer"
    NO_OFFER = "geen-aanbod", "er is geen passend aanbod"


class Missing(models.TextChoices):
    """What was missing when there was no offer for her. A municipality counts it; the words with it stay here."""

    NOTHING_HERE = "niets-hier", "er is hier niets van deze soort"
    NO_ROOM = "geen-plek", "het is vol of de wachtlijst is te lang"
    GROUP = "doelgroep", "het is voor een andere groep bedoeld"
    LANGUAGE = "taal", "het kan niet in haar taal"
    COSTS = "kosten", "het kost te veel"
    TOO_FAR = "afstand", "het is te ver, of er is geen vervoer"
    TIME = "tijdstip", "het is op een tijd waarop zij niet kan"
    OTHER = "anders", "iets anders"


class Turn(models.TextChoices):
    """Whose turn it is with something she asks."""

    ANY = "", "Maakt niet uit"
    MINE = "mij", "Ik"
    COLLEAGUE = "collega", "Een collega"
    ELSEWHERE = "elders", "Een andere organisatie"
    LATE = "te-laat", "Iemand is te laat"


class NeedQuerySet(models.QuerySet):
    def for_user(self, user):
        """The needs of the caregivers of the organisation she acts for."""
        if not user.works_with_caregivers:
            return self.none()
        return self.filter(organisation=user.organisation_id)

    def open(self):
        return self.filter(ended_at=None)

    def open_of(self, caregiver):
        """What she asks now, oldest first."""
        return self.open().filter(caregiver=caregiver).select_related("kind").order_by("created_at", "id")

    def free(self):
        """Which no referral carries now."""
        return self.filter(on_referral=False)

    def owned_by(self, membership):
        return self.filter(owner=membership)

    def for_page(self):
        return self.select_related("caregiver", "kind")

    def for_caregiver_page(self):
        """With whose turn it is and how it ended. Open ones first, the most pressing of them on top."""
        return (
            self.select_related("kind", "turn_organisation", "turn_member__user", "ended_by__user")
            .only(
                "caregiver",
                "words",
                "turn_on",
                "on_referral",
                "plan_note",
                "ended_at",
                "ending",
                "ending_note",
                "missing",
                "kind__name",
                "turn_organisation__name",
                "turn_member__ended_at",
                "turn_member__user__name",
                "turn_member__user__email",
                "ended_by__user__name",
                "ended_by__user__email",
            )
            .order_by(F("ended_at").desc(nulls_first=True), "turn_on", "id")
        )

    def waiting_for_owner(self, user):
        """Open needs that no referral carries, of which it is her turn, the most pressing first.

        The needs of a colleague who left are everyone's, until one takes them up: nobody falls out with her.
        """
        return (
            self.for_user(user)
            .open()
            .filter(IsAnyOf("turn_member", Membership.objects.in_whose_place(user)), on_referral=False)
            .select_related("caregiver", "kind")
            .order_by("turn_on", "id")
        )

    def turn_of(self, user, *, whose: str, today):
        """Open needs by whose turn it is, seen from her: hers, a colleague's, elsewhere's, or anybody's who is late."""
        open_ones = self.for_user(user).open()
        if whose == Turn.MINE:
            return open_ones.filter(turn_member=user.acting)
        if whose == Turn.COLLEAGUE:
            ours = open_ones.filter(turn_organisation=user.organisation_id)
            return ours.filter(Q(turn_member=None) | ~Q(turn_member=user.acting))
        if whose == Turn.ELSEWHERE:
            return open_ones.exclude(turn_organisation=user.organisation_id)
        return open_ones.filter(turn_on__lt=today)

    def for_overview(self):
        """With whose turn it is, for her own overview."""
        return self.select_related("kind", "turn_organisation", "turn_member__user").order_by("created_at", "id")

    def without_offer(self):
        """Closed because there was nothing for her, with `missing`: what was missing. A signal for the municipality."""
        return self.filter(ending=NeedEnding.NO_OFFER)

    def in_other_hands(self, away):
        """Open and in own hands, but the owner is away today, or somebody else has the turn."""
        open_ones = self.open().filter(on_referral=False)
        return open_ones.filter(Q(turn_member__in=away) | ~Q(turn_member=F("owner"))).order_by("pk")

    def overdue(self, *, now):
        return self.open().filter(turn_on__lt=timezone.localdate(now))


class Need(models.Model):
    """A question of the caregiver: one kind of support, or still to be found out together, and in her own words."""

    personal = PersonalFields(
        about="mantelzorger",
        fields=("caregiver", "kind", "words", "prefers_free", "plan_note", "ending", "ending_note", "missing"),
        purpose="weten wat zij vraagt en of zij geholpen is",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = (
        "id",
        "organisation",
        "owner",
        "created_at",
        "ended_at",
        "ended_by",
        "turn_organisation",
        "turn_member",
        "turn_on",
        "on_referral",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="needs")
    organisation = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, related_name="needs")
    kind = models.ForeignKey(
        "knowledge.SupportKind",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name="wat vraagt zij",
    )
    words = models.TextField("in haar eigen woorden", max_length=1000, blank=True)
    prefers_free = models.BooleanField("liefst gratis", default=False)
    owner = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="needs")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    turn_organisation = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, null=True, related_name="+")
    turn_member = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")
    turn_on = models.DateField("aan zet tot en met", null=True)
    on_referral = models.BooleanField("loopt via een verwijzing", default=False)
    plan_note = models.CharField("wat gaan we zelf doen", max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")
    ending = models.CharField("hoe is het afgelopen", max_length=20, choices=NeedEnding, blank=True)
    ending_note = models.TextField("toelichting", max_length=1000, blank=True)
    missing = ArrayField(
        models.CharField(max_length=20, choices=Missing), verbose_name="wat ontbrak er", default=list, blank=True
    )

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = "hulpvraag"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(turn_organisation__isnull=False, turn_on__isnull=False),
                name="an_open_need_has_a_turn_and_a_date",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="", ended_by=None)
                | Q(
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                    ending__in=NeedEnding.values,
                    turn_organisation=None,
                    turn_member=None,
                    turn_on=None,
                    on_referral=False,
                ),
                name="a_need_closes_only_with_how_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(on_referral=True)
                | Q(ended_at__isnull=False)
                | Q(turn_organisation=models.F("organisation"), turn_member__isnull=False),
                name="without_a_referral_it_is_the_owners_turn",
            ),
            models.CheckConstraint(
                condition=Q(plan_note="") | Q(ended_at=None, on_referral=False),
                name="only_an_open_need_in_own_hands_is_planned",
            ),
            models.CheckConstraint(
                condition=Q(missing=[]) | Q(ending=NeedEnding.NO_OFFER, missing__contained_by=Missing.values),
                name="only_without_an_offer_something_was_missing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["turn_member", "turn_on", "id"],
                name="need_turns",
                condition=Q(ended_at=None, on_referral=False),
            ),
            models.Index(fields=["organisation", "created_at"], name="need_by_organisation"),
        ]

    def __str__(self) -> str:
        return self.kind_name

    @property
    def kind_name(self) -> str:
        return self.kind.name if self.kind_id else "Nog samen uitzoeken"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def what_was_missing(self) -> str:
        """In a sentence; nothing when it ended another way."""
        labels = [what.label for what in Missing if what in self.missing]
        return f"Wat ontbrak: {'; '.join(labels)}." if labels else ""

    @property
    def is_planned(self) -> bool:
        """Its owner said what she will do herself, and when: the date is of her own choice."""
        return self.plan_note != ""


def what_she_asks() -> ArraySubquery:
    """To annotate a list of caregivers with: the open needs of each, the most pressing first, with whose turn it is."""
    needs = Need.objects.open().filter(caregiver=OuterRef("pk")).order_by("turn_on", "id")
    return ArraySubquery(
        needs.values(
            need=JSONObject(
                kind="kind__name",
                turn=JSONObject(
                    organisation_id="turn_organisation",
                    organisation="turn_organisation__name",
                    member_id="turn_member",
                    member="turn_member__user__name",
                    left="turn_member__ended_at",
                ),
                turn_on="turn_on",
            )
        )
    )

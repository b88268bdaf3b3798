"""Who needs help: the mantelzorger, and who and what is around her.

A caregiver's record belongs to one organisation, the steward. Of the person she cares for we keep the relation and the
kind of situation, nothing else: no name, no diagnosis, no number.
"""

import datetime
import re
import unicodedata

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields

GROUND = "toestemming van de mantelzorger; gezondheidsgegevens: uitdrukkelijke toestemming"
RETENTION = "2 jaar nadat haar laatste hulpvraag is afgesloten"


class Relation(models.TextChoices):
    """For whom she cares: the label completes "zorgt voor"."""

    PARTNER = "partner", "haar of zijn partner"
    PARENT = "ouder", "haar of zijn vader of moeder"
    CHILD = "kind", "haar of zijn kind"
    SIBLING = "broer-zus", "haar of zijn broer of zus"
    GRANDPARENT = "grootouder", "haar of zijn opa of oma"
    FAMILY = "familie", "een ander familielid"
    FRIEND = "vriend-buur", "een vriend, vriendin of buur"
    OTHER = "anders", "iemand anders"


class SituationKind(models.TextChoices):
    """What plays for the person she cares for. A kind of situation, never a diagnosis."""

    DEMENTIA = "dementie", "dementie of een vermoeden daarvan"
    MENTAL = "psychisch", "psychische problemen"
    ADDICTION = "verslaving", "verslaving"
    PHYSICAL = "lichamelijk", "lichamelijke ziekte of beperking"
    INTELLECTUAL = "verstandelijk", "verstandelijke beperking"
    BRAIN_INJURY = "nah", "niet-aangeboren hersenletsel"
    OLD_AGE = "ouderdom", "ouderdom"
    OTHER = "anders", "iets anders"
    NOT_SAID = "zegt-liever-niet", "zegt zij liever niet"


class YesNo(models.TextChoices):
    """An answer to what may stay open; empty while nobody asked."""

    YES = "ja", "ja"
    NO = "nee", "nee"


class Casemanager(models.TextChoices):
    """The answer to "is er een casemanager?"; empty while nobody asked."""

    YES = "ja", "ja"
    NO = "nee", "nee"
    UNKNOWN = "onbekend", "zij weet het niet"


def search_key(name: str) -> str:
    """Lower case, without accents, single spaces: how names are found again."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(plain.casefold().split())[:200]


def postcode_in(text: str) -> str:
    """A postcode, or its four digits, as it is stored: "1506 AB", "1506". Empty when it is neither."""
    found = re.fullmatch(r"([1-9][0-9]{3})(?: ?([a-z]{2}))?", text.strip().lower())
    return " ".join(part.upper() for part in found.groups() if part) if found else ""


def beginning_with(field: str, text: str) -> Q:
    """What LIKE 'text%' finds in a column that is compared byte by byte.

    Under row-level security PostgreSQL looks up in an index only by operators that cannot tell of rows one may not see:
    comparing is one of those, LIKE is not, and would read every caregiver of the organisation.
    """
    return Q(**{f"{field}__gte": text, f"{field}__lt": f"{text}{LAST_CHARACTER}"})


LAST_CHARACTER = chr(0x10FFFF)
MOST_COMPARED = 300  # who may be the same person: more never live at one postcode
HEAVINESS = Coalesce("burden", Value(-1), output_field=models.SmallIntegerField())


class CaregiverQuerySet(models.QuerySet):
    def for_user(self, user):
        """The caregivers of the organisation she acts for; of others nothing, whatever was shared."""
        if not user.works_with_caregivers:
            return self.none()
        return self.filter(organisation=user.organisation_id)

    def for_page(self):
        """One caregiver with all her own fields, and what pages show of who and what she is linked to."""
        return self.select_related(
            "municipality", "language", "phase", "fixed_contact__user", "fixed_contact__profession", "organisation"
        ).only(
            *(field.name for field in self.model._meta.concrete_fields),
            "municipality__name",
            "language__name",
            "phase__number",
            "phase__name",
            "fixed_contact__phone",
            "fixed_contact__ended_at",
            "fixed_contact__user__name",
            "fixed_contact__user__email",
            "fixed_contact__profession__name",
            "organisation__name",
            "organisation__phone",
        )

    def for_list(self):
        """What one row of the list shows, apart from what she asks: see `intake.models.needs.what_she_asks`."""
        return self.values(
            "pk",
            "name",
            "municipality__name",
            "situation_kind",
            "phase__number",
            "burden",
            "fixed_contact",
            "fixed_contact__user__name",
        )

    def by_burden(self):
        """With `heaviness` to sort on: who was not asked yet comes last."""
        return self.annotate(heaviness=HEAVINESS)

    def of_fixed_contact(self, membership):
        return self.filter(fixed_contact=membership)

    def nobody_asked(self):
        """For whom no colleague was asked to become the fixed contact and still has to answer."""
        return self.exclude(contact_requests__state="open")

    def of_these(self, keys):
        return self.filter(pk__in=list(keys))

    def of_contacts(self, memberships):
        return self.filter(fixed_contact__in=memberships)

    def in_phase(self, phase):
        return self.filter(phase=phase)

    def heavy_from(self, burden: int):
        """Whose own answer was this or more; by the expression that the list is sorted on."""
        return self.by_burden().filter(heaviness__gte=burden)

    def never_spoken(self):
        return self.filter(last_spoken_on=None)

    def not_spoken_since(self, day: datetime.date):
        """With whom the last talk was before this day, or none was."""
        return self.filter(Q(last_spoken_on=None) | Q(last_spoken_on__lt=day))

    def who_ask(self, needs):
        """Whom one of these needs is of."""
        return self.filter(pk__in=needs.values("caregiver"))

    def named(self, text: str):
        """Whose name, or last name, starts with this; or whose phone number does, with or without the zero in front; or
        who lives at this postcode, whole or its four digits.
        """
        key = search_key(text)
        digits = "".join(character for character in text if character.isdigit())
        match = beginning_with("search_name", key) | beginning_with("search_last_name", key)
        postcode = postcode_in(text)
        if " " in key and not postcode:  # de boer: the last name of Petra de Boer, with what stands before it
            match |= beginning_with("search_last_name", key.rsplit(" ", 1)[-1]) & Q(search_name__contains=f" {key}")
        if len(digits) >= 4 and len(digits) >= len(key.replace(" ", "").replace("-", "").replace("+", "")) - 1:
            match |= beginning_with("phone_digits", digits[-9:] if len(digits) >= 9 else digits.lstrip("0"))
        if postcode:
            match |= beginning_with("postcode", postcode)
        return self.filter(match)

    def same_as(self, people):
        """Who has the name or the e-mail address of one of these people, and so may be one of them."""
        names = [search_key(person.name) for person in people]
        return self.filter(Q(search_name__in=names) | Q(email__in=[person.email for person in people]))

    def called_exactly(self, *, whole, last) -> set[tuple[str, str]]:
        """Which of these whole names and last names, as `search_key` writes them, somebody has: (name, last name)."""
        if not whole and not last:
            return set()
        named = self.filter(Q(search_name__in=list(whole)) | Q(search_last_name__in=list(last)))
        return set(named.values_list("search_name", "search_last_name")[:20])

    def name_of(self, pk) -> str:
        """Of one of these, her name; empty when she is none of them."""
        return self.filter(pk=pk).values_list("name", flat=True).first() or ""

    def perhaps_the_same(self, *, name: str, phone: str, postcode: str):
        """Whom to compare with somebody who is being recorded: the same phone number, the same postcode, or the same
        last name around there. `intake.doubles` says of each whether she looks like her.
        """
        digits = "".join(character for character in phone if character.isdigit())[-9:]
        around = beginning_with("postcode", postcode[:4])
        last = Q(search_last_name=search_key(name).rsplit(" ", 1)[-1])
        match = Q(postcode=postcode) | (around & last)
        if digits:
            match |= Q(phone_digits=digits)
        return (
            self.filter(match)
            .only("name", "search_name", "search_last_name", "phone", "phone_digits", "postcode")
            .order_by("-created_at", "-pk")[:MOST_COMPARED]
        )


class OfHerQuerySet(models.QuerySet):
    """What belongs to a caregiver, by `caregiver`."""

    def for_user(self, user):
        """Of the caregivers of the organisation she acts for."""
        if not user.works_with_caregivers:
            return self.none()
        return self.filter(caregiver__organisation=user.organisation_id)


class Caregiver(models.Model):
    """A mantelzorger, recorded by one organisation."""

    personal = PersonalFields(
        about="mantelzorger",
        fields=(
            "name",
            "search_name",
            "search_last_name",
            "phone",
            "phone_digits",
            "email",
            "safe_moment",
            "not_when_other_is_there",
            "postcode",
            "municipality",
            "relation",
            "situation_kind",
            "under_16",
            "young_adult",
            "lives_together",
            "works",
            "other_carers",
            "language",
            "interpreter",
            "phase",
            "burden",
            "burden_on",
            "withdrawal_code",
            "casemanager",
            "casemanager_asked_on",
            "last_spoken_on",
        ),
        purpose="haar steunen en haar warm verwijzen",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "organisation", "fixed_contact", "created_by", "created_at", "changed_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "sociale_kaart.Organisation", models.PROTECT, related_name="caregivers", verbose_name="organisatie"
    )
    name = models.CharField("naam", max_length=200)
    # compared byte by byte, so that one index serves both the order of the list and what a name starts with
    search_name = models.CharField("naam om op te zoeken", max_length=200, editable=False, db_collation="C")
    search_last_name = models.CharField("achternaam om op te zoeken", max_length=200, editable=False, db_collation="C")
    phone = models.CharField("veilig telefoonnummer", max_length=20)
    phone_digits = models.CharField("cijfers van het telefoonnummer", max_length=20, editable=False, db_collation="C")
    email = models.EmailField("e-mailadres", blank=True)
    safe_moment = models.CharField("goed moment om te bellen", max_length=200, blank=True)
    not_when_other_is_there = models.BooleanField("liever niet als de ander erbij is", default=False)
    postcode = models.CharField("postcode", max_length=7, db_collation="C")
    municipality = models.ForeignKey(
        "sociale_kaart.Municipality", models.PROTECT, related_name="caregivers", verbose_name="gemeente"
    )
    relation = models.CharField("zorgt voor", max_length=20, choices=Relation)
    situation_kind = models.CharField("soort situatie", max_length=20, choices=SituationKind)
    under_16 = models.BooleanField("jonger dan 16 jaar", default=False)
    young_adult = models.BooleanField("16 tot en met 24 jaar", default=False)
    lives_together = models.CharField("woont samen met de ander", max_length=5, choices=YesNo, blank=True)
    works = models.CharField("heeft betaald werk", max_length=5, choices=YesNo, blank=True)
    other_carers = models.CharField("wie er nog meer zorgt", max_length=200, blank=True)
    language = models.ForeignKey(
        "sociale_kaart.Language", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="taal"
    )
    interpreter = models.BooleanField("tolk nodig", default=False)
    phase = models.ForeignKey(
        "knowledge.Phase", models.PROTECT, null=True, blank=True, related_name="caregivers", verbose_name="fase"
    )
    burden = models.PositiveSmallIntegerField("hoe zwaar is het nu, van 0 tot 10", null=True, blank=True)
    burden_on = models.DateField("hoe zwaar, gevraagd op", null=True, blank=True)
    # of the code on her own overview, with which she takes back what she agreed to; the code itself is nowhere
    withdrawal_code = models.CharField("afdruk van haar code", max_length=64, blank=True, editable=False)
    casemanager = models.CharField("is er een casemanager?", max_length=10, choices=Casemanager, blank=True)
    casemanager_asked_on = models.DateField("casemanager, gevraagd op", null=True, blank=True)
    last_spoken_on = models.DateField("laatste gesprek", null=True, blank=True, editable=False)
    fixed_contact = models.ForeignKey(
        "accounts.Membership", models.PROTECT, related_name="fixed_contact_of", verbose_name="vast aanspreekpunt"
    )
    created_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CaregiverQuerySet.as_manager()

    class Meta:
        verbose_name = "mantelzorger"
        constraints = [
            models.CheckConstraint(
                condition=Q(burden=None) | Q(burden__gte=0, burden__lte=10), name="how_heavy_is_from_0_to_10"
            ),
            models.CheckConstraint(
                condition=Q(burden=None, burden_on=None) | Q(burden__isnull=False, burden_on__isnull=False),
                name="how_heavy_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(phase=None) | Q(situation_kind=SituationKind.DEMENTIA), name="a_phase_belongs_to_dementia"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_caregiver_has_a_name"),
            models.CheckConstraint(condition=~Q(under_16=True, young_adult=True), name="a_caregiver_has_one_age"),
            models.CheckConstraint(
                condition=Q(casemanager="", casemanager_asked_on=None)
                | Q(casemanager__in=Casemanager.values, casemanager_asked_on__isnull=False),
                name="the_casemanager_was_asked_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "search_name", "id"], name="caregiver_by_name"),
            models.Index(fields=["organisation", "search_last_name"], name="caregiver_by_last_name"),
            models.Index(fields=["organisation", "phone_digits"], name="caregiver_by_phone"),
            models.Index(fields=["organisation", "postcode"], name="caregiver_by_postcode"),
            models.Index(
                fields=["organisation", "fixed_contact", "search_name", "id"], name="caregiver_by_fixed_contact"
            ),
            models.Index("organisation", HEAVINESS.desc(), "search_name", "id", name="caregiver_by_burden"),
            models.Index(
                fields=["organisation", "last_spoken_on", "search_name", "id"], name="caregiver_by_last_spoken"
            ),
            models.Index(fields=["withdrawal_code"], name="caregiver_by_code", condition=~Q(withdrawal_code="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_young(self) -> bool:
        """A young caregiver: up to and including 24, for whom there is help of its own."""
        return self.under_16 or self.young_adult

    @property
    def is_dementia(self) -> bool:
        return self.situation_kind == SituationKind.DEMENTIA


class Circle(models.TextChoices):
    """How near somebody stands."""

    CLOSE = "dichtbij", "dichtbij"
    REGULAR = "regelmatig", "regelmatig"
    DISTANT = "op-afstand", "op afstand"


class InvolvementQuerySet(OfHerQuerySet):
    def now(self):
        """Who is around her at this moment, the longest first."""
        return self.filter(ended_on=None).select_related("profession", "organisation").order_by("since", "id")

    def for_change(self):
        return self.select_related("caregiver__municipality", "profession", "organisation")

    def in_charge(self):
        return self.filter(regie=True, ended_on=None)

    def for_page(self):
        """Who is still there first, the longest first."""
        return (
            self.select_related("profession", "organisation")
            .only(
                "caregiver",
                "name",
                "phone",
                "member",
                "circle",
                "regie",
                "since",
                "ended_on",
                "end_note",
                "profession__name",
                "organisation__name",
            )
            .order_by(F("ended_on").desc(nulls_first=True), "since", "id")
        )


class Involvement(models.Model):
    """Who is around this caregiver, in which role, since when."""

    personal = PersonalFields(
        about="mantelzorger",
        fields=(
            "caregiver",
            "name",
            "phone",
            "profession",
            "organisation",
            "member",
            "circle",
            "regie",
            "since",
            "ended_on",
            "end_note",
        ),
        purpose="weten wie er om haar heen staat",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "recorded_by", "created_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="involvements")
    name = models.CharField("naam", max_length=120)
    profession = models.ForeignKey(
        "knowledge.Profession", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="beroep of rol"
    )
    organisation = models.ForeignKey(
        "sociale_kaart.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisatie",
    )
    member = models.ForeignKey(
        "accounts.Membership", models.PROTECT, null=True, blank=True, related_name="involvements"
    )
    phone = models.CharField("telefoonnummer", max_length=20, blank=True)
    circle = models.CharField("hoe dichtbij", max_length=10, choices=Circle, default=Circle.REGULAR)
    regie = models.BooleanField("houdt de regie", default=False)
    since = models.DateField("sinds", default=timezone.localdate)
    ended_on = models.DateField("tot", null=True, blank=True)
    end_note = models.CharField("waarom gestopt", max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        "accounts.Membership", models.PROTECT, null=True, related_name="+"
    )  # none by a link
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = InvolvementQuerySet.as_manager()

    class Meta:
        verbose_name = "betrokkene"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=models.F("since")), name="nobody_leaves_before_she_came"
            ),
            models.UniqueConstraint(
                fields=["caregiver"], condition=Q(regie=True, ended_on=None), name="one_at_a_time_keeps_the_overview"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PhaseStepQuerySet(OfHerQuerySet):
    def for_page(self):
        """The last step first."""
        return self.select_related("phase", "recorded_by__user").order_by("-since", "-created_at", "-id")


class PhaseStep(models.Model):
    """A step in the dementia journey, with its day."""

    personal = PersonalFields(
        about="mantelzorger",
        fields=("caregiver", "phase", "since", "note"),
        purpose="zien waar zij staat en wat dan vaak helpt",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "recorded_by", "created_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="phase_steps")
    phase = models.ForeignKey("knowledge.Phase", models.PROTECT, related_name="+", verbose_name="fase")
    since = models.DateField("sinds", default=timezone.localdate)
    note = models.TextField("toelichting", max_length=500, blank=True)
    recorded_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PhaseStepQuerySet.as_manager()

    class Meta:
        verbose_name = "fase van een mantelzorger"


class TimelineQuerySet(models.QuerySet):
    def for_page(self):
        return self.select_related("by__user").only(
            "caregiver", "at", "kind", "text", "referral_id", "by__user__name", "by__user__email"
        )

    def of_kind(self, kind: str):
        return self.filter(kind=kind) if kind else self

    def last_of_kind(self, kind: str):
        return self.for_page().of_kind(kind).order_by("-at", "-id").first()


class TimelineEvent(models.Model):
    """What happened with and for her, in one line: the story that her own professional can read back."""

    class Kind(models.TextChoices):
        RECORD = "gegevens", "gegevens"
        TALK = "gesprek", "gesprek"
        NEED = "hulpvraag", "hulpvraag"
        PHASE = "fase", "fase"
        BURDEN = "zwaarte", "hoe zwaar het is"
        SCREENING = "meting", "meting"
        CONSENT = "toestemming", "toestemming"
        PEOPLE = "betrokkenen", "betrokkenen"
        TASK = "taak", "taken"
        SCENARIO = "scenario", "plannen voor als het verandert"
        REFERRAL = "verwijzing", "verwijzing"

    personal = PersonalFields(
        about="mantelzorger",
        fields=("caregiver", "kind", "text", "referral_id"),
        purpose="kunnen teruglezen wat er is gebeurd en afgesproken",
        ground=GROUND,
        retention=RETENTION,
    )
    not_personal = ("id", "at", "by")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caregiver = models.ForeignKey(Caregiver, models.CASCADE, related_name="timeline")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField("soort", max_length=20, choices=Kind)
    text = models.TextField("tekst", max_length=2000)
    referral_id = models.UUIDField("verwijzing", null=True)
    by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")

    objects = TimelineQuerySet.as_manager()

    class Meta:
        verbose_name = "gebeurtenis"
        indexes = [models.Index(fields=["caregiver", "-at", "-id"], name="timeline_of_a_caregiver")]

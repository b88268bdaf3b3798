"""Who offers help: organisations, where they sit, and whom to ask for. Named after HSDS 3.1 where that is natural."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone

from knowledge.models import Profession
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from sociale_kaart.near import SHOWN, Near


class OrganisationQuerySet(models.QuerySet):
    def for_page(self):
        """All that the page of one organisation shows, apart from its services."""
        return self.prefetch_related("municipalities", "locations", "contacts")

    def in_municipality(self, municipality):
        """That work in a municipality, or in one of several."""
        links = Organisation.municipalities.through.objects
        several = isinstance(municipality, (list, tuple, set, frozenset))
        links = links.filter(municipality__in=municipality) if several else links.filter(municipality=municipality)
        return self.filter(pk__in=links.values("organisation"))

    def kept_by(self, user):
        """Those that work where she keeps the sociale kaart: see `permissions.may_change_organisation`."""
        if user.is_functional_admin:
            return self
        from sociale_kaart.models.services import Service

        codes = list(user.maintained_municipalities)
        named = Organisation.municipalities.through.objects.filter(municipality__in=codes).values("organisation")
        seen = Service.objects.in_municipality(codes).filter(
            status__in=(Service.Status.PUBLISHED, Service.Status.PAUSED), organisation__uses_portal=False
        )
        return self.filter(pk__in=named.union(seen.values("organisation")))

    def at(self, slug: str):
        """The one with this address, or None."""
        return self.filter(slug=slug).first()

    def for_keeping(self, *, q: str = ""):
        rows = self.filter(name__icontains=q) if q else self
        return rows.values("pk", "slug", "name", "kind", "place")

    def names_to_choose(self) -> list[str]:
        """As many as a page can carry; whoever is not among them is found by typing."""
        return list(self.order_by("name").values_list("name", flat=True)[:100])

    def looking_like(self, typed: str):
        """Of this name, or with one of its longer words in their name; the same name first."""
        longer = sorted({word for word in typed.split() if len(word) > 4}, key=len, reverse=True)[:2]
        named = Q(name__iexact=typed)
        for word in longer:
            named |= Q(name__icontains=word)
        return self.filter(named).annotate(is_it=Q(name__iexact=typed)).order_by("-is_it", "name", "pk")


class Organisation(models.Model):
    """An organisation of the sociale kaart. With `uses_portal` its people answer referrals here; otherwise by a link,
    when it agreed to that (`answers_by_link`), or by phone.
    """

    class Kind(models.TextChoices):
        GENERAL_PRACTICE = "huisartsenpraktijk", "huisartsenpraktijk"
        MUNICIPALITY = "gemeente", "gemeente of wijkteam"
        CAREGIVER_CENTRE = "steunpunt", "steunpunt mantelzorg"
        WELFARE = "welzijn", "welzijnsorganisatie"
        VOLUNTEERS = "vrijwilligers", "vrijwilligersorganisatie"
        HOME_CARE = "thuiszorg", "thuiszorg of wijkverpleging"
        ELDERLY_CARE = "ouderenzorg", "ouderenzorg of verpleeghuis"
        CASE_MANAGEMENT = "casemanagement", "casemanagement of ketenorganisatie"
        MENTAL_HEALTH = "ggz", "ggz-instelling"
        HOSPITAL = "ziekenhuis", "ziekenhuis"
        DISABILITY_CARE = "gehandicaptenzorg", "gehandicaptenzorg"
        INDEPENDENT_SUPPORT = "clientondersteuning", "onafhankelijke cliëntondersteuning"
        INTEREST_GROUP = "belangenorganisatie", "vereniging of belangenorganisatie"
        INDEPENDENT = "zelfstandig", "zelfstandige praktijk"
        COMPANY = "bedrijf", "bedrijf"
        OTHER = "anders", "anders"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=90, unique=True)
    name = models.CharField("naam", max_length=120)
    kind = models.CharField("soort organisatie", max_length=30, choices=Kind)
    description = models.TextField("beschrijving", blank=True)
    email = models.EmailField("e-mailadres", blank=True)
    phone = models.CharField("telefoonnummer", max_length=20, blank=True)
    website = models.URLField("website", blank=True)
    street = models.CharField("straat en huisnummer", max_length=120, blank=True)
    postcode = models.CharField("postcode", max_length=7, blank=True)
    place = models.CharField("plaats", max_length=60, blank=True)
    uses_portal = models.BooleanField("werkt met dit portaal", default=False)
    answers_by_link = models.BooleanField("antwoordt via een link per mail", default=False, db_default=False)
    municipalities = models.ManyToManyField(
        "sociale_kaart.Municipality", related_name="organisations", verbose_name="werkgebied", blank=True
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisatie"
        verbose_name_plural = "organisaties"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="an_organisation_has_a_name"),
            models.CheckConstraint(condition=~Q(slug=""), name="an_organisation_has_an_address_of_its_own"),
        ]

    def __str__(self) -> str:
        return self.name

    def places(self):
        """The municipalities where it works: those it names, and those of what everybody sees that it offers."""
        from sociale_kaart.models import Municipality, Service

        offered = Service.municipalities.through.objects.filter(
            service__organisation=self.pk, service__status__in=(Service.Status.PUBLISHED, Service.Status.PAUSED)
        )
        named = Organisation.municipalities.through.objects.filter(organisation=self.pk)
        codes = named.values("municipality").union(offered.values("municipality"))
        return Municipality.objects.filter(pk__in=codes)


class LocationQuerySet(models.QuerySet):
    def with_key(self, pk):
        return self.filter(pk=pk).first()

    def kept_by(self, user):
        rows = self.select_related("organisation")
        return (
            rows
            if user.is_functional_admin
            else rows.filter(organisation__in=Organisation.objects.kept_by(user).values("pk"))
        )


class Location(models.Model):
    """A place where an organisation offers help; its services name the locations where they are given."""

    class Kind(models.TextChoices):
        PHYSICAL = "physical", "op locatie"
        VIRTUAL = "virtual", "online of telefonisch"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="locations", verbose_name="organisatie")
    kind = models.CharField("soort plek", max_length=10, choices=Kind, default=Kind.PHYSICAL)
    name = models.CharField("naam", max_length=120, blank=True)
    street = models.CharField("straat en huisnummer", max_length=120, blank=True)
    postcode = models.CharField("postcode", max_length=7, blank=True)
    place = models.CharField("plaats", max_length=60, blank=True)
    accessibility = models.CharField("toegankelijkheid", max_length=300, blank=True)
    transport = models.CharField("bereikbaarheid", max_length=300, blank=True)

    objects = LocationQuerySet.as_manager()

    class Meta:
        verbose_name = "locatie"
        verbose_name_plural = "locaties"
        ordering = ["place", "street"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="physical") | (~Q(street="") & ~Q(place="")),
                name="a_physical_location_has_an_address",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.street, self.place) if part)


class ContactQuerySet(models.QuerySet):
    def with_key(self, pk):
        return self.filter(pk=pk).first()

    def of_itself(self):
        """Those of an organisation, without those of its services."""
        return self.filter(service=None)

    def own_addresses(self, organisations: Iterable) -> dict[str, set[str]]:
        """Per organisation the addresses, in small letters, that are somebody's own and may not be public."""
        found: dict[str, set[str]] = defaultdict(set)
        hers = self.filter(organisation__in=list(organisations), is_public=False).exclude(email="")
        for organisation, address in hers.values_list("organisation", "email"):
            found[str(organisation)].add(address.casefold())
        return found

    def kept_by(self, user):
        """Those of services that she keeps, and of organisations that work where she keeps the card."""
        from sociale_kaart.models.services import Service

        rows = self.select_related("organisation", "service__organisation")
        if user.is_functional_admin:
            return rows
        services = Service.objects.kept_by(user).values("pk")
        organisations = Organisation.objects.kept_by(user).values("pk")
        return rows.filter(Q(service__in=services) | Q(service=None, organisation__in=organisations))

    def of_profession(self, profession):
        return self.filter(profession__in=Profession.objects.same_work(profession).values("pk"))

    def in_municipality(self, municipality):
        """Whom to call there: of organisations that work there, and of published services that are given there."""
        from sociale_kaart.models.services import Service

        organisations = Organisation.objects.in_municipality(municipality).values("pk")
        services = Service.objects.published().in_municipality(municipality).values("pk")
        return self.filter(Q(service=None, organisation__in=organisations) | Q(service__in=services))

    def near(self, codes: Iterable[str], size: int = SHOWN) -> Near:
        """The first of these municipalities, as rows to print."""
        from sociale_kaart import result_list

        rows = (
            self.in_municipality(list(codes))
            .order_by("organisation__name", "title", "name", "pk")
            .values(
                *("name", "title", "phone", "email", "availability", "organisation__name", "organisation__slug"),
                *("organisation__phone", "organisation__uses_portal"),
            )[: size + 1]
        )
        found = result_list.of_contacts(rows)
        return Near(found[:size], len(found) > size)


class Contact(models.Model):
    """Whom to ask for: of an organisation, or of one of its services. Not public: only for professionals who log in."""

    personal = PersonalFields(
        about="professional",
        fields=("name", "email", "phone"),
        purpose="weten wie je kunt bellen of mailen over een aanbod",
        ground="uitvoering van de taak van de organisatie",
        retention="zolang zij het aanspreekpunt van dit aanbod is",
    )
    not_personal = ("id", "organisation", "service", "title", "profession", "availability", "is_public")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts", verbose_name="organisatie")
    service = models.ForeignKey(
        "sociale_kaart.Service", models.CASCADE, null=True, blank=True, related_name="contacts", verbose_name="aanbod"
    )
    name = models.CharField("naam", max_length=120, blank=True)
    title = models.CharField("functie", max_length=120, blank=True)
    profession = models.ForeignKey(
        "knowledge.Profession", models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name="beroep"
    )
    email = models.EmailField("e-mailadres", blank=True)
    phone = models.CharField("telefoonnummer", max_length=20, blank=True)
    availability = models.CharField("bereikbaar", max_length=200, blank=True)
    is_public = models.BooleanField("mag openbaar", default=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "contactpersoon"
        verbose_name_plural = "contactpersonen"
        ordering = ["title", "name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") | ~Q(title=""), name="a_contact_has_a_name_or_a_title"),
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="a_contact_can_be_reached"),
        ]

    def __str__(self) -> str:
        return self.name or self.title

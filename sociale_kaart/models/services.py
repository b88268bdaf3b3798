"""What is offered: a service of an organisation, for whom, where, at what cost, and who calls whom."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone

from knowledge.models import Profession, SupportKind
from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from sociale_kaart.near import SHOWN, Near

_ROW = ("slug", "name", "everyday_name", "summary", "capacity", "wait_weeks", "next_check_on", "checked_on")


class TargetGroup(models.Model):
    """For whom a service is meant in particular. Loaded by `load_directory_lists`."""

    slug = models.SlugField(max_length=60, primary_key=True)
    name = models.CharField("naam", max_length=80, unique=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "doelgroep"
        verbose_name_plural = "doelgroepen"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


DUTCH = "nl"


class LanguageQuerySet(models.QuerySet):
    def besides_dutch(self):
        return self.exclude(pk=DUTCH)


class Language(models.Model):
    """A language in which a service can be given, by its ISO 639 code. Loaded by `load_directory_lists`."""

    code = models.CharField("taalcode", max_length=3, primary_key=True)
    name = models.CharField("naam", max_length=60, unique=True)
    position = models.PositiveSmallIntegerField()

    objects = LanguageQuerySet.as_manager()

    class Meta:
        verbose_name = "taal"
        verbose_name_plural = "talen"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class ServiceQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=Service.Status.PUBLISHED)

    def for_user(self, user):
        """What somebody may see: everything that is or was just offered, and drafts for who maintains them."""
        if user.is_functional_admin:
            return self.all()
        seen = Q(status__in=[Service.Status.PUBLISHED, Service.Status.PAUSED])
        if user.maintained_municipalities:
            links = Service.municipalities.through.objects.filter(municipality__in=user.maintained_municipalities)
            seen |= Q(pk__in=links.values("service"))
        return self.filter(seen)

    def kept_by(self, user):
        """What she maintains, whatever its status: all of it for the functional admin."""
        if user.is_functional_admin:
            return self
        return self.in_municipality(list(user.maintained_municipalities))

    def at(self, slug: str):
        """The one with this address, or None."""
        return self.filter(slug=slug).first()

    def for_keeping(self, *, q: str = "", status: str = ""):
        """Rows for who keeps the card: by name, by status."""
        rows = self.filter(status=status) if status else self
        if q:
            rows = rows.filter(
                Q(name__icontains=q) | Q(everyday_name__icontains=q) | Q(organisation__name__icontains=q)
            )
        return rows.values(
            *("pk", "slug", "name", "everyday_name", "status", "updated_at", "organisation__name"),
            "home_municipality__name",
        )

    def pauses_that_end(self, today: datetime.date):
        return self.filter(status=Service.Status.PAUSED, paused_until__lte=today).order_by("pk")

    def stale(self, today: datetime.date | None = None):
        return self.published().filter(next_check_on__lt=today or timezone.localdate())

    def to_check(self, codes: Iterable[str] | None, *, until: datetime.date):
        """Published ones that are due by then and whose home is here; everywhere if no codes are given."""
        rows = self.published().filter(next_check_on__lte=until).select_related("organisation", "home_municipality")
        rows = rows if codes is None else rows.filter(home_municipality__in=list(codes))
        return rows.only(
            *("slug", "name", "everyday_name", "checked_on", "next_check_on"),
            *("organisation__name", "home_municipality__name"),
        )

    def in_municipality(self, municipality):
        """Services that cover a municipality (or one of several: a postcode may lie in more than one)."""
        links = Service.municipalities.through.objects
        several = isinstance(municipality, (list, tuple, set, frozenset))
        links = links.filter(municipality__in=municipality) if several else links.filter(municipality=municipality)
        return self.filter(pk__in=links.values("service"))

    def of_kind(self, kind):
        return self.filter(pk__in=Service.kinds.through.objects.filter(supportkind=kind).values("service"))

    def without_record(self):
        """Where no record is kept of who comes."""
        return self.filter(zonder_dossier=True)

    def in_phase(self, phase):
        return self.filter(pk__in=Service.phases.through.objects.filter(phase=phase).values("service"))

    def of_profession(self, profession):
        """Where one finds this profession: services that name it, then those that name none and are its kind of help.

        Under another name it is the same work, so that a service may name either. A profession that is retired is
        named no more.
        """
        same = Profession.objects.same_work(profession).values("pk")
        naming = Service.professions.through.objects
        named = naming.filter(profession__in=same)
        names_anybody = Exists(naming.filter(service=OuterRef("service"), profession__retired=False))
        kinds = SupportKind.professions.through.objects.filter(profession__in=same).values("supportkind")
        of_its_kind = Service.kinds.through.objects.filter(~names_anybody, supportkind__in=kinds)
        return (  # one set of keys and no "or": from that the database would read every service there is
            self.filter(pk__in=named.values("service").union(of_its_kind.values("service")))
            .annotate(names_it=Exists(named.filter(service=OuterRef("pk"))))
            .order_by("-names_it")
        )

    def near(self, codes: Iterable[str], size: int = SHOWN) -> Near:
        """The first published ones in any of these municipalities: with room before full, then the newest check."""
        from sociale_kaart import result_list

        full = Case(When(capacity=Service.Capacity.FULL, then=1), default=0)
        rows = (
            self.published()
            .in_municipality(list(codes))
            .order_by(*self.query.order_by, full, "-checked_on", "name", "pk")
            .values(*_ROW, "organisation__name")[: size + 1]
        )
        found = result_list.of_neighbourhood(rows)
        return Near(found[:size], len(found) > size)

    def published_between(self, start: datetime.datetime, end: datetime.datetime) -> list:
        """The keys of what came on the card after `start`, the newest first; a slice reads no more than that."""
        new = self.published().filter(published_at__gt=start, published_at__lte=end)
        return new.order_by("-published_at").values_list("pk", flat=True)

    def for_comparison(self, slugs: list[str]) -> list:
        """These, in this order; what is not there or not for her eyes is left out."""
        found = self.for_page().in_bulk(slugs, field_name="slug")
        return [found[slug] for slug in slugs if slug in found]

    def titles_of(self, slugs: list[str]) -> dict[str, str]:
        """Their names, in this order; asks nothing when there are none."""
        found = {service.slug: service.title for service in self.filter(slug__in=slugs)} if slugs else {}
        return {slug: found[slug] for slug in slugs if slug in found}

    def search(self, query):
        """One page of hits for a `sociale_kaart.search.SearchQuery`; see there. Only published services are found."""
        from sociale_kaart.search import find

        return find(query)

    def for_organisation_page(self):
        """The published services of one organisation, as rows to show."""
        return self.published().order_by("name").values(*_ROW)

    def for_page(self):
        """All that the page of one service shows, in a fixed number of queries."""
        return self.select_related("organisation", "home_municipality", "answering").prefetch_related(
            "kinds",
            "professions",
            "phases",
            "target_groups",
            "languages",
            "municipalities",
            "financing",
            "locations",
            "contacts",
            "schedules",
            "organisation__contacts",
        )


class Service(models.Model):
    """Something that can be offered to a caregiver. Everyone reads published ones; the rest is work in progress.

    `checked_on` is when somebody last said that it is right; `next_check_on` follows from it and from
    `check_interval_days` and is stored, so that "stale" is a question of one comparison.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "concept"
        PUBLISHED = "published", "gepubliceerd"
        PAUSED = "paused", "tijdelijk niet"
        ARCHIVED = "archived", "gestopt"

    class Access(models.TextChoices):
        DIRECT = "zonder", "zonder verwijzing"
        REFERRAL = "verwijzing", "met een verwijzing"
        INDICATION = "indicatie", "met een indicatie"

    class Caller(models.TextChoices):
        RECEIVER = "ontvanger", "de organisatie belt de mantelzorger"
        CAREGIVER = "mantelzorger", "de mantelzorger belt zelf"
        SENDER = "verwijzer", "de verwijzer belt de organisatie"

    class Capacity(models.TextChoices):
        ROOM = "plek", "er is plek"
        WAITING_LIST = "wachtlijst", "wachtlijst"
        FULL = "vol", "vol"

    class CostKind(models.TextChoices):
        FREE = "gratis", "gratis"
        SMALL = "kleine-bijdrage", "kleine bijdrage"
        OWN_CONTRIBUTION = "eigen-bijdrage", "wettelijke eigen bijdrage"
        INSURED = "vergoed", "vergoed door verzekering of werkgever"
        PAID = "zelf-betalen", "zelf betalen"
        UNKNOWN = "onbekend", "vraag het na"

    personal = PersonalFields(
        about="professional",
        fields=("checked_by",),
        purpose="weten wie heeft nagekeken of het aanbod nog klopt",
        ground="uitvoering van de taak van de organisatie",
        retention="tot iemand anders het aanbod nakijkt",
    )
    not_personal = (
        "id",
        "slug",
        "organisation",
        "name",
        "everyday_name",
        "summary",
        "description",
        "for_whom",
        "home_municipality",
        "cost_kind",
        "cost_note",
        "access",
        "access_note",
        "caller",
        "call_within_days",
        "zonder_dossier",
        "asks_target_groups",
        "capacity",
        "wait_weeks",
        "capacity_on",
        "status",
        "paused_until",
        "published_at",
        "checked_on",
        "check_interval_days",
        "next_check_on",
        "usual_answer_days",
        "email",
        "phone",
        "website",
        "created_at",
        "updated_at",
        *("locations", "kinds", "professions", "phases", "target_groups", "languages", "municipalities", "financing"),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    organisation = models.ForeignKey(
        "sociale_kaart.Organisation", models.PROTECT, related_name="services", verbose_name="organisatie"
    )
    name = models.CharField("naam", max_length=120)
    everyday_name = models.CharField("hoe mensen het noemen", max_length=120, blank=True)
    summary = models.CharField("in één zin", max_length=300, blank=True)
    description = models.TextField("beschrijving", blank=True)
    for_whom = models.TextField("voor wie", blank=True)
    kinds = models.ManyToManyField(
        "knowledge.SupportKind", related_name="services", verbose_name="ondersteuningsvormen", blank=True
    )
    professions = models.ManyToManyField(
        "knowledge.Profession", related_name="services", verbose_name="wie je hier treft", blank=True
    )
    phases = models.ManyToManyField("knowledge.Phase", related_name="services", verbose_name="fasen", blank=True)
    target_groups = models.ManyToManyField(TargetGroup, related_name="services", verbose_name="doelgroepen", blank=True)
    languages = models.ManyToManyField(Language, related_name="services", verbose_name="talen", blank=True)
    municipalities = models.ManyToManyField(
        "sociale_kaart.Municipality", related_name="services", verbose_name="gemeenten", blank=True
    )
    home_municipality = models.ForeignKey(
        "sociale_kaart.Municipality",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="home_services",
        verbose_name="gemeente die dit aanbod bijhoudt",
    )
    locations = models.ManyToManyField(
        "sociale_kaart.Location", related_name="services", verbose_name="locaties", blank=True
    )
    cost_kind = models.CharField("kosten", max_length=20, choices=CostKind, default=CostKind.UNKNOWN)
    cost_note = models.CharField("uitleg over de kosten", max_length=300, blank=True)
    financing = models.ManyToManyField(
        "knowledge.FinancingKind", related_name="services", verbose_name="betaald uit", blank=True
    )
    access = models.CharField("toegang", max_length=12, choices=Access, default=Access.DIRECT)
    access_note = models.CharField("uitleg over de toegang", max_length=300, blank=True)
    caller = models.CharField("wie belt", max_length=12, choices=Caller, default=Caller.RECEIVER)
    call_within_days = models.PositiveSmallIntegerField("belt binnen (werkdagen)", null=True, blank=True)
    zonder_dossier = models.BooleanField("zonder dossier", default=False)
    asks_target_groups = models.BooleanField("vraagt vooraf naar de doelgroep", default=False)
    capacity = models.CharField("plek", max_length=10, choices=Capacity, blank=True)
    wait_weeks = models.PositiveSmallIntegerField("wachttijd (weken)", null=True, blank=True)
    capacity_on = models.DateField("stand van", null=True, blank=True)
    status = models.CharField("status", max_length=10, choices=Status, default=Status.DRAFT)
    paused_until = models.DateField("weer op de kaart vanaf", null=True, blank=True)
    published_at = models.DateTimeField("op de kaart sinds", null=True, blank=True, editable=False)
    checked_on = models.DateField("nagekeken op", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nagekeken door",
    )
    check_interval_days = models.PositiveSmallIntegerField("nakijken na (dagen)", default=180)
    next_check_on = models.DateField("weer nakijken op", null=True, blank=True)
    usual_answer_days = models.PositiveSmallIntegerField("antwoordt meestal binnen (werkdagen)", null=True, blank=True)
    email = models.EmailField("e-mailadres", blank=True)
    phone = models.CharField("telefoonnummer", max_length=20, blank=True)
    website = models.URLField("website", blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = "aanbod"
        verbose_name_plural = "aanbod"
        ordering = ["name"]
        indexes = [
            models.Index(fields=["next_check_on"], condition=Q(status="published"), name="published_by_next_check"),
            models.Index(fields=["-updated_at", "id"], name="services_by_last_change"),
            models.Index(fields=["paused_until"], condition=Q(status="paused"), name="pauses_by_their_end"),
            models.Index(fields=["published_at"], condition=Q(status="published"), name="published_since"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_service_has_a_name"),
            models.CheckConstraint(condition=~Q(slug=""), name="a_service_has_an_address_of_its_own"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "paused", "archived"]),
                name="a_service_has_a_known_status",
            ),
            models.CheckConstraint(condition=Q(paused_until=None) | Q(status="paused"), name="only_a_pause_has_an_end"),
            models.CheckConstraint(
                condition=Q(access__in=["zonder", "verwijzing", "indicatie"]),
                name="a_service_has_a_known_way_in",
            ),
            models.CheckConstraint(
                condition=Q(caller__in=["ontvanger", "mantelzorger", "verwijzer"]),
                name="a_service_says_who_calls",
            ),
            models.CheckConstraint(
                condition=Q(capacity__in=["", "plek", "wachtlijst", "vol"]), name="capacity_is_a_known_word"
            ),
            models.CheckConstraint(
                condition=Q(capacity="") | Q(capacity_on__isnull=False), name="capacity_is_known_since_a_day"
            ),
            models.CheckConstraint(
                condition=Q(wait_weeks=None) | Q(capacity="wachtlijst"), name="only_a_waiting_list_has_weeks"
            ),
            models.CheckConstraint(
                condition=Q(call_within_days=None) | Q(call_within_days__range=(1, 60)),
                name="a_call_comes_within_1_to_60_days",
            ),
            models.CheckConstraint(
                condition=Q(check_interval_days__range=(7, 730)), name="a_check_comes_every_7_to_730_days"
            ),
            models.CheckConstraint(
                condition=~Q(status="published")
                | (
                    ~Q(summary="")
                    & Q(home_municipality__isnull=False)
                    & Q(checked_on__isnull=False)
                    & Q(next_check_on__isnull=False)
                ),
                name="a_published_service_is_checked_and_has_a_home",
            ),
            models.CheckConstraint(
                condition=Q(next_check_on=None) | Q(next_check_on__gt=F("checked_on")),
                name="the_next_check_comes_after_the_last",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The name people know it by; the formal one is shown beside it."""
        return self.everyday_name or self.name

    @property
    def channel(self) -> str:
        """How a referral goes there: to people with an account, by a link to an address, or by phone."""
        if self.organisation.uses_portal:
            return "portal"
        return "link" if self.organisation.answers_by_link and (self.email or self.organisation.email) else "phone"

    def is_stale(self, today: datetime.date | None = None) -> bool:
        return self.next_check_on is not None and self.next_check_on < (today or timezone.localdate())

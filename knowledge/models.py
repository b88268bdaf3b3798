"""What everyone may know: professions, phases, themes, means, the work card, stories. No people, no caregivers.

The rows are made from the files in knowledge/content/ by `load_knowledge` and by nothing else: to change a text, change
its file. An entry that left the files while something still points to it stays, `retired`, so that no record elsewhere
loses what it named.
"""

from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.utils.functional import cached_property

from mantelzorg.dates import day_in_words


def lines(**options) -> ArrayField:
    """A short list of sentences or words that need no identity of their own."""
    return ArrayField(models.TextField(), default=list, blank=True, **options)


def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


class EntryQuerySet(models.QuerySet):
    def current(self):
        """What the content files hold today: the choices, and what lists show."""
        return self.filter(retired=False)

    def named(self, slug: str):
        """The one with this slug, or None."""
        return self.filter(pk=slug).first()


class Entry(models.Model):
    """One thing the portal knows, named by its slug in addresses, files and foreign keys."""

    slug = models.SlugField(primary_key=True, max_length=60)
    order = models.PositiveSmallIntegerField(default=0, editable=False, help_text="Its place in the content files.")
    retired = models.BooleanField(default=False, help_text="No longer in the content files, but still used.")

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "slug"]

    def __str__(self):
        return self.name


class Linked(models.Model):
    """Something with an address on the web. While it is unverified its address is kept, and shown to nobody."""

    url = models.URLField(max_length=500, blank=True)
    unverified = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def href(self) -> str:
        return "" if self.unverified else self.url

    @property
    def host(self) -> str:
        return host_of(self.href)


# Where it comes from ------------------------------------------------------------------------------------------------


class Source(Entry, Linked):
    """A publication that facts were taken from; cited by title, publisher and year."""

    name = models.CharField("titel", max_length=200)
    publisher = models.CharField("uitgever", max_length=200)
    year = models.CharField("jaar", max_length=20, blank=True)
    about = models.TextField(blank=True)
    region = models.CharField(max_length=100, blank=True)
    funder = models.CharField(max_length=100, blank=True)
    partners = lines()


class PassageQuerySet(EntryQuerySet):
    def text_of(self, slug: str) -> str:
        """Empty when the files no longer have it: a page does without."""
        return self.current().filter(slug=slug).values_list("text", flat=True).first() or ""

    def texts(self, *slugs: str) -> dict[str, str]:
        """Several at once, by their slug with underscores, as a template asks for them."""
        found = self.current().filter(slug__in=slugs).values_list("slug", "text")
        return {slug.replace("-", "_"): text for slug, text in found}


class Passage(Entry):
    """A short text with its own place on a page, such as the introduction of the work card."""

    name = models.CharField(max_length=200)
    text = models.TextField()
    sources = models.ManyToManyField(Source, related_name="+", blank=True)

    objects = PassageQuerySet.as_manager()


class FinancingKindQuerySet(EntryQuerySet):
    def for_page(self):
        return self.current().prefetch_related(
            Prefetch("professions", Profession.objects.current().only("slug", "name")),
            Prefetch("support_kinds", SupportKind.objects.current().only("slug", "name")),
            "sources",
        )


class FinancingKind(Entry):
    """Who pays: a law, an insurance, an employer, a fund."""

    class Certainty(models.TextChoices):
        SOURCE = "bron", "nagezocht in een bron"
        COMMON = "algemeen", "algemeen bekend, niet nagezocht"

    name = models.CharField("naam", max_length=120)
    run_by = models.CharField("uitvoerder", max_length=120, blank=True)
    access = models.TextField("hoe je het krijgt", blank=True)
    variants = lines()
    contribution = models.CharField("eigen bijdrage", max_length=200, blank=True)
    costs = models.CharField("kosten", max_length=200, blank=True)
    examples = lines()
    amount_from = models.PositiveIntegerField(null=True, blank=True)
    amount_to = models.PositiveIntegerField(null=True, blank=True)
    amount_unit = models.CharField(max_length=60, blank=True)
    caution = models.TextField("let op", blank=True)
    certainty = models.CharField(max_length=10, choices=Certainty)
    source_url = models.URLField(max_length=500, blank=True)
    as_of = models.DateField("peildatum", null=True, blank=True)
    sources = models.ManyToManyField(Source, related_name="+", blank=True)

    objects = FinancingKindQuerySet.as_manager()


class NationalOrganisationQuerySet(EntryQuerySet):
    def for_list(self):
        professions = Profession.objects.current().only("slug", "name")
        return self.current().prefetch_related(Prefetch("professions", professions))


class NationalOrganisation(Entry, Linked):
    """A national association or umbrella body, with the professions it stands for."""

    name = models.CharField("naam", max_length=200)
    abbreviation = models.CharField("afkorting", max_length=20, blank=True)
    about = models.TextField(blank=True)

    objects = NationalOrganisationQuerySet.as_manager()

    class Meta(Entry.Meta):
        ordering = ["order"]

    @property
    def shown_abbreviation(self) -> str:
        return "" if self.abbreviation == self.name else self.abbreviation

    @property
    def stands_for(self) -> list["Profession"]:
        """Each once: a profession may have it with two of its sections."""
        return list(dict.fromkeys(self.professions.all()))


class Resource(Entry, Linked):
    """A guide, factsheet, film or site that professionals use. One entry, however many sheets point to it."""

    class Kind(models.TextChoices):
        TOOLKIT = "toolkit", "toolkit"
        GUIDE = "handreiking", "handreiking"
        GUIDELINE = "richtlijn", "richtlijn"
        FACTSHEET = "factsheet", "factsheet"
        INFOGRAPHIC = "infographic", "infographic"
        MODEL = "model", "model of methode"
        INSTRUMENT = "meetinstrument", "meetinstrument"
        STUDY = "onderzoek", "onderzoek"
        ARTICLE = "artikel", "artikel"
        EXAMPLE = "voorbeeld", "voorbeeld uit de praktijk"
        PLATFORM = "platform", "digitaal platform"
        APP = "app", "app"
        SITE = "website", "website"
        FINDER = "zoekhulp", "zoekhulp"
        PODCAST = "podcast", "podcast"
        VIDEO = "video", "video"
        FILM = "film", "film"
        ANIMATION = "animatie", "animatie"
        VLOG = "vlog", "vlog"

    name = models.CharField("titel", max_length=200)
    kind = models.CharField("soort", max_length=20, choices=Kind)
    about = models.TextField(blank=True)


# Who does what ------------------------------------------------------------------------------------------------------


class Sector(Entry):
    name = models.CharField("naam", max_length=60)


class ProfessionQuerySet(EntryQuerySet):
    def sheets(self):
        return self.current().filter(kind=Profession.Kind.SHEET)

    def roles(self):
        return self.current().filter(kind=Profession.Kind.ROLE)

    def same_work(self, profession):
        """This profession, and what the same work is called elsewhere."""
        sheet = profession.same_as_id or profession.pk
        return self.filter(Q(pk=sheet) | Q(same_as=sheet))

    def in_field(self, field: str):
        """Of a sector or a domain: sheets have the one, roles the other, and two of them go by the same name."""
        of_sector = Profession.sectors.through.objects.filter(sector=field).values("profession")
        return self.filter(Q(pk__in=of_sector) | Q(domain=field))

    def in_phase(self, phase: str):
        """What may be involved in a phase, itself or by the name of the same work elsewhere."""
        named = PhaseInvolvement.objects.filter(phase=phase).values("profession")
        return self.filter(Q(pk__in=named) | Q(pk__in=Profession.objects.filter(pk__in=named).values("same_as")))

    def for_list(self):
        return self.current().only("slug", "name", "kind", "when_to_involve", "also_called")

    def for_page(self):
        """With all that a sheet shows. A retired one still has its page: records may name it."""
        options = WorkCardOption.objects.current().filter(profession=OuterRef("pk"))
        guides = ConversationGuide.objects.current().filter(profession=OuterRef("pk"))
        with_links = self.annotate(is_on_work_card=Exists(options), guide=Subquery(guides.values("slug")[:1]))
        return with_links.prefetch_related(
            "sectors",
            "financing",
            "sources",
            "levels",
            "see_also",
            "facts",
            Prefetch("resource_uses", ResourceUse.objects.for_page()),
            Prefetch("association_rows", Association.objects.select_related("organisation")),
            Prefetch("phase_involvements", PhaseInvolvement.objects.select_related("phase").order_by("phase__number")),
            Prefetch("support_kinds", SupportKind.objects.current()),
            Prefetch("stories", Story.objects.for_links()),
            Prefetch("stories__themes", Theme.objects.current().only("slug", "name")),
        )


class Profession(Entry):
    """A profession or role round a caregiver. A sheet has it all; a role is short and may lead to a sheet."""

    class Kind(models.TextChoices):
        SHEET = "sheet", "inspiratieblad"
        ROLE = "role", "rol"

    class Domain(models.TextChoices):
        MUNICIPALITY = "gemeente", "gemeente"
        WELFARE = "welzijn", "welzijn"
        CARE = "zorg", "zorg"
        MENTAL_HEALTH = "ggz", "ggz"
        INDEPENDENT = "onafhankelijk", "onafhankelijk"
        INFORMAL = "informeel", "informeel"

    name = models.CharField("naam", max_length=120)
    kind = models.CharField("soort", max_length=10, choices=Kind)
    number = models.PositiveSmallIntegerField("nummer van het blad", null=True, blank=True)
    also_called = lines()
    sectors = models.ManyToManyField(Sector, related_name="professions", blank=True)
    domain = models.CharField("domein", max_length=20, choices=Domain, blank=True)
    role = models.TextField("rol")
    when_to_involve = models.TextField("wanneer inschakelen", blank=True)
    when_is_derived = models.BooleanField(
        default=False, help_text="Follows from the phases and means, not from a text."
    )
    core = models.TextField("kern", blank=True)
    framework = models.TextField("kader", blank=True)
    attention_points = lines()
    chances = lines()
    see_also = models.ManyToManyField("self", symmetrical=False, related_name="seen_from", blank=True)
    same_as = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="other_names",
        help_text="The sheet of the same work under another name: who has one, has the other.",
    )
    financing = models.ManyToManyField(FinancingKind, related_name="professions", blank=True)
    needs_referral = models.BooleanField("verwijzing nodig", null=True, blank=True)
    costs = models.CharField("kosten voor de mantelzorger", max_length=200, blank=True)
    note = models.TextField("opmerking", blank=True)
    unverified = models.BooleanField(default=False)
    quote_speaker = models.CharField(max_length=120, blank=True)
    quote_function = models.CharField(max_length=120, blank=True)
    quote_url = models.URLField(max_length=500, blank=True)
    quote_unverified = models.BooleanField(default=False)
    associations = models.ManyToManyField(NationalOrganisation, through="Association", related_name="professions")
    resources = models.ManyToManyField(Resource, through="ResourceUse", related_name="professions")
    sources = models.ManyToManyField(Source, related_name="professions", blank=True)

    objects = ProfessionQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]  # alphabetical, also for "(Sociaal) wijkteam"

    @cached_property
    def uses_by_part(self) -> dict[str, list["ResourceUse"]]:
        parts: dict[str, list[ResourceUse]] = {}
        for use in self.resource_uses.all():
            parts.setdefault(use.part, []).append(use)
        return parts

    @property
    def asked_as(self) -> dict[str, str]:
        """How to search for it among services: by its one form of support, otherwise by its name."""
        kinds = [kind.pk for kind in self.support_kinds.all() if kind.referable]
        return {"soort": kinds[0]} if len(kinds) == 1 else {"q": self.name}

    @property
    def themes(self) -> list["Theme"]:
        """Of the stories in which it has a part, each once."""
        themes = {theme.pk: theme for story in self.stories.all() for theme in story.themes.all()}
        return sorted(themes.values(), key=lambda theme: theme.name)

    @property
    def quote_href(self) -> str:
        return "" if self.quote_unverified else self.quote_url

    @property
    def quote_host(self) -> str:
        return host_of(self.quote_href)


class Child(models.Model):
    """A part of an entry, written and replaced together with it."""

    order = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ["order"]


class Association(Child, Linked):
    """The association a profession has, where it matters with its own section and address."""

    profession = models.ForeignKey(Profession, models.CASCADE, related_name="association_rows")
    organisation = models.ForeignKey(NationalOrganisation, models.CASCADE, related_name="association_rows")
    section = models.CharField("afdeling", max_length=120, blank=True)

    @property
    def href(self) -> str:
        return super().href or self.organisation.href

    @property
    def shown_name(self) -> str:
        """With its section and, where that says something else, its abbreviation."""
        body = self.organisation
        section = f", afdeling {self.section}" if self.section else ""
        short = f" ({body.abbreviation})" if body.abbreviation and body.abbreviation != body.name else ""
        return f"{body.name}{section}{short}"


class ResourceUseQuerySet(models.QuerySet):
    def for_page(self):
        """With the slug of our own page about it, if there is one: some are instruments."""
        instruments = Instrument.objects.current().filter(resource=OuterRef("resource"))
        return self.select_related("resource").annotate(instrument=Subquery(instruments.values("slug")[:1]))


class ResourceUse(Child):
    """A resource on a sheet: in which part, and what it is good for to this profession."""

    class Part(models.TextChoices):
        TOOLS = "hulpmiddelen", "aan de slag"
        MEDIA = "media", "kijken en luisteren"
        HIGHLIGHTS = "uitgelicht", "uitgelicht"
        ATTENTION = "aandacht", "bij de aandachtspunten"
        CHANCES = "kansen", "bij samenwerken"
        WEBSITES = "websites", "websites"

    profession = models.ForeignKey(Profession, models.CASCADE, related_name="resource_uses")
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="uses")
    part = models.CharField(max_length=20, choices=Part)
    about = models.TextField(blank=True)

    objects = ResourceUseQuerySet.as_manager()


class Level(Child):
    """How deep help of this profession can go, such as the three kinds of coaching."""

    profession = models.ForeignKey(Profession, models.CASCADE, related_name="levels")
    name = models.CharField(max_length=120)
    aims = lines()
    access = models.TextField(blank=True)
    for_whom = models.TextField(blank=True)


class FactQuerySet(EntryQuerySet):
    def told(self, *slugs: str):
        return self.current().filter(slug__in=slugs).prefetch_related("sources")


class Fact(Entry):
    """A figure or rule, with where it was read."""

    name = models.CharField("feit", max_length=300)
    value = models.CharField("waarde", max_length=60, blank=True)
    professions = models.ManyToManyField(Profession, related_name="facts", blank=True)
    source_name = models.CharField(max_length=200, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    as_of = models.DateField("peildatum", null=True, blank=True)
    sources = models.ManyToManyField(Source, related_name="+", blank=True)

    objects = FactQuerySet.as_manager()

    @property
    def said_by(self) -> str:
        """Where it was read, and when that was."""
        if self.source_name:
            return f"{self.source_name}, {day_in_words(self.as_of)}" if self.as_of else self.source_name
        return next((f"{source.name}, {source.year}" for source in self.sources.all()), "")


# What helps ---------------------------------------------------------------------------------------------------------


class SupportCategoryQuerySet(EntryQuerySet):
    def for_list(self):
        kinds = SupportKind.objects.current().only("slug", "name", "about", "own", "referable", "category")
        return self.current().prefetch_related(Prefetch("kinds", kinds), "sources")


class SupportCategory(Entry):
    number = models.PositiveSmallIntegerField("nummer")
    name = models.CharField("naam", max_length=120)
    about = models.TextField()
    principle = models.TextField("uitgangspunt", blank=True)
    sources = models.ManyToManyField(Source, related_name="+", blank=True)

    objects = SupportCategoryQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "support categories"


class SupportKindQuerySet(EntryQuerySet):
    def referable(self):
        """What a need can be about, in the order of the categories. The others are ways of working."""
        named = self.select_related("category").only(
            "name", "referable", "order", "retired", "category__name", "category__number"
        )
        return named.current().filter(referable=True).order_by("category__number", "order")

    def not_offered(self):
        """No service can be newly put under these: ways of working, and what was retired."""
        return self.filter(models.Q(referable=False) | models.Q(retired=True))

    def for_page(self):
        """With all that it is linked to. A retired one still has its page: needs may name it."""
        involved = PhaseInvolvement.objects.select_related("phase").order_by("phase__number")
        return self.select_related("category").prefetch_related(
            "category__sources",
            "financing",
            Prefetch("professions", Profession.objects.current()),
            Prefetch("phase_involvements", involved),
            Prefetch("professions__phase_involvements", involved),
            Prefetch("stories", Story.objects.for_links()),
            Prefetch("conversation_guides", ConversationGuide.objects.current().only("slug", "name", "support_kind")),
            Prefetch("instruments", Instrument.objects.for_links()),
        )


class SupportKind(Entry):
    """A form of support. `own` marks the two that we added to the thirty-one of the source."""

    name = models.CharField("naam", max_length=120)
    about = models.TextField()
    category = models.ForeignKey(SupportCategory, models.PROTECT, related_name="kinds")
    referable = models.BooleanField(default=True)
    own = models.BooleanField(default=False)
    examples = lines()
    professions = models.ManyToManyField(Profession, related_name="support_kinds", blank=True)
    financing = models.ManyToManyField(FinancingKind, related_name="support_kinds", blank=True)
    url = models.URLField(max_length=500, blank=True)

    objects = SupportKindQuerySet.as_manager()

    @property
    def phases(self) -> list["Phase"]:
        """The phases that name it themselves."""
        return [involvement.phase for involvement in self.phase_involvements.all()]

    @property
    def phases_of_people(self) -> list["Phase"]:
        """The other phases, in which somebody who gives it may be involved. Only for what one can be referred to."""
        if not self.referable:
            return []
        named = set(self.phases)
        found = {
            involvement.phase
            for profession in self.professions.all()
            for involvement in profession.phase_involvements.all()
        }
        return sorted(found - named, key=lambda phase: phase.number)


# The journey --------------------------------------------------------------------------------------------------------


class PhaseQuerySet(EntryQuerySet):
    def for_journey(self):
        return self.current().only("slug", "name", "number")

    def for_list(self):
        involvements = PhaseInvolvement.objects.select_related("profession", "support_kind")
        return self.current().prefetch_related(Prefetch("involvements", involvements), "sources")

    def for_page(self):
        """With all that plays. A retired phase still has its page: records may name it."""
        kinds = SupportKind.objects.current()
        return self.prefetch_related(
            Prefetch("involvements", PhaseInvolvement.objects.select_related("profession", "support_kind")),
            Prefetch("involvements__profession__support_kinds", kinds),
            Prefetch("themes", Theme.objects.current()),
            Prefetch("stories", Story.objects.current()),
            "sources",
        )


class Phase(Entry):
    """A step in the journey with dementia. Never a fixed route: phases overlap and return."""

    number = models.PositiveSmallIntegerField("nummer")
    name = models.CharField("naam", max_length=60)
    what_plays = models.TextField("wat er speelt")
    themes = models.ManyToManyField("Theme", related_name="phases", blank=True, help_text="Our own estimate.")
    sources = models.ManyToManyField(Source, related_name="+", blank=True)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        ordering = ["number"]

    @property
    def label(self) -> str:
        return f"Fase {self.number}: {self.name}"

    @property
    def people(self) -> list["PhaseInvolvement"]:
        return [involvement for involvement in self.involvements.all() if involvement.profession]

    @property
    def means(self) -> list["PhaseInvolvement"]:
        return [involvement for involvement in self.involvements.all() if involvement.support_kind]

    @property
    def means_of_people(self) -> list[tuple["SupportKind", list["Profession"]]]:
        """What those who may be involved have to offer, with who they are; what the phase names itself is left out."""
        named = {involvement.support_kind_id for involvement in self.means}
        offered: dict[SupportKind, list[Profession]] = {}
        for involvement in self.people:
            for kind in involvement.profession.support_kinds.all():
                if kind.referable and kind.pk not in named:
                    offered.setdefault(kind, []).append(involvement.profession)
        return list(offered.items())


class PhaseInvolvementQuerySet(models.QuerySet):
    def roles_in(self, phase):
        """The roles that may be involved in a phase, each once, with the name of the same work elsewhere.

        Of what nobody verified yet, the page of the phase says so; elsewhere it is not suggested.
        """
        roles = self.filter(phase=phase, profession__retired=False, unverified=False).select_related("profession")
        return roles.only("function", "profession__name", "profession__same_as").order_by("order")


class PhaseInvolvement(Child):
    """Who or what may be involved in a phase: a profession or a form of support, never both."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="involvements")
    profession = models.ForeignKey(Profession, models.CASCADE, null=True, blank=True, related_name="phase_involvements")
    support_kind = models.ForeignKey(
        SupportKind, models.CASCADE, null=True, blank=True, related_name="phase_involvements"
    )
    function = models.CharField("waarvoor", max_length=120, blank=True)
    source_name = models.CharField("zo genoemd in de bron", max_length=120)
    unverified = models.BooleanField(default=False)

    objects = PhaseInvolvementQuerySet.as_manager()

    class Meta(Child.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(profession__isnull=False, support_kind__isnull=True)
                | Q(profession__isnull=True, support_kind__isnull=False),
                name="phase_names_a_profession_or_a_form_of_support",
            )
        ]


class ThemeQuerySet(EntryQuerySet):
    def for_page(self):
        return self.prefetch_related(
            "sources",
            Prefetch("tips", Tip.objects.current()),
            Prefetch("phases", Phase.objects.for_journey()),
            Prefetch("stories", Story.objects.for_links()),
            Prefetch("stories__support_kinds", SupportKind.objects.current()),
        )


class Theme(Entry):
    name = models.CharField("naam", max_length=120)
    core = models.TextField("kern")
    questions = lines()
    sources = models.ManyToManyField(Source, related_name="+", blank=True)

    objects = ThemeQuerySet.as_manager()

    @property
    def means(self) -> list["SupportKind"]:
        """What helped in the stories with this theme, each once."""
        return list(dict.fromkeys(kind for story in self.stories.all() for kind in story.support_kinds.all()))


class TipQuerySet(EntryQuerySet):
    def for_list(self):
        return self.current().select_related("theme")


class Tip(Entry):
    text = models.TextField()
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="tips")
    sources = models.ManyToManyField(Source, related_name="+", blank=True)

    objects = TipQuerySet.as_manager()

    def __str__(self):
        return self.text


class StoryQuerySet(EntryQuerySet):
    def for_links(self):
        return self.current().only("slug", "name", "caregiver", "cared_for")

    def for_list(self):
        return self.current().prefetch_related(Prefetch("themes", Theme.objects.current().only("slug", "name")))

    def for_reflection(self):
        """What tells which of them look like the story of somebody else."""
        return self.current().prefetch_related(Prefetch("phases", Phase.objects.for_journey()))

    def for_page(self):
        return self.prefetch_related(
            "sources",
            Prefetch("phases", Phase.objects.for_journey()),
            Prefetch("professions", Profession.objects.current()),
            Prefetch("support_kinds", SupportKind.objects.current()),
            Prefetch("themes", Theme.objects.current()),
        )


class Story(Entry):
    """What happened to one family, retold without names. The phases are our own estimate."""

    number = models.PositiveSmallIntegerField("nummer")
    name = models.CharField("titel", max_length=120)
    caregiver = models.CharField("wie zorgt", max_length=120)
    cared_for = models.CharField("voor wie", max_length=120)
    features = lines()
    challenges = lines()
    side_of_caregiver = models.TextField("de kant van de mantelzorger")
    side_of_cared_for = models.TextField("de kant van de ander")
    side_of_professionals = models.TextField("de kant van de professionals")
    shared_challenge = models.TextField("de gedeelde uitdaging")
    approach = models.TextField("aanpak")
    outcome = models.TextField("uitkomst")
    lessons = lines()
    other_parties = lines()
    phases = models.ManyToManyField(Phase, related_name="stories", blank=True)
    professions = models.ManyToManyField(Profession, related_name="stories", blank=True)
    support_kinds = models.ManyToManyField(SupportKind, related_name="stories", blank=True)
    themes = models.ManyToManyField(Theme, related_name="stories", blank=True)
    sources = models.ManyToManyField(Source, related_name="+", blank=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "stories"


# The work card of mental health care and the social domain, and the preventive conversation -------------------------


class WorkCardStepQuerySet(EntryQuerySet):
    def for_page(self):
        return self.current().prefetch_related(
            "sources", "resources", Prefetch("resources__instruments", Instrument.objects.for_links())
        )


class WorkCardStep(Entry):
    number = models.PositiveSmallIntegerField("nummer")
    name = models.CharField("naam", max_length=120)
    about = models.TextField()
    core_rule = models.CharField("kernregel", max_length=200, blank=True)
    questions = lines()
    questions_are_ours = models.BooleanField(default=False, help_text="The source has none, or lost them.")
    resources = models.ManyToManyField(Resource, related_name="work_card_steps", blank=True)
    sources = models.ManyToManyField(Source, related_name="+", blank=True)

    objects = WorkCardStepQuerySet.as_manager()

    class Meta:
        ordering = ["number"]


class WorkCardContribution(Entry):
    """What the municipality or mental health care brings in: a task it has, or something it knows."""

    class Side(models.TextChoices):
        MUNICIPALITY = "gemeente", "gemeente"
        MENTAL_HEALTH = "ggz", "ggz"

    class Kind(models.TextChoices):
        TASK = "taak", "taak"
        EXPERTISE = "expertise", "expertise"

    side = models.CharField(max_length=10, choices=Side)
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField()
    sources = models.ManyToManyField(Source, related_name="+", blank=True)

    def __str__(self):
        return self.text


class WorkCardOptionQuerySet(EntryQuerySet):
    def for_page(self):
        return self.current().select_related("profession")


class WorkCardOption(Entry):
    """Where a caregiver can turn to, as the work card names it."""

    name = models.CharField("naam", max_length=120)
    about = models.TextField()
    profession = models.ForeignKey(Profession, models.PROTECT, null=True, blank=True, related_name="work_card_options")
    sources = models.ManyToManyField(Source, related_name="+", blank=True)

    objects = WorkCardOptionQuerySet.as_manager()


class WorkCardLinkQuerySet(EntryQuerySet):
    def for_page(self):
        return self.current().select_related("resource")


class WorkCardLink(Entry):
    """Further reading named on the work card, and for whom it is meant."""

    class Audience(models.TextChoices):
        PROFESSIONAL = "professional", "voor jou"
        ORGANISATION = "organisatie", "voor je organisatie"
        CAREGIVER = "mantelzorger", "voor de mantelzorger"

    class Part(models.TextChoices):
        TEXT = "tekst", "in de tekst"
        CARDS = "werkkaarten", "andere werkkaarten"
        WEBSITES = "websites", "websites"

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="work_card_links")
    part = models.CharField(max_length=12, choices=Part)
    audience = models.CharField(max_length=12, choices=Audience, blank=True)

    objects = WorkCardLinkQuerySet.as_manager()

    def __str__(self):
        return str(self.resource)


class ConversationGuideQuerySet(EntryQuerySet):
    def for_page(self):
        return self.select_related("support_kind", "profession").prefetch_related("topics", "sources")


class ConversationGuide(Entry):
    """A kind of conversation with a caregiver that others offer: what it is for and what is promised."""

    name = models.CharField("naam", max_length=120)
    full_name = models.CharField("voluit", max_length=200, blank=True)
    support_kind = models.ForeignKey(SupportKind, models.PROTECT, related_name="conversation_guides")
    profession = models.ForeignKey(Profession, models.PROTECT, related_name="conversation_guides")
    for_whom = models.TextField("voor wie")
    relations = lines()
    aim = models.TextField("doel")
    complaints = lines()
    first_contact = models.TextField("eerste contact")
    promises = lines()
    offered_by = models.CharField(max_length=120, blank=True)
    offered_url = models.URLField(max_length=500, blank=True)
    method_by = models.CharField(max_length=120, blank=True)
    method_parts = lines()
    follow_up = models.TextField(blank=True)
    method_urls = ArrayField(models.URLField(max_length=500), default=list, blank=True)
    sources = models.ManyToManyField(Source, related_name="+", blank=True)

    objects = ConversationGuideQuerySet.as_manager()


class ConversationTopic(Child):
    guide = models.ForeignKey(ConversationGuide, models.CASCADE, related_name="topics")
    text = models.TextField()
    examples = lines()


# Measuring and talking -----------------------------------------------------------------------------------------------


class InstrumentQuerySet(EntryQuerySet):
    def for_links(self):
        return self.current().only("slug", "name", "kind", "resource", "support_kind")

    def for_list(self):
        return self.current().only("slug", "name", "kind", "measures")

    def for_page(self):
        uses = ResourceUse.objects.select_related("profession").order_by("profession__name", "order")
        return self.select_related("resource", "support_kind").prefetch_related(
            "dimensions", "bands", "sources", "resource__work_card_steps", Prefetch("resource__uses", uses)
        )


class Instrument(Entry):
    """A questionnaire, scale, model or game: what it measures and how its outcome is read. Never its items."""

    class Kind(models.TextChoices):
        QUESTIONNAIRE = "vragenlijst", "vragenlijst"
        SCALE = "schaal", "schaal"
        METHOD = "gespreksmethode", "gespreksmethode"
        MODEL = "model", "model"
        GAME = "spel", "spel"

    class Certainty(models.TextChoices):
        SOURCE = "bron", "nagezocht in een bron"
        COMMON = "algemeen", "niet bij een bron teruggevonden"

    name = models.CharField("naam", max_length=120)
    full_name = models.CharField("voluit", max_length=200, blank=True)
    kind = models.CharField("soort", max_length=20, choices=Kind)
    makers = models.CharField("makers", max_length=250, blank=True)
    measures = models.TextField("wat je ermee ziet")
    item_count = models.PositiveSmallIntegerField("aantal vragen", null=True, blank=True)
    answers = lines()
    topics = lines()
    period = models.CharField("over welke tijd", max_length=60, blank=True)
    minutes = models.PositiveSmallIntegerField("duur in minuten", null=True, blank=True)
    scoring = models.TextField("zo tel je", blank=True)
    counts = models.CharField("punten per antwoord, met spaties", max_length=40, blank=True)
    more_is_better = models.BooleanField("hoger is beter", default=False)
    versions = lines(verbose_name="versies die rondgaan")
    score_from = models.SmallIntegerField(null=True, blank=True)
    score_to = models.SmallIntegerField(null=True, blank=True)
    cut_off = models.SmallIntegerField("afkappunt: vanaf deze score", null=True, blank=True)
    cut_off_means = models.CharField("betekenis van het afkappunt", max_length=120, blank=True)
    missing_answers = models.TextField("als een antwoord ontbreekt", blank=True)
    means = models.TextField("wat de uitslag zegt", blank=True)
    means_not = models.TextField("wat de uitslag niet zegt", blank=True)
    caution = models.TextField("let op", blank=True)
    reliability = models.CharField("betrouwbaarheid", max_length=200, blank=True)
    terms_of_use = models.TextField("mag je het gebruiken", blank=True)
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.SOURCE)
    urls = ArrayField(models.URLField(max_length=500), default=list, blank=True)
    resource = models.ForeignKey(Resource, models.PROTECT, null=True, blank=True, related_name="instruments")
    support_kind = models.ForeignKey(SupportKind, models.PROTECT, null=True, blank=True, related_name="instruments")
    sources = models.ManyToManyField(Source, related_name="+", blank=True)

    objects = InstrumentQuerySet.as_manager()

    @property
    def answer_points(self) -> list[int]:
        """What each of the answers counts, in their order."""
        return [int(points) for points in self.counts.split()]

    @property
    def users(self) -> list["Profession"]:
        """On whose sheets it stands, each once."""
        return list(dict.fromkeys(use.profession for use in self.resource.uses.all())) if self.resource else []

    @property
    def steps(self) -> list["WorkCardStep"]:
        return list(self.resource.work_card_steps.all()) if self.resource else []


class InstrumentDimension(Child):
    """What one question is about, in a label of our own, and which way a high answer points."""

    class Direction(models.TextChoices):
        POSITIVE = "positief", "veel is gunstig"
        NEGATIVE = "negatief", "veel is ongunstig"
        NEUTRAL = "", "niet van toepassing"

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="dimensions")
    code = models.CharField(max_length=10, blank=True)
    name = models.CharField(max_length=120)
    about = models.CharField(max_length=200, blank=True)
    direction = models.CharField(max_length=10, choices=Direction, blank=True)


class InstrumentBand(Child):
    """A range of scores with a name, as published with the instrument."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="bands")
    name = models.CharField(max_length=60)
    score_from = models.SmallIntegerField()
    score_to = models.SmallIntegerField()
    share = models.PositiveSmallIntegerField("aandeel in het onderzoek, procent", null=True, blank=True)


# Links on the web ---------------------------------------------------------------------------------------------------


class LinkCheck(models.Model):
    """What was found the last time an address was asked. Kept by address, so that a load of the content keeps it."""

    class Outcome(models.TextChoices):
        OK = "ok", "werkt"
        DEAD = "dood", "bestaat niet meer"
        UNREACHABLE = "onbereikbaar", "geeft geen antwoord"
        UNSURE = "onzeker", "laat zich niet nakijken"

    not_personal = ("url", "outcome", "status", "said", "failures", "checked_at", "worked_at")
    url = models.URLField(primary_key=True, max_length=500)
    outcome = models.CharField("uitkomst", max_length=12, choices=Outcome)
    status = models.PositiveSmallIntegerField("HTTP-status", null=True, blank=True)
    said = models.CharField("wat er misging", max_length=200, blank=True)
    failures = models.PositiveSmallIntegerField("keer achter elkaar mis", default=0)
    checked_at = models.DateTimeField("nagekeken op")
    worked_at = models.DateTimeField("werkte het laatst op", null=True, blank=True)


# Finding it ---------------------------------------------------------------------------------------------------------


class Synonym(models.Model):
    """A word that people use, and what it finds. One way: "oppas" finds respijt, respijt does not find "oppas".

    It finds every service of `support_kinds`, every one of `professions`, and what has one of the words of `means` in
    its text.
    """

    word = models.CharField(primary_key=True, max_length=60)
    means = lines()
    professions = models.ManyToManyField(Profession, related_name="synonyms", blank=True)
    support_kinds = models.ManyToManyField(SupportKind, related_name="synonyms", blank=True)

    class Meta:
        ordering = ["word"]

    def __str__(self):
        return self.word


class LoadedContent(models.Model):
    """Which version of the content files the tables hold, so that an unchanged load is one query."""

    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_loaded_content")]

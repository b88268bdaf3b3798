"""What search knows of the knowledge pages: one row per thing that somebody can look up, with where it stands.

A few hundred rows, made anew from the tables of the content every time; only what changed is written. A thing without a
page of its own is found at its place on another: a tip on the page of the tips, a tool on the sheet that names it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.urls import reverse
from django.utils.text import capfirst

from knowledge import models
from sociale_kaart.models import KnowledgeRow
from sociale_kaart.models.geography import all_of
from sociale_kaart.plain_words import short
from sociale_kaart.search.synonyms import Synonyms
from sociale_kaart.search.words import plain

TITLE = 300
NAMED = 3  # sheets that name a tool

_UPSERT = """
    INSERT INTO sociale_kaart_knowledgerow AS stored (key, "group", position, title, summary, address, document)
    VALUES (
        %s, %s, %s, %s, %s, %s,
        setweight(to_tsvector('mantelzorg_dutch', %s), 'A') || setweight(to_tsvector('mantelzorg_dutch', %s), 'B')
        || setweight(to_tsvector('mantelzorg_dutch', %s), 'C') || setweight(to_tsvector('mantelzorg_dutch', %s), 'D')
    )
    ON CONFLICT (key) DO UPDATE SET
        "group" = excluded."group",
        position = excluded.position,
        title = excluded.title,
        summary = excluded.summary,
        address = excluded.address,
        document = excluded.document
    WHERE (stored."group", stored.position, stored.title, stored.summary, stored.address, stored.document)
        IS DISTINCT FROM (excluded."group", excluded.position, excluded.title, excluded.summary, excluded.address,
        excluded.document)
"""


@dataclass(frozen=True)
class Thing:
    """One row before it is written: where it stands, what is shown of it, and what it is found by."""

    group: str
    slug: str
    title: str
    place: tuple[str, ...]  # the name of an address and what it takes; the last begins with # where it is an anchor
    summary: str = ""
    names: tuple[str, ...] = ()  # other names, as good as its title
    about: tuple[str, ...] = ()  # what it belongs to
    text: tuple[str, ...] = ()  # all the rest that its page says
    kinds: tuple[str, ...] = ()  # it has the synonyms of these forms of support
    professions: tuple[str, ...] = ()  # and of these professions
    is_aside: bool = False  # what has this word in its name goes before it

    @property
    def address(self) -> str:
        name, *rest = self.place
        anchor = rest.pop() if rest and rest[-1].startswith("#") else ""
        return reverse(name, args=rest) + anchor


def refresh(synonyms: Synonyms) -> set[str]:
    """Write the rows of all knowledge; what is no longer there loses its row. Returns the words they are found by."""
    rows, vocabulary = [], set()
    for position, thing in enumerate(things()):
        names, about = plain(" ".join([thing.title, *thing.names])), plain(" ".join(thing.about))
        summary, text = plain(thing.summary), plain(" ".join(thing.text))
        if thing.is_aside:  # a guide about respijt is not what somebody means by "oppas"
            names, summary = "", f"{names} {summary}"
        else:
            about = f"{about} {synonyms.of(names, kinds=thing.kinds, professions=thing.professions)}"
        shown = (thing.title[:TITLE], short(thing.summary), thing.address)
        rows.append((f"{thing.group}:{thing.slug}", thing.group, position, *shown, names, about, summary, text))
        vocabulary.update(names.split(), about.split(), summary.split(), text.split())
    KnowledgeRow.objects.exclude(key__in=[row[0] for row in rows]).delete()
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT, rows)
    return vocabulary


def things() -> Iterator[Thing]:
    for of_a_group in (
        *(_professions, _phases, _themes, _kinds, _conversations, _instruments, _work_card, _stories, _resources),
        *(_national_organisations, _financing, _tips, _pages),
    ):
        yield from of_a_group()


def _names(entries: Iterable) -> tuple[str, ...]:
    return tuple(entry.name for entry in entries)


def _keys(entries: Iterable) -> tuple[str, ...]:
    return tuple(entry.pk for entry in entries)


def _first_few(names: list[str]) -> list[str]:
    if len(names) <= NAMED:
        return names
    return [*names[: NAMED - 1], f"nog {len(names) - NAMED + 1}"]


def _professions() -> Iterator[Thing]:
    entries = models.Profession.objects.current().prefetch_related(
        "sectors", "levels", "facts", "financing", "resources", "associations", "phase_involvements__phase"
    )
    for entry in entries:
        yield Thing(
            "beroep",
            entry.pk,
            entry.name,
            ("profession_detail", entry.pk),
            entry.when_to_involve or entry.role,
            names=tuple(entry.also_called),
            about=(*_names(entry.sectors.all()), entry.get_domain_display()),
            text=(
                *(entry.role, entry.core, entry.framework, entry.note, entry.costs),
                *(*entry.attention_points, *entry.chances, *_names(entry.facts.all()), *_names(entry.financing.all())),
                *(*_names(entry.resources.all()), *_names(entry.associations.all())),
                *(body.abbreviation for body in entry.associations.all()),
                *(part for level in entry.levels.all() for part in (level.name, level.for_whom, *level.aims)),
                *(part.function for part in entry.phase_involvements.all()),
                *(part.phase.name for part in entry.phase_involvements.all()),
            ),
            professions=(entry.pk,),
        )


def _phases() -> Iterator[Thing]:
    entries = models.Phase.objects.current().prefetch_related(
        "involvements__profession", "involvements__support_kind", "themes"
    )
    for entry in entries:
        yield Thing(
            "fase",
            entry.pk,
            entry.name,
            ("phase_detail", entry.pk),
            entry.what_plays,
            names=(f"fase {entry.number}",),
            about=("dementie",),
            text=(
                *_names(entry.themes.all()),
                *(part.source_name for part in entry.involvements.all()),
                *(part.function for part in entry.involvements.all()),
                *(str(part.profession or part.support_kind) for part in entry.involvements.all()),
            ),
        )


def _themes() -> Iterator[Thing]:
    for entry in models.Theme.objects.current():
        yield Thing("thema", entry.pk, entry.name, ("theme_detail", entry.pk), entry.core, text=(*entry.questions,))


def _kinds() -> Iterator[Thing]:
    entries = models.SupportKind.objects.current().select_related("category").prefetch_related("professions")
    for entry in entries.order_by("category__number", "order"):
        yield Thing(
            "steun",
            entry.pk,
            entry.name,
            ("support_detail", entry.pk),
            entry.about,
            about=(entry.category.name,),
            text=(*entry.examples, *_names(entry.professions.all())),
            kinds=(entry.pk,),
        )


def _conversations() -> Iterator[Thing]:
    for entry in models.ConversationGuide.objects.current().prefetch_related("topics"):
        yield Thing(
            "gesprek",
            entry.pk,
            entry.name,
            ("conversation_detail", entry.pk),
            entry.full_name or entry.aim,
            names=(entry.full_name,),
            text=(
                *(entry.aim, entry.for_whom, entry.first_contact, entry.follow_up, entry.offered_by, entry.method_by),
                *(*entry.relations, *entry.complaints, *entry.promises, *entry.method_parts),
                *(part for topic in entry.topics.all() for part in (topic.text, *topic.examples)),
            ),
            kinds=(entry.support_kind_id,),
        )


def _instruments() -> Iterator[Thing]:
    for entry in models.Instrument.objects.current().prefetch_related("dimensions"):
        yield Thing(
            "instrument",
            entry.pk,
            entry.name,
            ("instrument_detail", entry.pk),
            entry.measures,
            names=(entry.full_name,),
            about=(entry.get_kind_display(), "meten", "meting"),
            text=(
                *(entry.makers, entry.scoring, entry.means, entry.means_not, entry.caution, *entry.topics),
                *_names(entry.dimensions.all()),
            ),
        )


def _work_card() -> Iterator[Thing]:
    yield Thing(
        "werkkaart",
        "wie-doet-wat",
        "Werkkaart: wie doet wat",
        ("work_card",),
        "Wat de gemeente doet en wat de ggz, en waar een mantelzorger terechtkan.",
        about=("ggz", "sociaal domein", "gemeente"),
        text=(
            *(entry.text for entry in models.WorkCardContribution.objects.current()),
            *(f"{entry.name} {entry.about}" for entry in models.WorkCardOption.objects.current()),
        ),
    )
    for entry in models.WorkCardStep.objects.current().prefetch_related("resources"):
        yield Thing(
            "werkkaart",
            entry.pk,
            entry.name,
            ("work_card", f"#{entry.pk}"),
            entry.about,
            names=(f"stap {entry.number}",),
            about=("werkkaart",),
            text=(entry.core_rule, *entry.questions, *_names(entry.resources.all())),
        )


def _stories() -> Iterator[Thing]:
    entries = models.Story.objects.current().prefetch_related("professions", "support_kinds", "themes", "phases")
    for entry in entries:
        linked = (entry.professions, entry.support_kinds, entry.themes, entry.phases)
        yield Thing(
            "verhaal",
            entry.pk,
            entry.name,
            ("story_detail", entry.pk),
            capfirst(f"{entry.caregiver}, zorgt voor {entry.cared_for}"),
            text=(
                *(entry.approach, entry.outcome, *entry.features, *entry.challenges, *entry.lessons),
                *(name for entries in linked for name in _names(entries.all())),
                *entry.other_parties,
            ),
        )


def _resources() -> Iterator[Thing]:
    """Each at the first sheet that names it, or else among the instruments or at the work card."""
    entries = models.Resource.objects.current().prefetch_related("uses__profession", "work_card_links", "instruments")
    for entry in entries:
        sheets = {use.profession_id: use.profession for use in entry.uses.all() if not use.profession.retired}
        instrument = next((each for each in entry.instruments.all() if not each.retired), None)
        if sheets:
            place = ("profession_detail", next(iter(sheets)))
            where = f"Op het blad van {all_of(_first_few([sheet.name for sheet in sheets.values()]))}"
        elif instrument or entry.kind == entry.Kind.INSTRUMENT:
            place = ("instrument_detail", instrument.pk) if instrument else ("instrument_list",)
            where = "Bij de meetinstrumenten"
        elif entry.work_card_links.all():
            place, where = ("work_card",), "Op de werkkaart"
        else:
            continue
        yield Thing(
            "hulpmiddel",
            entry.pk,
            entry.name,
            place,
            f"{entry.get_kind_display().capitalize()}. {where}.",
            about=(entry.get_kind_display(),),
            text=(entry.about, *(use.about for use in entry.uses.all()), entry.host),
            is_aside=True,
        )


def _national_organisations() -> Iterator[Thing]:
    for entry in models.NationalOrganisation.objects.current().prefetch_related("professions"):
        professions = _names(entry.professions.all())
        yield Thing(
            "landelijk",
            entry.pk,
            entry.name,
            ("national_list", f"#{entry.pk}"),
            entry.about or (f"Voor: {', '.join(professions)}" if professions else ""),
            names=(entry.abbreviation,),
            about=("beroepsvereniging",) if professions else (),
            text=professions,
        )


def _financing() -> Iterator[Thing]:
    for entry in models.FinancingKind.objects.current():
        yield Thing(
            "financiering",
            entry.pk,
            entry.name,
            ("financing_list", f"#{entry.pk}"),
            entry.access or entry.run_by,
            about=("geld", "vergoeding", "wie betaalt"),
            text=(entry.run_by, entry.contribution, entry.costs, entry.caution, *entry.variants, *entry.examples),
        )


def _tips() -> Iterator[Thing]:
    for entry in models.Tip.objects.current().select_related("theme"):
        yield Thing(
            "tip",
            entry.pk,
            entry.text,
            ("tip_list", f"#{entry.pk}"),
            f"Bij het thema {entry.theme.name}",
            about=("tip",),
            is_aside=True,
        )


def _pages() -> Iterator[Thing]:
    yield Thing(
        "pagina",
        "wie-is-wie",
        "Wie is wie",
        ("who_is_who_start",),
        "Per beroep wie dat is in een gemeente en hoe je die bereikt. Ook als poster.",
        about=("poster", "contactgegevens", "bereikbaar"),
    )

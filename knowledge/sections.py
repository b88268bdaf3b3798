"""The table of content: which section of a file becomes which model, and which Dutch key becomes which field.

What a key may hold follows from its field: text, list, yes or no, number, date, choice, address, or the slug of another
entry. A key is required when its field is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from knowledge import models


@dataclass(frozen=True)
class Part:
    """Rows that belong to one entry. `short` names the key that may be written as a bare slug."""

    model: type[Model]
    keys: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    short: str = ""
    exactly_one: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Keys that stand together under one heading in the file, and are plain fields of the entry."""

    keys: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Section:
    name: str
    model: type[Model]
    keys: Mapping[str, str | Part | Group]
    distinct: tuple[str, ...] = ()  # fields that no two entries may share
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # per key: the Dutch word and what is stored
    spread: str = ""  # the key that holds several primary keys: one entry for each

    @property
    def parts(self) -> list[Part]:
        return [key for key in self.keys.values() if isinstance(key, Part)]


def resources(part: models.ResourceUse.Part) -> Part:
    return Part(
        models.ResourceUse,
        {"hulpmiddel": "resource", "waarvoor": "about"},
        fixed={"part": part},
        short="hulpmiddel",
    )


LINK = {"url": "url", "nakijken": "unverified"}
NAMED = {"slug": "slug", "naam": "name"}

SECTIONS = [
    Section(
        "bronnen",
        models.Source,
        NAMED
        | LINK
        | {
            "uitgever": "publisher",
            "jaar": "year",
            "kort": "about",
            "regio": "region",
            "financier": "funder",
            "partners": "partners",
        },
    ),
    Section("teksten", models.Passage, NAMED | {"tekst": "text", "bronnen": "sources"}),
    Section(
        "financiering",
        models.FinancingKind,
        NAMED
        | {
            "uitvoerder": "run_by",
            "toegang": "access",
            "vormen": "variants",
            "eigen_bijdrage": "contribution",
            "kosten": "costs",
            "voorbeelden": "examples",
            "bedrag_van": "amount_from",
            "bedrag_tot": "amount_to",
            "bedrag_eenheid": "amount_unit",
            "let_op": "caution",
            "zekerheid": "certainty",
            "bron_url": "source_url",
            "peildatum": "as_of",
            "bronnen": "sources",
        },
    ),
    Section(
        "landelijke_organisaties",
        models.NationalOrganisation,
        NAMED | LINK | {"afkorting": "abbreviation", "kort": "about"},
    ),
    Section("hulpmiddelen", models.Resource, NAMED | LINK | {"soort": "kind", "kort": "about"}),
    Section("sectoren", models.Sector, NAMED),
    Section(
        "beroepen",
        models.Profession,
        NAMED
        | {
            "soort": "kind",
            "nummer": "number",
            "ook_genoemd": "also_called",
            "sectoren": "sectors",
            "domein": "domain",
            "rol": "role",
            "wanneer_inschakelen": "when_to_involve",
            "wanneer_afgeleid": "when_is_derived",
            "kern": "core",
            "kader": "framework",
            "aandachtspunten": "attention_points",
            "samenwerkingskansen": "chances",
            "zie_ook": "see_also",
            "zelfde_als": "same_as",
            "financiering": "financing",
            "verwijzing_nodig": "needs_referral",
            "kosten": "costs",
            "opmerking": "note",
            "nakijken": "unverified",
            "citaat": Group(
                {
                    "spreker": "quote_speaker",
                    "functie": "quote_function",
                    "url": "quote_url",
                    "nakijken": "quote_unverified",
                }
            ),
            "niveaus": Part(
                models.Level,
                {"naam": "name", "gericht_op": "aims", "toegang": "access", "voor_wie": "for_whom"},
            ),
            "hulpmiddelen": resources(models.ResourceUse.Part.TOOLS),
            "media": resources(models.ResourceUse.Part.MEDIA),
            "uitgelicht": resources(models.ResourceUse.Part.HIGHLIGHTS),
            "bij_aandacht": resources(models.ResourceUse.Part.ATTENTION),
            "bij_samenwerken": resources(models.ResourceUse.Part.CHANCES),
            "websites": resources(models.ResourceUse.Part.WEBSITES),
            "verenigingen": Part(
                models.Association,
                {"organisatie": "organisation", "afdeling": "section"} | LINK,
                short="organisatie",
            ),
            "bronnen": "sources",
        },
        words={
            "soort": {"inspiratieblad": models.Profession.Kind.SHEET.value, "rol": models.Profession.Kind.ROLE.value}
        },
    ),
    Section(
        "feiten",
        models.Fact,
        NAMED
        | {
            "waarde": "value",
            "beroepen": "professions",
            "bron_naam": "source_name",
            "bron_url": "source_url",
            "peildatum": "as_of",
            "bronnen": "sources",
        },
    ),
    Section(
        "categorieen",
        models.SupportCategory,
        NAMED | {"nummer": "number", "kort": "about", "uitgangspunt": "principle", "bronnen": "sources"},
        distinct=("number",),
    ),
    Section(
        "ondersteuningsvormen",
        models.SupportKind,
        NAMED
        | {
            "categorie": "category",
            "verwijsbaar": "referable",
            "eigen": "own",
            "kort": "about",
            "voorbeelden": "examples",
            "beroepen": "professions",
            "financiering": "financing",
            "url": "url",
        },
    ),
    Section(
        "fasen",
        models.Phase,
        NAMED
        | {
            "nummer": "number",
            "wat_speelt": "what_plays",
            "themas": "themes",
            "betrokken": Part(
                models.PhaseInvolvement,
                {
                    "beroep": "profession",
                    "vorm": "support_kind",
                    "waarvoor": "function",
                    "bron_naam": "source_name",
                    "nakijken": "unverified",
                },
                exactly_one=("beroep", "vorm"),
            ),
            "bronnen": "sources",
        },
        distinct=("number",),
    ),
    Section("themas", models.Theme, NAMED | {"kern": "core", "vragen": "questions", "bronnen": "sources"}),
    Section("tips", models.Tip, {"slug": "slug", "tekst": "text", "thema": "theme", "bronnen": "sources"}),
    Section(
        "verhalen",
        models.Story,
        NAMED
        | {
            "nummer": "number",
            "wie_zorgt": "caregiver",
            "voor_wie": "cared_for",
            "kenmerken": "features",
            "uitdagingen": "challenges",
            "kant_mantelzorger": "side_of_caregiver",
            "kant_ander": "side_of_cared_for",
            "kant_professionals": "side_of_professionals",
            "gedeelde_uitdaging": "shared_challenge",
            "aanpak": "approach",
            "uitkomst": "outcome",
            "lessen": "lessons",
            "overige_partijen": "other_parties",
            "fasen": "phases",
            "beroepen": "professions",
            "vormen": "support_kinds",
            "themas": "themes",
            "bronnen": "sources",
        },
        distinct=("number",),
    ),
    Section(
        "werkkaart_stappen",
        models.WorkCardStep,
        NAMED
        | {
            "nummer": "number",
            "kort": "about",
            "kernregel": "core_rule",
            "vragen": "questions",
            "vragen_van_ons": "questions_are_ours",
            "hulpmiddelen": "resources",
            "bronnen": "sources",
        },
        distinct=("number",),
    ),
    Section(
        "werkkaart_inbreng",
        models.WorkCardContribution,
        {"slug": "slug", "van": "side", "soort": "kind", "tekst": "text", "bronnen": "sources"},
    ),
    Section(
        "werkkaart_mogelijkheden",
        models.WorkCardOption,
        NAMED | {"kort": "about", "beroep": "profession", "bronnen": "sources"},
    ),
    Section(
        "werkkaart_links",
        models.WorkCardLink,
        {"slug": "slug", "hulpmiddel": "resource", "deel": "part", "voor": "audience"},
    ),
    Section(
        "gesprekken",
        models.ConversationGuide,
        NAMED
        | {
            "voluit": "full_name",
            "vorm": "support_kind",
            "beroep": "profession",
            "voor_wie": "for_whom",
            "relaties": "relations",
            "doel": "aim",
            "klachten": "complaints",
            "eerste_contact": "first_contact",
            "onderwerpen": Part(models.ConversationTopic, {"tekst": "text", "voorbeelden": "examples"}),
            "afspraken": "promises",
            "aangeboden_door": "offered_by",
            "aangeboden_url": "offered_url",
            "methode_van": "method_by",
            "methode_onderdelen": "method_parts",
            "vervolg": "follow_up",
            "methode_urls": "method_urls",
            "bronnen": "sources",
        },
    ),
    Section(
        "meetinstrumenten",
        models.Instrument,
        NAMED
        | {
            "voluit": "full_name",
            "soort": "kind",
            "makers": "makers",
            "wat_je_ziet": "measures",
            "vragen": "item_count",
            "antwoorden": "answers",
            "onderwerpen": "topics",
            "periode": "period",
            "minuten": "minutes",
            "zo_tel_je": "scoring",
            "punten": "counts",
            "hoger_is_beter": "more_is_better",
            "versies": "versions",
            "score_van": "score_from",
            "score_tot": "score_to",
            "afkappunt": "cut_off",
            "afkappunt_betekent": "cut_off_means",
            "ontbrekend_antwoord": "missing_answers",
            "zegt_wel": "means",
            "zegt_niet": "means_not",
            "let_op": "caution",
            "betrouwbaarheid": "reliability",
            "gebruik": "terms_of_use",
            "zekerheid": "certainty",
            "dimensies": Part(
                models.InstrumentDimension,
                {"code": "code", "naam": "name", "kort": "about", "richting": "direction"},
            ),
            "indeling": Part(
                models.InstrumentBand, {"naam": "name", "van": "score_from", "tot": "score_to", "aandeel": "share"}
            ),
            "urls": "urls",
            "hulpmiddel": "resource",
            "vorm": "support_kind",
            "bronnen": "sources",
        },
    ),
    Section(
        "synoniemen",
        models.Synonym,
        {"zoek_ook": "means", "beroepen": "professions", "vormen": "support_kinds"},
        spread="woorden",
    ),
]

SECTION_BY_NAME = {section.name: section for section in SECTIONS}
SECTION_BY_MODEL = {section.model: section for section in SECTIONS}

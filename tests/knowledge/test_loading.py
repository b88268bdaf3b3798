"""What is wrong in a content file is said with its file and line, and all of it at once. No database here."""

import pytest
import yaml

from knowledge.loading import CONTENT, ContentError, read_content
from knowledge.sections import SECTION_BY_NAME


def problems_in(content) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read_content(content.path)
    return [str(problem) for problem in caught.value.problems]


def the_problem_in(content) -> str:
    problems = problems_in(content)
    assert len(problems) == 1, problems
    return problems[0]


def test_our_own_files_are_right():
    entries = {section.name: found for section, found in read_content().items()}

    assert all(entries.values())
    assert entries["fasen"][0].place.file == "content/fasen.yaml"


def test_an_unknown_key(content):
    line = content.replace("themas.yaml", "  naam: Weerstand en taal", "  naamm: x\n  naam: Weerstand en taal")

    assert the_problem_in(content).startswith(
        f"content/themas.yaml:{line}: onbekende sleutel 'naamm' bij themas; bekend"
    )


def test_an_unknown_key_in_a_part(content):
    line = content.replace("fasen.yaml", "bron_naam: Verpleeghuisteam", "naam: Verpleeghuisteam")

    assert problems_in(content) == [
        f"content/fasen.yaml:{line}: onbekende sleutel 'naam' bij 'betrokken'; "
        "bekend zijn: beroep, vorm, waarvoor, bron_naam, nakijken",
        f"content/fasen.yaml:{line}: sleutel 'bron_naam' ontbreekt bij 'betrokken'",
    ]


def test_an_unknown_key_in_a_group(content):
    line = content.replace("beroepen/poh.yaml", "    spreker: Ilse", "    sprekster: Ilse")

    assert the_problem_in(content).startswith(f"content/beroepen/poh.yaml:{line}: onbekende sleutel 'sprekster'")


def test_an_unknown_section(content):
    content.write("extra.yaml", "# een opmerking\nthemass:\n- slug: x\n")

    assert the_problem_in(content).startswith(
        "content/extra.yaml:2: onbekend onderdeel 'themass'; bekend zijn: bronnen,"
    )


def test_a_missing_key(content):
    content.write("extra.yaml", "themas:\n- slug: nieuw\n  naam: Nieuw thema\n")

    assert the_problem_in(content) == "content/extra.yaml:2: sleutel 'kern' ontbreekt bij themas"


def test_an_entry_without_a_slug(content):
    content.write("extra.yaml", "sectoren:\n\n- naam: Onderwijs\n")

    assert the_problem_in(content) == "content/extra.yaml:3: sleutel 'slug' ontbreekt bij sectoren"


def test_a_synonym_without_words(content):
    content.write("extra.yaml", "synoniemen:\n- zoek_ook: [respijt]\n")

    assert the_problem_in(content) == "content/extra.yaml:2: sleutel 'woorden' ontbreekt bij synoniemen"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("naam: 2021", "bij 'naam' hoort tekst, en dit is een getal; zet er zo nodig aanhalingstekens omheen"),
        (
            "naam: {x: y}",
            "bij 'naam' hoort tekst, en dit is iets met sleutels; zet er zo nodig aanhalingstekens omheen",
        ),
        ("naam:", "bij 'naam' hoort tekst, en dit is niets; zet er zo nodig aanhalingstekens omheen"),
        ("naam: '  '", "'naam' is leeg; laat de sleutel dan weg"),
        ("ook_genoemd: huisdokter", "bij 'ook_genoemd' hoort een lijst, en dit is tekst"),
        ("ook_genoemd: [dokter, dokter]", "'dokter' staat twee keer bij 'ook_genoemd'"),
        ("sectoren: medisch", "bij 'sectoren' hoort een lijst, en dit is tekst"),
        ("nummer: vijf", "bij 'nummer' hoort een getal, en dit is tekst"),
        ("nakijken: ja", "bij 'nakijken' hoort true of false, en dit is tekst"),
        (
            "domein: kerk",
            "bij 'domein' kan 'kerk' niet; kies uit: gemeente, welzijn, zorg, ggz, onafhankelijk, informeel",
        ),
        ("soort: blad", "bij 'soort' kan 'blad' niet; kies uit: inspiratieblad, rol"),
        ("websites: movisie", "bij 'websites' hoort een lijst, en dit is tekst"),
        ("websites: [movisie, movisie]", "dit staat twee keer bij 'websites'"),
        ("citaat: Een collega", "hier horen sleutels met een waarde, en dit is tekst"),
        ("citaat: {functie: Huisarts, url: www.movisie.nl}", "bij 'url' hoort een adres dat begint met https://"),
        ("citaat: {functie: Huisarts, url: 'https://movisie nl'}", "'url' kan zo niet: Voer een geldige URL in."),
    ],
)
def test_a_value_of_the_wrong_kind(content, entry, message):
    known = {"slug": "slug: nieuw", "naam": "naam: Nieuw", "soort": "soort: rol", "rol": "rol: Doet iets."}
    known[entry.partition(":")[0]] = entry
    content.write("extra.yaml", "beroepen:\n- " + "\n  ".join(known.values()) + "\n")
    line = 2 + list(known.values()).index(entry)

    assert the_problem_in(content) == f"content/extra.yaml:{line}: {message}"


def test_a_date_that_does_not_exist(content):
    line = content.replace(
        "financiering.yaml",
        "  peildatum: 2025-12-24\n\n- slug: jeugdwet",
        "  peildatum: 2025-13-24\n\n- slug: jeugdwet",
    )

    assert the_problem_in(content).startswith(f"content/financiering.yaml:{line}: bij 'peildatum' hoort een datum")


def test_a_slug_that_cannot_be_an_address(content):
    content.write("extra.yaml", "sectoren:\n- slug: 'Eerste lijn'\n  naam: Eerste lijn\n")

    assert the_problem_in(content).startswith("content/extra.yaml:2: 'slug' kan zo niet:")


def test_a_name_that_is_too_long(content):
    content.write("extra.yaml", f"sectoren:\n- slug: lang\n  naam: {'x' * 61}\n")

    assert the_problem_in(content).startswith("content/extra.yaml:3: 'naam' kan zo niet:")


def test_a_key_that_stands_there_twice(content):
    line = content.replace("themas.yaml", "  naam: Respijt en lucht", "  naam: Respijt\n  naam: Respijt en lucht")

    assert the_problem_in(content) == f"content/themas.yaml:{line + 1}: sleutel 'naam' staat er twee keer"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "verhalen.yaml",
            "[weerstand-en-taal, respijt-en-lucht, rouw-en-verlies]",
            "[weerstand-en-taal, rust]",
            "'themas' verwijst naar 'rust', en dat bestaat niet bij themas",
        ),
        (
            "ondersteuning.yaml",
            "kort: Mantelzorgers steunen elkaar.",
            "kort: Mantelzorgers steunen elkaar.\n  financiering: [loterij]",
            "'financiering' verwijst naar 'loterij', en dat bestaat niet bij financiering",
        ),
        (
            "fasen.yaml",
            "{beroep: verpleeghuisteam,",
            "{beroep: verpleeghuis,",
            "'beroep' verwijst naar 'verpleeghuis', en dat bestaat niet bij beroepen",
        ),
        (
            "beroepen/poh.yaml",
            "  - nvvpo",
            "  - nvvpoh",
            "'verenigingen' verwijst naar 'nvvpoh', en dat bestaat niet bij landelijke_organisaties",
        ),
    ],
)
def test_a_reference_to_nothing(content, file, old, new, message):
    line = content.replace(file, old, new) + new.count("\n")

    assert the_problem_in(content) == f"content/{file}:{line}: {message}"


def test_a_double_slug_names_both_places(content):
    content.write("zelf.yaml", "sectoren:\n- slug: medisch\n  naam: Nog eens medisch\n")

    assert (
        the_problem_in(content) == "content/zelf.yaml:2: 'medisch' bestaat al bij sectoren, zie content/sectoren.yaml:3"
    )


def test_a_word_that_is_a_synonym_twice(content):
    content.write("zelf.yaml", "synoniemen:\n- woorden: [Oppas]\n  zoek_ook: [respijt]\n")

    assert the_problem_in(content).startswith(
        "content/zelf.yaml:2: 'oppas' bestaat al bij synoniemen, zie content/syno"
    )


def test_two_phases_with_one_number(content):
    line = content.replace("fasen.yaml", "- slug: diagnose\n  nummer: 2", "- slug: diagnose\n  nummer: 1")

    assert the_problem_in(content).startswith(f"content/fasen.yaml:{line}: 1 is al van 'niet-pluis', zie content/fasen")


def test_involved_is_a_profession_or_a_form_of_support(content):
    line = content.replace("fasen.yaml", "{vorm: logeerzorg, bron", "{vorm: logeerzorg, beroep: poh, bron")

    assert the_problem_in(content) == f"content/fasen.yaml:{line}: noem precies één van: beroep, vorm"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("themas:\n- slug: x\n naam: y\n", "content/extra.yaml:3: dit is geen geldige YAML: "),
        (
            "themas:\n  slug: x\n",
            "content/extra.yaml:2: onder 'themas' hoort een lijst, met een streepje voor elk stuk",
        ),
        ("- themas\n", "content/extra.yaml:1: hier horen sleutels met een waarde, en dit is een lijst"),
        ("themas:\n- los\n", "content/extra.yaml:2: hier horen sleutels met een waarde, en dit is tekst"),
        ("themas: []\n---\nthemas: []\n", "content/extra.yaml:2: dit is geen geldige YAML: "),
    ],
)
def test_a_file_of_the_wrong_shape(content, text, message):
    content.write("extra.yaml", text)

    assert the_problem_in(content).startswith(message)


def test_a_file_that_is_not_utf8(content):
    (content.path / "extra.yaml").write_bytes("themas: [] # é".encode("latin-1"))

    assert the_problem_in(content) == "content/extra.yaml:1: het bestand is niet opgeslagen als UTF-8"


def test_a_file_with_another_ending_is_not_overlooked(content):
    content.write("extra.yml", "themas: []\n")

    assert the_problem_in(content) == "content/extra.yml:1: een inhoudsbestand eindigt op .yaml"


def test_an_empty_file_is_no_mistake(content):
    content.write("extra.yaml", "# nog niets\n")

    read_content(content.path)


def test_a_folder_without_files(tmp_path):
    with pytest.raises(ContentError, match="hier staan geen inhoudsbestanden"):
        read_content(tmp_path)


def test_all_mistakes_are_said_at_once_in_the_order_of_the_files(content):
    content.write("a.yaml", "themas:\n- slug: x\n  vragen: {}\n")
    content.write("z.yaml", "sectoren:\n- naam: x\n")

    assert [problem.partition(": ")[0] for problem in problems_in(content)] == [
        "content/a.yaml:2",
        "content/a.yaml:2",
        "content/a.yaml:3",
        "content/z.yaml:2",
    ]


def test_the_files_mean_the_same_to_every_yaml_reader():
    """The reader in C forgives more than the one in Python, which is used where the C one is missing."""
    for path in CONTENT.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert yaml.load(text, Loader=yaml.SafeLoader) == yaml.load(text, Loader=yaml.CSafeLoader), path.name


def test_every_key_of_the_table_names_a_field():
    for section in SECTION_BY_NAME.values():
        for target in section.keys.values():
            if isinstance(target, str):
                section.model._meta.get_field(target)
            elif hasattr(target, "model"):
                assert all(target.model._meta.get_field(name) for name in (*target.keys.values(), *target.fixed))
            else:
                assert all(section.model._meta.get_field(name) for name in target.keys.values())

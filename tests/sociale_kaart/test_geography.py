"""The municipalities and postcodes of the Netherlands, from files that are checked before anything is loaded."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from sociale_kaart import fixed_tables
from sociale_kaart.models import Municipality, PostcodeArea

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path):
    """A copy of the geography files that a test may spoil."""
    shutil.copytree(fixed_tables.GEOGRAPHY, tmp_path, dirs_exist_ok=True)
    return tmp_path


def spoil(path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_there_are_342_municipalities_and_4086_postcodes():
    assert Municipality.objects.count() == 342
    assert PostcodeArea.objects.count() == 4086
    assert Municipality.objects.get(pk="GM0479").name == "Zaanstad"
    assert Municipality.objects.get(pk="GM0479").get_province_display() == "Noord-Holland"


def test_loading_again_writes_nothing(django_assert_max_num_queries):
    with django_assert_max_num_queries(5):  # savepoint, municipalities, postcodes, other municipalities, release
        changes = fixed_tables.load_geography()
    assert [(change.new, change.changed) for change in changes] == [(0, 0), (0, 0)]


def test_loading_again_mends_what_was_changed_by_hand():
    Municipality.objects.filter(pk="GM0479").update(name="Zaanstat")
    area = PostcodeArea.objects.get(pk="1096")
    area.other_municipalities.set(["GM0014"])
    assert fixed_tables.load_geography()[0].changed == 1
    assert Municipality.objects.get(pk="GM0479").name == "Zaanstad"
    assert [place.name for place in area.other_municipalities.all()] == ["Ouder-Amstel"]


@pytest.mark.parametrize("typed", ["1506 AB", "1506ab", " 1506  Ab ", "1506", "1506\u00a0AB"])
def test_a_postcode_is_found_however_it_was_typed(typed):
    assert [place.name for place in Municipality.objects.of_postcode(typed)] == ["Zaanstad"]


def test_a_postcode_in_two_municipalities_offers_both_the_likeliest_first():
    assert [place.name for place in Municipality.objects.of_postcode("1096 AB")] == ["Amsterdam", "Ouder-Amstel"]
    assert {name for _, name in PostcodeArea.objects.municipalities_at("1096")} == {"Amsterdam", "Ouder-Amstel"}


@pytest.mark.parametrize("typed", ["", "0123 AB", "15066 AB", "1506 A", "1506 SS", "1506 AB!", "zaandam", "1" * 500])
def test_what_cannot_be_a_postcode_leads_nowhere(typed):
    assert not Municipality.objects.of_postcode(typed).exists()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *(("krommenie", "GM0479"), (" Den Haag ", "GM0518"), ("'s-Gravenhage", "GM0518"), ("Sittard Geleen", "GM1883")),
        *(("’s-hertogenbosch", "GM0796"), ("Bergen", "GM0373"), ("bergen", "GM0893"), ("Bergen (NH.)", "GM0373")),
        *(("sudwest fryslan", "GM1900"), ("Alphen-Chaam", "GM1723"), ("Alphen Chaam", "GM1723")),
    ],
)
def test_a_place_is_found_by_its_name_or_by_what_people_call_it(typed, code):
    assert code in dict(PostcodeArea.objects.municipalities_at(typed))


@pytest.mark.parametrize("typed", ["-", "’", "%", "Nergenshuizen", "Berg", "(NH.)", ".*"])
def test_what_is_no_place_leads_nowhere(typed):
    assert PostcodeArea.objects.municipalities_at(typed) == []


def test_every_municipality_is_found_by_its_own_name(django_assert_num_queries):
    for municipality in Municipality.objects.all():
        assert municipality.pk in dict(PostcodeArea.objects.municipalities_at(municipality.name.upper()))
    with django_assert_num_queries(1):
        PostcodeArea.objects.municipalities_at("Zaandam")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("postcodes.csv", "1506,Zaandam,,GM0479", "1506,Zaandam,,GM9999", "line .*GM9999 is not in municipalities.csv"),
        ("postcodes.csv", "1507,", "1506,", "line .*1506 stands there twice"),
        ("postcodes.csv", "1507,Zaandam", "1507", "line .*more or fewer columns"),
        ("postcodes.csv", "other_places", "elders", "column 'other_places' is missing"),
        ("municipalities.csv", "PV27", "PV99", "line .*PV99"),
        ("municipalities.csv", "Zaanstad", "", "line .*name"),
        ("municipalities.csv", "52.4667", "noord", "line .*noord"),
    ],
)
def test_a_mistake_in_a_file_loads_nothing_and_says_where(files, file, old, new, message):
    Municipality.objects.filter(pk="GM0014").update(name="Groningen oud")
    spoil(files / file, old, new)
    with pytest.raises(fixed_tables.FileMistake, match=rf"{file}.*{message}"):
        fixed_tables.load_geography(files)
    assert Municipality.objects.get(pk="GM0014").name == "Groningen oud"


def test_the_command_says_it_in_one_sentence(files, monkeypatch):
    spoil(files / "postcodes.csv", "1507,", "1506,")
    load = fixed_tables.load_geography
    monkeypatch.setattr(fixed_tables, "load_geography", lambda: load(files))
    with pytest.raises(CommandError, match=r"Nothing was loaded\. postcodes\.csv, line"):
        call_command("load_geography")


def test_target_groups_and_languages_are_loaded_once():
    assert [(change.new, change.changed) for change in fixed_tables.load_lists()] == [(0, 0), (0, 0)]

"""Search forgives: stems, typing errors, everyday words, halves of words. And it never trips over what people type."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge.models import Phase, Profession, SupportKind, Synonym
from sociale_kaart import actions
from sociale_kaart.models import SearchRow, SearchWord, Service
from sociale_kaart.search import SearchQuery, find
from sociale_kaart.search.query import MANY
from tests.factories import make_organisation, make_service

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def directory(db):
    """Four services of two organisations; names of services by which the tests speak of them."""
    house = make_organisation("Het Buitenhuis")
    centre = make_organisation("Steunpunt Zaanstreek")
    stay = make_service(
        house,
        "Kortdurend verblijf",
        everyday_name="Logeerhuis aan de Zaan",
        summary="Degene voor wie je zorgt logeert een paar dagen elders.",
        kinds=["logeerzorg"],
        phases=["thuis-gaat-niet-meer"],
    )
    stay.target_groups.set(["partners"])
    make_service(
        centre,
        "Gesprek met een mantelzorgconsulent",
        summary="Praten over wat zwaar is, thuis of bij ons.",
        kinds=["gesprek-mantelzorgconsulent"],
        municipalities=["GM0479", "GM0439"],
    )
    make_service(
        centre,
        "Hulp met papieren",
        summary="Samen de formulieren invullen.",
        description="Ook voor de café-eigenaar die mantelzorger is.",
        kinds=["mantelzorgmakelaar"],
        municipalities=["GM0439"],
    )
    make_service(centre, "Wandelgroep", summary="Een blokje om met andere mantelzorgers.", kinds=["lotgenotencontact"])
    actions.refresh_search()


def names(text: str = "", **filters) -> list[str]:
    return [hit.title for hit in find(SearchQuery(text=text, **filters), TODAY).hits]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("logeerhuis", "Logeerhuis aan de Zaan"),
        ("logeerhu", "Logeerhuis aan de Zaan"),  # still typing
        ("verblijf kortdurend", "Logeerhuis aan de Zaan"),  # the formal name, in any order
        ("formulier", "Hulp met papieren"),  # one of many
        ("FORMULIEREN", "Hulp met papieren"),
        ("cafe eigenaren", "Hulp met papieren"),  # accents and stems
        ("café-eigenaar", "Hulp met papieren"),
        ("wandelgroepen", "Wandelgroep"),
        ("buitenhuis", "Logeerhuis aan de Zaan"),  # the organisation
        ("partners", "Logeerhuis aan de Zaan"),  # for whom
        ("lotgenotencontact", "Wandelgroep"),  # the kind
    ],
)
def test_a_service_is_found_by_its_words_in_any_form(directory, text, first):
    assert names(text)[0] == first


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("logerhuis", "Logeerhuis aan de Zaan"),
        ("mantelsorgconsulent", "Gesprek met een mantelzorgconsulent"),
        ("formuliren", "Hulp met papieren"),
        ("wandelgoep", "Wandelgroep"),
        ("consulent gesprk", "Gesprek met een mantelzorgconsulent"),
        ("zorgconsulent", "Gesprek met een mantelzorgconsulent"),  # half of a compound
    ],
)
def test_a_typing_error_finds_what_was_meant(directory, typed, first):
    page = find(SearchQuery(text=typed), TODAY)
    assert page.hits[0].title == first
    assert page.is_loose


@pytest.mark.parametrize(
    ("everyday", "first"),
    [
        ("regisseur", "Gesprek met een mantelzorgconsulent"),
        ("respijt", "Logeerhuis aan de Zaan"),
        ("even vrij", "Logeerhuis aan de Zaan"),
        ("logeren", "Logeerhuis aan de Zaan"),
    ],
)
def test_everyday_words_find_what_is_called_otherwise_here(directory, everyday, first):
    assert first in names(everyday)


def test_a_new_synonym_works_after_a_refresh(directory):
    Synonym.objects.create(word="ommetje", means=["blokje om"])
    assert "Wandelgroep" not in names("ommetje")
    actions.refresh_search()
    assert names("ommetje") == ["Wandelgroep"]


def test_a_sentence_finds_what_has_some_of_its_words_and_most_first(directory):
    page = find(SearchQuery(text="wie helpt mijn moeder met formulieren en papieren van de gemeente?"), TODAY)
    assert page.is_loose
    assert page.hits[0].title == "Hulp met papieren"


def test_words_that_say_nothing_do_not_narrow(directory):
    assert len(names("de het een voor")) == 4


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"municipalities": ("GM0439",)}, {"Gesprek met een mantelzorgconsulent", "Hulp met papieren"}),
        ({"municipalities": ("GM0439", "GM0014")}, {"Gesprek met een mantelzorgconsulent", "Hulp met papieren"}),
        ({"municipalities": ("GM0014",)}, set()),
        ({"kind": "logeerzorg"}, {"Logeerhuis aan de Zaan"}),
        ({"phase": "thuis-gaat-niet-meer"}, {"Logeerhuis aan de Zaan"}),
        ({"target_group": "partners"}, {"Logeerhuis aan de Zaan"}),
        ({"kind": "logeerzorg", "municipalities": ("GM0439",)}, set()),
        ({"kind": "bestaat-niet"}, set()),
        ({"text": "zwaar", "municipalities": ("GM0479",)}, {"Gesprek met een mantelzorgconsulent"}),
        ({"text": "zwaar", "kind": "logeerzorg"}, set()),
    ],
)
def test_filters_narrow_with_and_without_words(directory, filters, found):
    assert set(names(**filters)) == found


def test_a_name_counts_for_more_than_a_mention(directory):
    organisation = make_organisation("Andere")
    make_service(organisation, "Kookclub", description="Wij hebben ook een wandelgroep.")
    actions.refresh_search()
    assert names("wandelgroep") == ["Wandelgroep", "Kookclub"]


def test_what_is_full_or_stale_comes_after_its_equal(db):
    organisation = make_organisation("Welzijn")
    make_service(organisation, "Maatje vers")  # the oldest row: a tie would put it last
    make_service(organisation, "Maatje vol", capacity="vol", capacity_on=TODAY)
    make_service(
        organisation,
        "Maatje oud",
        checked_on=TODAY - datetime.timedelta(days=200),
        next_check_on=TODAY - datetime.timedelta(days=1),
    )
    actions.refresh_search()
    assert names("maatje")[0] == "Maatje vers"
    assert names() == ["Maatje vers", "Maatje oud", "Maatje vol"]
    assert [hit.is_stale for hit in find(SearchQuery(), TODAY).hits] == [False, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "'\"&|!:*()<->",
        "logeerhuis & | ! '",
        "'; DROP TABLE sociale_kaart_service; --",
        "%s %(words)s {words} %",
        "\\' \\\\",
        "a:* & b",
        "logeerhuis\x00",
        "مرحبا 🎉 שלום",
        "\u202elogeerhuis",
        "x" * 10_000,
        "woord " * 5_000,
        "1506 AB",
        "ﬁ ½ ①",
        "_ __ -",
    ],
)
def test_nothing_that_is_typed_is_an_error(directory, text):
    page = find(SearchQuery(text=text, kind="'", phase="%s", target_group="\\", municipalities=("'--",)), TODAY)
    assert page.hits == []
    find(SearchQuery(text=text), TODAY)
    assert Service.objects.count() == 4


@pytest.mark.parametrize("after", ["", "x", "s20", "s-1_0_0", "s1_nan_" + "0" * 32, "s1_1e999_" + "a" * 32, "' OR 1=1"])
def test_a_made_up_page_key_shows_a_page(directory, after):
    assert find(SearchQuery(after=after), TODAY).first in (0, 1, 2)
    find(SearchQuery(text="gesprek", after=after), TODAY)


@pytest.mark.parametrize("order", ["", "nagekeken", "afstand"])
@pytest.mark.parametrize("score", ["9e99", "-9e99", "1e300", "-2147483648", "2147483647", "99999999", "-1e-300"])
def test_a_key_from_beyond_the_calendar_shows_a_page(directory, order, score):
    for text in ("", "gesprek"):
        find(SearchQuery(text, municipalities=("GM0479",), order=order, after=f"s1_{score}_{'0' * 32}"), TODAY)


# Pages --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "maatje", "maatjj"])  # by standing, by rank, and loosely by rank
def test_pages_follow_each_other_without_gaps_or_doubles(db, text):
    organisation = make_organisation("Welzijn")
    for number in range(45):
        make_service(organisation, f"Maatje {number}", checked_on=TODAY - datetime.timedelta(days=number % 3))
    actions.refresh_search()
    seen, after, places = [], "", []
    for _ in range(3):
        page = find(SearchQuery(text=text, after=after), TODAY)
        seen += [hit.slug for hit in page.hits]
        places.append((page.first, page.last, page.total))
        after = page.next_after
    assert places == [(1, 20, 45), (21, 40, 45), (41, 45, 45)]
    assert after == ""
    assert len(set(seen)) == 45


def test_counting_stops_at_many(db, monkeypatch):
    monkeypatch.setattr("sociale_kaart.search.query.MANY", 3)
    organisation = make_organisation("Welzijn")
    for number in range(6):
        make_service(organisation, f"Maatje {number}")
    actions.refresh_search()
    assert find(SearchQuery(text="maatje"), TODAY).total == 4
    assert find(SearchQuery(), TODAY).total == 4
    assert MANY == 1000


def test_no_search_skips_rows_or_counts_them_all(directory):
    with CaptureQueriesContext(connection) as queries:
        for text in ("", "gesprek", "gesprk"):
            page = find(SearchQuery(text=text, size=1), TODAY)
            find(SearchQuery(text=text, size=1, after=page.next_after), TODAY)
    sql = " ".join(query["sql"].upper() for query in queries)
    assert "OFFSET" not in sql
    assert sql.count("COUNT(*)") == sql.count("LIMIT 1001) COUNTED")


def test_an_ordinary_search_is_one_query_and_a_typing_error_three(directory):
    with CaptureQueriesContext(connection) as queries:
        find(SearchQuery(text="gesprek", municipalities=("GM0479",)), TODAY)
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:  # nothing found, words that look like it, found loosely
        find(SearchQuery(text="gesprk", municipalities=("GM0479",)), TODAY)
    assert len(queries) == 3


# What search knows --------------------------------------------------------------------------------------------------


def test_only_published_services_can_be_found(directory):
    Service.objects.filter(name="Wandelgroep").update(status="paused")
    actions.refresh_search()
    assert "Wandelgroep" not in names()
    assert SearchRow.objects.count() == 3


def test_what_is_retired_finds_a_service_no_more(db, steunpunt):
    service = make_service(steunpunt, "Samen eropuit", phases=["diagnose"])
    service.professions.set(["psycholoog"])
    actions.refresh_search(service)
    assert names("psycholoog") == names(phase="diagnose") == ["Samen eropuit"]
    Profession.objects.filter(pk="psycholoog").update(retired=True)
    Phase.objects.filter(pk="diagnose").update(retired=True)
    SupportKind.objects.filter(services=service).update(retired=True)
    kind = service.kinds.get().pk
    actions.refresh_search(service)
    assert (names("psycholoog"), names(phase="diagnose"), names(kind=kind)) == ([], [], [])


def test_refreshing_one_service_leaves_the_others_alone(directory):
    Service.objects.update(name="Tuinclub", everyday_name="")
    actions.refresh_search(Service.objects.get(slug="wandelgroep"))
    assert len(names("tuinclub")) == 1
    assert SearchRow.objects.count() == 4


def test_refreshing_everything_forgets_words_that_no_service_uses_any_more(directory):
    SearchWord.objects.create(word="verdwenen")
    actions.refresh_search()
    assert not SearchWord.objects.filter(word="verdwenen").exists()
    assert SearchWord.objects.filter(word="wandelgroep").exists()


def test_the_text_of_a_search_row_is_kept_inline(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attstorage FROM pg_attribute "
            "WHERE attrelid = 'sociale_kaart_searchrow'::regclass AND attname = 'document'"
        )
        assert cursor.fetchone() == ("m",)

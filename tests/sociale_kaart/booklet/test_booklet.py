"""What stands in the booklet of a municipality, and on which page."""

import datetime
import io
import re

import pytest
from django.conf import settings as project_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from sociale_kaart.booklet import contents, paper
from sociale_kaart.models import Contact, Municipality, Schedule, Service
from tests.factories import make_organisation, make_service

ZAANSTAD = "GM0479"


@pytest.fixture
def welfare(db):
    return make_organisation("Welzijn Oost", municipalities=[ZAANSTAD], phone="075 555 01 10", place="Zaandam")


def booklet(code: str = ZAANSTAD) -> contents.Booklet:
    return contents.of(Municipality.objects.get(pk=code))


def pages_of(made: contents.Booklet) -> list[str]:
    """The text of each page, on one line."""
    content, count = paper.make(made, lambda: None)
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == count
    return [" ".join(page.extract_text().replace("\x00", "").split()) for page in reader.pages]


def whole_text(made: contents.Booklet | None = None) -> str:
    return " ".join(pages_of(made or booklet()))


# What stands in it ----------------------------------------------------------------------------------------------------


def test_a_service_stands_in_it_with_all_that_one_asks_by_phone(welfare):
    service = make_service(
        welfare,
        "Dagbesteding",
        kinds=["dagbesteding-duo"],
        everyday_name="Kookatelier",
        summary="Samen koken op dinsdag.",
        for_whom="Voor wie dementie heeft.",
        access="verwijzing",
        caller="ontvanger",
        call_within_days=3,
        cost_kind="kleine-bijdrage",
        cost_note="Vijf euro per keer.",
        capacity="wachtlijst",
        wait_weeks=4,
        capacity_on=datetime.date(2026, 3, 27),
        zonder_dossier=True,
        website="https://www.welzijn-oost.example/koken/",
    )
    service.languages.set(["nl", "tr"])
    Schedule.objects.create(service=service, byday="MO", opens_at=datetime.time(9), closes_at=datetime.time(12))
    text = whole_text()
    for said in (
        "Kookatelier",
        "Officieel: Dagbesteding",
        "Welzijn Oost, Zaandam",
        "075 555 01 10",
        "Samen koken op dinsdag.",
        "Voor wie dementie heeft.",
        "Met een verwijzing van een professional.",
        "Welzijn Oost belt de mantelzorger, binnen 3 werkdagen.",
        "Zonder dossier",
        "Kleine bijdrage. Vijf euro per keer.",
        "Er is een wachtlijst van ongeveer 4 weken. Stand van 27 maart 2026.",
        "Turks",
        "ma 09:00-12:00",
        "welzijn-oost.example/koken",
        f"Nagekeken {contents.day_in_words(timezone.localdate())}.",
    ):
        assert said in text, said


def test_the_cover_says_of_where_of_when_and_who_keeps_it(welfare, consulent):
    make_service(welfare, "Klusdienst")
    cover, inside, *_ = pages_of(booklet())
    assert "Sociale kaart van Zaanstad" in cover
    assert f"1 keer aanbod · stand van {contents.day_in_words(timezone.localdate())}" in cover
    assert f"Bijgehouden door {consulent.organisation}" in cover
    assert inside.startswith("Inhoud")


@pytest.mark.parametrize("status", ["draft", "paused", "archived"])
def test_only_what_is_published_stands_in_it(welfare, status):
    make_service(welfare, "Wel te vinden")
    make_service(welfare, "Nog niet te vinden", status=status)
    make_service(welfare, "Elders te vinden", municipalities=["GM0363"])
    assert [card.title for card in cards(booklet())] == ["Wel te vinden"]
    assert "te vinden" not in whole_text().replace("Wel te vinden", "")


def test_who_reads_it_is_not_told_to_call_in_place_of_who_refers(welfare):
    make_service(welfare, "Waken", caller="verwijzer", call_within_days=2, municipalities=["GM0479"])
    said = f"Een professional belt {welfare.name}. Daarna is er binnen 2 werkdagen contact met de mantelzorger."
    assert said in whole_text()
    assert "Jij belt" not in whole_text()


def test_a_contact_stands_in_it_only_when_that_may_be_public(welfare):
    service = make_service(welfare, "Maatje")
    other = make_service(welfare, "Praatgroep")
    Contact.objects.create(organisation=welfare, name="Geheime Gerda", phone="06 11111111")
    Contact.objects.create(organisation=welfare, name="Openbare Olga", phone="06 22222222", is_public=True)
    Contact.objects.create(organisation=welfare, service=service, name="Stille Sjors", email="sjors@oost.example")
    Contact.objects.create(organisation=welfare, service=other, name="Bekende Bep", phone="06 33333333", is_public=True)
    text = whole_text()
    for private in ("Gerda", "11111111", "Sjors", "sjors@"):
        assert private not in text
    assert "Openbare Olga, 06 22222222" in text  # for the service that has nobody of its own who may be public
    assert "Bekende Bep, 06 33333333" in text


def test_what_was_not_checked_for_long_is_marked_and_counted_on_the_cover(welfare):
    long_ago = timezone.localdate() - datetime.timedelta(days=400)
    make_service(welfare, "Oud", checked_on=long_ago, next_check_on=long_ago + datetime.timedelta(days=180))
    make_service(welfare, "Nieuw")
    cover, *inside = pages_of(booklet())
    assert "Bij 1 keer aanbod staat lang niet nagekeken" in cover
    assert f"Nagekeken {contents.day_in_words(long_ago)}: lang niet nagekeken." in " ".join(inside)


def test_a_service_stands_in_full_once_and_is_named_where_else_it_fits(welfare):
    make_service(welfare, "Logeerhuis", kinds=["respijt-aan-huis", "logeerzorg"], summary="Een paar nachten weg.")
    made = booklet()
    chapter = made.chapters[0]
    in_full = [section.name for section in chapter.sections if section.cards]
    elsewhere = [section.name for section in chapter.sections if section.elsewhere]
    assert (len(in_full), len(elsewhere)) == (1, 1)
    text = whole_text(made)
    assert text.count("Een paar nachten weg.") == 1
    assert "Dit past hierbij" in text
    assert f"Logeerhuis Welzijn Oost {cards(made)[0].page}" in text


def test_a_service_of_no_kind_and_a_phase_without_services_are_there_all_the_same(welfare):
    make_service(welfare, "Buitenbeentje", kinds=[])
    made = booklet()
    assert [chapter.name for chapter in made.chapters] == [contents.OTHER]
    assert "Bij deze fase staat nog geen aanbod op de kaart." in whole_text(made)


def test_there_is_a_code_to_scan_only_where_the_installation_says_what_it_opened(welfare, settings):
    make_service(welfare, "Klusdienst")
    settings.PUBLIC_DIRECTORY_URL = ""
    assert "Scan de code" not in pages_of(booklet())[0]
    settings.PUBLIC_DIRECTORY_URL = "https://kaart.example/{gemeente}/"
    made = booklet()
    assert "https://kaart.example/zaanstad/" in pages_of(made)[0]
    assert made.square["path"].startswith("M")


def test_an_installation_has_opened_nothing_unless_it_says_so():
    assert project_settings.PUBLIC_DIRECTORY_URL == ""


def test_a_text_can_make_no_markup_of_its_own(welfare):
    make_service(welfare, "<script>x</script>", summary="<img src=https://elders.example/x.png> & meer")
    assert "<img src=https://elders.example/x.png> & meer" in whole_text()


# On which page --------------------------------------------------------------------------------------------------------


def cards(made: contents.Booklet) -> list[contents.Card]:
    return [card for chapter in made.chapters for section in chapter.sections for card in section.cards]


def fill(welfare, count: int) -> None:
    others = {}
    for number in range(0, count, 3):
        others[number] = make_organisation(f"Stichting {count}.{number}", municipalities=[ZAANSTAD])
    kinds = ["logeerzorg", "respijt-aan-huis", "dagbesteding-duo", "lotgenotencontact", "mantelzorgmakelaar"]
    for number in range(count):
        service = make_service(
            welfare if number % 3 else others[number],
            f"Formeel {number:02}",
            everyday_name=f"Gewoon {number:02}",
            kinds=[kinds[number % 5], kinds[(number + 1) % 5]],
            phases=["niet-pluis", "diagnose"][: number % 3],
            summary=f"Zin{number:02}.",
            description="Hier staat wat het is. " * (5 + 7 * (number % 6)),
        )
        assert service.pk


def test_every_page_number_leads_to_the_page_where_it_stands(welfare):
    fill(welfare, 40)
    made = booklet()
    pages = pages_of(made)
    assert len(pages) > 10
    for number, text in enumerate(pages[1:], 2):  # each page says which it is; the cover does not
        assert text.endswith(f" {number}") or f"{made.today} {number}" in text, (number, text[-60:])
    for card in cards(made):
        assert f"Zin{card.title[-2:]}." in pages[card.page - 1]
    contents_page = pages[1]
    for chapter in made.chapters:
        assert chapter.name in pages[chapter.page - 1]
        for thing in (chapter, *chapter.sections):
            assert f"{thing.name} {thing.page}" in contents_page
            assert thing.name in pages[thing.page - 1]
    for phase in made.phases:
        assert f"{phase.name} {phase.page}" in contents_page
        assert phase.name in pages[phase.page - 1]
    assert f"Register {made.index_page}" in contents_page
    assert "Register" in pages[made.index_page - 1]
    index, phases = " ".join(pages[made.index_page - 1 :]), " ".join(pages[made.phases_page - 1 : made.index_page - 1])
    for card in cards(made):
        for name in (card.title, card.formal):
            assert f"{name} {card.organisation} {card.page} " in f"{index} "
    for phase in made.phases:
        for card in phase.elsewhere:
            assert f"{card.title} {card.organisation} {card.page} " in f"{phases} "
    kinds = " ".join(pages[: made.phases_page - 1])
    elsewhere = [card for chapter in made.chapters for section in chapter.sections for card in section.elsewhere]
    assert elsewhere
    for card in elsewhere:
        assert f"{card.title} {card.organisation} {card.page} " in kinds


def test_an_organisation_stands_in_the_index_with_each_page_once(welfare):
    fill(welfare, 12)
    made = booklet()
    pages = pages_of(made)
    offered = sorted({card.page for card in cards(made) if card.organisation == "Welzijn Oost"})
    assert f"Welzijn Oost {', '.join(map(str, offered))} " in " ".join(pages[made.index_page - 1 :])


def test_no_service_begins_at_the_foot_of_a_page_and_goes_on_overleaf(welfare):
    fill(welfare, 20)
    made = booklet()
    pages = pages_of(made)
    for card in cards(made):
        text = pages[card.page - 1]
        assert "Nagekeken" in text[text.index(f"Zin{card.title[-2:]}.") :]


def test_the_index_is_in_the_order_of_the_alphabet_without_accents_and_capitals(welfare):
    for name in ("Ömer belt", "omweg", "'t Anker", "24 uur opvang", "Zon", "Ommetje"):
        make_service(welfare, name, slug=re.sub("[^a-z]", "", name.lower()) + "x")
    index = dict(booklet().index)
    assert list(index) == ["0-9", "O", "T", "W", "Z"]
    assert [entry.name for entry in index["O"]] == ["Ömer belt", "Ommetje", "omweg"]


# What it costs, and what it is ----------------------------------------------------------------------------------------


def test_it_asks_the_database_as_much_for_one_service_as_for_fifty(welfare):
    municipality = Municipality.objects.get(pk=ZAANSTAD)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            contents.of(municipality)
        return len(asked)

    fill(welfare, 1)
    one = queries()
    # the services; kinds, phases, contacts, those of organisations, target groups, languages, financing, locations,
    # opening hours; all phases; who keeps it
    assert one <= 13
    Service.objects.all().delete()
    fill(welfare, 50)
    assert queries() == one


def test_it_is_a_tagged_dutch_paper_that_says_what_it_is(welfare):
    fill(welfare, 5)
    content, _ = paper.make(booklet(), lambda: None)
    reader = PdfReader(io.BytesIO(content))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("nl", True)
    assert reader.metadata.title == "Sociale kaart van Zaanstad"
    assert b"pdfuaid" in content or b"pdfuaid" in root["/Metadata"].get_object().get_data()
    names = set(reader.named_destinations)
    assert {"inhoud", "fasen", "register", "a1", "a5"} <= names  # what is referred to in one part stands in another
    assert [page["/Parent"] is not None for page in reader.pages]

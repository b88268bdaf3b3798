"""The sheet of a profession on paper, read back: pages, tags, words and links."""

import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from knowledge.models import LinkCheck, Profession, Resource
from knowledge.papers import short_address
from sociale_kaart.models import Contact, LocalNote
from tests.factories import make_organisation, make_service, make_user


def read_back(response) -> tuple[PdfReader, str]:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.content))
    text = "\n".join(page.extract_text() for page in reader.pages).replace("\x00", "")
    return reader, " ".join(text.split())


def paper(client, slug):
    return client.get(reverse("profession_paper", args=[slug]))


def links(reader) -> set[str]:
    annotations = [each.get_object() for page in reader.pages for each in page.get("/Annots", [])]
    return {each["/A"]["/URI"] for each in annotations if "/URI" in each.get("/A", {})}


def test_a_sheet_takes_two_pages_and_a_role_one(sender, client_of):
    client = client_of(sender)
    pages = {
        profession.pk: len(read_back(paper(client, profession.pk))[0].pages)
        for profession in Profession.objects.current()
    }
    assert len(pages) == 28
    sheets = set(Profession.objects.sheets().values_list("pk", flat=True))
    assert {slug for slug, count in pages.items() if count == 2} == sheets
    assert set(pages.values()) == {1, 2}


def test_a_sheet_is_tagged_dutch_and_named(sender, client_of):
    reader, text = read_back(paper(client_of(sender), "poh"))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Praktijkondersteuner huisartsen (POH): inspiratieblad"
    assert "Pagina 2 van 2" in text


def test_a_sheet_says_all_that_its_page_says(sender, client_of):
    for slug in ("casemanager-dementie", "poh", "mantelzorgcoach"):
        profession = Profession.objects.for_page().get(pk=slug)
        reader, text = read_back(paper(client_of(sender), slug))
        said = [
            profession.role,
            profession.when_to_involve,
            profession.note,
            *profession.attention_points,
            *profession.chances,
            *(use.resource.name for use in profession.resource_uses.all()),
            *(row.organisation.name for row in profession.association_rows.all()),
            *(involvement.phase.name for involvement in profession.phase_involvements.all()),
            *(level.name for level in profession.levels.all()),
            *(source.name for source in profession.sources.all()),
        ]
        websites = {use.resource.name for use in profession.uses_by_part.get("websites", [])}  # by their address
        plain = text.replace(" ", "").replace("-", "")  # where a line broke at a hyphen
        for words in said:
            assert words in websites or "".join(words.split()).replace("-", "") in plain, words
        hrefs = {use.resource.href for use in profession.resource_uses.all()} - {""}
        assert {url.rstrip("/") for url in hrefs} <= {url.rstrip("/") for url in links(reader)}


def test_it_says_who_that_is_near_the_reader(sender, steunpunt, client_of):
    make_service(steunpunt, "Koffie met de makelaar", kinds=["mantelzorgmakelaar"], municipalities=["GM0479"])
    Contact.objects.create(
        organisation=steunpunt,
        profession_id="mantelzorgmakelaar",
        title="Makelaar",
        name="Bureau",
        phone="075 555 01 61",
    )
    _, text = read_back(paper(client_of(sender), "mantelzorgmakelaar"))
    for words in ("bij jou in de buurt: Zaanstad", "Koffie met de makelaar", "Bureau, Makelaar", "075 555 01 61"):
        assert words in text
    _, text = read_back(paper(client_of(sender), "poh"))
    assert "Op de sociale kaart staat hier nog niemand" in text


def test_much_that_is_near_does_not_make_a_third_page(sender, consulent, steunpunt, client_of):
    for number in range(8):
        organisation = make_organisation(f"Organisatie met een lange naam nummer {number}", municipalities=["GM0479"])
        make_service(
            organisation, f"Een dienst met een lange naam {number}", kinds=["huisarts-poh"], municipalities=["GM0479"]
        )
        Contact.objects.create(
            organisation=organisation, profession_id="huisarts", title="Huisarts", phone="075 555 01 61"
        )
        note = LocalNote.objects.create(
            profession_id="huisarts", text="Hier gaat het anders. " * 80, organisation=steunpunt, written_by=consulent
        )
        note.municipalities.set(["GM0479"])
    reader, text = read_back(paper(client_of(sender), "huisarts"))
    assert len(reader.pages) == 2
    assert "Er is meer: kijk op de pagina van dit beroep" in text


def test_a_local_note_stands_apart_with_who_wrote_it_and_when(sender, consulent, steunpunt, client_of):
    note = LocalNote.objects.create(
        profession_id="poh", text="Bel op dinsdag.", organisation=steunpunt, written_by=consulent
    )
    note.municipalities.set(["GM0479"])
    _, text = read_back(paper(client_of(sender), "poh"))
    assert "Bel op dinsdag. Plaatselijke aanvulling voor Zaanstad, van " in text
    note.municipalities.set(["GM0439"])
    assert "Bel op dinsdag" not in read_back(paper(client_of(sender), "poh"))[1]


def test_a_dead_link_is_no_link_and_the_others_say_how_old_they_are(sender, client_of):
    sofa = Resource.objects.get(pk="sofa-model").url
    reader, text = read_back(paper(client_of(sender), "mantelzorgmakelaar"))
    assert sofa in links(reader)
    assert "De adressen: in de bron van" in text
    now = timezone.make_aware(datetime.datetime(2026, 11, 3, 12))
    LinkCheck.objects.create(url=sofa, outcome="dood", status=404, checked_at=now)
    LinkCheck.objects.create(url="https://www.bmzm.nl", outcome="ok", status=200, checked_at=now, worked_at=now)
    reader, text = read_back(paper(client_of(sender), "mantelzorgmakelaar"))
    assert sofa not in links(reader)
    assert "Het adres werkt niet meer." in text


def test_who_works_nowhere_gets_the_sheet_without_a_neighbourhood(db, client_of):
    nobody = make_user("Nergens in dienst")
    reader, text = read_back(paper(client_of(nobody), "poh"))
    assert len(reader.pages) == 2
    assert "bij jou in de buurt" not in text


def test_a_profession_that_is_not_there_has_no_paper(sender, client_of):
    assert paper(client_of(sender), "dorpsomroeper").status_code == 404


def test_the_number_of_queries_is_the_same_for_one_and_for_many(sender, client_of, django_assert_max_num_queries):
    client = client_of(sender)
    paper(client, "poh")
    with django_assert_max_num_queries(30):
        paper(client, "casemanager-dementie")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.mantelzorg.nl/", "mantelzorg.nl"),
        ("https://bmzm.nl/leden", "bmzm.nl/leden"),
        ("https://www.movisie.nl/een/heel-lang-pad/dat-niemand-over-gaat-typen", "movisie.nl"),
        ("https://youtube.com/watch?v=x", "youtube.com"),
    ],
)
def test_an_address_is_as_short_as_one_can_type(url, shown):
    assert short_address(url) == shown

"""Wie is wie: who is found under which profession, on the page and on the poster."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from knowledge.models import Profession
from mantelzorg import pdf
from sociale_kaart import actions, who_is_who
from sociale_kaart.demo.loading import load_region
from sociale_kaart.models import Contact, Municipality, Organisation, Service
from tests.factories import make_organisation, make_service


@pytest.fixture
def wmo(db):
    return make_organisation("Gemeente Zaanstad", kind="gemeente", municipalities=["GM0479"], phone="075 555 01 10")


def add_contact(organisation, profession, **fields) -> Contact:
    fields = {"title": "Consulent", "name": "Loes Bakker", "phone": "075 555 01 11"} | fields
    return Contact.objects.create(organisation=organisation, profession_id=profession, **fields)


def found(slug: str, code: str = "GM0479") -> list[who_is_who.Way]:
    who = who_is_who.of(Municipality.objects.get(pk=code))
    return [way for _, members in who.groups for known in members if known.slug == slug for way in known.ways]


def page(client, slug="zaanstad") -> str:
    response = client.get(reverse("who_is_who", args=[slug]))
    assert response.status_code == 200
    return response.content.decode()


def poster(client, slug="zaanstad") -> tuple[PdfReader, str]:
    response = client.get(reverse("who_is_who_paper", args=[slug]))
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.content))
    text = "\n".join(page.extract_text() for page in reader.pages).replace("\x00", "")
    return reader, " ".join(text.split())


# Who is found ---------------------------------------------------------------------------------------------------------


def test_every_profession_has_a_place_of_its_own_among_the_groups(db):
    slugs = [slug for group in who_is_who.GROUPS.values() for slug in group]
    assert len(slugs) == len(set(slugs))
    assert set(slugs) == set(Profession.objects.current().filter(same_as=None).values_list("pk", flat=True))


def test_a_contact_and_a_service_of_one_organisation_stand_together(wmo):
    add_contact(wmo, "wmo-consulent")
    make_service(wmo, "Hulp in huis", kinds=["wmo-voorzieningen"], municipalities=["GM0479"])
    [way] = found("wmo-consulent")
    assert [contact["name"] for contact in way.contacts] == ["Loes Bakker"]
    assert [service["title"] for service in way.services] == ["Hulp in huis"]


def test_a_service_counts_for_whom_it_names_and_otherwise_for_its_kind(wmo):
    service = make_service(wmo, "Hulp in huis", kinds=["wmo-voorzieningen"], municipalities=["GM0479"])
    service.professions.set(["wijkteam"])
    assert found("wmo-consulent") == []
    assert [way.organisation for way in found("wijkteam")] == ["Gemeente Zaanstad"]


def test_the_same_work_under_another_name_is_one_entry(wmo):
    add_contact(wmo, "mantelzorgregisseur")
    assert [way.organisation for way in found("mantelzorgconsulent")] == ["Gemeente Zaanstad"]
    names = {known.slug: known.also for _, members in who_is_who.of(_zaanstad()).groups for known in members}
    assert names == {"mantelzorgconsulent": ["Mantelzorgregisseur"]}


def _zaanstad() -> Municipality:
    return Municipality.objects.get(pk="GM0479")


def test_what_is_elsewhere_or_not_published_is_not_shown(wmo, functional_admin):
    add_contact(make_organisation("Gemeente Purmerend", municipalities=["GM0439"]), "wmo-consulent")
    service = make_service(wmo, "Hulp in huis", kinds=["wmo-voorzieningen"], municipalities=["GM0479"])
    add_contact(wmo, "poh", service=service)
    assert len(found("poh")) == 1
    actions.pause_service(service=service, by=functional_admin)
    assert found("wmo-consulent") == found("poh") == []


def test_who_sits_in_the_municipality_comes_first(db):
    for name, place in (("A elders", "Purmerend"), ("Z dichtbij", "Zaandam")):
        add_contact(make_organisation(name, municipalities=["GM0479"], place=place), "psycholoog")
    assert [way.organisation for way in found("psycholoog")] == ["Z dichtbij", "A elders"]


def test_what_nobody_knows_is_listed_at_the_end(wmo, sender, client_of):
    add_contact(wmo, "wmo-consulent")
    said = page(client_of(sender))
    assert "Nog niet bekend in Zaanstad" in said
    assert said.index("Gemeente en wijk") < said.index("Nog niet bekend") < said.index(">Psycholoog<")
    assert "Huisartsenpraktijk</h2>" not in said


def test_the_number_of_queries_does_not_grow(sender, client_of, django_assert_num_queries):
    client = client_of(sender)
    page(client)

    def fill(count):
        for number in range(count):
            organisation = make_organisation(f"Nummer {number} van {count}", municipalities=["GM0479"])
            add_contact(organisation, "poh")
            make_service(
                organisation, f"Dienst {number} van {count}", kinds=["huisarts-poh"], municipalities=["GM0479"]
            )

    fill(1)
    with CaptureQueriesContext(connection) as few:
        page(client)
    fill(12)
    with django_assert_num_queries(len(few)):
        page(client)
    assert len(few) <= 16


# Where one chooses ----------------------------------------------------------------------------------------------------


def test_the_start_offers_the_municipalities_of_the_reader(sender, client_of):
    said = client_of(sender).get(reverse("who_is_who_start")).content.decode()
    assert 'href="/wie-is-wie/zaanstad/"' in said


@pytest.mark.parametrize(
    ("typed", "slug"), [("Zaandam", "zaanstad"), ("1506 AB", "zaanstad"), ("purmerend", "purmerend")]
)
def test_a_place_a_postcode_or_a_name_leads_to_its_municipality(sender, client_of, typed, slug):
    response = client_of(sender).get(reverse("who_is_who_start"), {"waar": typed})
    assert response["Location"] == reverse("who_is_who", args=[slug])


def test_a_place_that_is_not_there_is_said_and_kept(sender, client_of):
    said = client_of(sender).get(reverse("who_is_who_start"), {"waar": "Nergenshuizen"}).content.decode()
    assert "kennen we niet" in said
    assert "Nergenshuizen" in said


def test_a_municipality_that_is_not_there_has_no_page(sender, client_of):
    assert client_of(sender).get(reverse("who_is_who", args=["nergenshuizen"])).status_code == 404
    assert client_of(sender).get(reverse("who_is_who_paper", args=["nergenshuizen"])).status_code == 404


# The poster -----------------------------------------------------------------------------------------------------------


def test_a_name_and_a_number_of_her_own_are_on_the_poster_only_when_they_may_be_public(wmo, sender, client_of):
    contact = add_contact(wmo, "wmo-consulent", title="Consulent Wmo", email="loes@zaanstad.example")
    client = client_of(sender)
    assert "Loes Bakker" in page(client)
    assert "075 555 01 11" in page(client)
    _, text = poster(client)
    assert "075 555 01 10 Gemeente Zaanstad, Consulent Wmo" in text
    assert not any(words in text for words in ("Loes", "075 555 01 11", "loes@"))
    Contact.objects.filter(pk=contact.pk).update(is_public=True)
    _, text = poster(client)
    assert "075 555 01 11 Gemeente Zaanstad, Loes Bakker" in text


def test_an_organisation_without_a_number_is_reached_by_that_of_its_service(wmo, sender, client_of):
    Organisation.objects.filter(pk=wmo.pk).update(phone="")
    add_contact(wmo, "wmo-consulent", phone="", email="loes@zaanstad.example")
    for name, phone in (("Eerst", ""), ("Hulp in huis", "075 555 01 12"), ("Later", "075 555 01 13")):
        make_service(wmo, name, kinds=["wmo-voorzieningen"], municipalities=["GM0479"], phone=phone)
    [way] = found("wmo-consulent")
    assert way.phone == "075 555 01 12"
    assert "075 555 01 12 Gemeente Zaanstad, Consulent" in poster(client_of(sender))[1]


def test_who_can_only_be_mailed_has_no_empty_link(wmo, sender, client_of):
    Organisation.objects.filter(pk=wmo.pk).update(phone="")
    contact = add_contact(wmo, "wmo-consulent", phone="", email="loes@zaanstad.example")
    client = client_of(sender)
    assert 'href="tel:"' not in page(client)
    assert 'href="mailto:loes@zaanstad.example"' in page(client)
    assert "loes@" not in poster(client)[1]
    Contact.objects.filter(pk=contact.pk).update(is_public=True)
    assert "loes@zaanstad.example Gemeente Zaanstad, Loes Bakker" in poster(client)[1]


def test_without_anybody_there_is_no_poster_to_print(sender, client_of):
    said = page(client_of(sender), "groningen")
    assert "Poster" not in said
    assert "nog geen consulent" in said


def test_whoever_answers_one_number_is_named_at_it(wmo, sender, client_of):
    for name in ("Ans Prins", "Bea Kok", "Loes Bakker"):
        add_contact(wmo, "wmo-consulent", name=name, is_public=True)
    assert "075 555 01 11 Gemeente Zaanstad, Ans Prins, Bea Kok of Loes Bakker" in poster(client_of(sender))[1]
    add_contact(wmo, "wmo-consulent", name="Wim Zeeman", is_public=True)
    text = poster(client_of(sender))[1]
    assert "Ans Prins, Bea Kok, Loes Bakker of een collega" in text
    assert text.count("075 555 01 11") == 1


def test_the_page_says_what_the_poster_leaves_out(sender, client_of):
    assert "alleen als die openbaar mogen zijn" in page(client_of(sender))


def test_the_poster_of_the_region_is_one_tagged_a3_on_its_side(db, sender, client_of):
    load_region()
    reader, text = poster(client_of(sender))
    assert len(reader.pages) == 1
    width, height = (round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:])
    assert (width, height) == (420, 297)
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata.title == "Wie is wie in Zaanstad"
    names = Profession.objects.current().filter(same_as=None).values_list("name", flat=True)
    plain = text.replace(" ", "")
    assert [name for name in names if name.replace(" ", "") not in plain] == []
    assert "Klopt er iets niet?" in text
    assert "Nog niet bekend" not in text


def test_a_full_municipality_flows_over_and_loses_nobody(db, sender, client_of, monkeypatch):
    lay_out = pdf._laid_out
    for number in range(400):
        organisation = make_organisation(
            f"Praktijk nummer {number}", municipalities=["GM0479"], phone=f"075 555 0{number // 100} {number % 100:02}"
        )
        add_contact(organisation, "huisarts")
    laid_out = []
    monkeypatch.setattr(pdf, "_laid_out", lambda *paper: laid_out.append(paper) or lay_out(*paper))
    reader, text = poster(client_of(sender))
    assert len(reader.pages) > 1
    assert all(f"Praktijk nummer {number}" in text for number in range(400))
    assert len(laid_out) == 1  # of what is far too large for larger letters, one layout is enough


def test_the_poster_names_who_keeps_it_true(consulent, sender, client_of):
    _, text = poster(client_of(sender))
    assert f"bijgehouden door {consulent.organisation}" in text
    Organisation.objects.filter(pk=consulent.organisation.pk).update(kind="welzijn")
    assert f"bijgehouden door {consulent.organisation}" in poster(client_of(sender))[1]  # she was appointed
    assert not Service.objects.exists()

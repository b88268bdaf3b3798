"""The pages of bringing in and taking out: who may, what they show, and that a list costs what it costs."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sociale_kaart.exchange import jobs
from sociale_kaart.models import Contact, Import, Service
from tests.factories import make_organisation, make_service

IMPORT, EXPORT = "/sociale-kaart/beheer/import/", "/sociale-kaart/beheer/export/"
ONE = "Organisatie;Naam;Gemeenten\nA;B;Zaanstad\n"


def file(content: str | bytes = ONE, name: str = "aanbod.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def upload(browser, **data):
    return browser.post(IMPORT, {"file": file(), **data})


@pytest.mark.parametrize("path", [IMPORT, EXPORT, f"{IMPORT}uitleg/", f"{IMPORT}sjabloon.csv"])
def test_who_keeps_no_sociale_kaart_finds_nothing_here(client_of, receiver, path):
    assert client_of(receiver).get(path).status_code == 404


def test_a_file_is_handed_in_read_agreed_to_and_undone(client_of, consulent):
    browser = client_of(consulent)
    response = upload(browser)
    job = Import.objects.get()
    assert response.url == f"{IMPORT}{job.pk}/"
    assert "Het bestand wordt ingelezen." in browser.get(response.url).content.decode()
    jobs.work()
    assert "2 nieuw en 0 gewijzigd." in browser.get(response.url).content.decode()
    browser.post(response.url, {"doe": "akkoord"})
    assert not Service.objects.filter(name="B").exists()  # the page does not wait: the worker does it
    jobs.work()
    assert Service.objects.filter(name="B").exists()
    assert "Draai terug" in browser.get(response.url).content.decode()
    browser.post(response.url, {"doe": "terug"})
    jobs.work()
    assert not Service.objects.filter(name="B").exists()


def test_a_page_that_waits_looks_again_by_itself_until_it_is_done(client_of, consulent):
    browser = client_of(consulent)
    path = upload(browser).url
    piece = browser.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" in piece
    assert "<html" not in piece
    jobs.work()
    assert browser.get(path, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_file_that_arrives_twice_is_brought_in_once(client_of, consulent):
    browser = client_of(consulent)
    key = "01900000-0000-7000-8000-000000000042"
    assert upload(browser, form_key=key).url == upload(browser, form_key=key).url
    assert Import.objects.count() == 1


def test_a_file_that_is_too_big_is_refused_with_a_sentence(client_of, consulent, settings):
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    response = client_of(consulent).post(IMPORT, {"file": file("x" * 1_500_000)})
    assert "Dit bestand is te groot: het mag 1 MB zijn." in response.content.decode()
    assert not Import.objects.exists()


def test_nonsense_is_refused_at_once(client_of, consulent):
    response = client_of(consulent).post(IMPORT, {"file": file(bytes(range(256)) * 100)})
    assert "Dit is geen tabel" in response.content.decode()
    assert not Import.objects.exists()


def test_one_consulent_does_not_see_the_file_of_another(client_of, consulent, functional_admin):
    upload(client_of(functional_admin))
    assert client_of(consulent).get(f"{IMPORT}{Import.objects.get().pk}/").status_code == 404


def test_six_files_at_once_are_too_many(client_of, consulent):
    browser = client_of(consulent)
    for _ in range(5):
        upload(browser)
    assert "Er wachten al vijf bestanden van jou." in upload(browser).content.decode()


def test_an_import_list_asks_the_same_of_one_file_as_of_twenty(client_of, functional_admin):
    browser = client_of(functional_admin)
    upload(browser)
    browser.get(IMPORT)
    with CaptureQueriesContext(
        connection,
    ) as one:
        browser.get(IMPORT)
    job = Import.objects.get()
    for _ in range(19):
        job.pk = None
        job._state.adding = True
        job.id = Import._meta.pk.get_default()
        job.save()
    with CaptureQueriesContext(connection) as twenty:
        browser.get(IMPORT)
    assert len(twenty) == len(one)


def test_a_preview_asks_the_same_of_one_row_as_of_fifty(client_of, consulent):
    browser = client_of(consulent)
    counts = []
    for size in (1, 50):
        rows = "".join(f"A;B{number};Zaanstad\n" for number in range(size))
        path = browser.post(IMPORT, {"file": file(f"Organisatie;Naam;Gemeenten\n{rows}")}).url
        jobs.work()
        with CaptureQueriesContext(connection) as asked:
            browser.get(path)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_templates_have_the_columns_that_are_read(client_of, consulent):
    browser = client_of(consulent)
    text = browser.get(f"{IMPORT}sjabloon.csv").content.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{IMPORT}sjabloon.xlsx").content))
    assert text.strip().split(";") == [cell.value for cell in book["Aanbod"][1]]
    assert [row[0].value for row in book["Uitleg"].iter_rows(min_row=2)] == text.strip().split(";")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json", "zip"])
def test_an_export_for_everybody_names_no_contact_that_is_not_public(client_of, consulent, kind):
    organisation = make_organisation("Wie dan ook", municipalities=["GM0479"])
    service = make_service(organisation, "Hulp", municipalities=["GM0479"])
    Contact.objects.create(organisation=organisation, service=service, name="Geheim Persoon", phone="06 99999999")
    browser = client_of(consulent)

    def said(who: str) -> str:
        response = browser.get(EXPORT, {"gemeente": "GM0479", "soort": kind, "voor": who})
        assert response.status_code == 200
        assert response["Content-Disposition"].endswith(f'.{kind}"')
        content = response.content
        if kind in ("xlsx", "zip"):
            import zipfile

            archive = zipfile.ZipFile(io.BytesIO(content))
            content = b"".join(archive.read(name) for name in archive.namelist())
        return content.decode()

    assert "Geheim Persoon" not in said("iedereen")
    assert "Hulp" in said("iedereen")
    assert "Geheim Persoon" in said("eigen")


def test_who_logged_in_long_ago_shows_again_that_it_is_her_before_contacts_leave(client_of, consulent, settings):
    browser = client_of(consulent)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = -1
    response = browser.get(EXPORT, {"soort": "csv", "voor": "eigen"})
    assert response.status_code == 302
    assert response.url.startswith("/account/reauthenticate/?next=%2Fsociale-kaart%2Fbeheer%2Fexport%2F")
    assert browser.get(EXPORT, {"soort": "csv", "voor": "iedereen"}).status_code == 200
    assert browser.get(EXPORT).status_code == 200


def test_what_is_exported_for_own_use_comes_back_the_same(client_of, consulent):
    organisation = make_organisation("Wie dan ook", municipalities=["GM0479"])
    make_service(organisation, "=1+1", municipalities=["GM0479"], phone="+31 75 123 45 67", everyday_name="'=raar")
    browser = client_of(consulent)
    for kind in ("csv", "xlsx", "json", "zip"):
        content = browser.get(EXPORT, {"soort": kind, "voor": "eigen"}).content
        browser.post(IMPORT, {"file": file(content, f"terug.{kind}")})
        jobs.work()
        job = Import.objects.order_by("-created_at").first()
        assert (job.state, job.message) == ("klaar", "")
        assert (job.new, job.changed, job.same, job.wrong) == (0, 0, 1, 0), [row.changes for row in job.rows.all()]
    assert "'=1+1" in browser.get(EXPORT, {"soort": "csv", "voor": "eigen"}).content.decode()


def test_a_command_exports_what_is_too_much_for_a_page(client_of, consulent, settings, tmp_path):
    from django.core.management import call_command

    make_service(make_organisation("Veel"), "Hulp", municipalities=["GM0479"])
    settings.EXPORT_MAX_SERVICES = 0
    response = client_of(consulent).get(EXPORT, {"soort": "json", "voor": "iedereen"})
    assert "Dit is te veel voor één bestand. Kies een gemeente." in response.content.decode()
    call_command("export_directory", "json", tmp_path / "alles.json", stdout=io.StringIO())
    assert [one["name"] for one in json.loads((tmp_path / "alles.json").read_text())] == ["Hulp"]

"""Bringing in a file in a real browser: the template, a preview, agreed to, seen on the map, undone. Also without
JavaScript and on a phone, by the same steps.
"""

import io

import openpyxl
import pytest

from sociale_kaart.exchange import jobs
from sociale_kaart.models import Service
from tests.journeys.window import Window

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

IMPORT = "/sociale-kaart/beheer/import/"
ROWS = [
    {"Organisatie": "Buurthulp Zaan", "Naam": "Maatjes", "In één zin": "Iemand die elke week langskomt."},
    {"Organisatie": "Buurthulp Zaan", "Naam": "Kookatelier", "Gemeenten": "Zaanstat"},
]


def filled_in(template: bytes) -> bytes:
    """The template as somebody fills it in with Excel."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book["Aanbod"]
    header = [cell.value for cell in sheet[1]]
    for values in ROWS:
        row = {"Gemeenten": "Zaanstad", "Ondersteuningsvormen": "logeerzorg", "Status": "gepubliceerd"} | values
        sheet.append([row.get(name, "") for name in header])
    whole = io.BytesIO()
    book.save(whole)
    return whole.getvalue()


def wait_until_done(window: Window) -> None:
    """The worker's turn; the page looks again by itself, or she does."""
    jobs.work()
    if window.javascript:
        window.page.get_by_text("Je hoeft hier niet te blijven").wait_for(state="detached")
    else:
        window.page.get_by_role("link", name="Kijk of het klaar is").click()
    window.look()


@pytest.mark.parametrize("options", [{}, {"javascript": False}, {"width": 390}], ids=["desk", "no script", "phone"])
def test_a_consulent_brings_in_a_file_and_takes_it_back(window, consulent, options):
    connie = window(consulent, **options)
    connie.page.goto(IMPORT)
    connie.look()
    template = connie.context.request.get(f"{IMPORT}sjabloon.xlsx").body()
    connie.page.get_by_label("Bestand").set_input_files(
        {"name": "aanbod.xlsx", "mimeType": "application/octet-stream", "buffer": filled_in(template)}
    )
    connie.page.get_by_role("button", name="Lees in").click()
    connie.look()
    wait_until_done(connie)
    connie.sees("2 nieuw en 0 gewijzigd. 1 regel wordt overgeslagen", "“Zaanstat” kennen we niet.")
    assert not Service.objects.filter(name="Maatjes").exists()
    connie.page.get_by_role("button", name="Akkoord, verwerk dit").click()
    wait_until_done(connie)
    connie.page.goto("/sociale-kaart/?q=maatjes")
    connie.look()
    connie.sees("Buurthulp Zaan", "Iemand die elke week langskomt.")
    connie.page.goto(IMPORT)
    connie.page.get_by_role("link", name="aanbod.xlsx").click()
    connie.page.get_by_text("Deze import terugdraaien").click()
    connie.page.get_by_role("button", name="Draai terug").click()
    wait_until_done(connie)
    connie.sees("teruggedraaid")
    assert not Service.objects.filter(name="Maatjes").exists()

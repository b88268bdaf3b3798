"""Keeping the sociale kaart by hand in a real browser: adding a service, two who change one card at a time, a proposal
of the organisation, and putting something back. Also without JavaScript and on a phone, by the same steps.
"""

import pytest

from sociale_kaart.models import Service
from tests.factories import make_service
from tests.journeys.window import Window

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

EVERYWHERE = pytest.mark.parametrize(
    "options", [{}, {"javascript": False}, {"width": 390}], ids=["desk", "no script", "phone"]
)
OPTIONAL = " (niet verplicht)"


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt, "Luisterend oor", summary="Iemand die luistert.")


@EVERYWHERE
def test_a_consulent_adds_a_service_on_one_page(window, consulent, options):
    connie: Window = window(consulent, **options)
    connie.open("/sociale-kaart/beheer/")
    connie.follow("Nieuw aanbod")
    connie.fill("Van welke organisatie?", "Buurthulp Zaan")
    connie.choose(f"Nieuw op de kaart? Kies wat voor organisatie het is{OPTIONAL}", "Welzijnsorganisatie")
    connie.fill("Naam", "Maatje aan huis")
    connie.fill("In één zin", "Elke week komt iemand een uur langs.")
    connie.page.get_by_role("checkbox", name="Logeerzorg").check()
    connie.press("Zet op de sociale kaart")
    connie.sees("Maatje aan huis", "Buurthulp Zaan", "Elke week komt iemand een uur langs.")
    assert Service.objects.get().status == "published"


@EVERYWHERE
def test_who_saves_second_sees_what_the_first_changed_and_loses_nothing(
    window, consulent, functional_admin, service, options
):
    page = f"/sociale-kaart/beheer/aanbod/{service.slug}/"
    connie, rita = window(consulent, **options), window(functional_admin)
    connie.open(page)
    rita.open(page)
    rita.fill("In één zin", "Rita schreef dit.")
    rita.page.locator("summary", has_text="Contact").click()
    rita.fill(f"Telefoon{OPTIONAL}", "075 555 0123")
    rita.press("Bewaar")
    connie.fill("In één zin", "Connie schreef dit.")
    connie.fill(f"Hoe mensen het noemen{OPTIONAL}", "Praathuis")
    connie.press("Bewaar")
    connie.sees("Intussen gewijzigd", "Iemand die luistert.", "Rita schreef dit.", "Connie schreef dit.")
    connie.press("Bewaar")
    connie.sees("Bewaard.")
    connie.open(f"/sociale-kaart/aanbod/{service.slug}/")
    connie.sees("Praathuis", "Connie schreef dit.", "075 555 0123")


@EVERYWHERE
def test_the_organisation_proposes_and_the_consulent_agrees_with_one_click(
    window, consulent, receiver, service, options
):
    rachid = window(receiver, **options)
    rachid.open(f"/sociale-kaart/aanbod/{service.slug}/")
    rachid.follow("Stel een wijziging voor")
    rachid.fill("In één zin", "Iemand die luistert, ook in het Turks.")
    rachid.page.locator("summary", has_text="Openingstijden").click()
    rachid.fill(f"Maandag{OPTIONAL}", "9-12")
    rachid.press("Stel dit voor")
    rachid.sees("Wacht op de consulent")
    connie = window(consulent, **options)
    connie.open("/sociale-kaart/beheer/")
    connie.follow("Bekijk de voorstellen")
    connie.follow("Luisterend oor")
    connie.sees("Iemand die luistert.", "ook in het Turks", "maandag 9 tot 12 uur")
    connie.press("Neem over")
    connie.open(f"/sociale-kaart/aanbod/{service.slug}/")
    connie.sees("ook in het Turks", "maandag 9 tot 12 uur")
    rachid.open("/sociale-kaart/beheer/voorstellen/")
    rachid.sees("Overgenomen")


@EVERYWHERE
def test_what_was_wrong_is_found_in_the_history_and_put_back(window, consulent, service, options):
    connie = window(consulent, **options)
    connie.open(f"/sociale-kaart/beheer/aanbod/{service.slug}/")
    connie.fill("In één zin", "Een vergissing.")
    connie.press("Bewaar")
    connie.follow("Geschiedenis")
    connie.sees("Iemand die luistert.", "Een vergissing.")
    connie.follow("Zet terug")
    connie.sees("Dan staat er weer")
    connie.press("Zet terug")
    connie.sees("Teruggezet.")
    service.refresh_from_db()
    assert service.summary == "Iemand die luistert."

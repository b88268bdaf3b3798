"""For whom somebody is looking goes along from page to page, and ends in a referral for her."""

import re

import pytest

from knowledge.models import Profession
from sociale_kaart import actions
from sociale_kaart.models import Contact
from tests.factories import make_caregiver, make_service

HER = "019e0000-0000-7000-8000-000000000001"
ALONG = f"voor={HER}&amp;gemeente=GM0479"


@pytest.fixture
def service(steunpunt):
    service = make_service(steunpunt, "Even praten", phases=["diagnose"])
    service.professions.set(["mantelzorgconsulent"])
    actions.refresh_search()
    return service


def links_between_pages(page: str) -> set[str]:
    main = page.split("<main")[1].split("</main>")[0].split("looking-for")[-1].split("</p>", 1)[-1]
    found = set(re.findall(r'href="(/[^"#]+)', main))
    rooms = ("/sociale-kaart/", "/beroepen/", "/fasen/", "/themas/", "/ondersteuning/", "/verhalen/", "/financiering/")
    return {link for link in found if link.startswith(rooms) and ".pdf" not in link}


@pytest.mark.parametrize(
    "address",
    [
        "/beroepen/",
        "/beroepen/mantelzorgconsulent/",
        "/beroepen/poh/",
        "/fasen/",
        "/fasen/diagnose/",
        "/fasen/thuis-gaat-niet-meer/",
        "/sociale-kaart/",
        "/sociale-kaart/?q=praten",
        "/sociale-kaart/aanbod/even-praten/",
        "/sociale-kaart/organisaties/steunpunt-mantelzorg-zaanstad/",
    ],
)
def test_every_link_to_another_page_takes_her_along(service, steunpunt, sender, client_of, address):
    profession = Profession.objects.get(pk="mantelzorgconsulent")
    Contact.objects.create(organisation=steunpunt, title="Balie", phone="075 555 00 01", profession=profession)
    together = "&" if "?" in address else "?"
    page = client_of(sender).get(f"{address}{together}voor={HER}&gemeente=GM0479").text
    links = links_between_pages(page)
    assert links
    for link in links - {"/sociale-kaart/?gemeente=GM0479"}:
        assert f"voor={HER}" in link, link


def test_the_forms_keep_her_too(service, sender, client_of):
    browser = client_of(sender)
    for address in ("/sociale-kaart/", "/beroepen/"):
        assert f'name="voor" value="{HER}"' in browser.get(f"{address}?voor={HER}").text
    response = browser.get(f"/sociale-kaart/?q=praten&voor={HER}", headers={"HX-Request": "true"})
    assert response["HX-Replace-Url"] == f"/sociale-kaart/?q=praten&voor={HER}"


def test_nothing_found_keeps_her_in_the_wider_searches(service, sender, client_of):
    page = client_of(sender).get(f"/sociale-kaart/?q=onvindbaarwoord&gemeente=GM0479&voor={HER}").text
    assert "Niets gevonden" in page
    assert f"/sociale-kaart/?gemeente=GM0479&amp;voor={HER}" in page


def test_what_is_no_key_goes_nowhere(service, sender, client_of):
    for address in ("/beroepen/poh/", "/fasen/diagnose/", "/sociale-kaart/", "/sociale-kaart/aanbod/even-praten/"):
        response = client_of(sender).get(f"{address}?voor=x%22%3E%3Cb%3E&gemeente=%00")
        assert response.status_code == 200
        assert "voor=" not in response.text
        assert "<b>" not in response.text.split("<main")[1].split("</main>")[0].replace('<b class="', "")


def test_a_service_is_referred_to_for_her(service, sender, client_of):
    anna = make_caregiver(sender)
    browser = client_of(sender)
    page = browser.get(f"/sociale-kaart/aanbod/even-praten/?voor={anna.pk}").text
    address = f"/mantelzorgers/{anna.pk}/verwijzen/?aanbod=even-praten"
    assert f'href="{address}"' in page
    assert "Verwijs haar hiernaartoe" in page
    assert "/mantelzorgers/nieuw/" not in page
    assert browser.get(address).status_code == 200


def test_who_may_not_refer_has_no_such_button(service, beheerder, coordinator, client_of):
    for person in (beheerder, coordinator):
        assert "hiernaartoe" not in client_of(person).get(f"/sociale-kaart/aanbod/even-praten/?voor={HER}").text


def test_somebody_elses_caregiver_gets_nobody_any_further(service, outsider, sender, client_of):
    anna = make_caregiver(sender, "Anna Zomer")
    browser = client_of(outsider)
    page = browser.get(f"/sociale-kaart/aanbod/even-praten/?voor={anna.pk}").text
    assert "Zomer" not in page
    assert browser.get(f"/mantelzorgers/{anna.pk}/verwijzen/?aanbod=even-praten").status_code == 404


def test_a_service_names_whom_one_meets_there(service, sender, client_of):
    page = client_of(sender).get("/sociale-kaart/aanbod/even-praten/").text
    assert "Wie je hier treft" in page
    assert 'href="/beroepen/mantelzorgconsulent/"' in page


def test_still_right_leads_back_with_her(service, consulent, client_of):
    response = client_of(consulent).post(f"/sociale-kaart/aanbod/even-praten/klopt-nog/?voor={HER}")
    assert response.url == f"/sociale-kaart/aanbod/even-praten/?voor={HER}"

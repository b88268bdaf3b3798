"""The pages of professions and phases: what they show, what they cost, and what they leave out."""

import re

import pytest

from knowledge.models import Phase, Profession
from tests.factories import make_organisation, make_service

PAGES = ["/beroepen/", "/beroepen/huisarts/", "/fasen/", "/fasen/diagnose/"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_for_a_log_in(client, db, address):
    response = client.get(address)

    assert response.status_code == 302
    assert response.url.startswith("/account/login/")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_only_read(client_of, sender, address):
    assert client_of(sender).post(address).status_code == 405


@pytest.mark.parametrize("address", ["/beroepen/tovenaar/", "/fasen/tovenarij/"])
def test_what_does_not_exist_is_not_found(client_of, sender, address):
    assert client_of(sender).get(address).status_code == 404


def test_the_list_has_every_profession(client_of, sender):
    page = client_of(sender).get("/beroepen/").content.decode()

    for profession in Profession.objects.all():
        assert f'href="/beroepen/{profession.slug}/"' in page
        assert profession.when_to_involve.split(".")[0] in page.replace("&#x27;", "'")


def test_every_page_renders_with_its_own_title(client_of, sender):
    browser = client_of(sender)
    titles = set()
    for address in [
        *(f"/beroepen/{profession.slug}/" for profession in Profession.objects.all()),
        *(f"/fasen/{phase.slug}/" for phase in Phase.objects.all()),
        "/beroepen/",
        "/fasen/",
    ]:
        response = browser.get(address)
        page = response.content.decode()
        assert response.status_code == 200
        assert page.count("<h1") == 1
        assert "None" not in page
        titles.add(re.search(r"<title>(.*?)</title>", page, re.S)[1])
    assert len(titles) == 28 + 6 + 2


def queries(browser, address, django_capture_queries) -> int:
    with django_capture_queries() as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


@pytest.fixture
def capture():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


def test_the_lists_cost_the_same_with_fewer_entries(client_of, sender, capture):
    browser = client_of(sender)
    # professions: the sectors, the phases, the professions. phases: the phases, who is involved, the sources, the note
    # on the route. Both: the session, the user, her membership, who is asking, and the savepoint of the request.
    many = [queries(browser, address, capture) for address in ("/beroepen/", "/fasen/")]
    Profession.objects.exclude(pk__in=["poh", "huisarts", "poh-ggz"]).update(retired=True)
    Phase.objects.exclude(pk="diagnose").update(retired=True)
    few = [queries(browser, address, capture) for address in ("/beroepen/", "/fasen/")]

    assert many == few
    assert max(many) <= 10


def test_a_full_sheet_costs_the_same_as_a_short_role(client_of, sender, capture):
    browser = client_of(sender)

    # the profession, its sectors, financing, sources, levels, see also, facts, resources, associations, phases, means,
    # stories and their themes; the municipalities of the reader, the services and contacts near, the local notes; the
    # links that were checked; and what every page asks (five)
    full = queries(browser, "/beroepen/specialist-ouderengeneeskunde/", capture)
    short = queries(browser, "/beroepen/psycholoog/", capture)

    assert full - short in (0, 1, 2)  # nothing to fetch for a relation that is empty
    assert full <= 23


def test_the_pages_are_light(client_of, sender):
    browser = client_of(sender)

    assert len(browser.get("/beroepen/").content) < 15_000
    assert len(browser.get("/fasen/").content) < 15_000


def test_a_sheet_shows_what_is_known(client_of, sender):
    page = client_of(sender).get("/beroepen/casemanager-dementie/").content.decode()

    assert "Leg uit hoe dementie verloopt" in page
    assert "Laat in netwerken zien" in page
    assert 'href="https://www.movisie.nl/publicatie/sofa-model-rollen-mantelzorgers"' in page
    assert "model of methode, movisie.nl" in page
    assert "afdeling dementieverpleegkundigen" in page
    assert 'href="https://www.venvn.nl/afdelingen/dementieverpleegkundigen/"' in page
    assert 'href="/fasen/diagnose/"' in page
    assert 'href="/sociale-kaart/?soort=casemanagement-dementie"' in page  # nothing near: look elsewhere
    assert "Inspiratiesheets Samen in voor mantelzorg" in page
    assert "2019-2021" in page


def test_a_way_of_working_is_no_link_to_services(client_of, sender):
    page = client_of(sender).get("/beroepen/casemanager-dementie/").content.decode()

    assert "Eén aanspreekpunt" in page
    assert "soort=een-aanspreekpunt" not in page


def test_what_is_not_verified_is_shown_without_a_link(client_of, sender):
    page = client_of(sender).get("/beroepen/wijkverpleegkundige/").content.decode()

    assert "Samenwerken met mantelzorgers, zo werkt het!" in page
    assert "adres nog niet nagekeken" in page
    assert "toolkit-thuiszorgmedewerkers-ghd.pdf" not in page


def test_no_page_links_to_what_is_not_verified_or_was_left_over(client_of, sender):
    browser = client_of(sender)
    shown = "".join(
        browser.get(f"/beroepen/{slug}/").content.decode() for slug in Profession.objects.values_list("slug", flat=True)
    )

    for address in (
        "zorgstandaard-dementie.pd&",  # broken in the source
        "https://www.nov.nl/PageByID.aspx",
        "VERENSO_Competentieprofiel2019",
        "werkmethodiek-casemanagement-dementie.pdf",
        "_ga=",
    ):
        assert address not in shown


def test_a_role_leads_to_its_sheet(client_of, sender):
    page = client_of(sender).get("/beroepen/mantelzorgregisseur/").content.decode()

    assert 'href="/beroepen/mantelzorgconsulent/"' in page
    assert "met een heel blad" in page


def test_a_phase_shows_who_and_what(client_of, sender):
    page = client_of(sender).get("/fasen/accepteren-levende-rouw/").content.decode()

    assert "Fase 3: Accepteren &amp; levende rouw" in page
    assert 'href="/beroepen/poh-ggz/"' in page
    assert "Dagbesteding" in page
    assert "&#x27;Welzijn&#x27;" in page or "'Welzijn'" in page
    assert 'href="/fasen/verlies-rouw/"' in page


def test_a_retired_profession_keeps_its_page_and_leaves_the_list(client_of, sender):
    Profession.objects.filter(pk="psycholoog").update(retired=True)
    browser = client_of(sender)

    assert "/beroepen/psycholoog/" not in browser.get("/beroepen/").content.decode()
    assert "staat niet meer in de lijst" in browser.get("/beroepen/psycholoog/").content.decode()


def test_a_service_is_reached_from_its_phase(sender):
    service = make_service(
        make_organisation("Welzijn Zaanstad", municipalities=["GM0479"]),
        "Even eruit",
        kinds=["respijt-welzijn"],
        phases=["diagnose"],
        municipalities=["GM0479"],
    )

    assert list(Phase.objects.get(pk="diagnose").services.all()) == [service]


# The list, filtered ---------------------------------------------------------------------------------------------------


def shown(page: str) -> set[str]:
    return set(re.findall(r'href="/beroepen/([a-z-]+)/', page.split("<main")[1]))


def test_the_list_is_filtered_by_sector_or_domain_under_one_name(client_of, sender):
    page = client_of(sender).get("/beroepen/?sector=welzijn").content.decode()

    assert shown(page) == {"coordinator-vrijwilligerswerk", *("mantelzorgcoach", "welzijnsconsulent")} | {
        "welzijnsmedewerker-buurtteam"
    }
    assert "4 beroepen en rollen: Welzijn." in page
    assert page.count(">Welzijn</option>") == 1  # a sector of sheets and a domain of roles
    assert '<option value="welzijn" selected>' in page


def test_the_list_is_filtered_by_phase(client_of, sender):
    page = client_of(sender).get("/beroepen/?fase=verlies-rouw").content.decode()

    # mantelzorgconsulent: the sheet of the mantelzorgregisseur, who may be involved then
    assert shown(page) == {
        "mantelzorgregisseur",
        "mantelzorgconsulent",
        "poh-ggz",
        "welzijnsconsulent",
        "clientondersteuner",
    }


def test_both_filters_together(client_of, sender):
    page = client_of(sender).get("/beroepen/?fase=verlies-rouw&sector=zorg").content.decode()

    assert shown(page) == {"poh-ggz"}
    assert "1 beroep of rol: Zorg, Fase 6: Verlies &amp; rouw." in page


def test_every_choice_of_the_filter_shows_somebody(client_of, sender):
    browser = client_of(sender)
    page = browser.get("/beroepen/").content.decode()
    choices = re.findall(r'<option value="([a-z-]+)"', page)
    assert len(choices) == 10 + 6
    for choice in choices:
        name = "fase" if Phase.objects.filter(pk=choice).exists() else "sector"
        assert shown(browser.get(f"/beroepen/?{name}={choice}").content.decode()), choice


def test_nobody_found_says_what_to_do(client_of, sender):
    page = client_of(sender).get("/beroepen/?sector=ggz&fase=verpleeghuis").content.decode()

    assert "Geen beroepen gevonden: Ggz, Fase 5: Verpleeghuis." in page
    assert "bekijk alle beroepen" in page


@pytest.mark.parametrize("asked", ["sector=tovenarij", "fase=99", "fase=%00", "sector=zorg%27--", "sector=&fase="])
def test_what_cannot_be_chosen_counts_as_not_chosen(client_of, sender, asked):
    response = client_of(sender).get(f"/beroepen/?{asked}")

    assert response.status_code == 200
    assert "28 beroepen en rollen." in response.content.decode()
    assert "Fout:" not in response.content.decode()


def test_without_a_page_of_its_own_the_list_comes_as_a_piece_with_its_address(client_of, sender):
    response = client_of(sender, HTTP_HX_REQUEST="true").get("/beroepen/?sector=ggz&fase=")

    assert response["HX-Push-Url"] == "/beroepen/?sector=ggz"
    assert "<html" not in response.content.decode()
    assert "data-announce" in response.content.decode()
    assert "HX-Request" in response["Vary"]


# What a page says -----------------------------------------------------------------------------------------------------


def test_the_poh_is_also_the_pvh_and_the_pvk(client_of, sender):
    page = client_of(sender).get("/beroepen/poh/").content.decode()

    assert "(PVH)" in page
    assert "(PVK)" in page


def test_a_sheet_names_who_was_quoted_and_not_the_quote(client_of, sender):
    page = client_of(sender).get("/beroepen/poh/").content.decode()

    assert "Ilse van der Vaart, Praktijkondersteuner" in page
    assert 'href="https://www.movisie.nl/artikel/door-bril-praktijkondersteuner"' in page


def test_a_sheet_leads_to_its_stories_themes_and_paper(client_of, sender):
    page = client_of(sender).get("/beroepen/casemanager-dementie/").content.decode()

    assert "De tennisrackets in de hoek" in page
    assert page.count("Rouw en verlies</a>") == 1
    assert 'href="/beroepen/casemanager-dementie/blad.pdf"' in page


def test_a_phase_says_what_helps_by_itself_and_by_whom(client_of, sender):
    page = client_of(sender).get("/fasen/thuis-gaat-niet-meer/").content.decode()

    own, by_others = page.split("Wat kan helpen")[1].split("Ook via wie betrokken is")
    assert "Logeerzorg" in own
    assert "via Casemanager dementie" in by_others
    assert "Logeerzorg" not in by_others.split("</section>")[0]


def test_a_phase_leads_to_its_neighbours_and_promises_no_route(client_of, sender):
    browser = client_of(sender)
    first = browser.get("/fasen/niet-pluis/").content.decode().split('class="phase-turn ')[1]
    third = browser.get("/fasen/accepteren-levende-rouw/").content.decode()
    last = browser.get("/fasen/verlies-rouw/").content.decode().split('class="phase-turn ')[1]

    assert 'href="/fasen/diagnose/"' in first
    assert 'href="/fasen/verlies-rouw/"' not in first
    assert {"/fasen/diagnose/", "/fasen/thuis-gaat-niet-meer/"} == set(
        re.findall(r'href="(/fasen/[a-z-]+/)"', third.split('class="phase-turn ')[1])
    )
    assert 'href="/fasen/verpleeghuis/"' in last
    assert "geen vaste route" in third


def test_the_journey_reads_as_a_list(client_of, sender):
    page = client_of(sender).get("/fasen/").content.decode()
    journey = page.split('<ol class="journey__steps"')[1].split("</ol>")[0]

    assert journey.count("<h2>") == 6
    assert [int(number) for number in re.findall(r"Fase (\d):", journey)] == [1, 2, 3, 4, 5, 6]
    for phase in Phase.objects.all():
        assert phase.what_plays in journey.replace("&amp;", "&")


def test_a_full_phase_costs_the_same_as_a_short_one(client_of, sender, capture):
    browser = client_of(sender)
    # the phase, who and what is involved, what those offer, themes, stories, sources, the six, the note on the route,
    # the municipalities of the reader, the services near, the local notes; and what every page asks (five)
    full = queries(browser, "/fasen/thuis-gaat-niet-meer/", capture)
    short = queries(browser, "/fasen/verlies-rouw/", capture)

    assert full - short in (0, 1)
    assert full <= 18

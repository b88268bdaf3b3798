"""The library: themes, support, stories, the work card, tips, national organisations, instruments, financing, POM."""

import re
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge.models import (
    ConversationGuide,
    FinancingKind,
    Instrument,
    LinkCheck,
    NationalOrganisation,
    Phase,
    Story,
    SupportKind,
    Theme,
    Tip,
    WorkCardStep,
)
from tests.factories import make_organisation, make_service
from tests.markup import Page

pytestmark = pytest.mark.django_db

LISTS = (
    *("/kennis/", "/themas/", "/ondersteuning/", "/verhalen/", "/werkkaart/", "/landelijk/", "/tips/"),
    *("/meetinstrumenten/", "/financiering/"),
)
DETAILS = {
    "themas": Theme,
    "ondersteuning": SupportKind,
    "verhalen": Story,
    "meetinstrumenten": Instrument,
    "gesprekken": ConversationGuide,
}


def every_address() -> list[str]:
    details = [f"/{folder}/{entry.pk}/" for folder, model in DETAILS.items() for entry in model.objects.all()]
    return [*LISTS, *details]


@pytest.fixture
def browser(client_of, sender):
    return client_of(sender)


def read(browser, address: str) -> str:
    return re.sub(r"\s+", " ", browser.get(address).content.decode().replace("&#x27;", "'"))


def cost(browser, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("folder", DETAILS)
def test_what_does_not_exist_is_not_found(browser, folder):
    assert browser.get(f"/{folder}/luchtkasteel/").status_code == 404


def test_every_page_is_whole(browser):
    titles = set()
    for address in every_address():
        html = browser.get(address).content.decode()
        page = Page(html)
        assert page.problems == [], address
        assert "None" not in html, address
        titles.add(page.title)
        levels = [int(level) for level in re.findall(r"<h([1-6])", html[html.index("<main") :])]
        assert levels[0] == 1, address
        assert all(after - before <= 1 for before, after in pairwise(levels)), (address, levels)
    assert len(titles) == len(every_address())


def test_the_lists_are_light(browser):
    sizes = {address: len(browser.get(address).content) for address in LISTS}

    assert {address: size for address, size in sizes.items() if size > 15_000} == {}


def test_a_list_costs_the_same_with_fewer_entries(browser):
    many = {address: cost(browser, address) for address in LISTS}
    for model in (Theme, SupportKind, Story, Instrument, NationalOrganisation, FinancingKind, Tip, WorkCardStep):
        first = model.objects.first()
        keep = "signaleren" if model is WorkCardStep else first.pk
        keep = {NationalOrganisation: "venvn", FinancingKind: "gemeente-vrij"}.get(model, keep)
        model.objects.exclude(pk=keep).update(retired=True)
    few = {address: cost(browser, address) for address in LISTS}

    assert many == few
    assert max(many.values()) <= 18


def test_a_page_costs_the_same_whatever_it_is_linked_to(browser):
    for folder, model in DETAILS.items():
        costs = {cost(browser, f"/{folder}/{entry.pk}/") for entry in model.objects.all()}
        assert max(costs) <= 20, folder
        assert max(costs) - min(costs) <= 8, (folder, costs)  # nothing to fetch where a relation is empty


def test_the_first_page_counts_what_there_is(browser):
    page = read(browser, "/kennis/")

    for said in (
        *("13 bladen en 15 andere rollen", "6 fasen", "9 thema's", "6 verhalen", "33 vormen in 6 categorieën"),
        *("9 stappen", "10 tips", "24 organisaties", "ongeveer 1 op 3", "ruim 20%"),
    ):
        assert said in page
    for address in every_address():
        if address in LISTS[1:] or address.startswith("/gesprekken/"):
            assert f'href="{address}"' in page


def test_a_theme_asks_questions_and_leads_on(browser):
    page = read(browser, "/themas/respijt-en-lucht/")

    for question in Theme.objects.get(pk="respijt-en-lucht").questions:
        assert question in page
    assert "Een klein moment vrij kan al veel doen." in page
    assert 'href="/verhalen/tennisrackets/"' in page
    assert 'href="/ondersteuning/vrijwilliger-aan-huis/"' in page
    assert 'href="/fasen/thuis-gaat-niet-meer/"' in page
    assert "onze eigen inschatting" in page


def test_every_theme_belongs_to_a_phase_and_every_phase_to_two_or_three():
    assert not Theme.objects.filter(phases=None).exists()
    assert {phase.themes.count() for phase in Phase.objects.all()} <= {2, 3}


def test_the_list_of_support_marks_what_is_ours_and_what_is_a_way_of_working(browser):
    page = read(browser, "/ondersteuning/")

    assert page.count('<span class="nl-data-badge">van ons</span>') == 2
    assert page.count('<span class="nl-data-badge">manier van werken</span>') == 9
    assert page.count('href="/ondersteuning/') == 33
    assert "Iets kleins dat past" in page


def test_a_form_of_support_says_who_what_when_and_who_pays(browser):
    page = read(browser, "/ondersteuning/wmo-voorzieningen/")

    assert 'href="/beroepen/wmo-consulent/"' in page
    assert 'href="/financiering/#wmo"' in page
    assert 'href="/fasen/accepteren-levende-rouw/"' in page  # names it
    assert 'href="/fasen/thuis-gaat-niet-meer/"' in page  # who gives it may be involved
    assert 'href="/verhalen/volle-spons/"' in page
    assert 'href="/sociale-kaart/?soort=wmo-voorzieningen"' in page
    assert "Regelen kost vaak meer kracht" in page


def test_a_form_of_support_shows_its_services_near_the_reader(client_of, sender):
    where = make_organisation("Het Buitenhuis", municipalities=["GM0479"])
    make_service(where, "Logeren aan het water", kinds=["logeerzorg"], municipalities=["GM0479"])
    make_service(where, "Wandelen", kinds=["respijt-welzijn"], municipalities=["GM0479"])
    make_service(where, "Logeren ver weg", kinds=["logeerzorg"], municipalities=["GM0363"])
    page = read(client_of(sender), "/ondersteuning/logeerzorg/?gemeente=GM0479")

    assert "Logeren aan het water" in page
    assert "Wandelen" not in page
    assert "Logeren ver weg" not in page
    assert "soort=logeerzorg" in page


def test_a_way_of_working_leads_to_no_services(browser):
    page = read(browser, "/ondersteuning/warme-overdracht/")

    assert "Hier verwijs je niemand naar" in page
    assert "in-de-buurt" not in page
    assert "soort=" not in page


def test_a_story_has_its_sides_and_is_linked_both_ways(browser):
    page = read(browser, "/verhalen/huis-en-thuis/")

    for heading in ("De mantelzorger", "De ander", "De professionals", "De gedeelde uitdaging", "De aanpak"):
        assert f">{heading}<" in page
    assert "Wat we hiervan leren" in page
    assert "Woningcorporatie" in page
    assert "onze eigen inschatting" in page
    for address in (
        "/beroepen/casemanager-dementie/",
        "/ondersteuning/logeerzorg/",
        "/themas/regeldruk-en-versnippering/",
    ):
        assert f'href="{address}"' in page
        assert 'href="/verhalen/huis-en-thuis/"' in read(browser, address)


def test_the_work_card_has_nine_steps_and_two_sides(browser):
    page = read(browser, "/werkkaart/")

    for step in WorkCardStep.objects.all():
        assert f'id="{step.pk}"' in page
        assert step.about in page
        assert all(question in page for question in step.questions)
    assert "Kernregel: ontvanger belt de mantelzorger." in page
    assert "Een luisterend oor bieden" in page
    assert "Werken vanuit herstel" in page
    assert 'href="/beroepen/familievertrouwenspersoon/"' in page
    assert 'href="/meetinstrumenten/carerqol-7d/"' in page
    assert "een naaste. Wie" in page
    assert "sinds 1 januari 2024" in page
    assert "Als hulpverlener ben je er tijdelijk." in page
    assert "Voor de mantelzorger" in page


def test_the_national_organisations_say_for_whom_with_host_and_age(browser):
    page = read(browser, "/landelijk/")

    for body in NationalOrganisation.objects.all():
        assert f'id="{body.pk}"' in page
    assert "actiz.nl, in de bron van 2019-2021" in page
    assert 'href="/beroepen/mantelzorgmakelaar/"' in page


def test_a_dead_link_is_shown_without_link(browser):
    address = NationalOrganisation.objects.get(pk="actiz").url
    LinkCheck.objects.create(url=address, outcome="dood", checked_at="2026-11-20T12:00:00Z")
    page = read(browser, "/landelijk/")

    assert f'href="{address}"' not in page
    assert "actiz.nl, werkt niet meer" in page


def test_the_tips_name_their_theme(browser):
    page = read(browser, "/tips/")

    for tip in Tip.objects.all():
        assert f'id="{tip.pk}"' in page
        assert f'href="/themas/{tip.theme_id}/"' in page
    assert "laat niemand alleen" in page


def test_the_conversation_promises_no_record_and_shows_only_such_services(client_of, sender):
    where = make_organisation("Preventie", municipalities=["GM0479"])
    near = {"kinds": ["preventief-gesprek-pom"], "municipalities": ["GM0479"]}
    make_service(where, "Tijd voor jezelf", zonder_dossier=True, **near)
    make_service(where, "Met intake", zonder_dossier=False, **near)
    page = read(client_of(sender), "/gesprekken/pom-gesprek/?gemeente=GM0479")

    assert "Niemand legt een dossier aan." in page
    assert "Het kost niets." in page
    assert "Tijd voor jezelf" in page
    assert "Met intake" not in page
    assert 'href="/beroepen/preventiemedewerker-ggz/?gemeente=GM0479"' in page


def test_an_instrument_says_what_its_outcome_means_and_what_not(browser):
    plus = read(browser, "/meetinstrumenten/ediz-plus/")
    weighted = read(browser, "/meetinstrumenten/carerqol-7d/")
    roles = read(browser, "/meetinstrumenten/sofa/")

    assert "Vanaf 9: overbelasting." in plus
    assert "4 tot en met 8" in plus
    assert "33%" in plus
    assert "niet de vragen zelf" in plus
    assert "Een gewogen score van 0 tot 100 bieden wij niet" in weighted
    assert "Er is geen afkappunt." in weighted
    assert 'href="/werkkaart/#signaleren"' in weighted
    for verb in ("Samenwerken", "Ondersteunen", "Faciliteren", "Afstemmen"):
        assert verb in roles


def test_nothing_of_the_zarit_interview_is_here():
    said = "".join(
        f"{instrument.pk} {instrument.name} {instrument.caution}" for instrument in Instrument.objects.all()
    ).lower()

    assert "zarit" not in said
    assert "zbi" not in said


def test_financing_says_how_who_and_how_sure(browser):
    page = read(browser, "/financiering/")

    for kind in FinancingKind.objects.all():
        assert f'id="{kind.pk}"' in page
    assert "150 tot 2000 euro per jaar, ongeveer" in page
    assert "consumentenbond.nl, stand van 24 december 2025" in page
    assert "Algemeen bekend, niet nagezocht." in page
    assert 'href="/ondersteuning/werkgeversregeling/"' in page
    assert "Wmo 2015 en Wlz zeggen elk" in page


def test_what_left_the_files_keeps_its_page(browser):
    Theme.objects.filter(pk="overbelasting").update(retired=True)

    assert "/themas/overbelasting/" not in read(browser, "/themas/")
    assert "staat niet meer in de lijst" in read(browser, "/themas/overbelasting/")


def test_a_sheet_leads_to_the_pages_about_its_instruments_and_to_the_work_card(browser):
    sheet = read(browser, "/beroepen/casemanager-dementie/")
    role = read(browser, "/beroepen/preventiemedewerker-ggz/")

    assert 'href="/meetinstrumenten/sofa/"' in sheet
    assert 'href="/landelijk/"' in sheet
    assert 'href="/gesprekken/pom-gesprek/"' in role
    assert 'href="/werkkaart/#waar-terecht"' in read(browser, "/beroepen/poh-ggz/")
    assert 'href="/beroepen/casemanager-dementie/"' in read(browser, "/meetinstrumenten/sofa/")


def test_the_first_page_says_where_it_all_comes_from(browser):
    page = read(browser, "/kennis/")

    assert "<cite>Inspiratieboekje SamenSterk</cite>" in page
    assert "Zaanstreek-Waterland" in page
    assert "ZonMw" in page

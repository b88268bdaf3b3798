"""From what plays for a caregiver to who can help her: by the knowledge, to a service near her, to a referral."""

import datetime
import re

import pytest

from intake import actions
from knowledge.models import (
    ConversationGuide,
    Instrument,
    Phase,
    Profession,
    Story,
    SupportKind,
    Theme,
)
from referrals.models import Referral
from sociale_kaart.actions import refresh_search
from tests.factories import make_caregiver, make_organisation, make_service
from tests.journeys.test_main_job import HANDOVER, agree_and_send

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

WMO = "Keukentafelgesprek Zaanstad"


@pytest.fixture
def kitchen_table(gemeente):
    service = make_service(gemeente, WMO, kinds=["wmo-voorzieningen"], phases=["thuis-gaat-niet-meer"])
    service.professions.add("wmo-consulent")
    elsewhere = make_organisation("Gemeente Purmerend", municipalities=["GM0439"])
    far = make_service(
        elsewhere, "Keukentafelgesprek Purmerend", kinds=["wmo-voorzieningen"], municipalities=["GM0439"]
    )
    far.professions.add("wmo-consulent")
    refresh_search()
    return service


@pytest.mark.parametrize(
    "options", [{}, {"javascript": False}, {"width": 390}], ids=["at a desk", "without JavaScript", "on a phone"]
)
def test_from_her_phase_to_a_referral_in_four_clicks(window, sender, kitchen_table, options):
    anna = make_caregiver(sender, "Anna de Boer", situation_kind="dementie")
    phase = Phase.objects.get(name="Als het thuis niet meer gaat")
    actions.set_phase(caregiver=anna, by=sender, phase=phase, since=datetime.date(2026, 9, 1))
    poh = window(sender, **options)
    poh.open(f"/mantelzorgers/{anna.pk}/")
    poh.sees(phase.name, "Vaak betrokken in deze fase")
    main = poh.page.get_by_role("main")

    poh.follow("Wmo-consulent", among=main)  # 1: the right role
    poh.sees("Je zoekt voor een mantelzorger", "Zaanstad")
    poh.sees_nothing_of("Keukentafelgesprek Purmerend", "Anna de Boer")
    poh.follow(WMO, among=main)  # 2: a service near her
    poh.follow(re.compile("Verwijs haar hiernaartoe"), among=main)  # 3: her referral, with this service chosen
    poh.sees("Anna de Boer")
    assert poh.page.get_by_role("radio", name=re.compile(WMO)).is_checked()
    poh.page.get_by_label("Overdracht").first.fill(HANDOVER)
    agree_and_send(poh)  # 4: what was filled in, sent
    if not poh.javascript:  # only now the server could fill in the text to read aloud
        agree_and_send(poh)
    assert Referral.objects.get().service == kitchen_table


def test_the_way_back_to_her_is_always_there(window, sender, kitchen_table):
    anna = make_caregiver(sender, "Anna de Boer", situation_kind="dementie")
    poh = window(sender)
    poh.open(f"/beroepen/?voor={anna.pk}&gemeente=GM0479")
    poh.follow("Wmo-consulent", among=poh.page.get_by_role("main"))
    poh.follow("Terug naar haar pagina")
    assert poh.path == f"/mantelzorgers/{anna.pk}/"


def test_the_casemanager_is_asked_once(window, sender):
    anna = make_caregiver(sender, "Anna de Boer", situation_kind="dementie")
    poh = window(sender)
    poh.open(f"/mantelzorgers/{anna.pk}/")
    poh.sees("Is er een casemanager?")
    poh.press("Nee")
    poh.sees("Haar antwoord is bewaard.", "Wie is dat in haar gemeente?")
    assert poh.page.get_by_role("button", name="Zij weet het niet").count() == 0


DETAILS = {
    "/beroepen/": Profession,
    "/fasen/": Phase,
    "/themas/": Theme,
    "/ondersteuning/": SupportKind,
    "/verhalen/": Story,
    "/gesprekken/": ConversationGuide,
    "/meetinstrumenten/": Instrument,
}
LISTS = (
    *("/kennis/", "/beroepen/", "/fasen/", "/themas/", "/ondersteuning/", "/verhalen/", "/werkkaart/", "/landelijk/"),
    *("/tips/", "/meetinstrumenten/", "/financiering/", "/zoeken/?q=respijt", "/wie-is-wie/", "/wie-is-wie/zaanstad/"),
)


def test_no_page_of_the_knowledge_has_a_finding(window, sender, kitchen_table):
    reader = window(sender)
    for path in LISTS:
        reader.open(path)
    for start, model in DETAILS.items():
        for slug in model.objects.values_list("slug", flat=True):
            reader.open(f"{start}{slug}/")

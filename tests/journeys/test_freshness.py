"""Keeping the sociale kaart true, in a real browser: an owner answers the mail without an account, or says what is
different and the consulent takes it over; a professional reports a mistake and hears what was done.
"""

import datetime
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from mantelzorg import principals
from sociale_kaart.freshness import actions
from sociale_kaart.models import CheckRequest, Service
from tests.factories import make_organisation, make_service
from trail.actions import send_next

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

OPTIONS = pytest.mark.parametrize(
    "options", [{}, {"javascript": False}, {"width": 390}], ids=["desk", "no script", "phone"]
)
DAYS = datetime.timedelta(days=1)


@pytest.fixture
def stays(db):
    """Two services that nobody looked at for long, of somebody who does not work with the portal."""
    cache.clear()
    linden = make_organisation(
        "Logeerhuis De Linden", uses_portal=False, municipalities=["GM0479"], email="info@delinden.example"
    )
    today = timezone.localdate()
    return [
        make_service(
            linden,
            name,
            kinds=["logeerzorg"],
            municipalities=["GM0479"],
            summary="Een of twee nachten uit logeren.",
            phone="075 555 0199",
            checked_on=today - 200 * DAYS,
            next_check_on=today - 20 * DAYS,
        )
        for name in ("Logeren", "Dagje uit")
    ]


def post_comes() -> list:
    """The worker's turn: the mail that waits is sent."""
    mail.outbox.clear()
    with principals.acting(principals.job("mail")):
        while send_next(now=timezone.now()):
            pass
    return mail.outbox


def link_in(message) -> str:
    return re.search(r"(/klopt-nog/\S+/)", message.body)[1]


def is_checked_today(service) -> bool:
    return Service.objects.get(pk=service.pk).checked_on == timezone.localdate()


@OPTIONS
def test_an_owner_says_with_one_click_that_it_holds(window, stays, options):
    actions.ask_organisation(organisation_id=stays[0].organisation_id, now=timezone.now())
    [message] = post_comes()
    assert message.to == ["info@delinden.example"]
    owner = window(**options)
    owner.open(link_in(message))
    owner.sees("Logeerhuis De Linden", "Een of twee nachten uit logeren.")
    assert not any(map(is_checked_today, stays))
    owner.press("Klopt nog : Logeren")
    owner.sees("Jij gaf door dat dit klopt.")
    owner.page.go_back()
    owner.open(link_in(message))
    owner.press("Klopt nog : Dagje uit")
    owner.sees("Dank je wel")
    assert all(map(is_checked_today, stays))
    assert CheckRequest.objects.get().closed_at


@OPTIONS
def test_a_consulent_asks_the_owner_corrects_and_she_takes_it_over(window, consulent, stays, options):
    connie = window(consulent, **options)
    connie.open("/sociale-kaart/beheer/werklijst/")
    connie.sees("Te laat nagekeken", "20 dagen te laat")
    connie.follow("Vraag de aanbieder : Logeren")
    connie.press("Vraag het de aanbieder")
    connie.sees("De vraag gaat per mail naar de aanbieder.")
    [message] = post_comes()
    owner = window(**options)
    owner.open(link_in(message))
    owner.follow("Er is iets veranderd")
    owner.fill("Telefoonnummer", "075 555 0200")
    owner.press("Geef door")
    owner.sees("Dank je wel")
    assert Service.objects.get(name="Logeren").phone == "075 555 0199"
    connie.open("/sociale-kaart/beheer/werklijst/?toon=voorstellen")
    connie.follow("Bekijk het voorstel : Logeren")
    connie.press("Neem over")
    assert Service.objects.get(name="Logeren").phone == "075 555 0200"


@OPTIONS
def test_a_report_is_handled_and_the_reporter_hears_it(window, sender, consulent, stays, options):
    petra = window(sender, **options)
    petra.open("/sociale-kaart/aanbod/" + stays[0].slug + "/")
    petra.follow("Klopt er iets niet?")
    petra.tick("Telefoon, e-mail, website of adres")
    petra.fill("Hoe is het wel?", "Dit nummer is van de buren.")
    petra.press("Meld het")
    petra.sees("De consulent kijkt ernaar")
    connie = window(consulent, **options)
    connie.open("/sociale-kaart/beheer/werklijst/")
    connie.follow("Bekijk de melding : Logeren")
    connie.sees("Dit nummer is van de buren.", "075 555 0199")
    connie.tick("Opgelost: ik heb het aanbod aangepast")
    connie.fill("Wat laat je de melder weten?", "Het nummer is nu goed. Dank je.")
    connie.press("Handel af")
    connie.sees("De melder krijgt bericht.")
    [message] = post_comes()
    assert message.to == [sender.email]
    assert "buren" not in message.body
    petra.open("/sociale-kaart/meldingen/")
    petra.sees("Het nummer is nu goed. Dank je.")

"""A colleague leaves, and nobody loses her fixed contact: hers are handed over first, on one page, and accepted."""

import pytest

from intake.models import Caregiver
from tests.factories import make_caregiver, make_need

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

OPTIONS = pytest.mark.parametrize(
    "options",
    [{"width": 390}, {"width": 390, "javascript": False}, {"width": 1280}],
    ids=["phone", "phone without script", "desk"],
)
NAMES = ("Anna Aerts", "Berta Bos", "Carla Claes")


def take_out_of_the_team(manager, name: str) -> None:
    manager.go_to("Team")
    manager.follow(name)
    manager.follow(f"Haal {name} uit het team")


@OPTIONS
def test_who_leaves_hands_over_all_of_hers_first(window, sender, colleague, beheerder, options):
    for name in NAMES:
        make_need(make_caregiver(colleague, name), colleague)
    manager = window(beheerder, **options)
    take_out_of_the_team(manager, "Karim Haddad")
    manager.sees("Dat kan nog niet", "Karim Haddad is voor 3 mantelzorgers het vaste aanspreekpunt.")
    manager.sees_nothing_of(*NAMES)

    leaving = window(colleague, **options)
    leaving.go_to("Mantelzorgers")
    leaving.follow("Draag over")
    leaving.sees("Jij bent voor 3 mantelzorgers het vaste aanspreekpunt.", *NAMES)
    leaving.press("Vraag het je collega")
    leaving.sees("Kies wie je overdraagt.", "Kies een collega.", "Schrijf op wat je collega moet weten.")
    leaving.tick("Iedereen voor wie nog niemand is gevraagd")
    leaving.choose("Wie wordt hun vaste aanspreekpunt?", "Petra de Boer")
    leaving.fill("Wat moet je collega weten?", "Ik ga weg per 1 december. Ik heb het hun verteld.")
    leaving.press("Vraag het je collega")
    leaving.sees("Gevraagd aan Petra de Boer voor 3 mantelzorgers.", "Gevraagd: Petra de Boer")
    take_out_of_the_team(manager, "Karim Haddad")
    manager.sees("Dat kan nog niet")

    other = window(sender, **options)
    other.sees("Ook aan jou gevraagd", *(f"Word jij het vaste aanspreekpunt van {name}?" for name in NAMES))
    other.follow("Word jij het vaste aanspreekpunt van Berta Bos?")
    other.sees("Ik ga weg per 1 december.", "Ook één open hulpvraag van haar, nu bij Karim Haddad, gaat dan mee.")
    other.press("Ja, dat is goed")
    other.sees("Jij bent nu haar vaste aanspreekpunt.")
    other.go_to("Vandaag")
    other.sees_nothing_of("aanspreekpunt van Berta Bos")
    other.follow("Word jij het vaste aanspreekpunt van Anna Aerts?")
    other.follow("Alles wat je nog beantwoordt")
    other.press("Zeg ja bij wie is aangevinkt")
    other.sees("Geregeld: 2 mantelzorgers hebben nu een ander vast aanspreekpunt.", "Er wacht niets op jouw antwoord")

    take_out_of_the_team(manager, "Karim Haddad")
    manager.press("Haal uit het team")
    manager.sees("Karim Haddad hoort niet meer bij")
    assert colleague.memberships.get().ended_at
    assert {her.fixed_contact.user for her in Caregiver.objects.all()} == {sender}
    assert {need.owner.user for her in Caregiver.objects.all() for need in her.needs.all()} == {sender}

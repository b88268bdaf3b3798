"""What in a text may lead to somebody."""

import pytest

from referrals.questions import recognising
from tests.factories import make_caregiver

A_LOT = [
    ("Mail haar op anna.jansen@voorbeeld.nl", [recognising.AN_EMAIL]),
    ("Zij is bereikbaar op 06-12345678", [recognising.A_PHONE]),
    ("Bel +31 6 1234 5678", [recognising.A_PHONE]),
    ("bel (075) 123 45 67.", [recognising.A_PHONE]),
    ("bsn 123456782", [recognising.A_NUMBER]),
    ("nr.123456782", [recognising.A_NUMBER]),
    ("bsn 1234.56.782", [recognising.A_NUMBER]),
    ("bsn 123 456 782", [recognising.A_NUMBER]),
    ("Zij woont op 1506 AB", [recognising.A_POSTCODE]),
    ("Zij woont op 1506ab 12", [recognising.A_POSTCODE]),
    ("Zij woont op 1506 xb", [recognising.A_POSTCODE]),
    ("06 12345678 en 1506AB", [recognising.A_PHONE, recognising.A_POSTCODE]),
]
NOTHING = [
    "Zij slaapt 4 uur per nacht en zorgt sinds 2023 is voor haar man.",
    "In 2021 en 2022 is het vaker gebeurd, 1500 ml per dag.",
    "Zij kreeg 1.250 euro en werkt 24 tot 32 uur.",
    "Op 12-03-2026 om 10.30 uur is er een gesprek met 3 mensen.",
    "Wat kost het? 100.000 stappen, 12 weken, paragraaf 3.2.1.",
]


@pytest.mark.parametrize(("text", "sentences"), A_LOT)
def test_what_is_never_needed_is_refused(text, sentences):
    assert recognising.never(text) == sentences


@pytest.mark.parametrize("text", NOTHING)
def test_ordinary_numbers_are_let_alone(text):
    assert recognising.never(text) == []


def test_who_answers_may_name_an_organisation_with_its_number():
    assert recognising.no_number_of_hers("Bel het Odensehuis, 075 123 45 67 of info@huis.example, 1506 AB.") == []
    assert recognising.no_number_of_hers("Is dit 123456782?") == [recognising.A_NUMBER]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("geboren 12-03-1948", ["geboren 12-03-1948"]),
        ("van 3 mei 1951 dus", ["3 mei 1951"]),
        ("geb. 1948", ["geb. 1948"]),
        ("geboren op: 1950", ["geboren op: 1950"]),
        ("zij is 76 en zorgt 3 jaar", []),
    ],
)
def test_a_date_of_birth_is_asked_about(text, found):
    assert recognising.dates_of_birth(text) == found


@pytest.mark.django_db
def test_a_name_of_her_own_organisation_is_asked_about(sender, outsider, receiver):
    make_caregiver(sender, "Anna de Bruggeling")
    make_caregiver(sender, "Cobie Klein")
    make_caregiver(sender, "Zoë Jansen-Visser")
    make_caregiver(outsider, "Dora Wijngaardt")

    def found(text, by=sender):
        return recognising.names(text, by)

    assert found("Hoe help ik Anna de Bruggeling verder?") == ["Anna de Bruggeling"]
    assert found("hoe help ik anna de bruggeling verder?") == ["anna de bruggeling"]
    assert found("Bruggeling slaapt slecht") == ["Bruggeling"]
    assert found("mevrouw bruggeling slaapt slecht") == ["bruggeling"]
    assert found("ZOE Jansen-Visser") == ["ZOE Jansen-Visser"]
    assert found("een klein huis, en een bruggeling") == []
    assert found("Dora Wijngaardt") == []  # of another organisation: whether she is there, nobody may find out
    assert found("Bruggeling", receiver) == []
    assert found("") == []

"""Who may be the same person is pointed out before saving, within her own organisation only."""

import json

import pytest
from django.urls import reverse

from intake.doubles import names_alike, possible_doubles
from intake.models import Caregiver
from tests.factories import make_caregiver
from tests.intake.conftest import words

ANNA = {"name": "Anneke Vermeer", "phone": "06 55501234", "postcode": "1506 AB"}


@pytest.fixture
def anneke(sender):
    return make_caregiver(sender, **ANNA)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({}, "zelfde naam en telefoonnummer"),
        ({"name": "Iemand Anders", "postcode": "9712 AA"}, "zelfde telefoonnummer"),
        ({"name": "Iemand Anders", "phone": "+31 6 5550 1234", "postcode": "9712 AA"}, "zelfde telefoonnummer"),
        ({"phone": "06 55509999"}, "zelfde naam en postcode"),
        ({"phone": "06 55509999", "postcode": "1506 XZ"}, "zelfde naam, postcode in de buurt"),
        ({"phone": "06 55509999", "name": "Anneke Vermeir"}, "naam lijkt erop, zelfde postcode"),
        ({"phone": "06 55509999", "name": "A. Vermeer"}, "naam lijkt erop, zelfde postcode"),
        ({"phone": "06 55509999", "name": "Annéke  vermeer"}, "zelfde naam en postcode"),
        (
            {"phone": "06 55509999", "name": "Anne Vermeer", "postcode": "1506 XZ"},
            "naam lijkt erop, postcode in de buurt",
        ),
        ({"phone": "06 55509999", "name": "Anneke Vermeer", "postcode": "9712 AA"}, ""),
        ({"phone": "06 55509999", "name": "Bert Jansen"}, ""),
        ({"phone": "06 55509999", "name": "Bert Vermeer", "postcode": "1506 XZ"}, ""),
    ],
)
def test_who_looks_like_her_is_pointed_out_with_why(sender, anneke, typed, why):
    found = possible_doubles(sender, **ANNA | typed)
    assert [double.why for double in found] == ([why] if why else [])


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("anneke vermeer", "a vermeer", True),
        ("anneke vermeer", "b vermeer", False),
        ("anneke vermeer", "anneke vermer", True),
        ("anneke vermeer", "joke smit", False),
        ("", "anneke vermeer", False),
        ("...", ".", False),
    ],
)
def test_when_names_are_alike(one, other, alike):
    assert names_alike(one, other) is alike


def test_the_likeliest_comes_first_and_a_few_are_enough(sender):
    for number in range(9):
        make_caregiver(sender, f"Iemand {number}", phone=ANNA["phone"], postcode="9712 AA")
    make_caregiver(sender, **ANNA)
    found = possible_doubles(sender, **ANNA)
    assert len(found) == 5
    assert found[0].name == ANNA["name"]


def test_nobody_of_another_organisation_is_pointed_out(sender, outsider):
    make_caregiver(outsider, **ANNA)
    assert possible_doubles(sender, **ANNA) == []


def test_it_takes_one_query_for_one_and_for_fifty(sender, anneke, django_assert_num_queries):
    for number in range(50):
        make_caregiver(sender, f"Anneke Vermeer {number}", postcode="1506 AB", phone="06 55501234")
    with django_assert_num_queries(1):
        possible_doubles(sender, **ANNA)


def edit(client, her, **changes):
    form = client.get(reverse("caregiver_edit", args=[her.pk])).context["form"]
    typed = {name: form[name].value() for name in form.fields if name != "seen"}
    typed = {name: value for name, value in typed.items() if value not in (None, False)}
    typed["seen"] = json.dumps(form.initial["seen"])
    return client.post(reverse("caregiver_edit", args=[her.pk]), typed | changes)


def test_also_when_her_record_changes_into_that_of_another(client_of, sender, anneke, looks):
    other = make_caregiver(sender, "Piet Jansen", phone="06 55507777", postcode="1506 AB")
    client = client_of(sender)
    page = edit(client, other, phone=ANNA["phone"])
    assert "Staat zij er al?" in words(page)
    assert "Anneke Vermeer (opent in een nieuw tabblad) , 06 55501234" in words(page)
    assert looks(sender, event="search", subject_id=anneke.pk).exists()
    assert Caregiver.objects.get(pk=other.pk).phone != anneke.phone
    assert edit(client, other, phone=ANNA["phone"], really_another="on").status_code == 302
    assert Caregiver.objects.get(pk=other.pk).phone_digits == anneke.phone_digits


def test_who_changes_something_else_is_not_asked(client_of, sender, anneke):
    make_caregiver(sender, **ANNA)
    assert edit(client_of(sender), anneke, safe_moment="na tien uur").status_code == 302

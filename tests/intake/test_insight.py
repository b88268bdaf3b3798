"""What a caregiver gets to read: who looked at her data, when, at what and why."""

import re

import pytest

from referrals.transitions import State
from tests.factories import make_caregiver, make_referral, make_service
from trail.models import AccessLogEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def anneke(sender):
    return make_caregiver(sender, "Anneke Voorbeeld")


def page_of(client, caregiver) -> str:
    response = client.get(f"/mantelzorgers/{caregiver.pk}/inzage/")
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.text))


def test_it_says_who_of_which_organisation_in_which_function_looked_at_what_and_why(client_of, sender, anneke):
    client_of(sender).get(f"/mantelzorgers/{anneke.pk}/")
    page = page_of(client_of(sender), anneke)
    assert re.search(r"Petra de Boer, (POH|praktijkondersteuner)", page, re.I)
    assert "Huisartsenpraktijk De Zaan" in page
    assert "Bekeken naam, telefoonnummer," in page
    assert "om haar te begeleiden" in page
    assert "Vastgelegd" in page


def test_whoever_received_her_stands_in_it_too(client_of, sender, receiver, steunpunt, anneke):
    service = make_service(steunpunt, "Gesprek", kinds=["gesprek-mantelzorgconsulent"])
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service, caregiver=anneke)
    client_of(receiver).get(f"/verwijzingen/{referral.pk}/")
    page = page_of(client_of(sender), anneke)
    assert "Sanne Smit" in page
    assert "Steunpunt Mantelzorg Zaanstad" in page
    assert "omdat zij is verwezen" in page


def test_reading_it_is_logged_and_stands_in_it_the_next_time(client_of, sender, anneke):
    page_of(client_of(sender), anneke)
    row = AccessLogEntry.objects.get(event="log_read")
    assert (row.subject_id, row.purpose, row.fields) == (anneke.pk, "inzage", ["name", "insight"])
    assert "Logboek gelezen" in page_of(client_of(sender), anneke)


def test_of_another_caregiver_it_says_nothing(client_of, sender, colleague, anneke):
    other = make_caregiver(colleague, "Berta Anders")
    assert "Karim" not in page_of(client_of(sender), anneke)
    assert "Karim" in page_of(client_of(sender), other)


@pytest.mark.parametrize("who", ["outsider", "receiver", "beheerder", "logtoezicht", "coordinator"])
def test_strangers_do_not_find_it(client_of, request, anneke, who):
    address = f"/mantelzorgers/{anneke.pk}/inzage/"
    assert client_of(request.getfixturevalue(who)).get(address).status_code == 404


def test_it_goes_by_pages_and_asks_the_same_for_fifty_rows(client_of, sender, anneke, django_assert_num_queries):
    client = client_of(sender)
    for _ in range(60):
        client.get(f"/mantelzorgers/{anneke.pk}/tijdlijn/")
    response = client.get(f"/mantelzorgers/{anneke.pk}/inzage/")
    assert response.text.count('<tr><th scope="row">') == 50
    following = re.search(r'rel="next" href="([^"]*)"', response.text)[1]
    assert 'rel="prev"' in client.get(following).text


def test_her_page_leads_to_it(client_of, sender, anneke):
    assert f"/mantelzorgers/{anneke.pk}/inzage/" in client_of(sender).get(f"/mantelzorgers/{anneke.pk}/").text

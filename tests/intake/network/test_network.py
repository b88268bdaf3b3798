"""Who is around her, in circles: said better, one who keeps the overview, and numbers that are shown on request."""

import json
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from intake import actions as intake
from intake.models import Involvement
from intake.network.actions import change_involvement
from intake.network.reading import network_of
from mantelzorg.refusal import Refused
from tests.factories import make_caregiver
from tests.intake.conftest import words


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer")


def somebody(caregiver, by, name="Zus Riet", **details) -> Involvement:
    return intake.add_involvement(caregiver=caregiver, by=by, name=name, **details)


def page(caregiver) -> str:
    return f"/mantelzorgers/{caregiver.pk}/netwerk/"


def edit(person: Involvement) -> str:
    return f"/betrokkenen/{person.pk}/wijzigen/"


def sent(person: Involvement, **typed) -> dict:
    seen = {
        "name": person.name,
        "profession_id": None,
        "organisation_id": None,
        "circle": person.circle,
        "regie": person.regie,
        "phone": person.phone,
        "since": person.since.isoformat(),
    }
    stands = {"name": person.name, "circle": person.circle, "phone": person.phone, "since": person.since.isoformat()}
    return {"seen": json.dumps(seen), **stands, **typed}


# The list and the picture -------------------------------------------------------------------------------------------


def test_everybody_is_in_her_circle_in_the_list_and_in_the_picture(client_of, sender, anna):
    somebody(anna, sender, "Zus Riet", circle="dichtbij")
    somebody(anna, sender, "De buurvrouw", circle="op-afstand")
    gone = somebody(anna, sender, "Nicht Els")
    intake.end_involvement(involvement=gone, by=sender, note="verhuisd")
    answer = client_of(sender).get(page(anna))
    said = words(answer)
    near, far = said.index("Dichtbij"), said.index("Op afstand")
    assert near < said.index("Zus Riet") < far < said.index("De buurvrouw")
    assert "Vast aanspreekpunt" in said
    assert "verhuisd" in said
    picture = answer.text.split("<svg viewBox")[1].split("</svg>")[0]
    assert "3 mensen om haar heen" in picture
    assert "Zus Riet" in picture
    assert "Nicht Els" not in picture


def test_a_full_circle_says_how_many_more_there_are(sender, anna):
    for number in range(15):
        somebody(anna, sender, f"Buur {number}", circle="op-afstand")
    distant = network_of(anna)["rings"][2]
    assert (len(distant.dots), distant.more, len(distant.people)) == (12, 3, 15)
    assert {dot.name for dot in distant.dots} == {""}  # no room for names


def test_there_is_a_most_and_it_says_so(client_of, sender, anna, monkeypatch):
    monkeypatch.setattr(intake, "MOST_AROUND_HER", 2)
    for name in ("Een", "Twee"):
        somebody(anna, sender, name)
    data = {"form_key": str(uuid.uuid4()), "name": "Drie", "circle": "dichtbij", "since": str(timezone.localdate())}
    answer = client_of(sender).post(f"/mantelzorgers/{anna.pk}/betrokkenen/nieuw/", data)
    assert "Er staan al 2 mensen om haar heen." in words(answer)


# Saying it better ---------------------------------------------------------------------------------------------------


def test_somebody_comes_nearer(client_of, sender, anna, looks):
    riet = somebody(anna, sender)
    answer = client_of(sender).post(edit(riet), sent(riet, circle="dichtbij", phone="06 55500012"))
    assert answer.url == page(anna)
    riet.refresh_from_db()
    assert (riet.circle, riet.phone[-4:]) == ("dichtbij", "0012")
    assert looks(sender, event="update").filter(fields=["involvements"]).exists()


def test_two_at_once_lose_nothing(client_of, sender, colleague, anna):
    riet = somebody(anna, sender)
    client_of(sender).post(edit(riet), sent(riet, name="Zus Riet de Boer"))
    answer = client_of(colleague).post(edit(riet), sent(riet, circle="dichtbij"))
    assert "Dit is intussen gewijzigd door" in words(answer)
    assert "Zus Riet de Boer" in answer.text
    riet.refresh_from_db()
    assert (riet.name, riet.circle) == ("Zus Riet de Boer", "regelmatig")


def test_one_at_a_time_keeps_the_overview(client_of, sender, anna):
    riet, piet = somebody(anna, sender, regie=True), somebody(anna, sender, "Piet")
    assert "Zus Riet houdt de regie." in words(client_of(sender).get(page(anna)))
    client_of(sender).post(edit(piet), sent(piet, regie="on"))
    assert list(anna.involvements.in_charge().values_list("name", flat=True)) == ["Piet"]
    assert anna.timeline.last_of_kind("betrokkenen").text == "Piet houdt nu de regie."
    intake.end_involvement(involvement=Involvement.objects.get(pk=piet.pk), by=sender)
    assert "Er is niet afgesproken wie de regie houdt." in words(client_of(sender).get(page(anna)))
    change_involvement(involvement=riet, by=sender, regie=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Involvement.objects.create(caregiver=anna, name="Nog een", regie=True, recorded_by=sender.acting)


# Numbers ------------------------------------------------------------------------------------------------------------


def test_a_number_is_shown_on_request_and_that_is_logged(client_of, sender, anna, looks):
    riet = somebody(anna, sender, phone="06 55500012")
    browser, address = client_of(sender), f"/betrokkenen/{riet.pk}/telefoon/"
    for where in (page(anna), f"/mantelzorgers/{anna.pk}/"):
        text = browser.get(where).text
        assert "55500012" not in text.replace(" ", "")
        assert address in text
    asked = looks(sender, event="view").filter(fields__contains=["involvement_phone"])
    assert not asked.exists()
    assert "0012" in browser.get(address).text
    piece = browser.get(address, HTTP_HX_REQUEST="true")
    assert "0012" in piece.text
    assert "<html" not in piece.text
    assert asked.count() == 2


# Who may, and what it costs -----------------------------------------------------------------------------------------


def test_another_organisation_finds_nothing(client_of, sender, outsider, anna):
    riet = somebody(anna, sender, phone="06 55500012")
    browser = client_of(outsider)
    for address in (page(anna), edit(riet), f"/betrokkenen/{riet.pk}/telefoon/"):
        assert browser.get(address).status_code == 404
    with pytest.raises(Refused):
        change_involvement(involvement=riet, by=outsider, name="Iemand anders")


def test_forty_cost_as_many_queries_as_two(client_of, sender, anna, counted):
    for name in ("Een", "Twee"):
        somebody(anna, sender, name)
    few = counted(client_of(sender), page(anna))
    for number in range(38):
        somebody(anna, sender, f"Buur {number}")
    assert counted(client_of(sender), page(anna)) == few

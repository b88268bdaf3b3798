"""What is offered for one need, on its page: the same weighing, on what the database holds."""

import datetime
import random
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from intake.models import Missing, Need
from referrals import actions
from referrals.matching import about_her, offers_for
from referrals.models import DeclineReason
from sociale_kaart.actions import refresh_search
from sociale_kaart.models import Location, Service
from tests.factories import make_caregiver, make_need, make_referral, make_service
from trail.models import AccessLogEntry

KIND = "logeerzorg"


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer", situation_kind="psychisch", relation="partner")


@pytest.fixture
def need(anna, sender):
    return make_need(anna, sender, kind=KIND, words="Even naar tennis")


def findable(*args, groups=(), **fields) -> Service:
    service = make_service(*args, **{"kinds": [KIND], "capacity_on": datetime.date(2026, 11, 1)} | fields)
    service.target_groups.set(groups)
    refresh_search(service)
    return service


def offers(need, user, **asked):
    return offers_for(Need.objects.for_page().get(pk=need.pk), user, about=about_her(need.caregiver), **asked)


def names(cards) -> list[str]:
    return [card.service.name for card in cards]


def page_of(client, need, **asked) -> str:
    response = client.get(reverse("need_offers", args=[need.pk]), asked)
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    return " ".join(unescape(strip_tags(html.replace("<", " <"))).split())


def test_the_best_comes_first_with_why_it_fits_and_what_does_not(client_of, sender, steunpunt, need):
    findable(steunpunt, "Met wachtlijst", capacity="wachtlijst", wait_weeks=6)
    findable(steunpunt, "Met plek", capacity="plek", cost_kind="gratis")
    findable(steunpunt, "Vol huis", capacity="vol")
    findable(steunpunt, "Andere soort", kinds=["lotgenotencontact"], capacity="plek")
    findable(steunpunt, "Elders", municipalities=["GM0439"], capacity="plek")
    for status in ("draft", "paused", "archived"):
        findable(steunpunt, f"Niet op de kaart {status}", capacity="plek", status=status)
    findable(steunpunt, "Voor dementie", capacity="plek", groups=["dementie"])
    found = offers(need, sender)
    assert names(found.fits) == ["Met plek", "Met wachtlijst"]
    assert names(found.less) == ["Voor dementie", "Vol huis"]
    page = words(page_of(client_of(sender), need))
    assert "Past: In haar gemeente" in page
    assert "Let op: Wachtlijst van 6 weken" in page
    assert "Past minder goed, en waarom (2)" in page
    assert "Let op: Vol: nu is er geen plek" in page


def test_from_there_one_goes_on_to_refer_with_need_and_service_chosen(client_of, sender, steunpunt, need):
    findable(steunpunt, "Met plek", capacity="plek")
    browser = client_of(sender)
    there = unescape(re.search(r'href="(/mantelzorgers/[^"]+/verwijzen/[^"]+)"', page_of(browser, need))[1])
    page = browser.get(there).content.decode()
    assert re.search(r'value="met-plek"[^>]*checked', page)
    assert re.search(rf'value="{need.pk}"[^>]*checked', page)


def test_the_cards_of_passing_on_stand_in_the_same_order(client_of, sender, steunpunt, need):
    for number, (capacity, weeks) in enumerate([("", None), ("wachtlijst", 30), ("plek", None), ("wachtlijst", 2)]):
        findable(steunpunt, f"Huis {number}", capacity=capacity, wait_weeks=weeks)
    there = f"{reverse('referral_new', args=[need.caregiver_id])}?vraag={need.pk}"
    page = client_of(sender).get(there).content.decode()
    order = re.findall(r'name="service" value="([^"]+)"', page)
    assert (
        order == [card.service.slug for card in offers(need, sender).fits] == ["huis-2", "huis-0", "huis-3", "huis-1"]
    )


def test_who_would_like_it_free_gets_what_is_free_first(sender, steunpunt, anna):
    findable(steunpunt, "Betaald", capacity="plek", cost_kind="zelf-betalen")
    findable(steunpunt, "Gratis", capacity="wachtlijst", wait_weeks=4, cost_kind="gratis")
    assert names(offers(make_need(anna, sender, kind=KIND), sender).fits) == ["Betaald", "Gratis"]
    assert names(offers(make_need(anna, sender, kind=KIND, prefers_free=True), sender).fits) == ["Gratis", "Betaald"]


def test_what_her_own_words_are_about_comes_first(sender, steunpunt, need):
    findable(steunpunt, "Logeerhuis", capacity="plek")
    findable(steunpunt, "Tennis met een maatje", capacity="plek", checked_on=datetime.date(2026, 9, 1))
    found = offers(need, sender)
    assert names(found.fits) == ["Tennis met een maatje", "Logeerhuis"]
    assert "Gaat over: tennis" in [line.text for line in found.fits[0].lines]


def test_what_was_tried_for_this_need_is_marked_and_stands_below(sender, receiver, steunpunt, anna):
    service = findable(steunpunt, "Geweest", capacity="plek")
    referral = make_referral("sent", sender=sender, receiver=receiver, service=service, caregiver=anna)
    actions.decline(referral=referral, by=receiver, reason=DeclineReason.NO_CAPACITY, note="Helaas.")
    need = referral.referral_needs.get().need
    Need.objects.filter(pk=need.pk).update(kind=KIND)
    found = offers(Need.objects.get(pk=need.pk), sender)
    assert names(found.less) == ["Geweest"]
    assert any(line.text.startswith("Eerder geprobeerd: er is geen plek, ") for line in found.less[0].lines)
    again = make_need(anna, sender, kind=KIND)
    assert names(offers(again, sender).fits) == ["Geweest"]


def test_where_little_fits_one_looks_nearby(sender, steunpunt, need):
    near = findable(steunpunt, "Over de grens", municipalities=["GM0439"], capacity="plek")
    near.locations.add(
        Location.objects.create(organisation=steunpunt, street="Kade 1", postcode="1441 AB", place="Purmerend")
    )
    refresh_search(near)
    found = offers(need, sender)
    assert names(found.less) == ["Over de grens"]
    assert re.search(r"Niet in haar gemeente, ongeveer \d+ km verder", " ".join(x.text for x in found.less[0].lines))


def test_of_any_services_what_does_not_fit_stands_below(sender, steunpunt, need):
    chance = random.Random(6)
    for number in range(40):
        findable(
            steunpunt,
            f"Huis {number}",
            capacity=chance.choice(["", "plek", "vol", "wachtlijst"]),
            municipalities=[chance.choice(["GM0479", "GM0479", "GM0439"])],
            kinds=[chance.choice([KIND, KIND, "lotgenotencontact"])],
            status=chance.choice(["published", "published", "published", "draft", "paused", "archived"]),
            groups=chance.choice([[], [], ["ggz"], ["dementie"]]),
        )
    found = offers(need, sender)
    assert found.fits
    for card in found.fits:
        service = card.service
        assert service.status == "published"
        assert service.capacity != "vol"
        assert KIND in service.kinds.values_list("pk", flat=True)
        assert service.municipalities.filter(pk="GM0479").exists()
        assert not service.target_groups.filter(pk="dementie").exists()
    shown = [card.weighed.rank for card in (*found.fits, *found.less)]
    assert shown == sorted(shown)


# What her words may be about ----------------------------------------------------------------------------------------


def test_a_need_to_find_out_together_gets_kinds_to_talk_about_and_is_not_filled_in(client_of, sender, steunpunt, anna):
    findable(steunpunt, "Sporten", summary="Samen tennis en zwemmen.", kinds=["lotgenotencontact"])
    need = make_need(anna, sender, kind=None, words="Ik wil weer even naar tennis, en oppas voor hem")
    page = page_of(client_of(sender), need)
    assert "Waar zou dit over kunnen gaan?" in page
    assert "?soort=lotgenotencontact" in page
    look = page_of(client_of(sender), need, soort="lotgenotencontact")
    assert "Sporten" in look
    assert "Haar vraag is niet gewijzigd" in look
    need.refresh_from_db()
    assert need.kind_id is None


def test_without_words_no_kind_is_suggested(sender, anna):
    assert offers(make_need(anna, sender, kind=None), sender).kinds == []


@pytest.mark.parametrize("odd", ["warme-overdracht", "bestaat-niet", "' or 1=1", "\x00", "x" * 500])
def test_a_kind_one_cannot_ask_for_is_not_asked(client_of, sender, need, odd):
    assert "Je bekijkt het aanbod voor" not in page_of(client_of(sender), need, soort=odd)


# No offer -----------------------------------------------------------------------------------------------------------


def test_with_nothing_here_that_is_filled_in_already(client_of, sender, need):
    assert offers(need, sender).missing == [Missing.NOTHING_HERE]
    page = client_of(sender).get(f"{reverse('need_close', args=[need.pk])}?einde=geen-aanbod").content.decode()
    assert re.search(r'value="geen-aanbod"[^>]*checked', page)
    assert re.search(r'value="niets-hier"[^>]*checked', page)
    assert page.count("checked") == 2


def test_what_is_known_to_be_missing_comes_from_the_reasons(sender, steunpunt, anna):
    findable(steunpunt, "Vol huis", capacity="vol")
    findable(steunpunt, "Duur", capacity="wachtlijst", cost_kind="zelf-betalen")
    need = make_need(anna, sender, kind=KIND, prefers_free=True)
    assert offers(need, sender).missing == [Missing.NO_ROOM, Missing.COSTS]
    findable(steunpunt, "Past gewoon", capacity="plek", cost_kind="gratis")
    assert offers(need, sender).missing == []


# The page -----------------------------------------------------------------------------------------------------------


def test_the_page_asks_as_much_for_one_service_as_for_fifty(client_of, sender, steunpunt, need):
    browser = client_of(sender)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(browser, need)
        return len(queries)

    for number in range(4):
        findable(steunpunt, f"Huis {number}", capacity="plek")
    asked()
    few = asked()
    for number in range(46):
        findable(steunpunt, f"Meer {number}", capacity="plek")
    assert asked() == few <= 18


def test_the_page_is_for_her_own_organisation_and_is_logged(client_of, sender, outsider, receiver, need):
    address = reverse("need_offers", args=[need.pk])
    for stranger in (outsider, receiver):
        assert client_of(stranger).get(address).status_code == 404
    page_of(client_of(sender), need)
    look = AccessLogEntry.objects.get(user_id=sender.pk, event="view")
    assert set(look.fields) == {"name", "needs"}


def test_nothing_of_her_stands_in_an_address(client_of, sender, steunpunt, need):
    findable(steunpunt, "Met plek", capacity="plek")
    page = page_of(client_of(sender), need)
    addresses = " ".join(re.findall(r'(?:href|action)="([^"]*)"', page)).lower()
    for said in ("anna", "boer", "tennis", "1506", "5550"):
        assert said not in addresses

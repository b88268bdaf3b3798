"""Somebody of the organisation proposes, the consulent says yes or no, and who proposed hears of it."""

import datetime
import re

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mantelzorg.refusal import Refused
from sociale_kaart import actions
from sociale_kaart.editing import actions as editing
from sociale_kaart.editing import history
from sociale_kaart.models import Change, Proposal
from tests.factories import make_service
from tests.sociale_kaart.editing.test_pages import KEEP, page_of, typed
from trail.mail import compose
from trail.models import OutboxMessage


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt, "Luisterend oor")


@pytest.fixture
def proposal(service, receiver):
    return editing.propose(
        service=service, fields={"summary": "Beter.", "phone": "1"}, by=receiver, words="Nieuw nummer"
    )


def test_only_what_differs_is_proposed_and_nothing_changes_yet(service, receiver):
    proposal = editing.propose(service=service, fields={"summary": "Beter.", "name": service.name}, by=receiver)
    assert proposal.fields == {"summary": "Beter."}
    assert proposal.before == {"summary": "Iemand luistert en denkt mee."}
    service.refresh_from_db()
    assert service.summary == "Iemand luistert en denkt mee."
    with pytest.raises(Refused, match="niets veranderd"):
        editing.propose(service=service, fields={"name": service.name}, by=receiver)
    assert editing.propose(service=service, fields={}, by=receiver, words="Het adres klopt niet.").is_open


def test_who_does_not_work_there_proposes_nothing(service, sender, pom):
    for person in (sender, pom):
        with pytest.raises(PermissionDenied):
            editing.propose(service=service, fields={"summary": "X"}, by=person)


def test_only_what_is_theirs_to_say_and_can_be(service, receiver):
    for name in ("status", "home_municipality", "check_interval_days", "organisation"):
        with pytest.raises(ValueError, match="Not to be proposed"):
            editing.propose(service=service, fields={name: "x"}, by=receiver)
    for fields in ({"kinds": ["bestaat-niet"]}, {"access": "gratis"}, {"schedules": "altijd"}, {"locations": ["x"]}):
        with pytest.raises(Refused):
            editing.propose(service=service, fields=fields, by=receiver)


def test_a_link_in_a_mail_proposes_without_an_account(service):
    proposal = editing.propose(service=service, fields={"summary": "Beter."}, said_by="de aanbieder, via de mail")
    assert editing.who_proposed(proposal) == "de aanbieder, via de mail"
    assert list(Proposal.objects.to_handle(["GM0479"])) == [proposal]
    assert list(Proposal.objects.to_handle(None)) == [proposal]
    assert not Proposal.objects.to_handle(["GM0439"]).exists()


def test_one_click_makes_the_card_say_it(proposal, service, consulent, receiver):
    editing.accept_proposal(proposal=proposal, by=consulent)
    service.refresh_from_db()
    proposal.refresh_from_db()
    assert (service.summary, service.phone, proposal.state) == ("Beter.", "1", "overgenomen")
    change = Change.objects.get()
    assert (change.what, change.by, change.said_by) == ("voorstel", consulent, f"voorstel van {receiver.name}")
    mail = OutboxMessage.objects.get()
    assert mail.to == receiver.email
    assert f"/voorstellen/{proposal.pk}/" in compose(mail).body
    assert "Beter." not in compose(mail).body
    with pytest.raises(Refused, match="al behandeld"):
        editing.accept_proposal(proposal=proposal, by=consulent)
    with pytest.raises(Refused, match="al behandeld"):
        editing.decline_proposal(proposal=proposal, answer="Nee.", by=consulent)
    with pytest.raises(Refused, match="al behandeld"):
        editing.withdraw_proposal(proposal=proposal, by=receiver)


def test_who_keeps_no_card_handles_nothing(proposal, receiver, sender):
    for person in (receiver, sender):
        with pytest.raises(PermissionDenied):
            editing.accept_proposal(proposal=proposal, by=person)
        with pytest.raises(PermissionDenied):
            editing.decline_proposal(proposal=proposal, answer="Nee.", by=person)


def test_no_needs_a_sentence_and_changes_nothing(proposal, service, consulent):
    with pytest.raises(Refused):
        editing.decline_proposal(proposal=proposal, answer="  ", by=consulent)
    editing.decline_proposal(proposal=proposal, answer="Dit nummer klopt niet.", by=consulent)
    proposal.refresh_from_db()
    service.refresh_from_db()
    assert (proposal.state, proposal.answer) == ("afgewezen", "Dit nummer klopt niet.")
    assert service.summary == "Iemand luistert en denkt mee."
    assert not Change.objects.exists()


def test_what_changed_meanwhile_is_said_and_not_overwritten_unseen(proposal, service, consulent):
    actions.update_service(service=service, by=consulent, summary="Van de consulent.")
    with pytest.raises(Refused, match="gewijzigd nadat het voorstel"):
        editing.accept_proposal(proposal=proposal, by=consulent)
    service.refresh_from_db()
    assert (service.summary, service.phone) == ("Van de consulent.", "")
    editing.accept_proposal(proposal=proposal, by=consulent, seen={"summary": "Van de consulent.", "phone": ""})
    service.refresh_from_db()
    assert (service.summary, service.phone) == ("Beter.", "1")


def test_what_cannot_be_on_the_card_any_more_is_refused_and_stays_open(proposal, consulent):
    Proposal.objects.filter(pk=proposal.pk).update(
        fields={"kinds": []}, before={"kinds": ["gesprek-mantelzorgconsulent"]}
    )
    proposal.refresh_from_db()
    with pytest.raises((Refused, ValidationError)):
        editing.accept_proposal(proposal=proposal, by=consulent)
    proposal.refresh_from_db()
    assert proposal.is_open


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kinds": []}, "ondersteuningsvorm"),
        ({"summary": ""}, "in één zin"),
        ({"municipalities": ["GM0439"]}, "Gemeente Zaanstad houdt dit aanbod bij"),
        ({"capacity": "plek", "wait_weeks": 4}, "alleen bij een wachtlijst"),
    ],
)
def test_what_cannot_be_with_the_rest_of_the_card_is_said_to_who_proposes_it(service, receiver, fields, why):
    with pytest.raises(Refused, match=why) as refusal:
        editing.propose(service=service, fields=fields, by=receiver)
    assert refusal.value.field in fields


@pytest.mark.parametrize(
    "fields", [{"kinds": []}, {"summary": ""}, {"municipalities": ["GM0439"]}, {"call_within_days": 0}]
)
def test_what_stopped_fitting_meanwhile_is_refused_and_no_mistake_of_ours(client_of, proposal, consulent, fields):
    Proposal.objects.update(fields=fields, before=dict.fromkeys(fields))
    proposal.refresh_from_db()
    browser, page = client_of(consulent), f"{KEEP}voorstellen/{proposal.pk}/"
    seen = re.search('name="seen" value="([^"]+)"', browser.get(page).text)[1]
    answer = browser.post(f"{page}overnemen/", {"seen": seen})
    assert "Dit voorstel past niet" in answer.text
    proposal.refresh_from_db()
    assert proposal.is_open


def test_room_is_of_the_day_on_which_it_was_said(service, receiver, consulent):
    then = timezone.now() - datetime.timedelta(days=30)
    proposal = editing.propose(service=service, fields={"capacity": "vol"}, by=receiver, now=then)
    editing.accept_proposal(proposal=proposal, by=consulent)
    service.refresh_from_db()
    assert (service.capacity, service.capacity_on) == ("vol", timezone.localdate(then))


def test_that_it_is_gone_leads_to_stopping_it(client_of, service, consulent):
    said = f"{Proposal.GONE} De vrijwilligers zijn op."
    proposal = editing.propose(service=service, fields={}, words=said, said_by="de aanbieder")
    browser, page = client_of(consulent), f"{KEEP}voorstellen/{proposal.pk}/"
    assert f"{KEEP}aanbod/{service.slug}/stand/stoppen/" in browser.get(page).text
    done = browser.post(f"{page}overnemen/", follow=True)
    assert "De kaart is niet gewijzigd." in done.text
    assert "Overgenomen. Het staat nu zo" not in done.text


def test_a_no_that_comes_too_late_is_said_and_not_thrown_away(client_of, proposal, consulent, functional_admin):
    editing.accept_proposal(proposal=proposal, by=functional_admin)
    answer = client_of(consulent).post(f"{KEEP}voorstellen/{proposal.pk}/afwijzen/", {"answer": "Dit klopt niet."})
    assert "intussen al behandeld" in answer.text
    assert "Dit klopt niet." in answer.text


def test_who_made_it_takes_it_back(proposal, receiver, receiver_colleague):
    with pytest.raises(PermissionDenied):
        editing.withdraw_proposal(proposal=proposal, by=receiver_colleague)
    editing.withdraw_proposal(proposal=proposal, by=receiver)
    proposal.refresh_from_db()
    assert proposal.state == "ingetrokken"


def test_handled_ones_go_after_their_time(proposal, consulent):
    editing.decline_proposal(proposal=proposal, answer="Nee.", by=consulent)
    later = timezone.now() + datetime.timedelta(days=settings.HISTORY_NAMES_KEPT_DAYS + 1)
    open_one = editing.propose(service=proposal.service, fields={"summary": "X"}, said_by="iemand")
    history.forget_old_history(now=later)
    assert list(Proposal.objects.all()) == [open_one]


# Pages --------------------------------------------------------------------------------------------------------------


def test_a_member_proposes_on_the_page_and_the_consulent_says_yes(client_of, receiver, consulent, service):
    member, keeper = client_of(receiver), client_of(consulent)
    assert "Stel een wijziging voor" in member.get(f"/sociale-kaart/aanbod/{service.slug}/").content.decode()
    url = f"{page_of(service)}voorstel/"
    nothing = member.post(url, typed(member, url))
    assert "Er is niets veranderd." in nothing.content.decode()
    said = typed(member, url) | {"summary": "Beter.", "open_mo": "9-12", "words": "Wij zijn nu ook open."}
    answer = member.post(url, said)
    assert answer.status_code == 302, answer.context["form"].errors
    proposal = Proposal.objects.get()
    assert set(proposal.fields) == {"summary", "schedules"}
    detail = f"{KEEP}voorstellen/{proposal.pk}/"
    mine = member.get(detail).content.decode()
    assert "maandag 9 tot 12 uur" in mine
    assert "Neem over" not in mine
    page = keeper.get(detail)
    assert "Neem over" in page.content.decode()
    assert keeper.post(f"{detail}overnemen/", {"seen": page.context["seen"]}).url == detail
    service.refresh_from_db()
    assert service.summary == "Beter."
    assert "Overgenomen" in member.get(detail).content.decode()


def test_a_no_without_a_word_is_asked_again_and_a_word_reaches_her(client_of, proposal, receiver, consulent):
    keeper, detail = client_of(consulent), f"{KEEP}voorstellen/{proposal.pk}/"
    assert "Schrijf in een zin waarom" in keeper.post(f"{detail}afwijzen/", {"answer": ""}).content.decode()
    assert keeper.post(f"{detail}afwijzen/", {"answer": "Dit nummer is van iemand anders."}).status_code == 302
    assert "Dit nummer is van iemand anders." in client_of(receiver).get(detail).content.decode()


def test_a_stranger_does_not_find_it(client_of, proposal, sender, pom, receiver, receiver_colleague):
    detail = f"{KEEP}voorstellen/{proposal.pk}/"
    for person in (sender, pom):
        assert client_of(person).get(detail).status_code == 404
    for person in (receiver, receiver_colleague, sender):
        for step in ("overnemen", "afwijzen"):
            assert client_of(person).post(f"{detail}{step}/", {"answer": "X"}).status_code == 404
    assert client_of(receiver_colleague).get(detail).status_code == 200  # of the same organisation
    assert client_of(receiver_colleague).post(f"{detail}intrekken/").status_code == 404
    proposal.refresh_from_db()
    assert proposal.is_open


def test_the_list_costs_the_same_for_one_and_for_fifty(client_of, proposal, consulent, service):
    browser = client_of(consulent)

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(f"{KEEP}voorstellen/").status_code == 200
        return len(seen)

    before = count()
    Proposal.objects.bulk_create(Proposal(service=service, fields={"summary": str(n)}, said_by="X") for n in range(50))
    assert count() == before <= 9
    assert len(browser.get(f"{KEEP}voorstellen/").content) < 16_000

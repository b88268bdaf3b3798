"""*Samen afspreken* on the pages: what each side sees and presses, behind a link too, and what Vandaag asks."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from accounts.models import Absence
from mantelzorg.working_days import add_working_days
from referrals.asked import AT_MOST, asked_of
from referrals.linked.principal import ByLink
from referrals.models import JointTalk, Referral
from referrals.together import actions as together
from referrals.together.asked import talks
from referrals.transitions import State
from tests.factories import fresh, make_caregiver, make_organisation, make_referral, make_service
from tests.referrals.linked.conftest import code_in, link_in
from tests.referrals.together.conftest import NAME, at, post_comes
from trail.models import AccessLogEntry

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def now():
    """The pages ask what time it is."""
    return timezone.now()


@pytest.fixture
def soon(now):
    return at(add_working_days(timezone.localdate(now), 3))


@pytest.fixture
def past(accepted, receiver, sender, now):
    """A talk of which the moment came an hour before midnight, yesterday at the latest."""
    before = now - 6 * DAY
    moment = at(timezone.localdate(now - 2 * DAY), 11)
    referral = make_referral(
        State.ACCEPTED,
        sender=sender,
        receiver=receiver,
        service=make_service(accepted.receiver_organisation),
        caregiver=make_caregiver(sender, "Berend Bosman"),
        warm_mode="samen-bellen",
        now=before,
    )
    together.propose(referral=referral, by=receiver, moments=[moment], now=before)
    return together.choose(referral=referral, by=sender, moment=moment, seen=referral.joint_talk.pk, now=before)


def typed(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def key_in(response) -> str:
    return re.search(r'name="form_key" value="([^"]+)"', response.content.decode())[1]


def sent(browser, url: str, **data):
    """The form as its page gives it, with what she typed; then the page she comes to."""
    page = browser.get(url)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    hidden.pop("csrfmiddlewaretoken", None)
    return browser.post(url, {**hidden, **data}, follow=True)


def shown(response) -> str:
    return " ".join(response.content.decode().split())


def test_from_a_proposal_to_the_contact(accepted, sender, receiver, client_of, soon):
    page, hers, theirs = f"/verwijzingen/{accepted.pk}/", client_of(sender), client_of(receiver)
    assert "Er is nog geen moment afgesproken om haar samen te bellen." in shown(theirs.get(page))
    answer = shown(sent(theirs, f"{page}momenten/", moment_1=typed(soon), moment_2=typed(soon + DAY)))
    assert "Je voorstel is gedaan." in answer
    assert "Sanne Smit stelde voor (Huisartsenpraktijk De Zaan kiest" in answer
    assert "moment-kiezen" not in answer
    offered = shown(hers.get(page))
    assert "Sanne Smit stelt voor (kies er een" in offered
    assert "10.00 uur" in offered
    answer = shown(sent(hers, f"{page}moment-kiezen/", moment=soon.astimezone(datetime.UTC).isoformat()))
    assert "Het moment staat vast." in answer
    assert "Jullie bellen haar samen op:" in answer
    assert "afspraak.ics" in answer
    assert "Het gesprek is geweest" not in shown(theirs.get(page))
    JointTalk.objects.update(moments=[soon - 9 * DAY], planned_for=soon - 9 * DAY)
    assert "Het gesprek is geweest" not in shown(hers.get(page))  # it is not her turn
    assert "Het gesprek is geweest" in shown(theirs.get(page))
    assert "Vastgelegd dat er contact is." in shown(theirs.post(f"{page}contact/", follow=True))
    assert Referral.objects.get(pk=accepted.pk).state == State.IN_CONTACT
    assert "Samen afspreken" not in shown(theirs.get(page))


def test_a_form_that_comes_twice_proposes_once(accepted, receiver, client_of, soon):
    browser, url = client_of(receiver), f"/verwijzingen/{accepted.pk}/momenten/"
    data = {"form_key": key_in(browser.get(url)), "moment_1": typed(soon)}
    assert [browser.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert accepted.events.filter(verb="talk_propose").count() == 1


def test_what_cannot_be_is_said_at_its_field(for_three, receiver, client_of, soon):
    browser, url = client_of(receiver), f"/verwijzingen/{for_three.pk}/momenten/"
    night = soon.replace(hour=3)
    answer = shown(sent(browser, url, moment_1=typed(night), moment_2=typed(soon), moment_3=typed(soon)))
    assert "Kies een moment tussen 7.00 en 21.00 uur." in answer
    assert "Dit moment staat er al." in answer
    assert "Kies waar het gesprek is." in answer
    assert "Bij de mantelzorger" in answer
    assert not JointTalk.objects.exists()


def test_take_back_call_off_and_not_held_by_their_pages(accepted, past, sender, receiver, client_of, soon, now):
    page, browser = f"/verwijzingen/{accepted.pk}/", client_of(receiver)
    sent(browser, f"{page}momenten/", moment_1=typed(soon))
    assert "is teruggenomen" in shown(sent(browser, f"{page}voorstel-terug/"))
    sent(browser, f"{page}momenten/", moment_1=typed(soon))
    together.choose(referral=accepted, by=sender, moment=soon, seen=JointTalk.objects.of(accepted).pk, now=now)
    assert "De afspraak is afgezegd." in shown(sent(browser, f"{page}afzeggen/"))
    assert not JointTalk.objects.of(accepted)
    page = f"/verwijzingen/{past.pk}/"
    assert "Het afgesproken moment is geweest." in shown(browser.get(page))
    answer = shown(sent(browser, f"{page}niet-doorgegaan/", why="geen-gehoor"))
    assert "Stel een nieuw moment voor." in answer
    assert past.call_attempts.get().result == "niet-bereikt"


def test_who_comes_too_late_reads_why(accepted, sender, receiver, client_of, soon, now):
    together.propose(referral=accepted, by=receiver, moments=[soon], now=now)
    browser, url = client_of(sender), f"/verwijzingen/{accepted.pk}/moment-kiezen/"
    key, seen = key_in(browser.get(url)), JointTalk.objects.get().pk
    together.take_back(referral=accepted, by=receiver, now=now)
    data = {"form_key": key, "seen": seen, "moment": soon.astimezone(datetime.UTC).isoformat()}
    assert "Er ligt geen voorstel meer." in shown(browser.post(url, data))


def test_before_she_is_accepted_there_is_nothing_to_agree_on(sender, receiver, service, client_of):
    referral = make_referral(State.SENT, sender=sender, service=service, warm_mode="driegesprek")
    for person in (sender, receiver):
        assert "Samen afspreken" not in shown(client_of(person).get(f"/verwijzingen/{referral.pk}/"))


def test_by_phone_the_sender_plans_it_alone(by_phone, sender, client_of, soon):
    page, browser = f"/verwijzingen/{by_phone.pk}/", client_of(sender)
    assert "Spreek met De Linden af wanneer jullie haar samen bellen" in shown(browser.get(page))
    assert "moment_2" not in shown(browser.get(f"{page}momenten/"))
    answer = shown(sent(browser, f"{page}momenten/", moment_1=typed(soon)))
    assert "Het moment staat vast." in answer
    assert JointTalk.objects.get().planned_for == soon


# The file -----------------------------------------------------------------------------------------------------------


def test_the_file_is_there_for_both_sides_once_a_moment_is_planned(accepted, sender, receiver, client_of, soon, now):
    url = f"/verwijzingen/{accepted.pk}/afspraak.ics"
    assert client_of(sender).get(url).status_code == 404
    together.propose(referral=accepted, by=receiver, moments=[soon], now=now)
    assert client_of(sender).get(url).status_code == 404
    together.choose(referral=accepted, by=sender, moment=soon, seen=JointTalk.objects.get().pk, now=now)
    for person in (sender, receiver):
        response = client_of(person).get(url)
        assert response["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
        (event,) = Calendar.from_ical(response.content).events
        assert event["DTSTART"].dt == soon
        assert NAME not in response.content.decode()
        opened = AccessLogEntry.objects.filter(user_id=person.pk, event="view", object_id=str(accepted.pk))
        assert opened.exists()


def test_a_stranger_gets_no_file_and_neither_does_who_may_see_only_a_stub(
    accepted, receiver, sender, outsider, client_of, soon, now
):
    url = f"/verwijzingen/{accepted.pk}/afspraak.ics"
    together.propose(referral=accepted, by=receiver, moments=[soon], now=now)
    together.choose(referral=accepted, by=sender, moment=soon, seen=JointTalk.objects.get().pk, now=now)
    assert client_of(outsider).get(url).status_code == 404
    accepted.consent.valid_until = timezone.localdate(now) - DAY
    accepted.consent.save(update_fields=["valid_until"])
    assert client_of(receiver).get(url).status_code == 404


# Behind a link ------------------------------------------------------------------------------------------------------


def test_who_has_no_account_agrees_on_a_moment_behind_her_link(sender, client_of, soon, now):
    cache.clear()
    brug = make_organisation("De Brug", uses_portal=False, answers_by_link=True, email="post@brug.example")
    caregiver = make_caregiver(sender, NAME)
    service = make_service(brug, "Maatje")
    referral = make_referral(
        State.SENT, sender=sender, caregiver=caregiver, service=service, warm_mode="driegesprek", now=now
    )
    visitor, link = Client(), link_in(post_comes())
    visitor.post(link, {"stuur": "ja"})
    visitor.post(link, {"code": code_in(post_comes())})
    visitor.post(f"{link}aannemen/", {"name": "Gerda de Wit"})
    together.propose(referral=referral, by=sender, moments=[soon], place="video", now=now)
    here = shown(visitor.get(link))
    assert "Petra de Boer stelt voor" in here
    assert "met beeldbellen" in here
    sent(visitor, f"{link}momenten/", moment_1=typed(soon + DAY), place="bij-ontvanger")
    assert "Gerda de Wit stelt voor" in shown(client_of(sender).get(f"/verwijzingen/{referral.pk}/"))
    together.take_back(referral=referral, by=_by_link(referral), now=now)
    together.propose(referral=referral, by=sender, moments=[soon], place="video", now=now)
    post_comes()
    answer = shown(sent(visitor, f"{link}moment-kiezen/", moment=soon.astimezone(datetime.UTC).isoformat()))
    assert "Het moment staat vast." in answer
    assert "afspraak.ics" not in answer
    to_them = next(message for message in post_comes() if message.to == ["post@brug.example"])
    (part,) = [part for part in to_them.message().walk() if part.get_content_type() == "text/calendar"]
    (event,) = Calendar.from_ical(part.get_payload(decode=True)).events
    assert "URL" not in event
    assert "De afspraak is afgezegd." in shown(sent(visitor, f"{link}afzeggen/"))


def _by_link(referral) -> ByLink:
    return ByLink.of(referral.receiver_links.latest("made_at"))


# Vandaag ------------------------------------------------------------------------------------------------------------


def asks(person, now) -> list:
    return asked_of(fresh(person), timezone.localdate(now))


def test_vandaag_asks_the_other_side_to_choose_within_a_working_day(
    accepted, sender, colleague, receiver, client_of, soon, now
):
    together.propose(referral=accepted, by=receiver, moments=[soon], now=now)
    (one,) = asks(sender, now)
    assert one.title == f"Kies een moment om {NAME} samen te bellen"
    assert (one.on, one.relation) == (add_working_days(timezone.localdate(now), 1), "owner")
    assert not asks(receiver, now)
    assert not asks(colleague, now)
    assert one.title in shown(client_of(sender).get("/"))
    together.propose(referral=accepted, by=sender, moments=[soon], seen=JointTalk.objects.get().pk, now=now)
    assert [one.relation for one in asks(receiver, now)] == ["referral"]
    assert not asks(sender, now)


def test_the_day_after_the_moment_who_has_the_turn_is_asked_whether_it_was_held(past, sender, receiver, now):
    (one,) = asks(receiver, now)
    assert one.title == "Leg vast: is het gesprek met Berend Bosman geweest?"
    assert not asks(sender, now)


def test_before_that_day_nobody_is_asked(accepted, sender, receiver, soon, now):
    together.propose(referral=accepted, by=receiver, moments=[soon], now=now)
    together.choose(referral=accepted, by=sender, moment=soon, seen=JointTalk.objects.get().pk, now=now)
    assert not asks(receiver, now)
    assert not asks(receiver, soon)
    assert [one.on for one in asks(receiver, soon + DAY)] == [add_working_days(timezone.localdate(soon), 1)]


def test_who_stands_in_for_the_sender_is_asked_in_her_place(accepted, sender, colleague, receiver, soon, now):
    together.propose(referral=accepted, by=receiver, moments=[soon], now=now)
    today = timezone.localdate(now)
    Absence.objects.create(
        membership=sender.acting, stand_in=colleague.acting, first_day=today, last_day=today + 7 * DAY
    )
    assert len(asks(colleague, now)) == 1
    assert not asked_of(fresh(colleague), today + 8 * DAY)


def test_when_all_moments_are_over_new_ones_are_asked_for(accepted, sender, receiver, soon, now):
    together.propose(referral=accepted, by=receiver, moments=[soon], now=now)
    JointTalk.objects.update(moments=[now - DAY])
    assert asks(sender, now)[0].title == f"Stel nieuwe momenten voor om {NAME} samen te bellen"


def test_the_name_on_vandaag_is_logged(past, receiver, client_of):
    client_of(receiver).get("/")
    seen = AccessLogEntry.objects.filter(user_id=receiver.pk, event="view", subject_id=past.caregiver_id)
    assert {entry.relation for entry in seen} == {"referral"}


def test_vandaag_asks_the_database_once_however_much_is_asked(sender, receiver, service, steunpunt, soon, now):
    """One query: the talks, with the name in them."""

    def queries() -> int:
        person = fresh(sender)
        assert person.acting
        with CaptureQueriesContext(
            connection,
        ) as captured:
            talks(person, timezone.localdate(now))
        return len(captured)

    none = queries()
    for _ in range(AT_MOST + 2):
        referral = make_referral(
            State.ACCEPTED,
            sender=sender,
            receiver=receiver,
            service=service,
            warm_mode="samen-bellen",
            now=now,
        )
        together.propose(referral=referral, by=receiver, moments=[soon], now=now)
    assert queries() == none == 1
    assert len(asks(sender, now)) == AT_MOST

"""Always exactly one fixed contact: handing over is asked with a note, and until it is accepted the old one stays."""

import datetime
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Role
from intake import actions as intake
from intake.handing import actions
from intake.models import Caregiver, ContactRequest, Need
from intake.models.handing import answer_day
from mantelzorg.principals import acting, member
from mantelzorg.refusal import Refused
from referrals import actions as referrals
from referrals.asked import AT_MOST, asked_of, fixed_contacts
from referrals.transitions import State
from referrals.work import go_away
from tests.accounts.reading import mails
from tests.factories import fresh, make_caregiver, make_member, make_membership, make_need, make_referral, make_service
from tests.intake.conftest import words
from trail.models import AccessLogEntry, OutboxMessage

NOTE = "Ik ga met verlof. Zij belt graag op dinsdag."


@pytest.fixture
def anna(sender):
    return make_caregiver(sender, "Anna de Boer")


@pytest.fixture
def third(practice):
    return make_member("Noor Vos", practice)


def ask(caregiver, by, to, note=NOTE, **when) -> ContactRequest:
    return actions.ask(caregiver=caregiver, by=by, to=to.acting, note=note, **when)


def contact(caregiver):
    return Caregiver.objects.get(pk=caregiver.pk).fixed_contact.user


def page(caregiver) -> str:
    return f"/mantelzorgers/{caregiver.pk}/aanspreekpunt/"


def address(request) -> str:
    return f"/mantelzorgers/gevraagd/{request.pk}/"


# One at a time, and the old one stays -------------------------------------------------------------------------------


def test_until_it_is_accepted_the_old_one_stays(sender, colleague, anna):
    request = ask(anna, sender, colleague)
    assert contact(anna) == sender
    actions.accept(request=request, by=colleague)
    assert contact(anna) == colleague
    assert [event.text for event in anna.timeline.of_kind("betrokkenen").order_by("at")] == [
        "Gevraagd als vast aanspreekpunt: Karim Haddad.",
        "Nieuw vast aanspreekpunt: Karim Haddad.",
    ]


def test_who_says_no_says_why_and_the_old_one_stays(client_of, sender, colleague, anna):
    request = ask(anna, sender, colleague)
    with pytest.raises(Refused) as refusal:
        actions.decline(request=request, by=colleague, note=" ")
    assert refusal.value.field == "note"
    actions.decline(request=request, by=colleague, note="Ik zit vol.")
    assert contact(anna) == sender
    assert "Niet aangenomen op" in words(client_of(sender).get(page(anna)))
    assert "Ik zit vol." in words(client_of(sender).get(page(anna)))


def test_a_second_request_waits_for_the_first(sender, colleague, third, anna):
    ask(anna, sender, colleague)
    with pytest.raises(Refused, match="Karim Haddad heeft nog niet geantwoord"):
        ask(anna, third, third)
    assert ContactRequest.objects.count() == 1


def test_the_database_refuses_two_open_requests_and_nonsense(sender, colleague, third, anna):
    request = ask(anna, sender, colleague)
    facts = {
        "caregiver": anna,
        "contact": sender.acting,
        "to": third.acting,
        "asked_by": sender.acting,
        "asked_of": third.acting,
        "note": "x",
        "answer_on": answer_day(timezone.now()),
    }

    def refused(name, **changes):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            ContactRequest.objects.create(**facts | changes)

    refused("one_is_asked_at_a_time_to_be_the_contact")
    refused("nobody_hands_over_to_herself", to=sender.acting)
    refused("the_new_or_the_old_contact_answers", asked_of=colleague.acting)
    refused("an_open_request_has_no_answer_yet", answered_at=timezone.now())
    refused("who_will_not_be_the_contact_says_why", state="afgewezen", answered_at=timezone.now())
    actions.accept(request=request, by=colleague)
    for change in ({"state": "open"}, {"state": "afgewezen"}, {"note": "anders"}, {"to": third.acting}):
        with pytest.raises(Exception, match="pgtrigger"), transaction.atomic():
            ContactRequest.objects.filter(pk=request.pk).update(**change)


def test_what_the_old_one_was_doing_goes_along_with_its_date(sender, colleague, third, anna, steunpunt):
    hers, planned, of_third = make_need(anna, sender), make_need(anna, sender, kind=None), make_need(anna, third)
    on = timezone.localdate() + datetime.timedelta(days=9)
    intake.plan_need(need=planned, by=sender, on=on, note="Ik bel haar zelf.")
    carried = make_referral(State.SENT, sender=sender, service=make_service(steunpunt), caregiver=anna)
    closed = make_need(anna, sender)
    intake.close_need(need=closed, by=sender, ending="geholpen")
    actions.accept(request=ask(anna, sender, colleague), by=colleague)
    hers, planned, of_third, closed = (Need.objects.get(pk=one.pk) for one in (hers, planned, of_third, closed))
    assert (hers.owner, hers.turn_member) == (colleague.acting, colleague.acting)
    assert (planned.owner, planned.turn_on, planned.plan_note) == (colleague.acting, on, "Ik bel haar zelf.")
    assert (of_third.owner, of_third.turn_member) == (third.acting, third.acting)
    assert closed.owner == sender.acting
    on_referral = carried.referral_needs.get().need
    assert (on_referral.owner, on_referral.turn_organisation) == (colleague.acting, steunpunt)
    referrals.withdraw(referral=carried, by=sender, note="Toch niet.")
    assert Need.objects.get(pk=on_referral.pk).turn_member == colleague.acting


def test_what_goes_along_lands_with_who_stands_in(sender, colleague, third, anna):
    need, today = make_need(anna, sender), timezone.localdate()
    request = ask(anna, sender, colleague)
    actions.accept(request=request, by=colleague)
    other = ask(anna, colleague, sender)
    go_away(by=sender, stand_in=third.acting, first_day=today, last_day=today, now=timezone.now())
    actions.accept(request=other, by=sender)
    need.refresh_from_db()
    assert (need.owner, need.turn_member) == (sender.acting, third.acting)


# Who may ------------------------------------------------------------------------------------------------------------


def test_any_colleague_may_ask_because_the_contact_may_be_ill(sender, colleague, third, anna):
    request = ask(anna, third, colleague)
    assert [mail.to for mail in mails(sender.email)] == [[sender.email]]
    actions.accept(request=request, by=colleague)
    assert contact(anna) == colleague


def test_taking_over_is_for_the_present_contact_to_answer(sender, colleague, third, anna):
    request = ask(anna, colleague, colleague)
    assert request.asked_of == sender.acting
    for stranger in (colleague, third):
        with pytest.raises(Refused, match="Alleen Petra de Boer kan hierop antwoorden"):
            actions.accept(request=request, by=stranger)
    actions.accept(request=request, by=sender)
    assert contact(anna) == colleague


@pytest.mark.parametrize("why", ["left", "closed", "another role"])
def test_of_who_can_no_longer_answer_it_is_taken_over_at_once(client_of, sender, colleague, anna, why):
    membership = sender.memberships.get()
    if why == "left":
        sender.memberships.update(ended_at=timezone.now())
    elif why == "closed":
        sender.is_active = False
        sender.save()
    else:
        membership.roles = [Role.COORDINATOR]
        membership.save()
    data = {"form_key": str(uuid.uuid4()), "to": colleague.acting.pk, "note": "Petra is weg."}
    answer = client_of(colleague).post(page(anna), data, follow=True)
    assert "Jij bent nu haar vaste aanspreekpunt." in words(answer)
    assert contact(anna) == colleague
    assert not OutboxMessage.objects.exists()


def test_whom_one_cannot_ask(sender, colleague, beheerder, receiver, outsider, practice, anna):
    gone = make_member("Weg Gegaan", practice, ended_at=timezone.now())
    for to in (beheerder, receiver, outsider):
        with pytest.raises(Refused, match="Kies een collega die met mantelzorgers werkt"):
            ask(anna, sender, to)
    with pytest.raises(Refused, match="Kies een collega die met mantelzorgers werkt"):
        actions.ask(caregiver=anna, by=sender, to=gone.memberships.get(), note=NOTE)
    with pytest.raises(Refused, match="is al het vaste aanspreekpunt"):
        ask(anna, colleague, sender)
    for by in (receiver, outsider, beheerder):
        with pytest.raises(Refused, match="Alleen de organisatie"):
            ask(anna, by, colleague)
    with pytest.raises(Refused) as refusal:
        ask(anna, sender, colleague, note="  ")
    assert refusal.value.field == "note"
    assert not ContactRequest.objects.exists()


def test_only_who_was_asked_answers(sender, colleague, third, receiver, anna):
    request = ask(anna, sender, colleague)
    for by in (sender, third):
        with pytest.raises(Refused, match="Alleen Karim Haddad kan hierop antwoorden"):
            actions.accept(request=request, by=by)
        with pytest.raises(Refused, match="Alleen Karim Haddad kan hierop antwoorden"):
            actions.decline(request=request, by=by, note="Nee.")
    for do in (actions.accept, actions.take_back):
        with pytest.raises(Refused, match="Alleen de organisatie"):
            do(request=request, by=receiver)
    assert contact(anna) == sender


def test_who_asked_and_the_contact_take_it_back(sender, colleague, third, anna):
    request = ask(anna, third, colleague)
    with pytest.raises(Refused, match="Alleen Noor Vos of het vaste aanspreekpunt"):
        actions.take_back(request=request, by=colleague)
    actions.take_back(request=request, by=sender)
    with pytest.raises(actions.AnsweredAlready, match="Deze vraag is al teruggenomen"):
        actions.accept(request=request, by=colleague)
    again = ask(anna, third, colleague)
    actions.take_back(request=again, by=third)
    assert contact(anna) == sender


def test_when_who_asked_has_left_anybody_takes_it_back(sender, colleague, third, practice, anna):
    request = ask(anna, third, colleague)
    third.memberships.update(ended_at=timezone.now())
    other = make_member("Ineke Oud", practice)
    actions.take_back(request=request, by=other)
    assert not ContactRequest.objects.open().exists()


def test_nothing_is_accepted_on_top_of_another_change(sender, colleague, third, anna):
    request = ask(anna, sender, colleague)
    Caregiver.objects.filter(pk=anna.pk).update(fixed_contact=third.acting)
    with pytest.raises(Refused, match="Intussen is een ander haar vaste aanspreekpunt"):
        actions.accept(request=request, by=colleague)


# Mail ---------------------------------------------------------------------------------------------------------------


def test_mail_names_nobody_and_says_no_more_than_that_there_is_something(sender, colleague, anna):
    request = ask(anna, sender, colleague)
    (asked,) = mails(colleague.email)
    assert f"/mantelzorgers/gevraagd/{request.pk}/" in asked.body
    actions.accept(request=request, by=colleague)
    (accepted,) = mails(sender.email)
    assert "aangenomen" in accepted.body
    for mail in (asked, accepted):
        for personal in ("Anna", "Boer", "Petra", "Karim", "verlof", "dinsdag"):
            assert personal not in mail.subject + mail.body


def test_who_wants_her_news_once_a_day_gets_it_then(sender, colleague, anna):
    colleague.news_daily = True
    colleague.save()
    ask(anna, sender, fresh(colleague))
    assert OutboxMessage.objects.get().for_digest


# Pages --------------------------------------------------------------------------------------------------------------


def test_asked_on_her_page_and_answered_from_vandaag(client_of, sender, colleague, anna):
    make_need(anna, sender)
    hers, his = client_of(sender), client_of(colleague)
    assert "Draag haar over" in words(hers.get(f"/mantelzorgers/{anna.pk}/"))
    assert "Vraag een ander" in words(his.get(f"/mantelzorgers/{anna.pk}/"))
    data = {"form_key": str(uuid.uuid4()), "to": colleague.acting.pk, "note": NOTE}
    for _ in range(2):  # pressed twice
        answer = hers.post(page(anna), data, follow=True)
        assert "Gevraagd aan Karim Haddad. Tot er een ja is, blijf jij het vaste aanspreekpunt." in words(answer)
    request = ContactRequest.objects.get()
    assert "Karim Haddad is gevraagd" in words(answer)
    today = his.get("/")
    assert "Word jij het vaste aanspreekpunt van Anna de Boer? Gevraagd door Petra de Boer" in words(today)
    assert f'href="{address(request)}"' in today.text
    asked = his.get(address(request))
    assert NOTE in words(asked)
    assert "Ook één open hulpvraag van haar, nu bij Petra de Boer, gaat dan mee." in words(asked)
    answer = his.post(address(request), {"doe": "ja", "note": "Komt goed."}, follow=True)
    assert "Jij bent nu haar vaste aanspreekpunt." in words(answer)
    assert "Komt goed." in words(hers.get(page(anna)))
    assert "Word jij" not in words(his.get("/"))


def test_a_second_press_is_not_told_off_and_a_late_one_hears_what_happened(client_of, sender, colleague, anna):
    request = ask(anna, sender, colleague)
    his = client_of(colleague)
    his.post(address(request), {"doe": "ja", "note": ""})
    again = his.post(address(request), {"doe": "ja", "note": ""}, follow=True)
    assert "al aangenomen" not in words(again)
    late = client_of(sender).post(address(request), {"doe": "terug"}, follow=True)
    assert "Deze vraag is al aangenomen." in words(late)
    assert contact(anna) == colleague


def test_no_without_a_sentence_is_said_at_the_field(client_of, sender, colleague, anna):
    request = ask(anna, sender, colleague)
    answer = client_of(colleague).post(address(request), {"doe": "nee", "note": ""})
    assert "Schrijf in een zin waarom het niet kan." in words(answer)
    answer = client_of(colleague).post(address(request), {"doe": "nee", "note": "Ik zit vol."}, follow=True)
    assert "Je zei nee. Petra de Boer krijgt daar bericht van." in words(answer)


def test_who_asks_while_somebody_was_asked_is_told(client_of, sender, colleague, third, anna):
    ask(anna, sender, colleague)
    data = {"form_key": str(uuid.uuid4()), "to": third.acting.pk, "note": NOTE}
    assert "Er is intussen al iemand gevraagd." in words(client_of(third).post(page(anna), data))
    assert ContactRequest.objects.get().to == colleague.acting


def test_who_may_not_answer_sees_no_buttons(client_of, sender, colleague, third, anna):
    request = ask(anna, sender, colleague)
    bystander = client_of(third).get(address(request))
    assert 'name="doe"' not in bystander.text
    assert "Wie gevraagd is, geeft antwoord." in words(bystander)
    assert 'value="terug"' in client_of(sender).get(address(request)).text
    assert 'value="terug"' not in client_of(colleague).get(address(request)).text
    answer = client_of(third).post(address(request), {"doe": "ja", "note": ""})
    assert "Alleen Karim Haddad kan hierop antwoorden." in words(answer)
    assert contact(anna) == sender


def test_for_a_stranger_nothing_of_it_exists(client_of, sender, colleague, receiver, outsider, beheerder, anna):
    request = ask(anna, sender, colleague)
    for stranger in (receiver, outsider, beheerder):
        browser = client_of(stranger)
        for path in (page(anna), address(request)):
            assert browser.get(path).status_code == 404
            assert browser.post(path, {"doe": "ja"}).status_code == 404
    assert contact(anna) == sender


def test_several_are_accepted_at_once(client_of, sender, colleague, practice):
    people = [make_caregiver(sender, f"Anna {number}") for number in range(3)]
    requests = [ask(her, sender, colleague) for her in people]
    his = client_of(colleague)
    listed = words(his.get("/mantelzorgers/gevraagd/"))
    assert all(her.name in listed for her in people)
    data = {"welke": [requests[0].pk, requests[2].pk, "rommel"]}
    answer = his.post("/mantelzorgers/gevraagd/", data, follow=True)
    assert "Geregeld: 2 mantelzorgers hebben nu een ander vast aanspreekpunt." in words(answer)
    assert [contact(her) for her in people] == [colleague, sender, colleague]
    assert "Kies eerst bij wie je ja zegt." in words(his.post("/mantelzorgers/gevraagd/", {}, follow=True))


def test_what_was_asked_of_another_cannot_be_ticked(client_of, sender, colleague, third, anna):
    request = ask(anna, sender, colleague)
    client_of(third).post("/mantelzorgers/gevraagd/", {"welke": [request.pk]})
    assert contact(anna) == sender


def test_every_look_at_it_is_logged(client_of, sender, colleague, anna):
    request = ask(anna, sender, colleague)
    his = client_of(colleague)
    for path in (page(anna), address(request), "/mantelzorgers/gevraagd/", "/"):
        before = AccessLogEntry.objects.filter(user_id=colleague.pk, subject_id=anna.pk).count()
        his.get(path)
        assert AccessLogEntry.objects.filter(user_id=colleague.pk, subject_id=anna.pk).count() == before + 1, path


# Vandaag ------------------------------------------------------------------------------------------------------------


def test_vandaag_says_it_with_a_date_two_working_days_on(sender, colleague, anna):
    friday = timezone.make_aware(datetime.datetime(2026, 11, 20, 12))
    ask(anna, sender, colleague, now=friday)
    (one,) = asked_of(colleague, datetime.date(2026, 11, 20))
    assert one.on == datetime.date(2026, 11, 24)
    (late,) = asked_of(colleague, datetime.date(2026, 11, 26))
    assert late.late
    assert asked_of(sender, datetime.date(2026, 11, 20)) == []


def test_the_present_contact_reads_who_wants_to_take_over(sender, colleague, anna):
    ask(anna, colleague, colleague)
    (one,) = asked_of(sender, timezone.localdate())
    assert one.title == "Wordt Karim Haddad het vaste aanspreekpunt van Anna de Boer?"


def test_vandaag_takes_one_query_and_never_more_than_a_few(
    sender, colleague, practice, other_practice, django_assert_num_queries
):
    for number in range(AT_MOST + 3):
        ask(make_caregiver(sender, f"Anna {number}"), sender, colleague)
    colleague = fresh(colleague)
    assert colleague.acting
    with django_assert_num_queries(1):
        assert len(fixed_contacts(colleague, timezone.localdate())) == AT_MOST
    elsewhere = make_membership(colleague, other_practice)
    colleague = fresh(colleague)
    colleague.acting_choice = str(elsewhere.pk)
    assert fixed_contacts(colleague, timezone.localdate()) == []


# The database, and erasure ------------------------------------------------------------------------------------------


def test_only_the_organisation_that_keeps_her_reaches_the_requests(sender, colleague, receiver, beheerder, anna):
    ask(anna, sender, colleague)
    for who, count in ((sender, 1), (colleague, 1), (receiver, 0), (beheerder, 0)):
        with acting(member(fresh(who))):
            assert ContactRequest.objects.count() == count, who
    with acting(member(fresh(receiver))):
        assert ContactRequest.objects.update(answer_note="gelezen") == 0


def test_with_her_all_of_it_is_erased(sender, colleague, third, anna):
    actions.accept(request=ask(anna, sender, colleague), by=colleague)
    ask(anna, colleague, third)
    referrals.erase(caregiver=anna, by=sender)
    assert not ContactRequest.objects.exists()
    assert not OutboxMessage.objects.filter(subject_id=anna.pk).exists()


def test_her_page_says_who_is_asked_with_one_query(client_of, sender, colleague, anna):
    ask(anna, sender, colleague)
    browser = client_of(sender)
    with connection.execute_wrapper(counter := Counted()):
        browser.get(f"/mantelzorgers/{anna.pk}/")
    assert counter.of("intake_contactrequest") == 1


class Counted:
    def __init__(self):
        self.asked = []

    def __call__(self, execute, sql, params, many, context):
        self.asked.append(str(sql))
        return execute(sql, params, many, context)

    def of(self, table: str) -> int:
        return len([sql for sql in self.asked if f'FROM "{table}"' in sql])

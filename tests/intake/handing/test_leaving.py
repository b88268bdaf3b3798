"""Nobody leaves while somebody counts on her: her caregivers are handed over first, on one page."""

import threading
import time
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Membership, Role
from intake.handing import actions
from intake.models import Caregiver, ContactRequest
from mantelzorg.principals import acting, job
from mantelzorg.refusal import Refused
from tests.accounts.reading import log, mails
from tests.factories import fresh, make_caregiver, make_member, make_membership
from tests.intake.conftest import words
from tests.intake.handing.test_handing import NOTE, ask, contact
from trail.models import OutboxMessage

OVER = "/mantelzorgers/overdragen/"
THREE = "Petra de Boer is voor 3 mantelzorgers het vaste aanspreekpunt."


@pytest.fixture
def three(sender):
    return [make_caregiver(sender, f"Anna {name}") for name in ("Aerts", "Bos", "Claes")]


@pytest.fixture
def hers(sender):
    return sender.memberships.get()


def hand_over(browser, path=OVER, **typed):
    data = {"form_key": str(uuid.uuid4()), "note": NOTE, **typed}
    return browser.post(path, data, follow=True)


def accept_all(by) -> None:
    waiting = ContactRequest.objects.asked_of(by.acting).select_related("caregiver")
    actions.accept_many(requests=waiting, by=by)


# Who manages the team -----------------------------------------------------------------------------------------------


def test_the_beheerder_is_told_a_number_and_what_comes_first(client_of, beheerder, hers, three):
    browser = client_of(beheerder)
    for path in (f"/team/{hers.pk}/rollen/", f"/team/{hers.pk}/beeindigen/"):
        page = browser.get(path)
        assert THREE in words(page)
        assert not any(her.name in page.text or str(her.pk) in page.text for her in three)
    assert "Dat kan nog niet" in words(page)
    assert "Haal uit het team" not in words(page)


def test_a_membership_does_not_end_while_she_is_somebodys_contact(client_of, beheerder, sender, hers, three):
    answer = client_of(beheerder).post(f"/team/{hers.pk}/beeindigen/", follow=True)
    assert THREE in words(answer)
    assert "Een collega die met mantelzorgers werkt, draagt eerst over" in words(answer)
    assert sender.memberships.get().ended_at is None
    assert client_of(fresh(sender)).get("/mantelzorgers/").status_code == 200


def test_the_last_role_with_caregivers_stays_until_then(client_of, beheerder, sender, hers, three):
    browser, path = client_of(beheerder), f"/team/{hers.pk}/rollen/"
    answer = browser.post(path, {"roles": ["coordinator"]})
    assert THREE in words(answer)
    assert sender.memberships.get().roles == ["verwijzer"]
    assert browser.post(path, {"roles": ["consulent"], "profession": "poh"}).status_code == 302
    assert sender.memberships.get().roles == ["consulent"]  # she still works with caregivers


def test_an_account_is_not_closed_until_then(sender, hers, other_practice, three):
    make_membership(sender, other_practice)
    with pytest.raises(CommandError, match=THREE):
        call_command("close_account", sender.email)
    assert fresh(sender).is_active
    assert not sender.memberships.exclude(ended_at=None).exists()
    assert not log("role_change")


def test_a_contact_of_nobody_just_leaves(client_of, beheerder, colleague):
    membership = colleague.memberships.get()
    browser = client_of(beheerder)
    page = browser.get(f"/team/{membership.pk}/beeindigen/")
    assert "Haal uit het team" in words(page)
    assert "vaste aanspreekpunt" not in words(page)
    browser.post(f"/team/{membership.pk}/beeindigen/")
    assert colleague.memberships.get().ended_at
    colleague = fresh(colleague)
    call_command("close_account", colleague.email)
    assert not fresh(colleague).is_active


def test_the_count_sees_no_more_than_her_own(sender, colleague, outsider, hers, three):
    make_caregiver(colleague)
    make_caregiver(outsider)
    with acting(job("vertrek", member=hers.pk)):
        assert set(Caregiver.objects.all()) == set(three)
        assert Caregiver.objects.update(name="x") == 0
    with acting(job("vertrek")):
        assert not Caregiver.objects.exists()


def test_what_was_asked_of_who_leaves_is_taken_back_and_the_asker_hears(client_of, beheerder, sender, colleague, three):
    requests = [ask(her, sender, colleague) for her in three[:2]]
    other = make_member("Noor Vos", sender.organisation)
    stays = ask(three[2], sender, other)
    OutboxMessage.objects.all().delete()
    client_of(beheerder).post(f"/team/{colleague.memberships.get().pk}/beeindigen/")
    assert colleague.memberships.get().ended_at
    for request in requests:
        request.refresh_from_db()
        assert request.state == ContactRequest.State.TAKEN_BACK
        assert "werkt hier niet meer" in request.answer_note
    stays.refresh_from_db()
    assert stays.is_open
    (told,) = mails(sender.email)  # once, however many there were
    assert "Vraag een ander" in told.body
    assert "Karim" not in told.body
    assert contact(three[0]) == sender


# On one page --------------------------------------------------------------------------------------------------------


def test_all_of_them_in_one_go(client_of, sender, colleague, beheerder, hers, three):
    answer = hand_over(client_of(sender), everybody="on", to=colleague.acting.pk)
    assert "Gevraagd aan Karim Haddad voor 3 mantelzorgers. Tot er een ja is, verandert er niets." in words(answer)
    assert "3 mantelzorgers: gevraagd, nog geen antwoord." in words(answer)
    assert "Voor iedereen is iemand gevraagd." in words(answer)
    assert {contact(her) for her in three} == {sender}
    assert len(mails(colleague.email)) == 1
    accept_all(colleague)
    assert {contact(her) for her in three} == {colleague}
    page = words(client_of(sender).get(OVER))
    assert "Jij bent van niemand het vaste aanspreekpunt." in page
    assert "3 mantelzorgers: overgenomen in de laatste 60 dagen." in page
    accounts.end_membership(membership=hers, by=beheerder)
    assert hers.user.memberships.get().ended_at


def test_some_to_one_and_the_rest_to_another(client_of, sender, colleague, practice, three):
    other = make_member("Noor Vos", practice)
    browser = client_of(sender)
    hand_over(browser, who=[three[0].pk], to=colleague.acting.pk)
    answer = hand_over(browser, everybody="on", to=other.acting.pk)
    assert "voor 2 mantelzorgers" in words(answer)
    asked = {request.caregiver: request.to.user for request in ContactRequest.objects.all()}
    assert asked == {three[0]: colleague, three[1]: other, three[2]: other}


def test_a_second_press_asks_nothing_twice(client_of, sender, colleague, three):
    data = {"form_key": str(uuid.uuid4()), "note": NOTE, "everybody": "on", "to": colleague.acting.pk}
    for _ in range(2):
        answer = client_of(sender).post(OVER, data, follow=True)
        assert "Gevraagd aan Karim Haddad" in words(answer)
    assert ContactRequest.objects.count() == 3
    assert len(mails(colleague.email)) == 1


def test_who_said_no_is_read_and_somebody_else_is_asked(client_of, sender, colleague, three):
    browser = client_of(sender)
    hand_over(browser, who=[three[0].pk], to=colleague.acting.pk)
    actions.decline(request=ContactRequest.objects.get(), by=colleague, note="Ik ga ook weg.")
    page = browser.get(OVER)
    assert "Karim Haddad zei nee: Ik ga ook weg." in words(page)
    assert f'value="{three[0].pk}"' in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Kies wie je overdraagt."),
        ({"who": "geen-id"}, "Kies opnieuw."),
        ({"everybody": "on", "to": ""}, "Kies een collega."),
        ({"everybody": "on", "note": " "}, "Schrijf op wat je collega moet weten."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_asked(client_of, sender, colleague, three, typed, said):
    answer = hand_over(client_of(sender), **{"to": colleague.acting.pk, **typed})
    assert said in words(answer) or "geldige UUID" in words(answer)
    assert not ContactRequest.objects.exists()


def test_what_was_ticked_stays_ticked_on_the_page_with_errors(client_of, sender, three):
    answer = hand_over(client_of(sender), who=[three[1].pk], to="")
    assert f'value="{three[1].pk}" checked' in answer.text
    assert f'value="{three[0].pk}" checked' not in answer.text


def test_when_nobody_is_left_it_says_so(client_of, sender, colleague, three):
    browser = client_of(sender)
    hand_over(browser, everybody="on", to=colleague.acting.pk)
    for typed in ({}, {"everybody": "on", "to": colleague.acting.pk}):
        assert "Er is niemand meer voor wie je iemand kunt vragen." in words(hand_over(browser, **typed))
    assert ContactRequest.objects.count() == 3


def test_nobody_ticks_the_caregiver_of_another(client_of, sender, colleague, outsider, three):
    theirs, elsewhere = make_caregiver(colleague), make_caregiver(outsider)
    for her in (theirs, elsewhere):
        hand_over(client_of(sender), who=[her.pk], to=colleague.acting.pk)
        with pytest.raises(Refused):
            actions.hand_over(
                contact=sender.acting, by=sender, to=colleague.acting, note=NOTE, only=[theirs.pk, elsewhere.pk]
            )
    assert not ContactRequest.objects.exists()


def test_a_colleague_does_it_for_who_leaves(client_of, sender, colleague, practice, hers, three):
    other = make_member("Noor Vos", practice)
    his = client_of(colleague)
    assert f'href="{OVER}{hers.pk}/"' in his.get(OVER).text
    page = his.get(f"{OVER}{hers.pk}/")
    assert THREE in words(page)
    hand_over(his, f"{OVER}{hers.pk}/", everybody="on", to=other.acting.pk)
    assert len(mails(sender.email)) == 1  # the present contact hears it, once
    accept_all(other)
    assert {contact(her) for her in three} == {other}
    assert "De beheerder kan dat nu regelen bij Team." in words(his.get(f"{OVER}{hers.pk}/"))


def test_of_who_has_left_a_colleague_takes_all_over_at_once(client_of, sender, colleague, hers, three):
    Membership.objects.filter(pk=hers.pk).update(ended_at=timezone.now())
    hand_over(client_of(colleague), f"{OVER}{hers.pk}/", everybody="on", to=colleague.acting.pk)
    assert {contact(her) for her in three} == {colleague}


def test_the_page_of_another_organisation_does_not_exist(client_of, sender, receiver, beheerder, hers, three):
    for stranger in (receiver, beheerder):
        assert client_of(stranger).get(f"{OVER}{hers.pk}/").status_code == 404
        assert client_of(stranger).post(f"{OVER}{hers.pk}/", {"everybody": "on"}).status_code == 404
    elsewhere = receiver.memberships.get()
    assert client_of(sender).get(f"{OVER}{elsewhere.pk}/").status_code == 404


def test_sixty_go_by_pages_and_ask_as_much_of_the_database_as_two(client_of, sender, colleague, counted):
    def more(count):
        for number in range(count):
            her = make_caregiver(sender, f"Anna {Caregiver.objects.count():03}")
            if number % 2:
                ask(her, sender, colleague)

    more(4)
    browser = client_of(sender)
    few = counted(browser, OVER)
    more(56)
    # session, user, her memberships, who asks; page; count, without those asked, accepted, colleagues who have some,
    # whom one can choose; the log
    assert counted(browser, OVER) == few <= 12
    first = browser.get(OVER)
    assert len(first.context["lines"]) == 25
    second = browser.get(first.context["page"].next_url)
    names = [line["name"] for line in [*first.context["lines"], *second.context["lines"]]]
    assert names == [f"Anna {number:03}" for number in range(50)]
    answer = hand_over(browser, na=str(first.context["page"].next_url.split("na=")[1]), to="", everybody="on")
    assert answer.context["lines"][0]["name"] == "Anna 025"  # with an error she stays where she was


# Two at once --------------------------------------------------------------------------------------------------------


def at_once(*doings):
    outcomes = []

    def run(do):
        try:
            outcomes.append(do())
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[do]) for do in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_who_leaves_while_she_says_yes_does_not_become_the_contact(sender, colleague, beheerder):
    her = make_caregiver(sender)
    request = ask(her, sender, colleague)
    halfway = threading.Event()

    def leave():
        with transaction.atomic():
            accounts.end_membership(membership=colleague.memberships.get(), by=fresh(beheerder))
            halfway.set()
            time.sleep(0.3)  # not committed yet

    def say_yes():
        by = fresh(colleague)
        assert by.acting  # her page was open already
        halfway.wait()
        actions.accept(request=request, by=by)

    outcomes = at_once(leave, say_yes)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [actions.AnsweredAlready]
    assert contact(her) == sender


@pytest.mark.django_db(transaction=True)
def test_who_says_yes_while_she_is_taken_out_stays(sender, colleague, beheerder):
    her = make_caregiver(sender)
    request = ask(her, sender, colleague)
    halfway = threading.Event()

    def say_yes():
        with transaction.atomic():
            actions.accept(request=request, by=fresh(colleague))
            halfway.set()
            time.sleep(0.3)

    def leave():
        halfway.wait()
        accounts.end_membership(membership=colleague.memberships.get(), by=fresh(beheerder))

    outcomes = at_once(say_yes, leave)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Refused]
    assert contact(her) == colleague
    assert colleague.memberships.get().ended_at is None


@pytest.mark.django_db(transaction=True)
def test_of_a_yes_and_a_taking_back_one_wins(sender, colleague):
    her = make_caregiver(sender)
    request = ask(her, sender, colleague)
    barrier = threading.Barrier(2)

    def do(verb, by):
        by = fresh(by)
        barrier.wait()
        verb(request=request, by=by)

    outcomes = at_once(lambda: do(actions.accept, colleague), lambda: do(actions.take_back, sender))
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [actions.AnsweredAlready]
    request.refresh_from_db()
    assert (contact(her) == colleague) == (request.state == ContactRequest.State.ACCEPTED)


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_ask_one(sender, colleague, practice):
    her = make_caregiver(sender)
    other = make_member("Noor Vos", practice, Role.VERWIJZER)
    barrier = threading.Barrier(2)

    def do(to):
        by = fresh(sender)
        barrier.wait()
        ask(her, by, to)

    outcomes = at_once(lambda: do(colleague), lambda: do(other))
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Refused]
    assert ContactRequest.objects.get().is_open

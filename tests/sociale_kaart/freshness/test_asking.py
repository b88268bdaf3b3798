"""Asking who offers a service whether it still holds: when, whom, how often, and never twice."""

import threading

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from mantelzorg.refusal import Refused
from sociale_kaart.actions import confirm_service
from sociale_kaart.freshness import actions, jobs
from sociale_kaart.models import CheckItem, CheckRequest, Contact, NotAsked, Service
from sociale_kaart.permissions import DirectoryLoader
from tests.factories import make_organisation
from tests.sociale_kaart.freshness.conftest import DAY, MONDAY, NIGHT, SUNDAY, ask, ask_now, due, mailed, send_all

LOADER = DirectoryLoader("test")


def answers(service) -> list[str]:
    return list(service.check_items.order_by("pk").values_list("answer", flat=True))


def test_what_is_due_is_asked_and_what_has_time_is_not(linden):
    late, later = due(linden, "Te laat", 1), due(make_organisation("Ander", email="a@b.example"), "Nog niet", -1)
    assert ask() == 1
    assert CheckRequest.objects.get().to == "info@delinden.example"
    assert answers(late) == [""]
    assert answers(later) == []


def test_one_mail_with_all_that_is_due_soon(linden):
    due(linden, "Vandaag", 0)
    for number in range(39):
        due(linden, f"Ook {number:02}", -number)  # thirty-one of them within the month
    assert ask() == 1
    assert CheckItem.objects.count() == 32
    assert len(mailed()) == 1
    [sent] = send_all(MONDAY)
    assert "- en nog 20" in sent.body
    assert sent.subject == "Mantelzorgportaal: klopt jullie aanbod nog?"


def test_asking_again_asks_nothing(stay):
    assert [ask(), ask(), ask(MONDAY + DAY)] == [1, 0, 0]
    assert len(mailed()) == 1


def test_what_becomes_due_meanwhile_waits_until_she_answered(linden, stay):
    ask()
    other = due(linden, "Dagje uit", 0)
    assert ask() == 0
    actions.confirm_by_link(request=CheckRequest.objects.get(), now=MONDAY + DAY)
    assert ask(MONDAY + DAY) == 1
    assert answers(other) == [""]


@pytest.mark.parametrize("moment", [SUNDAY, NIGHT])
def test_no_mail_outside_office_hours(stay, moment):
    assert ask(moment) == 0
    assert jobs.remind_owners(now=moment) == 0


def test_an_installation_may_switch_it_off(stay, settings):
    settings.CHECK_BY_MAIL = False
    assert ask() == 0


def test_so_many_mails_in_an_hour(settings, linden, stay):
    settings.CHECK_MAILS_PER_HOUR = 1
    due(make_organisation("Ander", email="a@b.example"), "Ook")
    assert [ask(), ask(), ask()] == [1, 1, 0]


def test_the_address_of_the_service_comes_first_and_nobodys_own_is_used(linden):
    due(linden, "Eigen adres", email="logeren@delinden.example")
    shy = make_organisation("Zonder adres", municipalities=["GM0479"])
    due(shy, "Bij Anja thuis")
    Contact.objects.create(organisation=shy, name="Anja", email="anja@home.example", is_public=True)
    private = make_organisation("Praktijk", municipalities=["GM0479"], email="Jan@home.example")
    due(private, "Bij Jan thuis")
    Contact.objects.create(organisation=private, name="Jan", email="jan@home.example", is_public=False)
    assert ask() == 1
    assert CheckRequest.objects.get().to == "logeren@delinden.example"


@pytest.mark.parametrize("status", ["draft", "paused", "archived"])
def test_only_what_is_on_the_card(stay, status):
    Service.objects.filter(pk=stay.pk).update(status=status)
    assert ask() == 0


@pytest.mark.parametrize("choice", ["niet-dit", "niet-alles"])
def test_who_is_not_mailed(stay, consulent, choice):
    question = ask_now(stay)
    actions.mail_about(service=stay, choice=choice, by=consulent)
    assert answers(stay) == ["vervallen"]
    CheckRequest.objects.filter(pk=question.pk).delete()
    assert ask() == 0
    assert NotAsked.objects.count() == 1
    with pytest.raises(Refused, match="niet te mailen"):
        actions.ask_by_hand(service=stay, by=consulent, now=MONDAY)
    actions.mail_about(service=stay, choice="ja", by=consulent)
    assert ask() == 1


def test_one_reminder_and_then_no_answer(stay):
    ask()
    assert jobs.remind_owners(now=MONDAY + 13 * DAY) == 0  # a Sunday, and too soon
    assert [jobs.remind_owners(now=MONDAY + days * DAY) for days in (14, 15, 16)] == [1, 0, 0]
    assert [message.template for message in mailed()] == ["check_asked", "check_reminder"]
    assert jobs.close_questions(now=MONDAY + 29 * DAY) == 0
    assert jobs.close_questions(now=MONDAY + 30 * DAY) == 1
    assert answers(stay) == ["geen-antwoord"]
    assert list(CheckItem.objects.of_this_round().unanswered(["GM0479"]).values_list("service", flat=True)) == [stay.pk]
    assert not CheckItem.objects.of_this_round().unanswered(["GM0439"]).exists()
    assert ask(MONDAY + 31 * DAY) == 0  # once in a round


def test_the_next_round_is_asked_again(stay):
    ask()
    confirm_service(service=stay, by=LOADER, now=MONDAY + DAY)
    assert ask(MONDAY + 7 * 26 * DAY) == 0  # still open: the job closes it first
    jobs.close_questions(now=MONDAY + 7 * 26 * DAY)
    assert answers(stay) == ["vervallen"]
    assert ask(MONDAY + 7 * 26 * DAY) == 1


def test_who_is_confirmed_meanwhile_is_not_reminded(stay):
    ask()
    confirm_service(service=stay, by=LOADER, now=MONDAY + DAY)
    assert jobs.remind_owners(now=MONDAY + 14 * DAY) == 0
    assert answers(stay) == ["vervallen"]


def test_by_hand(stay, consulent, receiver):
    request = actions.ask_by_hand(service=stay, by=consulent, now=SUNDAY)
    assert (request.to, request.by) == ("info@delinden.example", consulent)
    with pytest.raises(Refused, match="22 november 2026 al gevraagd"):
        actions.ask_by_hand(service=stay, by=consulent, now=MONDAY)
    assert ask() == 0
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        actions.ask_by_hand(service=stay, by=receiver, now=MONDAY)


def test_by_hand_after_no_answer(stay, consulent):
    ask()
    jobs.close_questions(now=MONDAY + 30 * DAY)
    actions.ask_by_hand(service=stay, by=consulent, now=MONDAY + 31 * DAY)
    assert answers(stay) == ["geen-antwoord", ""]


def test_the_database_refuses_two_open_questions_about_one_service(stay, question):
    with pytest.raises(IntegrityError):
        ask_now(stay)


def test_what_is_kept_too_long_goes(stay, question):
    jobs.close_questions(now=timezone.now() + 31 * DAY)
    assert jobs.forget_old(now=timezone.now() + 395 * DAY) == 0
    assert jobs.forget_old(now=timezone.now() + 397 * DAY) == 2
    assert not CheckRequest.objects.exists()


def test_no_secret_waits_in_the_outbox_and_no_person_is_in_the_mail(stay, question, consulent):
    [message] = mailed()
    assert question.token.partition(".")[2] not in str(message.context)
    [sent] = send_all(MONDAY)
    assert f"/klopt-nog/{question.token}/" in sent.body
    assert sent.to == ["info@delinden.example"]
    assert consulent.name not in sent.body


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_once():
    for number in range(5):
        due(make_organisation(f"Organisatie {number}", email=f"o{number}@b.example"), f"Dienst {number}")
    gate, made = threading.Barrier(2), []

    def work() -> None:
        gate.wait(timeout=10)
        try:
            made.append(ask())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(made) == 5
    assert CheckRequest.objects.count() == 5
    assert len(mailed()) == 5

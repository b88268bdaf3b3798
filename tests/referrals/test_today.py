"""Vandaag: what is whose turn, in which order and in which words, and what it does not show."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from intake import actions as intake
from intake.actions import give_withdrawal_code, withdraw_with_code
from referrals import actions, clock
from referrals.transitions import State, Urgency
from tests.factories import (
    make_caregiver,
    make_invitation,
    make_member,
    make_membership,
    make_need,
    make_organisation,
    make_referral,
    make_service,
    municipality,
)
from trail.models import AccessLogEntry


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt, "Gesprek bij het steunpunt")


@pytest.fixture
def anneke(sender):
    return make_caregiver(sender, "Anneke Voorbeeld")


@pytest.fixture
def by_phone(db):
    """A service of an organisation that does not work with the portal."""
    return make_service(make_organisation("Stichting De Brug", uses_portal=False, phone="075 999 88 77"), "Maatje")


def tasks(client) -> list[str]:
    """The sentences under "Jij bent aan zet", in order."""
    page = client.get("/").content.decode()
    mine = page.split('id="wachten"')[0]
    return [re.sub(r"\s+", " ", text) for text in re.findall(r'class="task__title" href="[^"]*">([^<]*)', mine)]


def days_ago(days: int):
    return timezone.now() - datetime.timedelta(days=days)


# What is her turn ---------------------------------------------------------------------------------------------------


def test_a_new_referral_is_a_task_of_the_receivers_without_the_caregivers_name(
    client_of, sender, receiver, anneke, service
):
    make_referral(sender=sender, service=service, caregiver=anneke)
    page = client_of(receiver).get("/").content.decode()
    assert "Antwoord: neem aan of wijs af (Gesprek met mantelzorgconsulent)" in page
    assert "Zaanstad" in page
    assert "van Petra de Boer, Huisartsenpraktijk De Zaan" in page
    assert "Anneke" not in page
    assert "5550" not in page  # nor her number


def test_who_took_her_on_reads_whom_to_call_and_her_colleague_is_left_alone(
    client_of, sender, receiver, receiver_colleague, anneke, service
):
    make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service, caregiver=anneke)
    assert tasks(client_of(receiver)) == ["Bel Anneke Voorbeeld"]
    assert tasks(client_of(receiver_colleague)) == []


def test_after_contact_the_receiver_owes_feedback(client_of, sender, receiver, anneke, service):
    make_referral(State.IN_CONTACT, sender=sender, receiver=receiver, service=service, caregiver=anneke)
    assert tasks(client_of(receiver)) == ["Geef terugkoppeling over Anneke Voorbeeld"]


@pytest.mark.parametrize(
    ("warm_mode", "task"),
    [
        ("samen-bellen", "Bel Anneke Voorbeeld, samen met Petra de Boer"),
        ("driegesprek", "Spreek Anneke Voorbeeld, samen met Petra de Boer"),
    ],
)
def test_the_way_of_passing_on_says_what_to_do(client_of, sender, receiver, anneke, service, warm_mode, task):
    make_referral(
        State.ACCEPTED, sender=sender, receiver=receiver, service=service, caregiver=anneke, warm_mode=warm_mode
    )
    assert tasks(client_of(receiver)) == [task]


@pytest.mark.parametrize(
    ("state", "task"),
    [
        (State.SENT, "Bel Stichting De Brug over Anneke Voorbeeld"),
        (State.ACCEPTED, "Vraag Stichting De Brug of Anneke Voorbeeld is gebeld"),
        (State.IN_CONTACT, "Haal bij Stichting De Brug op wat ervan kwam voor Anneke Voorbeeld"),
    ],
)
def test_by_phone_the_sender_is_led_from_step_to_step(client_of, sender, anneke, by_phone, state, task):
    make_referral(state, sender=sender, service=by_phone, caregiver=anneke)
    assert tasks(client_of(sender)) == [task]


@pytest.mark.parametrize(
    ("state", "task"),
    [
        (State.DECLINED, "Afgewezen door Steunpunt Mantelzorg Zaanstad: kies wat nu voor Anneke Voorbeeld"),
        (State.NOT_REACHED, "Steunpunt Mantelzorg Zaanstad kon Anneke Voorbeeld niet bereiken: kies wat nu"),
        (State.COMPLETED, "Terugkoppeling van Steunpunt Mantelzorg Zaanstad: is Anneke Voorbeeld geholpen?"),
        (State.WITHDRAWN, "Ingetrokken: kies wat nu voor Anneke Voorbeeld"),
    ],
)
def test_a_referral_that_ended_is_the_senders_turn_again(client_of, sender, receiver, anneke, service, state, task):
    referral = make_referral(state, sender=sender, receiver=receiver, service=service, caregiver=anneke)
    client = client_of(sender)
    assert tasks(client) == [task]
    assert f'href="/verwijzingen/{referral.pk}/"' in client.get("/").content.decode()


def test_a_referral_that_expired_says_that_nobody_answered(client_of, sender, anneke, service):
    referral = make_referral(sender=sender, service=service, caregiver=anneke, now=days_ago(30))
    clock.expire(referral=referral, now=timezone.now())
    assert tasks(client_of(sender)) == [
        "Geen antwoord van Steunpunt Mantelzorg Zaanstad: kies wat nu voor Anneke Voorbeeld"
    ]


def test_a_need_nobody_looked_at_asks_for_a_choice(client_of, sender, colleague, anneke):
    make_need(anneke, sender)
    assert tasks(client_of(sender)) == ["Kies wat je doet met de hulpvraag van Anneke Voorbeeld"]
    assert tasks(client_of(colleague)) == []


def test_a_need_she_planned_herself_waits_for_the_day_she_chose(client_of, sender, anneke):
    need = make_need(anneke, sender)
    intake.plan_need(
        need=need, by=sender, on=timezone.localdate() + datetime.timedelta(days=20), note="Samen uitzoeken"
    )
    page = client_of(sender).get("/").content.decode()
    assert tasks(client_of(sender)) == ["Ga verder met de hulpvraag van Anneke Voorbeeld"]
    assert "Samen uitzoeken" in page
    assert "Samen uitzoeken" in client_of(sender).get(f"/mantelzorgers/{anneke.pk}/").content.decode()


def test_her_own_plan_is_over_when_a_referral_carries_the_need(client_of, sender, receiver, anneke, service):
    need = make_need(anneke, sender)
    intake.plan_need(need=need, by=sender, on=timezone.localdate(), note="Samen uitzoeken")
    make_referral(State.DECLINED, sender=sender, receiver=receiver, service=service, caregiver=anneke, needs=[need])
    need.refresh_from_db()
    assert not need.is_planned
    assert tasks(client_of(sender))[0].startswith("Afgewezen door")


def test_a_need_that_a_referral_carries_is_no_task_of_its_owner(client_of, sender, anneke, service):
    make_referral(sender=sender, service=service, caregiver=anneke)
    assert tasks(client_of(sender)) == []


# In which order -----------------------------------------------------------------------------------------------------


def test_what_is_overdue_comes_first_then_spoed_then_the_date(client_of, sender, receiver, steunpunt):
    def accepted(name, *, urgency=Urgency.NORMAL, on):
        referral = make_referral(
            State.ACCEPTED,
            sender=sender,
            receiver=receiver,
            service=make_service(steunpunt),
            caregiver=make_caregiver(sender, name),
            urgency=urgency,
        )
        referral.turn_on = timezone.localdate() + datetime.timedelta(days=on)
        referral.save(update_fields=["turn_on"])

    accepted("Ruimschoots", on=9)
    accepted("Spoedig", urgency=Urgency.URGENT, on=4)
    accepted("Laat", on=-1)
    accepted("Later", on=-3)
    accepted("Spoedlaat", urgency=Urgency.URGENT, on=-2)
    need = make_need(make_caregiver(receiver, "Hulpvraag"), receiver)
    need.turn_on = timezone.localdate() + datetime.timedelta(days=6)
    need.save(update_fields=["turn_on"])

    client = client_of(receiver)
    names = [task.split()[-1] for task in tasks(client)]
    assert names == ["Spoedlaat", "Later", "Laat", "Spoedig", "Hulpvraag", "Ruimschoots"]
    page = client.get("/").content.decode()
    assert "1 dag te laat" in page
    assert "3 dagen te laat" in page


def test_what_has_to_be_done_today_says_so(client_of, receiver):
    need = make_need(make_caregiver(receiver), receiver)
    need.turn_on = timezone.localdate()
    need.save(update_fields=["turn_on"])
    page = client_of(receiver).get("/").content.decode()
    assert "te laat" not in page
    assert re.search(r'status-badge--warning">Vandaag<', page)


def test_many_tasks_are_read_page_by_page_each_once_and_in_order(client_of, sender, receiver, steunpunt):
    today = timezone.localdate()
    for number in range(45):
        day = today + datetime.timedelta(days=number % 7 - 3)
        caregiver = make_caregiver(receiver, f"Persoon {number}")
        if number % 3:
            thing = make_need(caregiver, receiver)
        else:
            thing = make_referral(
                sender=sender,
                service=make_service(steunpunt),
                urgency=Urgency.URGENT if number % 2 else Urgency.NORMAL,
            )
        thing.turn_on = day
        thing.save(update_fields=["turn_on"])

    client, url, seen, pages = client_of(receiver), "/", [], 0
    while url:
        today_page = client.get(url).context["today"]
        seen += [task.place for task in today_page.tasks]
        url, pages = today_page.next_url, pages + 1
    assert pages == 3
    assert "Terug naar de dringendste" in client.get("/", {"na": seen[19].id}).content.decode()
    assert len(set(seen)) == len(seen) == 45
    assert seen == sorted(seen)


@pytest.mark.parametrize("edge", ["onzin", "018f0000-0000-7000-8000-000000000000", "' OR 1=1"])
def test_an_address_that_leads_nowhere_shows_the_first_page(client_of, sender, anneke, edge):
    make_need(anneke, sender)
    response = client_of(sender).get("/", {"na": edge})
    assert response.status_code == 200
    assert response.context["today"].is_first_page


# What she waits for, and drafts -------------------------------------------------------------------------------------


def test_the_sender_sees_for_whom_she_waits_and_until_when(client_of, sender, colleague, anneke, service):
    referral = make_referral(sender=sender, service=service, caregiver=anneke, now=days_ago(9))
    page = client_of(sender).get("/").content.decode()
    waiting = page.split('id="wachten"')[1]
    assert "Anneke Voorbeeld" in waiting
    assert "Steunpunt Mantelzorg Zaanstad moet nog antwoorden" in waiting
    assert f"{(timezone.localdate() - referral.turn_on).days} dagen te laat" in waiting
    assert "Anneke" not in client_of(colleague).get("/").content.decode()  # her colleague does not wait for it


def test_a_draft_stands_on_the_page_of_its_maker_alone(client_of, sender, colleague, receiver, anneke, service):
    draft = make_referral(State.CONCEPT, sender=sender, service=service, caregiver=anneke)
    mine = client_of(sender).get("/").content.decode()
    assert "Je concepten" in mine
    assert f"/verwijzingen/{draft.pk}/bewerken/" in mine
    for other in (colleague, receiver):
        assert "Je concepten" not in client_of(other).get("/").content.decode()


def test_who_has_nothing_to_do_reads_what_to_do_next(client_of, sender):
    page = client_of(sender).get("/").content.decode()
    assert "Er ligt nu niets bij jou" in page
    assert "Je wacht op niemand" in page
    assert 'href="/mantelzorgers/nieuw/"' in page


# Who may see it, and that it is logged ------------------------------------------------------------------------------


def test_an_outsider_sees_nothing_of_it(client_of, sender, outsider, anneke, service):
    make_need(anneke, sender)
    make_referral(sender=sender, service=service)
    page = client_of(outsider).get("/").content.decode()
    assert "Er ligt nu niets bij jou" in page
    assert "Anneke" not in page


def test_when_consent_has_passed_its_end_date_the_receiver_sees_no_name(client_of, sender, receiver, anneke, service):
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service, caregiver=anneke)
    referral.consent.valid_until = timezone.localdate() - datetime.timedelta(days=1)
    referral.consent.save()
    assert "Anneke" not in client_of(receiver).get("/").content.decode()


def test_each_caregiver_named_is_logged_once_and_a_nameless_task_is_not(client_of, sender, receiver, anneke, service):
    make_need(anneke, sender)
    make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service, caregiver=anneke)
    make_referral(sender=sender, service=service)  # of somebody else; for the receiver still without a name
    log = AccessLogEntry.objects.filter(event="view")

    client_of(receiver).get("/")
    assert list(log.values_list("user_id", "subject_id", "relation")) == [(receiver.pk, anneke.pk, "referral")]
    client_of(sender).get("/")
    own = log.filter(user_id=sender.pk, relation="owner")
    assert own.filter(subject_id=anneke.pk).count() == 1
    assert own.count() == 2


def test_a_referral_of_an_erased_caregiver_does_not_break_the_page(client_of, sender, receiver, anneke, service):
    make_referral(sender=sender, service=service, caregiver=anneke)
    actions.erase(caregiver=anneke, by=sender)
    assert client_of(sender).get("/").status_code == 200
    assert client_of(receiver).get("/").status_code == 200


# The other roles ----------------------------------------------------------------------------------------------------


def test_a_coordinator_sees_numbers_services_and_dates_never_a_name(client_of, coordinator, sender, anneke, service):
    referral = make_referral(sender=sender, service=service, caregiver=anneke, now=days_ago(9))
    page = client_of(coordinator).get("/").content.decode()
    assert referral.number in page
    assert "Huisartsenpraktijk De Zaan" in page
    assert "te laat" in page
    assert 'href="/overzichten/"' in page
    for personal in ("Anneke", "Petra", "dag en nacht", f"/verwijzingen/{referral.pk}/"):
        assert personal not in page


def test_a_coordinator_sees_no_loops_of_elsewhere(client_of, coordinator, outsider, other_practice):
    elsewhere = make_service(other_practice, municipalities=["GM0014"], home_municipality_id="GM0014")
    caregiver = make_caregiver(outsider, municipality=municipality("GM0014"))
    referral = make_referral(sender=outsider, service=elsewhere, caregiver=caregiver, now=days_ago(9))
    page = client_of(coordinator).get("/").content.decode()
    assert referral.number not in page
    assert "Geen enkele verwijzing is over de datum" in page


def test_a_beheerder_sees_the_team_and_how_many_invitations_are_open(client_of, beheerder, practice):
    make_invitation(practice, by=beheerder)
    make_invitation(practice, by=beheerder)
    page = client_of(beheerder).get("/").content.decode()
    assert 'href="/team/"' in page
    assert "Er staan nog 2 uitnodigingen open" in page
    assert "Nieuwe mantelzorger" not in page


@pytest.mark.parametrize(
    ("person", "reads"),
    [
        ("logtoezicht", "Jij ziet daarop toe voor Huisartsenpraktijk De Zaan"),
        ("functional_admin", 'href="/beheer/organisaties/"'),
        ("coordinator", "Open verwijzingen"),
    ],
)
def test_everybody_has_a_page_for_her_own_role(client_of, request, person, reads):
    page = client_of(request.getfixturevalue(person)).get("/").content.decode()
    assert reads in page
    assert "Jij bent aan zet" not in page


def test_who_has_two_roles_sees_both_parts(client_of, practice):
    both = make_member("Mo Jansen", practice, Role.VERWIJZER, Role.BEHEERDER)
    page = client_of(both).get("/").content.decode()
    assert "Jij bent aan zet" in page
    assert 'href="/team/"' in page


def test_who_works_in_two_places_sees_one_at_a_time(client_of, sender, other_practice, anneke):
    make_need(anneke, sender)
    elsewhere = make_membership(sender, other_practice, [Role.VERWIJZER])
    client = client_of(sender)
    assert "Anneke" in client.get("/").content.decode()
    session = client.session
    session["acting_membership"] = str(elsewhere.pk)
    session.save()
    assert "Anneke" not in client.get("/").content.decode()


def test_what_she_took_back_by_code_is_a_task_to_do_nothing_until_the_clock_ends_it(
    client_of, sender, receiver, anneke, service
):
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, caregiver=anneke, service=service)
    withdraw_with_code(give_withdrawal_code(caregiver=anneke, by=sender))
    page = client_of(receiver).get("/").text
    assert "Neem geen contact meer op: de toestemming is ingetrokken" in page
    assert referral.number in page
    assert "Anneke" not in page
    assert "tot en met" not in page


# How much it asks of the database -----------------------------------------------------------------------------------


def queries(client, address: str) -> list[str]:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


def test_fifty_tasks_ask_as_many_queries_as_one(client_of, sender, receiver, steunpunt):
    def one_more(urgency):
        service = make_service(steunpunt)
        make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service, urgency=urgency)
        make_need(make_caregiver(receiver), receiver)

    client = client_of(receiver)
    one_more(Urgency.URGENT)
    with_one = queries(client, "/")
    for number in range(24):
        one_more(Urgency.URGENT if number < 9 else Urgency.NORMAL)
        make_referral(sender=receiver, service=make_service(), caregiver=make_caregiver(receiver))
    with_fifty = queries(client, "/")
    # session, user, her memberships, who is asking; keys of all four parts, then what their rows show; needs; each of
    # the five sources of what else is asked of her; the log
    assert len(with_one) == len(with_fifty) == 13
    assert not [sql for sql in with_fifty if "OFFSET" in sql or "COUNT(" in sql]

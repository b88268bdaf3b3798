"""How fast services answer and how often they accept: what counts, what is fair, and that it leads to nobody."""

import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mantelzorg.principals import acting, job
from mantelzorg.working_days import add_working_days, working_days_between
from referrals import actions, answer_times, clock
from referrals.answer_times import Answered, count_answers, how_they_answer, weigh
from referrals.models import (
    CallAttempt,
    Handover,
    OrganisationTerms,
    Referral,
    ReferralEvent,
    ReferralNeed,
    SharedItem,
)
from referrals.moving import note_step
from referrals.transitions import State
from sociale_kaart.answering.actions import HowItAnswers
from sociale_kaart.models import Answering, Service
from tests.factories import make_member, make_organisation, make_referral, make_service
from trail.models import Heartbeat

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
ONE, OTHER = uuid.uuid4(), uuid.uuid4()


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt, "Gesprek bij het steunpunt")


@pytest.fixture
def senders(sender):
    """Of two organisations, in turns."""
    return [sender, make_member("Verwijzer van elders", make_organisation("Praktijk aan de Dijk"))]


def a_monday() -> datetime.datetime:
    """Noon on a Monday some weeks ago, in a week without a public holiday."""
    day = timezone.localdate() - 40 * DAY
    while day.weekday() or working_days_between(day, day + 11 * DAY) != 9:
        day -= DAY
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def after(days: int) -> datetime.datetime:
    """So many working days after that Monday."""
    monday = a_monday()
    return monday + (add_working_days(monday.date(), days) - monday.date())


def sent(sender, service, **fields) -> Referral:
    return make_referral(State.SENT, sender=sender, service=service, now=a_monday(), **fields)


def answered(sender, service, receiver, days: int, reason: str = "", **fields) -> Referral:
    """Sent on a Monday, and accepted or declined so many working days later."""
    referral = sent(sender, service, **fields)
    if reason:
        elsewhere = "De huisarts" if reason == "elders" else ""
        return actions.decline(
            referral=referral, by=receiver, reason=reason, note="Nee.", elsewhere=elsewhere, now=after(days)
        )
    return actions.accept(referral=referral, by=receiver, now=after(days))


def each(senders, service, receiver, *what) -> None:
    """One referral for each of these: working days, or (working days, reason to decline)."""
    for number, one in enumerate(what):
        days, reason = one if isinstance(one, tuple) else (one, "")
        answered(senders[number % 2], service, receiver, days, reason)


def shown(service) -> HowItAnswers | None:
    with acting(job("antwoordtijd")):
        return how_they_answer(timezone.now()).get(service.pk)


def of(days: int = 1, *, in_time: bool = True, accepted: bool | None = True, sender=ONE) -> Answered:
    return Answered(ONE, sender, days, in_time, accepted)


# When there is enough -----------------------------------------------------------------------------------------------


def test_four_referrals_show_nothing_and_five_do(senders, service, receiver):
    each(senders, service, receiver, 1, 2, 2, 1)
    assert shown(service) is None
    answered(senders[0], service, receiver, 2)
    assert shown(service) == HowItAnswers(2, 9, 9, is_late=False, declines_often=False)


def test_all_from_one_organisation_show_nothing(sender, service, receiver):
    each([sender, sender], service, receiver, 1, 1, 1, 1, 1, 1)
    assert shown(service) is None


def test_one_slow_outlier_says_nothing(senders, service, receiver):
    each(senders, service, receiver, 1, 1, 2, 1, 9)
    found = shown(service)
    assert (found.usual_days, found.is_late, found.in_time_of_ten) == (1, False, 8)


def test_who_is_late_half_of_the_time_is_late_often(senders, service, receiver):
    each(senders, service, receiver, 6, 7, 6, 2, 1, 6)
    found = shown(service)
    assert (found.usual_days, found.is_late, found.in_time_of_ten) == (6, True, 3)


def test_what_is_shown_is_never_none_or_all():
    always = weigh([of(sender=sender) for sender in (ONE, OTHER) for _ in range(5)])
    never = weigh([of(in_time=False, accepted=False, sender=sender) for sender in (ONE, OTHER) for _ in range(5)])
    assert (always.in_time_of_ten, always.accepted_of_ten) == (9, 9)
    assert (never.in_time_of_ten, never.accepted_of_ten) == (1, 1)


def test_accepting_has_its_own_five():
    telling = [of(accepted=False, sender=OTHER), of(), of(), of()]
    found = weigh([*telling, of(accepted=None), of(accepted=None)])
    assert found.accepted_of_ten is None
    assert not found.declines_often


# What is fair -------------------------------------------------------------------------------------------------------


def test_an_urgent_one_was_due_sooner(senders, service, receiver):
    for number in range(6):
        answered(senders[number % 2], service, receiver, 2, urgency="spoed" if number < 3 else "gewoon")
    assert shown(service).in_time_of_ten == 5


def test_an_organisation_with_longer_terms_is_held_to_those(senders, service, receiver, steunpunt):
    OrganisationTerms.objects.create(organisation=steunpunt, answer_days=5, changed_by=receiver.acting)
    each(senders, service, receiver, 5, 5, 4, 5, 4)
    assert shown(service) == HowItAnswers(5, 9, 9, is_late=False, declines_often=False)
    OrganisationTerms.objects.update(answer_days=1)  # what was promised then, counts
    assert not shown(service).is_late


@pytest.mark.parametrize("reason", ["doelgroep", "buiten-gebied", "indicatie", "elders"])
def test_a_decline_that_is_not_its_doing_does_not_count_against_it(reason, senders, service, receiver):
    each(senders, service, receiver, *[(1, reason)] * 5, 1, 1, 1, 1, 1)
    found = shown(service)
    assert (found.accepted_of_ten, found.declines_often) == (9, False)


@pytest.mark.parametrize("reason", ["geen-plek", "wachtlijst", "anders"])
def test_who_declines_for_want_of_room_half_of_the_time_declines_often(reason, senders, service, receiver):
    each(senders, service, receiver, (1, reason), (1, reason), (1, reason), 1, 1, 1)
    found = shown(service)
    assert (found.accepted_of_ten, found.declines_often, found.is_late) == (5, True, False)


def test_no_answer_is_late_and_no_acceptance(senders, service, receiver):
    each(senders, service, receiver, 1, 1, 1)
    for number in range(3):
        clock.expire(referral=sent(senders[number % 2], service), now=after(15))
    found = shown(service)
    assert (found.in_time_of_ten, found.accepted_of_ten, found.is_late) == (5, 5, True)


def test_what_was_taken_back_in_time_is_left_out_and_after_that_it_counts_as_no_answer(senders, service, receiver):
    each(senders, service, receiver, 1, 1, 1, 1)
    actions.withdraw(referral=sent(senders[0], service), by=senders[0], now=after(2))
    assert shown(service) is None
    actions.withdraw(referral=sent(senders[0], service), by=senders[0], now=after(4))
    assert shown(service).in_time_of_ten == 8


def test_what_waits_ended_with_her_consent_got_lost_or_is_a_draft_is_left_out(senders, service, receiver):
    each(senders, service, receiver, 1, 1, 1, 1)
    sent(senders[0], service)
    make_referral(State.CONCEPT, sender=senders[0], service=service, now=a_monday())
    hers = answered(senders[0], service, receiver, 1)
    consent = Referral.objects.select_related("consent__caregiver").get(pk=hers.pk).consent
    actions.withdraw_consent(consent=consent, by=senders[0], how="mondeling", now=after(3))
    lost = sent(senders[1], service)
    note_step(lost, "mail_failed", by=None, now=after(1))
    clock.expire(referral=lost, now=after(15))
    assert shown(service) is None


def test_who_was_erased_is_left_out(senders, service, receiver):
    each(senders, service, receiver, 1, 1, 1, 1)
    last = answered(senders[0], service, receiver, 1)
    assert shown(service)
    actions.erase(caregiver=last.caregiver, by=senders[0])
    assert shown(service) is None


def test_by_phone_it_is_the_sender_who_notes_the_answers(senders):
    by_phone = make_service(make_organisation("Stichting De Brug", uses_portal=False, phone="075 999 88 77"), "Maatje")
    for number in range(6):
        referral = sent(senders[number % 2], by_phone)
        actions.accept(referral=referral, by=senders[number % 2], name="Mevrouw De Wit", now=after(9))
    assert shown(by_phone) is None


def test_of_what_was_opened_again_the_first_answer_counts(senders, service, receiver):
    each(senders, service, receiver, 1, 1, 1, 1)
    referral = sent(senders[0], service)
    actions.accept(referral=referral, by=receiver, now=after(1))
    referral = actions.contact(referral=referral, by=receiver, now=after(2))
    outcomes = {link.pk: ("gestart", "") for link in referral.referral_needs.all()}
    actions.complete(referral=referral, by=receiver, outcomes=outcomes, feedback="Klaar.", now=after(3))
    actions.reopen(referral=referral, by=senders[0], note="Het hield geen stand.", now=after(9))
    assert shown(service).in_time_of_ten == 9


def test_more_than_a_year_ago_does_not_count(senders, service, receiver):
    each(senders, service, receiver, 1, 1, 1, 1, 1)
    assert shown(service)
    with acting(job("antwoordtijd")):
        assert not how_they_answer(timezone.now() + 366 * DAY)


# The job ------------------------------------------------------------------------------------------------------------


def test_it_is_written_once_a_day_and_goes_when_there_is_too_little(senders, service, receiver):
    now = timezone.now()
    each(senders, service, receiver, 6, 6, 6, 1, (1, "geen-plek"))
    assert count_answers(now=now) == 1
    service.refresh_from_db()
    found = Answering.objects.get(service=service)
    assert (service.usual_answer_days, found.is_late, found.accepted_of_ten) == (6, True, 8)
    Answering.objects.all().delete()
    assert count_answers(now=now) == 0
    assert not Answering.objects.exists()  # today it was done
    assert count_answers(now=now + DAY) == 1
    Referral.objects.filter(service=service).update(erased_at=now)
    assert count_answers(now=now + 2 * DAY) == 0
    service.refresh_from_db()
    assert service.usual_answer_days is None
    assert not Answering.objects.exists()


def test_what_is_off_the_card_shows_nothing(senders, service, receiver):
    each(senders, service, receiver, 1, 1, 1, 1, 1)
    count_answers(now=timezone.now())
    Service.objects.filter(pk=service.pk).update(status=Service.Status.PAUSED)
    Heartbeat.objects.all().delete()
    count_answers(now=timezone.now())
    service.refresh_from_db()
    assert service.usual_answer_days is None
    assert not Answering.objects.exists()


def test_it_does_not_touch_when_a_service_was_changed(senders, service, receiver):
    before = Service.objects.get(pk=service.pk).updated_at
    each(senders, service, receiver, 1, 1, 1, 1, 1)
    count_answers(now=timezone.now())
    assert Service.objects.get(pk=service.pk).updated_at == before


def test_it_asks_the_referrals_once_however_many_services(senders, service, receiver, steunpunt):
    each(senders, service, receiver, 1, 1, 1, 1, 1)
    counts = []
    for number in range(2):
        Heartbeat.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            assert count_answers(now=timezone.now()) == 1 + number
        asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        counts.append((len([sql for sql in asked if "referrals_referral" in sql]), len(asked)))
        each(senders, make_service(steunpunt, f"Lotgenoten {number}"), receiver, 1, 1, 1, 1, 1)
    assert [counts[0][0], counts[1][0]] == [1, 1]
    assert counts[1][1] <= counts[0][1] + 1


def test_another_worker_that_is_at_it_is_left_alone(monkeypatch, senders, service, receiver):
    each(senders, service, receiver, 1, 1, 1, 1, 1)
    monkeypatch.setattr(answer_times, "_is_ours", lambda: False)
    assert count_answers(now=timezone.now()) == 0
    assert not Answering.objects.exists()


def test_the_job_reads_of_a_referral_its_row_and_three_steps_and_nothing_else(senders, service, receiver):
    done = make_referral(State.COMPLETED, sender=senders[0], receiver=receiver, service=service)
    make_referral(State.SENT, sender=senders[0], service=service)
    CallAttempt.objects.create(referral=done, by=receiver.acting, result="gesproken")
    with acting(job("antwoordtijd")):
        assert [referral.pk for referral in Referral.objects.only("pk")] == [done.pk]
        assert set(ReferralEvent.objects.values_list("verb", flat=True)) == {"send", "accept"}
        assert not ReferralEvent.objects.exclude(note="").exists()
        for model in (ReferralNeed, SharedItem, Handover, CallAttempt):
            assert not model.objects.exists()
        assert Referral.objects.filter(pk=done.pk).update(feedback="Iets anders") == 0

"""What the clock says and does by itself: in time, once, late, after a week of silence, and half-way killed."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import Role
from mantelzorg.working_days import add_working_days, is_office_time, working_day_before
from referrals import actions, clock, work
from referrals.models import Referral, Reminder
from referrals.transitions import State, Terms
from tests.factories import (
    fresh,
    make_appointment,
    make_caregiver,
    make_member,
    make_need,
    make_organisation,
    make_referral,
    make_service,
)
from trail.actions import note_returned_mail, send_digests, send_next
from trail.models import OutboxMessage

pytestmark = pytest.mark.django_db


def at(day: int, hour: int = 9, month: int = 3) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime(2026, month, day, hour))


MONDAY = at(9)  # of March 2026; the answer is due on Wednesday the eleventh
COORDINATED = "GM0479"


@pytest.fixture
def sent(sender, steunpunt):
    steunpunt.email = "post@steunpunt.example"
    steunpunt.save()
    referral = make_referral(State.SENT, sender=sender, service=make_service(steunpunt), now=MONDAY)
    OutboxMessage.objects.all().delete()
    return referral


def told() -> list[tuple[str, str]]:
    """To whom and what, and the next time only what is new."""
    news = [(mail.to, mail.context["line"]) for mail in OutboxMessage.objects.order_by("created_at", "pk")]
    OutboxMessage.objects.all().delete()
    return news


def test_office_time_is_a_dutch_working_day_between_eight_and_six():
    assert is_office_time(at(9, 8))
    assert not is_office_time(at(9, 7))
    assert not is_office_time(at(9, 18))
    assert not is_office_time(at(8, 9))  # Sunday
    assert not is_office_time(at(27, 9, month=4))  # King's Day
    assert working_day_before(datetime.date(2026, 4, 7)) == datetime.date(2026, 4, 2)  # Good Friday, Easter Monday


def test_before_the_date_the_receiver_hears_it_once(sent):
    assert clock.remind(now=at(9, 12)) == 0  # it came today
    assert clock.remind(now=at(10)) == 1
    assert clock.remind(now=at(10, 10)) == 0
    assert clock.remind(now=at(11)) == 0
    assert told() == [("post@steunpunt.example", clock.AHEAD[State.SENT])]


def test_outside_office_hours_nobody_is_reminded(sent):
    assert clock.remind(now=at(10, 7)) == 0
    assert clock.remind(now=at(14)) == 0  # a Saturday, and late
    assert clock.remind(now=at(16)) > 0


def test_after_the_date_the_receiver_and_the_sender_hear_it_and_then_a_coordinator(sent, sender):
    coordinator = make_member("Coen Dirks", sender.organisation, Role.COORDINATOR)
    elsewhere = make_member("Carla Smit", make_organisation(), Role.COORDINATOR)
    make_appointment(elsewhere, Role.COORDINATOR, COORDINATED)
    clock.remind(now=at(10))
    told()
    clock.remind(now=at(12))
    assert told() == [
        ("post@steunpunt.example", clock.LATE[State.SENT]),
        (sender.email, clock.STILL_WAITING[State.SENT]),
    ]
    assert clock.remind(now=at(13)) == 0  # two working days late is not yet too long
    assert clock.remind(now=at(16)) == 1
    ((to, line),) = told()
    assert (to, "blijft liggen" in line) == (coordinator.email, True)


def test_without_a_coordinator_on_either_side_that_of_the_municipality_hears_it(sent):
    municipal = make_member("Carla Smit", make_organisation(), Role.COORDINATOR)
    make_appointment(municipal, Role.COORDINATOR, COORDINATED)
    clock.remind(now=at(16))
    assert municipal.email in [to for to, _ in told()]


def test_after_a_week_of_silence_only_what_still_matters_is_said(sent):
    assert clock.remind(now=at(19)) == 2  # late and escalated; that the date is near, nobody needs to know any more
    assert set(Reminder.objects.values_list("kind", flat=True)) == {"late", "escalated"}
    assert clock.remind(now=at(19, 10)) == 0


def test_a_new_turn_is_a_new_date_to_be_reminded_of(sent, receiver):
    clock.remind(now=at(12))
    actions.accept(referral=sent, by=receiver, now=at(12))
    told()
    due = add_working_days(datetime.date(2026, 3, 12), 5)
    assert Referral.objects.get(pk=sent.pk).turn_on == due
    clock.remind(now=timezone.make_aware(datetime.datetime.combine(due, datetime.time(9))))
    assert told() == [(receiver.email, clock.AHEAD[State.ACCEPTED])]


def test_by_phone_it_is_the_sender_who_is_reminded_and_only_once(sender):
    service = make_service(make_organisation(uses_portal=False))
    make_referral(State.SENT, sender=sender, service=service, now=MONDAY)
    clock.remind(now=at(12))
    assert told() == [(sender.email, clock.LATE[State.SENT])]


def test_what_ended_is_not_reminded_of(sent, receiver):
    actions.decline(referral=sent, by=receiver, reason="geen-plek", note="Vol.", now=at(10))
    told()
    assert clock.remind(now=at(16)) == 0


def test_two_clocks_that_saw_the_same_referral_say_it_once(sent, monkeypatch):
    seen = list(Referral.objects.to_remind(datetime.date(2026, 3, 12), Reminder.Kind.LATE))
    assert seen == [sent]
    assert clock.remind(now=at(12)) == 1
    told()
    with monkeypatch.context() as patch:  # the other one looked before the first had said it
        patch.setattr(clock, "_due", lambda today, kind: seen if kind == Reminder.Kind.LATE else [])
        assert clock.remind(now=at(12)) == 0
    assert told() == []


def test_killed_half_way_a_reminder_is_there_with_its_mail_or_not_at_all(sent, monkeypatch):
    monkeypatch.setattr("referrals.moving.enqueue_mail", lambda **_: 1 / 0)
    with pytest.raises(ExceptionGroup):
        clock.remind(now=at(12))
    assert not Reminder.objects.exists()
    monkeypatch.undo()
    assert clock.remind(now=at(12)) == 1
    assert len(told()) == 2


# Terms --------------------------------------------------------------------------------------------------------------


def test_an_organisation_answers_calls_and_reports_back_within_its_own_terms(sender, receiver, steunpunt):
    boss = make_member("Bea Bos", steunpunt, Role.BEHEERDER)
    work.set_terms(by=boss, terms=Terms(answer_days=4, call_days=8, feedback_days=14), now=MONDAY)
    service = make_service(steunpunt)
    referral = make_referral(State.SENT, sender=sender, service=service, now=MONDAY)
    assert referral.turn_on == datetime.date(2026, 3, 13)
    referral = actions.accept(referral=referral, by=receiver, now=MONDAY)
    assert referral.turn_on == datetime.date(2026, 3, 19)
    referral = actions.contact(referral=referral, by=receiver, now=MONDAY)
    assert referral.turn_on == datetime.date(2026, 3, 23)


def test_spoed_and_the_promise_of_a_service_come_before_the_terms_of_the_organisation(sender, receiver, steunpunt):
    boss = make_member("Bea Bos", steunpunt, Role.BEHEERDER)
    work.set_terms(by=boss, terms=Terms(answer_days=5, call_days=15), now=MONDAY)
    urgent = make_referral(
        State.ACCEPTED, sender=sender, receiver=receiver, service=make_service(steunpunt), urgency="spoed", now=MONDAY
    )
    assert urgent.turn_on == datetime.date(2026, 3, 11)
    promised = make_service(steunpunt, call_within_days=3)
    calm = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=promised, now=MONDAY)
    assert calm.turn_on == datetime.date(2026, 3, 12)


def test_only_the_beheerder_sets_the_terms_and_not_longer_than_anybody_can_wait(client_of, receiver, steunpunt):
    assert client_of(receiver).get("/team/termijnen/").status_code == 404
    boss = client_of(make_member("Bea Bos", steunpunt, Role.BEHEERDER))
    page = boss.post("/team/termijnen/", {"answer_days": "9", "call_days": "5", "feedback_days": "30"})
    assert "hoogstens 5" in page.content.decode()
    assert (
        boss.post("/team/termijnen/", {"answer_days": "3", "call_days": "5", "feedback_days": "30"}).status_code == 302
    )
    assert steunpunt.referral_terms.as_terms() == Terms(answer_days=3)


# Who is away --------------------------------------------------------------------------------------------------------


@pytest.fixture
def colleague(sender):
    return make_member("Corine Blom", sender.organisation)


def go_away(who, stand_in, first, last, now):
    return work.go_away(by=fresh(who), stand_in=stand_in.acting, first_day=first, last_day=last, now=now)


def test_while_she_is_away_her_turns_are_her_stand_ins_and_come_back_with_her(sender, colleague):
    need = make_need(make_caregiver(sender), sender, now=MONDAY)
    phoned = make_service(make_organisation(uses_portal=False))
    referral = make_referral(State.SENT, sender=sender, service=phoned, now=MONDAY)
    go_away(sender, colleague, datetime.date(2026, 3, 10), datetime.date(2026, 3, 12), now=MONDAY)

    def hands():
        need.refresh_from_db()
        referral.refresh_from_db()
        carried = referral.referral_needs.get().need
        assert carried.turn_member_id == referral.turn_member_id
        return need.turn_member_id, referral.turn_member_id

    assert hands() == (sender.acting.pk, sender.acting.pk)  # she is still there today
    assert clock.hand_turns(now=at(10, 1)) == 2
    assert clock.hand_turns(now=at(10, 2)) == 0
    assert hands() == (colleague.acting.pk, colleague.acting.pk)
    assert need.owner_id == sender.acting.pk
    assert clock.hand_turns(now=at(13, 1)) == 2
    assert hands() == (sender.acting.pk, sender.acting.pk)


def test_who_goes_away_today_hands_over_at_once_and_who_is_back_earlier_gets_it_back_at_once(sender, colleague):
    need = make_need(make_caregiver(sender), sender, now=MONDAY)
    absence = go_away(sender, colleague, datetime.date(2026, 3, 9), datetime.date(2026, 3, 12), now=MONDAY)
    need.refresh_from_db()
    assert need.turn_member_id == colleague.acting.pk
    work.come_back(absence=absence, by=fresh(sender), now=at(9, 15))
    need.refresh_from_db()
    assert need.turn_member_id == sender.acting.pk


def test_what_becomes_her_turn_while_she_is_away_goes_to_her_stand_in_and_so_does_the_mail(
    sender, colleague, receiver, sent
):
    go_away(sender, colleague, datetime.date(2026, 3, 9), datetime.date(2026, 3, 12), now=MONDAY)
    actions.decline(referral=sent, by=receiver, reason="geen-plek", note="Vol.", now=at(10))
    assert sent.referral_needs.get().need.turn_member_id == colleague.acting.pk
    assert [to for to, _ in told()] == [colleague.email]


def test_stand_ins_who_are_away_themselves_are_passed_over_and_a_circle_ends_with_nobody(sender, colleague):
    third = make_member("Dirkje Vos", sender.organisation)
    days = (datetime.date(2026, 3, 9), datetime.date(2026, 3, 12))
    phoned = make_service(make_organisation(uses_portal=False))
    referral = make_referral(State.SENT, sender=sender, service=phoned, now=MONDAY)
    go_away(sender, colleague, *days, now=MONDAY)
    go_away(colleague, third, *days, now=MONDAY)
    referral.refresh_from_db()
    assert referral.turn_member_id == third.acting.pk
    go_away(third, sender, *days, now=MONDAY)
    referral.refresh_from_db()
    assert (referral.turn_organisation_id, referral.turn_member_id) == (sender.organisation_id, None)
    assert clock.hand_turns(now=at(12, 2)) == 0
    assert clock.hand_turns(now=at(13, 2)) == 1  # she is back, and what was nobody's is hers again
    referral.refresh_from_db()
    assert referral.turn_member_id == sender.acting.pk


def test_a_stand_in_works_with_caregivers_here_and_nobody_is_away_twice(client_of, sender, colleague, receiver):
    browser = client_of(sender)
    today = timezone.localdate()
    asked = {"first_day": today.isoformat(), "last_day": (today + datetime.timedelta(days=3)).isoformat()}
    for stranger in (receiver, sender):
        page = browser.post("/afwezig/", {**asked, "stand_in": str(stranger.acting.pk)})
        assert "Kies een collega uit de lijst." in page.content.decode()
    page = browser.post("/afwezig/", {**asked, "stand_in": str(colleague.acting.pk)}, follow=True)
    assert "Corine Blom neemt waar" in page.content.decode()
    page = browser.post("/afwezig/", {**asked, "stand_in": str(colleague.acting.pk)})
    assert "Je staat in deze dagen al afwezig" in page.content.decode()
    backwards = {**asked, "last_day": (today - datetime.timedelta(days=1)).isoformat()}
    page = browser.post("/afwezig/", {**backwards, "stand_in": str(colleague.acting.pk)})
    assert "De laatste dag ligt voor de eerste." in page.content.decode()


# News once a day ----------------------------------------------------------------------------------------------------


def daily(user):
    user.news_daily = True
    user.save()
    return user


def test_who_wants_her_news_once_a_day_gets_it_in_one_mail_at_seven(mailoutbox, sender, receiver, steunpunt):
    daily(sender)
    for _ in range(3):
        make_referral(State.DECLINED, sender=sender, receiver=receiver, service=make_service(steunpunt), now=MONDAY)
    OutboxMessage.objects.filter(for_digest=False).delete()
    assert send_next(now=at(9, 23)) is None  # it waits
    assert send_digests(now=at(9, 23)) == 0
    assert send_digests(now=at(10, 6)) == 0
    assert send_digests(now=at(10, 7)) == 1
    assert send_digests(now=at(10, 8)) == 0
    assert send_next(now=at(10, 8)) is not None
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([sender.email], "Mantelzorgportaal: 3 berichten voor je")
    for referral in Referral.objects.all():
        assert referral.number in mail.body
        assert f"/verwijzingen/{referral.pk}/" in mail.alternatives[0][0]
        assert referral.caregiver.name not in mail.body


def test_on_a_day_off_news_waits_and_what_is_urgent_never_does(sender, receiver, steunpunt):
    daily(sender)
    service = make_service(steunpunt)
    make_referral(State.DECLINED, sender=sender, receiver=receiver, service=service, urgency="spoed", now=MONDAY)
    assert not OutboxMessage.objects.filter(to=sender.email, for_digest=True).exists()
    make_referral(State.DECLINED, sender=sender, receiver=receiver, service=service, now=at(13, 17))
    assert send_digests(now=at(14, 9)) == 0  # Saturday
    assert send_digests(now=at(16, 9)) == 1


# Mail that does not arrive ------------------------------------------------------------------------------------------


def refused(code: int):
    from smtplib import SMTPRecipientsRefused

    return SMTPRecipientsRefused({"post@steunpunt.example": (code, b"no such user")})


def test_what_the_mail_server_refuses_for_good_is_not_tried_again(sender, steunpunt):
    make_referral(State.SENT, sender=sender, service=make_service(steunpunt, email="weg@steunpunt.example"))
    mail = OutboxMessage.objects.get()
    mail.note_failure(refused(450), timezone.now())
    assert mail.failed_at is None
    mail.note_failure(refused(550), timezone.now())
    assert mail.failed_at is not None


def test_the_sender_sees_that_a_mail_did_not_arrive_and_whom_to_call(client_of, sender, receiver, steunpunt):
    service = make_service(steunpunt, email="weg@steunpunt.example", phone="075 555 0199")
    referral = make_referral(State.SENT, sender=sender, service=service)
    mail = OutboxMessage.objects.get()
    mail.note_failure(refused(550), timezone.now())
    mail.save()
    assert clock.tell_of_failed_mail(now=timezone.now()) == 1
    assert clock.tell_of_failed_mail(now=timezone.now()) == 0
    assert OutboxMessage.objects.filter(to=sender.email).count() == 1
    page = client_of(sender).get(f"/verwijzingen/{referral.pk}/").content.decode()
    assert "De mail kwam niet aan" in page
    assert "tel:0755550199" in page
    assert "mail kwam niet aan" in client_of(sender).get("/").content.decode()
    assert "De mail kwam niet aan" not in client_of(receiver).get(f"/verwijzingen/{referral.pk}/").content.decode()
    actions.accept(referral=referral, by=receiver)
    assert "De mail kwam niet aan" not in client_of(sender).get(f"/verwijzingen/{referral.pk}/").content.decode()


def test_a_mail_that_comes_back_later_is_seen_as_well(sender, steunpunt):
    referral = make_referral(State.SENT, sender=sender, service=make_service(steunpunt, email="weg@steunpunt.example"))
    mail = OutboxMessage.objects.get()
    mail.note_sent(timezone.now())
    mail.save()
    assert note_returned_mail(message_id=mail.pk, reason="Teruggekomen", now=timezone.now())
    assert not note_returned_mail(message_id=mail.pk, reason="Teruggekomen", now=timezone.now())
    clock.tell_of_failed_mail(now=timezone.now())
    referral.refresh_from_db()
    assert referral.unreachable_at is not None


def test_a_mail_to_the_sender_that_fails_says_nothing_about_the_receiver(sender, receiver, steunpunt):
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=make_service(steunpunt))
    for mail in OutboxMessage.objects.filter(to=sender.email):
        mail.note_failure(refused(550), timezone.now())
        mail.save()
    clock.tell_of_failed_mail(now=timezone.now())
    referral.refresh_from_db()
    assert referral.unreachable_at is None
    assert not OutboxMessage.objects.untold().exists()


def test_news_of_the_day_that_does_not_arrive_is_news_of_each_referral_in_it(sender, receiver, steunpunt):
    daily(receiver)
    referral = make_referral(
        State.ACCEPTED, sender=sender, receiver=receiver, service=make_service(steunpunt), now=MONDAY
    )
    clock.remind(now=at(13))
    clock.remind(now=at(16))
    send_digests(now=at(17))
    digest = OutboxMessage.objects.get(template="daily_digest", to=receiver.email)
    digest.note_failure(refused(550), at(17))
    digest.save()
    clock.tell_of_failed_mail(now=at(17))
    referral.refresh_from_db()
    assert referral.unreachable_at is not None

"""The file for a calendar, and the mails it goes with: when there is something, and nothing else."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from icalendar import Calendar

from mantelzorg.calendar_file import calendar_file
from referrals import actions
from referrals.together import actions as together
from tests.referrals.together.conftest import NAME, PHONE, at, post_comes
from trail.models import OutboxMessage

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HOUR = datetime.timedelta(hours=1)


def files_in(messages) -> list[Calendar]:
    """Parsed back."""
    return [
        Calendar.from_ical(part.get_payload(decode=True))
        for message in messages
        for part in message.message().walk()
        if part.get_content_type() == "text/calendar"
    ]


@pytest.fixture
def mails(planned):
    return post_comes()


def test_both_sides_get_the_moment_for_their_calendar(mails, sender, receiver):
    with_file = [message for message in mails if files_in([message])]
    assert sorted(message.to[0] for message in with_file) == [sender.email, receiver.email]


def test_the_file_says_when_and_where_to_look_and_nothing_else(mails, planned, in_ten_days, settings):
    first, second = files_in(mails)
    assert first.to_ical() == second.to_ical()
    (event,) = first.events
    assert event.errors == first.errors == []
    assert (first["METHOD"], event["STATUS"], event["CLASS"]) == ("PUBLISH", "CONFIRMED", "PRIVATE")
    assert event["SUMMARY"] == "Afspraak via Mantelzorgportaal"
    assert event["LOCATION"] == "telefonisch"
    assert event["URL"] == f"{settings.PUBLIC_URL}/verwijzingen/{planned.pk}/"
    assert event["DTSTART"].dt == in_ten_days
    assert event["DTEND"].dt == in_ten_days + HOUR / 2
    assert set(event.keys()) == {
        *(
            "UID",
            "DTSTAMP",
            "DTSTART",
            "DTEND",
            "SUMMARY",
            "LOCATION",
            "CLASS",
            "STATUS",
            "SEQUENCE",
            "ORGANIZER",
            "URL",
        ),
    }


def test_a_mail_about_a_moment_names_nobody(mails, planned, sender, receiver, steunpunt, practice):
    names = [NAME, "Anneke", PHONE, PHONE.replace(" ", ""), str(sender), str(receiver), str(practice), str(steunpunt)]
    for message in mails:
        text = message.message().as_string() + "".join(calendar.to_ical().decode() for calendar in files_in([message]))
        headers = "".join(f"{name}: {value}\n" for name, value in message.message().items() if name != "To")
        said = headers + message.body + text.split("\n\n", 1)[1]
        assert not [name for name in names if name in said]


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [(datetime.date(2027, 3, 27), 9), (datetime.date(2027, 3, 29), 8), (datetime.date(2027, 11, 1), 9)],
)
def test_ten_o_clock_is_ten_o_clock_here_on_both_sides_of_a_change_of_the_clock(day, utc_hour):
    starts_at = at(day, 10)
    text = calendar_file(uid="1", starts_at=starts_at.isoformat(), minutes=60, where="gesprek", stamp=starts_at)
    assert f"DTSTART:{day:%Y%m%d}T{utc_hour:02}0000Z" in text
    (event,) = Calendar.from_ical(text).events
    assert event["DTSTART"].dt.astimezone(AMSTERDAM).hour == 10


def test_an_appointment_over_the_change_of_the_clock_lasts_as_long_as_it_says():
    starts_at = datetime.datetime(2027, 3, 28, 1, 45, tzinfo=AMSTERDAM)
    text = calendar_file(uid="1", starts_at=starts_at.isoformat(), minutes=30, where="gesprek", stamp=starts_at)
    (event,) = Calendar.from_ical(text).events
    assert event["DTEND"].dt - event["DTSTART"].dt == HOUR / 2


def test_a_name_with_strange_characters_breaks_no_line():
    with override_settings(SITE_NAME="Zorg; samen,\r\nBEGIN:VALARM", DEFAULT_FROM_EMAIL="P <p@zorg.example>"):
        text = calendar_file(
            uid="1",
            starts_at=at(datetime.date(2027, 3, 1)).isoformat(),
            minutes=30,
            where="x",
            stamp=at(datetime.date(2027, 3, 1)),
        )
    assert "\r\nBEGIN:VALARM" not in text
    assert Calendar.from_ical(text).events[0]["ORGANIZER"] == "mailto:p@zorg.example"


def test_a_talk_of_three_lasts_an_hour_and_says_no_place(for_three, receiver, sender, in_two_days, now):
    together.propose(referral=for_three, by=receiver, moments=[in_two_days], place="bij-haar", now=now)
    together.choose(referral=for_three, by=sender, moment=in_two_days, seen=for_three.joint_talk.pk, now=now)
    (event, _) = [event for calendar in files_in(post_comes()) for event in calendar.events]
    assert event["DTEND"].dt - event["DTSTART"].dt == HOUR
    assert event["LOCATION"] == "gesprek"
    assert "mantelzorger" not in event.to_ical().decode()


def test_calling_it_off_takes_the_same_appointment_out_of_both_calendars(mails, planned, sender, receiver, now):
    uid = files_in(mails)[0].events[0]["UID"]
    together.call_off(referral=planned, by=sender, now=now)
    messages = post_comes()
    assert sorted(message.to[0] for message in messages) == [sender.email, receiver.email]
    for calendar in files_in(messages):
        (event,) = calendar.events
        assert (calendar["METHOD"], event["STATUS"], event["UID"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", uid, 1)
    part = next(part for part in messages[0].message().walk() if part.get_content_type() == "text/calendar")
    assert (part.get_param("method"), part.get_filename()) == ("CANCEL", "afspraak.ics")


def test_contact_before_the_moment_takes_it_out_of_the_calendars(planned, receiver, now):
    actions.contact(referral=planned, by=receiver, now=now)
    assert {calendar["METHOD"] for calendar in files_in(post_comes())} == {"PUBLISH", "CANCEL"}


def test_a_mail_composed_again_is_the_same_file(planned):
    message = OutboxMessage.objects.filter(context__has_key="calendar").first()
    appointment = message.context["calendar"]
    first, second = (calendar_file(**appointment, stamp=message.created_at) for _ in range(2))
    assert first == second


def test_who_wants_her_news_once_a_day_gets_an_appointment_at_once(proposed, sender, in_ten_days, now):
    sender.news_daily = True
    sender.save()
    together.choose(referral=proposed, by=sender, moment=in_ten_days, seen=proposed.joint_talk.pk, now=now)
    message = OutboxMessage.objects.get(context__has_key="calendar", to=sender.email)
    assert not message.for_digest


def test_the_other_side_hears_of_a_proposal_and_of_its_end(accepted, sender, receiver, in_two_days, now):
    post_comes()
    together.propose(referral=accepted, by=receiver, moments=[in_two_days], now=now)
    (message,) = post_comes()
    assert (message.to, "Er zijn momenten voorgesteld" in message.body) == ([sender.email], True)
    together.take_back(referral=accepted, by=receiver, now=now)
    (message,) = post_comes()
    assert (message.to, "is teruggenomen" in message.body) == ([sender.email], True)


def test_by_phone_only_the_sender_gets_it(by_phone, sender, in_two_days, now):
    post_comes()
    together.propose(referral=by_phone, by=sender, moments=[in_two_days], now=now)
    (message,) = post_comes()
    assert message.to == [sender.email]
    assert len(files_in([message])) == 1

"""Mail that comes back: which of ours, for good or for now, and nothing else."""

import mailbox
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from mantelzorg.ids import uuid7
from trail import bounces
from trail.actions import enqueue_mail
from trail.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("mail_texts")


def report(pk, *, action: str = "failed", status: str = "5.1.1", host: str = "localhost") -> bytes:
    """A letter as mail servers write it (RFC 3464)."""
    letter = MIMEMultipart("report", report_type="delivery-status")
    letter["From"] = "MAILER-DAEMON@mail.example"
    letter["Subject"] = "Undelivered Mail Returned to Sender"
    letter.attach(MIMEText("This is the mail system. I'm sorry."))
    status_part = EmailMessage()
    status_part["Reporting-MTA"] = "dns; mail.example"
    about = EmailMessage()
    about["Final-Recipient"] = "rfc822; weg@steunpunt.example"
    about["Action"] = action
    about["Status"] = status
    delivery = MIMEMultipart("delivery-status")
    delivery.set_type("message/delivery-status")
    delivery.set_payload([status_part, about])
    letter.attach(delivery)
    original = EmailMessage()
    original["Message-ID"] = f"<{pk}@{host}>"
    original["To"] = "weg@steunpunt.example"
    original.set_content("Er is nieuws.")
    letter.attach(MIMEMessage(original))
    return letter.as_bytes()


def test_a_letter_says_which_mail_of_ours_will_never_arrive():
    pk = uuid7()
    assert bounces.returned(report(pk)) == pk


def test_later_perhaps_and_mail_of_somebody_else_are_nothing_to_us():
    assert bounces.returned(report(uuid7(), action="delayed", status="4.4.1")) is None
    assert bounces.returned(report(uuid7(), host="elders.example")) is None
    holiday = EmailMessage()
    holiday["Subject"] = "Ik ben er niet"
    holiday["In-Reply-To"] = f"<{uuid7()}@localhost>"
    holiday.set_content("Tot 3 augustus ben ik vrij.")
    assert bounces.returned(holiday.as_bytes()) is None
    assert bounces.returned(b"\x00\xff no letter at all") is None


@pytest.fixture
def box(tmp_path, settings):
    settings.BOUNCE_MAILBOX = f"maildir:{tmp_path}/terug"
    return mailbox.Maildir(tmp_path / "terug", create=True)


@pytest.mark.django_db
def test_the_mailbox_is_read_and_each_letter_counts_once(box):
    message = enqueue_mail(template="probe", to="weg@steunpunt.example", context={})
    message.note_sent(timezone.now())
    message.save()
    box.add(report(message.pk))
    box.add(report(uuid7()))
    assert bounces.read_returned(now=timezone.now()) == 1
    message.refresh_from_db()
    assert (message.sent_at, message.failed_at is not None) == (None, True)
    assert "@" not in message.last_error
    assert bounces.read_returned(now=timezone.now()) == 0
    assert OutboxMessage.objects.failed().count() == 1


def test_without_a_mailbox_there_is_nothing_to_read_and_the_command_says_so():
    assert bounces.read_returned(now=timezone.now()) == 0
    with pytest.raises(CommandError, match="BOUNCE_MAILBOX"):
        call_command("read_returned_mail")

import datetime
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.utils import timezone

from mantelzorg.ids import uuid7
from tests.deployment import PROJECT
from trail.actions import beat, claim_once, drop_mail_about, enqueue_mail, forget_old, send_next
from trail.models import Heartbeat, OutboxMessage

pytestmark = pytest.mark.usefixtures("mail_texts")

MINUTE = datetime.timedelta(minutes=1)


class Refusing(BaseEmailBackend):
    """A mail server that wants nothing."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("de deur is dicht")


def enqueue(template="probe", **facts) -> OutboxMessage:
    return enqueue_mail(template=template, to="sanne@voorbeeld.example", context={"who": "Sanne & co"}, **facts)


@pytest.mark.django_db
def test_a_mail_says_what_its_texts_say(settings):
    message = enqueue()
    assert send_next(now=timezone.now()) == message
    (sent,) = mail.outbox
    assert sent.to == ["sanne@voorbeeld.example"]
    assert sent.from_email == settings.DEFAULT_FROM_EMAIL
    assert sent.subject == "Nieuw bericht voor Sanne & co"
    assert sent.body == f'Er staat iets "klaar" voor Sanne & co.\n\n{settings.PUBLIC_URL}/\n'
    assert sent.alternatives[0] == ("<p>Er staat iets klaar voor Sanne &amp; co.</p>\n", "text/html")
    assert sent.message()["Message-ID"] == f"<{message.pk}@localhost>"
    message.refresh_from_db()
    assert (message.sent_at is not None, message.attempts, message.failed_at) == (True, 1, None)


@pytest.mark.django_db
def test_a_mail_without_html_is_text_only():
    enqueue("plain")
    send_next(now=timezone.now())
    assert mail.outbox[0].body == "Alleen tekst.\n"
    assert mail.outbox[0].alternatives == []


@pytest.mark.django_db
def test_a_sent_mail_is_not_sent_again():
    enqueue()
    assert send_next(now=timezone.now()) is not None
    assert send_next(now=timezone.now()) is None
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_of_a_transaction_that_is_undone_is_never_sent():
    with transaction.atomic():
        enqueue()
        transaction.set_rollback(True)
    assert send_next(now=timezone.now()) is None
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_refused_mail_is_tried_again_after_ever_longer_waits_and_then_fails_visibly(settings):
    settings.EMAIL_BACKEND = "tests.trail.test_outbox.Refusing"
    message = enqueue()
    now = timezone.now()
    for minutes in (1, 5, 15, 60, 240):
        assert send_next(now=now) == message
        message.refresh_from_db()
        assert message.next_try_at == now + minutes * MINUTE
        assert message.last_error == "ConnectionRefusedError: de deur is dicht"
        assert send_next(now=now + minutes * MINUTE - datetime.timedelta(seconds=1)) is None
        now += minutes * MINUTE
    assert not OutboxMessage.objects.failed().exists()
    assert send_next(now=now) == message
    assert list(OutboxMessage.objects.failed()) == [message]
    message.refresh_from_db()
    assert (message.attempts, message.failed_at, message.sent_at) == (6, now, None)
    assert send_next(now=now + datetime.timedelta(days=9)) is None


@pytest.mark.django_db
def test_a_mail_that_was_refused_first_and_taken_later_counts_as_sent(settings):
    settings.EMAIL_BACKEND = "tests.trail.test_outbox.Refusing"
    message = enqueue()
    now = timezone.now()
    send_next(now=now)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_next(now=now + MINUTE)
    message.refresh_from_db()
    assert (message.attempts, message.sent_at, message.last_error) == (2, now + MINUTE, "")


@pytest.mark.django_db
@pytest.mark.parametrize("template", ["broken", "does_not_exist"])
def test_a_mail_that_cannot_be_written_does_not_hold_up_the_next(template):
    enqueue(template)
    enqueue()
    now = timezone.now()
    assert [send_next(now=now).template, send_next(now=now).template] == [template, "probe"]
    assert len(mail.outbox) == 1
    assert OutboxMessage.objects.get(template=template).last_error


@pytest.mark.django_db
def test_mail_about_someone_who_is_erased_stays_behind():
    subject = uuid7()
    enqueue(subject=subject)
    enqueue(subject=uuid7())
    drop_mail_about(subject=subject)
    assert OutboxMessage.objects.count() == 1


def test_every_mail_of_the_portal_has_a_subject_and_a_text():
    folder = PROJECT / "templates" / "emails"
    assert sorted(folder.iterdir())
    for name in {path.name.partition(".")[0] for path in folder.iterdir()}:
        assert (folder / f"{name}.subject.txt").exists()
        assert (folder / f"{name}.txt").exists()


@pytest.mark.django_db
def test_what_was_sent_is_forgotten_after_a_year_and_what_waits_never():
    year = datetime.timedelta(days=366)
    sent, waiting = enqueue(), enqueue()
    now = timezone.now()
    OutboxMessage.objects.filter(pk=sent.pk).update(sent_at=now)
    person = SimpleNamespace(pk=uuid7())
    claim_once(key=uuid7(), verb="refer", by=person)
    assert forget_old(now=now) == 0
    assert forget_old(now=now + year) == 2
    assert list(OutboxMessage.objects.all()) == [waiting]


@pytest.mark.django_db
def test_a_mail_is_not_both_sent_and_failed():
    message = enqueue()
    with pytest.raises(IntegrityError, match="a_mail_is_not_both_sent_and_failed"):
        OutboxMessage.objects.filter(pk=message.pk).update(sent_at=timezone.now(), failed_at=timezone.now())


@pytest.mark.django_db
def test_a_worker_that_was_silent_too_long_is_not_alive():
    now = timezone.now()
    assert not Heartbeat.objects.is_alive("outbox_worker", now)
    beat(name="outbox_worker", now=now - 5 * MINUTE)
    assert not Heartbeat.objects.is_alive("outbox_worker", now)
    beat(name="outbox_worker", now=now - MINUTE)
    assert Heartbeat.objects.is_alive("outbox_worker", now)
    assert Heartbeat.objects.count() == 1

"""Mail that could not be sent is seen by somebody, who may try again or let it go; not whom it was for."""

import pytest
from django.utils import timezone

from mantelzorg import principals
from tests.factories import make_failed_mail
from trail.actions import enqueue_mail, send_next
from trail.models import AccessLogEntry, OutboxMessage

PAGE = "/beheer/mail/"


@pytest.fixture
def failed(db):
    return make_failed_mail()


def test_who_administers_the_portal_sees_that_it_failed_and_not_for_whom(client_of, functional_admin, failed):
    page = client_of(functional_admin).get(PAGE).content.decode()
    assert "nieuws over een verwijzing" in page
    assert "mailbox full" in page
    assert "…@steunpunt.example" in page
    assert "sanne" not in page


def test_trying_again_sends_the_same_mail(client_of, functional_admin, failed, mailoutbox):
    browser = client_of(functional_admin)
    for said in ("staat weer klaar", "stond al weer klaar"):
        assert said in browser.post(f"{PAGE}{failed.pk}/opnieuw/", follow=True).content.decode()
    with principals.acting(principals.job("mail")):
        send_next(now=timezone.now())
    assert [mail.extra_headers["Message-ID"].split("@")[0] for mail in mailoutbox] == [f"<{failed.pk}"]
    assert AccessLogEntry.objects.filter(event="update", object_id=str(failed.pk)).count() == 1


def test_letting_it_go(client_of, functional_admin, failed):
    assert (
        "weggegooid" in client_of(functional_admin).post(f"{PAGE}{failed.pk}/weggooien/", follow=True).content.decode()
    )
    assert not OutboxMessage.objects.exists()


def test_mail_that_waits_is_nobodys_to_touch(client_of, functional_admin, db):
    waiting = enqueue_mail(template="referral_news", to="sanne@steunpunt.example", context={})
    browser = client_of(functional_admin)
    assert "Alle mail is aangekomen" in browser.get(PAGE).content.decode()
    browser.post(f"{PAGE}{waiting.pk}/weggooien/")
    assert OutboxMessage.objects.get() == waiting


def test_nobody_else_sees_it(client_of, sender, beheerder, failed):
    for somebody in (sender, beheerder):
        assert client_of(somebody).get(PAGE).status_code == 404
        assert client_of(somebody).post(f"{PAGE}{failed.pk}/opnieuw/").status_code == 404


def test_there_is_no_other_way_in(client_of, functional_admin, settings):
    """No /admin/: what is technical has a page of its own, and nothing lists caregivers, passwords or the log."""
    assert client_of(functional_admin).get("/admin/").status_code == 404
    assert not [app for app in settings.INSTALLED_APPS if app.startswith("django.contrib.admin")]

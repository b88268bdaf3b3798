"""A receiver without an account: a link and a code, one referral, and nothing else."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from mantelzorg import principals
from referrals import actions, clock
from referrals.linked import actions as linked
from referrals.linked import views
from referrals.linked.principal import ByLink
from referrals.models import LinkCode, Referral, ReferralLink
from referrals.transitions import Party, State
from tests.factories import fresh, make_caregiver, make_referral, make_service
from tests.referrals.linked.conftest import POST, code_in, link_in, post_comes
from trail.models import AccessLogEntry, OutboxMessage

pytestmark = pytest.mark.django_db
DAYS = datetime.timedelta(days=1)
NAME, PHONE = "Wietske Zandgrond", "06 55509876"


@pytest.fixture
def visitor() -> Client:
    return Client()


def page(response) -> str:
    return response.content.decode()


def let_in(visitor, link: str) -> None:
    """Ask for the code, read the mail, type it."""
    visitor.post(link, {"stuur": "ja"})
    code = code_in(post_comes())
    assert visitor.post(link, {"code": code}).status_code == 302


@pytest.fixture
def link(sent) -> str:
    return link_in(post_comes())


def test_the_mail_goes_to_the_address_of_the_organisation_and_says_nothing_of_her(sent):
    (mail,) = post_comes()
    assert mail.to == [POST]
    for text in (mail.subject, mail.body, mail.alternatives[0][0]):
        assert NAME not in text
        assert PHONE not in text
        assert "Zaanstad" not in text
    stored = OutboxMessage.objects.get()
    token = link_in([mail]).split("/")[2]
    assert token not in str(stored.context)


def test_opening_the_link_sends_nothing_and_shows_nothing(visitor, link):
    shown = page(visitor.get(link))
    assert "p…@brug.example" in shown
    assert NAME not in shown
    assert "Maatje" not in shown
    assert not LinkCode.objects.exists()
    assert not visitor.cookies.get("__Host-sessie")


def test_with_the_code_she_sees_the_minimum_accepts_by_name_and_then_sees_what_is_shared(visitor, link, sent, sender):
    let_in(visitor, link)
    shown = page(visitor.get(link))
    assert "Maatje" in shown
    assert NAME not in shown
    assert PHONE not in shown
    assert "Schrijf op wie haar gaat bellen." in page(visitor.post(f"{link}aannemen/", {"name": ""}))
    visitor.post(f"{link}aannemen/", {"name": "Gerda de Wit"})
    sent.refresh_from_db()
    assert (sent.state, sent.receiver_id, sent.receiver_name) == (State.ACCEPTED, None, "Gerda de Wit")
    assert (sent.turn_organisation.name, sent.turn_member_id) == ("Stichting De Brug", None)
    shown = page(visitor.get(link))
    assert NAME in shown
    assert "tel:0655509876" in shown
    assert [mail.to for mail in post_comes()] == [[sender.email]]


def test_she_logs_calls_reports_contact_and_gives_feedback_and_the_sender_reads_it(
    client_of, visitor, link, sent, sender
):
    let_in(visitor, link)
    visitor.post(f"{link}aannemen/", {"name": "Gerda de Wit"})
    for result in ("niet-bereikt", "gesproken"):
        key = page(visitor.get(f"{link}bellen/")).split('name="form_key" value="')[1].split('"')[0]
        for _ in range(3):
            visitor.post(f"{link}bellen/", {"form_key": key, "result": result, "note": "", "at": ""})
    sent.refresh_from_db()
    assert (sent.state, sent.call_attempts.count()) == (State.IN_CONTACT, 2)
    answer = {"outcome_1": "gestart", "passed_on_to_1": "", "feedback": "Wij drinken elke week koffie."}
    assert visitor.post(f"{link}afronden/", answer).status_code == 302
    sent.refresh_from_db()
    assert sent.state == State.COMPLETED
    shown = page(client_of(sender).get(f"/verwijzingen/{sent.pk}/"))
    assert "Wij drinken elke week koffie." in shown
    assert "Stichting De Brug" in shown


def test_she_can_decline_with_a_reason(visitor, link, sent):
    let_in(visitor, link)
    visitor.post(f"{link}afwijzen/", {"seen": "sent", "reason": "geen-plek", "note": "Wij zijn vol."})
    sent.refresh_from_db()
    assert (sent.state, sent.decline_note) == (State.DECLINED, "Wij zijn vol.")
    shown = page(visitor.get(link))
    assert "Jullie wezen deze verwijzing af" in shown
    assert NAME not in shown


def test_everything_is_logged_as_that_organisation_and_she_can_read_it(client_of, visitor, link, sent, brug, sender):
    let_in(visitor, link)
    visitor.post(f"{link}aannemen/", {"name": "Gerda de Wit"})
    visitor.get(link)
    rows = AccessLogEntry.objects.filter(organisation_id=brug.pk)
    assert set(rows.values_list("user_id", flat=True)) == {None}
    assert {"link_code", "link_open", "refer_accept", "view"} <= set(rows.values_list("event", flat=True))
    looks = rows.filter(event="view", subject_id=sent.caregiver_id)
    assert "name" in looks.order_by("-at").first().fields
    browser_of_sender = client_of(sender)
    assert "Stichting De Brug" in page(browser_of_sender.get(f"/mantelzorgers/{sent.caregiver_id}/inzage/"))


def test_a_wrong_code_opens_nothing_and_five_wrong_ones_end_it(visitor, link):
    visitor.post(link, {"stuur": "ja"})
    code = code_in(post_comes()).replace(" ", "")
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        assert "klopt niet" in page(visitor.post(link, {"code": wrong}))
    assert "klopt niet" in page(visitor.post(link, {"code": code}))
    assert "zes cijfers" in page(visitor.post(link, {"code": "12"}))
    assert AccessLogEntry.objects.filter(event="link_open", outcome="denied").count() == 5


def test_a_code_works_once_for_a_quarter_of_an_hour_and_only_the_last_one(visitor, link):
    visitor.post(link, {"stuur": "ja"})
    first = code_in(post_comes())
    visitor.post(link, {"stuur": "ja"})
    second = code_in(post_comes())
    assert "klopt niet" in page(visitor.post(link, {"code": first}))
    assert visitor.post(link, {"code": second}).status_code == 302
    assert "klopt niet" in page(Client().post(link, {"code": second}))
    row = ReferralLink.objects.get()
    linked.send_code(link=row, now=timezone.now())
    digits = LinkCode.objects.order_by("-sent_at").first().digits
    late = timezone.now() + datetime.timedelta(minutes=16)
    assert not linked.open_with(link=row, typed=digits, now=late)
    assert linked.open_with(link=row, typed=digits, now=timezone.now())


def test_codes_are_not_sent_without_end(visitor, link):
    for _ in range(linked.CODES_AN_HOUR + 3):
        shown = page(visitor.post(link, {"stuur": "ja"}, follow=True))
    assert "Probeer het over een uur" in shown
    assert LinkCode.objects.count() == linked.CODES_AN_HOUR


def test_requests_from_one_address_are_limited(visitor, link, settings):
    settings.LINK_REQUESTS_PER_MINUTE = 3
    assert [visitor.get(link).status_code for _ in range(5)][-1] == 429


def test_a_link_opens_its_own_referral_and_no_other(visitor, link, sent, sender, brug):
    other = make_referral(
        State.SENT, sender=sender, caregiver=make_caregiver(sender, "Iemand Anders"), service=make_service(brug)
    )
    other_link = link_in(post_comes())
    let_in(visitor, link)
    assert "Vraag eerst een code" in page(visitor.get(other_link))
    assert visitor.post(f"{other_link}aannemen/", {"name": "Gerda"}).status_code == 302
    other.refresh_from_db()
    assert other.state == State.SENT
    by = ByLink.of(ReferralLink.objects.get(referral=sent))
    with principals.acting(principals.link(sent.pk)), pytest.raises(Exception, match="al weggegooid"):
        actions.accept(referral=other, by=by, name="Gerda")
    with principals.acting(principals.link(sent.pk)):
        assert [row.pk for row in Referral.objects.all()] == [sent.pk]


def test_before_the_code_the_database_shows_nothing_either(visitor, link, monkeypatch):
    """The link alone is nobody to the database, whichever page is asked for."""
    seen = []
    render = views.render

    def and_look(request, template, *args, **kwargs):
        seen.append((template, Referral.objects.count()))
        return render(request, template, *args, **kwargs)

    monkeypatch.setattr(views, "render", and_look)
    visitor.get(link)
    visitor.post(link, {"stuur": "ja"})
    visitor.post(link, {"code": "000000"})
    visitor.get(f"{link}aannemen/")
    assert seen == [("referrals/linked/code.html", 0)] * 2


@pytest.mark.parametrize("how", ["nothing", "signature", "shape"])
def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(visitor, link, how):
    wrong = {
        "nothing": "/antwoord/AZAAAAAAAAAAAAAAAAAAAA.x/",
        "signature": f"{link[:-2]}x/",
        "shape": "/antwoord/onzin/",
    }[how]
    response = visitor.get(wrong)
    assert response.status_code == 410
    assert "Deze link werkt niet" in page(response)


def test_the_session_of_a_link_ends_after_an_hour_and_when_she_says_so(visitor, link, monkeypatch):
    let_in(visitor, link)
    assert "Vraag eerst een code" not in page(visitor.get(link))
    visitor.post(link, {"klaar": "ja"})
    assert NAME not in page(visitor.get(link))
    assert "code" in page(visitor.get(link))
    let_in(visitor, link)
    session = visitor.session
    opened = session["opened_link"]
    session["opened_link"] = {**opened, "until": timezone.now().timestamp() - 1}
    session.save()
    assert "Maatje" not in page(visitor.get(link))


def test_a_link_that_is_over_can_be_asked_anew_and_goes_to_the_same_address(visitor, link, sent, brug):
    ReferralLink.objects.update(
        made_at=timezone.now() - datetime.timedelta(days=15), expires_at=timezone.now() - datetime.timedelta(days=1)
    )
    row = ReferralLink.objects.get()
    old = f"/antwoord/{row.token}/"
    brug.email = "dief@elders.example"
    brug.save()
    assert "Deze link is verlopen" in page(visitor.get(old))
    shown = page(visitor.post(old, {"nieuw": "ja", "to": "dief@elders.example"}))
    assert "Kijk in de mail" in shown
    (mail,) = post_comes()
    assert mail.to == [POST]
    let_in(visitor, link_in([mail]))
    visitor.post(old, {"nieuw": "ja"})
    assert post_comes() == []  # there is one that works


def test_of_what_ended_no_new_link_comes_and_nobody_learns_that(visitor, link, sent, sender):
    ReferralLink.objects.update(made_at=timezone.now() - 15 * DAYS, expires_at=timezone.now() - DAYS)
    actions.withdraw(referral=sent, by=fresh(sender))
    post_comes()
    ReferralLink.objects.exclude(expires_at__lt=timezone.now()).delete()  # that went with the word of the withdrawal
    old = f"/antwoord/{ReferralLink.objects.get().token}/"
    assert "Kijk in de mail" in page(visitor.post(old, {"nieuw": "ja"}))
    assert post_comes() == []


def test_the_sender_sends_the_link_anew_and_the_former_one_stops(client_of, visitor, link, sent, sender, brug):
    let_in(visitor, link)
    brug.email = "nieuw@brug.example"
    brug.save()
    window = client_of(sender)
    assert "nieuwe link" in page(window.get(f"/verwijzingen/{sent.pk}/link-opnieuw/"))
    shown = page(window.post(f"/verwijzingen/{sent.pk}/link-opnieuw/", follow=True))
    assert "nieuw@brug.example" in shown
    former = visitor.get(link)  # also for who was inside
    assert former.status_code == 410
    assert "Deze link werkt niet" in page(former)
    (mail,) = post_comes()
    assert mail.to == ["nieuw@brug.example"]
    let_in(visitor, link_in([mail]))
    for _ in range(3):
        shown = page(window.post(f"/verwijzingen/{sent.pk}/link-opnieuw/", follow=True))
    assert "al drie links" in shown


def test_a_mail_that_does_not_arrive_is_seen_by_the_sender(client_of, sent, sender):
    from smtplib import SMTPRecipientsRefused

    mail = OutboxMessage.objects.get()
    mail.note_failure(SMTPRecipientsRefused({POST: (550, b"no")}), timezone.now())
    mail.save()
    clock.tell_of_failed_mail(now=timezone.now())
    shown = page(client_of(sender).get(f"/verwijzingen/{sent.pk}/"))
    assert "De mail kwam niet aan" in shown
    assert "075 555 0177" in shown


def test_what_was_withdrawn_shows_that_and_nothing_of_her(visitor, link, sent, sender):
    let_in(visitor, link)
    visitor.post(f"{link}aannemen/", {"name": "Gerda de Wit"})
    consent = Referral.objects.get(pk=sent.pk).consent
    actions.withdraw_consent(consent=consent, by=fresh(sender), how="mondeling")
    shown = page(visitor.get(link))
    assert "neem geen contact meer op" in shown
    assert NAME not in shown
    assert PHONE not in shown
    assert any("ingetrokken" in mail.body for mail in post_comes() if mail.to == [POST])


def test_a_reminder_goes_by_the_same_link(sent):
    first = link_in(post_comes())
    late = sent.turn_on + datetime.timedelta(days=5)
    while late.weekday() > 4:
        late += datetime.timedelta(days=1)
    clock.remind(now=timezone.make_aware(datetime.datetime.combine(late, datetime.time(9))))
    mails = list(OutboxMessage.objects.filter(template="referral_link", sent_at=None))
    assert len(mails) == 1
    assert ReferralLink.objects.get().token == first.split("/")[2]
    assert mails[0].context["link"] == str(ReferralLink.objects.get().pk)


def test_a_reminder_after_the_link_is_over_goes_to_the_first_address_too(sent, brug):
    post_comes()
    ReferralLink.objects.update(made_at=timezone.now() - 15 * DAYS, expires_at=timezone.now() - DAYS)
    brug.email = "dief@elders.example"
    brug.save()
    fresh_one = linked.link_of(Referral.objects.get(pk=sent.pk), now=timezone.now())
    assert (fresh_one.to, ReferralLink.objects.count()) == (POST, 2)


def test_by_a_link_one_is_a_party_to_its_referral_alone(sent, sender, brug):
    other = make_referral(State.SENT, sender=sender, service=make_service(brug))
    by = ByLink.of(ReferralLink.objects.get(referral=sent))
    assert sent.parties_of(by) == {Party.RECEIVER}
    assert other.parties_of(by) == set()


def test_without_an_address_the_sender_calls_as_before(sender, brug):
    brug.email = ""
    brug.save()
    assert make_referral(State.SENT, sender=sender, service=make_service(brug)).channel == "phone"


def test_the_clock_forgets_old_links(link):
    now = timezone.now()
    ReferralLink.objects.update(expires_at=now - 91 * DAYS, made_at=now - 105 * DAYS)
    assert linked.forget_old_links(now=timezone.now()) == 1
    assert not LinkCode.objects.exists()

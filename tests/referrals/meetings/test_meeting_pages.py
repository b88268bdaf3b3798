"""The pages of a mini-MDO, what is asked of whom at Vandaag, and the report on one page."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from intake.actions import add_involvement
from mantelzorg.ids import uuid7
from referrals.asked import AT_MOST, asked_of
from referrals.meetings import actions, finding
from referrals.meetings.actions import text_for
from referrals.meetings.asked import meetings
from referrals.models import Meeting, MeetingAgreement, MeetingGuest
from referrals.transitions import State
from tests.factories import fresh, make_referral, make_service
from tests.referrals.meetings.conftest import AGENDA, DAYS, QUESTION, agreed, consent_of, invite, says_yes
from trail.models import AccessLogEntry


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def filled_in(**more) -> dict:
    tomorrow = timezone.localdate() + DAYS
    return {
        "form_key": str(uuid7()),
        "day": tomorrow.isoformat(),
        "time": "14:30",
        "how": "op-bezoek",
        "place": "Bij Petra",
        "question": QUESTION,
        "points": "Wie komt er?\n\nWie belt?",
    } | more


# Planning and inviting ----------------------------------------------------------------------------------------------


def test_from_her_page_to_an_invitation(client_of, sender, receiver, her):
    browser = client_of(sender)
    assert reverse("meeting_new", args=[her.pk]) in text(browser.get(f"/mantelzorgers/{her.pk}/"))
    form = filled_in()
    for _ in range(2):  # pressed twice
        answer = browser.post(reverse("meeting_new", args=[her.pk]), form)
    meeting = Meeting.objects.get()
    assert answer.url == reverse("meeting_invite", args=[meeting.pk])
    assert meeting.points == ["Wie komt er?", "Wie belt?"]
    assert timezone.localtime(meeting.starts_at).time() == datetime.time(14, 30)
    found = text(browser.get(answer.url, {"q": "sanne steunpunt"}))
    one = reverse("meeting_invite_one", args=[meeting.pk, receiver.acting.pk])
    assert one in found
    page = text(browser.get(one))
    assert 'name="agreed"' in page
    assert 'name="agreed" id="id_agreed" checked' not in page
    shown = text_for(meeting, receiver.acting, ["overleg"])
    sent = AGENDA | {"form_key": str(uuid7()), "shown": shown}
    assert "Lees de tekst voor" in text(browser.post(one, sent))
    for _ in range(2):
        assert browser.post(one, sent | {"agreed": "on"}).status_code == 302
    assert MeetingGuest.objects.get().member == receiver.acting
    assert consent_of(meeting, receiver).words.text == shown


def test_who_agreed_to_another_text_is_asked_again(client_of, sender, receiver, planned):
    one = reverse("meeting_invite_one", args=[planned.pk, receiver.acting.pk])
    sent = AGENDA | {"shown": "Iets anders", "agreed": "on", "form_key": str(uuid7())}
    assert "De tekst is veranderd" in text(client_of(sender).post(one, sent))
    assert not MeetingGuest.objects.exists()


def test_a_colleague_is_invited_without_a_consent_block(client_of, sender, colleague, planned):
    one = reverse("meeting_invite_one", args=[planned.pk, colleague.acting.pk])
    browser = client_of(sender)
    assert 'name="agreed"' not in text(browser.get(one))
    assert browser.post(one, {"form_key": str(uuid7())}).status_code == 302
    assert MeetingGuest.objects.get().member == colleague.acting


def test_who_knows_her_is_suggested(planned, her, sender, receiver, consulent, pom, steunpunt):
    make_referral(State.ACCEPTED, sender=sender, receiver=receiver, caregiver=her, service=make_service(steunpunt))
    add_involvement(caregiver=her, by=sender, name="Wim de Wit", member=pom.acting)
    assert {person.name for person in finding.people_near(planned)} == {"Sanne Smit", "Wim de Wit"}
    invite(planned, sender, receiver)
    assert {person.name for person in finding.people_near(planned)} == {"Wim de Wit"}


def test_whom_a_search_finds(planned, sender, colleague, receiver, consulent, coordinator, beheerder, outsider):
    def names(words):
        return [person.name for person in finding.people_found(planned, words)]

    assert names("zaan") == ["Karim Haddad", "Fatima Idrissi", "Sanne Smit"]  # colleagues first; who works with them
    assert names("mantelzorgconsulent fatima") == ["Fatima Idrissi"]
    assert names("els") == []
    assert names("petra") == []


@pytest.mark.parametrize(
    "typed", [{"points": "1\n2\n3\n4\n5\n6"}, {"day": "2020-01-01"}, {"time": "half"}, {"place": ""}]
)
def test_a_wrong_plan_comes_back_with_why(client_of, sender, her, typed):
    page = text(client_of(sender).post(reverse("meeting_new", args=[her.pk]), filled_in(**typed)))
    assert QUESTION in page
    assert not Meeting.objects.exists()


def test_of_two_who_change_it_the_second_sees_her_own_words(client_of, sender, colleague, planned):
    url = reverse("meeting_edit", args=[planned.pk])
    form = filled_in(seen=planned.changed_at.isoformat())
    assert client_of(sender).post(url, form | {"points": "Eerst dit"}).status_code == 302
    page = text(client_of(colleague).post(url, form | {"points": "Of dit"}))
    assert "Iemand anders heeft dit intussen gewijzigd" in page
    assert "Of dit" in page
    planned.refresh_from_db()
    assert planned.points == ["Eerst dit"]


# What a guest sees --------------------------------------------------------------------------------------------------


def test_a_guest_sees_the_meeting_and_nothing_else(client_of, with_guests, pom, her, sender):
    agreed(with_guests, sender, sender, "Haar broer bellen")
    page = text(client_of(pom).get(f"/overleg/{with_guests.pk}/"))
    for word in ("Wietske", QUESTION, "Wie belt haar broer?", "telefonisch", "Sanne Smit", "Mantelzorgconsulent"):
        assert word in page
    for word in ("Zandgrond", "06 55509876", "1506", "Haar broer bellen", f"/mantelzorgers/{her.pk}/"):
        assert word not in page
    row = AccessLogEntry.objects.filter(user_id=pom.pk, event="view").latest("pk")
    assert (row.subject_id, row.relation, row.purpose) == (her.pk, "meeting", "overleg")
    assert row.consent_id == consent_of(with_guests, pom).pk
    assert row.fields == ["name", "meetings"]


def test_a_guest_does_not_read_what_another_answered(client_of, with_guests, receiver, pom):
    actions.answer(meeting=with_guests, by=receiver, comes=True, note="Ik bel een kwartier later in.")
    assert "kwartier" not in text(client_of(pom).get(f"/overleg/{with_guests.pk}/"))


def test_a_guest_answers_on_a_page(client_of, with_guests, pom, receiver, sender):
    url = reverse("meeting_answer", args=[with_guests.pk])
    browser = client_of(pom)
    assert "in een zin waarom" in text(browser.post(url, {"comes": "nee"}))
    assert browser.post(url, {"comes": "nee", "note": "Vakantie."}).status_code == 302
    assert "Je hebt gezegd dat je niet kunt" in text(browser.get(url))
    assert client_of(receiver).post(url, {"comes": "ja"}).status_code == 302
    page = text(client_of(sender).get(f"/overleg/{with_guests.pk}/"))
    assert "Vakantie." in page
    assert "doet mee" in page


def test_a_stranger_finds_no_meeting(client_of, held, outsider, receiver_colleague, beheerder):
    agreement = held.agreements.first()
    for stranger in (outsider, receiver_colleague, beheerder):
        browser = client_of(stranger)
        for name in ("detail", "report", "edit", "cancel", "invite", "answer", "held", "agreement_new"):
            assert browser.get(reverse(f"meeting_{name}", args=[held.pk])).status_code == 404
        assert browser.get(reverse("meeting_agreement", args=[agreement.pk])).status_code == 404
        assert browser.post(reverse("meeting_agreement_drop", args=[agreement.pk])).status_code == 404
        assert browser.post(reverse("meeting_guest_off", args=[held.guests.first().pk])).status_code == 404


def test_a_guest_plans_changes_and_writes_nothing(client_of, held, receiver):
    browser = client_of(receiver)
    for name in ("edit", "cancel", "invite", "held", "agreement_new"):
        assert browser.post(reverse(f"meeting_{name}", args=[held.pk])).status_code in (404, 405)
    assert browser.post(reverse("meeting_agreement_drop", args=[held.agreements.first().pk])).status_code == 404


# Vandaag ------------------------------------------------------------------------------------------------------------


def titles(user, today=None) -> list[str]:
    return [one.title for one in asked_of(fresh(user), today or timezone.localdate())]


def test_an_invitation_is_asked_at_vandaag_without_her_name(with_guests, receiver, receiver_colleague, client_of):
    assert titles(receiver) == ["Laat weten of je meedoet aan een mini-MDO"]
    assert titles(receiver_colleague) == []
    assert "Wietske" not in text(client_of(receiver).get("/"))
    says_yes(with_guests, receiver)
    assert titles(receiver) == []


def test_what_was_agreed_is_asked_until_it_is_done(held, receiver, pom, client_of, her):
    assert titles(receiver) == ["Doe voor Wietske Zandgrond: De dagbesteding bellen"]
    assert titles(pom) == ["Doe voor Wietske: Haar uitnodigen voor de cursus"]
    browser = client_of(pom)
    assert "Doe voor Wietske: Haar uitnodigen" in text(browser.get("/"))
    row = AccessLogEntry.objects.filter(user_id=pom.pk, event="view", subject_id=her.pk).latest("pk")
    assert (row.relation, row.purpose) == ("meeting", "overleg")
    agreement = held.agreements.get(member=pom.acting)
    url = reverse("meeting_agreement", args=[agreement.pk])
    assert browser.post(url, {"how": "gedaan"}).status_code == 302
    assert titles(pom) == []
    assert "ligt niet (meer) bij jou" in text(browser.post(url, {"how": "gedaan"}))


def test_what_is_late_says_so(held, receiver):
    one = asked_of(receiver, timezone.localdate() + 9 * DAYS)[0]
    assert one.late == "2 dagen te laat"


def test_what_does_not_work_out_is_asked_of_the_organiser(held, receiver, sender, client_of):
    agreement = held.agreements.get(member=receiver.acting)
    url = reverse("meeting_agreement", args=[agreement.pk])
    assert "in een zin waarom" in text(client_of(receiver).post(url, {"how": "lukt-niet"}))
    client_of(receiver).post(url, {"how": "lukt-niet", "note": "Er is een wachtlijst."})
    assert titles(sender) == ["Het lukt niet voor Wietske Zandgrond: De dagbesteding bellen"]
    assert "Er is een wachtlijst." in text(client_of(sender).get(f"/overleg/{held.pk}/"))
    edit = reverse("meeting_agreement_edit", args=[agreement.pk])
    form = {"who": str(sender.acting.pk), "what": agreement.what, "before": agreement.before.isoformat()}
    assert client_of(sender).post(edit, form).status_code == 302
    assert titles(sender) == ["Doe voor Wietske Zandgrond: De dagbesteding bellen"]


def test_a_meeting_that_is_past_waits_to_be_written_up(with_guests, sender):
    assert titles(sender) == []
    Meeting.objects.update(starts_at=timezone.now() - DAYS)
    assert titles(sender) == ["Leg vast wat jullie afspraken over Wietske Zandgrond"]
    actions.cancel_meeting(meeting=with_guests, by=sender)
    assert titles(sender) == []


def test_what_a_colleague_left_behind_is_anybodys(with_guests, sender, colleague):
    Meeting.objects.update(starts_at=timezone.now() - DAYS)
    assert "Leg vast wat jullie afspraken over Wietske Zandgrond" not in titles(colleague)
    sender.memberships.update(ended_at=timezone.now())
    assert "Leg vast wat jullie afspraken over Wietske Zandgrond" in titles(colleague)


def test_withdrawing_names_the_meetings_that_it_ends(with_guests, receiver, her, client_of, sender):
    browser = client_of(sender)
    for url in (
        reverse("consent_withdraw", args=[consent_of(with_guests, receiver).pk]),
        reverse("consent_withdraw_all", args=[her.pk]),
    ):
        assert f"/overleg/{with_guests.pk}/" in text(browser.get(url))


def test_vandaag_asks_once_however_much_there_is(held, receiver, sender):
    """One query: all that meetings ask of her."""
    with CaptureQueriesContext(connection) as few:
        assert len(meetings(receiver, timezone.localdate())) == 1
    for _ in range(8):
        agreed(held, sender, receiver)
    with CaptureQueriesContext(connection) as many:
        assert len(meetings(receiver, timezone.localdate())) == AT_MOST
    assert len(few) == len(many) == 1


def test_a_page_asks_no_more_for_ten_agreements_than_for_two(held, sender, client_of):
    browser = client_of(sender)
    browser.get(f"/overleg/{held.pk}/")
    with CaptureQueriesContext(connection) as few:
        browser.get(f"/overleg/{held.pk}/")
    for _ in range(8):
        agreed(held, sender, sender)
    with CaptureQueriesContext(connection) as many:
        browser.get(f"/overleg/{held.pk}/")
    assert len(few) == len(many)


# The report ---------------------------------------------------------------------------------------------------------


def paper(browser, meeting) -> PdfReader:
    response = browser.get(f"/overleg/{meeting.pk}/verslag.pdf")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert "Wietske" not in response["Content-Disposition"]
    return PdfReader(io.BytesIO(response.content))


def test_the_report_says_who_were_there_and_who_does_what(held, receiver, pom, sender, client_of):
    read = paper(client_of(pom), held)
    words = " ".join(read.pages[0].extract_text().split())
    for part in ("Wietske", QUESTION, "Sanne Smit", "Wim de Wit", "Petra de Boer", "De dagbesteding bellen"):
        assert part in words
    for part in ("Zandgrond", "Karim Haddad"):  # not for her; and who was not there
        assert part not in words
    assert "Zandgrond" in paper(client_of(sender), held).pages[0].extract_text()
    assert AccessLogEntry.objects.filter(event="print", user_id=pom.pk, relation="meeting").exists()


def test_the_report_is_tagged(held, sender, client_of):
    root = paper(client_of(sender), held).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("nl")
    assert b"pdfuaid" in root["/Metadata"].get_data()


LONG = "Belt de casemanager over de plek bij de dagbesteding in de wijk en laat ook haar broer weten wanneer het kan "


def test_the_report_is_one_page_with_ten_long_agreements(with_guests, receiver, pom, sender, client_of):
    says_yes(with_guests, receiver, pom)
    points = [(LONG * 2)[:120]] * 5
    Meeting.objects.update(question=(LONG * 3)[:200], points=points, place=(LONG * 2)[:120])
    for number in range(10):
        agreed(with_guests, sender, (receiver, pom)[number % 2], (LONG * 3)[:200])
    after = with_guests.starts_at + datetime.timedelta(hours=1)
    actions.hold_meeting(meeting=with_guests, by=sender, conclusion=(LONG * 6)[:500], now=after)
    read = paper(client_of(sender), with_guests)
    assert len(read.pages) == 1
    words = " ".join(read.pages[0].extract_text().split())
    assert words.count("Belt de casemanager") >= 20
    assert MeetingAgreement.objects.count() == 10


def test_before_it_was_held_there_is_no_report(with_guests, sender, client_of):
    assert client_of(sender).get(f"/overleg/{with_guests.pk}/verslag.pdf").status_code == 404

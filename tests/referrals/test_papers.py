"""Papers read back: text, language, tags and pages; and who gets one."""

import datetime
import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from intake.actions import give_withdrawal_code
from intake.measuring.actions import record_screening
from intake.plans.actions import add_task
from knowledge.models import Instrument
from referrals import actions
from referrals.meetings.actions import invite, plan_meeting
from referrals.transitions import State
from tests.factories import AGREED, make_caregiver, make_need, make_referral, make_service
from trail.models import AccessLogEntry


@pytest.fixture
def service(steunpunt):
    return make_service(steunpunt, "Gesprek bij het steunpunt")


def read_back(response) -> tuple[PdfReader, str]:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    return reader, text.replace("\x00", "")  # which the reader leaves between letters of some fonts


def letter(client, referral):
    return client.get(reverse("referral_letter", args=[referral.pk]))


def structure(reader) -> set[str]:
    """The kinds of tags in the document."""
    found, waiting = set(), [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            if "/S" in node:
                found.add(str(node["/S"]))
            if "/K" in node and not isinstance(node["/K"], int):
                waiting.append(node["/K"])
    return found


def test_the_letter_is_tagged_dutch_and_on_one_page(sender, receiver, service, client_of):
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service)
    reader, text = read_back(letter(client_of(receiver), referral))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert {"/H1", "/H2", "/P", "/Table", "/L"} <= structure(reader)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == f"Overdracht {referral.number}"
    assert len(reader.pages) == 1
    assert "Pagina 1 van 1" in text


def test_the_letter_says_what_was_shared_and_nothing_else(sender, receiver, service, client_of):
    caregiver = make_caregiver(sender, "Anneke Voorbeeld", postcode="1506 AB", safe_moment="na 10 uur")
    need = make_need(caregiver, sender, words="Eén middag vrij 🌷 שלום")
    referral = make_referral(
        State.ACCEPTED, sender=sender, receiver=receiver, service=service, caregiver=caregiver, needs=[need]
    )
    _, text = read_back(letter(client_of(receiver), referral))
    assert "Anneke Voorbeeld" in text
    assert "na 10 uur" in text
    assert "Zij zorgt dag en nacht" in text
    assert "Eén middag vrij" in text
    assert str(sender) in text
    assert "1506" not in text  # her postcode was not shared


def test_the_letter_keeps_what_was_frozen_when_she_agreed(sender, receiver, service, client_of):
    from intake.actions import change_caregiver

    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service)
    change_caregiver(caregiver=referral.caregiver, by=sender, name="Andere Naam")
    for reader in (sender, receiver):
        assert "Andere Naam" not in read_back(letter(client_of(reader), referral))[1]


@pytest.mark.parametrize("state", [State.SENT, State.DECLINED, State.WITHDRAWN, State.EXPIRED])
def test_before_acceptance_and_after_another_end_a_receiver_has_no_letter(state, sender, receiver, service, client_of):
    referral = make_referral(state, sender=sender, receiver=receiver, service=service)
    assert letter(client_of(receiver), referral).status_code == 404


def test_a_letter_is_gone_when_consent_is_taken_back(sender, receiver, service, client_of):
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service)
    actions.withdraw_consent(consent=referral.consent, by=sender, how="mondeling")
    assert letter(client_of(receiver), referral).status_code == 404
    assert letter(client_of(sender), referral).status_code == 404


def test_printing_is_logged_with_what_was_on_it(sender, receiver, service, client_of):
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service)
    letter(client_of(receiver), referral)
    row = AccessLogEntry.objects.get(event="print")
    assert (row.user_id, row.subject_id, row.relation) == (receiver.pk, referral.caregiver_id, "referral")
    assert set(row.fields) == {"name", "phone", "handover"}


def test_a_strange_hand_gets_no_paper(sender, outsider, beheerder, service, client_of):
    referral = make_referral(State.SENT, sender=sender, service=service)
    for stranger in (outsider, beheerder):
        assert letter(client_of(stranger), referral).status_code == 404
        address = reverse("caregiver_overview", args=[referral.caregiver_id])
        assert client_of(stranger).get(address).status_code == 404


def test_her_own_overview_says_who_does_what_and_how_to_take_it_back(sender, receiver, service, client_of):
    caregiver = make_caregiver(sender, "Anneke Voorbeeld")
    make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service, caregiver=caregiver)
    make_need(caregiver, sender, kind=None, words="Even naar tennis")
    reader, text = read_back(client_of(sender).get(reverse("caregiver_overview", args=[caregiver.pk])))
    assert "Voor Anneke Voorbeeld" in text
    assert "Sanne Smit van Steunpunt Mantelzorg Zaanstad belt je" in text
    assert "Even naar tennis" in text
    assert "jouw telefoonnummer" in text
    assert "Ik trek mijn toestemming in" in text
    assert "075 123 45 01" in text
    assert reader.metadata.title == "Mijn overzicht"


def test_her_overview_holds_the_parts_that_were_chosen_with_her(sender, client_of):
    caregiver = make_caregiver(sender, "Anneke Voorbeeld")
    make_need(caregiver, sender, kind=None, words="Even naar tennis")
    add_task(caregiver=caregiver, by=sender, what="Elke dag koken", wish="delen", to="haar broer")
    csi, today = Instrument.objects.get(pk="csi"), timezone.localdate()
    record_screening(
        caregiver=caregiver,
        by=sender,
        instrument=csi,
        version="1995",
        taken_on=today,
        total=9,
        agreed="Wij bellen dinsdag.",
    )
    browser, address = client_of(sender), reverse("caregiver_overview", args=[caregiver.pk])
    choose = browser.get(reverse("overview_choose", args=[caregiver.pk])).text
    assert choose.count('name="deel"') == 6
    _, whole = read_back(browser.get(address))
    for words in ("Even naar tennis", "Dit wil ik delen", "Elke dag koken: haar broer", "Wij bellen dinsdag."):
        assert words in whole
    assert "9 van" not in whole  # what was agreed, never a score
    _, some = read_back(browser.get(address, {"deel": ["taken", "onzin"]}))
    assert "Elke dag koken" in some
    assert "Even naar tennis" not in some
    assert "Nummers om te bellen" not in some
    assert "Jouw vaste aanspreekpunt" in some


def test_with_the_code_on_her_overview_she_takes_back_what_she_agreed_to(sender, receiver, service, client, client_of):
    caregiver = make_caregiver(sender, "Anneke Voorbeeld")
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service, caregiver=caregiver)
    choose = reverse("overview_choose", args=[caregiver.pk])
    _, without = read_back(client_of(sender).post(choose, {"deel": ["delen"]}))
    assert "/intrekken/" not in without
    _, text = read_back(client_of(sender).post(choose, {"deel": ["delen"], "code": "on"}))
    assert "/intrekken/" in text
    code = re.search(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){3}", text)[0]
    answers = [
        client.post("/intrekken/", {"code": typed}) for typed in ("BBBB-CCCC-DDDD-FFFF", code.replace("-", " ").lower())
    ]
    assert {answer.url for answer in answers} == {"/intrekken/klaar/"}  # nobody learns which of them exists
    referral.consent.refresh_from_db()
    assert referral.consent.withdrawn_how == "code"
    assert not referral.shared_items.exists()


def test_with_the_letters_behind_a_receiver_she_takes_back_what_that_one_knows(
    sender, receiver, service, ggz_team, client, client_of
):
    caregiver = make_caregiver(sender, "Anneke Voorbeeld")
    talk = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service, caregiver=caregiver)
    course = make_referral(State.SENT, sender=sender, service=make_service(ggz_team), caregiver=caregiver)
    choose = reverse("overview_choose", args=[caregiver.pk])
    _, text = read_back(client_of(sender).post(choose, {"deel": ["delen"], "code": "on"}))
    code = re.search(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){3}", text)[0]
    letters = re.search(rf"{service.organisation.name}:\s+([A-Z]{{4}})\b", text)[1]
    client.post("/intrekken/", {"code": code, "letters": "BCDF" if letters != "BCDF" else "BCDG"})
    talk.consent.refresh_from_db()
    assert talk.consent.withdrawn_at is None
    answer = client.post("/intrekken/", {"code": code, "letters": f" {letters.lower()} "})
    assert answer.url == "/intrekken/klaar/"
    talk.consent.refresh_from_db()
    course.consent.refresh_from_db()
    assert (talk.consent.withdrawn_how, course.consent.withdrawn_how) == ("code", "")
    assert not talk.shared_items.exists()
    assert course.shared_items.exists()


@pytest.mark.parametrize("typed", ["B", "BCDA", "BCDFG"])
def test_what_cannot_be_letters_is_said_and_nothing_is_taken_back(sender, service, client, typed):
    referral = make_referral(State.SENT, sender=sender, service=service)
    code = give_withdrawal_code(caregiver=referral.caregiver, by=sender)
    answer = client.post("/intrekken/", {"code": code, "letters": typed})
    assert "Achter een organisatie staan vier letters" in answer.text
    referral.consent.refresh_from_db()
    assert referral.consent.withdrawn_at is None


def test_a_new_code_is_always_on_the_paper_for_the_former_one_is_gone(sender, client_of):
    caregiver = make_caregiver(sender, "Anneke Voorbeeld")  # who shares nothing now
    choose = reverse("overview_choose", args=[caregiver.pk])
    for parts in (["delen"], ["nummers"]):
        _, text = read_back(client_of(sender).post(choose, {"deel": parts, "code": "on"}))
        assert re.search(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){3}", text)


@pytest.mark.parametrize("typed", ["", "ABC", "AAAA-AAAA-AAAA-AAAA", "BBBB-CCCC-DDDD-FFF\x00", "é" * 16])
def test_what_cannot_be_a_code_is_said(client, db, typed):
    answer = client.post("/intrekken/", {"code": typed})
    assert answer.status_code == 200
    assert "error-summary" in answer.text


def test_codes_cannot_be_tried_without_end(client, db, settings):
    settings.WITHDRAWALS_PER_MINUTE = 3
    statuses = [client.post("/intrekken/", {"code": "BBBB-CCCC-DDDD-FFFF"}).status_code for _ in range(5)]
    assert statuses[:3] == [302] * 3
    assert 429 in statuses[3:]


def test_of_an_overleg_her_overview_says_that_they_know_her_first_name_too(sender, pom, client_of):
    caregiver = make_caregiver(sender, "Anneke Voorbeeld")
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    meeting = plan_meeting(caregiver=caregiver, by=sender, starts_at=tomorrow, how="video", question="Hoe nu?")
    invite(meeting=meeting, by=sender, member=pom.acting, items=["overleg"], how_given="mondeling")
    _, text = read_back(client_of(sender).get(reverse("caregiver_overview", args=[caregiver.pk])))
    assert "jouw voornaam" in text
    assert "jouw naam" not in text


def test_her_overview_comes_in_larger_letters_on_request(sender, client_of):
    caregiver = make_caregiver(sender)
    address = reverse("caregiver_overview", args=[caregiver.pk])

    def height(response):
        sizes = []
        reader, _ = read_back(response)
        reader.pages[0].extract_text(visitor_text=lambda text, cm, tm, font, size: sizes.append(round(size * tm[3])))
        return max(sizes)

    assert height(client_of(sender).get(address, {"groot": "1"})) > height(client_of(sender).get(address))


def test_very_long_text_stays_within_the_paper(sender, receiver, service, client_of):
    long = make_referral(
        State.ACCEPTED, sender=sender, receiver=receiver, service=service, handover_text="onafgebroken" * 300
    )
    reader, text = read_back(letter(client_of(receiver), long))
    assert text.replace("\n", "").count("onafgebroken") >= 295
    assert len(reader.pages) == 2


def test_sharing_nothing_but_name_and_number_still_makes_a_letter(sender, receiver, service, client_of):
    agreed = {**AGREED, "items": ["naam", "telefoon"]}
    referral = make_referral(State.ACCEPTED, sender=sender, receiver=receiver, service=service, agreed=agreed)
    _, text = read_back(letter(client_of(receiver), referral))
    assert "Zij zorgt dag en nacht" not in text

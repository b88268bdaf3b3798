"""The main job in a real browser: record and refer, accept, call, report back, read it, close it, count it.

Once with JavaScript, once without and once as wide as a phone, by the same steps. `SCREENSHOTS=1` makes the picture of
the README anew.
"""

import datetime
import os
import re
import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.actions import read_kept_form
from accounts.models import KeptForm, Session, User
from intake.models import Caregiver
from referrals.models import Referral
from referrals.transitions import Channel
from tests.factories import PASSWORD
from tests.journeys.conftest import STAY, TALK
from tests.journeys.window import Window, code_for, download
from trail.actions import send_next
from trail.models import OutboxMessage

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

ANNEKE, HER_WORDS = "Anneke van Loon", "Ik weet niet meer waar ik moet beginnen."
HANDOVER = "Zij zorgt dag en nacht voor haar man. Zij slaapt slecht en wil met iemand praten die meedenkt."
FEEDBACK = "Wij spraken af dat zij elke week langskomt. De eerste keer was zij opgelucht."


# What they do -------------------------------------------------------------------------------------------------------


def record_and_refer(poh: Window, *, to: str) -> str:
    """Eight questions to a sent referral, on one page. Returns the number of the referral."""
    poh.go_to("Vandaag")
    poh.follow("Nieuwe mantelzorger")
    poh.fill("Naam", ANNEKE)
    poh.page.get_by_label("Veilig telefoonnummer").fill("06 555 012 34")
    poh.fill("Postcode", "1506 AB")
    poh.choose("Zij zorgt voor", "haar of zijn partner")
    poh.choose("Wat speelt er?", "dementie of een vermoeden daarvan")
    poh.choose("Wat vraagt zij?", "Gesprek met mantelzorgconsulent")
    poh.page.get_by_label("In haar eigen woorden").first.fill(HER_WORDS)
    if not poh.javascript:
        poh.press("Toon passend aanbod")
    poh.page.get_by_role("radio", name=re.compile(to)).check()
    poh.page.get_by_label("Overdracht").first.fill(HANDOVER)
    agree_and_send(poh)
    if not poh.javascript:  # only now the server could fill in the text to read aloud
        poh.sees("De tekst is veranderd")
        agree_and_send(poh)
    poh.sees("Voor je eigen dossier")
    return re.search(r"nummer (\w{4}-\w{4})", poh.text)[1]


def agree_and_send(poh: Window) -> None:
    poh.tick("Ik las de overdracht aan haar voor")
    poh.tick("Voorgelezen, en zij is akkoord")
    poh.press("Verstuur de verwijzing")


def accept_call_and_report_back(consulent: Window, number: str) -> None:
    """Before she accepts she sees the question and no name; after it, what is shared."""
    consulent.go_to("Vandaag")
    consulent.sees_nothing_of(ANNEKE, HER_WORDS, HANDOVER)
    consulent.go_to("Verwijzingen")
    consulent.sees(number)
    consulent.sees_nothing_of(ANNEKE, HER_WORDS, HANDOVER)
    consulent.go_to("Vandaag")
    consulent.follow(re.compile("mantelzorgconsulent"), among=consulent.page.get_by_role("main"))
    consulent.sees(number)
    consulent.sees_nothing_of(ANNEKE, HER_WORDS, HANDOVER)
    consulent.press("Ik neem haar aan")
    consulent.sees(ANNEKE, HER_WORDS, HANDOVER, "06 55501234")
    consulent.tick("Nee, niet bereikt")
    consulent.press("Noteer")
    consulent.sees("Genoteerd.")
    consulent.tick("Ja, gesproken")
    consulent.press("Noteer")
    report_back(consulent, "Rond af met terugkoppeling")


def report_back(somebody: Window, button: str) -> None:
    somebody.page.get_by_role("radio", name=re.compile("gestart")).check()
    somebody.page.get_by_label(re.compile("Hoe gaat het nu verder|kwam ervan", re.IGNORECASE)).last.fill(FEEDBACK)
    somebody.press(button)
    somebody.sees("afgerond")


def read_it_and_close_the_need(poh: Window) -> None:
    poh.go_to("Vandaag")
    poh.follow(re.compile(ANNEKE), among=poh.page.get_by_role("main"))
    poh.sees(FEEDBACK)
    poh.follow("Sluit de hulpvraag af")
    poh.tick("Zij is geholpen")
    poh.press("Sluit af")
    poh.sees("De hulpvraag is afgesloten.", ANNEKE)
    poh.go_to("Vandaag")
    poh.sees("Er ligt nu niets bij jou")


# The journeys -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "how",
    [{}, {"javascript": False}, {"width": 390}],
    ids=["at a desk", "without JavaScript", "on a phone"],
)
def test_from_a_talk_of_ten_minutes_to_a_need_that_is_closed(
    how, window, talk, sender, consulent, coordinator, practice
):
    poh = window(sender, **how)
    number = record_and_refer(poh, to=TALK)
    referral = Referral.objects.get(number=number)
    assert OutboxMessage.objects.get(about_id=referral.pk).to == "steunpunt@voorbeeld.example"
    receiver = window(consulent, **how)
    accept_call_and_report_back(receiver, number)
    assert ANNEKE in download(receiver, "Overdrachtsbrief").pages[0].extract_text()
    read_it_and_close_the_need(poh)
    assert not referral.referral_needs.get().need.is_open

    counts = window(coordinator, **how)
    counts.go_to("Overzichten")
    counts.sees_nothing_of(ANNEKE)
    overview = download(counts, "Overzicht als pdf")
    text = "\n".join(page.extract_text() for page in overview.pages)
    assert 1 <= len(overview.pages) <= 2
    assert "Zaanstad" in text
    assert ANNEKE not in text


def test_by_phone_the_sender_is_led_through_every_call(window, coffee, sender):
    poh = window(sender)
    number = record_and_refer(poh, to=STAY)
    poh.sees("Bel nu de ontvanger", "075 555 01 23")
    poh.follow("pagina van de verwijzing")
    poh.sees(number, "075 555 01 23")
    assert Referral.objects.get(number=number).channel == Channel.PHONE
    poh.fill("Wie neemt haar aan?", "Meneer De Wit")
    poh.press("Leg vast dat zij haar aannemen")
    poh.sees("Meneer De Wit")
    poh.tick("Ja, maar zij was niet te bereiken")
    poh.press("Noteer")
    poh.tick("Ja, en er is met haar gesproken")
    poh.press("Noteer")
    report_back(poh, "Rond af")
    read_it_and_close_the_need(poh)


def test_what_is_typed_wrong_is_said_at_its_field_and_nothing_is_lost(window, talk, sender):
    poh = window(sender)
    poh.open("/mantelzorgers/nieuw/")
    poh.fill("Naam", ANNEKE)
    phone = poh.page.get_by_label("Veilig telefoonnummer")
    phone.fill("12")
    poh.press("Verstuur de verwijzing")
    assert poh.page.title().startswith("Fout: ")
    assert "error-summary" in poh.page.evaluate("document.activeElement.className")
    assert poh.page.get_by_label("Naam", exact=True).input_value() == ANNEKE
    assert phone.input_value() == "12"
    assert phone.get_attribute("aria-invalid") == "true"
    assert not Referral.objects.exists()
    poh.page.get_by_role("link", name=re.compile("Dit telefoonnummer kan niet kloppen")).click()
    assert poh.page.evaluate("document.activeElement.name") == "phone"


def test_a_colleague_comes_in_by_the_mail_that_invites_her(window, beheerder):
    els = window(beheerder)
    els.go_to("Team")
    els.follow("Nodig een collega uit")
    els.fill("Naam", "Nina Nieuw")
    els.page.get_by_label("E-mailadres").fill("nina@voorbeeld.example")
    els.tick("verwijzer: legt mantelzorgers vast")
    els.press("Stuur de uitnodiging")
    els.sees("Nina Nieuw")
    assert send_next(now=timezone.now()).sent_at

    link = urlsplit(re.search(r"https?://\S+/uitnodiging/\S+", mail.outbox[-1].body).group()).path
    nina = window()
    nina.open(link)
    nina.fill("Kies een wachtwoord", "zonnebloem fiets kaas")
    nina.fill("Hetzelfde wachtwoord, nog een keer", "zonnebloem fiets kaas")
    nina.press("Maak je account")
    nina.sees("Welkom. Je hoort nu bij Huisartsenpraktijk De Zaan.", "Nog één ding: een tweede stap")
    nina.follow("Kies een app met codes")
    nina.page.locator("summary", has_text="Kun je niet scannen?").click()
    secret = nina.page.locator("code").inner_text().replace(" ", "")
    nina.fill("Code uit de app", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    nina.press("Zet aan")
    nina.sees("Bewaar je herstelcodes")
    nina.follow("Ik heb ze bewaard, ga verder")
    nina.sees("Je account")
    nina.log_out()
    nina.log_in("nina@voorbeeld.example", "zonnebloem fiets kaas")
    nina.go_to("Mantelzorgers")
    assert nina.context.request.get(link).status == 410  # it works once


@pytest.mark.parametrize("javascript", [True, False])
def test_what_she_typed_comes_back_when_her_session_ran_out(javascript, window, sender, talk):
    poh = window(sender, javascript=javascript)
    poh.open("/account/sessies/")
    poh.sees("dit apparaat")
    poh.open("/mantelzorgers/nieuw/")
    poh.fill("Naam", ANNEKE)
    poh.page.get_by_label("Overdracht").first.fill(HANDOVER)
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(minutes=1))
    poh.press("Verstuur de verwijzing")
    poh.sees("Wat je had ingevuld, krijg je dan terug.")
    poh.fill("E-mailadres", sender.email)
    poh.fill("Wachtwoord", PASSWORD)
    poh.press("Log in")
    poh.fill("Code", code_for(sender.email))
    poh.press("Log in")
    poh.sees("Je was nog bezig")
    poh.press("Open het formulier")
    assert poh.page.get_by_label("Naam", exact=True).input_value() == ANNEKE
    assert poh.page.get_by_label("Overdracht").first.input_value() == HANDOVER
    assert not Caregiver.objects.exists()


def test_what_she_typed_is_safe_when_a_piece_of_the_page_comes_too_late(window, sender, talk):
    poh = window(sender)
    poh.open("/mantelzorgers/nieuw/")
    poh.fill("Naam", ANNEKE)
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(minutes=1))
    poh.choose("Zij zorgt voor", "haar of zijn partner")
    poh.page.wait_for_url("**/account/login/**")
    poh.page.get_by_text("Wat je had ingevuld, krijg je dan terug.").wait_for()
    assert read_kept_form(kept=KeptForm.objects.get())["name"] == ANNEKE


@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_wrong_on_a_page_is_seen(javascript, window):
    """The watch itself: a picture without a text, and a file from elsewhere."""
    somebody = window(javascript=javascript)
    somebody.open("/privacy/")
    picture = '<img src="https://elders.example/x.png">'
    somebody.page.evaluate(f"document.querySelector('main').insertAdjacentHTML('beforeend', '{picture}')")
    assert "image-alt" in "".join(somebody.findings())
    assert "Content Security Policy" in "".join(somebody.complaints)
    with pytest.raises(AssertionError):
        somebody.look()


@pytest.mark.parametrize("theme", ["blauw", "groen"])
def test_every_kind_of_page_holds_in_both_themes(theme, window, talk, sender, settings):
    settings.THEME = theme
    poh = window(sender)
    assert poh.page.locator("html").get_attribute("data-thema") == theme
    record_and_refer(poh, to=TALK)
    for path in (
        "/mantelzorgers/",
        "/verwijzingen/",
        "/sociale-kaart/?q=gesprek",
        "/beroepen/poh/",
        "/fasen/niet-pluis/",
    ):
        poh.open(path)
    poh.open("/privacy/")
    poh.open("/toegankelijkheid/")
    poh.open("/account/")


@pytest.mark.skipif(not os.environ.get("SCREENSHOTS"), reason="SCREENSHOTS=1 makes the pictures of docs/ anew")
def test_the_pictures_of_the_readme(window, live_server):
    call_command("make_demo", verbosity=0)
    poh = window(User.objects.get(email="poh@demo.example"))
    poh.open("/")
    poh.page.screenshot(path=settings.BASE_DIR / "docs" / "screenshot.png")

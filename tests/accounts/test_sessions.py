"""How long a session lasts, where she is logged in, and what becomes of what she was typing."""

import datetime
import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.base import UpdateError
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from accounts import actions
from accounts.models import KeptForm, Role, Session
from accounts.sessions import device_in_words
from tests.accounts.reading import english_in, log, mails, words_of
from tests.factories import PASSWORD, fresh, log_in_fully, make_caregiver, make_member, make_membership
from trail.models import AccessLogEntry

MINUTE = datetime.timedelta(minutes=1)
LOG_IN = "/account/login/?next=/team/"


@pytest.fixture
def later(monkeypatch):
    """`later(minutes)` moves the clock."""
    start = timezone.now()

    def move(minutes: float) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: start + minutes * MINUTE)

    return move


# The two clocks -----------------------------------------------------------------------------------------------------


def test_after_fifteen_minutes_of_nothing_she_is_logged_out(client_of, sender, later):
    browser = client_of(sender)
    later(14.9)
    assert browser.get("/team/").status_code == 200
    later(14.9 + 14.9)
    assert browser.get("/team/").status_code == 200
    later(14.9 + 14.9 + 15.1)
    response = browser.get("/team/")
    assert response.url.startswith("/account/login/?next=%2Fteam%2F")
    page = browser.get(response.url)
    assert "Je deed 15 minuten niets, of je was al 10 uur ingelogd." in words_of(page)
    assert not english_in(page)


def test_after_ten_hours_she_is_logged_out_however_busy_she_is(client_of, sender, later):
    browser = client_of(sender)
    for minutes in range(10, 600, 10):
        later(minutes)
        assert browser.get("/team/").status_code == 200
    later(601)
    assert browser.get("/team/").status_code == 302


def test_another_password_does_not_begin_the_ten_hours_anew(client_of, sender, later):
    browser = client_of(sender)
    started = Session.objects.get(user=sender).started_at
    later(10)
    sender.set_password(PASSWORD)
    sender.save()
    log_in_fully(browser, sender)  # a session of another password ends
    assert Session.objects.get(user=sender).started_at > started
    started = Session.objects.get(user=sender).started_at
    later(20)
    form = {"oldpassword": PASSWORD, "password1": "nog een lang wachtwoord", "password2": "nog een lang wachtwoord"}
    assert browser.post("/account/password/change/", form).status_code == 302
    assert Session.objects.get(user=sender).started_at == started


def test_what_a_page_asks_for_by_itself_does_not_keep_her_logged_in(client_of, sender, later):
    browser = client_of(sender)
    for minutes in range(1, 16):
        later(minutes)
        browser.get("/sociale-kaart/", HTTP_HX_REQUEST="true")
        browser.get("/account/sessie/")
    later(15.1)
    assert browser.get("/account/sessie/").json() == {"left": 0, "renewable": False}
    assert browser.get("/team/").status_code == 302


def test_what_she_does_herself_on_a_page_does(client_of, sender, later):
    browser = client_of(sender)
    for minutes in range(10, 60, 10):
        later(minutes)
        assert browser.get("/sociale-kaart/", HTTP_HX_REQUEST="true", HTTP_BY_HAND="1").status_code == 200
    assert browser.get("/team/").status_code == 200


def test_the_script_asks_how_long_and_says_that_she_goes_on(client_of, sender, later):
    browser = client_of(sender)
    page = browser.get("/team/").content.decode()
    assert 'data-clock="/account/sessie/"' in page
    later(13)
    assert 100 < browser.get("/account/sessie/").json()["left"] <= 120
    assert browser.post("/account/sessie/").json() == {"left": 900, "renewable": True}
    later(13.5)
    assert browser.post("/account/sessie/").json()["left"] == 900
    later(26)
    assert browser.get("/team/").status_code == 200


def test_in_the_last_minutes_of_ten_hours_there_is_nothing_to_renew(client_of, sender, later):
    browser = client_of(sender)
    for minutes in (*range(10, 590, 10), 592):
        later(minutes)
        answer = browser.post("/account/sessie/").json()
    assert answer["renewable"] is False
    assert answer["left"] < 8 * 60 + 1


def test_a_busy_session_is_written_once_a_minute_at_most(client_of, sender, later, django_assert_num_queries):
    browser = client_of(sender)
    browser.get("/team/")
    later(2)
    written = []

    def note(execute, sql, params, many, context):
        written.append(sql) if sql.startswith('UPDATE "accounts_session"') else None
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        for _ in range(3):
            browser.get("/team/")
    assert len(written) == 1


def test_what_a_piece_of_a_page_asks_too_late_takes_the_whole_page_along(client_of, sender, later):
    browser = client_of(sender)
    later(20)
    response = browser.get(
        "/sociale-kaart/?q=x", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/sociale-kaart/"
    )
    assert response.headers["HX-Redirect"] == "/account/login/?next=%2Fsociale-kaart%2F"
    assert response.content == b""
    browser.post(NEW, {"stap": "aanbod"}, HTTP_HX_REQUEST="true")
    assert not KeptForm.objects.exists()  # a piece of a form is not what she typed; the script brings the rest
    browser.post("/account/sessie/voorbij/", {**TYPED, "_path": NEW})
    assert KeptForm.objects.get().user == sender


# Where she is logged in ---------------------------------------------------------------------------------------------


def test_she_sees_where_she_is_logged_in_and_ends_one(client_of, sender, colleague):
    here, there, of_another = client_of(sender), client_of(sender), client_of(colleague)
    Session.objects.filter(user=sender).update(device="Firefox op Windows")
    page = here.get("/account/sessies/")
    assert words_of(page).count("Firefox op Windows") >= 2
    assert "dit apparaat" in words_of(page)
    assert not english_in(page)
    other = Session.objects.of(sender).except_for(here.session.session_key).get()
    assert other.session_key not in page.content.decode()
    assert of_another.post(f"/account/sessies/{other.public_id}/beeindigen/").status_code == 404
    assert there.get("/team/").status_code == 200
    assert here.post(f"/account/sessies/{other.public_id}/beeindigen/", follow=True).status_code == 200
    assert there.get("/team/").url == LOG_IN
    assert here.get("/team/").status_code == 200
    assert log("logout")[-1].purpose == "op een ander apparaat"


def test_she_ends_all_others(client_of, sender, colleague):
    here, there, elsewhere, of_another = client_of(sender), client_of(sender), client_of(sender), client_of(colleague)
    here.post("/account/sessies/andere/beeindigen/")
    assert [browser.get("/team/").status_code for browser in (here, there, elsewhere, of_another)] == [
        200,
        302,
        302,
        200,
    ]


def test_an_answer_that_was_on_its_way_does_not_bring_an_ended_session_back(client_of, sender):
    browser = client_of(sender)
    store = browser.session
    store["something"] = "changed"
    actions.end_sessions(user=sender)
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.filter(user=sender).exists()


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox op Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
            "Edge op Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
            "Safari op een iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
            "Chrome op een Android-toestel",
        ),
        ("", "Een browser"),
    ],
)
def test_a_device_in_plain_words(user_agent, words):
    assert device_in_words(user_agent) == words


def test_the_device_is_noted_when_she_logs_in(client, practice):
    person = make_member("Petra Prins", practice, Role.VERWIJZER, password=PASSWORD)
    client.post(
        "/account/login/", {"login": person.email, "password": PASSWORD}, HTTP_USER_AGENT="(X11; Linux) Firefox/1.0"
    )
    assert Session.objects.get(user=person).device == "Firefox op Linux"


# Leaving ------------------------------------------------------------------------------------------------------------


def test_whoever_leaves_one_organisation_is_logged_out_everywhere(client_of, beheerder, colleague, other_practice):
    make_membership(colleague, other_practice)
    here, there = client_of(colleague), client_of(colleague)
    actions.end_membership(membership=colleague.memberships.get(organisation=beheerder.organisation), by=beheerder)
    assert here.get("/team/").status_code == there.get("/team/").status_code == 302
    assert client_of(fresh(colleague)).get("/team/").status_code == 200  # at the other one


def test_a_closed_account_is_logged_out_everywhere(client_of, consulent, zaanstad):
    browser = client_of(consulent)
    call_command("close_account", consulent.email)
    assert browser.get("/team/").status_code == 302
    assert not Session.objects.filter(user=consulent).exists()
    assert not fresh(consulent).is_active
    assert not fresh(consulent).may_maintain(zaanstad)


def test_a_lost_second_step_is_set_up_anew(client_of, sender):
    browser = client_of(sender)
    call_command("reset_second_factor", sender.email)
    assert browser.get("/team/").status_code == 302
    assert not sender.authenticator_set.exists()
    assert "Je tweede stap is weggehaald." in mails(sender.email)[0].body


def test_a_beheerder_takes_away_the_lost_second_step_of_a_colleague(client_of, beheerder, sender):
    Authenticator.objects.create(user=sender, type=Authenticator.Type.TOTP, data={})
    browser, hers = client_of(beheerder), client_of(sender)
    place = sender.memberships.get()
    address = f"/team/{place.pk}/tweede-stap/"
    assert address in browser.get(f"/team/{place.pk}/rollen/").content.decode()
    assert "overal uitgelogd" in browser.get(address).content.decode()
    assert hers.get("/team/").status_code == 200
    assert sender.authenticator_set.exists()
    assert browser.post(address).status_code == 302
    assert hers.get("/team/").status_code == 302
    assert not sender.authenticator_set.exists()
    assert not Session.objects.filter(user=sender).exists()
    assert "Je tweede stap is weggehaald." in mails(sender.email)[0].body
    row = AccessLogEntry.objects.get(event="mfa_change", object_id=str(sender.pk))
    assert (row.user_id, row.outcome) == (beheerder.pk, "ok")


def test_nobody_takes_away_her_own_second_step_as_beheerder_or_that_of_another_team(client_of, beheerder, outsider):
    for person in (beheerder, outsider):
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    browser = client_of(beheerder)
    own, strange = beheerder.memberships.get(), outsider.memberships.get()
    assert "tweede-stap" not in browser.get(f"/team/{own.pk}/rollen/").content.decode()
    page = browser.post(f"/team/{own.pk}/tweede-stap/", follow=True).content.decode()
    assert actions.NOT_YOUR_OWN_STEP in page
    assert beheerder.authenticator_set.exists()
    assert browser.post(f"/team/{strange.pk}/tweede-stap/").status_code == 404
    assert outsider.authenticator_set.exists()


def test_another_password_ends_the_other_sessions_for_good(client_of, practice):
    person = make_member("Petra Prins", practice, Role.VERWIJZER, password=PASSWORD)
    here = client_of(person)
    client_of(person)
    form = {"oldpassword": PASSWORD, "password1": "nog een lang wachtwoord", "password2": "nog een lang wachtwoord"}
    here.post("/account/password/change/", form)
    assert Session.objects.get(user=person).session_key == here.session.session_key


# What she was typing ------------------------------------------------------------------------------------------------

TYPED = {"name": "Anneke van Loon", "phone": "06 555 012 34"}
NEW = "/mantelzorgers/nieuw/"


def log_in_again(browser, person):
    log_in_fully(browser, person)
    return browser.get("/account/verder/")


def test_what_she_typed_comes_back_after_logging_in(client_of, sender, later):
    browser = client_of(sender)
    later(20)
    response = browser.post(NEW, TYPED, HTTP_REFERER=f"http://testserver{NEW}")
    assert response.url == "/account/login/?next=%2Faccount%2Fverder%2F"
    assert "Wat je had ingevuld, krijg je dan terug." in words_of(browser.get(response.url))
    kept = KeptForm.objects.get()
    assert (kept.user, kept.path, kept.page) == (sender, NEW, NEW)
    assert b"Anneke" not in bytes(kept.typed)
    page = log_in_again(browser, sender)
    assert "Je was nog bezig" in words_of(page)
    assert not english_in(page)
    assert 'value="Anneke van Loon"' in page.content.decode()
    form = browser.post(NEW, {**TYPED, "teruggehaald": NEW})
    assert form.status_code == 200
    assert 'value="Anneke van Loon"' in form.content.decode()
    assert "Fout:" not in form.content.decode()
    assert not sender.organisation.caregivers.exists()
    assert not KeptForm.objects.exists()


def test_a_form_that_is_whole_comes_back_without_being_sent(client_of, sender):
    """Also one that would be accepted: she looks at it and presses the button herself."""
    caregiver = make_caregiver(sender, "Anneke van Loon")
    whole = {"postcode": "1506 AB", "name": "Anna de Boer", "phone": "06 55501234"}
    browser = client_of(sender)
    address = f"/mantelzorgers/{caregiver.pk}/wijzigen/"
    assert browser.get(address).status_code == 200
    response = browser.post(address, {**whole, "teruggehaald": address})
    assert response.status_code == 200
    assert 'value="Anna de Boer"' in response.content.decode()
    caregiver.refresh_from_db()
    assert caregiver.name == "Anneke van Loon"


def test_a_button_without_a_form_does_nothing_when_it_comes_back(client_of, sender, other_practice):
    place = make_membership(sender, other_practice)
    browser = client_of(fresh(sender))
    form = {"membership": str(place.pk), "teruggehaald": "/account/"}
    response = browser.post("/account/organisatie/", form, follow=True)
    assert response.redirect_chain[-1][0] == "/account/"
    assert "Er is nog niets opgeslagen." in words_of(response)
    assert "Je werkt nu voor" not in words_of(response)
    assert not log("act_for")


def test_somebody_else_at_the_same_computer_gets_nothing_of_it(client_of, sender, colleague, later):
    browser = client_of(sender)
    later(20)
    browser.post(NEW, TYPED)
    assert log_in_again(browser, colleague).url == "/"


def test_what_she_typed_is_gone_after_an_hour_and_when_she_throws_it_away(client_of, sender, later):
    actions.keep_form(by=sender, path=NEW, page=NEW, typed=query(TYPED))
    browser = client_of(sender)
    assert browser.get("/account/verder/").status_code == 200
    browser.post("/account/verder/")
    assert not KeptForm.objects.exists()
    actions.keep_form(by=sender, path=NEW, page=NEW, typed=query(TYPED))
    later(61)
    assert KeptForm.objects.of(sender) is None
    call_command("forget_old_sessions", verbosity=0)
    assert not KeptForm.objects.exists()


def test_passwords_and_empty_forms_are_not_kept(client_of, sender, later):
    browser = client_of(sender)
    later(20)
    browser.post("/account/password/change/", {"oldpassword": PASSWORD})
    assert not actions.keep_form(by=sender, path=NEW, page=NEW, typed=query({"csrfmiddlewaretoken": "x", "name": " "}))
    assert not KeptForm.objects.exists()


def test_a_closed_account_leaves_nothing_behind(client_of, sender, later):
    browser = client_of(sender)
    sender.is_active = False
    sender.save()
    later(20)
    browser.post(NEW, TYPED)
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("minutes", [14, 700])
def test_the_script_brings_what_she_types_to_safety_when_time_is_up(client_of, sender, later, minutes):
    """Just before the end; or long after, on a computer that slept."""
    browser = client_of(sender)
    later(minutes)
    browser.get("/account/sessie/")
    answer = browser.post(
        "/account/sessie/voorbij/", {**TYPED, "_path": NEW}, HTTP_REFERER=f"http://testserver{NEW}"
    ).json()
    assert answer == {"next": "/account/login/?next=%2Faccount%2Fverder%2F"}
    assert browser.get("/team/").status_code == 302
    assert "Je was nog bezig" in words_of(log_in_again(browser, sender))


def test_the_script_keeps_nothing_for_an_address_elsewhere(client_of, sender):
    browser = client_of(sender)
    for path in ("https://elders.example/", "//elders.example/", "/bestaat-niet/", ""):
        browser.post("/account/sessie/voorbij/", {**TYPED, "_path": path})
        log_in_fully(browser, sender)
    assert not KeptForm.objects.exists()


def query(data: dict) -> QueryDict:
    made = QueryDict(mutable=True)
    made.update(data)
    return made


# Showing again who she is -------------------------------------------------------------------------------------------


def test_an_overview_to_take_along_asks_who_she_is_and_then_comes(client_of, coordinator, monkeypatch):
    coordinator.set_password(PASSWORD)
    coordinator.save()
    browser = client_of(coordinator)
    log_in_fully(browser, coordinator, long_ago=True)
    paper = "/overzichten/overzicht.pdf"
    asked = browser.get(paper)
    assert asked.url == f"/account/reauthenticate/?next={paper.replace('/', '%2F')}"
    assert browser.post(asked.url, {"password": PASSWORD, "next": paper}).url == paper
    assert browser.get(paper)["Content-Type"] == "application/pdf"
    soon = time.time() + 10 * 60 + 1
    monkeypatch.setattr("mantelzorg.recent_proof.time.time", lambda: soon)
    assert browser.get(paper).status_code == 302


def test_who_has_just_logged_in_need_not_say_so_again(client, practice):
    person = make_member("Petra Prins", practice, Role.VERWIJZER, password=PASSWORD)
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert "Nog één ding: een tweede stap" in words_of(client.get("/", follow=True))
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200
    assert "Mantelzorgers" not in words_of(page)  # no menu yet
    assert not english_in(page)


def test_a_cookie_of_long_ago_plants_no_form(client_of, sender, later):
    """A computer that wakes up may still bring what she typed; the next day a cookie may be in other hands."""
    browser = client_of(sender)
    later(20 * 60)
    browser.post(NEW, TYPED, HTTP_REFERER=f"http://testserver{NEW}")
    browser.post("/account/sessie/voorbij/", {**TYPED, "_path": NEW})
    assert not KeptForm.objects.exists()

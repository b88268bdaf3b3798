"""Logging in and out, and choosing a new password: what people see, and what the access log keeps."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from tests.accounts.reading import english_in, link_in, log, mails, words_of
from tests.factories import PASSWORD, make_member
from trail.models import OutboxMessage

LOGIN = "/account/login/"


@pytest.fixture
def petra(practice):
    return make_member("Petra Prins", practice, Role.VERWIJZER, password=PASSWORD)


def log_in(client, email="petra-prins@voorbeeld.example", password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password, **extra})


def test_with_the_right_password_she_gets_where_she_was_going(client, petra):
    response = log_in(client, next="/team/")
    assert response.status_code == 302
    assert response.url == "/team/"
    assert client.session["_auth_user_id"] == str(petra.pk)


def test_without_a_destination_everyone_starts_at_vandaag(client, petra, functional_admin):
    assert log_in(client).url == reverse("vandaag")
    functional_admin.set_password(PASSWORD)
    functional_admin.save()
    assert log_in(Client(), functional_admin.email).url == reverse("vandaag")


def test_a_destination_elsewhere_on_the_web_is_not_followed(client, petra):
    assert log_in(client, next="https://kwaad.example/").url == reverse("vandaag")


def test_the_address_may_be_typed_with_capitals_and_spaces(client, petra):
    assert log_in(client, " Petra-Prins@Voorbeeld.example ").status_code == 302


def test_the_session_gets_a_new_key_at_log_in(client, petra):
    client.get("/account/password/reset/")
    client.session.save()
    session = client.session
    session["before"] = "yes"
    session.save()
    before = session.session_key
    log_in(client)
    assert client.session.session_key != before


@pytest.mark.parametrize("email", ["petra-prins@voorbeeld.example", "niemand@voorbeeld.example"])
def test_a_wrong_password_and_an_unknown_address_read_the_same(client, petra, email):
    response = log_in(client, email, "fout wachtwoord 12")
    assert response.status_code == 200
    assert "Dit e-mailadres en wachtwoord horen niet bij elkaar" in words_of(response)
    assert not english_in(response)
    assert email in response.content.decode()  # what she typed is still there


def test_log_in_and_log_out_are_on_record_for_her_organisation(client, petra, practice):
    log_in(client)
    client.post("/account/logout/")
    came, went = log("login")[0], log("logout")[0]
    for entry in (came, went):
        assert (entry.user_id, entry.organisation_id, entry.role) == (petra.pk, practice.pk, "verwijzer")
        assert entry.ip == "127.0.0.1"
        assert entry.outcome == "ok"
    assert came.session_hash == went.session_hash != ""


def test_a_failed_log_in_is_on_record_with_whose_account_it_was(client, petra):
    log_in(client, password="fout wachtwoord 12")
    log_in(client, "niemand@voorbeeld.example")
    known, unknown = log("login_failed")
    assert (known.user_id, known.outcome) == (petra.pk, "denied")
    assert (unknown.user_id, unknown.outcome) == (None, "denied")


def test_after_five_wrong_passwords_the_right_one_does_not_help_either(client, petra):
    for _ in range(5):
        log_in(client, password="fout wachtwoord 12")
    response = log_in(client)
    assert "Het is te vaak misgegaan" in words_of(response)
    assert "_auth_user_id" not in client.session
    assert log("login_failed")[-1].purpose == "te vaak"


def test_wrong_passwords_for_one_account_do_not_lock_another(client, petra, practice):
    make_member("Karel Kort", practice, password=PASSWORD)
    for _ in range(5):
        log_in(client, password="fout wachtwoord 12")
    assert log_in(client, "karel-kort@voorbeeld.example").status_code == 302


def test_who_keeps_hammering_gets_a_page_in_dutch_that_says_to_wait(client, petra):
    for _ in range(60):
        response = log_in(client, "iemand@voorbeeld.example", "")
    assert response.status_code == 200
    response = log_in(client)
    assert response.status_code == 429
    assert "Even wachten" in words_of(response)
    assert not english_in(response)


def test_rate_limits_live_in_the_database_so_all_web_processes_count_together(client, petra):
    log_in(client, password="fout wachtwoord 12")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE cache_key LIKE %s", ["%login_failed%"])
        assert cursor.fetchone()[0] == 2  # by address of the browser, by address of the account


def test_log_out_needs_a_post(client_of, sender):
    browser = client_of(sender)
    assert "Wil je uitloggen" in words_of(browser.get("/account/logout/"))
    assert "_auth_user_id" in browser.session
    browser.post("/account/logout/")
    assert "_auth_user_id" not in browser.session


def test_a_closed_account_stops_working_at_the_next_request(client_of, sender):
    browser = client_of(sender)
    assert browser.get("/team/").status_code == 200
    sender.is_active = False
    sender.save()
    assert browser.get("/team/").url == "/account/login/?next=/team/"


def test_a_closed_account_cannot_log_in_and_is_told_so_only_with_the_right_password(client, petra):
    petra.is_active = False
    petra.save()
    assert "horen niet bij elkaar" in words_of(log_in(client, password="fout wachtwoord 12"))
    response = client.post(LOGIN, {"login": petra.email, "password": PASSWORD}, follow=True)
    assert "Dit account is gesloten" in words_of(response)
    assert not english_in(response)
    assert "_auth_user_id" not in client.session


def test_an_ended_membership_stops_working_at_the_next_request(client_of, sender):
    browser = client_of(sender)
    assert browser.get("/team/").status_code == 200
    membership = sender.memberships.get()
    membership.ended_at = membership.created_at
    membership.save()
    assert browser.get("/team/").status_code == 404


# A new password -----------------------------------------------------------------------------------------------------


def ask_reset(client, email="petra-prins@voorbeeld.example"):
    return client.post("/account/password/reset/", {"email": email}, follow=True)


def test_a_reset_for_an_unknown_address_reads_the_same_and_mails_something_else(client, petra):
    known = ask_reset(client)
    unknown = ask_reset(Client(), "niemand@voorbeeld.example")
    assert words_of(known) == words_of(unknown)
    assert mails("petra-prins@voorbeeld.example")[0].subject == "Kies een nieuw wachtwoord voor Mantelzorgportaal"
    assert mails("niemand@voorbeeld.example")[0].subject == "Geen account bij Mantelzorgportaal"


def test_the_secret_of_a_reset_link_is_nowhere_in_the_outbox(client, petra):
    ask_reset(client)
    assert OutboxMessage.objects.get().context == {"user": str(petra.pk)}


def test_with_the_link_she_chooses_a_new_password_once(client, petra):
    ask_reset(client)
    link = link_in(mails()[0])
    form = client.get(link, follow=True)
    assert "Kies een nieuw wachtwoord" in words_of(form)
    assert not english_in(form)
    address = form.redirect_chain[-1][0]
    done = client.post(
        address, {"password1": "nog een lang wachtwoord", "password2": "nog een lang wachtwoord"}, follow=True
    )
    assert "Je wachtwoord is veranderd" in words_of(done)
    assert log_in(Client(), password="nog een lang wachtwoord").status_code == 302
    assert "Deze link werkt niet meer" in words_of(Client().get(link, follow=True))
    assert log("password_change")[0].user_id == petra.pk
    assert mails()[-1].subject.startswith("Er is iets veranderd aan je account")


def test_a_made_up_reset_link_gets_a_clear_page(client, db):
    response = client.get("/account/password/reset/key/abc-def/")
    assert "Deze link werkt niet meer" in words_of(response)
    assert not english_in(response)


def test_a_reset_does_not_skip_the_second_step(client, petra):
    TOTP.activate(petra, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    ask_reset(client)
    form = client.get(link_in(mails()[0]), follow=True)
    client.post(
        form.redirect_chain[-1][0],
        {"password1": "nog een lang wachtwoord", "password2": "nog een lang wachtwoord"},
    )
    assert "_auth_user_id" not in client.session
    response = log_in(client, password="nog een lang wachtwoord")
    assert response.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert client.get("/team/").status_code == 302


def test_a_reset_logs_her_out_everywhere(client, client_of, petra):
    elsewhere = client_of(petra)
    ask_reset(client)
    form = client.get(link_in(mails()[0]), follow=True)
    client.post(
        form.redirect_chain[-1][0],
        {"password1": "nog een lang wachtwoord", "password2": "nog een lang wachtwoord"},
    )
    assert elsewhere.get("/team/").status_code == 302


def test_the_fourth_reset_for_one_address_has_to_wait(client, petra):
    for _ in range(3):
        ask_reset(client)
    assert ask_reset(client).status_code == 429
    assert OutboxMessage.objects.count() == 3


def test_a_closed_account_gets_no_reset_link(client, petra):
    petra.is_active = False
    petra.save()
    ask_reset(client)
    assert mails()[0].subject == "Geen account bij Mantelzorgportaal"


def test_she_changes_her_password_and_stays_in_here_and_out_elsewhere(client_of, petra):
    here, elsewhere = client_of(petra), client_of(petra)
    response = here.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "nog een lang wachtwoord", "password2": "nog een lang wachtwoord"},
        follow=True,
    )
    assert "Je wachtwoord is veranderd" in words_of(response)
    assert here.get("/team/").status_code == 200
    assert elsewhere.get("/team/").status_code == 302


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"oldpassword": "iets anders"}, "Dit is niet je huidige wachtwoord."),
        ({"password1": "kort", "password2": "kort"}, "te kort"),
        ({"password2": "een ander lang wachtwoord"}, "Dit is niet hetzelfde"),
        ({"password1": "", "password2": ""}, "Vul dit in."),
        ({"password1": "petra-prins-1", "password2": "petra-prins-1"}, "lijkt te veel op je naam"),
        ({"password1": "123456789012345", "password2": "123456789012345"}, "alleen uit cijfers"),
        ({"password1": "passwordpassword", "password2": "passwordpassword1"}, "Dit is niet hetzelfde"),
        ({"password1": "1qaz2wsx3edc", "password2": "1qaz2wsx3edc"}, "gebruiken veel mensen"),
    ],
)
def test_a_password_that_will_not_do_is_explained_in_dutch(client_of, petra, typed, said):
    fine = {"oldpassword": PASSWORD, "password1": "nog een lang wachtwoord", "password2": "nog een lang wachtwoord"}
    response = client_of(petra).post("/account/password/change/", {**fine, **typed})
    assert response.status_code == 200
    assert said in words_of(response)
    assert not english_in(response)


# What is not there --------------------------------------------------------------------------------------------------


def test_nobody_signs_up_and_whoever_tries_is_told_how_it_works(client, db):
    response = client.get("/account/signup/")
    assert response.status_code == 200
    assert "op uitnodiging" in words_of(response)
    client.post("/account/signup/", {"email": "x@voorbeeld.example", "password1": PASSWORD})
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "path", ["/account/email/", "/account/confirm-email/", "/account/login/code/", "/account/3rdparty/", "/accounts/"]
)
def test_what_we_do_not_want_of_allauth_is_not_there(client_of, sender, path):
    assert client_of(sender).get(path).status_code == 404

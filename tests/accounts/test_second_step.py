"""The second step: an app with codes, passkeys, recovery codes. All in Dutch, every change told and logged."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Role
from referrals.demo.people import SECRET as OF_THE_DEMO
from referrals.demo.people import code_at, give_second_step
from tests.accounts.reading import english_in, log, mails, words_of
from tests.factories import PASSWORD, log_in_fully, make_member

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW = 1_800_000_000  # a moment that begins a period of half a minute


@pytest.fixture
def petra(practice):
    return make_member("Petra Prins", practice, Role.VERWIJZER, password=PASSWORD)


@pytest.fixture
def clock(monkeypatch):
    """The clock the codes go by stands still, so that no test straddles two codes."""
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: NOW)


def code_of(secret):
    return format_hotp_value(hotp_value(secret, NOW // 30))


def codes_of(petra):
    return petra.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()


def password_step(client, petra):
    return client.post("/account/login/", {"login": petra.email, "password": PASSWORD})


def prove(browser):
    """She types her password again, as pages about security ask."""
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    return browser


def add_passkey(user, name="Mijn telefoon"):
    """A passkey as the browser hands it over; nothing in these tests signs with it."""
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
    )


def test_pages_about_security_first_ask_her_to_prove_who_she_is(client_of, petra):
    browser = client_of(petra)
    log_in_fully(browser, petra, long_ago=True)
    response = browser.get("/account/2fa/totp/activate/", follow=True)
    assert "Laat zien dat jij het bent" in words_of(response)
    assert not english_in(response)


def test_she_sets_up_an_app_and_gets_recovery_codes(client_of, petra, clock):
    browser = prove(client_of(petra))
    page = browser.get("/account/2fa/totp/activate/")
    assert "<svg" in page.content.decode()
    assert "data:image" not in page.content.decode()
    secret = browser.session["mfa.totp.secret"]
    assert secret[:4] in words_of(page)
    response = browser.post("/account/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)
    assert "Je logt voortaan in met een code uit je app." in words_of(response)
    assert "Bewaar je herstelcodes" in words_of(response)
    assert all(code in words_of(response) for code in codes_of(petra))
    assert not english_in(response)
    assert log("mfa_change")[0].user_id == petra.pk
    assert "Je logt voortaan in met een code uit je app." in mails(petra.email)[0].body


def test_a_wrong_code_sets_up_nothing(client_of, petra, clock):
    browser = prove(client_of(petra))
    browser.get("/account/2fa/totp/activate/")
    response = browser.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert "Deze code of passkey klopt niet" in words_of(response)
    assert not english_in(response)
    assert not petra.authenticator_set.exists()


def test_recovery_codes_are_shown_once(client_of, petra, clock):
    TOTP.activate(petra, SECRET)
    RecoveryCodes.activate(petra)
    browser = prove(client_of(petra))
    assert codes_of(petra)[0] in words_of(browser.get("/account/2fa/recovery-codes/"))
    again = words_of(browser.get("/account/2fa/recovery-codes/"))
    assert "Je hebt er nog 10 van de 10." in again
    assert not any(code in again for code in codes_of(petra))


def test_the_secret_of_her_app_is_not_readable_in_the_database(petra):
    TOTP.activate(petra, SECRET)
    RecoveryCodes.activate(petra)
    stored = str(list(petra.authenticator_set.values_list("data", flat=True)))
    assert SECRET not in stored
    assert petra.authenticator_set.get(type="recovery_codes").data["seed"].startswith("gAAAA")


def test_with_an_app_the_password_alone_opens_nothing(client, petra, clock):
    TOTP.activate(petra, SECRET)
    response = password_step(client, petra)
    assert response.url == reverse("mfa_authenticate")
    page = client.get(response.url)
    assert "Nog één stap" in words_of(page)
    assert not english_in(page)
    assert client.get("/team/").status_code == 302


def test_with_the_code_she_is_in_and_a_code_works_once(client, client_of, petra, clock):
    TOTP.activate(petra, SECRET)
    password_step(client, petra)
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)}).status_code == 302
    assert client.session["_auth_user_id"] == str(petra.pk)
    client.post("/account/logout/")
    password_step(client, petra)
    response = client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)})
    assert "is al gebruikt" in words_of(response)
    assert "_auth_user_id" not in client.session


def test_a_recovery_code_works_once(client, petra):
    TOTP.activate(petra, SECRET)
    code = RecoveryCodes.activate(petra).get_unused_codes()[0]
    for outcome in ("in", "refused"):
        password_step(client, petra)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert ("_auth_user_id" in client.session) == (outcome == "in")
        client.post("/account/logout/")


def test_wrong_codes_are_on_record_and_run_out(client, petra):
    TOTP.activate(petra, SECRET)
    password_step(client, petra)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    response = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Het is te vaak misgegaan" in words_of(response)
    assert not english_in(response)
    tried = log("login_failed")
    assert {(entry.user_id, entry.purpose) for entry in tried} == {(petra.pk, "tweede stap")}
    assert len(tried) == 6


def test_she_may_stop_halfway(client, petra):
    TOTP.activate(petra, SECRET)
    password_step(client, petra)
    response = client.post("/account/logout/", {"next": "/account/login/"})
    assert response.url == "/account/login/"
    assert client.get(reverse("mfa_authenticate")).url == "/account/login/"


def test_she_turns_the_app_off_and_is_told(client_of, petra, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    TOTP.activate(petra, SECRET)
    add_passkey(petra)
    elsewhere, browser = client_of(petra), prove(client_of(petra))
    assert "Je logt daarna in met je passkey" in words_of(browser.get("/account/2fa/totp/deactivate/"))
    response = browser.post("/account/2fa/totp/deactivate/", follow=True)
    assert "De app met codes is uitgezet." in words_of(response)
    assert petra.authenticator_set.get().type == "webauthn"
    assert browser.get("/team/").status_code == 200
    assert elsewhere.get("/team/").status_code == 302
    assert "De app met codes is uitgezet." in mails(petra.email)[0].body


def test_new_recovery_codes_replace_the_old(client_of, petra):
    TOTP.activate(petra, SECRET)
    old = RecoveryCodes.activate(petra).get_unused_codes()
    browser = prove(client_of(petra))
    response = browser.post("/account/2fa/recovery-codes/generate/", follow=True)
    assert "Je hebt nieuwe herstelcodes." in words_of(response)
    assert not set(old) & set(words_of(response).split())


def test_the_last_second_step_stays(client_of, petra, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    TOTP.activate(petra, SECRET)
    browser = prove(client_of(petra))
    address = "/account/2fa/totp/deactivate/"
    assert "Dit is je enige tweede stap" in words_of(browser.get(address))
    assert "Dit is je enige tweede stap" in words_of(browser.post(address, follow=True))
    assert petra.authenticator_set.get().type == "totp"
    petra.authenticator_set.all().delete()
    address = f"/account/2fa/webauthn/keys/{add_passkey(petra).pk}/remove/"
    assert "Dit is je enige tweede stap" in words_of(browser.get(address))
    assert "Dit is je enige tweede stap" in words_of(browser.post(address, follow=True))
    assert petra.authenticator_set.get().type == "webauthn"


def test_a_new_telephone_takes_the_place_of_the_old(client_of, petra, clock):
    TOTP.activate(petra, SECRET)
    codes = RecoveryCodes.activate(petra).get_unused_codes()
    elsewhere, browser = client_of(petra), prove(client_of(petra))
    page = browser.get("/account/2fa/totp/activate/")
    assert "De app die je nu gebruikt, werkt hierna niet meer" in words_of(page)
    new = browser.session["mfa.totp.secret"]
    browser.post("/account/2fa/totp/activate/", {"code": code_of(new)})
    factor = petra.authenticator_set.get(type="totp").wrap()
    assert not factor.validate_code(code_of(SECRET))
    assert factor.validate_code(code_of(new))
    assert codes_of(petra) == codes
    assert browser.get("/team/").status_code == 200
    assert elsewhere.get("/team/").status_code == 302


def test_a_passkey_can_be_renamed_and_removed_only_by_its_owner(client_of, petra, colleague):
    passkey, other = add_passkey(petra), add_passkey(petra, "Sleutel")
    stranger = client_of(colleague)
    colleague.set_password(PASSWORD)
    colleague.save()
    log_in_fully(stranger, colleague)
    assert prove(stranger).get(f"/account/2fa/webauthn/keys/{passkey.pk}/remove/").status_code == 404
    browser = prove(client_of(petra))
    browser.post(f"/account/2fa/webauthn/keys/{passkey.pk}/edit/", {"name": "Oude telefoon"})
    assert "Oude telefoon" in words_of(browser.get("/account/2fa/webauthn/"))
    response = browser.post(f"/account/2fa/webauthn/keys/{passkey.pk}/remove/", follow=True)
    assert "De passkey is verwijderd." in words_of(response)
    assert petra.authenticator_set.get() == other


NOT_A_PASSKEY = [
    "",
    "{}",
    "geen json",
    '{"id": "x"}',
    '["lijst"]',
    '{"response": 1}',
    '{"response": {"userHandle": 1}}',
]


@pytest.mark.parametrize("credential", NOT_A_PASSKEY)
def test_a_passkey_that_is_none_is_refused_and_on_record(client, petra, credential):
    response = client.post("/account/2fa/webauthn/login/", {"credential": credential}, follow=True)
    assert response.redirect_chain[-1][0] == "/account/login/"
    assert "passkey k" in words_of(response)  # kon niet worden gelezen, or klopt niet
    assert not english_in(response)
    assert log("login_failed")[0].user_id is None


@pytest.mark.parametrize("credential", NOT_A_PASSKEY)
def test_what_is_not_a_passkey_cannot_be_added(client_of, petra, credential):
    browser = prove(client_of(petra))
    browser.get("/account/2fa/webauthn/add/")
    response = browser.post("/account/2fa/webauthn/add/", {"name": "Van mij", "credential": credential})
    assert response.status_code == 200
    assert not english_in(response)
    assert not petra.authenticator_set.exists()


@pytest.mark.parametrize("credential", NOT_A_PASSKEY)
def test_what_is_not_a_passkey_is_no_second_step(client, petra, credential):
    TOTP.activate(petra, SECRET)
    password_step(client, petra)
    response = client.post(reverse("mfa_authenticate"), {"credential": credential})
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_browser_gets_a_challenge_for_a_passkey(client, db):
    response = client.get("/account/2fa/webauthn/login/", HTTP_ACCEPT="application/json")
    options = response.json()["request_options"]["publicKey"]
    assert options["rpId"] == "testserver"
    assert options["userVerification"] == "required"


PAGES = [
    "/account/logout/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/2fa/",
    "/account/2fa/totp/deactivate/",
    "/account/2fa/recovery-codes/",
    "/account/2fa/recovery-codes/generate/",
    "/account/2fa/reauthenticate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/2fa/webauthn/reauthenticate/",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_the_second_step_is_in_dutch(client_of, petra, monkeypatch, path):
    TOTP.activate(petra, SECRET)
    RecoveryCodes.activate(petra)
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    passkey = add_passkey(petra)
    browser = prove(client_of(petra))
    response = browser.get(path)
    assert response.status_code == 200
    assert not english_in(response)
    assert response.content.decode().count("<h1") == 1
    assert passkey.pk


@pytest.mark.parametrize("verb", ["edit", "remove"])
def test_every_page_of_a_passkey_is_in_dutch(client_of, petra, verb):
    passkey = add_passkey(petra)
    response = prove(client_of(petra)).get(f"/account/2fa/webauthn/keys/{passkey.pk}/{verb}/")
    assert response.status_code == 200
    assert not english_in(response)


def test_without_a_second_step_the_pages_say_how_to_begin(client_of, petra):
    response = client_of(petra).get("/account/2fa/")
    assert "Zet een app aan" in words_of(response)
    assert not english_in(response)


@pytest.mark.parametrize(
    "path", ["/account/login/", "/account/password/reset/", "/account/password/reset/done/", "/account/gesloten/"]
)
def test_every_page_before_logging_in_is_in_dutch_and_open_to_all(client, db, path):
    response = client.get(path)
    assert response.status_code == 200
    assert not english_in(response)


def test_no_page_carries_a_script_or_style_in_itself(client_of, petra):
    browser = prove(client_of(petra))
    for path in ["/account/login/", "/account/2fa/webauthn/add/", "/account/2fa/totp/activate/"]:
        page = (browser if path != "/account/login/" else type(browser)()).get(path).content.decode()
        scripts = [tag for tag in page.split("<script")[1:] if "src=" not in tag.split(">")[0]]
        assert all('type="application/json"' in tag.split(">")[0] for tag in scripts)
        assert "style=" not in page
        assert " onclick" not in page


# Every account has one ----------------------------------------------------------------------------------------------


def test_the_first_log_in_opens_nothing_but_setting_it_up(client, petra, clock):
    """From the password to the page she wanted, without a word about what she cannot reach yet."""
    password_step(client, petra)
    page = client.get("/team/", follow=True)
    assert page.redirect_chain == [("/account/2fa/instellen/", 302)]
    words = words_of(page)
    assert "Een app met codes" in words
    assert "En als je telefoon kwijt of stuk is?" in words
    assert "Sociale kaart" not in words
    assert not english_in(page)
    assert client.post("/team/uitnodigen/", {"email": "x@y.example"}).url == "/account/2fa/instellen/"
    assert client.get("/team/", HTTP_HX_REQUEST="true").headers["HX-Redirect"] == "/account/2fa/instellen/"
    assert "Een app met codes aanzetten" in words_of(client.get("/account/2fa/totp/activate/"))
    before = client.session.session_key
    response = client.post(
        "/account/2fa/totp/activate/", {"code": code_of(client.session["mfa.totp.secret"])}, follow=True
    )
    assert client.session.session_key != before
    assert 'href="/team/"' in response.content.decode()
    assert client.get("/team/").status_code == 200
    assert client.get("/account/2fa/instellen/").url == "/account/2fa/"


def test_she_may_leave_before_setting_it_up(client, petra):
    password_step(client, petra)
    assert "Doe het later en log uit" in words_of(client.get("/", follow=True))
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


def test_a_password_does_not_replace_the_app_she_has(client, petra):
    """A session from before she set it up, elsewhere: first the code."""
    password_step(client, petra)
    TOTP.activate(petra, SECRET)
    for address in ("/account/2fa/totp/activate/", "/account/2fa/instellen/", "/account/2fa/webauthn/add/"):
        assert client.post(address).url == "/account/2fa/reauthenticate/"


def test_a_code_with_a_space_is_the_same_code(client, petra, clock):
    TOTP.activate(petra, SECRET)
    code = code_of(SECRET)
    password_step(client, petra)
    assert client.post(reverse("mfa_authenticate"), {"code": f"{code[:3]} {code[3:]}"}).status_code == 302
    client.post("/account/logout/")
    password_step(client, petra)
    assert "is al gebruikt" in words_of(client.post(reverse("mfa_authenticate"), {"code": code}))


def test_a_code_of_half_a_minute_ago_works_and_then_not_again(client, petra, monkeypatch):
    TOTP.activate(petra, SECRET)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: NOW + 30)
    password_step(client, petra)
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)}).status_code == 302
    client.post("/account/logout/")
    password_step(client, petra)
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(SECRET)}).status_code == 200


def test_the_demo_may_leave_it_out(client, petra, settings):
    settings.DEMO_SKIP_MFA = True
    TOTP.activate(petra, SECRET)
    assert password_step(client, petra).url == reverse("vandaag")
    assert client.get("/team/").status_code == 200


def test_the_people_of_the_demo_have_an_app_whose_codes_are_printed(client, petra, capsys):
    TOTP.activate(petra, SECRET)
    for _ in range(2):
        give_second_step(petra)
    assert sorted(petra.authenticator_set.values_list("type", flat=True)) == ["recovery_codes", "totp"]
    password_step(client, petra)
    assert client.post(reverse("mfa_authenticate"), {"code": code_at(time.time())}).status_code == 302
    call_command("demo_code")
    said = capsys.readouterr().out
    assert re.match(r"\d{6} ", said)
    assert OF_THE_DEMO in said

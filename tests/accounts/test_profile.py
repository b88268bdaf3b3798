"""Her own account, and the organisation she acts for."""

from accounts.models import Role
from tests.accounts.reading import english_in, log, words_of
from tests.factories import fresh, make_membership


def test_she_changes_her_name_and_number(client_of, sender):
    browser = client_of(sender)
    page = browser.get("/account/")
    assert "Petra de Boer" in page.content.decode()
    assert not english_in(page)
    response = browser.post("/account/", {"name": "Petra de Boer-Smit", "phone": "06-12345678"}, follow=True)
    assert "Je gegevens zijn bewaard." in words_of(response)
    membership = fresh(sender).acting
    assert (membership.user.name, membership.phone) == ("Petra de Boer-Smit", "06 12345678")
    assert log("update")[0].fields == ["name", "phone"]


def test_a_number_that_cannot_be_right_is_said_with_an_example(client_of, sender):
    response = client_of(sender).post("/account/", {"name": "Petra", "phone": "12"})
    assert "Dit telefoonnummer kan niet kloppen" in words_of(response)
    assert 'value="12"' in response.content.decode()
    assert fresh(sender).name == "Petra de Boer"


def test_any_name_is_kept_as_typed(client_of, sender):
    name = "🌷 محمد Łukasz O’Neill <b>"
    client_of(sender).post("/account/", {"name": name, "phone": ""})
    response = client_of(sender).get("/account/")
    assert fresh(sender).name == name
    assert "&lt;b&gt;" in response.content.decode()


def test_the_functioneel_beheerder_has_no_number_to_give(client_of, functional_admin):
    page = client_of(functional_admin).get("/account/")
    assert "Telefoonnummer" not in words_of(page)
    assert "Naar de organisaties" in words_of(page)


def test_with_two_memberships_she_chooses_whom_she_acts_for(client_of, sender, steunpunt):
    second = make_membership(sender, steunpunt, [Role.BEHEERDER])
    browser = client_of(sender)
    assert "Huisartsenpraktijk De Zaan" in words_of(browser.get("/team/"))
    response = browser.post("/account/organisatie/", {"membership": second.pk}, follow=True)
    assert "Je werkt nu voor Steunpunt Mantelzorg Zaanstad." in words_of(response)
    assert response.redirect_chain[-1][0] == "/"
    assert "Nodig een collega uit" in words_of(browser.get("/team/"))
    assert log("act_for")[0].organisation_id == steunpunt.pk


def test_rights_of_one_organisation_do_not_leak_into_the_other(client_of, sender, steunpunt):
    make_membership(sender, steunpunt, [Role.BEHEERDER])
    assert client_of(sender).get("/team/uitnodigen/").status_code == 404


def test_the_choice_is_of_this_session_only(client_of, sender, steunpunt):
    second = make_membership(sender, steunpunt, [Role.BEHEERDER])
    client_of(sender).post("/account/organisatie/", {"membership": second.pk})
    assert "Huisartsenpraktijk De Zaan" in words_of(client_of(sender).get("/team/"))


def test_when_the_chosen_membership_ends_she_acts_for_the_other(client_of, sender, steunpunt):
    second = make_membership(sender, steunpunt, [Role.BEHEERDER])
    browser = client_of(sender)
    browser.post("/account/organisatie/", {"membership": second.pk})
    second.ended_at = second.created_at
    second.save()
    assert "Huisartsenpraktijk De Zaan" in words_of(browser.get("/team/"))


def test_nobody_acts_for_an_organisation_that_is_not_hers(client_of, sender, receiver):
    browser = client_of(sender)
    for membership in [receiver.memberships.get().pk, "geen-uuid", ""]:
        assert browser.post("/account/organisatie/", {"membership": membership}).status_code == 404
    assert browser.get("/account/organisatie/").status_code == 405
    assert len(log("denied")) == 3

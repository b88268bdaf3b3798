"""The frame round every page: pieces, messages, the menu, error pages, and the pages about the portal itself."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.messages import success
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import Http404
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.text import camel_case_to_spaces
from django.views import defaults
from django_htmx.middleware import HtmxDetails

from mantelzorg.fragments import render_page, wants_piece
from mantelzorg.navigation import ENTRIES, current, navigation
from mantelzorg.personal import declared_models
from mantelzorg.privacy import WORDS, capitalised, in_dutch, in_words, register_of_personal_data
from mantelzorg.views import bad_request

pytestmark = pytest.mark.django_db

SAME_IN_BOTH = {"postcode", *WORDS.values()}  # languages


def a_request(path="/", **headers):
    request = RequestFactory().get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    request.htmx = HtmxDetails(request)
    request._messages = CookieStorage(request)
    return request


# Pieces


def test_htmx_gets_the_piece_and_a_browser_the_page():
    assert wants_piece(a_request(hx_request="true"))
    assert not wants_piece(a_request())


@pytest.mark.parametrize("header", ["hx_boosted", "hx_history_restore_request"])
def test_a_boosted_link_and_going_back_get_the_page(header):
    assert not wants_piece(a_request(hx_request="true", **{header: "true"}))


def test_both_answers_tell_caches_that_they_differ():
    for headers in ({}, {"hx_request": "true"}):
        response = render_page(a_request(**headers), "pages/accessibility.html", {})
        assert response["Vary"] == "HX-Request"


@pytest.fixture
def own_templates(settings):
    """The pages of this folder, which exist for these tests alone."""
    here = Path(__file__).parent / "templates"
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [here, *settings.TEMPLATES[0]["DIRS"]]}]


@pytest.mark.usefixtures("own_templates")
def test_messages_come_along_with_a_piece_for_the_region_that_was_there():
    request = a_request(hx_request="true")
    success(request, "Bewaard.")
    response = render_page(request, "mantelzorg_test/piece.html", {"n": 3}, piece="results")
    html = response.content.decode()
    assert "<html" not in html
    assert "3 resultaten" in html
    assert 'data-hx-swap-oob="innerHTML:#meldingen"' in html
    assert "Bewaard." in html


@pytest.mark.usefixtures("own_templates")
def test_a_piece_without_messages_is_just_the_piece():
    html = render_page(
        a_request(hx_request="true"), "mantelzorg_test/piece.html", {"n": 3}, piece="results"
    ).content.decode()
    assert "meldingen" not in html


# The frame


def test_a_message_is_shown_once_inside_a_region_that_was_there_before_it():
    request = a_request()
    success(request, "Bewaard.")
    html = render_page(request, "pages/accessibility.html", {}).content.decode()
    region = html.index('id="meldingen"')
    assert region < html.index("Bewaard.")
    assert 'aria-live="polite"' in html[region : region + 100]


def test_every_page_names_its_language_has_a_skip_link_and_one_heading(client):
    for name in ("privacy", "accessibility"):
        html = client.get(reverse(name)).content.decode()
        assert '<html lang="nl"' in html
        assert 'href="#inhoud"' in html
        assert 'id="inhoud"' in html
        assert html.count("<h1>") == 1


def test_no_page_carries_script_or_style_of_its_own(client):
    html = client.get(reverse("accessibility")).content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert "onclick" not in html
    assert html.count("<script") == html.count("<script src=")


def test_the_theme_is_a_setting(client, settings):
    settings.THEME = "groen"
    assert 'data-thema="groen"' in client.get(reverse("accessibility")).content.decode()


# The menu


def somebody(**rights):
    no_rights = dict.fromkeys(
        ["works_with_caregivers", "is_coordinator", "is_beheerder", "is_functional_admin", "is_logtoezicht"], False
    )
    return SimpleNamespace(is_authenticated=True, **no_rights | rights)


def menu_of(user, path="/privacy/"):
    request = RequestFactory().get(path)
    request.user = user
    return [link.label for link in navigation(request)]


@pytest.mark.parametrize(
    ("rights", "menu"),
    [
        ({"works_with_caregivers": True}, "Vandaag Mantelzorgers Verwijzingen Sociale kaart Kennis"),
        ({"is_coordinator": True}, "Vandaag Sociale kaart Kennis Overzichten"),
        ({"is_beheerder": True}, "Vandaag Sociale kaart Kennis Team"),
        ({"is_functional_admin": True}, "Vandaag Sociale kaart Kennis Organisaties Mail"),
        ({"is_logtoezicht": True}, "Vandaag Sociale kaart Kennis Logboek"),
    ],
)
def test_the_menu_follows_the_role(rights, menu):
    assert " ".join(menu_of(somebody(**rights))) == menu


def test_nobody_logged_in_has_no_menu():
    assert menu_of(SimpleNamespace(is_authenticated=False)) == []


def test_every_entry_leads_somewhere():
    for entry in ENTRIES:
        assert reverse(entry.name)


def test_the_menu_says_where_you_are():
    assert current("/mantelzorgers/", "/mantelzorgers/") == "page"
    assert current("/mantelzorgers/", "/mantelzorgers/nieuw/") == "true"
    assert current("/", "/mantelzorgers/") == ""


def test_what_a_message_says_of_a_person_stays_on_the_server(client_of, beheerder, colleague):
    browser = client_of(beheerder)
    address = f"/team/{colleague.memberships.get().pk}/rollen/"
    assert browser.post(address, {"roles": ["verwijzer"]}).status_code == 302
    assert set(browser.cookies) <= {"sessionid", "csrftoken"}
    assert "De rollen van Karim Haddad zijn bewaard." in browser.get("/team/").text


# Errors


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_an_error_page_stands_without_context_or_database(template):
    html = render_to_string(template)
    assert '<html lang="nl"' in html
    assert html.count("<h1>") == 1
    assert "Naar de startpagina" in html


def test_an_error_page_asks_the_database_nothing(django_assert_num_queries, sender, rf):
    request = rf.get("/bestaat-niet/")
    request.user = sender
    request.session = None  # touching it would fail
    with django_assert_num_queries(0):
        assert defaults.page_not_found(request, Http404()).status_code == 404
        assert defaults.permission_denied(request, PermissionError()).status_code == 403
        assert bad_request(request, ValueError()).status_code == 400
        assert defaults.server_error(request).status_code == 500


def test_a_form_that_cannot_be_read_at_all_is_told_so():
    browser = Client(enforce_csrf_checks=True)
    browser.get("/account/login/")
    response = browser.post(
        "/account/login/", b"login=x", content_type="application/x-www-form-urlencoded; charset=utf-16"
    )
    assert response.status_code == 400
    assert "Dat begrepen we niet" in response.text


def test_a_form_that_stood_open_too_long_is_told_so_in_dutch():
    response = Client(enforce_csrf_checks=True).post("/privacy/")
    assert response.status_code == 403
    assert "Verstuur het nog een keer" in response.content.decode()


# About the portal


def test_anyone_may_read_about_privacy(client):
    html = client.get("/privacy/").content.decode()
    assert "2 jaar nadat" in html
    assert "30 dagen" in html
    assert "Register" in html


def test_the_register_names_every_declared_field():
    shown = {row["name"]: row for group in register_of_personal_data() for row in group["rows"]}
    for model, declaration in declared_models():
        row = shown[capitalised(in_dutch(model._meta.verbose_name))]
        for name in declaration.fields:
            assert in_words(model._meta.get_field(name)) in row["fields"]
        assert row["purpose"]
        assert row["retention"]


def test_the_register_has_no_name_that_was_never_put_into_dutch():
    for model, declaration in declared_models():
        fields = [model._meta.get_field(name) for name in declaration.fields]
        named = [model, *(field.related_model for field in fields if field.is_relation and unnamed(field))]
        for each in named:
            assert in_dutch(each._meta.verbose_name) != camel_case_to_spaces(each.__name__), each
        for field in fields:
            assert field.is_relation or not unnamed(field) or in_words(field) in SAME_IN_BOTH, f"{model} {field}"


def unnamed(field) -> bool:
    return field.verbose_name == field.name.replace("_", " ")

"""What names something that must exist: an address, a template, a file, a mail. And what nobody names any more."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import resolve

from mantelzorg.navigation import ENTRIES
from tests.deployment import PROJECT
from tests.test_access import addresses

TEMPLATES = settings.BASE_DIR / "templates"
ROOMS = ["mantelzorg", "trail", "knowledge", "sociale_kaart", "accounts", "intake", "referrals", "overviews"]
PACKAGES_ASK_FOR = ("account/", "mfa/", "django/forms/")  # by names of their own
BROWSERS_GET = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html", "503.html", "locked.html"}


def templates() -> dict[str, str]:
    files = [path for path in sorted(TEMPLATES.rglob("*")) if path.is_file()]
    return {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in files}


def code() -> dict[str, str]:
    files = [path for room in ROOMS for path in sorted((PROJECT / room).rglob("*.py"))]
    return {path.relative_to(PROJECT).as_posix(): path.read_text() for path in files}


def named_in(texts: dict[str, str], pattern: str) -> set[tuple[str, str]]:
    """Which file names what."""
    return {(where, name) for where, text in texts.items() for name in re.findall(pattern, text)}


@pytest.mark.parametrize("name", templates())
def test_a_template_can_be_read(name):
    get_template(name)


def test_every_address_that_is_named_exists():
    named = named_in(templates(), r"{% url ['\"]([\w:]+)['\"]")
    named |= named_in(code(), r"\b(?:redirect|reverse|reverse_lazy)\(\s*['\"](\w+)['\"]")
    assert len(named) > 80
    assert {(where, name) for where, name in named if name not in addresses()} == set()


def test_every_entry_of_the_menu_leads_somewhere():
    assert {entry.name for entry in ENTRIES} <= set(addresses())


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "vandaag"),
        ("/mantelzorgers/", "caregiver_list"),
        ("/mantelzorgers/nieuw/", "caregiver_new"),
        ("/mantelzorgers/01900000-0000-7000-8000-000000000001/", "caregiver_detail"),
        ("/verwijzingen/", "referral_list"),
        ("/verwijzingen/01900000-0000-7000-8000-000000000001/", "referral_detail"),
        ("/sociale-kaart/", "service_search"),
        ("/sociale-kaart/aanbod/logeerhuis/", "service_detail"),
        ("/sociale-kaart/organisaties/steunpunt/", "organisation_detail"),
        ("/beroepen/", "profession_list"),
        ("/beroepen/poh/", "profession_detail"),
        ("/fasen/", "phase_list"),
        ("/fasen/niet-pluis/", "phase_detail"),
        ("/kennis/", "knowledge"),
        ("/themas/", "theme_list"),
        ("/themas/overbelasting/", "theme_detail"),
        ("/ondersteuning/", "support_list"),
        ("/ondersteuning/logeerzorg/", "support_detail"),
        ("/verhalen/", "story_list"),
        ("/verhalen/volle-spons/", "story_detail"),
        ("/werkkaart/", "work_card"),
        ("/landelijk/", "national_list"),
        ("/tips/", "tip_list"),
        ("/gesprekken/pom-gesprek/", "conversation_detail"),
        ("/meetinstrumenten/", "instrument_list"),
        ("/meetinstrumenten/csi/", "instrument_detail"),
        ("/financiering/", "financing_list"),
        ("/overzichten/", "overview"),
        ("/team/", "team"),
        ("/beheer/organisaties/", "admin_organisations"),
        ("/account/login/", "account_login"),
        ("/gezond/", "health"),
        ("/privacy/", "privacy"),
        ("/toegankelijkheid/", "accessibility"),
    ],
)
def test_an_address_that_others_may_have_written_down_still_leads_there(path, name):
    assert resolve(path).view_name == name


def test_every_template_that_is_named_exists():
    named = named_in(templates(), r"{% (?:include|extends) ['\"]([^'\"#]+)")
    named |= named_in(code(), r"['\"]([\w/]+\.(?:html|svg))(?:#\w+)?['\"]")
    missing = set()
    for where, name in named:
        try:
            get_template(name)
        except TemplateDoesNotExist:
            missing.add((where, name))
    assert missing == set()


def test_no_template_is_left_that_nobody_names():
    mails = {f"emails/{mail}" for mail in all_mails()}
    everything = "\n".join([*templates().values(), *code().values()])
    left = [
        name
        for name in templates()
        if name not in BROWSERS_GET
        and not name.startswith((*PACKAGES_ASK_FOR, "emails/"))
        and not re.search(rf"['\"]{re.escape(name)}(?:#\w+)?['\"]", everything)
    ]
    left += [name for name in templates() if name.startswith("emails/") and name.split(".")[0] not in mails]
    assert left == []


def all_mails() -> set[str]:
    """The mails that are put in the outbox somewhere."""
    return {name for _, name in named_in(code(), r"enqueue_mail\(\s*template=['\"](\w+)['\"]")}


def test_every_mail_that_is_sent_has_its_texts():
    asked = sum(len(re.findall(r"(?<!def )enqueue_mail\(", text)) for text in code().values())
    literal = sum(len(re.findall(r"enqueue_mail\(\s*template=['\"]", text)) for text in code().values())
    assert asked == literal, "a mail whose name is not written where it is sent"
    for mail in all_mails():
        for suffix in ("subject.txt", "txt"):
            assert templates()[f"emails/{mail}.{suffix}"].strip()


def test_every_file_that_a_page_asks_for_exists():
    asked = named_in(templates(), r"{% static ['\"]([^'\"]+)['\"]")
    built = {name for _, name in asked if name.startswith("build/")}
    missing = {(where, name) for where, name in asked if name not in built and not finders.find(name)}
    assert missing == set()
    script = (PROJECT / "frontend" / "build.py").read_text()
    assert {name for name in built if Path(name).name not in script} == set()


def test_an_address_that_does_not_exist_is_a_page_that_says_so(client, db):
    response = client.get("/bestaat-niet/")
    assert response.status_code == 404
    assert "<h1" in response.content.decode()

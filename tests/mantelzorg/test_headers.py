"""Every answer says the same to a browser: pages, refusals, errors, files, wherever in the stack they are made."""

import datetime
import re

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import log_in_fully
from tests.lived_in import ANONYMOUS, browser_of, cast_of, move_in, next_browser
from tests.test_access import ROWS, addresses
from trail.models import AccessLogEntry

CSP = {
    "default-src 'none'",
    *(f"{what}-src 'self'" for what in ("script", "style", "img", "font", "connect")),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def lacks(response, *, is_file: bool = False) -> list[str]:
    said = {part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")}
    found = [f"CSP: {said ^ CSP}"] if said != CSP else []
    found += [name for name, value in ALWAYS.items() if response.headers.get(name) != value]
    if not re.search(r"\bcamera=\(\).*\bclipboard-write=\(self\)", response.headers.get("Permissions-Policy", "")):
        found.append("Permissions-Policy")
    kept = response.headers.get("Cache-Control", "")
    if "no-store" not in kept and not is_file:
        found.append(f"Cache-Control: {kept}")
    for cookie in response.cookies.values():
        if not (cookie["httponly"] and cookie["samesite"] in ("Lax", "Strict") and cookie["path"] == "/"):
            found.append(f"cookie {cookie.key}")
    return found


@pytest.mark.parametrize("who", [ANONYMOUS, "sender", "coordinator", "functional_admin"])
def test_every_address_answers_with_the_headers(who, request, db):
    cast = cast_of(request)
    things = move_in(cast)
    browser = browser_of(getattr(cast, who, None))
    statuses, found = set(), set()
    for name, thing, method, *_ in ROWS:
        if name not in addresses():
            continue
        for htmx in ({}, {"HX-Request": "true"}) if method == "GET" else ({},):
            with transaction.atomic():
                response = next_browser(browser, htmx).generic(method, reverse(name, kwargs=things[thing]))
                transaction.set_rollback(True)
            statuses.add(response.status_code)
            found |= {f"{name} {method} {response.status_code}: {one}" for one in lacks(response)}
    assert found == set()
    assert statuses >= {200, 302, 405}


def broken_view(error):
    def view(*args, **kwargs):
        raise error

    return view


@pytest.mark.parametrize(
    ("status", "ask"),
    [
        (404, lambda browser: browser.get("/niets/")),
        (400, lambda browser: browser.get("/privacy/", headers={"host": "elders.example"})),
        (400, lambda browser: browser.post("/account/login/", {f"veld{number}": "" for number in range(1500)})),
        (400, lambda browser: browser.post("/account/login/", {"login": "a" * 3_000_000})),
        (403, lambda browser: Client(enforce_csrf_checks=True).post("/account/login/")),
        (405, lambda browser: browser.post("/privacy/")),
        (301, lambda browser: browser.get("/privacy")),
        (503, lambda browser: browser.get("/gezond/")),
    ],
)
def test_a_refusal_has_the_headers_too(status, ask, db):
    response = ask(Client(raise_request_exception=False))
    assert response.status_code == status
    assert lacks(response) == []


@pytest.mark.parametrize(
    ("error", "status"), [(ValueError(), 500), (OperationalError(), 503), (SuspiciousOperation(), 400)]
)
@pytest.mark.parametrize(
    "where",
    [
        "mantelzorg.privacy.in_words",
        "django.middleware.common.CommonMiddleware.process_request",
        "accounts.middleware.ActingMembershipMiddleware.__call__",
        "whitenoise.middleware.WhiteNoiseMiddleware.__call__",
    ],
)
def test_an_error_wherever_in_the_stack_has_the_headers_too(where, error, status, db, monkeypatch):
    monkeypatch.setattr(where, broken_view(error))
    browser = Client(raise_request_exception=False)
    response = browser.get("/privacy/")
    in_a_view = where.startswith("mantelzorg")  # elsewhere nobody tells what an error of the database is
    assert response.status_code == (status if in_a_view or status != 503 else 500)
    assert lacks(response) == []


def test_a_file_has_the_headers_too(settings, db):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    response = Client().get("/static/portaal.js")
    b"".join(response)
    assert response.status_code == 200
    assert lacks(response, is_file=True) == []
    response.close()


def test_who_finds_a_leak_can_read_whom_to_tell(client, settings, db):
    settings.SECURITY_CONTACT = "mailto:lek@voorbeeld.example"
    response = client.get("/.well-known/security.txt")
    lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert response["Content-Type"].startswith("text/plain")
    assert lines["Contact"] == "mailto:lek@voorbeeld.example"
    assert lines["Preferred-Languages"] == "nl, en"
    assert lines["Canonical"].endswith("/.well-known/security.txt")
    left = datetime.datetime.fromisoformat(lines["Expires"]) - timezone.now()
    assert datetime.timedelta(days=150) < left < datetime.timedelta(days=365)


@pytest.mark.django_db
def test_a_form_from_another_site_is_refused_and_on_record(sender):
    browser = Client(enforce_csrf_checks=True)
    log_in_fully(browser, sender)
    assert browser.post(reverse("caregiver_new"), {"name": "Iemand"}).status_code == 403
    row = AccessLogEntry.objects.get(outcome="denied")
    assert (row.event, row.user_id) == ("denied", sender.pk)

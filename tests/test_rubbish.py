"""Whatever is sent in, nobody gets a 500.

Every form of every page, as each of the cast gets it, comes back with rubbish in it: first in one field after another,
the rest filled in well, and then in all at once. Every address is asked with rubbish behind the question mark.
"""

from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.urls import resolve, reverse

from tests.lived_in import ANONYMOUS, browser_of, cast_of, move_in, next_browser
from tests.markup import Page
from tests.test_access import ROWS, addresses

RUBBISH = {
    "a zero character": "Anja\0",
    "a very long text": "lang " * 20_000,
    "half a pair": '{"name": "\\ud800", "kind_id": "\\udfff"}',  # as JSON, which can say it
    "no id of ours": "01900000-0000-7000-8000-00000000000g",
    "a number too big": "9" * 5000,
    "a path": "../../etc/passwd",
    "a field that is a list": "[[[[[[",
}
NOBODYS_BUSINESS = {"csrfmiddlewaretoken"}
ASKED = (
    *("q", "zoek", "na", "voor", "vraag", "aanbod", "einde", "soort", "lijst", "periode", "gebied", "next", "gemeente"),
    *("groep", "postcode", "fase", "doelgroep", "volgorde", "van", "groot"),
)
WHO = [ANONYMOUS, "sender", "coordinator", "beheerder", "functional_admin"]


def pages_of(who: str, things: dict, browser):
    """The page of each address that she may open, once for each kind of thing it is about."""
    for name, thing, method, *_ in ROWS:
        if method == "GET" and name in addresses():
            path = reverse(name, kwargs=things[thing])
            with transaction.atomic():
                response = next_browser(browser).get(path)
                transaction.set_rollback(True)
            if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                yield path, Page(response.content.decode())


def broken(form) -> list[dict]:
    """Fillings of this form with something wrong in it."""
    good = form.filled_in(0)
    names = [name for name in good if name and name not in NOBODYS_BUSINESS]
    kinds = list(RUBBISH.values())
    one_by_one = [good | {name: [kinds[number % len(kinds)]]} for number, name in enumerate(names)]
    return one_by_one + [good | {name: [rubbish] for name in names} for rubbish in kinds]


@pytest.mark.parametrize("who", WHO)
def test_rubbish_in_a_form_is_answered(who, request, db):
    cast = cast_of(request)
    things = move_in(cast)
    browser = browser_of(getattr(cast, who, None))
    tried, errors = set(), set()
    for path, page in pages_of(who, things, browser):
        for form in page.forms:
            for button in form.buttons or [None]:
                target = urljoin(path, (button and button.get("formaction")) or form.get("action") or path)
                pressed = {button.get("name"): [button.get("value")]} if button and button.get("name") else {}
                what = (resolve(urlsplit(target).path).view_name, str(pressed), frozenset(form.filled_in(0)))
                if what in tried:
                    continue
                tried.add(what)
                for data in broken(form):
                    with transaction.atomic():
                        answer = getattr(next_browser(browser), form.method)(target, data | pressed)
                        transaction.set_rollback(True)
                    if answer.status_code >= 500:
                        wrong = [name for name, values in data.items() if values[0] in RUBBISH.values()]
                        errors.add(f"{what[0]} {pressed}: {wrong}")
    assert errors == set()
    assert len(tried) >= 3


@pytest.mark.parametrize("who", WHO)
def test_rubbish_in_an_address_is_answered(who, request, db):
    cast = cast_of(request)
    things = move_in(cast)
    browser = browser_of(getattr(cast, who, None))
    errors = set()
    for name, thing in sorted(
        {(name, thing) for name, thing, method, *_ in ROWS if method == "GET" and name in addresses()}
    ):
        for kind in ("a zero character", "no id of ours"):
            answer = next_browser(browser).get(reverse(name, kwargs=things[thing]), dict.fromkeys(ASKED, RUBBISH[kind]))
            if answer.status_code >= 500:
                errors.add(f"{name} with {kind}")
    assert errors == set()

"""Two people at once, each served by a process of her own: one winner, one clear sentence, and no promise broken.

The web server is that of compose, with its two workers, on the test database and as the application's own role.
"""

import html
import http.client
import re
import threading
import uuid
from urllib.parse import urlencode

import pytest
from django.test import Client

from intake.models import Caregiver, Need
from referrals.models import Referral, ReferralEvent
from referrals.transitions import OPEN_STATES, State
from sociale_kaart.actions import refresh_search
from tests.deployment import FILLED_IN
from tests.factories import log_in_fully, make_caregiver, make_need, make_referral, make_service
from tests.referrals.test_passing_on import answers
from tests.test_deployment import web  # noqa: F401 (a fixture)
from trail.models import AccessLogEntry, OutboxMessage

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("staticfiles"),  # as in test_deployment: it collects the static files
]

HOST = "portaal.example"
ROUNDS = 4


class Browser:
    """As much of one as pressing a button takes, over a connection of its own."""

    def __init__(self, port: int, user):
        client = Client()
        log_in_fully(client, user)
        self.port, self.cookies = port, {"__Host-sessie": client.cookies["sessionid"].value}

    def ask(self, method: str, path: str, data: dict | None = None) -> tuple[int, str, str]:
        """The status, the text, and where it leads."""
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "Referer": f"https://{HOST}/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, urlencode(data or {}, doseq=True), headers)
            answer = connection.getresponse()
            text = html.unescape(answer.read().decode())
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, text, answer.headers.get("Location", "")
        finally:
            connection.close()

    def open(self, path: str) -> str:
        status, text, _ = self.ask("GET", path)
        assert status == 200, status
        self.token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[1]
        return text

    def press(self, path: str, data: dict | None = None) -> str:
        """What she reads in the end."""
        status, text, leads_to = self.ask("POST", path, {"csrfmiddlewaretoken": self.token, **(data or {})})
        if status == 302:
            self.led_to = leads_to
            status, text, _ = self.ask("GET", leads_to)
        assert status == 200, (status, text[:500])
        return text


def at_once(*presses) -> list[str]:
    """Each a browser, an address and what was filled in; all have the page open, and press at the same moment."""
    for browser, path, _ in presses:
        browser.open(path)
    gate, said = threading.Barrier(len(presses)), [""] * len(presses)

    def press(place: int) -> None:
        browser, path, data = presses[place]
        gate.wait(timeout=10)
        said[place] = browser.press(path, data)

    threads = [threading.Thread(target=press, args=(place,)) for place in range(len(presses))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert all(said)
    return said


def promises_hold() -> None:
    """Every open need has one party and a date: that of the one referral that carries it, or its owner's."""
    for need in Need.objects.open():
        carriers = Referral.objects.filter(state__in=OPEN_STATES, referral_needs__need=need)
        assert (need.turn_organisation_id is not None, need.turn_on is not None) == (True, True)
        assert [need.turn_on] * need.on_referral == [referral.turn_on for referral in carriers]
    for event in ReferralEvent.objects.all():  # a step, its row in the log, and its mail
        assert AccessLogEntry.objects.filter(object_id=str(event.referral_id), event=f"refer_{event.verb}").exists()


def test_two_at_once_through_two_processes(
    request, settings, sender, colleague, receiver, receiver_colleague, steunpunt, tmp_path
):
    settings.SECRET_KEY = FILLED_IN["SECRET_KEY"]  # a session made here is one to the server
    _, port, _ = request.getfixturevalue("web")
    sends, helps, answers_, joins = (Browser(port, user) for user in (sender, colleague, receiver, receiver_colleague))
    service = make_service(steunpunt, "Gesprek met een consulent")
    refresh_search(service)

    for _ in range(ROUNDS):
        sent = make_referral(State.SENT, sender=sender, service=service)
        path = f"/verwijzingen/{sent.pk}/aannemen/"
        said = at_once((answers_, path, None), (joins, path, None))
        assert sum("Dat kan nu niet: deze verwijzing is aangenomen" in text for text in said) == 1, said
        assert ReferralEvent.objects.filter(referral=sent, verb="accept").count() == 1
        assert OutboxMessage.objects.filter(about_id=sent.pk, to=sender.email).count() == 1
        promises_hold()

    for _ in range(ROUNDS):
        sent = make_referral(State.SENT, sender=sender, service=service)
        accept, _ = at_once(
            (answers_, f"/verwijzingen/{sent.pk}/aannemen/", None),
            (sends, f"/verwijzingen/{sent.pk}/intrekken/", {"note": "Zij bedacht zich."}),
        )
        sent.refresh_from_db()
        verbs = list(ReferralEvent.objects.filter(referral=sent).values_list("verb", flat=True))
        assert sent.state == State.WITHDRAWN
        assert verbs in (["send", "withdraw"], ["send", "accept", "withdraw"])
        assert "accept" in verbs or "Ingetrokken, neem geen contact meer op" in accept
        assert not sent.shared_items.exists()
        promises_hold()

    other = make_service(steunpunt, "Gesprek in de buurt")
    refresh_search(other)
    for _ in range(ROUNDS):
        her = make_caregiver(sender)
        need, path = make_need(her, sender), f"/mantelzorgers/{her.pk}/verwijzen/"
        said = at_once(
            *(
                (browser, path, answers(needs=[str(need.pk)], name=None, kind=None, words=None, service=where.slug))
                for browser, where in ((sends, service), (helps, other))
            )
        )
        assert Referral.objects.filter(caregiver=her, state=State.SENT).count() == 1
        assert sum("loopt al via een andere verwijzing" in text for text in said) == 1, said
        promises_hold()

    form = answers(name="Anna Dubbel", phone="06 55509999", form_key=str(uuid.uuid4()))
    again = Browser(port, sender)
    at_once((sends, "/mantelzorgers/nieuw/", form), (again, "/mantelzorgers/nieuw/", form))
    assert sends.led_to == again.led_to
    assert Caregiver.objects.filter(name="Anna Dubbel").count() == 1
    promises_hold()

    assert (tmp_path / "log").read_text().count("Booting worker") == 2
    Need.objects.filter(on_referral=True).update(turn_on="2020-01-01")  # what is broken is seen
    with pytest.raises(AssertionError):
        promises_hold()

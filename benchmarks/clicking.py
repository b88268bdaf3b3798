"""People who send referrals: each opens the page, fills it in, presses its button three times at once, and presses
again for as long as she gets no answer.
"""

import html
import http.client
import random
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.ledger import Form

CLICKS = 3
PATIENCE = 30  # seconds for an answer, as a browser has them
GIVES_UP = 120  # seconds: nothing may come to that
SUCCESS = re.compile(r"/verwijzingen/([0-9a-f-]{36})/verstuurd/")
FIELD = re.compile(r'name="(form_key|csrfmiddlewaretoken)" value="([^"]+)"')


@dataclass
class Answers:
    """How often what was answered to the buttons, and to opening the page. An answer that failed is asked for again."""

    buttons: Counter = field(default_factory=Counter)
    pages: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, counted: Counter, what: str) -> None:
        with self.lock:
            counted[what] += 1


@dataclass
class ToSend:
    """A form to be sent: on which page, and what is filled in."""

    form: Form
    path: str
    typed: dict


class Person:
    """Somebody who is logged in, by her cookies."""

    def __init__(self, port: int, cookies: dict[str, str], answers: Answers, is_over: threading.Event):
        self.port, self.cookies, self.answers, self.is_over = port, cookies, answers, is_over
        self.hands = ThreadPoolExecutor(CLICKS)

    def send_all(self, waiting: list[ToSend]) -> None:
        for one in waiting:
            if not self.is_over.is_set():
                self.send(one)
        self.hands.shutdown()

    def send(self, one: ToSend) -> None:
        """The same form, three times at once. All presses carry the hidden key that the page came with."""
        hidden = self._until_answered(lambda: self._open(one.path))
        if hidden is None:
            return
        body = urlencode({**one.typed, **hidden, "stap": "verstuur"}, doseq=True)
        gate = threading.Barrier(CLICKS)

        def press() -> bool:
            gate.wait()
            told = self._until_answered(lambda: self._press(one.path, body))
            if told is not None:
                one.form.told.add(told)
            return told is not None

        presses = [self.hands.submit(press) for _ in range(CLICKS)]
        ended = [press.result() for press in presses]
        one.form.is_answered = all(ended)

    def _until_answered(self, ask: Callable):
        until = time.monotonic() + GIVES_UP
        while time.monotonic() < until and not self.is_over.is_set():
            if (answer := ask()) is not None:
                return answer
            time.sleep(random.uniform(0.2, 0.6))
        return None

    def _open(self, path: str) -> dict[str, str] | None:
        status, text, _ = self._ask("GET", path)
        self.answers.note(self.answers.pages, str(status))
        return dict(FIELD.findall(text)) if status == 200 else None

    def _press(self, path: str, body: str) -> uuid.UUID | None:
        status, text, leads_to = self._ask("POST", path, body)
        success = SUCCESS.fullmatch(leads_to)
        self.answers.note(self.answers.buttons, "sent" if success else in_words(status, text, leads_to))
        return uuid.UUID(success[1]) if success else None

    def _ask(self, method: str, path: str, body: str = "") -> tuple[int | str, str, str]:
        """The status, the text, and where it leads; or what became of the connection."""
        headers = {"Host": "localhost", "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            text = html.unescape(answer.read().decode())
        except ConnectionRefusedError:
            return "nobody there", "", ""
        except TimeoutError:
            return "no answer in time", "", ""
        except (OSError, http.client.HTTPException):
            return "cut off", "", ""
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, answer.headers.get("Location", "")


def in_words(status: int | str, text: str, leads_to: str) -> str:
    """A refusal that nobody should get, with what it said; otherwise what went wrong."""
    if leads_to:
        return f"{status} to {leads_to}"
    said = re.search(r'class="[^"]*error[^"]*"[^>]*>(.*?)</', text, re.DOTALL) if status == 200 else None
    return f"{status}: {' '.join(said[1].split())}" if said else str(status)

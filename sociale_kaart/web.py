"""Asking an address on the web whether it is still there. Knows no database rows.

The addresses come from people, so no answer may lead inside: a name is looked up first, and only when all it leads to
is public, that very address is called. A redirect is followed by hand, with the same questions asked again.
"""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urljoin

from urllib3 import exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Url, parse_url

from knowledge.models import LinkCheck

REDIRECTS = 5
ADDRESSES = 2  # of one name that are tried
SECONDS = 10  # for a connection, and for each part of an answer
DEADLINE = 30  # for one call, however slowly it drips
PORTS = {"http": 80, "https": 443}
USER_AGENT = "Mozilla/5.0 (compatible; Mantelzorgportaal-linkcontrole/1.0)"
WORLD_WIDE = ipaddress.ip_network("2000::/3")  # all of IPv6 that is handed out; what translates to IPv4 is elsewhere
PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")
GONE = {404, 410}
REDIRECTING = {301, 302, 303, 307, 308}
Outcome = LinkCheck.Outcome


@dataclass(frozen=True)
class Answer:
    outcome: str
    status: int | None = None
    said: str = ""
    is_settled: bool = False  # asking in another way would not change it

    @property
    def is_from_the_web(self) -> bool:
        """Somebody answered, whatever was said."""
        return self.status is not None


class _NotVisited(Exception):
    """An address that we do not go to, and why."""


def is_public(address: str, port: int) -> bool:
    """May we call this? Nothing of a network of our own, and no other door than that of a website."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if found.version == 6 and (found not in WORLD_WIDE or found.sixtofour or found.teredo):
        return False
    if found.version == 4 and found in PROTOCOLS:
        return False
    return found.is_global and not found.is_multicast and port in PORTS.values()


def ask(url: str, *, may_call: Callable[[str, int], bool] = is_public) -> Answer:
    """What the web says of an address: of its head, and of itself where a head is not understood or not answered."""
    answer = _follow("HEAD", url, may_call)
    return answer if answer.is_settled else _follow("GET", url, may_call)


# Steps --------------------------------------------------------------------------------------------------------------


def _follow(method: str, url: str, may_call: Callable[[str, int], bool]) -> Answer:
    try:
        for _ in range(REDIRECTS + 1):
            status, onward = _call(method, url, may_call)
            if not (status in REDIRECTING and onward):
                return _judged(status)
            url = urljoin(url, onward)
        return Answer(Outcome.UNSURE, status, "verwijst steeds weer door")
    except _NotVisited as reason:
        return Answer(Outcome.UNSURE, None, str(reason), is_settled=True)
    except (exceptions.TimeoutError, TimeoutError):
        return Answer(Outcome.UNREACHABLE, None, "geen antwoord binnen de tijd")
    except (socket.gaierror, exceptions.NameResolutionError):
        return Answer(Outcome.UNREACHABLE, None, "deze naam bestaat niet op het web", is_settled=True)
    except (exceptions.SSLError, ssl.SSLError):
        return Answer(Outcome.UNSURE, None, "het beveiligingscertificaat klopt niet", is_settled=True)
    except (exceptions.HTTPError, HTTPException, OSError, ValueError) as error:
        return Answer(Outcome.UNREACHABLE, None, f"verbinding verbroken ({type(error).__name__})")


def _judged(status: int) -> Answer:
    if status in GONE:
        return Answer(Outcome.DEAD, status)
    if status < 400:
        return Answer(Outcome.OK, status, is_settled=True)
    if status >= 500:
        return Answer(Outcome.UNREACHABLE, status, "de website geeft een fout")
    return Answer(Outcome.UNSURE, status, "de website laat zich niet nakijken")


def _call(method: str, url: str, may_call: Callable[[str, int], bool]) -> tuple[int, str]:
    """Status, and where it leads. Of the answer itself nothing is read."""
    parts = _parsed(url)
    port = parts.port or PORTS[parts.scheme]
    *others, last = _looked_up(parts.host.strip("[]"), port, may_call)
    for address in others:
        with suppress(exceptions.NewConnectionError, exceptions.ConnectTimeoutError):
            return _call_at(address, method, parts, port)
    return _call_at(last, method, parts, port)


def _call_at(address: str, method: str, parts: Url, port: int) -> tuple[int, str]:
    if parts.scheme == "https":
        connection = HTTPSConnection(address, port, timeout=SECONDS, server_hostname=parts.host.strip("[]"))
    else:
        connection = HTTPConnection(address, port, timeout=SECONDS)
    host = parts.host if port == PORTS[parts.scheme] else f"{parts.host}:{port}"
    headers = {"Host": host, "User-Agent": USER_AGENT, "Accept": "text/html,*/*;q=0.5", "Connection": "close"}
    with _until_deadline(connection):
        connection.request(method, parts.request_uri, headers=headers, preload_content=False)
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")


def _parsed(url: str) -> Url:
    try:
        parts = parse_url(url)
    except exceptions.LocationParseError as error:
        raise _NotVisited("dit is geen webadres") from error
    if parts.scheme not in PORTS or not parts.host or parts.auth:
        raise _NotVisited("dit is geen gewoon webadres")
    return parts


def _looked_up(host: str, port: int, may_call: Callable[[str, int], bool]) -> list[str]:
    """The addresses to call, in turn: the very ones that were looked at, so that a name cannot lead elsewhere a moment
    later. Those of IPv4 first: not every computer has the other.
    """
    found = list(dict.fromkeys(row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    if not all(may_call(address, port) for address in found):
        raise _NotVisited("leidt naar een besloten netwerk of een ongewone poort: niet bezocht")
    return sorted(found, key=lambda address: ":" in address)[:ADDRESSES]


@contextmanager
def _until_deadline(connection):
    """However slowly an answer comes in, after a while it is over."""
    timer = threading.Timer(DEADLINE, _hang_up, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        connection.close()


def _hang_up(connection) -> None:
    with suppress(OSError):
        if connection.sock:
            connection.sock.shutdown(socket.SHUT_RDWR)

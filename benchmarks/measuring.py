"""Asking for a page and its floor in turn, and what each costs.

In this process, through the same WSGI application that gunicorn serves, middleware and all. CPU is that of this process
plus that of the database's process behind our connection, where the operating system lets us see it.
"""

import io
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from django.core.wsgi import get_wsgi_application
from django.db import connection

from benchmarks import databases
from benchmarks.pages import Page, Request, World

WARM_UP = 3


class Broken(Exception):
    """A page did not answer as it should: there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    app_ms: float
    database_ms: float
    wall_ms: float

    @property
    def cpu_ms(self) -> float:
        return self.app_ms + self.database_ms


@dataclass
class Place:
    """One database to ask in, and who asks there."""

    caregivers: int
    name: str
    wrapper: object
    world: World
    server: object = None  # over HTTP; None: in this process


@dataclass
class Cost:
    """What one page cost in one place, and its floor in between."""

    queries: int = 0
    floor_queries: int = 0
    size: int = 0
    page: list[Answer] = field(default_factory=list)
    floor: list[Answer] = field(default_factory=list)

    @property
    def cpu(self) -> float:
        return median(answer.cpu_ms for answer in self.page)

    @property
    def database(self) -> float:
        return median(answer.database_ms for answer in self.page)

    @property
    def wall(self) -> float:
        return median(answer.wall_ms for answer in self.page)

    @property
    def floor_cpu(self) -> float:
        return median(answer.cpu_ms for answer in self.floor)

    @property
    def ratio(self) -> float:
        """Of each pair that ran right after each other: what slowed the computer down, slowed both down."""
        return median(page.cpu_ms / floor.cpu_ms for page, floor in zip(self.page, self.floor, strict=True))


def cpu_of(pid: int) -> int | None:
    """CPU time of a process, in nanoseconds; None where it cannot be seen (another computer, not Linux)."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


class InProcess:
    """The WSGI application, called as a server calls it."""

    def __init__(self):
        self.application = get_wsgi_application()
        self.numbers = 0

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def ask(self, request: Request, place: Place) -> Answer:
        environ = _environ(request, place.world.cookies[request.as_whom])
        answered = []
        backend = connection.connection.info.backend_pid
        database = self._database(backend)
        app, wall = time.process_time_ns(), time.perf_counter_ns()
        response = self.application(environ, lambda status, headers, exc_info=None: answered.append(status))
        body = b"".join(response)
        response.close()
        wall, app = time.perf_counter_ns() - wall, time.process_time_ns() - app
        database = self._database(backend) - database
        return Answer(int(answered[0][:3]), body, app / 1e6, database / 1e6, wall / 1e6)

    def _database(self, backend: int) -> int:
        return cpu_of(backend) or 0

    def sees_database(self) -> bool:
        process = Path(f"/proc/{connection.connection.info.backend_pid}/comm")
        return process.exists() and process.read_text().startswith("postgres")


def _environ(request: Request, cookie: str) -> dict:
    path, _, query = request.path.partition("?")
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
    return {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": cookie,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **headers,
    }


def measure(page: Page, places: Iterable[Place], client, counter: InProcess, repeat: int) -> dict[str, Cost]:
    """Round after round over all places: the page, its floor, the next place. Returns the cost by place."""
    places = list(places)
    costs = {}
    for place in places:
        databases.use(place.wrapper)
        costs[place.name] = _first_look(page, place, client, counter)
    for _ in range(max(5, round(repeat * page.repeat))):
        for place in places:
            databases.use(place.wrapper)
            costs[place.name].page.append(client.ask(page.request(place.world, counter.number()), place))
            costs[place.name].floor.append(client.ask(page.floor(place.world, counter.number()), place))
    for place in places:
        answers = costs[place.name].page
        if any(answer.status != page.status for answer in answers):
            raise Broken(f"{page.name} in {place.name}: not every answer was {page.status}.")
    return costs


def _first_look(page: Page, place: Place, client, counter: InProcess) -> Cost:
    """Check the answer, count its queries, and warm up; none of it is timed."""
    cost = Cost()
    statements: list[str] = []
    with connection.execute_wrapper(_counting(statements)):
        answer = counter.ask(page.request(place.world, counter.number()), place)
        cost.queries, cost.size = len(statements), len(answer.body)
        if answer.status != page.status or page.shows.encode() not in answer.body:
            raise Broken(f"{page.name} in {place.name}: {answer.status}, without '{page.shows}'.")
        statements.clear()
        answer = counter.ask(page.floor(place.world, counter.number()), place)
        cost.floor_queries = len(statements)
        if answer.status not in (200, 302):
            raise Broken(f"The floor of {page.name} in {place.name}: {answer.status}.")
    for _ in range(WARM_UP):
        client.ask(page.request(place.world, counter.number()), place)
        client.ask(page.floor(place.world, counter.number()), place)
    return cost


def _counting(statements: list[str]):
    def note(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    return note

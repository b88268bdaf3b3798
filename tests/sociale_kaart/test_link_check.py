"""Asking whether links still work: with a real server on this machine, which only these tests may call."""

import datetime
import ssl
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from knowledge.models import Association, LinkCheck, NationalOrganisation, Profession, Resource
from sociale_kaart import link_check, web
from sociale_kaart.link_check import Place
from tests.factories import make_service

MONDAY = timezone.make_aware(datetime.datetime(2026, 11, 23, 4))
DAY = datetime.timedelta(days=1)


class Site(BaseHTTPRequestHandler):
    """Answers what its address asks for: /404, /head/405 (only to HEAD), /head/slow, /to/... (a redirect), /slow,
    /hangup.
    """

    asked: list[tuple[str, str]] = []
    most_at_once = now_here = 0
    lock = threading.Lock()

    def do_HEAD(self):
        self.answer()

    do_GET = do_HEAD

    def answer(self):
        self.asked.append((self.command, self.path))
        parts = self.path.strip("/").split("/")
        if parts[0] == "slow" or (parts[1:] == ["slow"] and self.command == "HEAD"):
            time.sleep(1.5)
        elif parts[0] == "busy":
            with self.lock:
                Site.now_here += 1
                Site.most_at_once = max(Site.most_at_once, Site.now_here)
            time.sleep(0.05)
            with self.lock:
                Site.now_here -= 1
        elif parts[0] == "hangup":
            return
        elif parts[0] == "drip":
            for _ in range(40):
                self.wfile.write(b"HTTP/1.1 200 OK\r\n"[:1])
                time.sleep(0.1)
            return
        status, onward = 200, ""
        if parts[0].isdigit():
            status = int(parts[0])
        elif parts[0] == "head" and parts[1].isdigit() and self.command == "HEAD":
            status = int(parts[1])
        elif parts[0] == "times":
            left = int(parts[1])
            status, onward = (302, f"/times/{left - 1}") if left else (200, "")
        elif parts[0] == "to":
            status, onward = 301, self.path.removeprefix("/to/")
        self.send_response(status)
        if onward:
            self.send_header("Location", onward)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


@contextmanager
def served(certificate=None):
    server = Quiet(("127.0.0.1", 0), Site)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{'https' if certificate else 'http'}://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site():
    Site.asked, Site.most_at_once, Site.now_here = [], 0, 0
    with served() as address:
        yield address


def on_this_machine(address: str, port: int) -> bool:
    return address in ("127.0.0.1", "::1")


def ask(url: str) -> tuple[str, int | None]:
    answer = web.ask(url, may_call=on_this_machine)
    return answer.outcome, answer.status


def said(url: str) -> str:
    return web.ask(url, may_call=on_this_machine).said


# One address ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [
        ("/", "ok", 200),
        ("/204", "ok", 204),
        ("/head/405", "ok", 200),
        ("/head/404", "ok", 200),
        ("/404", "dood", 404),
        ("/410", "dood", 410),
        ("/401", "onzeker", 401),
        ("/403", "onzeker", 403),
        ("/429", "onzeker", 429),
        ("/500", "onbereikbaar", 500),
        ("/503", "onbereikbaar", 503),
        ("/to//410", "dood", 410),
        ("/times/5", "ok", 200),
        ("/times/6", "onzeker", 302),
    ],
)
def test_what_an_answer_means(site, path, outcome, status):
    assert ask(site + path) == (outcome, status)


def test_a_head_is_enough_where_it_is_understood(site):
    ask(f"{site}/")
    ask(f"{site}/head/501")
    assert Site.asked == [("HEAD", "/"), ("HEAD", "/head/501"), ("GET", "/head/501")]


def test_a_redirect_is_followed_also_to_an_address_without_a_host(site):
    assert ask(f"{site}/to/{site}/elders") == ("ok", 200)
    assert Site.asked[-1] == ("HEAD", "/elders")


def test_silence_a_broken_connection_and_a_slow_drip_are_no_answer(site, monkeypatch):
    monkeypatch.setattr(web, "SECONDS", 0.4)
    monkeypatch.setattr(web, "DEADLINE", 0.8)
    assert ask(f"{site}/slow") == ("onbereikbaar", None)
    assert ask(f"{site}/hangup") == ("onbereikbaar", None)
    began = time.monotonic()
    assert ask(f"{site}/drip") == ("onbereikbaar", None)
    assert time.monotonic() - began < 3


def test_who_never_answers_a_head_is_asked_for_the_page(site, monkeypatch):
    monkeypatch.setattr(web, "SECONDS", 0.4)
    assert ask(f"{site}/head/slow") == ("ok", 200)


def test_an_address_of_a_name_that_nobody_listens_to_is_passed_by(site, monkeypatch):
    looked_up = web.socket.getaddrinfo

    def with_another(host, port, *how, **more):
        return [(0, 0, 0, "", ("127.0.0.2", port)), *looked_up(host, port, *how, **more)]

    monkeypatch.setattr(web, "socket", SimpleNamespace(**vars(web.socket) | {"getaddrinfo": with_another}))
    answer = web.ask(f"{site}/", may_call=lambda address, port: True)
    assert (answer.outcome, answer.status) == ("ok", 200)


def test_a_name_that_does_not_exist_is_no_answer():
    assert ask("http://bestaat-niet.invalid/") == ("onbereikbaar", None)


@pytest.mark.parametrize(
    "url",
    ["ftp://localhost/", "file:///etc/passwd", "http://wie:geheim@localhost/", "http://", "http://[zo]/", "mailto:a@b"],
)
def test_what_is_no_ordinary_web_address_is_not_visited(url):
    assert ask(url) == ("onzeker", None)


@pytest.mark.parametrize(
    ("address", "port", "may"),
    [
        ("93.184.215.14", 443, True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", 80, True),
        ("93.184.215.14", 5432, False),
        ("127.0.0.1", 80, False),
        ("0.0.0.0", 80, False),
        ("10.1.2.3", 443, False),
        ("172.16.0.1", 443, False),
        ("192.168.1.1", 443, False),
        ("100.64.0.1", 443, False),
        ("169.254.169.254", 80, False),
        ("224.0.0.1", 80, False),
        ("255.255.255.255", 80, False),
        ("::1", 80, False),
        ("fe80::1%eth0", 80, False),
        ("fd00::1", 443, False),
        ("ff02::1", 80, False),
        ("::ffff:127.0.0.1", 80, False),
        ("64:ff9b::7f00:1", 80, False),
        ("2002:7f00:1::", 80, False),
        ("64:ff9b:1::a00:1", 80, False),
        ("::a00:1", 80, False),
        ("fec0::1", 80, False),
        ("2001:0:a00:1::", 80, False),
        ("192.0.0.8", 80, False),
    ],
)
def test_only_what_is_public_may_be_called(address, port, may):
    assert web.is_public(address, port) is may


@pytest.mark.parametrize(
    "url", ["{site}/", "http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://[::1]/"]
)
def test_nothing_inside_is_called(site, url):
    answer = web.ask(url.format(site=site))
    assert (answer.outcome, answer.status) == ("onzeker", None)
    assert "besloten netwerk" in answer.said
    assert Site.asked == []


def test_a_redirect_does_not_lead_inside_either(site):
    assert "besloten netwerk" in said(f"{site}/to/http://10.0.0.1/geheim")
    assert "gewoon webadres" in said(f"{site}/to/file:///etc/passwd")


def test_a_certificate_is_looked_at_and_is_that_of_the_name(tmp_path, monkeypatch):
    right, wrong = (certificate_for(name, tmp_path) for name in ("localhost", "ergens-anders"))
    with served(wrong) as elsewhere:
        monkeypatch.setenv("SSL_CERT_FILE", str(wrong[0]))
        assert ask(f"{elsewhere}/") == ("onzeker", None)
        assert "certificaat" in said(f"{elsewhere}/")
    with served(right) as address:
        assert ask(f"{address}/") == ("onzeker", None)
        monkeypatch.setenv("SSL_CERT_FILE", str(right[0]))
        assert ask(f"{address}/") == ("ok", 200)


def certificate_for(name: str, folder):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(
            subject, subject, key.public_key(), x509.random_serial_number(), today - DAY, today + DAY
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


# All of them ----------------------------------------------------------------------------------------------------------


def check(*urls: str, now=MONDAY):
    places = {url: [Place("Aanbod", "Koffie", (("Buurthuis", ""),))] for url in urls}
    return link_check.check(places, now=now, may_call=on_this_machine, between=0)


def test_what_was_found_is_kept_by_address(db, site):
    LinkCheck.objects.create(url="https://staat.nergens.example", outcome="ok", checked_at=MONDAY)
    check(f"{site}/", f"{site}/404")
    kept = {each.url.removeprefix(site): each for each in LinkCheck.objects.all()}
    assert set(kept) == {"/", "/404"}
    assert (kept["/"].outcome, kept["/"].worked_at, kept["/"].failures) == ("ok", MONDAY, 0)
    assert (kept["/404"].outcome, kept["/404"].status, kept["/404"].worked_at) == ("dood", 404, None)


def test_no_answer_is_dead_after_three_different_days(db, site):
    fine, broken = f"{site}/", f"{site}/500"
    outcomes = []
    for moment in (MONDAY, MONDAY + DAY / 2, MONDAY + DAY, MONDAY + DAY, MONDAY + 2 * DAY):
        check(fine, broken, now=moment)
        found = LinkCheck.objects.get(pk=broken)
        outcomes.append((found.outcome, found.failures))
    assert outcomes == [("onbereikbaar", 1), ("onbereikbaar", 1), ("onbereikbaar", 2), ("onbereikbaar", 2), ("dood", 3)]
    assert "op 3 dagen" in found.said


def test_an_answer_takes_away_what_was_counted_and_unsure_is_never_dead(db, site):
    url = f"{site}/403"
    LinkCheck.objects.create(
        url=url, outcome="onbereikbaar", failures=2, checked_at=MONDAY - DAY, worked_at=MONDAY - 9 * DAY
    )
    for day in range(4):
        check(url, now=MONDAY + day * DAY)
    found = LinkCheck.objects.get()
    assert (found.outcome, found.failures, found.worked_at) == ("onzeker", 0, MONDAY - 9 * DAY)


@pytest.mark.parametrize("path", ["/500", "/403"])
def test_a_page_that_was_gone_comes_back_only_when_it_answers(db, site, path):
    url = f"{site}{path}"
    LinkCheck.objects.create(url=url, outcome="dood", status=404, failures=1, checked_at=MONDAY - DAY)
    for day in range(3):
        check(f"{site}/", url, now=MONDAY + day * DAY)
    found = LinkCheck.objects.get(pk=url)
    assert (found.outcome, found.status, found.worked_at) == ("dood", 404, None)


def test_a_page_that_was_gone_and_answers_is_a_link_again(db, site):
    LinkCheck.objects.create(url=f"{site}/", outcome="dood", status=404, failures=1, checked_at=MONDAY - DAY)
    check(f"{site}/")
    assert LinkCheck.objects.get().outcome == "ok"


def test_without_a_network_nothing_changes(db):
    before = LinkCheck.objects.create(url="http://bestaat-niet.invalid/", outcome="ok", checked_at=MONDAY - DAY)
    assert check("http://bestaat-niet.invalid/", "http://ook-niet.invalid/") is None
    assert LinkCheck.objects.get().checked_at == before.checked_at


@pytest.mark.parametrize(("silent", "counts"), [(9, True), (10, False)])
def test_a_network_that_lets_through_less_than_a_tenth_is_none(db, site, silent, counts):
    report = check(f"{site}/", *(f"http://bestaat-niet-{number}.invalid/" for number in range(silent)))
    assert (report is not None) is counts
    assert LinkCheck.objects.exists() is counts


def test_the_command_says_that_there_is_no_network_and_fails(db, site, monkeypatch):
    monkeypatch.setattr(link_check, "gathered", lambda: {f"{site}/": [Place("Aanbod", "Koffie")]})
    with pytest.raises(CommandError, match=r"geen verbinding met het internet\. Er is niets veranderd"):
        call_command("check_links", skip_checks=True)
    assert not LinkCheck.objects.exists()


def test_the_report_begins_with_what_is_dead_and_says_where_it_stands(db, site):
    lines = list(check(f"{site}/", f"{site}/404", f"{site}/403", f"{site}/500").lines())
    assert lines[:4] == ["Werkt niet meer: 1", f"  {site}/404", "    404", "    Aanbod: Koffie (bij Buurthuis)"]
    assert [line for line in lines if not line.startswith(" ")] == [
        "Werkt niet meer: 1",
        "Gaf deze keer geen antwoord: 1",
        "Laat zich niet nakijken: 1",
        "Werkt: 1",
    ]


def test_of_one_host_one_address_is_asked_at_a_time(db, site):
    check(*(f"{site}/busy/{number}" for number in range(6)))
    assert Site.most_at_once == 1
    assert len(Site.asked) == 6


# Which addresses ------------------------------------------------------------------------------------------------------


def test_every_address_is_gathered_once_with_all_places_where_it_stands(steunpunt):
    make_service(steunpunt, "Koffie", website="https://koffie.example")
    make_service(steunpunt, "Concept", website="https://concept.example", status="draft")
    type(steunpunt).objects.filter(pk=steunpunt.pk).update(website="https://steunpunt.example")
    places = link_check.gathered()
    assert [str(place) for place in places["https://koffie.example"]] == [f"Aanbod: Koffie (bij {steunpunt})"]
    assert [str(place) for place in places["https://steunpunt.example"]] == [f"Organisatie: {steunpunt}"]
    assert "https://concept.example" not in places
    sofa = Resource.objects.get(pk="sofa-model")
    [place] = [each for each in places[sofa.url] if each.kind == "Hulpmiddel"]
    assert ("Mantelzorgmakelaar", "mantelzorgmakelaar") in place.of
    assert set(Resource.objects.filter(unverified=False).exclude(url="").values_list("url", flat=True)) <= set(places)
    hidden = set(Resource.objects.filter(unverified=True).exclude(url="").values_list("url", flat=True))
    shown = set(Resource.objects.filter(unverified=False).values_list("url", flat=True))
    assert not (hidden - shown) & {
        url for url, where in places.items() if {each.kind for each in where} == {"Hulpmiddel"}
    }


def test_what_only_a_retired_sheet_shows_is_not_asked(db):
    # an address of an association that stands on one sheet and nowhere else
    elsewhere = set(NationalOrganisation.objects.values_list("url", flat=True))
    rows = Association.objects.filter(unverified=False).exclude(url="").exclude(url__in=elsewhere)
    row = rows.exclude(url__in=Resource.objects.values("url")).first()
    assert row.url in link_check.gathered()
    Profession.objects.filter(association_rows__url=row.url).update(retired=True)
    assert row.url not in link_check.gathered()


def test_gathering_takes_three_queries(db, django_assert_num_queries):
    with django_assert_num_queries(3):
        link_check.gathered()

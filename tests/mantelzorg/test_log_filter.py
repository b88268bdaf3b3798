"""Links that open without logging in are nowhere in a log, ours or the web server's."""

import logging

import pytest

from mantelzorg.gunicorn import when_ready
from mantelzorg.log_filter import HideSecrets

INVITATION = "/uitnodiging/019ab000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("said", "arguments", "kept"),
    [
        ("%s: %s", ("Gone", f"{INVITATION}/abc123/"), f"Gone: {INVITATION}/…"),
        ("Forbidden (CSRF): %s", (f"{INVITATION}/abc123/",), f"Forbidden (CSRF): {INVITATION}/…"),
        ("%s", ("/account/password/reset/key/1a-abc123/",), "/account/password/reset/key/…"),
        ("Gone: %s", ("/klopt-nog/AaIH.abc123/logeren/",), "Gone: /klopt-nog/…"),
        ("Done: %s", ("/sociale-kaart/aanbod/logeren/klopt-nog/",), "Done: /sociale-kaart/aanbod/logeren/klopt-nog/"),
        (
            '%(r)s "%(f)s"',
            ({"r": f"GET {INVITATION}/abc123/?x=1 HTTP/1.1", "f": "https://x.example/"},),
            f'GET {INVITATION}/… HTTP/1.1 "https://x.example/"',
        ),
        (
            "Error handling request %s",
            ("/account/login/?next=%2Fuitnodiging%2F019ab000%2Fabc123%2F&x=1",),
            "Error handling request /account/login/?next=%2Fuitnodiging%2F019ab000%2F…&x=1",
        ),
        ("Not Found: %s", ("/mantelzorgers/1/",), "Not Found: /mantelzorgers/1/"),
        ("100% of %d", (), "100% of %d"),
    ],
)
def test_what_opens_a_link_is_not_written(said, arguments, kept):
    record = logging.LogRecord("x", logging.WARNING, "x.py", 1, said, arguments, None)
    assert HideSecrets().filter(record)
    assert record.getMessage() == kept


def test_the_web_server_does_not_write_it_either(caplog):
    class Server:
        class log:
            error_log = logging.getLogger("tests.gunicorn.error")
            access_log = logging.getLogger("tests.gunicorn.access")

    when_ready(Server)
    for logger in (Server.log.error_log, Server.log.access_log):
        logger.error("Error handling request %s", f"{INVITATION}/abc123/")
    assert len(caplog.records) == 2
    assert "abc123" not in caplog.text

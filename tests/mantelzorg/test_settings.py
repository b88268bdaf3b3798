"""Production starts with everything that compose gives it, and with nothing less."""

import subprocess
import sys

import pytest

from tests.deployment import FILLED_IN, PROJECT, compose, environment_of

SHOW = "import json, mantelzorg.settings as s; print(json.dumps({n: getattr(s, n) for n in %r}, default=str))"


def start(show: list[str] | None = None, **changes: str | None) -> subprocess.CompletedProcess:
    """Import the settings in a process of its own, with the environment of compose and these changes."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", SHOW % (show or [])],
        env=environment_of("web", **changes),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def setting(name: str, **changes: str | None):
    import json

    done = start([name], **changes)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)[name]


REQUIRED = [
    "SECRET_KEY",
    "PUBLIC_URL",
    "ALLOWED_HOSTS",
    "TRUSTED_PROXIES",
    "DATABASE_URL",
    "EMAIL_HOST",
    "DEFAULT_FROM_EMAIL",
]


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_does_not_start_without(name, value):
    refused = start(**{name: value})
    assert refused.returncode != 0
    assert f"Set {name}" in refused.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "only-for-the-demo-and-the-tests-not-a-secret-at-all-0123456789"),
        ("PUBLIC_URL", "http://portaal.example"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "portaal.example,.example"),
        ("ALLOWED_HOSTS", "portaal.example,"),
    ],
)
def test_production_does_not_start_with_an_unsafe(name, value):
    refused = start(**{name: value})
    assert refused.returncode != 0
    assert f"Set {name} to" in refused.stderr


def test_an_environment_nobody_knows_is_not_taken_for_another():
    refused = start(MANTELZORG_ENV="productie")
    assert "MANTELZORG_ENV must be production, demo or test" in refused.stderr


def test_production_is_what_it_is_when_nobody_says_so():
    assert "MANTELZORG_ENV" not in environment_of("web")
    assert setting("PRODUCTION") is True
    assert setting("DEBUG", DEBUG="true") is False


def test_mail_goes_over_tls_unless_somebody_says_otherwise():
    assert setting("EMAIL_USE_TLS", EMAIL_USE_TLS=None) is True
    assert setting("EMAIL_PORT", EMAIL_PORT=None) == 587
    assert setting("EMAIL_USE_TLS", EMAIL_USE_TLS="false") is False


def test_a_secret_may_begin_with_a_dollar():
    assert setting("SECRET_KEY", SECRET_KEY="$HOME" + "x" * 60) == "$HOME" + "x" * 60
    assert setting("EMAIL_HOST_PASSWORD", EMAIL_HOST_PASSWORD="$HOME") == "$HOME"


def test_who_asks_over_https_is_only_believed_from_a_proxy_of_our_own():
    assert setting("SECURE_PROXY_SSL_HEADER") == ["HTTP_X_FORWARDED_PROTO", "https"]
    without_proxy = start(["SECURE_PROXY_SSL_HEADER"], TRUSTED_PROXIES="0")
    assert "AttributeError" in without_proxy.stderr


def test_no_query_and_no_lock_waits_for_ever():
    options = setting("DATABASES", STATEMENT_TIMEOUT="15s")["default"]["OPTIONS"]["options"]
    assert "lock_timeout=5s" in options
    assert "statement_timeout=15s" in options
    assert "synchronous_commit" not in options


def test_compose_fills_in_no_secret_and_the_example_names_every_variable():
    text = (PROJECT / "docker-compose.yml").read_text()
    for name in FILLED_IN:
        assert f"${{{name}:?" in text, f"{name} must be required, with a message"
    example = (PROJECT / ".env.example").read_text()
    for name in [*FILLED_IN, "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD"]:
        assert f"\n{name}=" in example
    for name in FILLED_IN:
        assert f"\n{name}=\n" in example
    shared = compose()["x-portal"]["environment"]
    for service in ("web", "worker"):
        assert compose()["services"][service]["environment"] == shared
    of_prepare = compose()["services"]["prepare"]["environment"]
    # what serves pages knows no account that may change a table or walk round a policy
    assert set(of_prepare) - set(shared) == {"ADMIN_DATABASE_URL", "OWNER_DATABASE_URL", "BACKUP_PASSWORD"}
    assert {name: of_prepare[name] for name in shared} == shared
    assert "mantelzorg_app:" in shared["DATABASE_URL"]


def test_production_does_not_start_without_the_second_step():
    refused = start(DEMO_SKIP_MFA="1")
    assert refused.returncode != 0
    assert "Take DEMO_SKIP_MFA away" in refused.stderr


def test_the_tests_do_not_look_at_the_demos_short_cut():
    assert setting("DEMO_SKIP_MFA", MANTELZORG_ENV="test", DEMO_SKIP_MFA="1") is False
    assert setting("DEMO_SKIP_MFA", MANTELZORG_ENV="demo", DEMO_SKIP_MFA="1") is True
    assert setting("DEMO_SKIP_MFA", MANTELZORG_ENV="demo") is False

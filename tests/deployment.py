"""docker-compose.yml as the tests use it: the environment and the commands that production starts with."""

import os
import re
import sys
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parent.parent

FILLED_IN = {  # what an installation would put in .env
    "SECRET_KEY": "tests-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "PUBLIC_URL": "https://portaal.example",
    "ALLOWED_HOSTS": "portaal.example",
    "TRUSTED_PROXIES": "1",
    "POSTGRES_PASSWORD": "0123456789abcdef",
    "OWNER_PASSWORD": "123456789abcdef0",
    "APP_PASSWORD": "23456789abcdef01",
    "BACKUP_PASSWORD": "3456789abcdef012",
    "EMAIL_HOST": "mail.example",
    "DEFAULT_FROM_EMAIL": "Mantelzorgportaal <portaal@portaal.example>",
}


def compose() -> dict:
    return yaml.safe_load((PROJECT / "docker-compose.yml").read_text())


def environment_of(service: str, **changes: str | None) -> dict[str, str]:
    """The whole environment of a service, nothing of ours in it; `changes` replace variables, None leaves one out."""
    declared = compose()["services"][service]["environment"]
    values = {name: _substitute(str(value)) for name, value in declared.items()} | changes
    own = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return own | {name: value for name, value in values.items() if value is not None}


def command_of(service: str) -> list[str]:
    """The command of a service, run by the interpreter of the tests."""
    program, *arguments = compose()["services"][service]["command"]
    return [sys.executable, *arguments] if program == "python" else [sys.executable, "-m", program, *arguments]


def _substitute(value: str) -> str:
    def one(match: re.Match) -> str:
        name, kind, text = match.group("name", "kind", "text")
        given = FILLED_IN.get(name, "")
        if kind == ":?":
            assert given, f"{name} is required: {text}"
            return given
        return given or text

    return re.sub(r"\$\{(?P<name>\w+)(?P<kind>:[-?])(?P<text>[^}]*)\}", one, value)

"""Everything that can be said of the project without running it: `make check`. Shows all findings, then fails."""

import os
import subprocess
import sys
import time
from pathlib import Path

from scripts.programs import PROJECT, environment, say
from tests.deployment import environment_of

BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
TEMPLATES = [str(path.relative_to(PROJECT)) for path in sorted((PROJECT / "templates").rglob("*.html"))]

CHECKS = {
    "ruff check": [BIN / "ruff", "check", "."],
    "ruff format": [BIN / "ruff", "format", "--check", "."],
    "djade": [BIN / "djade", "--check", "--target-version", "5.2", *TEMPLATES],
    "house rules": [sys.executable, "-m", "scripts.house_rules"],
    "imports point one way": [BIN / "lint-imports"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "django check": [*MANAGE, "check", "--fail-level", "WARNING"],
    "django check --deploy": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
}


def main() -> int:
    failed = []
    for name, command in CHECKS.items():
        started = time.monotonic()
        variables = environment_of("web") if "--deploy" in command else environment(MANTELZORG_ENV="demo")
        done = subprocess.run(
            [str(part) for part in command],
            cwd=PROJECT,
            env=variables | {"PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", "")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        say(f"{'ok    ' if done.returncode == 0 else 'WRONG '} {name} ({time.monotonic() - started:.1f} s)")
        if done.returncode != 0:
            failed.append(name)
            say(done.stdout.strip())
    say(
        f"\n{len(CHECKS) - len(failed)} of {len(CHECKS)} checks passed"
        + (f"; wrong: {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

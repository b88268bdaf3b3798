"""Recompile the locked requirements, for every platform at once, with hashes and without the address of any index."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements.txt": ["pyproject.toml"],
    "requirements-dev.txt": ["pyproject.toml", "--extra", "dev"],
    "requirements-embedded.txt": ["--group", "embedded"],
}

for lock, source in LOCKS.items():
    print(f"Locking {lock} ...", flush=True)
    options = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet"]
    subprocess.run(
        [sys.executable, "-m", "uv", "pip", "compile", *source, *options, "--python-version", "3.11", "-o", lock],
        cwd=PROJECT,
        check=True,
    )

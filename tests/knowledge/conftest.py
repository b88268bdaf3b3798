import shutil
from pathlib import Path

import pytest

from knowledge.loading import CONTENT


class ContentFolder:
    """A copy of our own content files, to spoil."""

    def __init__(self, path: Path):
        self.path = path

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text, encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> int:
        """Replaces `old`, which must be there once, and says on which line it was."""
        file = self.path / name
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is in {name} {text.count(old)} times"
        file.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def remove(self, name: str, start: str, end: str) -> None:
        """Removes what stands from `start` up to `end`."""
        file = self.path / name
        text = file.read_text(encoding="utf-8")
        first = text.index(start)
        file.write_text(text[:first] + text[text.index(end, first + 1) :], encoding="utf-8")


@pytest.fixture
def content(tmp_path) -> ContentFolder:
    shutil.copytree(CONTENT, tmp_path / "content")
    return ContentFolder(tmp_path / "content")

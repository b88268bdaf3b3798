"""Reading a file of somebody else without losing a word: what nobody took out is reported, by construction."""

import json
from collections.abc import Iterator
from typing import Any

from sociale_kaart.exchange.records import Losses


class Said:
    """One object of a file. What is not taken from it, is left over, down to the smallest field."""

    def __init__(self, value: dict, path: str = ""):
        self.value = value
        self.path = path
        self.taken: set[str] = set()
        self.children: dict[str, list[Said]] = {}
        self.why: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return self.value.get(name) not in (None, "", [], {})

    def look(self, name: str) -> Any:
        return self.value.get(name)

    def text(self, name: str) -> str:
        """What stands there, as words; it is not taken yet."""
        value = self.value.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return ""
        return str(value).strip()

    def take(self, *names: str) -> None:
        self.taken.update(names)

    def take_if(self, name: str, expected: object) -> None:
        """It says what we knew already."""
        if self.value.get(name) == expected:
            self.taken.add(name)

    def leave(self, name: str, why: str) -> None:
        self.why[name] = why
        self.taken.discard(name)

    def child(self, name: str) -> "Said | None":
        value = self.value.get(name)
        if not isinstance(value, dict):
            return None
        if name not in self.children:
            self.children[name] = [Said(value, self._below(name))]
        return self.children[name][0]

    def several(self, name: str) -> "list[Said]":
        value = self.value.get(name)
        if not isinstance(value, list):
            return []
        if name not in self.children:
            self.children[name] = [Said(one, self._below(name)) for one in value if isinstance(one, dict)]
        return self.children[name]

    def left_over(self) -> Iterator[tuple[str, Any, str]]:
        """Path, value and why, of everything that nobody took."""
        for name, value in self.value.items():
            if name in self.taken or value in (None, "", [], {}):
                continue
            if name in self.children:
                for child in self.children[name]:
                    yield from child.left_over()
                odd = [one for one in value if not isinstance(one, dict)] if isinstance(value, list) else []
                yield from leaves(odd, self._below(name), "")
            else:
                yield from leaves(value, self._below(str(name)), self.why.get(name, ""))

    def report(self, losses: Losses, where: str) -> None:
        for path, value, why in self.left_over():
            losses.add(path, value, where=where, why=why)

    def _below(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def leaves(value: Any, path: str, why: str) -> Iterator[tuple[str, Any, str]]:
    if value in (None, "", [], {}):
        return
    if isinstance(value, dict):
        for name, below in value.items():
            yield from leaves(below, f"{path}.{name}", why)
    elif isinstance(value, list):
        for below in value:
            yield from leaves(below, path, why)
    else:
        yield path, value if isinstance(value, str) else json.dumps(value), why

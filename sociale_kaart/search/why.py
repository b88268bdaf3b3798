"""Why a service stands in the list: which words of the question it holds and where, in one short line.

What somebody typed may stand nowhere on the card: then it is an everyday word for what the service is, or a word that
was put right. The line says which, so that she need not wonder.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sociale_kaart.search.query import Hit
from sociale_kaart.search.words import asked, plain

LONGEST = 4  # words of an everyday expression: "hulp bij het huishouden"
PARTS = 2  # a line is short
SAME_BEGINNING = 4  # letters: formulier and formulieren are one word to a reader


@dataclass(frozen=True)
class Everyday:
    """An everyday word or expression in the question, and for what it stands."""

    words: tuple[str, ...]
    means: tuple[str, ...]
    kinds: frozenset[str]

    @classmethod
    def read(cls, word: str, means: str, kinds: str) -> "Everyday":
        return cls(tuple(plain(word).split()), tuple(map(plain, means.split("|"))), frozenset(kinds.split()))

    def __str__(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True)
class Names:
    """How the things that a service is linked to are called."""

    kinds: dict[str, str]
    target_groups: dict[str, str]


def spans(text: str) -> list[str]:
    """Every few words that stand together in what was typed."""
    words = asked(text)
    ends = ((a, b) for a in range(len(words)) for b in range(a + 1, min(a + LONGEST, len(words)) + 1))
    return sorted({" ".join(words[a:b]) for a, b in ends})


def line(hit: Hit, everyday: Iterable[Everyday], names: Names) -> str:
    """One line, or nothing when there were no words. Texts only: whoever prints it escapes them."""
    said: list[str] = []
    places: dict[str, list[str]] = defaultdict(list)
    explained: set[str] = set()
    visible = f" {plain(f'{hit.title} {hit.formal_name} {hit.organisation} {hit.summary}')} "
    literal = {asked.word for asked, letters in hit.found if "a" in letters}
    for expression in everyday:
        if explained >= set(expression.words) or literal >= set(expression.words):
            continue
        if found := _meant(hit, expression, names, visible):
            said.append(f"{_quoted(str(expression))} past bij {found}")
            explained |= set(expression.words)
    for asked_word, letters in hit.found:
        if asked_word.word in explained or asked_word.typed in explained:
            continue
        explained.add(asked_word.typed)
        typed = "" if asked_word.word == asked_word.typed else f" (je typte {_quoted(asked_word.typed)})"
        places[_where(hit, asked_word.word, letters, names)].append(f"{_quoted(asked_word.word)}{typed}")
    said += [_stands(where, list(dict.fromkeys(words))) for where, words in places.items()]
    return ". ".join(dict.fromkeys(said[:PARTS]))


def _quoted(word: str) -> str:
    return f"‘{word}’"


def _stands(where: str, words: list[str]) -> str:
    """ "‘oppas’ staat in de naam", "‘oppas’, ‘man’ en ‘thuis’ staan in de beschrijving"."""
    together = " en ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    return f"{together} {'staan' if len(words) > 1 else 'staat'} {where}"


def _meant(hit: Hit, expression: Everyday, names: Names, visible: str) -> str:
    for kind in hit.kinds:
        if kind in expression.kinds and kind in names.kinds and plain(names.kinds[kind]) != str(expression):
            return names.kinds[kind]
    return next(
        (phrase for phrase in expression.means if phrase and f" {phrase} " in visible and phrase != str(expression)), ""
    )


def _where(hit: Hit, word: str, places: str, names: Names) -> str:
    if "a" in places:
        return "in de naam"
    if "b" in places:
        if _holds(hit.organisation, word):
            return "in de naam van de organisatie"
        if any(_holds(names.kinds.get(kind, ""), word) for kind in hit.kinds):
            return "bij de soort steun"
        if any(_holds(names.target_groups.get(group, ""), word) for group in hit.target_groups):
            return "bij voor wie het is"
        return "in de korte uitleg"
    if "c" in places:
        return "bij wat erbij hoort"
    return "in de beschrijving"


def _holds(text: str, word: str) -> bool:
    """Roughly: PostgreSQL found it already, this only says where a reader sees it."""
    return any(one == word or _begin_alike(one, word) for one in plain(text).split())


def _begin_alike(one: str, other: str) -> bool:
    shortest = min(len(one), len(other))
    return (
        shortest >= SAME_BEGINNING
        and one[: max(SAME_BEGINNING, shortest - 2)] == other[: max(SAME_BEGINNING, shortest - 2)]
    )

"""What counts as a word. The same for what people type and for what is stored, so that both always meet.

Everything but letters and digits separates words: "Huisarts/POH" is two words here, where PostgreSQL's parser would see
the name of a file. It also means that nothing a person types can be an operator of the search language.
"""

import re
import unicodedata
from string import ascii_lowercase

_WORD = re.compile(r"[^\W_]+")
MAX_TEXT = 200  # characters of a question that are read
MAX_WORDS = 12
MAX_WORD = 40
SHORT = (4, 6)  # letters
SHORTEST_COMPARED = 4  # letters: a shorter word looks like too many others

# What people put in a sentence and what no service is about. PostgreSQL leaves out most of such words, not these.
FILLERS = {
    *("terwijl", "nemen", "neemt", "maken", "maakt", "gaan", "gaat", "krijgen", "krijgt", "krijg", "graag", "zoek"),
    *("mevrouw", "meneer", "mijnheer", "client", "clienten", "patient"),
    *("zoeken", "heel", "erg", "vaak", "soms", "waarom", "wanneer", "welke", "wij", "mag", "snap", "kunt", "weet"),
}


def plain(text: str) -> str:
    """Small letters without accents, words separated by one space."""
    bare = text if text.isascii() else _without_accents(text)
    return " ".join(_WORD.findall(bare.casefold()))


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def asked(text: str) -> list[str]:
    """The words of a question, each once, in the order in which they were typed."""
    words = [word[:MAX_WORD] for word in plain(text[:MAX_TEXT]).split()]
    return list(dict.fromkeys(words))[:MAX_WORDS]


def telling(words: list[str]) -> list[str]:
    """Those that say what is meant; all of them if none does."""
    return [word for word in words if word not in FILLERS] or words


def one_slip_away(word: str) -> list[str]:
    """What a short word becomes by one letter wrong, too few, too many, or two swapped.

    Of a long word trigrams tell what it looks like; of a short one a single slip leaves too few of them.
    """
    if not SHORT[0] <= len(word) <= SHORT[1]:
        return []
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {before + after[1:] for before, after in cuts if after}
    found |= {before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1}
    for letter in ascii_lowercase:
        found |= {before + letter + rest for before, after in cuts for rest in ({after, after[1:]} if after else {""})}
    return sorted(found - {word})


def likeness(one: str, other: str) -> float:
    """How many of the trigrams of two texts are the same, from 0 to 1, as PostgreSQL's similarity counts them."""
    first, second = _trigrams(one), _trigrams(other)
    return len(first & second) / (len(first | second) or 1)


def _trigrams(text: str) -> set[str]:
    padded = [f"  {word} " for word in plain(text).split()]
    return {word[place : place + 3] for word in padded for place in range(len(word) - 2)}

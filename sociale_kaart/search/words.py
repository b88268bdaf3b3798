"""What counts as a word. The same for what people type and for what is stored, so that both always meet.

Everything but letters and digits separates words: "Huisarts/POH" is two words here, where PostgreSQL's parser would see
the name of a file. It also means that nothing a person types can be an operator of the search language.
"""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
MAX_TEXT = 200  # characters of a question that are read
MAX_WORDS = 12
MAX_WORD = 40


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

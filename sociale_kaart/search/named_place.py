"""Where somebody means, when a question names a place: "wmo purmerend", "oppas in Oost-Knollendam".

The names of places do not change while a server runs, so they are read once and kept.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from sociale_kaart.search.words import plain

LONGEST = 4  # words in the name of a place
BEFORE_A_PLACE = {"in", "te", "bij", "uit", "rond", "rondom", "omgeving", "gemeente", "regio"}
# Also ordinary words: a place only where a word before it says so, or where nothing else was typed.
ORDINARY = {
    *("amen", "anderen", "balk", "beek", "best", "boer", "born", "broek", "buren", "dieren", "duiven", "echt", "een"),
    *("gauw", "goor", "haren", "heel", "hem", "hoek", "hoeven", "horn", "houten", "huizen", "hulst", "kaag", "leek"),
    *("leiden", "lent", "lies", "loon", "made", "marken", "nederland", "neer", "rust", "sluis", "veen", "waal"),
    *("waarde", "weert", "well", "winkel", "zetten"),
}


@dataclass(frozen=True)
class Place:
    """What was typed of a place, and the municipalities of that name; with what was asked besides."""

    name: str
    codes: tuple[str, ...]
    rest: str


def place_in(text: str) -> Place | None:
    """The longest name of a place in a question; of equal ones the last."""
    words = plain(text).split()
    known = _known()
    for length in range(min(LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length, -1, -1):
            name = " ".join(words[start : start + length])
            if name in known and _is_meant(name, words, start):
                before = words[:start]
                while before and before[-1] in BEFORE_A_PLACE:
                    before.pop()
                shown, codes = known[name]
                return Place(shown, codes, " ".join([*before, *words[start + length :]]))
    return None


def _is_meant(name: str, words: list[str], start: int) -> bool:
    return name not in ORDINARY or len(words) == 1 or (start > 0 and words[start - 1] in BEFORE_A_PLACE)


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[str, tuple[str, ...]]]:
    """By plain name: as it is written, and the codes of where it lies. A municipality goes before a place."""
    from sociale_kaart.models import Municipality, PostcodeArea

    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    places: dict[str, set[str]] = defaultdict(set)
    written: dict[str, str] = {}
    for place, code in PostcodeArea.objects.values_list("place", "municipality"):
        places[plain(place)].add(code)
        written.setdefault(plain(place), place)
    for key, codes in places.items():
        found[key] = (written[key], tuple(sorted(codes)))
    for name, alias, code in Municipality.objects.values_list("name", "alias", "code"):
        for each in filter(None, (name, alias)):
            found[plain(each)] = (name, (code,))
    return found

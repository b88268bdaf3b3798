"""Which everyday words belong to a thing: by the form of support or the profession it is, and by its own words.

Resolved when a row is written, and not when somebody searches, so that a search stays one look in one index.
"""

from collections import defaultdict
from collections.abc import Iterable

from knowledge.models import Synonym
from sociale_kaart.search.words import plain


class Synonyms:
    def __init__(self):
        self.by_kind: dict[str, list[str]] = defaultdict(list)
        self.by_profession: dict[str, list[str]] = defaultdict(list)
        self.by_phrase: list[tuple[str, str]] = []
        for word, kind in Synonym.objects.values_list("word", "support_kinds"):
            if kind:
                self.by_kind[kind].append(plain(word))
        for word, profession in Synonym.objects.values_list("word", "professions"):
            if profession:
                self.by_profession[profession].append(plain(word))
        for word, means in Synonym.objects.values_list("word", "means"):
            self.by_phrase += [(f" {plain(phrase)} ", plain(word)) for phrase in means if plain(phrase)]

    def of(self, text: str, *, kinds: Iterable[str] = (), professions: Iterable[str] = ()) -> str:
        """`text` is plain already."""
        padded = f" {text} "
        found = [word for kind in kinds for word in self.by_kind.get(kind, [])]
        found += [word for profession in professions for word in self.by_profession.get(profession, [])]
        found += [word for phrase, word in self.by_phrase if phrase in padded]
        return " ".join(dict.fromkeys(found))

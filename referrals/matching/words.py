"""What her own words are about: "even naar tennis", "iemand die een dag overneemt".

Which services hold them, and which kinds of support they may stand for: a suggestion to talk about, and never filled in
by itself.
"""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from knowledge.models import SupportKind, Synonym
from sociale_kaart.search import Hit, SearchQuery, find
from sociale_kaart.search.why import spans
from sociale_kaart.search.words import SHORTEST_COMPARED, plain

SUGGESTED = 3
LOOKED_AT = 12  # services that her words find
BY_WORD, BY_SERVICE = 5, 1  # an everyday word for a kind says more than a service that happens to hold it
NAME_WHAT_OR_SUMMARY = set("abc")  # where a word stands: see `Hit.found`
SAID = 3  # words of hers in one line
# What anybody says of anything.
NOT_TELLING = {
    *("alleen", "altijd", "andere", "anderen", "beter", "daar", "dagen", "denk", "doen", "eens", "even", "gaan"),
    *("goed", "graag", "hele", "hulp", "iemand", "iets", "jaar", "kunnen", "liever", "maand", "maanden", "meer"),
    *("mensen", "moet", "samen", "soms", "steun", "tijd", "uren", "vaker", "vraag", "week", "weken", "weer", "weet"),
    *("weten", "willen", "zelf", "zodat"),
}


def held_by(hits: Iterable[Hit]) -> dict[UUID, tuple[str, ...]]:
    """Per service the words of hers that it is about, as she said them. What most of them hold says nothing."""
    hits = list(hits)
    said = {hit.id: _telling(hit) for hit in hits}
    often = Counter(word for words in said.values() for word in words)
    usual = {word for word, count in often.items() if len(hits) > SAID and count > len(hits) / 2}
    found = {key: tuple(word for word in words if word not in usual)[:SAID] for key, words in said.items()}
    return {key: words for key, words in found.items() if words}


def _telling(hit: Hit) -> list[str]:
    words = [asked.typed for asked, where in hit.found if NAME_WHAT_OR_SUMMARY & set(where)]
    return [word for word in dict.fromkeys(words) if len(word) >= SHORTEST_COMPARED and word not in NOT_TELLING]


def kinds_in(words: str, *, places: tuple[str, ...]) -> list[SupportKind]:
    """The likeliest first: by everyday words for a kind, then by the kinds of what her words find near her."""
    if not plain(words):
        return []
    kinds = {kind.pk: kind for kind in SupportKind.objects.referable()}
    said = set(spans(words))
    counts: Counter[str] = Counter()
    for word, kind in Synonym.objects.values_list("word", "support_kinds"):
        if kind in kinds and plain(word) in said:
            counts[kind] += BY_WORD
    for kind in kinds.values():
        if plain(kind.name) in said:
            counts[kind.pk] += 2 * BY_WORD
    if places:
        for hit in find(SearchQuery(text=words, municipalities=places, size=LOOKED_AT)).hits:
            if _telling(hit):
                counts.update(dict.fromkeys((kind for kind in hit.kinds if kind in kinds), BY_SERVICE))
    order = list(kinds)
    likely = sorted(counts, key=lambda slug: (-counts[slug], order.index(slug)))
    return [kinds[slug] for slug in likely[:SUGGESTED]]

"""Which kinds of support her own words may be about: "even naar tennis", "iemand die een dag overneemt".

A suggestion to talk about, and never filled in by itself.
"""

from collections import Counter

from knowledge.models import SupportKind, Synonym
from sociale_kaart.search import SearchQuery, find
from sociale_kaart.search.why import spans
from sociale_kaart.search.words import plain

SUGGESTED = 3
LOOKED_AT = 12  # services that her words find
BY_WORD, BY_SERVICE = 5, 1  # an everyday word for a kind says more than a service that happens to hold it


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
            if any(set(where) & set("abc") for _, where in hit.found):
                counts.update(dict.fromkeys((kind for kind in hit.kinds if kind in kinds), BY_SERVICE))
    order = list(kinds)
    likely = sorted(counts, key=lambda slug: (-counts[slug], order.index(slug)))
    return [kinds[slug] for slug in likely[:SUGGESTED]]

"""Finding help: a forgiving search over the published services. See `find` and docs in its modules.

- `words`: what counts as a word, in what people type and in what we store.
- `index`: the narrow rows that search reads. Written by `actions.refresh_search` only.
- `query`: one page of hits for what somebody asks.
"""

from sociale_kaart.search.query import Hit, SearchPage, SearchQuery, find

__all__ = ["Hit", "SearchPage", "SearchQuery", "find"]

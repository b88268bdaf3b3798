"""Finding help: a forgiving search over the published services, and over all knowledge with them. See its modules.

- `words`: what counts as a word, in what people type and in what we store.
- `synonyms`: the everyday words of a thing.
- `index`: the narrow rows that search reads. Written by `actions.refresh_search` only.
- `knowledge`: the same for what has a place on the knowledge pages.
- `query`: one page of hits for what somebody asks of the services.
- `named_place`: where somebody means, when a question names a place.
- `everything`: the first few of each group, services and knowledge together.
"""

from sociale_kaart.search.everything import Found, Group, find_everything
from sociale_kaart.search.query import Hit, SearchPage, SearchQuery, find

__all__ = ["Found", "Group", "Hit", "SearchPage", "SearchQuery", "find", "find_everything"]

"""One search over all that can be looked up: the knowledge pages and the services near somebody, in groups.

Two looks, one in the knowledge and one in the services. Only when neither has anything with all the words comes a
third (which known words look like these?) and both again with some of the words. The group with the best hit leads; the
others stand in their fixed order, so that somebody learns where to look.
"""

from dataclasses import dataclass, field, replace

from django.db import connection

from sociale_kaart.search.named_place import Place, place_in
from sociale_kaart.search.query import (
    ALL_WORDS_BONUS,
    Hit,
    SearchPage,
    SearchQuery,
    all_of,
    find,
    find_all_words,
    find_some_words,
    meant_by,
)
from sociale_kaart.search.words import MAX_TEXT, asked, likeness, plain

SERVICES = "aanbod"
GROUPS = (
    *("beroep", SERVICES, "steun", "fase", "thema", "gesprek", "instrument", "werkkaart", "verhaal", "hulpmiddel"),
    *("landelijk", "financiering", "tip", "pagina"),
)
FIRST_FEW = 5
WHOLE_GROUP = 40
SERVICES_COUNT = 0.4  # what is known leads, unless a service is called what somebody typed

_KNOWLEDGE = """
    WITH found AS MATERIALIZED (
        SELECT key, "group", position, title, summary, address,
            {rank} * (1 + similarity(title, %(text)s)) * CASE WHEN {begins} THEN 1.5 ELSE 1 END AS score
        FROM sociale_kaart_knowledgerow
        WHERE {holds} {only}
    )
    SELECT "group", title, summary, address, score, total
    FROM (
        SELECT found.*, count(*) OVER (PARTITION BY "group") AS total,
            row_number() OVER (PARTITION BY "group" ORDER BY score DESC, position, key) AS place
        FROM found
    ) placed
    WHERE place > %(skipped)s AND place <= %(skipped)s + %(size)s
    ORDER BY "group", place
"""
_BEGINS = "starts_with(ltrim(regexp_replace(unaccent(lower(title)), '[^[:alnum:]]+', ' ', 'g')), %(text)s)"


@dataclass(frozen=True, slots=True)
class Known:
    """Something in the knowledge that answers."""

    title: str
    summary: str
    address: str
    score: float


@dataclass(frozen=True)
class Group:
    slug: str
    hits: list[Known] | list[Hit]
    total: int

    def best(self, text: str) -> float:
        best = max(self.hits, key=lambda hit: hit.score)
        return best.score if self.slug != SERVICES else best.score * SERVICES_COUNT * (1 + likeness(best.title, text))


@dataclass(frozen=True)
class Found:
    groups: list[Group] = field(default_factory=list)
    is_loose: bool = False  # nothing has all the words
    also: list[str] = field(default_factory=list)  # the words that were searched for besides
    place: Place | None = None  # that the question named

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)


def find_everything(
    text: str, municipalities: tuple[str, ...] = (), group: str = "", size: int = FIRST_FEW, page: int = 1
) -> Found:
    """The first few of every group, or a page of one. Without a municipality: services from everywhere.

    A place in the question goes before `municipalities`; the rest of the question is looked for there.
    """
    if "\0" in group:
        return Found()
    if place := place_in(text[:MAX_TEXT]):
        found = _found(place.rest, place.codes, group, size, page) if place.rest else Found()
        if not found.groups and not group:
            found = Found(_groups("", {}, find(SearchQuery(municipalities=place.codes, size=size))))
        return replace(found, place=place)
    return _found(text, municipalities, group, size, page)


def _found(text: str, municipalities: tuple[str, ...], group: str, size: int, page: int) -> Found:
    words = asked(text)
    if not words:
        return Found()
    skipped = WHOLE_GROUP * (page - 1) if group else 0
    size, services = (WHOLE_GROUP, None) if group else (size, SearchQuery(text, municipalities, size=size))
    exactly = {"words": all_of(words)}
    knowledge = _knowledge(exactly, text, group, size, skipped)
    if found := _groups(text, knowledge, services and find_all_words(services, words)):
        return Found(found)
    meant = meant_by(words, anywhere=True)
    if not meant.groups:  # only words such as "wie" and "is": then what is called so
        return Found(_groups(text, _knowledge({}, text, group, size, skipped), None))
    text = meant.text(words)
    knowledge = _knowledge(meant.words, text, group, size, skipped)
    return Found(
        _groups(text, knowledge, services and find_some_words(services, meant)), is_loose=True, also=meant.also
    )


def _knowledge(words: dict[str, str], text: str, group: str, size: int, skipped: int) -> dict[str, Group]:
    """By words in PostgreSQL's search language; by how its title begins when there are none."""
    lexemes = {name: f"to_tsquery('mantelzorg_dutch', %({name})s)" for name in words}
    rank = [f"ts_rank(document, {lexemes['words']})" if words else "1"]
    if "all_words" in words:
        rank.append(ALL_WORDS_BONUS.format(all_words=lexemes["all_words"]))
    sql = _KNOWLEDGE.format(
        rank=" * ".join(rank),
        begins=_BEGINS,
        holds=f"document @@ {lexemes['words']}" if words else _BEGINS,
        only='AND "group" = %(group)s' if group else "",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql, words | {"text": plain(text[:MAX_TEXT]), "group": group[:20], "size": size, "skipped": skipped}
        )
        rows = cursor.fetchall()
    found: dict[str, Group] = {}
    for slug, title, summary, address, score, total in rows:
        hit = Known(title, summary, address, score)
        found.setdefault(slug, Group(slug, [], total)).hits.append(hit)
    return found


def _groups(text: str, knowledge: dict[str, Group], services: SearchPage | None) -> list[Group]:
    """As they are shown: the one with the best hit first, the others in their order."""
    if services and services.hits:
        knowledge[SERVICES] = Group(SERVICES, services.hits, services.total)
    in_order = [knowledge[slug] for slug in GROUPS if slug in knowledge]
    if not in_order:
        return []
    best = max(in_order, key=lambda group: group.best(text))
    return [best, *(group for group in in_order if group is not best)]

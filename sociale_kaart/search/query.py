"""One page of hits for what somebody asks.

In steps, each only when the one before found nothing:
1. every word must occur, the last one may be unfinished (results come while somebody types);
2. any of the words may occur, each also as the words of the directory that look most like it (typing errors, halves of
   compounds); what holds them all comes first.

Rank: how well the text fits, a little less for what is full or should have been checked again. Without words: what has
room first, then what was checked last. The rows are ranked in the narrow table and joined with the service only for the
twenty that are shown. Pages go by key: "what comes after this one", never "skip so many".
"""

import datetime
import re
import uuid
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from django.db import connection
from django.utils import timezone

from sociale_kaart.search.words import asked, one_slip_away

PAGE = 20
MANY = 1000  # counted up to here, "meer dan" above
RANKED = 5000  # a word that is in more services than this says little: those in the best standing are ranked
SHORTEST_UNFINISHED = 4  # letters before a word that is still being typed counts as the start of one
ONE_SLIP = 0.6  # how much a short word is like one that differs in one letter, whatever its trigrams say
OTHER_FIRST_LETTER = 0.4  # the first letter is seldom the wrong one

_HITS = """
    SELECT
        hit.service_id, hit.score, service.slug, service.name, service.everyday_name, service.summary,
        organisation.name, hit.kinds, service.capacity, service.wait_weeks, service.access, service.checked_on,
        hit.next_check_on < %(today)s, ({count})
    FROM ({page}) hit
    JOIN sociale_kaart_service service ON service.id = hit.service_id
    JOIN sociale_kaart_organisation organisation ON organisation.id = service.organisation_id
    ORDER BY hit.score DESC, hit.service_id DESC
"""
_RANKED = """
    WITH ranked AS MATERIALIZED (
        SELECT service_id, kinds, next_check_on,
            (ts_rank(document, {words}) * {bonus}
            * CASE WHEN is_full THEN 0.8 ELSE 1 END
            * CASE WHEN next_check_on < %(today)s THEN 0.8 ELSE 1 END)::double precision AS score
        FROM sociale_kaart_searchrow
        WHERE {filters}
        ORDER BY {standing} DESC, service_id DESC LIMIT %(ranked)s
    )
"""
_RANKED_PAGE = "SELECT * FROM ranked {after} ORDER BY score DESC, service_id DESC LIMIT %(limit)s"
_STANDING_PAGE = """
    SELECT service_id, kinds, next_check_on, standing AS score FROM sociale_kaart_searchrow {where}
    ORDER BY standing DESC, service_id DESC LIMIT %(limit)s
"""
_COUNT = "SELECT count(*) FROM (SELECT FROM {rows} LIMIT %(many)s) counted"
_AFTER = "({column}, service_id) < (%(score)s, %(service)s)"
ALL_WORDS_BONUS = "CASE WHEN document @@ {all_words} THEN 4 ELSE 1 END"
_LIKE = """
    SELECT asked.word, (
        SELECT array_agg(near.word ORDER BY near.likeness DESC, near.word)
        FROM (
            SELECT word, likeness, max(likeness) OVER () AS best
            FROM (
                SELECT word, max(likeness) AS likeness
                FROM (
                    SELECT word, greatest(similarity(word, asked.word), word_similarity(asked.word, word) * 0.9)
                        AS likeness
                    FROM sociale_kaart_searchword
                    WHERE word %% asked.word OR asked.word <%% word
                    UNION ALL
                    SELECT word, CASE WHEN left(word, 1) = left(asked.word, 1) THEN {one_slip} ELSE {first_letter} END
                    FROM sociale_kaart_searchword
                    WHERE word = ANY(string_to_array(asked.slips, ' '))
                ) alike
                GROUP BY word ORDER BY likeness DESC, word LIMIT 3
            ) nearest
        ) near
        WHERE near.likeness >= near.best * 0.75
    ), EXISTS (SELECT FROM sociale_kaart_searchword known WHERE known.word = asked.word)
    FROM unnest(%(words)s::text[], %(slips)s::text[]) asked(word, slips)
    WHERE to_tsvector('mantelzorg_dutch', asked.word) <> ''
""".replace("{one_slip}", str(ONE_SLIP)).replace("{first_letter}", str(OTHER_FIRST_LETTER))


@dataclass(frozen=True)
class SearchQuery:
    """What somebody asks. Codes and slugs that do not exist find nothing; they are never an error."""

    text: str = ""
    municipalities: tuple[str, ...] = ()  # any of these: a postcode can lie in several
    kind: str = ""
    phase: str = ""
    target_group: str = ""
    after: str = ""  # the key in the address of a next page
    size: int = PAGE


@dataclass(frozen=True, slots=True)
class Hit:
    id: uuid.UUID
    slug: str
    title: str  # the everyday name
    formal_name: str  # empty when it is the title
    summary: str
    organisation: str
    kinds: list[str]
    capacity: str
    wait_weeks: int | None
    access: str
    checked_on: datetime.date
    is_stale: bool
    score: float = 0.0  # only to be compared within one search


@dataclass(frozen=True, slots=True)
class SearchPage:
    hits: list[Hit]
    total: int  # counted up to MANY + 1
    first: int  # the place of the first hit in the whole list
    next_after: str = ""
    is_loose: bool = False  # nothing held all the words; these hold some, or words like them
    corrections: dict[str, list[str]] = field(default_factory=dict)

    @property
    def last(self) -> int:
        return self.first + len(self.hits) - 1

    @property
    def has_many(self) -> bool:
        return self.total > MANY


@dataclass(frozen=True)
class _After:
    """Where the page before ended: how many went before, the score and id of its last row, and how it searched."""

    seen: int
    score: float
    service: uuid.UUID
    is_loose: bool

    _WRITTEN = re.compile(r"([sl])(\d{1,6})_(-?[0-9.e+-]{1,30})_([0-9a-f]{32})")

    @classmethod
    def read(cls, text: str) -> "_After | None":
        match = cls._WRITTEN.fullmatch(text)
        try:
            if match and isfinite(score := float(match[3])):
                return cls(int(match[2]), score, uuid.UUID(match[4]), match[1] == "l")
        except ValueError:  # not a number after all
            pass
        return None

    def __str__(self) -> str:
        return f"{'l' if self.is_loose else 's'}{self.seen}_{self.score!r}_{self.service.hex}"


@dataclass(frozen=True)
class Meant:
    """What somebody may have meant: each word that says something, with the known words that look most like it."""

    groups: list[str]
    corrections: dict[str, list[str]]

    @property
    def words(self) -> dict[str, str]:
        """In PostgreSQL's search language: any of them, and all of them."""
        return {"words": " | ".join(self.groups), "all_words": " & ".join(self.groups)}

    def text(self, words: list[str]) -> str:
        """What was typed, put right."""
        return " ".join(self.corrections.get(word, [word])[0] for word in words)

    @property
    def also(self) -> list[str]:
        """What was searched for besides what was typed."""
        return sorted({word for near in self.corrections.values() for word in near[:1]})


def find(query: SearchQuery, today: datetime.date | None = None) -> SearchPage:
    after = _After.read(query.after)
    words = asked(query.text)
    if not words:
        return _by_standing(query, after, today or timezone.localdate())
    if after is None or not after.is_loose:
        page = find_all_words(query, words, today, after)
        if page.hits or after is not None:
            return page
    meant = meant_by(words)
    if not meant.groups:  # only words such as "de" and "voor"
        return _by_standing(query, after, today or timezone.localdate())
    return find_some_words(query, meant, today, after)


def find_all_words(
    query: SearchQuery, words: list[str], today: datetime.date | None = None, after: _After | None = None
) -> SearchPage:
    return _ranked(query, after, today or timezone.localdate(), words={"words": all_of(words)})


def find_some_words(
    query: SearchQuery, meant: Meant, today: datetime.date | None = None, after: _After | None = None
) -> SearchPage:
    page = _ranked(query, after, today or timezone.localdate(), words=meant.words, is_loose=True)
    return replace(page, is_loose=True, corrections=meant.corrections)


def meant_by(words: list[str]) -> Meant:
    groups, corrections = [], {}
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, {"words": words, "slips": [" ".join(one_slip_away(word)) for word in words]})
        for word, near, is_known in cursor.fetchall():
            if near and not is_known:
                corrections[word] = near
            groups.append("(" + " | ".join(_quoted(each) for each in [word, *corrections.get(word, [])]) + ")")
    return Meant(groups, corrections)


def _ranked(
    query: SearchQuery, after: _After | None, today: datetime.date, *, words: dict[str, str], is_loose: bool = False
) -> SearchPage:
    """`words` are texts in PostgreSQL's search language, made of quoted words only."""
    lexemes = {name: f"to_tsquery('mantelzorg_dutch', %({name})s)" for name in words}
    filters, values = _filters(query)
    sql = _RANKED.format(
        words=lexemes["words"],
        bonus=ALL_WORDS_BONUS.format(all_words=lexemes["all_words"]) if is_loose else "1",
        filters=" AND ".join([f"document @@ {lexemes['words']}", *filters]),
        # Of one place there are never so many that walking all services in their order is faster than sorting these.
        standing="standing + 0" if query.municipalities else "standing",
    ) + _HITS.format(
        count=_COUNT.format(rows="ranked"),
        page=_RANKED_PAGE.format(after=_where([_AFTER.format(column="score")] if after else [])),
    )
    return _page(query, after, today, sql, values | words, is_loose=is_loose)


def _by_standing(query: SearchQuery, after: _After | None, today: datetime.date) -> SearchPage:
    filters, values = _filters(query)
    rest = list(filters)
    if after:
        rest.append(_AFTER.format(column="standing"))
        values["score"] = int(after.score)  # a whole number, or the index is not used
    sql = _HITS.format(
        count=_COUNT.format(rows=f"sociale_kaart_searchrow {_where(filters)}"),
        page=_STANDING_PAGE.format(where=_where(rest)),
    )
    return _page(query, after, today, sql, values)


def _where(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _filters(query: SearchQuery) -> tuple[list[str], dict[str, Any]]:
    filters, values = [], {}
    if query.municipalities:
        filters.append("municipalities && %(municipalities)s::varchar[]")
        values["municipalities"] = list(query.municipalities)
    for column, value in (("kinds", query.kind), ("phases", query.phase), ("target_groups", query.target_group)):
        if value:
            filters.append(f"{column} @> ARRAY[%({column})s]::varchar[]")
            values[column] = value
    return filters, values


def _page(
    query: SearchQuery,
    after: _After | None,
    today: datetime.date,
    sql: str,
    values: dict[str, Any],
    *,
    is_loose: bool = False,
) -> SearchPage:
    values = values | {"today": today, "limit": query.size + 1, "many": MANY + 1, "ranked": RANKED}
    if after:
        values = {"score": after.score, "service": after.service} | values
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    seen = after.seen if after else 0
    shown = rows[: query.size]
    next_after = ""
    if len(rows) > query.size:
        next_after = str(_After(seen + len(shown), float(shown[-1][1]), shown[-1][0], is_loose))
    return SearchPage(
        hits=[_hit(row) for row in shown],
        total=rows[0][-1] if rows else 0,
        first=seen + 1 if rows else 0,
        next_after=next_after,
    )


def _hit(row: tuple) -> Hit:
    pk, score, slug, name, everyday, summary, organisation, kinds, capacity, weeks, access, checked_on, stale, _ = row
    return Hit(
        pk,
        slug,
        everyday or name,
        name if everyday and everyday != name else "",
        summary,
        organisation,
        kinds,
        capacity,
        weeks,
        access,
        checked_on,
        stale,
        float(score),
    )


def all_of(words: list[str]) -> str:
    *complete, last = words
    unfinished = f"{_quoted(last)}:*" if len(last) >= SHORTEST_UNFINISHED else _quoted(last)
    return " & ".join([*(_quoted(word) for word in complete), unfinished])


def _quoted(word: str) -> str:
    """A word as PostgreSQL's search language reads it: letters and digits between quotes are never an operator."""
    return f"'{word}'"

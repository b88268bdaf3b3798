"""One page of hits for what somebody asks.

In steps, the second only when the first found nothing:
1. every word must occur, the last one may be unfinished (results come while somebody types); of a longer question a few
   hits do not count as found, since they may be by chance;
2. any of the words may occur, each also as the words of the directory that look most like it (typing errors, halves of
   compounds); what holds them all comes first.

Rank: how well the text fits, a little less for what is full or should have been checked again. Without words: what has
room first, then what was checked last. Or, when asked for, what is nearest or what was checked last. Distance goes from
the middle of one postcode area to that of another, as the crow flies. The rows are ranked in the narrow table and
joined with the service only for the twenty that are shown. Pages go by key: "what comes after this one", never "skip so
many".
"""

import datetime
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from django.db import connection
from django.utils import timezone

from sociale_kaart.search import traits
from sociale_kaart.search.words import SHORTEST_COMPARED, asked, one_slip_away, telling

PAGE = 20
BY_FIT, BY_DISTANCE, BY_CHECK = "", "afstand", "nagekeken"
MANY = 1000  # counted up to here, "meer dan" above
RANKED = 5000  # a word that is in more services than this says little: those in the best standing are ranked
RARE = 3  # the weight of a word that was never counted
FEW = 3  # of a longer question: so few hits with all the words may be by chance
LONGER = 3  # words
SHORTEST_UNFINISHED = 4  # letters before a word that is still being typed counts as the start of one
ONE_SLIP = 0.6  # how much a short word is like one that differs in one letter, whatever its trigrams say
OTHER_FIRST_LETTER = 0.4  # the first letter is seldom the wrong one

_ORIGIN = """
    WITH origin AS MATERIALIZED (  -- where she lives: the postcode or place she typed, otherwise the municipality
        SELECT coalesce(typed.latitude, area.latitude) AS latitude,
            coalesce(typed.longitude, area.longitude) AS longitude
        FROM (
            SELECT avg(latitude) AS latitude, avg(longitude) AS longitude FROM sociale_kaart_postcodearea
            WHERE pc4 = %(near)s OR lower(place) = lower(%(near)s)
        ) typed, (
            SELECT avg(latitude) AS latitude, avg(longitude) AS longitude FROM sociale_kaart_municipality
            WHERE code = ANY(%(municipalities)s)
        ) area
    )
"""
# In a country this small a degree is as good as a plane; the point of a postcode is rougher than that.
_KM_TO = """
    sqrt(power((there.latitude - origin.latitude) * 111.2, 2)
    + power((there.longitude - origin.longitude) * 111.3 * cos(radians(origin.latitude)), 2))
"""
_KM = """
    (SELECT min({km_to}) FROM origin, unnest({row}.places) own(pc4)
    JOIN sociale_kaart_postcodearea there ON there.pc4 = own.pc4)
""".replace("{km_to}", _KM_TO)
# Her own municipality, or a place she can go to in another one. What has no address, must come to her.
_WITHIN = """
    (municipalities && %(municipalities)s::varchar[] OR places && ARRAY(
        SELECT there.pc4 FROM sociale_kaart_postcodearea there, origin WHERE {km_to} <= %(within)s
    ))
""".replace("{km_to}", _KM_TO)
# Which of the words stand in the name (a), in what it is and its other names (b), in the summary (c), in the rest (d).
_FOUND = """
    ARRAY(
        SELECT concat(
            CASE WHEN part.a @@ word THEN 'a' END, CASE WHEN part.b @@ word THEN 'b' END,
            CASE WHEN part.c @@ word THEN 'c' END, CASE WHEN part.d @@ word THEN 'd' END
        )
        FROM (
            SELECT ts_filter(row.document, '{a}') AS a, ts_filter(row.document, '{b}') AS b,
                ts_filter(row.document, '{c}') AS c, ts_filter(row.document, '{d}') AS d
        ) part, unnest(%(each)s::text[]) WITH ORDINALITY each(text, place),
            to_tsquery('mantelzorg_dutch', each.text) word
        ORDER BY each.place
    )
"""
_HITS = """
    {before}
    SELECT
        hit.service_id, hit.score, service.slug, service.name, service.everyday_name, service.summary,
        organisation.name, row.kinds, row.target_groups, service.capacity, service.wait_weeks, service.access,
        service.checked_on, row.next_check_on < %(today)s, {km}, {elsewhere}, {found}, ({count})
    FROM ({page}) hit
    JOIN sociale_kaart_searchrow row ON row.service_id = hit.service_id
    JOIN sociale_kaart_service service ON service.id = hit.service_id
    JOIN sociale_kaart_organisation organisation ON organisation.id = service.organisation_id
    ORDER BY hit.score DESC, hit.service_id DESC
"""
_RANKED = """
    ranked AS MATERIALIZED (
        SELECT service_id, ({score})::double precision AS score
        FROM sociale_kaart_searchrow
        {where}
        ORDER BY {standing} DESC, service_id DESC LIMIT %(ranked)s
    )
"""
_FIT = """
    ({ranks}) / ({weights}) * {bonus}
    * CASE WHEN is_full THEN 0.8 ELSE 1 END
    * CASE WHEN next_check_on < %(today)s THEN 0.8 ELSE 1 END
"""
# Each word by itself: where it stands, times how much it says. Together they would count by how near they are.
_RANK = "{weight} * ts_rank(document, to_tsquery('mantelzorg_dutch', %({name})s))"
_WEIGHT = "coalesce((SELECT weight FROM sociale_kaart_searchword WHERE word = %({name}_word)s), {rare})"
_RANKED_PAGE = "SELECT * FROM ranked {after} ORDER BY score DESC, service_id DESC LIMIT %(limit)s"
_ORDERED_PAGE = """
    SELECT service_id, {score} AS score FROM sociale_kaart_searchrow {where}
    ORDER BY {column} DESC, service_id DESC LIMIT %(limit)s
"""
_COUNT = "SELECT count(*) FROM (SELECT FROM {rows} LIMIT %(many)s) counted"
_AFTER = "({column}, service_id) < (%(score)s, %(service)s)"
_CHECKED = "checked_on - DATE '2000-01-01'"  # a number, for the key of a page
COMES_TO_HER = 25  # km: as far as what works in her municipality and has no address counts
FAR = 9999  # km: what has no address and does not work there comes last
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
                    WHERE (word %% asked.word OR asked.word <%% word) {held}
                    UNION ALL
                    SELECT word, CASE WHEN left(word, 1) = left(asked.word, 1) THEN {one_slip} ELSE {first_letter} END
                    FROM sociale_kaart_searchword
                    WHERE word = ANY(string_to_array(asked.slips, ' ')) {held}
                ) alike
                GROUP BY word ORDER BY likeness DESC, word LIMIT 3
            ) nearest
        ) near
        WHERE near.likeness >= near.best * 0.75
    ), EXISTS (SELECT FROM sociale_kaart_searchword known WHERE known.word = asked.word {known})
    FROM unnest(%(words)s::text[], %(slips)s::text[]) asked(word, slips)
    WHERE to_tsvector('mantelzorg_dutch', asked.word) <> ''
""".replace("{one_slip}", str(ONE_SLIP)).replace("{first_letter}", str(OTHER_FIRST_LETTER))
# The words of the knowledge pages are compared too. Who looks for a service is not helped by one that no service has.
_HELD = "AND EXISTS (SELECT FROM sociale_kaart_searchrow WHERE document @@ plainto_tsquery('mantelzorg_dutch', {word}))"
_LIKE_ANYTHING = _LIKE.replace("{held}", "").replace("{known}", "")
_LIKE_A_SERVICE = _LIKE.replace("{held}", _HELD.format(word="word")).replace("{known}", _HELD.format(word="known.word"))


@dataclass(frozen=True)
class SearchQuery:
    """What somebody asks. Codes and slugs that do not exist find nothing; they are never an error."""

    text: str = ""
    municipalities: tuple[str, ...] = ()  # any of these: a postcode can lie in several
    kind: str = ""
    phase: str = ""
    target_group: str = ""
    language: str = ""
    cost: str = ""
    no_referral: bool = False
    has_room: bool = False
    near: str = ""  # the PC4 or place from which the distance counts; otherwise it is that of the municipalities
    within: int = 0  # km: also what has an address outside the municipalities, so near
    order: str = BY_FIT
    only: tuple[uuid.UUID, ...] = ()  # of these services
    after: str = ""  # the key in the address of a next page
    size: int = PAGE

    @property
    def measures(self) -> bool:
        """Does somebody want to know how far it is, and from where?"""
        return bool(self.municipalities) and bool(self.near or self.within or self.order == BY_DISTANCE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A word that was searched for, and what was typed: the same, unless that was put right."""

    word: str
    typed: str
    is_unfinished: bool = False

    def __str__(self) -> str:
        return f"{_quoted(self.word)}:*" if self.is_unfinished else _quoted(self.word)


@dataclass(frozen=True, slots=True)
class Hit:
    id: uuid.UUID
    slug: str
    title: str  # the everyday name
    formal_name: str  # empty when it is the title
    summary: str
    organisation: str
    kinds: list[str]
    target_groups: list[str]
    capacity: str
    wait_weeks: int | None
    access: str
    checked_on: datetime.date
    is_stale: bool
    km: float | None = None  # as the crow flies, between the middles of two postcode areas
    is_elsewhere: bool = False  # it does not work in the municipalities that were asked for
    found: tuple[tuple["Asked", str], ...] = ()  # each word that it holds, with the letters of where: see _FOUND
    score: float = 0.0  # only to be compared within one search


@dataclass(frozen=True, slots=True)
class SearchPage:
    hits: list[Hit]
    total: int  # counted up to MANY + 1
    first: int  # the place of the first hit in the whole list
    next_after: str = ""
    is_loose: bool = False  # nothing held all the words; these hold some, or words like them
    corrections: dict[str, list[str]] = field(default_factory=dict)
    words: str = ""  # what was searched for in the end, in PostgreSQL's search language

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
    each: list[Asked] = field(default_factory=list)

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
    words = telling(asked(query.text))
    if not words:
        return _without_words(query, after, today or timezone.localdate())
    if after is None or not after.is_loose:
        page = find_all_words(query, words, today, after)
        if after is not None or page.total >= (FEW if len(words) >= LONGER else 1):
            return page
    meant = meant_by(words)
    if not meant.groups:  # only words such as "de" and "voor"
        return _without_words(query, after, today or timezone.localdate())
    return find_some_words(query, meant, today, after)


def find_exactly(query: SearchQuery, today: datetime.date | None = None) -> SearchPage:
    """Only what holds all the words, put right where nobody knows one. For who is told of it by mail."""
    page = find_all_words(query, words, today) if (words := telling(asked(query.text))) else find(query, today)
    if page.hits or not words:
        return page
    meant = meant_by(words)
    if not meant.corrections:
        return page
    return _ranked(
        query, None, today or timezone.localdate(), words={"words": meant.words["all_words"]}, each=meant.each
    )


def find_all_words(
    query: SearchQuery, words: list[str], today: datetime.date | None = None, after: _After | None = None
) -> SearchPage:
    return _ranked(query, after, today or timezone.localdate(), words={"words": all_of(words)}, each=each_of(words))


def find_some_words(
    query: SearchQuery, meant: Meant, today: datetime.date | None = None, after: _After | None = None
) -> SearchPage:
    page = _ranked(query, after, today or timezone.localdate(), words=meant.words, each=meant.each, is_loose=True)
    return replace(page, is_loose=True, corrections=meant.corrections)


def meant_by(words: list[str], *, anywhere: bool = False) -> Meant:
    """Put right with words of services, or `anywhere` also with those of the knowledge pages."""
    groups, corrections, each = [], {}, []
    with connection.cursor() as cursor:
        cursor.execute(
            _LIKE_ANYTHING if anywhere else _LIKE_A_SERVICE,
            {"words": words, "slips": [" ".join(one_slip_away(word)) for word in words]},
        )
        for word, near, is_known in cursor.fetchall():
            if near and not is_known and len(word) >= SHORTEST_COMPARED:
                corrections[word] = near
            meant = [Asked(found, word) for found in [word, *corrections.get(word, [])]]
            groups.append(f"({' | '.join(map(str, meant))})")
            each += meant
    return Meant(groups, corrections, each)


def _ranked(
    query: SearchQuery,
    after: _After | None,
    today: datetime.date,
    *,
    words: dict[str, str] | None = None,
    each: Sequence[Asked] = (),
    is_loose: bool = False,
) -> SearchPage:
    """`words` are texts in PostgreSQL's search language, made of quoted words only."""
    lexemes = {name: f"to_tsquery('mantelzorg_dutch', %({name})s)" for name in words or {}}
    filters, values = conditions(query)
    groups: list[list[Asked]] = []
    if words:
        filters = [f"document @@ {lexemes['words']}", *filters]
        values |= words | {"each": [str(asked) for asked in each]}
        groups = _by_typed(each)
        for place, group in enumerate(groups):
            values |= {f"word{place}": " | ".join(map(str, group)), f"word{place}_word": group[-1].word}
    if query.order == BY_DISTANCE and query.measures:
        nowhere = f"CASE WHEN municipalities && %(municipalities)s::varchar[] THEN {COMES_TO_HER} ELSE {FAR} END"
        score = f"-coalesce({_KM.format(row='sociale_kaart_searchrow')}, {nowhere})"
    elif query.order == BY_CHECK or not words:
        score = _CHECKED
    else:
        bonus = ALL_WORDS_BONUS.format(all_words=lexemes["all_words"]) if is_loose else "1"
        weights = [_WEIGHT.format(name=f"word{place}", rare=RARE) for place in range(len(groups))]
        ranks = [_RANK.format(weight=weight, name=f"word{place}") for place, weight in enumerate(weights)]
        score = _FIT.format(ranks=" + ".join(ranks), weights=" + ".join(weights), bonus=bonus)
    ranked = _RANKED.format(
        score=score,
        where=_where(filters),
        # Of one place there are never so many that walking all services in their order is faster than sorting these.
        standing="standing + 0" if query.municipalities else "standing",
    )
    sql = _hits(
        query,
        before=f"{before}, {ranked}" if (before := origin(query)) else f"WITH {ranked}",
        count=_COUNT.format(rows="ranked"),
        page=_RANKED_PAGE.format(after=_where([_AFTER.format(column="score")] if after else [])),
        found=_FOUND if each else "",
    )
    page = _page(query, after, today, sql, values, each, is_loose=is_loose)
    return replace(page, words=words["words"]) if words else page


def _by_typed(each: Sequence[Asked]) -> list[list[Asked]]:
    """The words that stand for the same typed word together; what was meant most likely comes last."""
    groups: dict[str, list[Asked]] = {}
    for asked_word in each:
        groups.setdefault(asked_word.typed, []).append(asked_word)
    return [[group[0], *reversed(group[1:])] for group in groups.values()]


def _without_words(query: SearchQuery, after: _After | None, today: datetime.date) -> SearchPage:
    if query.order == BY_DISTANCE and query.measures:
        return _ranked(query, after, today)
    column, score = ("checked_on", _CHECKED) if query.order == BY_CHECK else ("standing", "standing")
    filters, values = conditions(query)
    rest = list(filters)
    if after:
        key = "(DATE '2000-01-01' + %(score)s::int)" if column == "checked_on" else "%(score)s"
        rest.append(_AFTER.format(column=column).replace("%(score)s", key))
        # A whole number, or no index is used; a day stays within what a calendar has.
        furthest = 200_000 if column == "checked_on" else 10**9
        values["score"] = int(max(min(after.score, furthest), -furthest))
    sql = _hits(
        query,
        before=origin(query),
        count=_COUNT.format(rows=f"sociale_kaart_searchrow {_where(filters)}"),
        page=_ORDERED_PAGE.format(column=column, score=score, where=_where(rest)),
    )
    return _page(query, after, today, sql, values)


def _hits(query: SearchQuery, *, before: str, count: str, page: str, found: str = "") -> str:
    return _HITS.format(
        before=before,
        count=count,
        page=page,
        km=_KM.format(row="row") if query.measures else "NULL",
        elsewhere="NOT row.municipalities && %(municipalities)s::varchar[]"
        if query.municipalities and query.within
        else "false",
        found=found or "ARRAY[]::text[]",
    )


def _where(filters: list[str]) -> str:
    return f"WHERE {' AND '.join(filters)}" if filters else ""


def origin(query: SearchQuery) -> str:
    """The beginning of a query that measures."""
    return _ORIGIN if query.measures else ""


def conditions(query: SearchQuery, without: str = "") -> tuple[list[str], dict[str, Any]]:
    """What a row must be, apart from its words, and the values that go with it. `without`: leave that question out."""
    filters: list[str] = []
    values: dict[str, Any] = {"near": query.near, "municipalities": list(query.municipalities), "within": query.within}
    if query.municipalities:
        filters.append(_WITHIN if query.within else "municipalities && %(municipalities)s::varchar[]")
    if query.only:
        filters.append("service_id = ANY(%(only)s)")
        values["only"] = list(query.only)
    for name, (column, key) in facet_keys(query).items():
        if key and name != without:
            filters.append(f"{column} @> ARRAY[%({name})s]::varchar[]")
            values[name] = key
    return filters, values


def facet_keys(query: SearchQuery) -> dict[str, tuple[str, str]]:
    """Of each question with a list of answers: the column, and the answer that was chosen."""
    return {
        "kind": ("kinds", query.kind),
        "phase": ("phases", query.phase),
        "target_group": ("target_groups", query.target_group),
        "language": ("traits", query.language and traits.key(traits.LANGUAGE, query.language)),
        "cost": ("traits", query.cost and traits.key(traits.COSTS, query.cost)),
        "access": ("traits", traits.key(traits.ACCESS, "zonder") if query.no_referral else ""),
        "room": ("traits", traits.key(traits.ROOM, "plek") if query.has_room else ""),
    }


def _page(
    query: SearchQuery,
    after: _After | None,
    today: datetime.date,
    sql: str,
    values: dict[str, Any],
    each: Sequence[Asked] = (),
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
        hits=[_hit(row, each) for row in shown],
        total=rows[0][-1] if rows else 0,
        first=seen + 1 if rows else 0,
        next_after=next_after,
    )


def _hit(row: tuple, each: Sequence[Asked]) -> Hit:
    pk, score, slug, name, everyday, summary, organisation, kinds, groups, capacity, weeks, access, *rest = row
    checked_on, stale, km, elsewhere, found, _ = rest
    return Hit(
        pk,
        slug,
        everyday or name,
        name if everyday and everyday != name else "",
        summary,
        organisation,
        kinds,
        groups,
        capacity,
        weeks,
        access,
        checked_on,
        stale,
        km,
        elsewhere,
        tuple((asked, places) for asked, places in zip(each, found, strict=False) if places),
        float(score),
    )


def all_of(words: list[str]) -> str:
    """All of these words, in PostgreSQL's search language."""
    return " & ".join(map(str, each_of(words)))


def each_of(words: list[str]) -> list[Asked]:
    *complete, last = words
    return [*(Asked(word, word) for word in complete), Asked(last, last, len(last) >= SHORTEST_UNFINISHED)]


def _quoted(word: str) -> str:
    """A word as PostgreSQL's search language reads it: letters and digits between quotes are never an operator."""
    return f"'{word}'"

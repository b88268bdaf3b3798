"""How many services there are in each municipality, or in each province, for one question. One query."""

from dataclasses import dataclass

from django.db import connection

from sociale_kaart.search.query import SearchPage, SearchQuery, conditions, origin

COUNTED = 5000  # services that are looked at: above it the numbers are "at least"
WIDE = 30  # what works in more municipalities than this is counted apart, or it would be in every number

_FOUND = """
    {before} found AS MATERIALIZED (
        SELECT service_id, municipalities, cardinality(municipalities) > %(wide)s AS is_wide
        FROM sociale_kaart_searchrow {where} LIMIT %(counted)s
    )
    SELECT '', count(*) FILTER (WHERE is_wide), count(*) FROM found
    UNION ALL
"""
_BY_MUNICIPALITY = """
    SELECT code, count(*), 0 FROM found, unnest(municipalities) code WHERE NOT is_wide GROUP BY code
"""
_BY_PROVINCE = """
    SELECT place.province, count(DISTINCT service_id), 0
    FROM found, unnest(municipalities) here JOIN sociale_kaart_municipality place ON place.code = here
    WHERE NOT is_wide GROUP BY place.province
"""


@dataclass(frozen=True)
class PlaceCounts:
    by_code: dict[str, int]
    wide: int
    is_at_least: bool


def counts_by_place(query: SearchQuery, page: SearchPage, *, by_province: bool) -> PlaceCounts:
    """`page` says which words were searched for in the end."""
    filters, values = conditions(query)
    if page.words:
        filters.insert(0, "document @@ to_tsquery('mantelzorg_dutch', %(words)s)")
    before = f"{begin}," if (begin := origin(query)) else "WITH"
    found = _FOUND.format(before=before, where=f"WHERE {' AND '.join(filters)}" if filters else "")
    sql = " ".join([found, _BY_PROVINCE if by_province else _BY_MUNICIPALITY])
    with connection.cursor() as cursor:
        cursor.execute(sql, values | {"words": page.words, "counted": COUNTED, "wide": WIDE})
        (_, wide, seen), *rows = cursor.fetchall()
    return PlaceCounts({code: count for code, count, _ in rows}, wide, seen >= COUNTED)

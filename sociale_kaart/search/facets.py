"""How many services there are behind each answer that can be chosen, given everything else that was asked.

One query. Questions that were not answered yet share one look in the index; one that was answered is counted without
its own answer, or all other answers would read 0. A look stops at COUNTED services: then the numbers are "at least".
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import connection

from sociale_kaart.search.query import SearchPage, SearchQuery, conditions, facet_keys, origin

COUNTED = 3000  # more than this and nobody reads the numbers; what they cost stays the same

_LOOK = """
    {name} AS MATERIALIZED (
        SELECT kinds, phases, target_groups, traits FROM sociale_kaart_searchrow {where} LIMIT %(counted)s
    )
"""
_ANSWERS = """
    SELECT '{column}', key, count(*), (SELECT count(*) FROM {look}) FROM {look}, unnest({column}) key GROUP BY key
"""


@dataclass(frozen=True)
class Counts:
    """Per column of the row: how many services have each key. `at_least`: columns of which not all were counted."""

    by_column: dict[str, dict[str, int]] = field(default_factory=dict)
    at_least: frozenset[str] = frozenset()

    def of(self, question: str, column: str) -> tuple[dict[str, int], bool]:
        """`question` is a field of SearchQuery that was answered; otherwise all that share its column count as one."""
        name = question if question in self.by_column else column
        return self.by_column.get(name, {}), name in self.at_least


def counts_for(query: SearchQuery, page: SearchPage) -> Counts:
    """`page` says which words were searched for in the end."""
    answered = [name for name, (_, key) in facet_keys(query).items() if key]
    looks, answers, values = [], [], {"words": page.words, "counted": COUNTED}
    for place, question in enumerate(["", *answered]):
        filters, found = conditions(query, without=question)
        values |= found
        if page.words:
            filters.insert(0, "document @@ to_tsquery('mantelzorg_dutch', %(words)s)")
        look = f"look{place}"
        looks.append(_LOOK.format(name=look, where=f"WHERE {' AND '.join(filters)}" if filters else ""))
        columns = [facet_keys(query)[question][0]] if question else ["kinds", "phases", "target_groups", "traits"]
        answers += [
            _ANSWERS.format(column=column, look=look).replace(f"'{column}'", f"'{question or column}'", 1)
            for column in columns
        ]
    before = origin(query)
    begin = f"{before}, {', '.join(looks)}" if before else f"WITH {', '.join(looks)}"
    sql = " ".join([begin, " UNION ALL ".join(answers)])
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    at_least = set()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for name, key, count, seen in cursor.fetchall():
            counted[name][key] = count
            if seen >= COUNTED:
                at_least.add(name)
    return Counts(dict(counted), frozenset(at_least))

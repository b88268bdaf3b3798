"""What can be chosen on the search page, in one query: the lists stand in five tables, and the page is opened often.
With them come the everyday words in what was typed, to say why something was found.

The municipalities are those of the organisation somebody works for, and the one that was chosen: all 342 would be more
bytes than the results. For anywhere else there is the postcode field, which also takes the name of a place.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db import connection

from sociale_kaart.search.why import Everyday, spans

_CHOICES = """
    SELECT 'kind', kind.slug, kind.name, category.name, category.number * 1000 + kind."order"
    FROM knowledge_supportkind kind JOIN knowledge_supportcategory category ON category.slug = kind.category_id
    WHERE kind.referable AND NOT kind.retired
    UNION ALL SELECT 'phase', slug, name, '', number FROM knowledge_phase WHERE NOT retired
    UNION ALL SELECT 'target_group', slug, name, '', position FROM sociale_kaart_targetgroup
    UNION ALL SELECT 'language', code, name, '', position FROM sociale_kaart_language
    UNION ALL SELECT 'municipality', code, name, '', 0 FROM sociale_kaart_municipality
    WHERE code = %(chosen)s OR code IN (
        SELECT municipality_id FROM sociale_kaart_organisation_municipalities WHERE organisation_id = %(organisation)s
    )
    UNION ALL SELECT 'everyday', word, array_to_string(means, '|'), array_to_string(array(
        SELECT supportkind_id FROM knowledge_synonym_support_kinds link WHERE link.synonym_id = word
    ), ' '), -length(word)
    FROM knowledge_synonym WHERE replace(unaccent(lower(word)), '-', ' ') = ANY(%(spans)s)
    ORDER BY 5, 3
"""


@dataclass(frozen=True)
class Choices:
    kinds: dict[str, list[tuple[str, str]]]  # by category
    phases: list[tuple[str, str]]
    target_groups: list[tuple[str, str]]
    municipalities: list[tuple[str, str]]
    languages: list[tuple[str, str]]
    everyday: list[Everyday]  # those in what somebody typed, the longest first

    @property
    def kind_names(self) -> dict[str, str]:
        return {slug: name for kinds in self.kinds.values() for slug, name in kinds}


def choices_for(user, *, chosen_municipality: str = "", text: str = "") -> Choices:
    """`chosen_municipality` looks like a code: see `mantelzorg.carried`. One that does not exist is no choice."""
    kinds: dict[str, list[tuple[str, str]]] = defaultdict(list)
    lists: dict[str, list[tuple[str, str]]] = defaultdict(list)
    everyday = []
    values = {"chosen": chosen_municipality, "organisation": user.organisation_id, "spans": spans(text)}
    with connection.cursor() as cursor:
        cursor.execute(_CHOICES, values)
        for what, key, name, category, _ in cursor.fetchall():
            if what == "kind":
                kinds[category].append((key, name))
            elif what == "everyday":
                everyday.append(Everyday.read(key, name, category))
            else:
                lists[what].append((key, name))
    return Choices(
        dict(kinds), lists["phase"], lists["target_group"], lists["municipality"], lists["language"], everyday
    )

"""Writing the rows that search reads, in batches. Reads the services as they are now; repeatable at any time.

In the document a word of the name weighs most (A), then what it says of itself in short (B), then what follows from its
links and what others call it (C), then the rest (D). Synonyms are resolved here: a service of the kind logeerzorg also
carries the words "respijt" and "even vrij".
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from sociale_kaart.models import PostcodeArea, SearchRow, SearchWord, Service
from sociale_kaart.postcodes import pc4_of
from sociale_kaart.search import knowledge, traits
from sociale_kaart.search.synonyms import Synonyms
from sociale_kaart.search.words import SHORTEST_COMPARED, plain

BATCH = 1000
LOCAL = 30  # a service in more municipalities than this is not found by the names of places
FULL_COUNTS_AS = 3650  # days: in a list without search words, what is full comes after everything that is not

_UPSERT = """
    INSERT INTO sociale_kaart_searchrow
        (service_id, document, municipalities, kinds, phases, target_groups, traits, places, checked_on, next_check_on,
        is_full, standing)
    VALUES (
        %s,
        setweight(to_tsvector('mantelzorg_dutch', %s), 'A') || setweight(to_tsvector('mantelzorg_dutch', %s), 'B')
        || setweight(to_tsvector('mantelzorg_dutch', %s), 'C') || setweight(to_tsvector('mantelzorg_dutch', %s), 'D'),
        %s, %s, %s, %s, %s, %s, %s, %s, %s, %s
    )
    ON CONFLICT (service_id) DO UPDATE SET
        document = excluded.document,
        municipalities = excluded.municipalities,
        kinds = excluded.kinds,
        phases = excluded.phases,
        target_groups = excluded.target_groups,
        traits = excluded.traits,
        places = excluded.places,
        checked_on = excluded.checked_on,
        next_check_on = excluded.next_check_on,
        is_full = excluded.is_full,
        standing = excluded.standing
"""
# Words are counted by their stem, as they are searched for. What no service holds keeps the weight of a rare word.
_WEIGH = """
    UPDATE sociale_kaart_searchword known SET weight = counted.weight
    FROM (
        SELECT stems.word, ln(1 + (SELECT count(*) FROM sociale_kaart_searchrow) / ndoc::float) AS weight
        FROM (
            SELECT word, (tsvector_to_array(to_tsvector('mantelzorg_dutch', word)))[1] AS stem
            FROM sociale_kaart_searchword
        ) stems JOIN ts_stat('SELECT document FROM sociale_kaart_searchrow') stat ON stat.word = stem
    ) counted
    WHERE counted.word = known.word AND abs(counted.weight - known.weight) > 0.1
"""


def refresh(service_ids: Iterable | None = None) -> int:
    """Write the rows of these services, or of all and of the knowledge too. Returns how many services.

    What is no longer published loses its row.
    """
    services = Service.objects.all() if service_ids is None else Service.objects.filter(pk__in=list(service_ids))
    with transaction.atomic():
        # Only what cannot be found any more goes away; two people at once never see a gap.
        SearchRow.objects.filter(service__in=services.exclude(status=Service.Status.PUBLISHED)).delete()
        published = list(services.published().order_by("pk").values_list("pk", flat=True))
        synonyms = Synonyms()
        vocabulary: set[str] = set()
        for start in range(0, len(published), BATCH):
            vocabulary |= _refresh_batch(published[start : start + BATCH], synonyms)
        if service_ids is None:
            vocabulary |= knowledge.refresh(synonyms)
        vocabulary = {word for word in vocabulary if _worth_comparing(word)}
        if service_ids is None:
            SearchWord.objects.exclude(word__in=vocabulary).delete()
        SearchWord.objects.bulk_create(
            [SearchWord(word=word) for word in sorted(vocabulary)], ignore_conflicts=True, batch_size=5000
        )
        if service_ids is None:
            _weigh_words()
    return len(published)


def _weigh_words() -> None:
    """A word that every service holds says little about any of them."""
    with connection.cursor() as cursor:
        cursor.execute(_WEIGH)


def _refresh_batch(ids: Sequence, synonyms: Synonyms) -> set[str]:
    facts = _Facts(ids)
    rows, vocabulary = [], set()
    for service in Service.objects.filter(pk__in=ids).values(
        "pk",
        "name",
        "everyday_name",
        "summary",
        "description",
        "for_whom",
        "organisation__name",
        "capacity",
        "access",
        "cost_kind",
        "checked_on",
        "next_check_on",
    ):
        pk = service["pk"]
        kinds = facts.kinds[pk]
        names = plain(f"{service['everyday_name']} {service['name']}")
        about = plain(
            " ".join(
                [
                    *(service["organisation__name"], *facts.kind_names[pk], *facts.target_group_names[pk]),
                    service["summary"],
                ]
            )
        )
        context = plain(
            " ".join(
                [
                    *(*facts.profession_names[pk], *facts.language_names[pk]),
                    *(*facts.phase_names[pk], *facts.municipality_names(pk)),
                ]
            )
        )
        rest = plain(" ".join([service["for_whom"], service["description"], *facts.place_names(pk)]))
        everyday = synonyms.of(f"{names} {about} {context}", kinds=kinds, professions=facts.professions[pk])
        context = f"{context} {everyday}"  # what somebody else calls it counts for less than what it says itself
        is_full = service["capacity"] == Service.Capacity.FULL
        rows.append(
            (
                pk,
                names,
                about,
                context,
                rest,
                facts.municipalities[pk],
                kinds,
                facts.phases[pk],
                facts.target_groups[pk],
                traits.of(service, facts.languages[pk]),
                facts.areas(pk),
                service["checked_on"],
                service["next_check_on"],
                is_full,
                _standing(service["checked_on"], is_full),
            )
        )
        vocabulary.update(names.split(), about.split(), context.split(), rest.split())
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT, rows)
    return vocabulary


def _standing(checked_on: datetime.date, is_full: bool) -> int:
    return checked_on.toordinal() - (FULL_COUNTS_AS if is_full else 0)


def _worth_comparing(word: str) -> bool:
    return SHORTEST_COMPARED <= len(word) <= 60 and not any(character.isdigit() for character in word)


class _Facts:
    """What a batch of services is linked to: keys for the filters, names for the words. One query per kind of link."""

    def __init__(self, ids: Sequence):
        self.kinds, self.kind_names = _links(
            Service.kinds, ids, "supportkind_id", "supportkind__name", supportkind__retired=True
        )
        self.professions, self.profession_names = _links(
            Service.professions, ids, "profession_id", "profession__name", profession__retired=True
        )
        self.phases, self.phase_names = _links(Service.phases, ids, "phase_id", "phase__name", phase__retired=True)
        self.target_groups, self.target_group_names = _links(
            Service.target_groups, ids, "targetgroup_id", "targetgroup__name"
        )
        self.languages = _links(Service.languages, ids, "language_id", "language__name")[0]
        _, self.language_names = _links(Service.languages, ids, "language_id", "language__name", language="nl")
        self.municipalities, self._municipality_names = _links(
            Service.municipalities, ids, "municipality_id", "municipality__name"
        )
        self._aliases = _links(Service.municipalities, ids, "municipality_id", "municipality__alias")[1]
        self._location_places = _links(Service.locations, ids, "location_id", "location__place")[1]
        self._location_postcodes = _links(Service.locations, ids, "location_id", "location__postcode")[1]
        self._places: dict[str, set[str]] = defaultdict(set)
        local = {code for codes in self.municipalities.values() if len(codes) <= LOCAL for code in codes}
        for code, place in PostcodeArea.objects.filter(municipality__in=local).values_list("municipality", "place"):
            self._places[code].add(place)

    def municipality_names(self, pk) -> list[str]:
        if len(self.municipalities[pk]) > LOCAL:
            return self._location_places[pk]
        return [*self._municipality_names[pk], *self._aliases[pk], *self._location_places[pk]]

    def areas(self, pk) -> list[str]:
        """The PC4 of the places where one goes to."""
        found = {pc4_of(postcode) for postcode in self._location_postcodes[pk]}
        return sorted(pc4 for pc4 in found if pc4)

    def place_names(self, pk) -> list[str]:
        codes = self.municipalities[pk]
        return [] if len(codes) > LOCAL else sorted({place for code in codes for place in self._places[code]})


def _links(relation, ids: Sequence, key: str, name: str, **without) -> tuple[dict, dict]:
    """The keys and the names that services are linked to, per service, in a steady order."""
    keys, names = defaultdict(list), defaultdict(list)
    links = relation.through.objects.filter(service__in=ids).exclude(**without).order_by("service", key)
    for service, linked, label in links.values_list("service_id", key, name):
        keys[service].append(linked)
        names[service].append(label)
    return keys, names

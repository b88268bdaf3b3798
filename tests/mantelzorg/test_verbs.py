"""A verb as a whole or not at all, also when verbs call verbs."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from mantelzorg.refusal import Refused
from mantelzorg.verbs import as_a_whole, held, hold
from sociale_kaart.models import TargetGroup

pytestmark = pytest.mark.django_db


@as_a_whole
def make(slug: str) -> TargetGroup:
    return TargetGroup.objects.create(slug=slug, name=slug, position=900)


@as_a_whole
def make_two(*, then=lambda: None):
    made = make("een"), make("twee")
    then()
    return made


def refuse():
    raise Refused("Dat kan niet.")


def there() -> set[str]:
    return set(TargetGroup.objects.filter(position=900).values_list("slug", flat=True))


def test_a_verb_in_a_verb_joins_it():
    with CaptureQueriesContext(connection) as queries:
        make_two()
    assert [query["sql"].split()[0] for query in queries] == ["SAVEPOINT", "INSERT", "INSERT", "RELEASE"]


def test_what_is_refused_undoes_all_of_it_and_the_request_goes_on():
    with transaction.atomic():
        make("eerder")
        with pytest.raises(Refused):
            make_two(then=refuse)
        assert there() == {"eerder"}
        make_two()
    assert there() == {"eerder", "een", "twee"}


def test_what_a_verb_in_it_refused_undoes_the_outermost_too():
    @as_a_whole
    def make_and_refuse():
        make("een")
        as_a_whole(refuse)()

    with pytest.raises(Refused):
        make_and_refuse()
    assert there() == set()


def test_what_a_verb_made_is_at_hand_until_the_outermost_ends():
    @as_a_whole
    def is_at_hand(row) -> bool:
        return held(row) is row

    @as_a_whole
    def make_and_look():
        row = hold(make("een"))
        assert is_at_hand(row)
        assert held(TargetGroup.objects.get(pk=row.pk)) is row
        return row

    row = make_and_look()
    assert held(row) is None
    assert not is_at_hand(row)


def test_what_is_held_is_forgotten_when_it_goes_wrong():
    rows = []
    with pytest.raises(Refused):
        make_two(then=lambda: (rows.append(hold(TargetGroup(pk="een"))), refuse()))
    assert held(rows[0]) is None


def test_outside_a_verb_nothing_is_held():
    assert held(hold(make("een"))) is None

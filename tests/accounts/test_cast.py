"""The cast of tests/conftest.py is who it says it is."""

import pytest

from accounts.models import Membership, Role, User
from sociale_kaart.models import Municipality


def test_each_of_the_cast_has_the_rights_of_her_role(
    sender, beheerder, logtoezicht, consulent, coordinator, functional_admin, receiver, zaanstad
):
    assert sender.works_with_caregivers
    assert not beheerder.works_with_caregivers
    assert beheerder.is_beheerder
    assert logtoezicht.is_logtoezicht
    assert consulent.may_maintain(zaanstad)
    assert not receiver.may_maintain(zaanstad)
    assert coordinator.coordinates(zaanstad)
    assert not coordinator.may_maintain(zaanstad)
    assert functional_admin.acting is None


def test_colleagues_share_an_organisation_and_outsiders_do_not(sender, colleague, receiver, outsider):
    assert sender.organisation == colleague.organisation
    assert len({sender.organisation_id, receiver.organisation_id, outsider.organisation_id}) == 3


def test_a_client_is_logged_in_as_the_person_it_was_made_for(client_of, sender):
    assert client_of(sender).session["_auth_user_id"] == str(sender.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_the_world_is_there_again_after_a_test_with_real_transactions(turn, sender):
    assert Municipality.objects.filter(pk="GM0479").exists()
    assert Membership.objects.get().roles == [Role.VERWIJZER]
    assert User.objects.count() == 1

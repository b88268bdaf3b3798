"""Who is told by mail that there is something to see; where nobody is, the sender hears that she had better call."""

import pytest
from django.urls import reverse

from accounts.models import Role
from referrals import actions
from referrals.transitions import State
from tests.factories import make_member, make_organisation, make_referral, make_service
from trail.models import OutboxMessage


@pytest.fixture
def silent(db):
    """An organisation without an address of its own."""
    return make_organisation("Stille Hulp", municipalities=["GM0479"], email="", phone="075 555 0142")


def told() -> set[str]:
    return set(OutboxMessage.objects.values_list("to", flat=True))


def test_the_address_of_the_service_comes_before_that_of_the_organisation(sender, receiver, steunpunt):
    steunpunt.email = "post@steunpunt.example"
    steunpunt.save()
    make_referral(State.SENT, sender=sender, service=make_service(steunpunt))
    assert told() == {"post@steunpunt.example"}
    OutboxMessage.objects.all().delete()
    make_referral(State.SENT, sender=sender, service=make_service(steunpunt, email="gesprek@steunpunt.example"))
    assert told() == {"gesprek@steunpunt.example"}


def test_without_any_address_everybody_there_who_works_with_caregivers_is_told(client_of, sender, silent):
    consulent = make_member("Corrie Bos", silent, Role.CONSULENT)
    make_member("Dirk Vos", silent, Role.BEHEERDER)
    gone = make_member("Weg Gegaan", silent, Role.VERWIJZER)
    gone.is_active = False
    gone.save()
    referral = make_referral(State.SENT, sender=sender, service=make_service(silent))
    assert told() == {consulent.email}
    page = client_of(sender).get(reverse("referral_sent", args=[referral.pk])).content.decode()
    assert "Bel even" not in page


def test_where_nobody_can_be_told_nothing_is_lost_and_the_sender_is_asked_to_call(client_of, sender, silent):
    referral = make_referral(State.SENT, sender=sender, service=make_service(silent))
    assert told() == set()
    page = client_of(sender).get(reverse("referral_sent", args=[referral.pk])).content.decode()
    assert "Bel even" in page
    assert "075 555 0142" in page
    later = make_member("Corrie Bos", silent, Role.CONSULENT)
    assert actions.accept(referral=referral, by=later).state == State.ACCEPTED

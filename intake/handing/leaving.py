"""What is settled when somebody no longer works with caregivers: called through `settings.BEFORE_LEAVING`."""

from accounts.models import Membership
from intake.handing.actions import end_request, tell
from intake.models import ContactRequest
from mantelzorg import principals
from trail.actions import record_access

NO_LONGER_HERE = "Wie gevraagd was, werkt hier niet meer met mantelzorgers."
ASK_ANOTHER = (
    "Een collega die jij vroeg, werkt hier niet meer met mantelzorgers. Vraag een ander als vast aanspreekpunt."
)


def let_go(*, membership: Membership, by, now) -> None:
    """What she was asked to become is taken back, and who asked hears it. Joins the caller's transaction.

    Whoever manages the team sees none of it: a job with a right of its own does this (mantelzorg/rights/policies.py).
    """
    with principals.acting(principals.job("vertrek", member=membership.pk)):
        open_ones = ContactRequest.objects.to_become(membership).select_related("asked_by__user")
        requests = list(open_ones.select_for_update(of=("self",)))
        for request in requests:
            end_request(request, ContactRequest.State.TAKEN_BACK, by=by, note=NO_LONGER_HERE, now=now)
    for request in requests:
        record_access(
            by=by,
            event="update",
            action="U",
            obj=request,
            subject=request.caregiver_id,
            fields=("fixed_contact",),
            organisation=membership.organisation_id,
        )
    for asker in {request.asked_by for request in requests} - {membership}:
        tell(asker, ASK_ANOTHER, now=now)

"""Somebody leaves, or no longer works with caregivers: first others must have what only she has.

Rooms above this one know what that is. They refuse, or settle it, through `settings.BEFORE_LEAVING`.
"""

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import WORKS_WITH_CAREGIVERS, Membership
from mantelzorg import principals
from mantelzorg.refusal import Refused


def is_contact_of(membership: Membership) -> int:
    """Of how many caregivers she is the fixed contact. A number for whoever may know no more than that: a job with a
    right of its own counts them (mantelzorg/rights/policies.py).
    """
    with principals.acting(principals.job("vertrek", member=membership.pk)):
        return membership.fixed_contact_of.count()


def in_words(membership: Membership, count: int) -> str:
    """Nothing when it is of nobody."""
    many = {0: "", 1: "één mantelzorger"}.get(count, f"{count} mantelzorgers")
    return f"{membership.user} is voor {many} het vaste aanspreekpunt." if many else ""


HAND_OVER_FIRST = (
    "Een collega die met mantelzorgers werkt, draagt eerst over: bij Mantelzorgers, Draag over. Pas als een ander ja "
    "heeft gezegd, kan dit."
)


def stops_working(before: list[str], after: list[str]) -> bool:
    """Whether with these roles she can no longer do for caregivers what she did with the roles she had."""
    working = set(WORKS_WITH_CAREGIVERS)
    return bool(working & set(before)) and not working & set(after)


def settle(*, membership: Membership, by, now, field: str | None = None) -> None:
    """In the transaction in which she leaves, with her membership locked. Raises Refused while somebody needs her."""
    said = in_words(membership, is_contact_of(membership))
    if said:
        raise Refused(f"{said} {HAND_OVER_FIRST}", field=field)
    for path in settings.BEFORE_LEAVING:
        import_string(path)(membership=membership, by=by, now=now)

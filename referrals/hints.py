"""To whom a receiver's hint by mail goes. The portal's own inbox is the truth; a mail says that there is something."""

from accounts.models import Membership
from referrals.models import Referral
from referrals.transitions import Party, State, turn_party


def addresses_at_receiver(referral: Referral) -> list[str]:
    """Who accepted it; otherwise the address of the service or the organisation; otherwise everybody there who works
    with caregivers. Nobody where the channel is not the portal, and nobody where nobody is.
    """
    if turn_party(referral.channel, State.SENT) is not Party.RECEIVER:
        return []
    if referral.receiver_id:
        return [referral.receiver.user.email]
    address = referral.service.email or referral.receiver_organisation.email
    if address:
        return [address]
    return list(Membership.objects.addresses_of_caregiver_workers(referral.receiver_organisation))

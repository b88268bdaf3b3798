"""Who comes by a link: nobody with an account, but an organisation, for one referral."""

import uuid
from dataclasses import dataclass

from referrals.models import ReferralLink


@dataclass(frozen=True)
class ByLink:
    """Whoever reads the mail of an organisation, after link and code. Stands where verbs and pages take a user."""

    pk: uuid.UUID  # of the link: whose a form is that came twice
    bound_to: uuid.UUID  # the one referral she reaches
    organisation_id: uuid.UUID
    is_account: bool = False
    acting: None = None
    works_with_caregivers: bool = True

    @classmethod
    def of(cls, link: ReferralLink) -> "ByLink":
        return cls(pk=link.pk, bound_to=link.referral_id, organisation_id=link.organisation_id)

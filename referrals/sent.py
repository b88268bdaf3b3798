"""The page after sending: who does what before when, and two lines for the sender's own record system.

The two lines go into a file that is not ours. They hold what one needs to follow the referral and nothing else: not her
name (it is her file already), not what she told.
"""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from mantelzorg.dates import day_in_words
from referrals import hints
from referrals.matching import to_arrange
from referrals.models import Referral, WarmMode
from referrals.reading import listed
from referrals.transitions import Channel, State, turn_date
from sociale_kaart.models import Service


@dataclass
class Sent:
    referral: Referral

    @property
    def organisation(self) -> str:
        return self.referral.receiver_organisation.name

    @property
    def by_phone(self) -> bool:
        return self.referral.channel == Channel.PHONE

    @property
    def is_news(self) -> bool:
        """Nothing happened since it was sent."""
        return self.referral.state == State.SENT

    @property
    def reaches_nobody(self) -> bool:
        """It waits in their inbox, and there is nobody there to tell."""
        return not self.by_phone and self.is_news and not hints.at_receiver(self.referral, timezone.localdate())

    @property
    def phone(self) -> str:
        return self.referral.service.phone or self.referral.receiver_organisation.phone

    @property
    def may_tell(self) -> list[str]:
        """What she agreed to, for who tells it by phone: that and nothing else."""
        return self.referral.consent.item_labels if self.referral.consent_id else []

    @property
    def to_arrange(self) -> str:
        """What is left to agree on, when nobody calls her by itself."""
        talks_along = self.referral.warm_mode in (WarmMode.CALL_TOGETHER, WarmMode.TALK_TOGETHER)
        return "" if talks_along else to_arrange(self.referral.service)

    @cached_property
    def kinds(self) -> str:
        return listed([link.kind_name for link in self.referral.referral_needs.select_related("kind")])

    @cached_property
    def sent_on(self) -> datetime.date:
        return timezone.localdate(self.referral.sent_at)

    @cached_property
    def answer_on(self) -> datetime.date:
        return turn_date(State.SENT, self.referral.urgency, self.sent_on, terms=self.referral.terms)

    @cached_property
    def call_on(self) -> datetime.date:
        """The last day on which she is called, when the answer comes on its last day too."""
        promised = self.referral.service.call_within_days
        return turn_date(State.ACCEPTED, self.referral.urgency, self.answer_on, promised, self.referral.terms)

    @property
    def answer_by(self) -> str:
        return day_in_words(self.answer_on)

    @property
    def call_by(self) -> str:
        return day_in_words(self.call_on)

    @property
    def without_file(self) -> bool:
        return self.referral.without_file

    @property
    def steps(self) -> list[dict[str, str]]:
        steps = self._steps_by_phone() if self.by_phone else self._steps_in_portal()
        if not self.without_file:
            return steps
        if self.by_phone:
            steps[0]["text"] = "Geef alleen door wat hierboven staat, en noteer wie haar gaat bellen."
            return steps[:-1]
        last = {"text": "Meer hoor je niet: zij werken zonder dossier. Jij bent dan weer aan zet."}
        return [*steps[:-1], {"label": "Je hoort dat er contact was", "state": "todo", "meta": "", **last}]

    def _steps_in_portal(self) -> list[dict[str, str]]:
        return [
            {"label": "Je verwijzing is verstuurd", "state": "done", "meta": day_in_words(self.sent_on)},
            {
                "label": f"{self.organisation} antwoordt",
                "state": "current",
                "meta": f"Uiterlijk {self.answer_by}",
                "text": "Zeggen zij nee, of hoor je niets, dan krijg je bericht en ben jij weer aan zet.",
            },
            {"label": self._who_calls(), "state": "todo", "meta": f"Uiterlijk {self.call_by}"},
            {
                "label": "Je leest wat ervan kwam",
                "state": "todo",
                "meta": f"Uiterlijk {self.referral.terms.feedback_days} dagen na het eerste contact",
            },
        ]

    def _steps_by_phone(self) -> list[dict[str, str]]:
        return [
            {
                "label": f"Bel {self.organisation}",
                "state": "current",
                "meta": f"Uiterlijk {self.answer_by}",
                "text": "Vertel wat zij vraagt en noteer wie haar gaat bellen.",
            },
            {
                "label": "Vraag of er contact is geweest" if self.to_arrange else "Vraag of zij is gebeld",
                "state": "todo",
                "meta": f"Rond {self.call_by}",
            },
            {
                "label": "Vraag wat ervan kwam",
                "state": "todo",
                "meta": f"{self.referral.terms.feedback_days} dagen na het eerste contact",
            },
        ]

    def _who_calls(self, me: str = "jij") -> str:
        if self.referral.warm_mode == WarmMode.CALL_TOGETHER:
            return f"{self.organisation} en {me} bellen haar samen"
        if self.referral.warm_mode == WarmMode.TALK_TOGETHER:
            return f"{self.organisation} en {me} spreken haar met z'n drieën"
        if not self.to_arrange:
            return f"{self.organisation} belt haar"
        if self.referral.service.caller == Service.Caller.CAREGIVER:
            return f"{self.organisation} en zij bellen met elkaar"
        return f"{self.organisation} belt haar, na overleg met {'mij' if me == 'ik' else 'jou'}"

    @property
    def own_record(self) -> str:
        """Date, to whom, for what kind, number; and who calls before when."""
        then = (
            f"Ik bel {self.organisation}, uiterlijk {self.answer_by}."
            if self.by_phone
            else f"{self._who_calls('ik')}, uiterlijk {self.call_by}."
        )
        return (
            f"{day_in_words(self.sent_on)}: verwezen naar {self.organisation}, nummer {self.referral.number}. "
            f"Vraag: {self.kinds}.\n{then}"
        )

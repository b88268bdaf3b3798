"""A service as a sender weighs it, in lines that are ready to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from referrals.matching.weighing import Line, Weighed
from referrals.transitions import CALL_WORKING_DAYS, Urgency
from sociale_kaart import plain_words
from sociale_kaart.answering.words import hint
from sociale_kaart.models import Service


@dataclass(frozen=True, slots=True)
class Card:
    service: Service
    weighed: Weighed
    groups: tuple[Mapping[str, str], ...] = ()  # for whom it is meant in particular: pk and name
    is_chosen: bool = False
    running: UUID | None = None  # a referral of hers to this service that is open now

    @property
    def lines(self) -> tuple[Line, ...]:
        """Why it fits and what does not."""
        return self.weighed.lines

    @property
    def fits(self) -> bool:
        return self.weighed.fits

    @property
    def can_be_chosen(self) -> bool:
        return self.running is None

    @property
    def phone(self) -> str:
        return self.service.phone or self.service.organisation.phone

    @property
    def by_phone(self) -> bool:
        return self.service.channel == "phone"

    @property
    def meant_for(self) -> str:
        return ", ".join(name[:1].lower() + name[1:] for name in (group["name"] for group in self.groups))

    @property
    def who_calls(self) -> str:
        return who_calls(self.service)

    @property
    def to_arrange(self) -> str:
        """What a sender must know when it is not the receiver who calls her."""
        return to_arrange(self.service)

    @property
    def costs(self) -> str:
        return plain_words.costs(self.service)

    @property
    def checked(self) -> str:
        return plain_words.checked(self.service)

    @property
    def hint(self) -> str:
        """That it often answers late or often declines. It says so and weighs nothing: she chooses."""
        return hint(self.service)

    @property
    def target_groups(self) -> tuple[Mapping[str, str], ...]:
        """The groups that it wants to hear about beforehand."""
        return self.groups if self.service.asks_target_groups else ()


def who_calls(service: Service) -> str:
    if service.caller == Service.Caller.CAREGIVER:
        return "Zij belt zelf"
    if service.caller == Service.Caller.SENDER:
        return "Jij belt de organisatie"
    return f"Belt haar binnen {plain_words.working_days(service.call_within_days or CALL_WORKING_DAYS[Urgency.NORMAL])}"


def to_arrange(service: Service) -> str:
    """In plain words, who must do what so that she is called; nothing when the receiver simply calls her."""
    if service.caller == Service.Caller.CAREGIVER:
        return (
            "Dit aanbod laat de mantelzorger zelf bellen. "
            "Spreek met hen af dat zij haar bellen, of geef haar het nummer."
        )
    if service.caller == Service.Caller.SENDER:
        return "Dit aanbod wil dat jij eerst belt. Bel hen na het versturen en spreek af wie haar belt."
    return ""

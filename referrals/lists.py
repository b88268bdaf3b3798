"""Which referrals a list shows: what the address asks for, and nothing personal in it."""

from dataclasses import dataclass
from typing import ClassVar, Self

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.http import urlencode

from referrals.models import Referral
from referrals.transitions import State


class Which(TextChoices):
    OUR_TURN = "aan-zet", "Aan zet"
    SENT = "verstuurd", "Verstuurd"
    RECEIVED = "ontvangen", "Ontvangen"
    DRAFTS = "concepten", "Concepten"


OPEN, ENDED = "lopend", "klaar"
STATES = [
    ("", "Alle"),
    (OPEN, "Alles wat loopt"),
    (ENDED, "Alles wat klaar is"),
    *[(state.value, state.label[:1].upper() + state.label[1:]) for state in State if state != State.CONCEPT],
]
MINE = "mij"


@dataclass(frozen=True)
class ListChoice:
    """Of referrals; a list of other things says what is different (referrals/questions/lists.py)."""

    LISTS: ClassVar[type[TextChoices]] = Which
    NARROWED: ClassVar[tuple[str, ...]] = (Which.SENT, Which.RECEIVED)  # by state, and by who
    STATES: ClassVar[list[tuple[str, str]]] = STATES
    ADDRESS: ClassVar[str] = "referral_list"

    which: str = Which.OUR_TURN
    state: str = ""
    mine: bool = False

    @classmethod
    def asked(cls, query) -> Self:
        """What the address asks for; what it cannot ask for, is not asked."""
        which = query.get("lijst", "")
        which = which if which in cls.LISTS.values else cls.LISTS.OUR_TURN
        if which not in cls.NARROWED:
            return cls(which)
        state = query.get("stand", "")
        return cls(which, state if state in dict(cls.STATES) else "", query.get("van") == MINE)

    def rows(self, user):
        match self.which:
            case Which.OUR_TURN:
                return Referral.objects.our_turn(user)
            case Which.DRAFTS:
                return Referral.objects.drafts_of(user)
            case Which.SENT:
                rows = Referral.objects.sent_by(user).sent_or_further()
            case _:
                rows = Referral.objects.received_by(user)
        if self.state == OPEN:
            rows = rows.open()
        elif self.state == ENDED:
            rows = rows.ended()
        elif self.state:
            rows = rows.in_state(self.state)
        return rows.of_member(user.acting) if self.mine else rows

    @property
    def order(self) -> tuple[str, ...]:
        """What is most pressing first where it is her turn; elsewhere what changed last."""
        return ("turn_on", "id") if self.which == self.LISTS.OUR_TURN else ("-changed_at", "-id")

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of what was asked, for the access log."""
        return ("lijst", *(["stand"] if self.state else []), *(["van"] if self.mine else []))

    @property
    def can_be_narrowed(self) -> bool:
        return self.which in self.NARROWED

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.mine)

    @property
    def other_label(self) -> str:
        return {Which.SENT: "Naar", Which.RECEIVED: "Van"}.get(Which(self.which), "Organisatie")

    @property
    def date_label(self) -> str:
        return {Which.OUR_TURN: "Aan zet", Which.DRAFTS: "Bewaard op"}.get(Which(self.which), "Wanneer")

    @property
    def title(self) -> str:
        return self.LISTS(self.which).label

    @property
    def tabs(self) -> list[dict]:
        return [
            *self._tabs(),
            {"label": "Overlegvragen", "url": reverse("question_list"), "current": False, "count": ""},
        ]

    def _tabs(self) -> list[dict]:
        address = reverse(self.ADDRESS)
        return [
            {
                "label": which.label,
                "url": f"{address}?{urlencode({'lijst': which.value})}",
                "current": which == self.which,
                "count": "",
            }
            for which in self.LISTS
        ]

    @property
    def states(self) -> list[tuple[str, str, bool]]:
        return [(value, label, value == self.state) for value, label in self.STATES]

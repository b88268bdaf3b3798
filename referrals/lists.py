"""Which referrals a list shows: what the address asks for, and nothing personal in it."""

from dataclasses import dataclass

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
    which: str = Which.OUR_TURN
    state: str = ""
    mine: bool = False

    @classmethod
    def asked(cls, query) -> "ListChoice":
        """What the address asks for; what it cannot ask for, is not asked."""
        which = query.get("lijst", "")
        which = which if which in Which.values else Which.OUR_TURN
        if which not in (Which.SENT, Which.RECEIVED):
            return cls(which)
        state = query.get("stand", "")
        return cls(which, state if state in dict(STATES) else "", query.get("van") == MINE)

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
        return ("turn_on", "id") if self.which == Which.OUR_TURN else ("-changed_at", "-id")

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of what was asked, for the access log."""
        return ("lijst", *(["stand"] if self.state else []), *(["van"] if self.mine else []))

    @property
    def can_be_narrowed(self) -> bool:
        return self.which in (Which.SENT, Which.RECEIVED)

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
        return Which(self.which).label

    @property
    def tabs(self) -> list[dict]:
        address = reverse("referral_list")
        return [
            {
                "label": which.label,
                "url": f"{address}?{urlencode({'lijst': which.value})}",
                "current": which == self.which,
                "count": "",
            }
            for which in Which
        ] + [{"label": "Overlegvragen", "url": reverse("question_list"), "current": False, "count": ""}]

    @property
    def states(self) -> list[tuple[str, str, bool]]:
        return [(value, label, value == self.state) for value, label in STATES]

"""Which overlegvragen a list shows: what the address asks for, and nothing of what was written in it."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.http import urlencode

from referrals.models import Question


class Which(TextChoices):
    OUR_TURN = "aan-zet", "Aan zet"
    ASKED = "gesteld", "Gesteld"
    RECEIVED = "ontvangen", "Ontvangen"


OPEN, ENDED = "open", "klaar"
STATES = [("", "Alle"), (OPEN, "Open"), (ENDED, "Klaar")]
MINE = "mij"


@dataclass(frozen=True)
class QuestionChoice:
    which: str = Which.OUR_TURN
    state: str = ""
    mine: bool = False

    @classmethod
    def asked(cls, query) -> "QuestionChoice":
        """What the address asks for; what it cannot ask for, is not asked."""
        which = query.get("lijst", "")
        if which not in (Which.ASKED, Which.RECEIVED):
            return cls()
        state = query.get("stand", "")
        return cls(which, state if state in dict(STATES) else "", query.get("van") == MINE)

    def rows(self, user):
        if self.which == Which.OUR_TURN:
            return Question.objects.our_turn(user)
        rows = Question.objects.asked_by(user) if self.which == Which.ASKED else Question.objects.received_by(user)
        if self.state:
            rows = rows.open() if self.state == OPEN else rows.ended()
        return rows.of_member(user.acting) if self.mine else rows

    @property
    def order(self) -> tuple[str, ...]:
        return ("turn_on", "id") if self.which == Which.OUR_TURN else ("-changed_at", "-id")

    @property
    def can_be_narrowed(self) -> bool:
        return self.which != Which.OUR_TURN

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.mine)

    @property
    def title(self) -> str:
        return Which(self.which).label

    @property
    def tabs(self) -> list[dict]:
        address = reverse("question_list")
        return [
            {
                "label": which.label,
                "url": f"{address}?{urlencode({'lijst': which.value})}",
                "current": which == self.which,
                "count": "",
            }
            for which in Which
        ]

    @property
    def states(self) -> list[tuple[str, str, bool]]:
        return [(value, label, value == self.state) for value, label in STATES]

"""Which overlegvragen a list shows: what the address asks for, and nothing of what was written in it."""

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import TextChoices

from referrals.lists import ListChoice
from referrals.models import Question


class Which(TextChoices):
    OUR_TURN = "aan-zet", "Aan zet"
    ASKED = "gesteld", "Gesteld"
    RECEIVED = "ontvangen", "Ontvangen"


OPEN, ENDED = "open", "klaar"


@dataclass(frozen=True)
class QuestionChoice(ListChoice):
    LISTS: ClassVar[type[TextChoices]] = Which
    NARROWED: ClassVar[tuple[str, ...]] = (Which.ASKED, Which.RECEIVED)
    STATES: ClassVar[list[tuple[str, str]]] = [("", "Alle"), (OPEN, "Open"), (ENDED, "Klaar")]
    ADDRESS: ClassVar[str] = "question_list"

    def rows(self, user):
        if self.which == Which.OUR_TURN:
            return Question.objects.our_turn(user)
        rows = Question.objects.asked_by(user) if self.which == Which.ASKED else Question.objects.received_by(user)
        if self.state:
            rows = rows.open() if self.state == OPEN else rows.ended()
        return rows.of_member(user.acting) if self.mine else rows

    @property
    def tabs(self) -> list[dict]:
        return self._tabs()

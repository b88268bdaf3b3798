"""What overlegvragen ask of somebody, on *Vandaag*."""

import datetime

from referrals.asked import AT_MOST, Asked
from referrals.models import Question
from referrals.questions.reading import Line
from referrals.questions.transitions import QuestionState


def questions(user, today: datetime.date) -> list[Asked]:
    """What she is asked, and the answers she has not read yet."""
    rows = Question.objects.our_turn(user).for_list().order_by("turn_on", "id")[:AT_MOST]
    return [_asked(Line(question, user, today)) for question in rows]


def _asked(line: Line) -> Asked:
    question = line.question
    organisation = question.receiver_organisation
    title = {
        QuestionState.ASKED: f"Beantwoord een overlegvraag over {question.subject}",
        QuestionState.ANSWERED: f"Lees het antwoord van {organisation} op je overlegvraag",
        QuestionState.DECLINED: f"Kies wat nu: {organisation} is niet de juiste voor je overlegvraag",
    }[QuestionState(question.state)]
    meta = line.other[:1].upper() + line.other[1:] if not line.is_asker else f"Over {question.subject}"
    return Asked(url=line.url, title=title, meta=meta, on=question.turn_on, today=line.today)

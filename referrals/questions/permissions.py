"""May this person do this to this question, now? Asked by the button and by the action alike."""

from referrals.models import Question
from referrals.questions.transitions import BY_VERB, QuestionState, QuestionVerb

NOT_YOURS = "Deze overlegvraag is niet van jouw organisatie."


def may_ask(user) -> bool:
    return user.works_with_caregivers


def why_not(user, verb: str, question: Question) -> str:
    """The Dutch sentence that says why she cannot do this now; empty when she can. The state comes first: somebody may
    just have done something, and that is what she wants to know.
    """
    transition, party = BY_VERB[verb], question.party_of(user)
    if party is None:
        return NOT_YOURS
    if question.state not in transition.sources:
        return _what_happened(question)
    if transition.party != party:
        return "Dat kan alleen de andere kant van deze overlegvraag doen."
    return ""


def may(user, verb: str, question: Question) -> bool:
    return not why_not(user, verb, question)


def verbs_for(user, question: Question) -> list[QuestionVerb]:
    """The verbs she can do now, in the order of the table."""
    return [QuestionVerb(verb) for verb in BY_VERB if may(user, verb, question)]


def _what_happened(question: Question) -> str:
    """Why it is too late, and by whom: of two colleagues who answered at once, the second reads this."""
    last = question.last_step()
    who = str(last.by.user) if last and last.by_id else ""
    if question.state == QuestionState.ANSWERED:
        return f"Er is al antwoord gegeven, door {who}. Er is niets verstuurd."
    if question.state == QuestionState.DECLINED:
        return f"{who} liet al weten dat dit niet de juiste plek is. Er is niets verstuurd."
    if question.state == QuestionState.WITHDRAWN:
        return "Deze overlegvraag is teruggehaald. Er is niets verstuurd."
    if question.state == QuestionState.CLOSED:
        return "Deze overlegvraag is al afgerond. Er is niets verstuurd."
    return "Er is al verder gevraagd; het wachten is op antwoord. Er is niets verstuurd."

"""An overlegvraag in words: as a line of a list, and as a conversation."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from mantelzorg.dates import date_in_words, day_in_words, days_late, moment_in_words
from referrals.models import Question, QuestionStep
from referrals.questions.transitions import QuestionState, QuestionVerb
from referrals.transitions import Party
from sociale_kaart.plain_words import phone_link

TAKEN_BACK = "Teruggehaald"


@dataclass(frozen=True)
class Line:
    """One question in a list, for this person. `question` comes from `for_list()`: no line asks the database more."""

    question: Question
    user: object
    today: datetime.date

    @property
    def url(self) -> str:
        return reverse("question_detail", args=[self.question.pk])

    @property
    def subject(self) -> str:
        return self.question.subject or TAKEN_BACK

    @property
    def is_asker(self) -> bool:
        return self.question.asker_organisation_id == self.user.organisation_id

    @property
    def other(self) -> str:
        """Who is on the other side."""
        question = self.question
        if self.is_asker:
            who = f" ({question.receiver.user})" if question.receiver_id else ""
            return f"aan {question.receiver_organisation}{who}"
        return f"van {question.asker.user}, {question.asker_organisation}"

    @property
    def state(self) -> str:
        return self.question.get_state_display()

    @property
    def badge(self) -> str:
        return self.question.badge

    @property
    def when(self) -> str:
        if self.question.turn_on is None:
            return date_in_words(self.question.changed_at)
        return f"tot en met {day_in_words(self.question.turn_on)}"

    @property
    def turn(self) -> str:
        """Whose turn it is."""
        if not self.question.is_open:
            return "–"
        if self.question.turn_organisation_id != self.user.organisation_id:
            return "de ander"
        if self.question.turn_member_id is None:
            return "iemand van jullie"
        return "jij" if self.question.turn_member_id == self.user.acting.pk else str(self.question.turn_member.user)

    @property
    def late(self) -> str:
        waits = self.question.state == QuestionState.ASKED
        return days_late(self.question.turn_on, self.today) if waits else ""


# The page of one ----------------------------------------------------------------------------------------------------

SAID = {
    QuestionVerb.ASK: "Vraag",
    QuestionVerb.ASK_ON: "Vraag erbij",
    QuestionVerb.ANSWER: "Antwoord",
    QuestionVerb.DECLINE: "Niet de juiste voor deze vraag",
}
DONE = {
    QuestionVerb.CLOSE: "rondde af: dank, ik kan verder",
    QuestionVerb.WITHDRAW: "haalde de vraag terug; de tekst is gewist",
}


@dataclass(frozen=True)
class Said:
    """A step of the conversation, ready to print."""

    heading: str
    who: str
    when: str
    text: str
    elsewhere: str
    is_light: bool  # something that was done, without words


def said(step: QuestionStep) -> Said:
    who = f"{step.by.user}, {step.by.profession_name or step.by.organisation}" if step.by_id else ""
    verb = QuestionVerb(step.verb)
    if verb in SAID and (step.text or step.elsewhere):
        return Said(SAID[verb], who, moment_in_words(step.at), step.text, step.elsewhere, is_light=False)
    if verb == QuestionVerb.HAND_ON:
        heading = f"{step.by.user} gaf de vraag door aan {step.to.user}"
    elif verb == QuestionVerb.LAPSE:
        heading = "Vanzelf afgerond: er kwam geen vraag meer bij"
    elif verb in DONE:
        heading = f"{step.by.user} {DONE[verb]}"
    else:  # its words were taken back
        heading = f"{SAID[verb]} van {step.by.user}: de tekst is gewist"
    return Said(heading, "", moment_in_words(step.at), "", "", is_light=True)


class Reading:
    """The page of one question, for somebody of one of its sides."""

    def __init__(self, question: Question, user, *, now: datetime.datetime):
        self.question, self._user = question, user
        self._today = timezone.localdate(now)
        self.is_asker = question.party_of(user) == Party.SENDER
        self.line = Line(question, user, self._today)
        self.is_open = question.is_open
        self.kept_days = settings.QUESTIONS_KEPT_DAYS
        self.subject = question.subject or "Overlegvraag"

    @cached_property
    def conversation(self) -> list[Said]:
        return [said(step) for step in self.question.steps.for_page()]

    @property
    def lead(self) -> str:
        return f"Overlegvraag {self.line.other}, gesteld op {date_in_words(self.question.asked_at)}."

    @property
    def mine(self) -> bool:
        return self.is_open and self.question.turn_organisation_id == self._user.organisation_id

    @property
    def turn(self) -> str:
        """Whose turn it is, and until when."""
        question = self.question
        if not self.is_open:
            return ""
        until = day_in_words(question.turn_on)
        if self.mine and question.turn_member_id in (None, self._user.acting.pk):
            return (
                f"Jij bent aan zet, tot en met {until}"
                if question.turn_member_id
                else f"Jullie zijn aan zet, tot en met {until}"
            )
        who = question.turn_member.user if question.turn_member_id else question.turn_organisation
        return f"{who} is aan zet, tot en met {until}"

    @property
    def advice(self) -> str:
        match QuestionState(self.question.state), self.is_asker:
            case QuestionState.ANSWERED, True:
                return (
                    "Kun je verder? Rond dan af. Je kunt ook één ding verder vragen. Doe je niets, dan sluit de vraag "
                    "vanzelf."
                )
            case QuestionState.DECLINED, True:
                return "Stel je vraag aan iemand anders, of rond af. Doe je niets, dan sluit de vraag vanzelf."
            case QuestionState.ASKED, True:
                late = "De datum is voorbij. Bel even." if self.line.late else ""
                return late or "Je krijgt bericht zodra er antwoord is."
            case QuestionState.ASKED, False:
                return "Schrijf wat jij zou doen of weten. Wie het vroeg, houdt zelf de mantelzorger vast."
            case QuestionState.ANSWERED | QuestionState.DECLINED, False:
                return "Je hoeft niets te doen. Is er nog een vraag, dan krijg je bericht."
            case QuestionState.WITHDRAWN, _:
                return "De tekst van deze vraag is gewist."
            case _:
                return ""

    @property
    def people(self) -> list[dict]:
        """Both sides: who it is, and how to reach her."""
        question = self.question
        sides = [("Vraagt", question.asker, question.asker_organisation)]
        sides.append(("Antwoordt", question.receiver, question.receiver_organisation))
        return [_person(role, member, organisation) for role, member, organisation in sides]

    @property
    def facts(self) -> list[tuple[str, str]]:
        question = self.question
        pairs = (
            ("Situatie", question.get_situation_kind_display() if question.situation_kind else ""),
            ("Fase", question.phase.label if question.phase_id else ""),
            ("Thema", question.theme.name if question.theme_id else ""),
            ("Gezocht beroep", question.profession.name if question.profession_id else ""),
        )
        return [(label, text[:1].upper() + text[1:]) for label, text in pairs if text]


def _person(role: str, member, organisation) -> dict:
    phone = (member.phone if member else "") or organisation.phone
    return {
        "role": role,
        "name": str(member.user) if member else "Iedereen daar die kan antwoorden",
        "profession": member.profession_name if member else "",
        "organisation": organisation,
        "phone": phone,
        "phone_link": phone_link(phone),
    }

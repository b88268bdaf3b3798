"""*Samen afspreken* on the page of one referral."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from mantelzorg.dates import day_in_words
from referrals.models import JointTalk, Referral, WarmMode
from referrals.permissions import may
from referrals.together import answers
from referrals.together.moments import in_words
from referrals.together.permissions import other, sides_of
from referrals.transitions import State, Verb
from referrals.views.offers import CONTACT, Answer


@dataclass
class Together:
    """What stands on the page now."""

    text: str
    moments: list[str] = field(default_factory=list)
    place: str = ""
    held_url: str = ""  # where to say that the talk was held
    file_url: str = ""
    links: list[dict[str, Any]] = field(default_factory=list)


def together(user, referral: Referral, *, url_of: Callable[[Answer], str], now: datetime.datetime) -> Together | None:
    """For who may see it, while there is a moment to agree on."""
    stage = referral.stage_for(user, now=now)
    if not referral.is_together or referral.state != State.ACCEPTED or stage not in (stage.OWN, stage.SHARED):
        return None
    talk = referral.talk
    here = Together(text=_text(user, referral, talk, now))
    if talk is not None:
        planned = [talk.planned_for] if talk.is_planned else talk.choices(now)
        here.moments = [in_words(moment) for moment in planned]
        here.place = talk.get_place_display()
    if talk is not None and talk.is_planned and user.is_account:
        here.file_url = reverse("talk_file", args=[referral.pk])
    if talk is not None and talk.is_over(now) and may(user, Verb.CONTACT, referral, now=now):
        here.held_url = url_of(CONTACT)
    offered = [answer for answer in answers.BY_SLUG.values() if not answer.why_not(user, referral)]
    offered.sort(key=lambda answer: answer is not answers.CHOOSE)  # to choose is the shortest way
    here.links = [_link(answer, referral, talk, url_of) for answer in offered]
    return here


def _link(answer: Answer, referral: Referral, talk: JointTalk | None, url_of) -> dict[str, Any]:
    label = answer.words(referral)["title"]
    if answer is answers.PROPOSE and talk is not None:
        label = "Stel andere momenten voor"
    return {
        "label": label,
        "url": url_of(answer),
        "danger": answer.danger,
        "first": answer is answers.CHOOSE or (answer is answers.PROPOSE and talk is None),
    }


def _text(user, referral: Referral, talk: JointTalk | None, now: datetime.datetime) -> str:
    call = referral.warm_mode == WarmMode.CALL_TOGETHER
    if talk is None:
        what = "bellen" if call else "spreken"
        if referral.by_phone:
            return (
                f"Spreek met {referral.receiver_organisation} af wanneer jullie haar samen {what}, en noteer dat hier."
            )
        return f"Er is nog geen moment afgesproken om haar samen te {what}. Stel momenten voor; de andere kant kiest."
    if talk.is_planned:
        was = "Het afgesproken moment is geweest." if talk.is_over(now) else ""
        return was or ("Jullie bellen haar samen op:" if call else "Jullie spreken haar samen op:")
    who = _who(referral, talk)
    if not talk.choices(now):
        return f"Wat {who} voorstelde, is voorbij. Stel andere momenten voor."
    until = day_in_words(talk.asked_on)
    if other(talk.side) in sides_of(user, referral):
        return f"{who} stelt voor (kies er een, of stel andere momenten voor, tot en met {until}):"
    organisation = (
        referral.receiver_organisation if talk.side == JointTalk.Side.SENDER else referral.sender_organisation
    )
    return f"{who} stelde voor ({organisation} kiest, tot en met {until}):"


def _who(referral: Referral, talk: JointTalk) -> str:
    """By name; behind a link who took it on."""
    return str(talk.by.user) if talk.by_id else referral.receiver_name

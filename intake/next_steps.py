"""What comes next for one caregiver, in a few lines: what is open first, then what was not asked for long.

A reminder for who opens her page. Nothing follows from it by itself.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from intake import turns
from intake.measuring.reading import line
from intake.models import Caregiver, Need, Screening
from mantelzorg.dates import day_in_words, days_late

MOST = 4
ASK_AGAIN = datetime.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class NextStep:
    text: str
    url: str
    late: str = ""


def next_steps(
    caregiver: Caregiver, needs: Iterable[Need], to_agree_on: Iterable[Screening], user, day: datetime.date
) -> list[NextStep]:
    """The most pressing first, at most MOST. `needs` are hers with whose turn it is."""
    open_needs = sorted((need for need in needs if need.is_open), key=lambda need: need.turn_on)
    steps = [
        *(_of_need(need, user, day) for need in open_needs[:2]),
        *(_of_screening(screening) for screening in to_agree_on),
        *_not_asked_for_long(caregiver, day),
    ]
    return steps[:MOST]


def _of_need(need: Need, user, day: datetime.date) -> NextStep:
    turn = turns.in_a_sentence(turns.who_has(user, need), need.turn_on)
    return NextStep(f"{need.kind_name}: {turn}", "#vragen", days_late(need.turn_on, day))


def _of_screening(screening: Screening) -> NextStep:
    told = line(screening)
    return NextStep(f"Schrijf op wat jullie afspraken na {told['name']} ({told['score']}).", told["url"])


def _not_asked_for_long(caregiver: Caregiver, day: datetime.date) -> Iterable[NextStep]:
    talks = reverse("talk_list", args=[caregiver.pk])
    if caregiver.last_spoken_on is None:
        yield NextStep("Er is nog geen gesprek vastgelegd.", talks)
    elif caregiver.last_spoken_on < day - ASK_AGAIN:
        yield NextStep(f"Jullie spraken haar het laatst op {day_in_words(caregiver.last_spoken_on)}.", talks)
    burden = reverse("caregiver_burden", args=[caregiver.pk])
    if caregiver.burden_on is None:
        yield NextStep("Vraag hoe zwaar het nu voor haar is.", burden)
    elif caregiver.burden_on < day - ASK_AGAIN:
        yield NextStep(
            f"Vraag opnieuw hoe zwaar het is: de laatste keer was {day_in_words(caregiver.burden_on)}.", burden
        )
    if caregiver.is_dementia and caregiver.phase_id is None:
        yield NextStep("Kies samen in welke fase zij is.", reverse("caregiver_phase", args=[caregiver.pk]))

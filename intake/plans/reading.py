"""Her tasks and scenario's in words, for the screen and for paper."""

import re
from typing import Any

from django.urls import reverse
from django.utils import timezone

from intake.models import Caregiver, Moment, Scenario, Task
from knowledge.models import Instrument
from mantelzorg.carried import opened_for
from mantelzorg.dates import day_in_words, moment_in_words

GAME = "bordje-vol"
MOST_ENDED = 50
WISHES = {
    Task.Wish.KEEP: ("Houden", "Dit blijft zij zelf doen."),
    Task.Wish.SHARE: ("Delen", "Dit wil zij samen met een ander doen."),
    Task.Wish.HAND_OVER: ("Overdragen", "Dit mag een ander overnemen."),
}
TO_HER = {
    Task.Wish.KEEP: "Dit blijf ik zelf doen",
    Task.Wish.SHARE: "Dit wil ik delen",
    Task.Wish.HAND_OVER: "Dit wil ik overdragen",
}
# what is thought of beforehand, by moment
MOMENTS = {
    Moment.NOW: ("Nu", "Hoe het op een gewone dag gaat, en waaraan je merkt dat het minder gaat."),
    Moment.LATER: ("Straks", "Als de zorg zwaarder wordt: wat verandert er dan, en wie doet dan wat?"),
    Moment.CRISIS: ("Crisis", "Als zij uitvalt of het thuis niet meer gaat: wie komt er, en wie bel je?"),
}
SIGNS = (("green", "Groen", "Het gaat"), ("orange", "Oranje", "Let op"), ("red", "Rood", "Nu iets doen"))


def tasks_of(caregiver: Caregiver) -> dict[str, Any]:
    """By what she wants with them, and what she does no longer. Three queries."""
    tasks = list(caregiver.tasks.still_hers().for_page())
    game = Instrument.objects.current().filter(pk=GAME).first()
    return {
        "columns": [
            {
                "wish": wish.value,
                "name": name,
                "about": about,
                "tasks": [task for task in tasks if task.wish == wish],
                "others": [(other.value, WISHES[other][0]) for other in WISHES if other != wish],
                "can_ask": wish != Task.Wish.KEEP,
            }
            for wish, (name, about) in WISHES.items()
        ],
        "ended": [
            {"id": task.pk, "what": task.what, "on": day_in_words(task.ended_on)}
            for task in caregiver.tasks.ended()[:MOST_ENDED]
        ],
        "game_name": game.name if game else "",
        "game_url": opened_for(caregiver, reverse("instrument_detail", args=[GAME])) if game else "",
    }


def tasks_for_her(caregiver: Caregiver) -> list[dict[str, Any]]:
    """On paper, in her own words; without what is empty. One query."""
    tasks = list(caregiver.tasks.still_hers().for_page())
    columns = [
        {
            "name": TO_HER[wish],
            "with_whom": wish != Task.Wish.KEEP,
            "tasks": [task for task in tasks if task.wish == wish],
        }
        for wish in TO_HER
    ]
    return [column for column in columns if column["tasks"]]


def scenarios_of(caregiver: Caregiver) -> list[dict[str, Any]]:
    """All moments, also those of which nothing was written yet. One query."""
    written = {one.moment: one for one in caregiver.scenarios.for_page()}
    return [_scenario(caregiver, moment, written.get(moment)) for moment in MOMENTS]


def _scenario(caregiver: Caregiver, moment: Moment, scenario: Scenario | None) -> dict[str, Any]:
    name, about = MOMENTS[moment]
    is_written = scenario is not None and not scenario.is_empty
    read = {
        "moment": moment.value,
        "name": name,
        "about": about,
        "edit_url": reverse("scenario_edit", args=[caregiver.pk, moment.value]),
        "is_written": is_written,
    }
    if not is_written:
        return read
    changed = f"{moment_in_words(scenario.changed_at)} · {scenario.changed_by.user}"
    signs = [
        {"colour": colour, "word": word, "means": means, "lines": _lines(getattr(scenario, colour))}
        for colour, word, means in SIGNS
    ]
    return read | {
        "changed": changed,
        "signs": [sign for sign in signs if sign["lines"]],
        "agreements": _lines(scenario.agreements),
        "who_does_what": _lines(scenario.who_does_what),
        "numbers": _lines(scenario.numbers),
    }


def _lines(text: str) -> list[str]:
    """A number is never broken over two lines."""
    return [re.sub(r"(?<=\d) (?=\d)", "\u00a0", line.strip()) for line in text.split("\n") if line.strip()]


def fridge_page(caregiver: Caregiver, moments: list[str]) -> dict[str, Any]:
    """One page for who comes in: no name of hers unless it was asked for, and nothing of how heavy it is."""
    return {
        "scenarios": [one for one in scenarios_of(caregiver) if one["is_written"] and one["moment"] in moments],
        "organisation": caregiver.organisation.name,
        "organisation_phone": caregiver.organisation.phone,
        "contact": str(caregiver.fixed_contact.user),
        "contact_phone": caregiver.fixed_contact.phone,
        "today": day_in_words(timezone.localdate()),
    }

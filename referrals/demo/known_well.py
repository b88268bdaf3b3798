"""A few caregivers whom somebody knows well: talks, people around her, tasks and a plan. All of it invented."""

import datetime

from django.utils import timezone

from accounts.models import User
from intake import actions as intake
from intake.models import Caregiver, Conversation
from intake.plans.actions import add_task, write_scenario
from intake.talking.actions import Typed, begin_conversation, write_notes
from knowledge.models import Profession
from mantelzorg.ids import uuid7
from mantelzorg.principals import acting, member

OF_EACH = 3
DAYS = datetime.timedelta(days=1)
NOTES = {
    "stap.vraag-stellen": "Het gaat, zegt ze. Ze slaapt kort en staat vaak op in de nacht.",
    "stap.erkennen-herkennen": "Haar broer komt in het weekend. De kinderen wonen ver weg.",
    "stap.signaleren": "Het zwaarst: altijd klaarstaan. Wat haar goed doet: een uur tennis op dinsdag.",
    "verder": "Ze wil zelf de volgende keer bellen, op dinsdag na tienen.",
}
AROUND = (
    ("Broer Wim", None, "dichtbij", "06 55 50 90 01"),
    ("Buurvrouw Gerda", None, "regelmatig", "06 55 50 90 02"),
    ("Thuiszorg", "wijkverpleegkundige", "regelmatig", "075 555 12 03"),
    ("Dochter Ilse", None, "op-afstand", ""),
)
TASKS = (
    ("Koken", "houden", ""),
    ("Mee naar de dokter", "delen", "broer Wim"),
    ("De administratie", "overdragen", "dat zoeken we samen uit"),
)
NOW = {
    "green": "Hij zit 's morgens aan tafel\nWij lachen samen",
    "orange": "Hij staat vaker op in de nacht\nIk word snel boos",
    "red": "Ik durf hem niet alleen te laten",
    "agreements": "Bij oranje bellen we dezelfde week",
    "who_does_what": "Broer Wim slaapt op vrijdag hier",
    "numbers": "Broer Wim: 06 55 50 90 01",
}
CRISIS = {
    "red": "Ik val zelf uit\nHij is weg en niemand weet waar",
    "agreements": "Wim komt meteen\nDe tas staat klaar in de gang",
    "who_does_what": "Gerda doet de deur open voor wie komt",
    "numbers": "Broer Wim: 06 55 50 90 01\nBuurvrouw Gerda: 06 55 50 90 02",
}


def make_known_well(people: dict[str, User], *, now: datetime.datetime | None = None) -> None:
    """Of the first caregivers of a practice nurse and of a casemanager."""
    now = now or timezone.now()
    for name in ("poh", "casemanager"):
        by = people[name]
        with acting(member(by)):
            if Conversation.objects.for_user(by).exists():
                continue
            for caregiver in Caregiver.objects.of_fixed_contact(by.acting).order_by("search_name", "pk")[:OF_EACH]:
                _know(caregiver, by, now)


def _know(caregiver: Caregiver, by: User, now: datetime.datetime) -> None:
    for name, profession, circle, phone in AROUND:
        intake.add_involvement(
            caregiver=caregiver,
            by=by,
            name=name,
            profession=Profession.objects.filter(pk=profession).first() if profession else None,
            circle=circle,
            phone=phone,
            regie=name == "Broer Wim",
            since=timezone.localdate(now) - 200 * DAYS,
        )
    for days, notes in (
        (60, {"stap.vraag-stellen": "Eerste gesprek. Zij wist niet dat zij mantelzorger is."}),
        (5, NOTES),
    ):
        day = timezone.localdate(now) - days * DAYS
        talk = begin_conversation(
            caregiver=caregiver, by=by, held_on=day, other_present="zonder", now=now - days * DAYS
        )
        typed = {subject: Typed(text) for subject, text in notes.items()}
        write_notes(conversation=talk, by=by, window=uuid7(), typed=typed, now=now - days * DAYS)
    for what, wish, to in TASKS:
        add_task(caregiver=caregiver, by=by, what=what, wish=wish, to=to, now=now - 5 * DAYS)
    write_scenario(caregiver=caregiver, by=by, moment="nu", now=now - 5 * DAYS, **NOW)
    write_scenario(caregiver=caregiver, by=by, moment="crisis", now=now - 5 * DAYS, **CRISIS)

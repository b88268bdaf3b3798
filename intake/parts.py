"""The parts of what is known of one caregiver, as the row of links above each of them."""

from django.urls import reverse

from intake.models import Caregiver

PARTS = (
    ("caregiver_detail", "Overzicht"),
    ("talk_list", "Gesprekken"),
    ("screening_list", "Metingen"),
    ("network", "Netwerk"),
    ("meeting_list", "Overleg"),
    ("task_list", "Taken"),
    ("scenario_list", "Scenario's"),
    ("phase_journey", "Fasen"),
    ("reflection", "Reflectie"),
    ("caregiver_timeline", "Tijdlijn"),
)
ONLY_DEMENTIA = {"phase_journey"}


def parts_of(caregiver: Caregiver, current: str) -> list[dict[str, str | bool]]:
    """`current` is the name of the address of the part that is open."""
    return [
        {"url": reverse(name, args=[caregiver.pk]), "label": label, "current": name == current}
        for name, label in PARTS
        if caregiver.is_dementia or name not in ONLY_DEMENTIA
    ]

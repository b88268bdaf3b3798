"""A sheet on paper: the same facts as its page, for a colleague or for the wall.

Two pages for a sheet, one for a role. What does not fit there stands on the page, and the paper says so.
"""

from django.utils import timezone

from knowledge.links import short_address
from knowledge.models import Profession, ResourceUse
from mantelzorg.dates import day_in_words

Part = ResourceUse.Part
PAGES = {Profession.Kind.SHEET: 2, Profession.Kind.ROLE: 1}
# What is tried in turn when it takes more pages: smaller letters, then less of what is near.
SHOWN = {"near_shown": ":6", "notes_shown": ":3"}  # slices
OTHERWISE = (
    {"letters": "smaller"},
    {"letters": "small"},
    {"letters": "small", "is_shortened": True, "near_shown": ":3", "notes_shown": ":1"},
    {"letters": "small", "is_shortened": True, "near_shown": ":2", "notes_shown": ":0"},
)


def sheet_of(profession: Profession, area) -> dict:
    """What the paper says. `profession` comes from `for_page()`; `area` is where the reader looks for help."""
    return SHOWN | {
        "profession": profession,
        "today": day_in_words(timezone.localdate()),
        "area": area,
        "contacts": area.contacts_of(profession) if area.codes else None,
        "services": area.services_of(profession) if area.codes else None,
        "notes": _notes(profession, area),
        "tools": _uses(profession, Part.TOOLS, Part.HIGHLIGHTS),
        "reading": _uses(profession, Part.ATTENTION, Part.CHANCES),
        "media": _uses(profession, Part.MEDIA),
        "websites": _uses(profession, Part.WEBSITES),
        "quote_address": short_address(profession.quote_href),
        "associations": [
            {
                "name": row.organisation.name,
                "section": row.section,
                "abbreviation": row.organisation.abbreviation,
                "href": row.href,
                "address": short_address(row.href),
            }
            for row in profession.association_rows.all()
        ],
    }


def _uses(profession: Profession, *parts: str) -> list[dict]:
    return [
        {
            "name": use.resource.name,
            "kind": use.resource.get_kind_display(),
            "href": use.resource.href,
            "address": short_address(use.resource.href),
            "about": use.about or use.resource.about,
        }
        for part in parts
        for use in profession.uses_by_part.get(part, [])
    ]


def _notes(profession: Profession, area) -> list:
    return list(profession.local_notes.in_municipalities(area.codes).for_page()) if area.codes else []

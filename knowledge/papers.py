"""A sheet on paper: the same facts as its page, for a colleague or for the wall.

Two pages for a sheet, one for a role. What does not fit there stands on the page, and the paper says so.
"""

from django.utils import timezone

from knowledge.links import Links, as_in, links_of_profession, short_address
from knowledge.models import Profession, ResourceUse
from mantelzorg.dates import date_in_words, day_in_words

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
    links = links_of_profession(profession)
    return SHOWN | {
        "profession": profession,
        "today": day_in_words(timezone.localdate()),
        "area": area,
        "contacts": area.contacts_of(profession) if area.codes else None,
        "services": area.services_of(profession) if area.codes else None,
        "notes": area.notes_to_print(profession),
        "tools": _uses(profession, links, Part.TOOLS, Part.HIGHLIGHTS),
        "reading": _uses(profession, links, Part.ATTENTION, Part.CHANCES),
        "media": _uses(profession, links, Part.MEDIA),
        "websites": _uses(profession, links, Part.WEBSITES),
        "quote": _link(links, profession.quote_href),
        "links_as_of": _as_of(links, profession),
        "associations": [
            {
                "name": row.organisation.name,
                "section": row.section,
                "abbreviation": row.organisation.abbreviation,
                **_link(links, row.href),
            }
            for row in profession.association_rows.all()
        ],
    }


def _uses(profession: Profession, links: Links, *parts: str) -> list[dict]:
    return [
        {
            "name": use.resource.name,
            "kind": use.resource.get_kind_display(),
            "about": use.about or use.resource.about,
            **_link(links, use.resource.href),
        }
        for part in parts
        for use in profession.uses_by_part.get(part, [])
    ]


def _link(links: Links, url: str) -> dict[str, str]:
    """Where it leads and what one would type; of a dead one only that it is."""
    link = links.of(url)
    return {"href": link.href, "address": short_address(link.href), "dead": "" if link.href else link.host and link.age}


def _as_of(links: Links, profession: Profession) -> str:
    """How old the addresses are: since when all that were checked work, or else how old the publication is."""
    if not (profession.resource_uses.all() or profession.association_rows.all() or profession.quote_href):
        return ""
    checked = [check.worked_at for check in links.checks.values() if check.worked_at]
    since = as_in(profession.sources.all())
    return f"{since}, en voor een deel nagekeken vanaf {date_in_words(min(checked))}" if checked else since

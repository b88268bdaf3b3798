"""What the one search found as its page shows it: groups with a name, and rows that only print."""

from django.http import HttpRequest
from django.urls import reverse

from mantelzorg import carried
from sociale_kaart.areas import Area
from sociale_kaart.plain_words import short
from sociale_kaart.search import Found, Group
from sociale_kaart.search.everything import SERVICES, WHOLE_GROUP
from sociale_kaart.search.query import MANY

LABELS = {
    "beroep": "Beroepen en rollen",
    SERVICES: "Aanbod",
    "steun": "Vormen van ondersteuning",
    "fase": "Fasen bij dementie",
    "thema": "Thema’s",
    "gesprek": "Gesprekken",
    "instrument": "Meetinstrumenten",
    "werkkaart": "Werkkaart",
    "verhaal": "Verhalen",
    "hulpmiddel": "Hulpmiddelen",
    "landelijk": "Landelijke organisaties",
    "financiering": "Wie betaalt wat",
    "tip": "Tips",
    "pagina": "Overzichten",
}
PAGE = "blad"
SHOWN_OF_OTHERS = 3  # of the groups that do not lead
IN_PANEL = 8  # rows under the box above every page
IN_PANEL_OF_A_GROUP = 3


def page_of(request: HttpRequest, group: str) -> int:
    """Which page of a group is asked for; anything else than a small number is the first."""
    asked = request.GET.get(PAGE, "")
    return int(asked) if group and asked.isascii() and asked.isdigit() and len(asked) <= 3 and int(asked) else 1


def for_page(request: HttpRequest, found: Found, area: Area, q: str, *, group: str, page: int) -> dict:
    along = carried.along(request)
    groups = [
        _group(
            request,
            each,
            along,
            found,
            area,
            q,
            shown=None if place == 0 else SHOWN_OF_OTHERS,
            whole=each.slug == group,
        )
        | (_pages(request, each, q, page) if each.slug == group else {})
        for place, each in enumerate(found.groups)
    ]
    who = found.place and {
        "name": found.place.name,
        "url": carried.onward(request, "who_is_who_start", waar=found.place.name),
    }
    return _said(found) | {"groups": groups, "count": _count(found), "area": area, "who_is_who": who}


def for_panel(request: HttpRequest, found: Found, q: str) -> dict:
    """The first few of all, most of the group that leads."""
    along, left, groups = carried.along(request), IN_PANEL, []
    for each in found.groups:
        rows = _rows(each, along)[: min(left, IN_PANEL_OF_A_GROUP)]
        left -= len(rows)
        if rows:
            groups.append({"slug": each.slug, "label": LABELS[each.slug], "rows": rows})
    return _said(found) | {"groups": groups, "count": _count(found), "all_url": search_for(request, q)}


def search_for(request: HttpRequest, q: str, **more: str) -> str:
    return carried.onward(request, "search_everything", **({"q": q} | more))


def _said(found: Found) -> dict:
    return {"is_loose": found.is_loose and bool(found.groups), "also": found.also if found.groups else []}


def _count(found: Found) -> str:
    if not found.groups:
        return "Niets gevonden."
    groups = len(found.groups)
    results = "1 resultaat" if found.total == 1 else f"{_many(found.total)} resultaten"
    return f"{results} in {groups} groepen." if groups > 1 else f"{results}: {LABELS[found.groups[0].slug]}."


def _many(total: int) -> str:
    return f"meer dan {MANY}" if total > MANY else str(total)


def _group(
    request: HttpRequest,
    group: Group,
    along: str,
    found: Found,
    area: Area,
    q: str,
    *,
    shown: int | None,
    whole: bool,
) -> dict:
    label, more = LABELS[group.slug], ""
    rows = _rows(group, along)[:shown]
    if group.slug == SERVICES and found.place:
        label = f"Aanbod in {found.place.name}"
        more = carried.onward(request, "service_search", q=found.place.rest, postcode=found.place.name)
    elif group.slug == SERVICES:
        label = f"Aanbod in {area.name}" if area.municipalities else label
        place = {"gemeente": area.codes[0]} if len(area.codes) == 1 else {}
        more = carried.onward(request, "service_search", q=q, **place)
    elif group.total > len(rows) and not whole:
        more = search_for(request, q, groep=group.slug)
    return {
        "slug": group.slug,
        "label": label,
        "total": _many(group.total),
        "rows": rows,
        "more_url": more,
        "more": "Alle op de sociale kaart" if group.slug == SERVICES else f"Alle {group.total}",
    }


def _pages(request: HttpRequest, group: Group, q: str, page: int) -> dict:
    """The knowledge is a few hundred entries that do not come and go, so that its pages go by number."""

    def number(of: int) -> str:
        return search_for(request, q, groep=group.slug, **({PAGE: str(of)} if of > 1 else {}))

    has_more = group.total > page * WHOLE_GROUP
    return {"previous_url": number(page - 1) if page > 1 else "", "next_url": number(page + 1) if has_more else ""}


def _rows(group: Group, along: str) -> list[dict]:
    if group.slug == SERVICES:
        service = reverse("service_detail", args=["x"]).removesuffix("x/")
        return [
            {
                "url": f"{service}{hit.slug}/{along}",
                "title": hit.title,
                "by": hit.organisation,
                "summary": short(hit.summary),
            }
            for hit in group.hits
        ]
    return [
        {"url": _with(hit.address, along), "title": hit.title, "by": "", "summary": hit.summary} for hit in group.hits
    ]


def _with(address: str, along: str) -> str:
    """What goes along comes before the # of an address."""
    path, hash_, anchor = address.partition("#")
    return f"{path}{along}{hash_}{anchor}"

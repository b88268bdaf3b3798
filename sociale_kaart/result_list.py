"""The hits of a search as the page shows them: words, labels and addresses made once, so that a row only prints."""

import datetime

from django.urls import reverse
from django.utils import timezone

from mantelzorg.pagination import AFTER
from sociale_kaart import plain_words
from sociale_kaart.forms import COMPARED, SearchForm
from sociale_kaart.models import Service
from sociale_kaart.search import Hit, SearchPage, why
from sociale_kaart.search.choices import Choices
from sociale_kaart.search.query import MANY

KINDS_SHOWN = 2
ACCESS_LABELS = dict(Service.Access.choices)


def for_template(page: SearchPage, form: SearchForm, choices: Choices, picked: dict[str, str] | None = None) -> dict:
    """`picked`: the names of what she ticked to put side by side."""
    search = reverse("service_search")
    service = reverse("service_detail", args=["x"]).removesuffix("x/")
    names = why.Names(choices.kind_names, dict(choices.target_groups))
    where = " of ".join(dict.fromkeys(name for _, name in form.municipalities))
    asked = form.address(**dict.fromkeys(form.MODES, ""))
    return {
        "rows": [
            _row(hit, service, names, where)
            | {"why": why.line(hit, choices.everyday, names), "picked": hit.slug in (picked or ())}
            for hit in page.hits
        ],
        "count": _count(page, f"en rond {where}" if where and form.cleaned_data["afstand"] else where),
        "chosen": _chosen(form, search),
        "picked": _picked(form, search, picked or {}),
        "elsewhere": sorted(set(picked or ()) - {hit.slug for hit in page.hits}),
        "asked": list(form.answers().values()),
        "place_missing": form.lacks_a_place,
        "measures": any(hit.km is not None for hit in page.hits),
        "is_loose": page.is_loose,
        "also": sorted({word for near in page.corrections.values() for word in near[:1]}) if page.hits else [],
        "first_url": f"{search}?{form.address()}" if page.first > 1 else "",
        "next_url": f"{search}?{form.address(**{AFTER: page.next_after})}" if page.next_after else "",
        "next_after": page.next_after,
        "wider": _wider(form, search) if not page.hits else [],
        "map_url": f"{reverse('service_map')}?{asked}".rstrip("?"),
        "keep_url": f"{reverse('saved_search_new')}?{asked}" if form.is_a_question else "",
        "compare_url": reverse("service_compare"),
        "pick_url": f"{search}?{form.address(vergelijk='ja')}",
    }


def of_organisation(services) -> list[dict]:
    """The services of one organisation, of which the name need not be said again."""
    return [_light(service, by="") for service in services]


def of_neighbourhood(services) -> list[dict]:
    """Services near somebody, of any organisation."""
    return [_light(service, by=service["organisation__name"]) for service in services]


def of_contacts(contacts) -> list[dict]:
    """Whom to call. Who has no number of her own is reached by that of her organisation."""
    rows = []
    for contact in contacts:
        phone = contact["phone"] or contact["organisation__phone"]
        rows.append(
            {
                "name": contact["name"] or contact["title"],
                "title": contact["title"] if contact["name"] else "",
                "organisation": contact["organisation__name"],
                "url": reverse("organisation_detail", args=[contact["organisation__slug"]]),
                "ask_at": contact["organisation__slug"] if contact["organisation__uses_portal"] else "",
                "phone": phone,
                "phone_link": plain_words.phone_link(phone),
                "email": contact["email"],
                "availability": contact["availability"],
            }
        )
    return rows


def _light(service: dict, *, by: str) -> dict:
    """A row from the columns of a service alone: for lists that need no words of other tables."""
    room, colour = plain_words.room_label(service["capacity"], service["wait_weeks"])
    has_own_name = service["everyday_name"] and service["everyday_name"] != service["name"]
    return {
        "slug": service["slug"],
        "url": reverse("service_detail", args=[service["slug"]]),
        "title": service["everyday_name"] or service["name"],
        "by": " · ".join(name for name in (service["name"] if has_own_name else "", by) if name),
        "summary": plain_words.short(service["summary"]),
        "room": room,
        "colour": colour,
        "note": "",
        "stale": _stale(service["checked_on"]) if service["next_check_on"] < timezone.localdate() else "",
    }


def _stale(checked_on: datetime.date) -> str:
    return f"Lang niet nagekeken: {plain_words.day(checked_on)}"


def _row(hit: Hit, address: str, names: why.Names, where: str) -> dict:
    room, colour = plain_words.room_label(hit.capacity, hit.wait_weeks)
    kinds = [names.kinds[kind] for kind in hit.kinds if kind in names.kinds][:KINDS_SHOWN]
    if hit.km is not None:
        kinds.insert(0, _distance(hit.km))
    if hit.is_elsewhere:
        kinds.insert(1, f"niet in {where}: vraag of je er terechtkunt")
    if hit.access != Service.Access.DIRECT:
        kinds.append(ACCESS_LABELS[hit.access])
    return {
        "url": f"{address}{hit.slug}/",
        "slug": hit.slug,
        "title": hit.title,
        "by": f"{hit.formal_name} · {hit.organisation}" if hit.formal_name else hit.organisation,
        "summary": plain_words.short(hit.summary),
        "room": room,
        "colour": colour,
        "note": ", ".join(kinds),
        "stale": _stale(hit.checked_on) if hit.is_stale else "",
    }


def _distance(km: float) -> str:
    """From the middle of one postcode area to that of another: more precise would not be true."""
    return "minder dan 1 km" if km < 1 else f"ongeveer {km:.0f} km"


def _count(page: SearchPage, where: str) -> str:
    if not page.hits:
        return ""
    total = f"meer dan {MANY}" if page.has_many else str(page.total)
    return f"{page.first} tot en met {page.last} van {total}{_in(where)}"


def _in(where: str) -> str:
    return f" in {where}" if where else ""


def _chosen(form: SearchForm, search: str) -> list[dict]:
    """Every filter that holds for all rows, with the address of the same list without it."""
    answers = {
        name: label for name, label in form.answers().items() if name not in ("q", "gemeente", "postcode", "volgorde")
    }
    chosen = [{"label": label, "url": _without(form, search, name)} for name, label in answers.items()]
    if form.named:
        chosen.insert(0, {"label": f"in {form.named.name}", "url": _everywhere(form, search)})
    return chosen


def _picked(form: SearchForm, search: str, names: dict[str, str]) -> list[dict]:
    """What she ticked, each with the address of the same list without it."""
    found = []
    for slug, name in names.items():
        others = [other for other in names if other != slug]
        without = dict.fromkeys(COMPARED, "") | dict(zip(COMPARED, others, strict=False))
        found.append({"label": name, "url": f"{search}?{form.address(**without)}"})
    return found


def _everywhere(form: SearchForm, search: str) -> str:
    """The same words, the place among them as no more than a word."""
    return f"{search}?{form.address(overal='ja')}"


def _without(form: SearchForm, search: str, name: str) -> str:
    return f"{search}?{form.address(**{name: ''})}".rstrip("?")


def _wider(form: SearchForm, search: str) -> list[dict]:
    """What to leave out when nothing was found: one link per thing that was asked."""
    labels = {
        "q": "Zonder de zoekwoorden",
        "gemeente": "In alle gemeenten",
        "postcode": "Zonder de postcode of plaats",
        "soort": "Alle soorten steun",
        "fase": "Alle fasen",
        "doelgroep": "Voor iedereen",
        "taal": "In alle talen",
        "kosten": "Wat het ook kost",
        "direct": "Ook met een verwijzing",
        "plek": "Ook als er geen plek is",
    }
    wider = [
        {"label": label, "url": _without(form, search, name)}
        for name, label in labels.items()
        if form.cleaned_data.get(name)
    ]
    return [{"label": "In alle gemeenten", "url": _everywhere(form, search)}, *wider] if form.named else wider

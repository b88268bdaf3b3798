"""The questions somebody keeps, as her page shows them: in words, with the way to the results and what was new."""

from urllib.parse import urlencode

from django.urls import reverse

from mantelzorg.dates import date_in_words
from sociale_kaart import postcodes
from sociale_kaart.forms import COSTS, DISTANCES, SearchForm
from sociale_kaart.models import Municipality, SavedSearch, Service
from sociale_kaart.search import SearchQuery
from sociale_kaart.search.choices import choices_for

LONGEST_NAME = 60


def question_of(form: SearchForm) -> dict[str, str]:
    """What is kept of a valid form. Of a postcode the four digits: the letters lead to somebody's door."""
    question = {name: form.data[name] for name in form.fields if form.cleaned_data.get(name)}
    if pc4 := postcodes.pc4_of(question.get("postcode", "")):
        question["postcode"] = pc4
    return question


def name_of(form: SearchForm) -> str:
    """A name to begin with: what was chosen, never what was typed."""
    chosen = [label for name, label in form.answers().items() if name not in ("q", "postcode", "volgorde")]
    return ", ".join(chosen)[:LONGEST_NAME]


def query_of(search: SavedSearch, user) -> SearchQuery | None:
    """What it asks now; nothing when an answer that was chosen is no longer there."""
    question = search.question
    choices = choices_for(user, chosen_municipality=question.get("gemeente", ""))
    form = SearchForm(question, choices=choices)
    return form.search_query() if form.is_valid() else None


def for_template(searches: list[SavedSearch], user) -> list[dict]:
    """Three queries, however many there are: the lists, the names of municipalities, what was new."""
    choices = choices_for(user)
    places = {search.question.get("gemeente", "") for search in searches} - {""}
    labels = {
        "gemeente": dict(Municipality.objects.filter(pk__in=places).values_list("pk", "name")),
        "soort": choices.kind_names,
        "fase": dict(choices.phases),
        "doelgroep": dict(choices.target_groups),
        "taal": dict(choices.languages),
        "kosten": dict(COSTS),
        "afstand": dict(DISTANCES),
    }
    new = Service.objects.published().in_bulk({pk for search in searches for pk in search.found})
    return [_row(search, labels, new) for search in searches]


def _row(search: SavedSearch, labels: dict[str, dict[str, str]], new: dict) -> dict:
    question = {name: search.question[name] for name in SearchForm.base_fields if name in search.question}  # in order
    return {
        "pk": search.pk,
        "name": search.name,
        "url": f"{reverse('service_search')}?{urlencode(question)}",
        "asked": [label for name, value in question.items() if (label := _in_words(name, value, labels))],
        "wants_mail": search.wants_mail,
        "told": date_in_words(search.mailed_at) if search.mailed_at else "",
        "new": [
            {"title": new[pk].title, "url": reverse("service_detail", args=[new[pk].slug])}
            for pk in search.found
            if pk in new
        ],
    }


def _in_words(name: str, value: str, labels: dict[str, dict[str, str]]) -> str:
    if name in ("direct", "plek"):
        return str(SearchForm.base_fields[name].label)
    if name in ("q", "postcode"):
        return f"“{value}”"
    return labels.get(name, {}).get(value, "")

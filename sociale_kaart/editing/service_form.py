"""The form of a service: the few things it cannot do without first, the rest may come later. Tags are never typed."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField, URLField, URLInput
from django.utils import timezone

from mantelzorg import forms
from sociale_kaart.editing import choices, hours, places
from sociale_kaart.editing.card_form import CardForm
from sociale_kaart.editing.merging import Values
from sociale_kaart.exchange.records import LINKS, plain
from sociale_kaart.models import Service

DAY_PREFIX = "open_"
DAY_FIELDS = {f"{DAY_PREFIX}{code.lower()}": code for code in hours.DAYS}


@dataclass(frozen=True)
class Section:
    title: str
    fields: list[BoundField]
    is_open: bool = True
    text: str = ""


def boxes(label: str, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--inline"}), **kwargs
    )


def one_of(label: str, options, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=options, widget=forms.RadioSelect, **kwargs)


def words(label: str, *, rows: int = 4, **kwargs: Any) -> forms.TextField:
    return forms.TextField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


def website(label: str = "Website") -> URLField:
    return URLField(
        label=label,
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=URLInput(attrs={"class": "w-m", "inputmode": "url"}),
        error_messages={"invalid": "Dit webadres kan niet kloppen. Schrijf het bijvoorbeeld zo: www.steunpunt.nl."},
    )


class ServiceForm(CardForm):
    """`user` keeps the card: her own municipalities are boxes, all others are typed."""

    name = forms.CharField(label="Naam", max_length=120, help_text="Zoals de organisatie het zelf noemt.")
    summary = forms.TextField(
        label="In één zin",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Wat is het, in gewone woorden? Dit staat in de zoekresultaten.",
    )
    kinds = boxes("Soort steun", error_messages={"required": "Kies minstens één soort steun."})
    places = boxes("In welke gemeenten?", error_messages={"required": "Kies minstens één gemeente."})
    elsewhere = words(
        "Andere gemeenten",
        rows=2,
        max_length=9000,  # the names of all of them are 4,200
        help_text="Namen van gemeenten of plaatsen, met komma’s ertussen. Een provincie of “heel Nederland” kan ook.",
    )
    access = one_of("Hoe kom je binnen?", choices.labelled(Service.Access.choices))
    access_note = forms.CharField(label="Uitleg daarbij", max_length=300, required=False)
    everyday_name = forms.CharField(
        label="Hoe mensen het noemen",
        max_length=120,
        required=False,
        help_text="Bijvoorbeeld “kookatelier” als de naam “dagbesteding” is.",
    )
    for_whom = words("Voor wie is het?")
    description = words("Wat houdt het in?", rows=6)
    target_groups = boxes("Voor wie in het bijzonder")
    phases = boxes("Fasen bij dementie")
    languages = boxes("Talen")
    professions = boxes("Wie je hier treft")
    caller = one_of("Wie belt wie?", choices.labelled(Service.Caller.choices))
    call_within_days = forms.IntegerField(
        label="Binnen hoeveel werkdagen?",
        min_value=1,
        max_value=60,
        required=False,
        widget=forms.TextInput(attrs={"class": "w-xs", "inputmode": "numeric"}),
    )
    zonder_dossier = forms.BooleanField(
        label="Zonder dossier",
        required=False,
        help_text="De organisatie legt niets vast over de mantelzorger.",
    )
    asks_target_groups = forms.BooleanField(
        label="Vraagt vooraf of iemand bij de doelgroep hoort",
        required=False,
        help_text="Bij een verwijzing ziet de organisatie dan de doelgroep voordat zij die aanneemt.",
    )
    capacity = one_of("Is er plek?", choices.CAPACITY, required=False)
    wait_weeks = forms.IntegerField(
        label="Wachttijd in weken, als er een wachtlijst is",
        min_value=1,
        max_value=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "w-xs", "inputmode": "numeric"}),
    )
    capacity_on = forms.DateField(label="Van welke dag weet je dit?", required=False)
    cost_kind = one_of("Wat kost het?", choices.labelled(Service.CostKind.choices))
    cost_note = forms.CharField(label="Uitleg over de kosten", max_length=300, required=False)
    financing = boxes("Wie betaalt het?")
    phone = forms.PhoneField(label="Telefoon", max_length=20, required=False)
    email = forms.EmailField(label="E-mailadres", required=False)
    website = website()
    locations = boxes("Locaties")
    open_mo = forms.CharField(label="Maandag", required=False, max_length=60)
    open_tu = forms.CharField(label="Dinsdag", required=False, max_length=60)
    open_we = forms.CharField(label="Woensdag", required=False, max_length=60)
    open_th = forms.CharField(label="Donderdag", required=False, max_length=60)
    open_fr = forms.CharField(label="Vrijdag", required=False, max_length=60)
    open_sa = forms.CharField(label="Zaterdag", required=False, max_length=60)
    open_su = forms.CharField(label="Zondag", required=False, max_length=60)
    open_words = words(
        "Of in woorden",
        rows=2,
        max_length=1000,
        help_text="Wat je niet in uren kunt zeggen: “elke eerste maandag”, “op afspraak”.",
    )
    home_municipality = forms.ChoiceField(
        label="Welke gemeente houdt dit bij?",
        required=False,
        widget=forms.Select,
        help_text="De consulent van deze gemeente kijkt het na.",
    )
    check_interval_days = forms.TypedChoiceField(label="Hoe vaak nakijken?", coerce=int, widget=forms.Select)

    parts = {
        "places": "municipalities",
        "elsewhere": "municipalities",
        **dict.fromkeys([*DAY_FIELDS, "open_words"], "schedules"),
    }
    sections = (
        (
            "Het belangrijkste",
            ("name", "everyday_name", "summary", "kinds", "places", "elsewhere", "access", "access_note"),
        ),
        ("Voor wie en wat", ("for_whom", "description", "target_groups", "phases", "languages", "professions")),
        ("Plek", ("capacity", "wait_weeks", "capacity_on")),
        ("Wie belt wie", ("caller", "call_within_days", "zonder_dossier", "asks_target_groups")),
        ("Kosten", ("cost_kind", "cost_note", "financing")),
        ("Contact", ("phone", "email", "website", "locations")),
        ("Openingstijden", (*DAY_FIELDS, "open_words")),
        ("Bijhouden", ("home_municipality", "check_interval_days")),
    )

    open_sections: tuple[str, ...] = ("Plek",)  # what changes most often

    def __init__(self, data=None, *, own: list[str], organisation_id=None, **kwargs):
        self.own = own  # codes of the municipalities whose sociale kaart she keeps
        self.organisation_id = organisation_id
        super().__init__(data, **kwargs)

    def prepare(self, stands: Values) -> None:
        fields = self.fields
        is_shown = stands.get("status") in (Service.Status.PUBLISHED, Service.Status.PAUSED)
        fields["summary"].required = fields["kinds"].required = is_shown
        fields["kinds"].choices = choices.kinds([*stands.get("kinds", []), *self.base.get("kinds", [])])
        fields["professions"].choices = choices.professions(stands.get("professions", []))
        fields["phases"].choices = choices.phases()
        fields["target_groups"].choices = choices.target_groups()
        fields["languages"].choices = choices.languages()
        fields["financing"].choices = choices.financing()
        fields["places"].choices = choices.municipalities(self.own)
        fields["places"].required = not self._is_elsewhere(stands)
        if not self.own:
            del fields["places"]
            fields["elsewhere"].label = "In welke gemeenten?"
        if "home_municipality" in fields:
            self._prepare_home(stands)
            fields["check_interval_days"].choices = choices.every(stands.get("check_interval_days"))
        known = choices.locations(self.organisation_id) if self.organisation_id else []
        if known:
            fields["locations"].choices = known
        else:
            del fields["locations"]
        for name in DAY_FIELDS:
            fields[name].widget.attrs["class"] = "w-m"

    def _is_elsewhere(self, stands: Values) -> bool:
        """Whether a municipality is typed: then none of her boxes has to be ticked."""
        if self.is_bound:
            return bool(self.data.get("elsewhere", "").strip())
        return any(code not in self.own for code in stands.get("municipalities", []))

    def _prepare_home(self, stands: Values) -> None:
        """Out of her own and those it is in; of hundreds of municipalities only the one that is."""
        codes = {*self.own, stands.get("home_municipality") or ""}
        if len(stands.get("municipalities", [])) <= 40:
            codes |= set(stands.get("municipalities", []))
        options = choices.municipalities(codes - {""})
        self.fields["home_municipality"].choices = [("", "De eerste die je koos"), *options]

    def shown(self, values: Values) -> dict[str, Any]:
        found = super().shown(values)
        codes = values.get("municipalities", [])
        found["places"] = [code for code in codes if code in self.own]
        others = [code for code in codes if code not in self.own]
        found["elsewhere"] = places.EVERYWHERE if places.is_everywhere(codes) else places.as_typed(others)
        days, in_words = hours.typed(values.get("schedules", []))
        found |= {name: days[code] for name, code in DAY_FIELDS.items()} | {"open_words": in_words}
        return found

    def value_of(self, name: str) -> Any:
        if name == "municipalities":
            return sorted({*self.cleaned_data.get("places", []), *self.cleaned_data["elsewhere"]})
        if name == "schedules":
            days = {code: self.cleaned_data[field] for field, code in DAY_FIELDS.items()}
            kept = hours.others(self.base.get("schedules", []))
            return hours.from_typed(days, self.cleaned_data["open_words"].strip(), kept)
        value = self.cleaned_data[name]
        if name == "home_municipality":
            return value or None
        return sorted(value) if name in (*LINKS, "locations") else plain(value)

    def clean_elsewhere(self) -> list[str]:
        return places.codes_of(self.cleaned_data["elsewhere"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        for field in DAY_FIELDS:
            try:
                self.cleaned_data[field] = hours.spans_of(self.cleaned_data.get(field, ""))
            except forms.ValidationError as mistake:
                self.cleaned_data[field] = []
                self.add_error(field, mistake)
        if self.cleaned_data.get("capacity") != Service.Capacity.WAITING_LIST:
            self.cleaned_data["wait_weeks"] = None
        if not self.cleaned_data.get("capacity"):
            self.cleaned_data["capacity_on"] = None
        elif (self.cleaned_data.get("capacity_on") or datetime.date.min) > timezone.localdate():
            self.add_error("capacity_on", "Kies vandaag of een dag daarvoor.")
        return self.cleaned_data

    def mine(self) -> Values:
        """Who says that there is room says it of today, unless she says of when."""
        mine = super().mine()
        is_new = any(mine[name] != self.base.get(name, "") for name in ("capacity", "wait_weeks"))
        if mine["capacity"] and (not mine["capacity_on"] or (is_new and not self._touched("capacity_on"))):
            del mine["capacity_on"]
        return mine

    def in_sections(self) -> list[Section]:
        found = []
        for title, names in self.sections:
            fields = [self[name] for name in names if name in self.fields]
            if fields:
                is_open = title in self.open_sections or any(field.errors for field in fields)
                found.append(Section(title, fields, is_open=is_open))
        return found

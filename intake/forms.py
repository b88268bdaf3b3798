"""What is asked about a caregiver, and whether it is acceptable."""

import datetime
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db import models
from django.db.models import TextChoices
from django.utils import timezone

from intake.actions import CHANGEABLE, as_seen
from intake.doubles import Double, possible_doubles
from intake.models import (
    Caregiver,
    Casemanager,
    Circle,
    Involvement,
    Need,
    PhaseStep,
    Relation,
    SituationKind,
    Turn,
    YesNo,
)
from intake.place import PlaceForm
from knowledge.models import Phase, Profession, SupportKind
from mantelzorg import forms
from mantelzorg.dates import day_in_words
from sociale_kaart.models import Language, Municipality, Organisation

CHOOSE = ("", "Maak een keuze")
UNDECIDED = "samen"  # in the form; a need without a kind in the database
UNDECIDED_IN_WORDS = "Nog samen uitzoeken"
EARLIEST_YEAR = 1990  # a year of two digits is a slip
NOT_IN_THE_FUTURE = "Deze dag moet nog komen. Kies vandaag of een eerdere dag."


# Finding ------------------------------------------------------------------------------------------------------------


class Order(TextChoices):
    NAME = "naam", "Op naam"
    HEAVIEST = "zwaarte", "Wie het zwaar heeft eerst"


class Whose(TextChoices):
    ALL = "", "Allemaal"
    MINE = "mij", "Mijn mantelzorgers"


class NotSpoken(TextChoices):
    """Whom nobody of the organisation spoke to for so many weeks; who never had a talk is among them."""

    ANY = "", "Maakt niet uit"
    MONTH = "4", "Al 4 weken of langer"
    QUARTER = "13", "Al 3 maanden of langer"
    HALF_YEAR = "26", "Al een half jaar of langer"
    NEVER = "nooit", "Nog nooit een gesprek"


HEAVY_FROM = [("", "Maakt niet uit"), *((str(number), f"{number} of meer") for number in range(1, 11))]


class SearchForm(forms.Form):
    """Everything may stay empty."""

    mark_optional = False
    autocomplete_off = True

    zoek = forms.CharField(
        label="Naam, telefoon of postcode",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "spellcheck": "false"}),
    )
    volgorde = forms.ChoiceField(label="Volgorde", choices=Order.choices, required=False)
    van = forms.ChoiceField(label="Welke mantelzorgers", choices=Whose.choices, required=False)
    contact = forms.CharField(label="Naam van het aanspreekpunt", required=False, max_length=100)
    fase = forms.ChoiceField(label="Fase, bij dementie", required=False)
    beurt = forms.ChoiceField(label="Wie is er aan zet?", choices=Turn.choices, required=False)
    vanaf = forms.ChoiceField(label="Hoe zwaar, zegt zij zelf", choices=HEAVY_FROM, required=False)
    gesprek = forms.ChoiceField(label="Niet gesproken", choices=NotSpoken.choices, required=False)

    meer = forms.CharField(required=False, max_length=2, widget=forms.HiddenInput)

    MORE = ("contact", "fase", "beurt", "vanaf", "gesprek")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["fase"].choices = self._phases  # asked of the database when they are shown or chosen

    def _phases(self) -> list[tuple[str, str]]:
        return [("", "Maakt niet uit"), *((phase.pk, f"{phase.number}. {phase.name}") for phase in self._journey)]

    @cached_property
    def _journey(self) -> list[Phase]:
        return list(Phase.objects.for_journey())

    @property
    def shows_more(self) -> bool:
        """The other filters are there when she asked for them, or uses one."""
        return any(self[name].value() for name in ("meer", *self.MORE))


# Seen by two at once ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What somebody else did to one field while this form was open."""

    label: str
    was: str
    now: str
    typed: str = ""  # what this person made of it herself, when that is something else again


class SeenField(forms.JSONField):
    """What the page showed when it was opened: plain values by name. Whatever else comes back, or what no row can hold,
    counts as not having seen it.
    """

    widget = forms.HiddenInput

    def clean(self, value) -> dict[str, str | bool]:
        try:
            seen = super().clean(value)
        except forms.ValidationError:
            seen = None
        if not isinstance(seen, dict):
            return {}
        return {name: value for name, value in seen.items() if can_be_shown(name) and can_be_shown(value)}

    def bound_data(self, data, initial) -> dict[str, str | bool]:
        return self.clean(data)


def can_be_shown(value: Any) -> bool:
    """No zero character, which no row can hold, and no half of a pair of surrogates, which no page can."""
    return isinstance(value, bool) or (isinstance(value, str) and not re.search("[\0\ud800-\udfff]", value))


def _day_in_words(value: Any) -> str:
    """Of a day as a form carries it along; what came back as something else is nothing."""
    try:
        return day_in_words(datetime.date.fromisoformat(value))
    except (TypeError, ValueError):
        return "leeg"


class ChangeForm(forms.Form):
    """A form to change what is there. It carries what this person saw when she opened it, so that nobody's change is
    lost: what only the other changed is taken over, what both changed is shown with both values.
    """

    autocomplete_off = True
    STORED: tuple[str, ...] = ()  # fields of the row

    seen = SeenField(required=False)

    def __init__(self, *args, thing, **kwargs):
        self.thing = thing
        self.changes: list[Change] = []
        stored = as_seen(thing, self.STORED)
        initial = {self.key(name): self.as_typed(name, value) for name, value in stored.items()}
        super().__init__(*args, initial=initial | {"seen": stored}, **kwargs)

    def clean_seen(self) -> dict[str, Any]:
        """A value for each field, and no other."""
        return {name: self.cleaned_data["seen"].get(name) for name in self.STORED}

    def keep_offering(self, field: str, offered: dict[str, Any], key: Any, chosen: Any) -> None:
        """What was chosen then can stay chosen, also when nobody is offered it any more."""
        if key and str(key) not in offered:
            offered[str(key)] = chosen
            self.fields[field].choices += [(str(key), chosen.name)]

    # How a field of the row is called, written and read in this form ------------------------------------------------

    def key(self, name: str) -> str:
        return name.removesuffix("_id")

    def as_typed(self, name: str, value: Any) -> Any:
        return value

    def stored(self) -> dict[str, Any]:
        """What was typed, as a row would store it."""
        raise NotImplementedError

    def typed(self) -> dict[str, Any]:
        """The same, but what she left as it was is as it was: another notation is not a change."""
        seen = self.cleaned_data["seen"]
        left = [
            name
            for name, value in seen.items()
            if isinstance(value, str) and self.data.get(self.key(name)) == self.as_typed(name, value)
        ]
        return self.stored() | {name: seen[name] for name in left}

    def in_words(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return "ja" if value else "nee"
        if isinstance(self.thing._meta.get_field(name), models.DateField):
            return _day_in_words(value)
        choices = dict(getattr(self.thing._meta.get_field(name), "flatchoices", ()))
        return str(choices.get(value, value) or "leeg")

    # When somebody was first -----------------------------------------------------------------------------------------

    def overtaken(self, current, *, by_whom: str) -> "ChangeForm":
        """The form again, on top of what stands there now."""
        seen, typed, now = self.cleaned_data["seen"], self.typed(), as_seen(current, self.STORED)
        theirs = [name for name in self.STORED if now[name] != seen[name]]
        data = self.data.copy()
        data["seen"] = json.dumps(now)
        for name in theirs:
            if typed[name] == seen[name]:
                self._take_over(data, name, now[name])
        again = type(self)(data, thing=current)
        again.changes = [self._change(name, seen, typed, now) for name in theirs]
        again.add_error(None, f"Dit is intussen gewijzigd door {by_whom}. Kijk na wat klopt, en bewaar opnieuw.")
        return again

    def _take_over(self, data, name: str, value: Any) -> None:
        value = self.as_typed(name, value)
        if value is True:
            data[self.key(name)] = "on"
        elif value in (False, None):
            data.pop(self.key(name), None)
        else:
            data[self.key(name)] = value

    def _change(self, name: str, seen, typed, now) -> Change:
        both = typed[name] not in (seen[name], now[name])
        return Change(
            label=str(self.thing._meta.get_field(name).verbose_name),
            was=self.in_words(name, seen[name]),
            now=self.in_words(name, now[name]),
            typed=self.in_words(name, typed[name]) if both else "",
        )


OPEN_QUESTION: dict[str, Any] = {
    "required": False,
    "choices": [("", "Niet gevraagd"), (YesNo.YES, "Ja"), (YesNo.NO, "Nee")],
    "widget": forms.RadioSelect(attrs={"class": "choices--inline"}),
}


class CaregiverForm(ChangeForm, PlaceForm):
    """Who she is and how she wants to be reached."""

    STORED = tuple(Caregiver._meta.get_field(name).attname for name in CHANGEABLE)
    TELLS_WHO = ("name", "phone", "postcode")  # by which a double is recognised
    doubles: list[Double] = []

    name = forms.CharField(label="Naam", max_length=200, error_messages={"required": "Vul haar naam in."})
    phone = forms.PhoneField(
        label="Veilig telefoonnummer",
        help_text="Waarop zij vrij kan praten.",
        error_messages={"required": "Vul een telefoonnummer in waarop zij vrij kan praten."},
    )
    safe_moment = forms.CharField(label="Goed moment om te bellen", required=False, max_length=200)
    not_when_other_is_there = forms.BooleanField(label="Liever niet als de ander erbij is", required=False)
    email = forms.EmailField(label="E-mailadres", required=False)
    relation = forms.ChoiceField(label="Zij zorgt voor", choices=Relation.choices)
    situation_kind = forms.ChoiceField(
        label="Wat speelt er bij degene voor wie zij zorgt?",
        choices=SituationKind.choices,
        help_text="Een fase hoort alleen bij dementie. Kies je iets anders, dan vervalt de fase.",
    )
    under_16 = forms.BooleanField(label="Zij is jonger dan 16 jaar", required=False)
    young_adult = forms.BooleanField(label="Zij is 16 tot en met 24 jaar", required=False)
    lives_together = forms.ChoiceField(label="Wonen zij samen?", **OPEN_QUESTION)
    works = forms.ChoiceField(label="Heeft zij betaald werk?", **OPEN_QUESTION)
    other_carers = forms.CharField(
        label="Wie zorgt er nog meer mee?",
        required=False,
        max_length=200,
        help_text="Bijvoorbeeld: haar broer, in het weekend.",
    )
    language = forms.ChoiceField(
        label="In welke taal praat zij het liefst?",
        required=False,
        help_text="Laat leeg bij Nederlands.",
        widget=forms.Select(attrs={"data-combobox": ""}),
    )
    interpreter = forms.BooleanField(label="Er is een tolk nodig", required=False)
    really_another = forms.BooleanField(label="Dit is iemand anders", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.languages = {language.pk: language for language in Language.objects.besides_dutch()}
        self.fields["language"].choices = [("", "Nederlands of niet gevraagd"), *_named(self.languages)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("under_16") and cleaned.get("young_adult"):
            self.add_error("young_adult", "Kies één leeftijd: jonger dan 16, of 16 tot en met 24 jaar.")
        return cleaned

    def look_for_doubles(self, user) -> bool:
        """Once the form is valid: whether, with what changed, she looks like somebody who is there already."""
        cleaned = self.cleaned_data
        same = all(cleaned[name] == getattr(self.thing, name) for name in self.TELLS_WHO)
        if same or cleaned["really_another"]:
            return False
        told = {name: cleaned[name] for name in self.TELLS_WHO}
        self.doubles = possible_doubles(user, **told, besides=self.thing.pk)
        if self.doubles:
            self.add_error("really_another", "Kijk of zij er al staat. Is zij iemand anders? Vink dit dan aan.")
        return bool(self.doubles)

    def as_typed(self, name: str, value: Any) -> Any:
        return value or "" if name == "language_id" else value

    def stored(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in self.STORED if name in self.cleaned_data}
        language = self.cleaned_data["language"] or None
        return values | {"municipality_id": self.chosen_municipality().pk, "language_id": language}

    def details(self) -> dict[str, Any]:
        """The arguments of `change_caregiver`, once the form is valid."""
        values = self.typed()
        language = self.languages.get(values.pop("language_id"))
        values.pop("municipality_id")
        return values | {
            "municipality": self.chosen_municipality(),
            "language": language,
            "seen": self.cleaned_data["seen"],
        }

    def in_words(self, name: str, value: Any) -> str:
        if name == "municipality_id":
            chosen = Municipality.objects.in_bulk([value] if value else [])
            return str(chosen[value]) if chosen else "leeg"
        if name == "language_id":
            return str(self.languages.get(value, "leeg"))
        return super().in_words(name, value)


# What she asks ------------------------------------------------------------------------------------------------------


class NeedFields(forms.Form):
    kind = forms.ChoiceField(
        label="Wat vraagt zij?",
        error_messages={"required": "Kies wat zij vraagt, of kies “nog samen uitzoeken”."},
        widget=forms.Select,
    )
    words = forms.TextField(
        label="In haar eigen woorden",
        required=False,
        max_length=1000,
        help_text="Houd het kort. Geen medische gegevens.",
    )
    prefers_free = forms.BooleanField(
        label="Liefst gratis",
        help_text="Dan komt gratis aanbod eerst, en zie je overal wat het kost.",
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = {kind.pk: kind for kind in SupportKind.objects.referable()}
        self.fields["kind"].choices = [CHOOSE, (UNDECIDED, UNDECIDED_IN_WORDS), *by_category(self.kinds.values())]

    def chosen_kind(self) -> SupportKind | None:
        return self.kinds.get(self.cleaned_data["kind"])


class NewNeedForm(NeedFields):
    autocomplete_off = True

    form_key = forms.OnceField()

    def details(self) -> dict[str, Any]:
        return {
            "kind": self.chosen_kind(),
            "words": self.cleaned_data["words"],
            "prefers_free": self.cleaned_data["prefers_free"],
        }


class NeedForm(ChangeForm, NeedFields):
    STORED = ("kind_id", "words", "prefers_free")

    def __init__(self, *args, thing: Need, **kwargs):
        super().__init__(*args, thing=thing, **kwargs)
        self.keep_offering("kind", self.kinds, thing.kind_id, thing.kind)

    def as_typed(self, name: str, value: Any) -> Any:
        return value or UNDECIDED if name == "kind_id" else value

    def stored(self) -> dict[str, Any]:
        kind = self.chosen_kind()
        kept = {name: self.cleaned_data[name] for name in ("words", "prefers_free")}
        return {"kind_id": kind.pk if kind else None, **kept}

    def details(self) -> dict[str, Any]:
        """The arguments of `change_need`, once the form is valid."""
        kept = {name: self.cleaned_data[name] for name in ("words", "prefers_free", "seen")}
        return {"kind": self.chosen_kind(), **kept}

    def in_words(self, name: str, value: Any) -> str:
        if name == "kind_id":
            return self.kinds[value].name if value in self.kinds else UNDECIDED_IN_WORDS
        return super().in_words(name, value)


def by_category(kinds: Iterable[SupportKind]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (category.name, [(kind.pk, kind.name) for kind in group])
        for category, group in groupby(kinds, key=lambda kind: kind.category)
    ]


# Where she stands ---------------------------------------------------------------------------------------------------


class PastDateField(forms.DateField):
    """Today, or a day before."""

    def __init__(self, **kwargs):
        super().__init__(initial=timezone.localdate, **kwargs)

    def clean(self, value) -> datetime.date | None:
        day = super().clean(value)
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(NOT_IN_THE_FUTURE)
        if day is not None and day.year < EARLIEST_YEAR:
            raise forms.ValidationError(f"Klopt het jaar? Kies een dag vanaf {EARLIEST_YEAR}.")
        return day


class PhaseFields(forms.Form):
    phase = forms.ChoiceField(
        label="Welke fase past nu het best?",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies een fase."},
    )
    since = PastDateField(label="Sinds wanneer?", help_text="Ongeveer mag ook.")
    note = forms.TextField(
        label="Toelichting",
        required=False,
        max_length=500,
        help_text="Waar merk je het aan? Houd het kort. Geen medische gegevens.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.phases = {phase.pk: phase for phase in Phase.objects.current()}
        self.fields["phase"].choices = [(phase.pk, f"{phase.number}. {phase.name}") for phase in self.phases.values()]


class PhaseForm(PhaseFields):
    autocomplete_off = True

    form_key = forms.OnceField()

    def details(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"phase": self.phases[cleaned["phase"]], "since": cleaned["since"], "note": cleaned["note"]}


class PhaseStepForm(ChangeForm, PhaseFields):
    STORED = ("phase_id", "since", "note")

    def __init__(self, *args, thing: PhaseStep, **kwargs):
        super().__init__(*args, thing=thing, **kwargs)
        self.keep_offering("phase", self.phases, thing.phase_id, thing.phase)

    def stored(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {"phase_id": cleaned["phase"], "since": cleaned["since"].isoformat(), "note": cleaned["note"]}

    def details(self) -> dict[str, Any]:
        """The arguments of `change_phase_step`, once the form is valid."""
        typed = self.typed()
        return {
            "phase": self.phases[typed["phase_id"]],
            "since": self.cleaned_data["since"],
            "note": typed["note"],
            "seen": self.cleaned_data["seen"],
        }

    def in_words(self, name: str, value: Any) -> str:
        if name == "phase_id":
            return self.phases[value].label if value in self.phases else "leeg"
        return super().in_words(name, value)


class BurdenForm(forms.Form):
    """Her own answer; nobody else's idea of it."""

    autocomplete_off = True

    form_key = forms.OnceField()
    burden = forms.TypedChoiceField(
        label="Haar antwoord",
        help_text="Vraag het haar zelf: 0 is niet zwaar, 10 is heel zwaar.",
        choices=[(number, str(number)) for number in range(11)],
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "choices--inline"}),
        error_messages={"required": "Kies het getal dat zij noemde."},
    )
    on = PastDateField(label="Wanneer zei zij dat?")

    def details(self) -> dict[str, Any]:
        return {"burden": self.cleaned_data["burden"], "on": self.cleaned_data["on"]}


class CasemanagerForm(forms.Form):
    """Asked once: three buttons on her page, or this form to change what was answered."""

    autocomplete_off = True

    form_key = forms.OnceField()
    answer = forms.ChoiceField(
        label="Is er een casemanager?",
        help_text="Iemand die haar en degene voor wie zij zorgt voor langere tijd begeleidt.",
        choices=[(answer.value, answer.label[:1].upper() + answer.label[1:]) for answer in Casemanager],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies ja, nee of zij weet het niet."},
    )

    def details(self) -> dict[str, Any]:
        return {"answer": self.cleaned_data["answer"]}


# Who is around her --------------------------------------------------------------------------------------------------


class InvolvementFields(forms.Form):
    """Somebody around her. The organisations are those that work where she lives."""

    name = forms.CharField(
        label="Naam",
        max_length=120,
        help_text="Van een mens of een organisatie.",
        error_messages={"required": "Vul een naam in, bijvoorbeeld “zus Anja”."},
    )
    profession = forms.ChoiceField(label="Beroep of rol", required=False)
    organisation = forms.ChoiceField(
        label="Organisatie", required=False, widget=forms.Select(attrs={"data-combobox": ""})
    )
    circle = forms.ChoiceField(
        label="Hoe dichtbij staat deze persoon?",
        choices=[(circle.value, circle.label.capitalize()) for circle in Circle],
        initial=Circle.REGULAR.value,
        widget=forms.RadioSelect(attrs={"class": "choices--inline"}),
        error_messages={"required": "Kies hoe dichtbij."},
    )
    regie = forms.BooleanField(
        label="Houdt de regie",
        help_text="Wie het overzicht houdt en afspraken op elkaar afstemt. Dat is er één tegelijk.",
        required=False,
    )
    phone = forms.PhoneField(label="Telefoonnummer", required=False)
    since = PastDateField(label="Sinds wanneer?", help_text="Ongeveer mag ook.")

    def __init__(self, *args, caregiver: Caregiver, **kwargs):
        super().__init__(*args, **kwargs)
        self.professions = {profession.pk: profession for profession in Profession.objects.current().order_by("name")}
        nearby = Organisation.objects.in_municipality(caregiver.municipality).order_by("name")
        self.organisations = {str(organisation.pk): organisation for organisation in nearby}
        self.fields["profession"].choices = [("", "Geen van deze"), *_named(self.professions)]
        self.fields["organisation"].choices = [("", "Geen organisatie"), *_named(self.organisations)]


class InvolvementForm(InvolvementFields):
    autocomplete_off = True

    form_key = forms.OnceField()

    def details(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "name": cleaned["name"],
            "profession": self.professions.get(cleaned["profession"]),
            "organisation": self.organisations.get(cleaned["organisation"]),
            "circle": cleaned["circle"],
            "regie": cleaned["regie"],
            "phone": cleaned["phone"],
            "since": cleaned["since"],
        }


class ChangeInvolvementForm(ChangeForm, InvolvementFields):
    STORED = ("name", "profession_id", "organisation_id", "circle", "regie", "phone", "since")

    def __init__(self, *args, thing: Involvement, **kwargs):
        super().__init__(*args, thing=thing, caregiver=thing.caregiver, **kwargs)
        self.keep_offering("profession", self.professions, thing.profession_id, thing.profession)
        self.keep_offering("organisation", self.organisations, thing.organisation_id, thing.organisation)

    def as_typed(self, name: str, value: Any) -> Any:
        return value or "" if name in ("profession_id", "organisation_id") else value

    def stored(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            **{name: cleaned[name] for name in ("name", "circle", "regie", "phone")},
            "since": cleaned["since"].isoformat(),
            "profession_id": cleaned["profession"] or None,
            "organisation_id": cleaned["organisation"] or None,
        }

    def details(self) -> dict[str, Any]:
        """The arguments of `change_involvement`, once the form is valid."""
        typed = self.typed()
        return {
            **{name: typed[name] for name in ("name", "circle", "regie", "phone")},
            "since": self.cleaned_data["since"],
            "profession": self.professions.get(typed["profession_id"]),
            "organisation": self.organisations.get(typed["organisation_id"]),
            "seen": self.cleaned_data["seen"],
        }

    def in_words(self, name: str, value: Any) -> str:
        offered = {"profession_id": self.professions, "organisation_id": self.organisations}.get(name)
        if offered is None:
            return super().in_words(name, value)
        return offered[value].name if value in offered else "leeg"


class EndInvolvementForm(forms.Form):
    autocomplete_off = True

    on = PastDateField(label="Sinds wanneer niet meer?")
    note = forms.CharField(label="Waarom?", required=False, max_length=200)

    def __init__(self, *args, involvement: Involvement, **kwargs):
        super().__init__(*args, **kwargs)
        self.involvement = involvement

    def clean_on(self) -> datetime.date:
        day = self.cleaned_data["on"]
        if day < self.involvement.since:
            raise forms.ValidationError("Dat is vóór de dag waarop dit begon.")
        return day


def _named(by_key: dict[str, Any]) -> list[tuple[str, str]]:
    return [(key, thing.name) for key, thing in by_key.items()]

"""What somebody types on the pages of the sociale kaart. What was typed is never thrown away."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from mantelzorg import forms
from mantelzorg.carried import CAREGIVER
from mantelzorg.pagination import AFTER
from sociale_kaart import postcodes
from sociale_kaart.models import Municipality, PostcodeArea, Service
from sociale_kaart.search import SearchQuery, traits
from sociale_kaart.search.choices import Choices
from sociale_kaart.search.facets import Counts
from sociale_kaart.search.named_place import Place, place_in
from sociale_kaart.search.query import BY_CHECK, BY_DISTANCE, BY_FIT
from sociale_kaart.search.words import MAX_TEXT

NO_SUCH_CHOICE = {"invalid_choice": "Deze keuze kennen we niet. Kies er een uit de lijst."}


COSTS = [(value, capfirst(label)) for value, label in Service.CostKind.choices]
DISTANCES = [("5", "Tot 5 km"), ("10", "Tot 10 km"), ("25", "Tot 25 km")]
ORDERS = [(BY_FIT, "Wat het beste past"), (BY_DISTANCE, "Wat dichtbij is"), (BY_CHECK, "Wat pas is nagekeken")]


COMPARED = "abc"  # so many side by side: the names in the address


def ticked(data) -> list[str]:
    """What was ticked to compare, each once. In a list they all come as ?a=; an address says ?a=, ?b= and ?c=."""
    values = [value for name in COMPARED for value in (data.getlist(name) if hasattr(data, "getlist") else [])]
    return list(dict.fromkeys(slug for value in values if (slug := forms.slug_or_nothing(value))))


def question_in(data) -> dict[str, str]:
    """What was asked on the search page, for an address that only carries it along."""
    names = [*SearchForm.base_fields, *SearchForm.MODES, AFTER]
    found = {name: data.get(name, "") for name in names if name not in COMPARED}
    found["postcode"] = postcodes.pc4_of(found["postcode"]) or found["postcode"]
    return {name: value for name, value in found.items() if value}


class SearchForm(forms.Form):
    """What somebody asks of the sociale kaart. The names of the fields stand in addresses, also in those she keeps."""

    MORE = ("soort", "fase", "doelgroep", "taal", "kosten", "direct", "plek", "afstand", "volgorde")
    # How the page is shown: with all filters, with boxes to tick, with a place among the words for no more than a word,
    # and what she ticked to put side by side.
    MODES = ("meer", "vergelijk", "overal", *COMPARED)
    # Of each question that has numbers: the field of SearchQuery, the column of the row, and how its keys begin there.
    COUNTED = {
        "soort": ("kind", "kinds", ""),
        "fase": ("phase", "phases", ""),
        "doelgroep": ("target_group", "target_groups", ""),
        "taal": ("language", "traits", f"{traits.LANGUAGE}-"),
        "kosten": ("cost", "traits", f"{traits.COSTS}-"),
        "direct": ("access", "traits", traits.key(traits.ACCESS, "zonder")),
        "plek": ("room", "traits", traits.key(traits.ROOM, "plek")),
    }

    mark_optional = False

    q = forms.CharField(
        label="Wat zoek je?",
        required=False,
        max_length=MAX_TEXT,
        error_messages={"max_length": f"Typ niet meer dan {MAX_TEXT} tekens. Een paar woorden is genoeg."},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    gemeente = forms.ChoiceField(label="Gemeente", required=False, error_messages=NO_SUCH_CHOICE)
    postcode = forms.CharField(label="Of postcode of plaats", required=False, widget=forms.TextInput)
    soort = forms.ChoiceField(label="Soort steun", required=False, error_messages=NO_SUCH_CHOICE)
    fase = forms.ChoiceField(label="Fase bij dementie", required=False, error_messages=NO_SUCH_CHOICE)
    doelgroep = forms.ChoiceField(label="Voor wie in het bijzonder", required=False, error_messages=NO_SUCH_CHOICE)
    taal = forms.ChoiceField(label="Taal", required=False, error_messages=NO_SUCH_CHOICE)
    kosten = forms.ChoiceField(label="Kosten", required=False, error_messages=NO_SUCH_CHOICE)
    direct = forms.BooleanField(label="Zonder verwijzing", required=False)
    plek = forms.BooleanField(label="Er is plek", required=False)
    afstand = forms.ChoiceField(label="Ook buiten de gemeente", required=False, error_messages=NO_SUCH_CHOICE)
    volgorde = forms.ChoiceField(label="Volgorde", required=False, error_messages=NO_SUCH_CHOICE)

    def __init__(self, *args, choices: Choices, caregiver: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.goes_along = {CAREGIVER: caregiver} if caregiver else {}
        self.area: list[tuple[str, str]] = []  # the municipalities (code, name) of the postcode or place
        self.named: Place | None = None  # the place among the words, when nothing else says where
        self.fields["gemeente"].choices = [("", "Alle gemeenten"), *choices.municipalities]
        self.fields["soort"].choices = [("", "Alle soorten"), *choices.kinds.items()]
        self.fields["fase"].choices = [("", "Alle fasen"), *choices.phases]
        self.fields["doelgroep"].choices = [("", "Iedereen"), *choices.target_groups]
        self.fields["taal"].choices = [("", "Alle talen"), *choices.languages]
        self.fields["kosten"].choices = [("", "Maakt niet uit"), *COSTS]
        self.fields["afstand"].choices = [("", "Nee"), *DISTANCES]
        self.fields["volgorde"].choices = ORDERS

    def clean(self):
        super().clean()
        typed = self.cleaned_data.get("postcode", "")
        if not typed and not self.cleaned_data.get("gemeente") and self.data.get("overal") != "ja":
            self.named = place_in(self.cleaned_data.get("q", ""))
            self.area = [(code, self.named.name) for code in self.named.codes] if self.named else []
        if typed:
            self.area = PostcodeArea.objects.municipalities_at(typed)
            chosen = self.cleaned_data.get("gemeente", "")
            if not self.area:
                self.add_error("postcode", self._what_is_wrong(typed))
            elif chosen and chosen not in dict(self.area):
                where = " of ".join(name for _, name in self.area)
                self.add_error("postcode", f"{typed} ligt in {where}. Kies die gemeente, of maak een van de twee leeg.")
        return self.cleaned_data

    @staticmethod
    def _what_is_wrong(typed: str) -> ValidationError:
        if any(character.isdigit() for character in typed):
            return ValidationError("Deze postcode kennen we niet. Typ hem bijvoorbeeld zo: 1506 AB.")
        return ValidationError("Deze plaats kennen we niet. Typ een postcode, bijvoorbeeld 1506 AB.")

    @property
    def municipalities(self) -> list[tuple[str, str]]:
        """Where she searches: code and name. Empty is everywhere."""
        chosen = self.cleaned_data["gemeente"]
        if chosen:
            return [choice for choice in self.fields["gemeente"].choices if choice[0] == chosen]
        return self.area

    @property
    def shows_more(self) -> bool:
        """What most searches do without: as many bytes as half the results, so only when asked for."""
        return any(self.data.get(name) for name in ("meer", *self.MORE))

    @property
    def lacks_a_place(self) -> bool:
        """She wants to know what is near, and did not say where she is."""
        asks = self.cleaned_data["volgorde"] == BY_DISTANCE or self.cleaned_data["afstand"]
        return bool(asks) and not self.municipalities

    def show_counts(self, counts: Counts) -> None:
        """Behind each answer how many services it leads to; what leads nowhere is left out, unless it was chosen."""
        for name, (question, column, begin) in self.COUNTED.items():
            found, is_at_least = counts.of(question, column)
            more = "+" if is_at_least else ""
            field = self.fields[name]
            if isinstance(field, forms.BooleanField):
                self[name].label = f"{field.label} ({found.get(begin, 0)}{more})"
            else:
                keep = {"", self.cleaned_data[name]}
                field.widget.choices = [
                    choice for each in field.choices for choice in _counted(each, found, begin, keep, more)
                ]

    @property
    def is_a_question(self) -> bool:
        """Something was asked: there is a point in keeping it."""
        return any(self.cleaned_data.get(name) for name in self.fields if name != "volgorde")

    def answers(self) -> dict[str, str]:
        """What was filled in, in words, by the name of the field. What was typed stays as it was typed."""
        found = {}
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if value and isinstance(field, forms.ChoiceField):
                found[name] = _label_of(value, field.choices)
            elif value:
                found[name] = value if isinstance(value, str) else self.base_fields[name].label
        return found

    def search_query(self, *, after: str = "") -> SearchQuery:
        typed = self.cleaned_data["postcode"]
        return SearchQuery(
            text=self.named.rest if self.named else self.cleaned_data["q"],
            municipalities=tuple(code for code, _ in self.municipalities),
            kind=self.cleaned_data["soort"],
            phase=self.cleaned_data["fase"],
            target_group=self.cleaned_data["doelgroep"],
            language=self.cleaned_data["taal"],
            cost=self.cleaned_data["kosten"],
            no_referral=self.cleaned_data["direct"],
            has_room=self.cleaned_data["plek"],
            near=postcodes.pc4_of(typed) or typed,
            within=int(self.cleaned_data["afstand"] or 0),
            order=self.cleaned_data["volgorde"],
            after=after,
        )

    @property
    def names_a_door(self) -> bool:
        """A whole postcode is a street, and together with a question may be somebody."""
        typed = self.data.get("postcode", "")
        return (postcodes.pc4_of(typed) or typed) != typed

    @property
    def picks(self) -> bool:
        """She is choosing what to put side by side."""
        return self.data.get("vergelijk") == "ja"

    @property
    def picked(self) -> list[str]:
        return ticked(self.data)[: len(COMPARED)] if self.picks else []

    def in_address(self, **more: str) -> dict[str, str]:
        """What stands in an address: only what was filled in, and of a postcode no letters that lead to a door."""
        filled = {name: self.data.get(name, "") for name in [*self.fields, *self.MODES]}
        filled |= dict.fromkeys(COMPARED, "") | dict(zip(COMPARED, self.picked, strict=False))
        filled["postcode"] = postcodes.pc4_of(filled["postcode"]) or filled["postcode"]
        return {name: value for name, value in (filled | more).items() if value} | self.goes_along

    def address(self, **more: str) -> str:
        """The part of an address after the question mark."""
        return urlencode(self.in_address(**more))


def _label_of(value: str, choices) -> str:
    """Choices may stand in groups, each under its name."""
    flat = [one for key, label in choices for one in (label if isinstance(label, (list, tuple)) else [(key, label)])]
    return dict(flat).get(value, value)


def _counted(choice, found: dict[str, int], begin: str, keep: set[str], more: str) -> list:
    """An answer with its number, a group of answers with theirs, or nothing."""
    value, label = choice
    if isinstance(label, (list, tuple)):
        inside = [one for each in label for one in _counted(each, found, begin, keep, more)]
        return [(value, inside)] if inside else []
    count = found.get(f"{begin}{value}", 0)
    if not value:
        return [choice]
    return [(value, f"{label} ({count}{more})")] if count or more or value in keep else []


class SavedSearchForm(forms.Form):
    """Under which name a question is kept, and whether she hears of news."""

    form_key = forms.OnceField()
    name = forms.CharField(
        label="Hoe noem je deze zoekvraag?",
        max_length=60,
        help_text="Alleen jij ziet deze naam. Noem geen mantelzorger, ook niet met een voornaam.",
        error_messages={"required": "Geef de zoekvraag een naam."},
    )
    wants_mail = forms.BooleanField(
        label="Mail me als er iets nieuws bij past",
        required=False,
        initial=True,
        help_text="Hooguit één mail per dag. In de mail staat niet waar je op zoekt.",
    )

    def details(self) -> dict:
        return {"name": self.cleaned_data["name"].strip(), "wants_mail": self.cleaned_data["wants_mail"]}


class LocalNoteForm(forms.Form):
    """What holds here: where, and what. Only the municipalities she keeps can be chosen."""

    form_key = forms.OnceField()
    text = forms.TextField(
        label="Wat wil je toevoegen?",
        max_length=2000,
        help_text="Bijvoorbeeld wie je belt, op welke dagen, of hoe het hier heet. Iedereen die inlogt kan dit lezen: "
        "schrijf niets over een mantelzorger.",
        error_messages={"required": "Schrijf op wat hier geldt."},
    )
    municipalities = forms.MultipleChoiceField(
        label="Waar geldt dit?",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--inline"}),
        error_messages={"required": "Kies minstens één gemeente."},
    )

    def __init__(self, *args, municipalities, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {municipality.pk: municipality for municipality in municipalities}
        field = self.fields["municipalities"]
        field.choices = [(pk, municipality.name) for pk, municipality in self.known.items()]
        if len(self.known) == 1:
            field.initial = list(self.known)

    def details(self) -> dict:
        """The arguments of `write_local_note` and `change_local_note`, once the form is valid."""
        chosen = [self.known[pk] for pk in self.cleaned_data["municipalities"]]
        return {"text": self.cleaned_data["text"], "municipalities": chosen}


class MunicipalityForm(forms.Form):
    """Which municipality somebody means: by its name, by a place in it or by a postcode."""

    mark_optional = False

    waar = forms.CharField(
        label="Gemeente, plaats of postcode",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_waar(self) -> str:
        typed = self.cleaned_data["waar"].strip()
        codes = [code for code, _ in PostcodeArea.objects.municipalities_at(typed)] if typed else []
        self.found = list(Municipality.objects.filter(pk__in=codes).order_by("name")) if codes else []
        if typed and not self.found:
            self.add_error(
                "waar", "Deze gemeente, plaats of postcode kennen we niet. Typ bijvoorbeeld Zaandam of 1506."
            )
        return typed

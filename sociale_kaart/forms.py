"""What somebody types on the pages of the sociale kaart. What was typed is never thrown away."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError

from mantelzorg import forms
from mantelzorg.carried import CAREGIVER
from sociale_kaart.models import Municipality, PostcodeArea
from sociale_kaart.search import SearchQuery
from sociale_kaart.search.choices import Choices

NO_SUCH_CHOICE = {"invalid_choice": "Deze keuze kennen we niet. Kies er een uit de lijst."}


class SearchForm(forms.Form):
    mark_optional = False

    q = forms.CharField(
        label="Wat zoek je?",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    gemeente = forms.ChoiceField(label="Gemeente", required=False, error_messages=NO_SUCH_CHOICE)
    postcode = forms.CharField(label="Of postcode of plaats", required=False, widget=forms.TextInput)
    soort = forms.ChoiceField(label="Soort steun", required=False, error_messages=NO_SUCH_CHOICE)
    fase = forms.ChoiceField(label="Fase bij dementie", required=False, error_messages=NO_SUCH_CHOICE)
    doelgroep = forms.ChoiceField(label="Voor wie in het bijzonder", required=False, error_messages=NO_SUCH_CHOICE)

    def __init__(self, *args, choices: Choices, caregiver: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.goes_along = {CAREGIVER: caregiver} if caregiver else {}
        self.area: list[tuple[str, str]] = []  # the municipalities (code, name) of the postcode or place
        self.fields["gemeente"].choices = [("", "Alle gemeenten"), *choices.municipalities]
        self.fields["soort"].choices = [("", "Alle soorten"), *choices.kinds.items()]
        self.fields["fase"].choices = [("", "Alle fasen"), *choices.phases]
        self.fields["doelgroep"].choices = [("", "Iedereen"), *choices.target_groups]

    def clean(self):
        super().clean()
        typed = self.cleaned_data.get("postcode", "")
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
        """The three lists that most searches do without: as many bytes as half the results, so only when asked for."""
        return any(self.data.get(name) for name in ("meer", "soort", "fase", "doelgroep"))

    def search_query(self, *, after: str = "") -> SearchQuery:
        return SearchQuery(
            text=self.cleaned_data["q"],
            municipalities=tuple(code for code, _ in self.municipalities),
            kind=self.cleaned_data["soort"],
            phase=self.cleaned_data["fase"],
            target_group=self.cleaned_data["doelgroep"],
            after=after,
        )

    def address(self, **more: str) -> str:
        """The part of an address after the question mark: only what was filled in."""
        filled = {name: self.data.get(name, "") for name in [*self.fields, "meer"]} | more
        return urlencode({name: value for name, value in filled.items() if value} | self.goes_along)


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

"""What was measured: a total that somebody counted, or the seven dimensions of a profile."""

from typing import Any

from intake.forms import ChangeForm, PastDateField
from intake.measuring import scoring
from mantelzorg import forms


class ScreeningForm(forms.Form):
    """What every measurement says besides its score."""

    autocomplete_off = True

    form_key = forms.OnceField()
    taken_on = PastDateField(label="Wanneer is dit ingevuld?")
    version = forms.ChoiceField(
        label="Welke versie?", widget=forms.RadioSelect, error_messages={"required": "Kies welke versie je gebruikte."}
    )
    note = forms.CharField(
        label="Toelichting", required=False, max_length=500, help_text="Houd het kort. Geen medische gegevens."
    )

    def __init__(self, *args, instrument, **kwargs):
        self.instrument = instrument
        super().__init__(*args, **kwargs)
        self.add_score()
        versions = scoring.VERSIONS.get(instrument.pk, ())
        if versions:
            self.fields["version"].choices = [(version, version) for version in versions]
        else:
            del self.fields["version"]
        self.order_fields([name for name in self.fields if name not in ("taken_on", "version", "note")])

    def add_score(self) -> None:
        raise NotImplementedError

    def score(self) -> dict[str, Any]:
        raise NotImplementedError

    def details(self) -> dict[str, Any]:
        """The arguments of `record_screening`, once the form is valid."""
        cleaned = self.cleaned_data
        version = cleaned.get("version") or self.instrument.makers
        return {
            "version": version[:120],
            "taken_on": cleaned["taken_on"],
            "note": cleaned["note"],
            **self.score(),
        }


class TotalForm(ScreeningForm):
    """The score as it was counted on paper."""

    def add_score(self) -> None:
        lowest, highest = self.instrument.score_from, self.instrument.score_to
        self.fields["total"] = forms.IntegerField(
            label="Score",
            min_value=lowest,
            max_value=highest,
            help_text=f"Van {lowest} tot {highest}. {self.instrument.scoring}",
            widget=forms.TextInput(attrs={"class": "w-xs", "inputmode": "numeric"}),
            error_messages={
                "required": "Vul de score in.",
                "invalid": "Vul een heel getal in.",
                "min_value": f"De score is minstens {lowest}.",
                "max_value": f"De score is hoogstens {highest}.",
            },
        )

    def score(self) -> dict[str, Any]:
        return {"total": self.cleaned_data["total"]}


class ProfileForm(ScreeningForm):
    """Seven sides of her life under our own short labels, and how happy she feels if she wants to say so."""

    def add_score(self) -> None:
        self.dimensions = list(self.instrument.dimensions.all())
        levels = [(str(level), name[:1].upper() + name[1:]) for level, name in enumerate(self.instrument.answers)]
        for dimension in self.dimensions:
            self.fields[dimension.code] = forms.TypedChoiceField(
                label=f"{dimension.name} ({dimension.about})" if dimension.about else dimension.name,
                choices=levels,
                coerce=int,
                widget=forms.RadioSelect(attrs={"class": "choices--inline"}),
                error_messages={"required": "Kies geen, enige of veel. Zonder dit antwoord is er geen som."},
            )
        self.fields[scoring.HAPPINESS] = forms.TypedChoiceField(
            label="Hoe gelukkig voelt zij zich nu?",
            help_text="0 is heel ongelukkig, 10 is heel gelukkig.",
            required=False,
            coerce=int,
            empty_value=None,
            choices=[(number, str(number)) for number in range(scoring.HAPPIEST + 1)],
            widget=forms.RadioSelect(attrs={"class": "choices--inline"}),
        )

    def score(self) -> dict[str, Any]:
        directions = {dimension.code: dimension.direction for dimension in self.dimensions}
        total, each = scoring.profile({code: self.cleaned_data[code] for code in directions}, directions)
        happiness = self.cleaned_data[scoring.HAPPINESS]
        return {"total": total, "answers": each if happiness is None else each | {scoring.HAPPINESS: happiness}}


class AgreedForm(ChangeForm):
    STORED = ("agreed",)

    agreed = forms.TextField(
        label="Wat hebben jullie afgesproken?",
        max_length=1000,
        help_text="In een paar zinnen. Bijvoorbeeld wie wat doet, en wanneer je het weer vraagt.",
        error_messages={"required": "Schrijf in een zin wat jullie afspraken."},
    )

    def stored(self) -> dict[str, Any]:
        return {"agreed": self.cleaned_data["agreed"]}

    def details(self) -> dict[str, Any]:
        """The arguments of `agree`, once the form is valid."""
        return {"words": self.cleaned_data["agreed"], "seen": self.cleaned_data["seen"]}


class TakeBackForm(forms.Form):
    autocomplete_off = True

    why = forms.CharField(
        label="Waarom klopt deze meting niet?",
        max_length=200,
        error_messages={"required": "Schrijf op waarom deze meting niet klopt."},
    )


def form_for(instrument) -> type[ScreeningForm]:
    return ProfileForm if instrument.pk == scoring.PROFILE else TotalForm

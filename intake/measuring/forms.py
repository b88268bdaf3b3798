"""What was measured: a total that somebody counted, or the seven dimensions of a profile."""

from collections.abc import Callable
from functools import partial
from typing import Any

from intake.forms import ChangeForm, PastDateField
from intake.measuring import scoring
from intake.models import LicensedItems
from mantelzorg import forms

MOST_BYTES = 20_000
LONGEST_ITEM = 400


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
        versions = self.versions()
        if versions:
            self.fields["version"].choices = [(version, version) for version in versions]
        else:
            del self.fields["version"]
        self.order_fields([name for name in self.fields if name not in ("taken_on", "version", "note")])

    def versions(self) -> list[str]:
        """Of which one is chosen, so that two scores are only compared when the version is the same."""
        return self.instrument.versions

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


class ItemsForm(ScreeningForm):
    """Item by item, in the texts that her organisation has a licence for."""

    def __init__(self, *args, items: LicensedItems, **kwargs):
        self.items = items
        super().__init__(*args, **kwargs)

    def versions(self) -> list[str]:
        return []  # the texts are of one

    def add_score(self) -> None:
        for number, text in enumerate(self.items.texts, 1):
            self.fields[str(number)] = forms.TypedChoiceField(
                label=f"{number}. {text}",
                choices=list(enumerate(answers_of(self.instrument))),
                coerce=int,
                widget=forms.RadioSelect(attrs={"class": "choices--inline"}),
                error_messages={"required": "Kies een antwoord. Zonder dit antwoord is er geen score."},
            )

    def details(self) -> dict[str, Any]:
        return super().details() | {"version": self.items.version}

    def score(self) -> dict[str, Any]:
        counts = self.instrument.answer_points
        numbers = [str(number) for number in range(1, len(self.items.texts) + 1)]
        points = {number: counts[self.cleaned_data[number]] for number in numbers}
        return {"total": sum(points.values()), "answers": points}


def answers_of(instrument) -> list[str]:
    """The answers that can be given; where only their points were published, those."""
    if instrument.answers:
        return [answer[:1].upper() + answer[1:] for answer in instrument.answers]
    return ["1 punt" if points == 1 else f"{points} punten" for points in instrument.answer_points]


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


class LicensedForm(forms.Form):
    """The questions of an instrument, as a file that the organisation has a licence for."""

    file = forms.FileField(
        label="Bestand met de vragen",
        widget=forms.FileInput(attrs={"class": "utrecht-textbox", "accept": ".txt"}),
        help_text="Een tekstbestand (.txt, UTF-8) met elke vraag op een eigen regel, in de juiste volgorde.",
    )
    version = forms.CharField(
        label="Welke versie is dit?",
        max_length=120,
        help_text="Zoals de rechthebbende haar noemt, met het jaar.",
        error_messages={"required": "Vul in welke versie dit is."},
    )
    is_licensed = forms.BooleanField(
        label="Onze organisatie mag deze vragen gebruiken",
        error_messages={"required": "Vink aan dat jullie toestemming hebben van wie de rechten heeft."},
    )

    def __init__(self, *args, instrument, **kwargs):
        self.instrument = instrument
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages |= {"required": "Kies een bestand.", "empty": "Dit bestand is leeg."}

    def clean_file(self) -> list[str]:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("Dit bestand is te groot voor een vragenlijst.")
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError("Dit is geen tekstbestand in UTF-8. Bewaar het als .txt (UTF-8).") from None
        texts = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
        if any(not line.isprintable() for line in texts):
            raise forms.ValidationError("In dit bestand staan tekens die geen tekst zijn.")
        if len(texts) != self.instrument.item_count:
            asked = f"{self.instrument.name} heeft {self.instrument.item_count} vragen."
            raise forms.ValidationError(f"{asked} In dit bestand staan er {len(texts)}.")
        if any(len(line) > LONGEST_ITEM for line in texts):
            raise forms.ValidationError(f"Een vraag is hoogstens {LONGEST_ITEM} tekens.")
        return texts

    def details(self) -> dict[str, Any]:
        """The arguments of `load_items`, once the form is valid."""
        return {"texts": self.cleaned_data["file"], "version": self.cleaned_data["version"]}


def form_for(instrument, items: LicensedItems | None) -> Callable[..., ScreeningForm]:
    if instrument.pk == scoring.PROFILE:
        return partial(ProfileForm, instrument=instrument)
    if items is not None:
        return partial(ItemsForm, instrument=instrument, items=items)
    return partial(TotalForm, instrument=instrument)

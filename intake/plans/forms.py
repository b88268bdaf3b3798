"""What she does and wants with it; and what was thought of for one moment."""

from typing import Any

from intake.forms import ChangeForm
from intake.models import Scenario, Task
from intake.plans.reading import MOMENTS
from mantelzorg import forms

A_DIGIT = "Zet achter elke naam een nummer, op een regel: {line}"


class TaskFields(forms.Form):
    what = forms.CharField(
        label="Wat doet zij?",
        max_length=200,
        help_text="Een taak, in een paar woorden: koken, de was, mee naar de dokter.",
        error_messages={"required": "Vul in wat zij doet."},
    )
    wish = forms.ChoiceField(
        label="Wat wil zij ermee?",
        choices=[(wish.value, wish.label.capitalize()) for wish in Task.Wish],
        initial=Task.Wish.KEEP.value,
        widget=forms.RadioSelect(attrs={"class": "choices--inline"}),
    )
    to = forms.CharField(
        label="Met of aan wie?",
        required=False,
        max_length=120,
        help_text="Bij delen of overdragen: wie zij noemt, of waar jullie naar zoeken.",
    )


class NewTaskForm(TaskFields):
    autocomplete_off = True

    form_key = forms.OnceField()

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("what", "wish", "to")}


class TaskForm(ChangeForm, TaskFields):
    STORED = ("what", "wish", "to")

    def stored(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.STORED}

    def details(self) -> dict[str, Any]:
        """The arguments of `change_task`, once the form is valid."""
        return self.typed() | {"seen": self.cleaned_data["seen"]}


def _lines(label: str, length: int, help_text: str = "", rows: int = 3) -> forms.TextField:
    return forms.TextField(
        label=label, required=False, max_length=length, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class ScenarioForm(ChangeForm):
    STORED = Scenario.TEXTS

    green = _lines("Groen: het gaat", 600, "Waaraan merk je dat het goed gaat? Elk teken op een regel.")
    orange = _lines("Oranje: let op", 600, "Waaraan merk je dat het te veel wordt?")
    red = _lines("Rood: nu iets doen", 600, "Waaraan merk je dat er nu iets moet gebeuren?")
    agreements = _lines("Wat spreken jullie af?", 1000, rows=4)
    who_does_what = _lines("Wie doet wat?", 1000, "Bijvoorbeeld: broer Jan slaapt hier een nacht.", rows=4)
    numbers = _lines("Wie bel je?", 600, "Naam en nummer, ieder op een regel. 112 staat er altijd bij.")

    def clean_numbers(self) -> str:
        numbers = self.cleaned_data["numbers"]
        for line in numbers.split("\n"):
            if line.strip() and not any(character.isdigit() for character in line):
                raise forms.ValidationError(A_DIGIT.format(line=line.strip()[:60]))
        return numbers

    def stored(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.STORED}

    def details(self) -> dict[str, Any]:
        """The arguments of `write_scenario`, once the form is valid."""
        return self.typed() | {"seen": self.cleaned_data["seen"]}


class FridgeForm(forms.Form):
    """Of which moments the page for the fridge is."""

    mark_optional = False

    welke = forms.MultipleChoiceField(
        label="Welke scenario's?",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--inline"}),
    )

    def __init__(self, *args, written: list[str], **kwargs):
        super().__init__(*args, initial={"welke": written}, **kwargs)
        self.fields["welke"].choices = [(moment.value, MOMENTS[moment][0]) for moment in MOMENTS if moment in written]

"""In which municipality somebody lives: her postcode tells, mostly. Where it does not, the form asks."""

from mantelzorg import forms
from sociale_kaart import postcodes
from sociale_kaart.models import Municipality


class PlaceForm(forms.Form):
    """A postcode, and a question that is only there when the postcode lies in several municipalities or is unknown."""

    postcode = forms.PostcodeField(
        label="Postcode", error_messages={"required": "Vul haar postcode in, bijvoorbeeld 1506 AB."}
    )
    municipality = forms.ChoiceField(
        label="In welke gemeente woont zij?",
        error_messages={"required": "Kies haar gemeente.", "invalid_choice": "Kies haar gemeente."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        typed = str(self["postcode"].value() or "")
        found = list(Municipality.objects.of_postcode(typed))
        self.municipalities = {municipality.pk: municipality for municipality in found}
        if len(found) == 1 or postcodes.pc4_of(typed) is None:
            del self.fields["municipality"]
        else:
            self._ask(found)

    def _ask(self, found: list[Municipality]) -> None:
        asked = self.fields["municipality"]
        if found:
            asked.widget = forms.RadioSelect()
            asked.help_text = "Deze postcode ligt in meer dan één gemeente."
        else:
            asked.widget = forms.Select(attrs={"data-combobox": ""})
            asked.help_text = "Deze postcode staat niet in onze lijst."
            self.municipalities = {municipality.pk: municipality for municipality in Municipality.objects.all()}
        names = [(municipality.pk, municipality.name) for municipality in self.municipalities.values()]
        asked.choices = names if found else [("", "Maak een keuze"), *names]

    def chosen_municipality(self) -> Municipality:
        """Once the form is valid: what the postcode says, or what was chosen."""
        chosen = self.cleaned_data.get("municipality")
        return self.municipalities[chosen] if chosen else next(iter(self.municipalities.values()))

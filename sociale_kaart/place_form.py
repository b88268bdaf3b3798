"""Which municipality somebody means: by its name, by a place in it or by a postcode."""

from mantelzorg import forms
from sociale_kaart.models import Municipality, PostcodeArea


class PlaceForm(forms.Form):
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

"""What is asked when she takes her consent back, wholly or in part, or wants her record erased."""

from intake.models import Consent, ConsentItem
from mantelzorg import forms

WORD = "wissen"
SHE_SAID = [
    (Consent.WithdrawnHow.SPOKEN, "Zij zei het tegen ons"),
    (Consent.WithdrawnHow.WRITTEN, "Zij schreef het ons"),
]


class WithdrawConsentForm(forms.Form):
    how = forms.ChoiceField(
        label="Hoe liet zij het weten?",
        choices=SHE_SAID,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies hoe zij het liet weten."},
    )


class NarrowConsentForm(forms.Form):
    items = forms.MultipleChoiceField(
        label="Wat mogen zij blijven zien?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Haal het vinkje weg bij wat zij niet meer wil delen.",
    )
    mark_optional = False

    def __init__(self, *args, consent: Consent, **kwargs):
        super().__init__(*args, **kwargs)
        items = [ConsentItem(item) for item in consent.items]
        self.fields["items"].choices = [(item.value, item.label[:1].upper() + item.label[1:]) for item in items]
        self.initial.setdefault("items", consent.items)


class EraseForm(forms.Form):
    """Erasing cannot be undone: typing a word keeps a stray click from doing it."""

    autocomplete_off = True

    word = forms.CharField(
        label=f"Typ het woord {WORD}",
        error_messages={"required": f"Typ het woord {WORD} om door te gaan."},
        widget=forms.TextInput(attrs={"class": "w-s", "autocapitalize": "off", "spellcheck": "false"}),
    )

    def clean_word(self):
        word = self.cleaned_data["word"].strip().lower()
        if word != WORD:
            raise forms.ValidationError(f"Typ het woord {WORD}, precies zo.")
        return word

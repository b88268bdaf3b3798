"""The code from the mail, as it is typed: with or without a space."""

from mantelzorg import forms
from referrals.models import LinkCode

WRONG = "Deze code klopt niet, of is al gebruikt of verlopen. Kijk in de nieuwste mail, of vraag een nieuwe code."


class LinkCodeForm(forms.Form):
    mark_optional = False

    code = forms.CharField(
        label="De code uit de mail",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "w-s"}),
        error_messages={"required": "Vul de zes cijfers uit de mail in."},
    )

    def clean_code(self) -> str:
        digits = "".join(character for character in self.cleaned_data["code"] if character in "0123456789")
        if len(digits) != LinkCode.DIGITS:
            raise forms.ValidationError("Een code heeft zes cijfers.")
        return digits

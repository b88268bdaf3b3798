"""The code on her own overview, as she types it: with or without dashes, in capitals or not. And the letters that stand
behind a receiver there, if it is about that one alone.
"""

from intake.actions import CODE_ALPHABET
from mantelzorg import forms
from mantelzorg.rights.policies import FOR_HEX, LETTERS

GROUPS, GROUP = 4, 4


class CodeForm(forms.Form):
    """Says only whether it can be a code, never whether it is somebody's."""

    code = forms.CharField(
        label="De code op je overzicht",
        max_length=60,
        help_text="Zestien letters en cijfers. Streepjes en hoofdletters maken niet uit.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Vul de code in die op je overzicht staat."},
    )

    letters = forms.CharField(
        label="Alleen bij één organisatie",
        required=False,
        max_length=20,
        help_text="Vul de vier letters in die op je overzicht achter die organisatie staan. Leeg: je trekt alles in.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_letters(self) -> str:
        typed = [character for character in self.cleaned_data["letters"].upper() if character.isalnum()]
        if typed and (len(typed) != LETTERS or not set(typed) <= set(FOR_HEX)):
            raise forms.ValidationError(
                "Achter een organisatie staan vier letters. Kijk nog eens goed op je overzicht."
            )
        return "".join(typed)

    def clean_code(self) -> str:
        typed = [character for character in self.cleaned_data["code"].upper() if character.isalnum()]
        if len(typed) != GROUPS * GROUP or not set(typed) <= set(CODE_ALPHABET):
            raise forms.ValidationError("Zo ziet een code er niet uit. Kijk nog eens goed op je overzicht.")
        code = "".join(typed)
        return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))

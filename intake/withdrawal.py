"""The code on her own overview, as she types it: with or without dashes, in capitals or not."""

from intake.actions import CODE_ALPHABET
from mantelzorg import forms

GROUPS, GROUP = 4, 4


class CodeForm(forms.Form):
    """Says only whether it can be a code, never whether it is somebody's."""

    mark_optional = False

    code = forms.CharField(
        label="De code op je overzicht",
        max_length=60,
        help_text="Zestien letters en cijfers. Streepjes en hoofdletters maken niet uit.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Vul de code in die op je overzicht staat."},
    )

    def clean_code(self) -> str:
        typed = [character for character in self.cleaned_data["code"].upper() if character.isalnum()]
        if len(typed) != GROUPS * GROUP or not set(typed) <= set(CODE_ALPHABET):
            raise forms.ValidationError("Zo ziet een code er niet uit. Kijk nog eens goed op je overzicht.")
        code = "".join(typed)
        return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))

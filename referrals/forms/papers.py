"""What comes on a paper."""

from mantelzorg import forms
from referrals.papers import OverviewPart


class OverviewForm(forms.Form):
    """Which parts, how large, and whether she gets a code with which she takes back herself what she agreed to."""

    mark_optional = False

    deel = forms.MultipleChoiceField(
        label="Wat komt erop?",
        choices=OverviewPart.choices,
        initial=OverviewPart.values,
        error_messages={"required": "Kies wat erop komt."},
        widget=forms.CheckboxSelectMultiple,
    )
    groot = forms.MultipleChoiceField(
        label="Hoe groot?", choices=[("1", "Grotere letters")], required=False, widget=forms.CheckboxSelectMultiple
    )
    code = forms.BooleanField(
        label="Met een code waarmee zij zelf haar toestemming intrekt",
        help_text="Zij krijgt een nieuwe code. Die op een eerder overzicht werkt dan niet meer.",
        required=False,
    )

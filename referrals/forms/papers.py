"""What comes on a paper."""

from mantelzorg import forms
from referrals.papers import OverviewPart


class OverviewForm(forms.Form):
    """Sent along in the address of the paper: it says which parts and how large, and nothing of her."""

    mark_optional = False

    deel = forms.MultipleChoiceField(
        label="Wat komt erop?",
        choices=OverviewPart.choices,
        initial=OverviewPart.values,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    groot = forms.MultipleChoiceField(
        label="Hoe groot?", choices=[("1", "Grotere letters")], required=False, widget=forms.CheckboxSelectMultiple
    )

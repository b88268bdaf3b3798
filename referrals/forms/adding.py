"""Adding a need to a referral that runs: which one, and her consent anew."""

from collections.abc import Iterable

from intake.models import Need
from mantelzorg import forms
from referrals.forms.consent import ConsentForm


class AddNeedForm(ConsentForm):
    needs = forms.ChoiceField(
        label="Welke hulpvraag voeg je toe?",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies een hulpvraag."},
    )
    field_order = ["needs"]

    def __init__(self, *args, needs: Iterable[Need], **kwargs):
        super().__init__(*args, **kwargs)
        self.by_id = {str(need.pk): need for need in needs}
        self.fields["needs"].choices = [(key, _in_words(need)) for key, need in self.by_id.items()]

    def arguments(self) -> dict:
        return {"need": self.by_id[self.cleaned_data["needs"]], **self.consent_details()}


def _in_words(need: Need) -> str:
    return f"{need.kind_name}: {need.words}" if need.words else need.kind_name

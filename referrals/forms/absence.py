"""When she is away, and who stands in for her."""

from django.utils import timezone

from accounts.models import Membership
from mantelzorg import forms


class AbsenceForm(forms.Form):
    first_day = forms.DateField(label="Eerste dag", initial=timezone.localdate)
    last_day = forms.DateField(
        label="Laatste dag", error_messages={"required": "Kies tot en met welke dag je weg bent."}
    )
    stand_in = forms.ModelChoiceField(
        label="Wie neemt waar?",
        queryset=Membership.objects.none(),
        empty_label="Kies een collega",
        help_text="Zij ziet jouw werk bij Vandaag en krijgt de mail erover. Spreek het eerst met haar af.",
        error_messages={"required": "Kies een collega.", "invalid_choice": "Kies een collega uit de lijst."},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = Membership.objects.colleagues(user).exclude(pk=user.acting.pk)
        self.fields["stand_in"].label_from_instance = lambda member: str(member.user)

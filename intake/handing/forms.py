"""Asking a colleague to become somebody's fixed contact, and answering that."""

from typing import Any

from accounts.models import Membership
from intake.models import Caregiver
from mantelzorg import forms

CHOOSE_SOMEBODY = "Kies een collega."


class ColleagueField(forms.ModelChoiceField):
    """Who in her organisation works with caregivers; herself too."""

    def __init__(self, **kwargs):
        super().__init__(
            queryset=Membership.objects.none(),
            empty_label="Kies een collega",
            error_messages={"required": CHOOSE_SOMEBODY, "invalid_choice": "Kies een collega uit de lijst."},
            **kwargs,
        )

    def offer(self, user, *, but: Membership) -> None:
        self.queryset = Membership.objects.colleagues(user).but(but)
        self.label_from_instance = lambda member: "Ikzelf" if member.pk == user.acting.pk else str(member.user)


class AskForm(forms.Form):
    autocomplete_off = True

    form_key = forms.OnceField()
    to = ColleagueField(label="Wie wordt haar vaste aanspreekpunt?")
    note = forms.TextField(
        label="Wat moet je collega weten?",
        max_length=500,
        help_text="Alleen wie haar gegevens mag zien, leest dit. In de mail staat het niet.",
        error_messages={"required": "Schrijf op wat je collega moet weten."},
    )

    def __init__(self, *args, user, contact: Membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].offer(user, but=contact)

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("to", "note")}


class HandOverForm(AskForm):
    """For several at once. The boxes stand in the rows of the list; here is what may be ticked."""

    everybody = forms.BooleanField(label="Iedereen voor wie nog niemand is gevraagd", required=False)
    who = forms.ModelMultipleChoiceField(
        label="Wie draag je over?",
        queryset=Caregiver.objects.none(),
        required=False,
        error_messages={"invalid_choice": "Een van hen heeft intussen een ander aanspreekpunt. Kies opnieuw."},
    )

    def __init__(self, *args, user, contact: Membership, **kwargs):
        super().__init__(*args, user=user, contact=contact, **kwargs)
        self.fields["to"].label = "Wie wordt hun vaste aanspreekpunt?"
        self.fields["who"].queryset = Caregiver.objects.for_user(user).of_fixed_contact(contact)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "who" not in self.errors and not cleaned.get("who") and not cleaned.get("everybody"):
            self.add_error("who", "Kies wie je overdraagt.")
        return cleaned

    @property
    def ticked(self) -> set[str]:
        """What was ticked when it was sent, to show it again."""
        return set(self.data.getlist("who")) if self.is_bound else set()

    def details(self) -> dict[str, Any]:
        everybody = self.cleaned_data["everybody"]
        return super().details() | {"only": None if everybody else [her.pk for her in self.cleaned_data["who"]]}


class AnswerForm(forms.Form):
    autocomplete_off = True

    note = forms.TextField(
        label="Wil je er iets bij zeggen?",
        required=False,
        max_length=500,
        help_text="Zeg je nee, schrijf dan in een zin waarom het niet kan.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

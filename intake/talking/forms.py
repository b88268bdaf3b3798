"""When a talk was and who was there, and the boxes in which is written."""

from typing import Any

from intake.forms import ChangeForm, PastDateField, SeenField
from intake.models import ConversationNote
from intake.models.conversations import OtherPresent
from intake.talking.actions import LONGEST_NOTE, Typed, imprint
from intake.talking.guide import Subject, sofa_roles
from mantelzorg import forms


class AboutFields(forms.Form):
    held_on = PastDateField(label="Welke dag?")
    other_present = forms.ChoiceField(
        label="Was degene voor wie zij zorgt erbij?",
        required=False,
        choices=[("", "Niet gezegd"), (OtherPresent.WITHOUT, "Nee"), (OtherPresent.WITH, "Ja")],
        widget=forms.RadioSelect(attrs={"class": "choices--inline"}),
        help_text="Is de ander erbij, dan kan haar antwoord anders zijn.",
    )
    sofa = forms.ChoiceField(
        label="In welke rol spreek je haar vooral?",
        required=False,
        widget=forms.RadioSelect,
        help_text="De rollen van het SOFA-model. Ze lopen door elkaar: kies wat nu voorop staat.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sofa"].choices = [("", "Niet gezegd"), *sofa_roles()]


class NewConversationForm(AboutFields):
    autocomplete_off = True

    form_key = forms.OnceField()

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("held_on", "other_present", "sofa")}


class ConversationForm(ChangeForm, AboutFields):
    STORED = ("held_on", "other_present", "sofa")

    def stored(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in self.STORED}
        return values | {"held_on": values["held_on"].isoformat()}

    def details(self) -> dict[str, Any]:
        """The arguments of `change_conversation`, once the form is valid."""
        return self.typed() | {"held_on": self.cleaned_data["held_on"], "seen": self.cleaned_data["seen"]}

    def in_words(self, name: str, value: Any) -> str:
        if name == "sofa":
            return dict(self.fields["sofa"].choices).get(value) or "leeg"
        return super().in_words(name, value)


class NotesForm(forms.Form):
    """A box for each subject. It carries from which page it is, and an imprint of what it shows of each note."""

    autocomplete_off = True
    mark_optional = False

    window = forms.OnceField()
    seen = SeenField(required=False)

    def __init__(self, *args, subjects: list[Subject], notes: dict[str, ConversationNote], **kwargs):
        self.subjects = subjects
        initial = {self.key(subject): note.text for subject, note in notes.items()}
        seen = {subject: imprint(note.text) for subject, note in notes.items()}
        super().__init__(*args, initial=initial | {"seen": seen}, **kwargs)
        for subject in subjects:
            self.fields[self.key(subject.key)] = forms.TextField(
                label=f"Notitie bij: {subject.name}",
                required=False,
                max_length=LONGEST_NOTE,
                error_messages={"max_length": f"Een notitie is hoogstens {LONGEST_NOTE} tekens. Maak hem korter."},
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    @staticmethod
    def key(subject: str) -> str:
        return f"bij-{subject}"

    def typed(self) -> dict[str, Typed]:
        """By subject, each box that came along and can be kept; also when another one cannot."""
        seen = self.cleaned_data.get("seen") or {}
        return {
            subject.key: Typed(self.cleaned_data[self.key(subject.key)], str(seen.get(subject.key, "")))
            for subject in self.subjects
            if self.key(subject.key) in self.data and self.key(subject.key) in self.cleaned_data
        }

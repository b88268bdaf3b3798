"""What of the logbook to show, why a name is asked for, and what a reviewer has to say."""

import datetime

from django.core.validators import MinLengthValidator

from accounts.models import Membership
from mantelzorg import forms
from trail.words import Event

DAYS_AT_FIRST = 30


class LogFilterForm(forms.Form):
    medewerker = forms.ChoiceField(label="Medewerker", required=False)
    actie = forms.ChoiceField(
        label="Wat er gebeurde",
        required=False,
        choices=[("", "Alles"), *((event.value, event.label) for event in Event)],
    )
    van = forms.DateField(label="Van", required=False)
    tot = forms.DateField(label="Tot en met", required=False)
    geweigerd = forms.BooleanField(label="Alleen wat geweigerd is", required=False)

    def __init__(self, data, *, members: list[Membership], today: datetime.date):
        self.first, self.last = today - datetime.timedelta(days=DAYS_AT_FIRST), today
        super().__init__({"van": self.first.isoformat(), "tot": self.last.isoformat(), **data})
        self.fields["medewerker"].choices = [
            ("", "Iedereen"),
            *((str(member.pk), str(member.user)) for member in members),
        ]
        self.members = {str(member.pk): member for member in members}

    def asked(self) -> dict:
        """What was asked for; what cannot be asked for, is not asked."""
        self.is_valid()
        typed = getattr(self, "cleaned_data", {})
        return {
            "person": self.members.get(typed.get("medewerker") or ""),
            "event": typed.get("actie") or "",
            "first": typed.get("van") or self.first,
            "last": typed.get("tot") or self.last,
            "denied": bool(typed.get("geweigerd")),
        }


class NameForm(forms.Form):
    """Once: the same form does not show a name twice."""

    once = forms.OnceField()
    reason = forms.CharField(
        label="Waarom wil je haar naam weten?",
        help_text="Bijvoorbeeld: een vraag of klacht van haarzelf. Dit komt in het logboek, en zij kan het lezen.",
        max_length=200,
        validators=[MinLengthValidator(10, "Schrijf iets meer op, minstens 10 tekens.")],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SignForm(forms.Form):
    remark = forms.CharField(
        label="Wat viel je op, en wat heb je ermee gedaan?",
        help_text="Noem geen namen van mantelzorgers. Viel er niets op, schrijf dat dan ook op.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

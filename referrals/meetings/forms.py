"""What is asked to plan a mini-MDO, to invite somebody, to answer, and to write down what was agreed."""

import datetime
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from accounts.models import Membership
from intake.consent_text import SPOKEN_FOR_A_MEETING, meeting_text_to_fill
from intake.models import ConsentItem
from mantelzorg import forms
from referrals.forms.consent import ConsentForm, ItemsToShare
from referrals.meetings.actions import said_of, text_for, who_and_where
from referrals.models import MOST_POINTS, Meeting

FURTHEST = datetime.timedelta(days=3650)
POINT_LENGTH = 120


class MeetingForm(forms.Form):
    """`meeting` is the one that is changed; `seen` says as it was when she opened the form."""

    autocomplete_off = True

    form_key = forms.OnceField()
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    day = forms.DateField(label="Welke dag?")
    time = forms.TimeField(label="Hoe laat?")
    how = forms.ChoiceField(
        label="Hoe spreken jullie elkaar?",
        choices=[(how.value, how.label.capitalize()) for how in Meeting.How],
        initial=Meeting.How.PHONE.value,
        widget=forms.RadioSelect(attrs={"class": "choices--inline"}),
    )
    place = forms.CharField(
        label="Waar?",
        required=False,
        max_length=120,
        help_text="Bij wie jullie elkaar zien, of wie er belt. Schrijf hier niets over haar.",
    )
    question = forms.CharField(
        label="Welke vraag bespreken jullie?",
        max_length=200,
        help_text="In één zin. Deze vraag lees je aan haar voor; wie meepraat, ziet hem.",
        error_messages={"required": "Schrijf op welke vraag jullie bespreken."},
    )
    points = forms.TextField(
        label="Punten om te bespreken",
        required=False,
        max_length=MOST_POINTS * (POINT_LENGTH + 2),
        help_text=f"Hooguit {MOST_POINTS}, elk op een regel.",
        widget=forms.Textarea(attrs={"rows": MOST_POINTS}),
    )

    def __init__(self, *args, meeting: Meeting | None = None, **kwargs):
        if meeting is not None:
            moment = timezone.localtime(meeting.starts_at)
            kwargs["initial"] = {
                "seen": meeting.changed_at.isoformat(),
                "day": moment.date(),
                "time": moment.time(),
                "how": meeting.how,
                "place": meeting.place,
                "question": meeting.question,
                "points": "\n".join(meeting.points),
            }
        super().__init__(*args, **kwargs)

    def clean_day(self) -> datetime.date:
        day = self.cleaned_data["day"]
        if abs(day - timezone.localdate()) > FURTHEST:
            raise forms.ValidationError("Deze datum kan niet kloppen.")
        return day

    def clean_points(self) -> list[str]:
        points = [line.strip() for line in self.cleaned_data["points"].split("\n") if line.strip()]
        if len(points) > MOST_POINTS:
            raise forms.ValidationError(f"Een kort overleg heeft hooguit {MOST_POINTS} punten.")
        if any(len(point) > POINT_LENGTH for point in points):
            raise forms.ValidationError(f"Maak elk punt niet langer dan {POINT_LENGTH} tekens.")
        return points

    def details(self) -> dict[str, Any]:
        """The arguments of `plan_meeting` and `change_meeting`, once the form is valid."""
        moment = datetime.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return {
            "starts_at": timezone.make_aware(moment),
            **{name: self.cleaned_data[name] for name in ("how", "place", "question", "points")},
        }


class FindForm(forms.Form):
    """Somebody who works with the portal; nothing about the caregiver."""

    mark_optional = False

    q = forms.CharField(
        label="Zoek op naam, beroep of organisatie",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ColleagueForm(forms.Form):
    """A colleague has her record already: nothing to ask."""

    form_key = forms.OnceField()


class ItemsForAMeeting(ItemsToShare):
    spoken = SPOKEN_FOR_A_MEETING


class MeetingConsentForm(ConsentForm):
    """The consent block for one guest of another organisation."""

    form_key = forms.OnceField()

    def __init__(self, *args, meeting: Meeting, member: Membership, **kwargs):
        super().__init__(*args, receiver=who_and_where(member), **kwargs)
        self.meeting, self.member = meeting, member
        items = self.fields["items"]
        items.widget = ItemsForAMeeting(attrs={"class": "choices--two"})
        items.choices = [
            (ConsentItem.NAME.value, "haar hele naam (anders alleen haar voornaam)"),
            (ConsentItem.AGENDA.value, ConsentItem.AGENDA.label),
        ]
        items.initial = [ConsentItem.AGENDA.value]
        items.error_messages["required"] = "Zonder te weten waar het over gaat, kan niemand meepraten."

    def clean_items(self) -> list[str]:
        items = self.cleaned_data["items"]
        if ConsentItem.AGENDA not in items:
            raise forms.ValidationError(self.fields["items"].error_messages["required"])
        return items

    def said(self, items: Collection[str]) -> str:
        return text_for(self.meeting, self.member, items)

    @property
    def read_aloud_template(self) -> str:
        return meeting_text_to_fill(**said_of(self.meeting))


class AnswerForm(forms.Form):
    autocomplete_off = True

    comes = forms.ChoiceField(
        label="Doe je mee?",
        choices=[("ja", "Ja, ik doe mee"), ("nee", "Nee, ik kan niet")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="Wil je er iets bij zeggen?",
        required=False,
        max_length=300,
        help_text="Kun je niet? Schrijf dan in een zin waarom. Na een nee zie je niets meer van dit overleg.",
    )

    def details(self) -> dict[str, Any]:
        return {"comes": self.cleaned_data["comes"] == "ja", "note": self.cleaned_data["note"]}


class AgreementForm(forms.Form):
    autocomplete_off = True

    form_key = forms.OnceField()
    who = forms.ChoiceField(label="Wie doet het?", widget=forms.RadioSelect)
    what = forms.CharField(
        label="Wat spreken jullie af?",
        max_length=200,
        help_text="Wie meepraat, leest dit. Schrijf alleen op wat nodig is.",
        error_messages={"required": "Schrijf op wat jullie afspraken."},
    )
    before = forms.DateField(label="Uiterlijk wanneer?")

    def __init__(self, *args, people: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = people

    def clean_who(self) -> Membership:
        return Membership.objects.get(pk=self.cleaned_data["who"])

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("who", "what", "before")}


class DoneForm(forms.Form):
    autocomplete_off = True

    how = forms.ChoiceField(
        label="Hoe ging het?",
        choices=[("gedaan", "Het is gedaan"), ("lukt-niet", "Het lukt mij niet")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="Alleen als het niet lukt: waarom niet?",
        required=False,
        max_length=300,
        help_text="In een zin. Wie het overleg plande, leest dit en zoekt iemand anders.",
    )


class HeldForm(forms.Form):
    autocomplete_off = True

    conclusion = forms.TextField(
        label="Wat kwam eruit?",
        max_length=500,
        help_text="Een paar zinnen. Dit staat in het verslag, en in haar tijdlijn.",
        error_messages={"required": "Schrijf in een paar zinnen wat eruit kwam."},
    )

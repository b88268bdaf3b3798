"""What is asked to agree on a moment. Times are the times here."""

import datetime

from django.forms import DateTimeField, DateTimeInput, UUIDField
from django.utils import timezone

from mantelzorg import forms
from referrals.forms.answers import AnswerForm
from referrals.models import MOST_MOMENTS, JointTalk, WarmMode
from referrals.together.actions import WhyNot
from referrals.together.moments import in_words, why_not_moment


class StepForm(AnswerForm):
    """A step leaves the state of the referral as it is: the form carries a key, so that it is taken once."""

    form_key = forms.OnceField()

    def arguments(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "form_key"}


class MomentField(DateTimeField):
    """A day and a time, here."""

    def __init__(self, **kwargs):
        super().__init__(
            input_formats=["%Y-%m-%dT%H:%M", "%d-%m-%Y %H:%M"],
            error_messages={
                "required": "Kies een dag en een tijd.",
                "invalid": "Deze dag en tijd kunnen niet kloppen. Schrijf bijvoorbeeld: 27-03-2026 14:30.",
            },
            widget=DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "w-m"}),
            **kwargs,
        )


class ProposeForm(StepForm):
    seen = UUIDField(required=False, widget=forms.HiddenInput)
    moment_1 = MomentField(label="Eerste moment", help_text="Tussen 7.00 en 21.00 uur, binnen 15 werkdagen.")
    moment_2 = MomentField(label="Tweede moment", required=False)
    moment_3 = MomentField(label="Derde moment", required=False)
    place = forms.ChoiceField(
        label="Waar is het gesprek?",
        choices=JointTalk.Place,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies waar het gesprek is."},
    )

    MOMENTS = [f"moment_{place}" for place in range(1, MOST_MOMENTS + 1)]

    def prepare(self) -> None:
        self.fields["place"].choices = [(place.value, place.label.capitalize()) for place in JointTalk.Place]
        if self.referral.warm_mode != WarmMode.TALK_TOGETHER:
            del self.fields["place"]
        if self.by_phone:
            self.fields["moment_1"].label = "Wanneer spreken jullie haar?"
            for name in self.MOMENTS[1:]:
                del self.fields[name]
        if self.referral.talk is not None:
            self.fields["seen"].initial = self.referral.talk.pk

    def clean(self):
        now, before = timezone.now(), []
        for name in self.MOMENTS:
            moment = self.cleaned_data.get(name)
            if moment is None:
                continue
            if sentence := why_not_moment(moment, now):
                self.add_error(name, sentence)
            elif moment in before:
                self.add_error(name, "Dit moment staat er al. Kies een ander moment, of laat dit leeg.")
            before.append(moment)

    def arguments(self) -> dict:
        answers = self.cleaned_data
        return {
            "moments": [answers[name] for name in self.MOMENTS if answers.get(name)],
            "place": answers.get("place", ""),
            "seen": answers["seen"],
        }


class ChooseForm(StepForm):
    seen = UUIDField(required=False, widget=forms.HiddenInput)
    moment = forms.TypedChoiceField(
        label="Welk moment kies je?",
        coerce=datetime.datetime.fromisoformat,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Kies een moment.",
            "invalid_choice": "Dit moment kan niet meer. Kies een moment dat er nu staat.",
        },
    )

    def prepare(self) -> None:
        talk = self.referral.talk
        if talk is None:
            return
        self.fields["seen"].initial = talk.pk
        self.fields["moment"].choices = [
            (moment.astimezone(datetime.UTC).isoformat(), in_words(moment).capitalize())
            for moment in talk.choices(timezone.now())
        ]


class TakeBackForm(StepForm):
    pass


class CallOffForm(StepForm):
    pass


class NotHeldForm(StepForm):
    why = forms.ChoiceField(
        label="Waarom ging het niet door?",
        choices=WhyNot,
        widget=forms.RadioSelect,
        help_text="Was zij er niet? Dan telt dit als een poging om haar te bellen.",
        error_messages={"required": "Kies waarom het gesprek niet doorging."},
    )

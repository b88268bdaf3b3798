"""What is asked after the feedback. `arguments()` of a valid form is what the action takes."""

from mantelzorg import forms
from referrals.forms.answers import AnswerForm
from referrals.models import Enquiry, Experience

SHORT = {"rows": 2}


class AfterForm(AnswerForm):
    """These change no state: each carries a key, so that a second press of the button does nothing."""

    form_key = forms.OnceField()

    def arguments(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "form_key"}


class ThankForm(AfterForm):
    words = forms.TextField(
        label="Wil je er iets bij zeggen?",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs=SHORT),
    )


class AskForm(AfterForm):
    words = forms.TextField(
        label="Wat wil je weten?",
        max_length=Enquiry.LONGEST,
        help_text="Eén vraag, in een zin of twee. Alleen wie haar hielp en collega's daar lezen dit.",
        error_messages={"required": "Schrijf je vraag op."},
    )


class AnswerQuestionForm(AfterForm):
    words = forms.TextField(
        label="Je antwoord",
        max_length=Enquiry.LONGEST,
        help_text="Eén zin is genoeg. De afzender leest dit.",
        error_messages={"required": "Schrijf een antwoord voor de afzender."},
    )


class TakeBackForm(AfterForm):
    pass


class ExperienceForm(AfterForm):
    answer = forms.ChoiceField(
        label="Heeft dit je geholpen?",
        widget=forms.RadioSelect,
        help_text="Vraag het haar in deze woorden, en kies wat zij zegt.",
        error_messages={"required": "Kies wat zij antwoordt."},
    )
    words = forms.TextField(
        label="In haar eigen woorden", required=False, max_length=1000, widget=forms.Textarea(attrs=SHORT)
    )

    def prepare(self) -> None:
        field = self.fields["answer"]
        field.choices = [(one.value, one.label[:1].upper() + one.label[1:]) for one in Experience.Answer]
        if self.referral.caregiver is not None and (before := Experience.objects.about(self.referral)) is not None:
            field.initial, self.fields["words"].initial = before.answer, before.words

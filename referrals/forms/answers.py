"""What is asked with each verb of a referral's life. `arguments()` of a valid form is what the verb takes."""

from django.forms import DateTimeField, DateTimeInput
from django.utils import timezone

from mantelzorg import forms
from mantelzorg.dates import date_in_words
from referrals.forms.withdrawing import SHE_SAID
from referrals.models import (
    FEEDBACK,
    NO_REASON_WITHOUT_FILE,
    ONLY_AFTER_ACCEPTANCE,
    CallAttempt,
    DeclineReason,
    Outcome,
    Referral,
)
from referrals.transitions import Channel, State


class AnswerForm(forms.Form):
    """An answer to one referral."""

    autocomplete_off = True
    asks = ""  # a sentence above the fields
    free_words = ("note",)  # what is written freely: not asked where no file is kept

    def __init__(self, *args, referral: Referral, **kwargs):
        self.referral = referral
        super().__init__(*args, **kwargs)
        self.prepare()
        if referral.without_file:
            for name in self.free_words:
                self.fields.pop(name, None)

    def prepare(self) -> None:
        """Fit the fields to this referral."""

    @property
    def by_phone(self) -> bool:
        return self.referral.channel == Channel.PHONE

    def arguments(self) -> dict:
        return self.cleaned_data

    def typed(self) -> list[str]:
        """The texts that were typed: to hand back when the answer came too late."""
        widgets = (forms.Textarea, forms.TextInput)
        return [
            text
            for name, field in self.fields.items()
            if isinstance(field.widget, widgets) and (text := str(self.data.get(self.add_prefix(name), "")).strip())
        ]


class AcceptForm(AnswerForm):
    name = forms.CharField(
        label="Wie neemt haar aan?",
        max_length=120,
        help_text="De naam van wie haar gaat bellen.",
        error_messages={"required": "Schrijf op wie daar de verwijzing aanneemt."},
        widget=forms.TextInput(attrs={"class": "w-m"}),
    )

    profession = forms.ChoiceField(
        label="Wat doet diegene?", required=False, help_text="Dan weten we of er nog iemand mist rond haar."
    )

    def prepare(self) -> None:
        by_name = self.by_phone or self.referral.by_link  # nobody's account says who it is
        if not by_name:
            del self.fields["name"]
        elif self.referral.by_link:
            self.fields["name"].help_text = "Jouw naam, of die van je collega die haar gaat bellen."
            self.fields["name"].error_messages["required"] = "Schrijf op wie haar gaat bellen."
        met_there = self.referral.service.professions.current() if by_name else ()
        choices = [(profession.pk, profession.name) for profession in met_there]
        if len(choices) > 1:  # of one, it is known
            self.fields["profession"].choices = [("", "Weet ik niet"), *choices]
        else:
            del self.fields["profession"]


class DeclineForm(AnswerForm):
    template_name = "referrals/forms/decline.html"
    mark_optional = False  # where she is better helped is asked only with that reason: its own text says so
    free_words = ("note", "elsewhere")

    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label="Waarom niet?", widget=forms.RadioSelect, error_messages={"required": "Kies een reden."}
    )
    elsewhere = forms.CharField(
        label="Waar is zij beter geholpen?",
        required=False,
        max_length=200,
        help_text="Alleen als zij elders beter geholpen is.",
        widget=forms.TextInput(attrs={"class": "w-m"}),
    )
    note = forms.TextField(
        label="Leg het in een zin uit",
        max_length=1000,
        help_text="De afzender leest dit en zoekt ermee verder.",
        error_messages={"required": "Schrijf in een zin waarom."},
    )

    def prepare(self) -> None:
        if self.by_phone:
            self.fields["note"].help_text = "Schrijf op wat je hoorde."
        self.fields["seen"].initial = self.referral.state
        self.fields["reason"].choices = [
            (reason.value, reason.label[:1].upper() + reason.label[1:])
            for reason in DeclineReason
            if (self.referral.state != State.SENT or reason not in ONLY_AFTER_ACCEPTANCE)
            and (not self.referral.without_file or reason not in NO_REASON_WITHOUT_FILE)
        ]


class CallForm(AnswerForm):
    form_key = forms.OnceField()
    result = forms.ChoiceField(
        label="Heb je haar gesproken?",
        choices=[
            (CallAttempt.Result.REACHED, "Ja, gesproken"),
            (CallAttempt.Result.NOT_REACHED, "Nee, niet bereikt"),
            (CallAttempt.Result.LEFT_MESSAGE, "Nee, bericht achtergelaten zonder inhoud"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies hoe het gesprek ging."},
    )
    note = forms.CharField(
        label="Notitie", required=False, max_length=300, help_text="Kort. Wat is handig voor de volgende keer?"
    )
    at = DateTimeField(
        label="Wanneer was dat?",
        required=False,
        help_text="Laat dit leeg als het nu is.",
        input_formats=["%Y-%m-%dT%H:%M", "%d-%m-%Y %H:%M"],
        error_messages={"invalid": "Deze datum en tijd kunnen niet kloppen. Schrijf bijvoorbeeld: 27-03-2026 14:30."},
        widget=DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "w-m"}),
    )

    def prepare(self) -> None:
        if self.by_phone:
            self.fields["result"].label = "Is zij gebeld?"
            self.fields["result"].choices = [
                (CallAttempt.Result.REACHED, "Ja, en er is met haar gesproken"),
                (CallAttempt.Result.NOT_REACHED, "Ja, maar zij was niet te bereiken"),
                (CallAttempt.Result.LEFT_MESSAGE, "Ja, er is een bericht achtergelaten"),
                (CallAttempt.Result.NOT_YET, "Nee, nog niet"),
            ]
            self.fields["note"].help_text = "Kort. Wat hoorde je?"

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at and at > timezone.now():
            raise forms.ValidationError("Dit moment is nog niet geweest.")
        if at and self.referral.accepted_at and at < self.referral.accepted_at.replace(second=0, microsecond=0):
            day = date_in_words(self.referral.accepted_at)
            raise forms.ValidationError(f"Kies een moment na het aannemen op {day}.")
        return at

    def arguments(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "form_key"}


class ContactForm(AnswerForm):
    pass


class GiveUpForm(AnswerForm):
    note = forms.TextField(
        label="Wat wil je de afzender nog zeggen?",
        required=False,
        max_length=1000,
        help_text="Wanneer heb je gebeld, en wat viel je op?",
    )

    def prepare(self) -> None:
        if self.by_phone:
            self.fields["note"].label = "Wat hoorde je?"
            self.fields["note"].help_text = ""


class CompleteForm(AnswerForm):
    """Per need an outcome, and for all of them what now, and what to keep an eye on. The fields of a need are named
    after its place.
    """

    template_name = "referrals/forms/complete.html"
    mark_optional = False  # what is not asked of everybody says so in its own text

    feedback = forms.TextField(
        label="Hoe gaat het nu verder?",
        max_length=4000,
        help_text="Wat is er gebeurd, wat is afgesproken? Eén zin is genoeg. De afzender leest dit.",
        error_messages={"required": "Schrijf een terugkoppeling voor de afzender."},
    )
    watch_for = forms.TextField(
        label="Waar kan de afzender op letten?",
        required=False,
        max_length=1000,
        help_text="Alleen als er iets is. Bijvoorbeeld: vraag over een maand of zij weer slaapt.",
    )

    def prepare(self) -> None:
        if self.by_phone:
            self.fields["feedback"].help_text = "Schrijf op wat je van de organisatie hoorde."
            self.fields["watch_for"].label = "Waar kun je zelf op letten?"
        for_all = {name: self.fields.pop(name) for name in ("feedback", "watch_for")}
        self.links = list(self.referral.referral_needs.all())
        for place, link in enumerate(self.links, start=1):
            several = f" ({link.kind_name})" if len(self.links) > 1 else ""
            self.fields[f"outcome_{place}"] = forms.ChoiceField(
                label=f"Wat kwam ervan?{several}",
                choices=[(outcome.value, outcome.label[:1].upper() + outcome.label[1:]) for outcome in FEEDBACK],
                widget=forms.RadioSelect,
                error_messages={"required": f"Kies een uitkomst voor “{link.kind_name}”."},
            )
            self.fields[f"passed_on_to_{place}"] = forms.CharField(
                label=f"Naar wie is zij doorverwezen?{several}",
                required=False,
                max_length=200,
                help_text="Alleen als zij is doorverwezen.",
                widget=forms.TextInput(attrs={"class": "w-m", "autocomplete": "off"}),
            )
        self.fields |= for_all

    def clean(self):
        for place in range(1, len(self.links) + 1):
            passed_on = self.cleaned_data.get(f"outcome_{place}") == Outcome.PASSED_ON
            if passed_on and not self.cleaned_data.get(f"passed_on_to_{place}", "").strip():
                self.add_error(f"passed_on_to_{place}", "Schrijf op naar wie zij is doorverwezen.")

    def arguments(self) -> dict:
        answers = self.cleaned_data
        return {
            "outcomes": {
                link.pk: (
                    answers[f"outcome_{place}"],
                    answers[f"passed_on_to_{place}"] if answers[f"outcome_{place}"] == Outcome.PASSED_ON else "",
                )
                for place, link in enumerate(self.links, start=1)
            },
            "feedback": answers["feedback"],
            "watch_for": answers["watch_for"],
        }

    def groups(self) -> list[dict]:
        """Per need its two fields: the second belongs to one answer of the first."""
        return [
            {"outcome": self[f"outcome_{place}"], "passed_on_to": self[f"passed_on_to_{place}"]}
            for place in range(1, len(self.links) + 1)
        ]


class WithdrawForm(AnswerForm):
    note = forms.TextField(
        label="Waarom haal je de verwijzing terug?",
        required=False,
        max_length=1000,
        help_text="Voor jezelf en je collega's. De ontvanger leest dit niet.",
    )


class TakeBackForm(AnswerForm):
    how = forms.ChoiceField(
        label="Hoe liet zij het weten?",
        choices=SHE_SAID,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies hoe zij het liet weten."},
    )


class ReopenForm(AnswerForm):
    note = forms.TextField(
        label="Waarom moet de verwijzing opnieuw open?",
        max_length=1000,
        help_text="De ontvanger leest dit.",
        error_messages={"required": "Schrijf op waarom de verwijzing opnieuw open moet."},
    )

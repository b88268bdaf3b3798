"""What is typed in an overlegvraag and its answers. Before it is sent each text is looked at for what may lead to
somebody (referrals/questions/recognising.py), and what is found is said next to where it was typed.
"""

from collections.abc import Callable

from accounts.models import Membership
from intake.models import SituationKind
from knowledge.models import Phase, Profession, Theme
from mantelzorg import forms
from referrals.models import Question
from referrals.questions import recognising

ANYBODY = "Iedereen daar die kan antwoorden"


def listed(words: list[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    return " en ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


class WordsForm(forms.Form):
    """Texts that go to another organisation. What may not stand in them is refused; what may be a name, asked about."""

    template_name = "referrals/questions/words.html"
    autocomplete_off = True
    texts: tuple[str, ...] = ("text",)
    never: Callable[[str], list[str]] = staticmethod(recognising.no_number_of_hers)

    innocent = forms.BooleanField(
        label="Dit is niet de naam of geboortedatum van een mantelzorger, of van iemand om haar heen",
        required=False,
    )
    asked_about = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, min_value=1, max_value=9999, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        self.user = user
        self.asks_whether_innocent = False
        self.found: set[str] = set()
        super().__init__(*args, **kwargs)

    @property
    def typed_fields(self) -> list:
        """What she fills in, in order; what is asked about it comes behind the last text."""
        return [field for field in self.visible_fields() if field.name != "innocent"]

    @property
    def last_text(self) -> str:
        return self.texts[-1]

    def clean(self) -> dict:
        cleaned = super().clean()
        perhaps = {name: self._perhaps(cleaned[name]) for name in self.texts if cleaned.get(name)}
        for name in perhaps:
            for sentence in self.never(cleaned[name]):
                self.add_error(name, sentence)
        self.found = {word for words in perhaps.values() for word in words}
        self.asks_whether_innocent = bool(self.found)
        said = set(cleaned.get("asked_about", "").split("|")) if cleaned.get("innocent") else set()
        for name, words in perhaps.items():
            if unsaid := [word for word in words if word not in said]:
                self.add_error(name, self._question_about(unsaid))
        if self.found:
            self.data = self.data.copy()
            self.data[self.add_prefix("asked_about")] = "|".join(sorted(self.found))
        return cleaned

    def _perhaps(self, text: str) -> list[str]:
        return [*recognising.names(text, self.user), *recognising.dates_of_birth(text)]

    def _question_about(self, words: list[str]) -> str:
        looks = "lijken" if len(words) > 1 else "lijkt"
        return (
            f"{listed(words)} {looks} op een naam of een geboortedatum. Haal dat weg, of zet hieronder een vinkje als "
            "het niet over een mantelzorger gaat."
        )

    def arguments(self) -> dict:
        """What the verb takes."""
        ours = ("innocent", "asked_about", "form_key")
        return {name: value for name, value in self.cleaned_data.items() if name not in ours}

    def typed(self) -> list[str]:
        """The texts that were typed: to hand back when they came too late."""
        found = [str(self.data.get(self.add_prefix(name), "")).strip() for name in self.texts]
        return [text for text in found if text]


class AskForm(WordsForm):
    texts = ("subject", "text")
    never = staticmethod(recognising.never)

    form_key = forms.OnceField()
    receiver = forms.ModelChoiceField(
        label="Aan wie?",
        queryset=Membership.objects.none(),
        required=False,
        empty_label=ANYBODY,
        error_messages={"invalid_choice": "Diegene werkt daar niet meer met mantelzorgers. Kies iemand anders."},
    )
    profession = forms.ModelChoiceField(
        label="Welk beroep zoek je?",
        queryset=Profession.objects.none(),
        required=False,
        empty_label="Maakt niet uit",
        help_text="Vraag je het aan iedereen daar? Dan krijgt wie dit beroep heeft de mail.",
    )
    subject = forms.CharField(
        label="Onderwerp",
        max_length=Question.SUBJECT_LENGTH,
        help_text="Een paar woorden. Bijvoorbeeld: nachtrust bij beginnende dementie.",
    )
    text = forms.TextField(
        label="Wat wil je weten?",
        max_length=Question.TEXT_LENGTH,
        help_text="Schrijf geen naam; vertel wat er speelt. Ook geen adres, telefoonnummer of geboortedatum.",
        error_messages={"required": "Schrijf je vraag op."},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    situation_kind = forms.ChoiceField(
        label="Wat speelt er bij degene voor wie zij zorgt?",
        required=False,
        choices=[
            ("", "Zeg ik niet"),
            *((kind.value, kind.label[:1].upper() + kind.label[1:]) for kind in SituationKind),
        ],
    )
    phase = forms.ModelChoiceField(
        label="Fase bij dementie", queryset=Phase.objects.none(), required=False, empty_label="Geen fase"
    )
    theme = forms.ModelChoiceField(
        label="Thema", queryset=Theme.objects.none(), required=False, empty_label="Geen thema"
    )

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["seen"]
        there = Membership.objects.caregiver_workers(organisation.pk).select_related("user", "profession")
        people = there.order_by("user__name", "pk")
        self.fields["receiver"].queryset = people
        self.fields["receiver"].label_from_instance = _in_words
        self.fields["profession"].queryset = Profession.objects.filter(pk__in=there.order_by().values("profession"))
        self.fields["phase"].queryset = Phase.objects.current()
        self.fields["phase"].label_from_instance = lambda phase: phase.label
        self.fields["theme"].queryset = Theme.objects.current()


def _in_words(member: Membership) -> str:
    return f"{member.user}, {member.profession_name}" if member.profession_id else str(member.user)


class QuestionForm(WordsForm):
    """With a question that is there."""

    def __init__(self, *args, question: Question, **kwargs):
        self.question = question
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = question.round


class AnswerForm(QuestionForm):
    text = forms.TextField(
        label="Je antwoord",
        max_length=Question.TEXT_LENGTH,
        help_text="Denk je te weten om wie het gaat? Schrijf ook dan geen naam.",
        error_messages={"required": "Schrijf je antwoord op."},
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class DeclineForm(QuestionForm):
    texts = ("text", "elsewhere")

    text = forms.TextField(
        label="Waarom past deze vraag niet bij jullie?",
        max_length=500,
        help_text="Een zin is genoeg.",
        error_messages={"required": "Schrijf in een zin waarom."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    elsewhere = forms.CharField(
        label="Waar past de vraag beter?",
        required=False,
        max_length=200,
        help_text="Een organisatie of beroep, als je het weet.",
    )


class AskOnForm(QuestionForm):
    never = staticmethod(recognising.never)

    text = forms.TextField(
        label="Wat wil je nog weten?",
        max_length=Question.TEXT_LENGTH,
        help_text="Eén vraag tegelijk. Schrijf geen naam; vertel wat er speelt.",
        error_messages={"required": "Schrijf je vraag op."},
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class HandOnForm(forms.Form):
    to = forms.ModelChoiceField(
        label="Welke collega?",
        queryset=Membership.objects.none(),
        empty_label="Kies een collega",
        help_text="Zij krijgt bericht en is dan aan zet. De datum blijft staan.",
        error_messages={"required": "Kies een collega.", "invalid_choice": "Kies een collega uit de lijst."},
    )
    seen = forms.IntegerField(required=False, min_value=1, max_value=9999, widget=forms.HiddenInput)
    form_key = forms.OnceField()

    def __init__(self, *args, user, question: Question, **kwargs):
        super().__init__(*args, **kwargs)
        colleagues = Membership.objects.colleagues(user)
        self.fields["to"].queryset = colleagues
        if question.receiver_id and not self.is_bound:  # who gets it, may have got it by the first press of this button
            self.fields["to"].queryset = colleagues.exclude(pk=question.receiver_id)
        self.fields["to"].label_from_instance = _in_words
        self.fields["seen"].initial = question.round

    def arguments(self) -> dict:
        return {"to": self.cleaned_data["to"], "seen": self.cleaned_data["seen"]}

    def typed(self) -> list[str]:
        return []


class NothingForm(forms.Form):
    """Only a button."""

    def __init__(self, *args, user, question: Question, **kwargs):
        super().__init__(*args, **kwargs)

    def arguments(self) -> dict:
        return {}

    def typed(self) -> list[str]:
        return []

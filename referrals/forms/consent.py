"""The one consent block: what she agrees to share with one receiver, read aloud to her.

Used where a referral is sent and where a need is added to one. The template is templates/referrals/_consent.html.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from intake.consent_text import READ_ALOUD, READ_ALOUD_WITHOUT_FILE, SPOKEN_TO_HER, consent_text
from intake.models import OF_A_REFERRAL, Consent, ConsentItem
from mantelzorg import forms

NEEDED = (ConsentItem.NAME, ConsentItem.PHONE)  # without these nobody can call her
TICKED = (*NEEDED, ConsentItem.RELATION, ConsentItem.WORDS, ConsentItem.HANDOVER)
RECEIVER_NOT_CHOSEN = "de organisatie die je hierboven koos"
OTHER_TEXT = "De tekst is veranderd. Lees hem opnieuw aan haar voor en vink het dan aan."


class ItemsToShare(forms.CheckboxSelectMultiple):
    """Each box says how its item is spoken of, and which field of the page it comes from, for static/read_aloud.js.

    What comes from no field is always there to share.
    """

    spoken: Mapping[str, str] = SPOKEN_TO_HER

    def __init__(self, *args, comes_from: Mapping[str, str] | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.comes_from = comes_from or {}
        self.is_offered: Callable[[str], bool] = lambda value: True

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["hidden"] = not self.is_offered(value)
        option["attrs"]["data-spoken"] = self.spoken[value]
        if value in self.comes_from:
            option["attrs"]["data-comes-from"] = self.comes_from[value]
        if value in NEEDED:
            option["attrs"]["data-needed"] = True
        return option


class SaysWhatHasWords:
    """Of the needs to choose from, those that she put in her own words: then these are there to share."""

    with_words: Collection[str] = ()

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.with_words:
            option["attrs"]["data-gives"] = ConsentItem.WORDS.value
        return option


class ConsentForm(forms.Form):
    """What, how, and for a child also whether a parent or guardian agrees.

    `shown` is the text as it stood on the page. She agreed to that one: when what would be stored reads otherwise, the
    page comes back with the other text and asks again.

    `receiver` is the organisation's name as far as it is known; `items` are what there is to share (all, unless said
    otherwise); `under_16` is None where the page itself asks it.
    """

    autocomplete_off = True

    items = forms.MultipleChoiceField(
        label="Dit deel je",
        choices=[(item.value, item.label) for item in OF_A_REFERRAL],
        initial=[item.value for item in TICKED],
        widget=ItemsToShare(attrs={"class": "choices--two"}),
        error_messages={"required": "Kies wat je deelt. Haar naam en telefoonnummer zijn nodig om haar te bellen."},
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label="Voorgelezen, en zij is akkoord",
        error_messages={"required": "Lees de tekst voor en vink aan dat zij akkoord is."},
    )
    how_given = forms.ChoiceField(
        label="Hoe gaf zij toestemming?",
        choices=Consent.How.choices,
        initial=Consent.How.SPOKEN,
        widget=forms.RadioSelect(attrs={"class": "choices--inline"}),
    )
    guardian = forms.ChoiceField(
        label="Alleen als zij jonger is dan 16: vindt een ouder of voogd het ook goed?",
        choices=[
            (Consent.Guardian.GIVEN, "Ja, een ouder of voogd vindt het ook goed"),
            (Consent.Guardian.NOT_ASKED, "Niet gevraagd of niet gekregen"),
        ],
        widget=forms.RadioSelect,
    )
    guardian_note = forms.CharField(
        label="Alleen als een ouder of voogd niet is gevraagd: waarom niet?", max_length=500
    )

    def __init__(
        self,
        *args,
        receiver: str = "",
        items: Collection[str] | None = None,
        under_16: bool | None = None,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.receiver_name = receiver
        self.known_under_16 = under_16
        if items is not None:
            self.fields["items"].choices = [(item.value, item.label) for item in ConsentItem if item.value in items]
        if under_16 is False:
            del self.fields["guardian"], self.fields["guardian_note"]

    def may_be_empty(self) -> set[str]:
        """What is asked only after a certain answer; `clean` asks for it then."""
        return {"guardian", "guardian_note"}

    def full_clean(self):
        relaxed = [field for name, field in self.fields.items() if field.required and name in self.may_be_empty()]
        for field in relaxed:
            field.required = False
        super().full_clean()
        for field in relaxed:
            field.required = True  # its label must not call it optional: where it is shown, it is asked
        if self.is_bound and self["agreed"].value() and not self.is_as_shown(self["shown"].value()):
            self.data = self.data.copy()
            self.data.pop("agreed")
            self.add_error("agreed", OTHER_TEXT)

    def clean_items(self) -> list[str]:
        items = self.cleaned_data["items"]
        if not set(NEEDED) <= set(items):
            raise forms.ValidationError("Zonder haar naam en telefoonnummer kan niemand haar bellen.")
        return items

    def has_something_to_share(self, item: str) -> bool:
        """With what is filled in now, right or wrong: what is empty is not shared, so it is not spoken of either."""
        return True

    def is_under_16(self) -> bool:
        return bool(self.known_under_16)

    def clean(self):
        cleaned = super().clean()
        if "items" in cleaned:
            cleaned["items"] = [item for item in cleaned["items"] if self.has_something_to_share(item)]
        if self.is_under_16():
            if not cleaned.get("guardian") and "guardian" not in self.errors:
                self.add_error("guardian", "Vraag ook een ouder of voogd, of schrijf op waarom niet.")
            elif cleaned.get("guardian") == Consent.Guardian.NOT_ASKED and not cleaned.get("guardian_note"):
                self.add_error("guardian_note", "Schrijf op waarom een ouder of voogd niet is gevraagd.")
        return cleaned

    def consent_details(self) -> dict[str, Any]:
        """What `give_consent` asks, once the form is valid."""
        asked = self.is_under_16()
        return {
            "items": self.cleaned_data["items"],
            "how_given": self.cleaned_data["how_given"],
            "guardian": self.cleaned_data["guardian"] if asked else Consent.Guardian.NOT_NEEDED,
            "guardian_note": self.cleaned_data["guardian_note"] if asked else "",
        }

    @property
    def without_file(self) -> bool:
        """Whether it is for a receiver who keeps no file: then nothing is shared but what one needs to call her."""
        return False

    asks_again = False  # the text changed since she agreed, without anything being wrong

    # For the template ------------------------------------------------------------------------------------------------

    @property
    def receiver(self) -> str:
        return self.receiver_name or RECEIVER_NOT_CHOSEN

    @property
    def read_aloud(self) -> str:
        """The text as it is read to her and, when she agrees, as it is stored: with what is ticked now."""
        ticked = self["items"].value() or []
        return self.said([item for item in ticked if self.has_something_to_share(item)])

    def said(self, items: Collection[str]) -> str:
        return consent_text(receiver=self.receiver, items=items, without_file=self.without_file)

    def is_as_shown(self, shown: str | None) -> bool:
        """Whether the text that was on the page is still what it says."""
        return (shown or "").split() == self.read_aloud.split()

    @property
    def read_aloud_template(self) -> str:
        return READ_ALOUD

    @property
    def read_aloud_without_file(self) -> str:
        return READ_ALOUD_WITHOUT_FILE

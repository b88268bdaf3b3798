"""Adding a need to a referral that runs: which one, and her consent anew."""

from collections.abc import Iterable

from intake.models import ConsentItem, Need
from mantelzorg import forms
from referrals.forms.consent import ConsentForm, SaysWhatHasWords


class NeedToChoose(SaysWhatHasWords, forms.RadioSelect):
    pass


class AddNeedForm(ConsentForm):
    """`items` are what there is to share already; with a need that she put in words, these come along.

    `handover` is the text as the sender wrote it: it is shown, because her consent speaks of it as just read to her.
    """

    needs = forms.ChoiceField(
        label="Welke hulpvraag voeg je toe?",
        widget=NeedToChoose,
        error_messages={"required": "Kies een hulpvraag."},
    )
    handover_read = forms.BooleanField(
        label="Alleen als je de overdracht deelt: ik las die aan haar voor",
        error_messages={"required": "Lees de overdracht aan haar voor en vink dat aan, of deel die niet."},
    )
    field_order = ["needs", "items", "handover_read", "agreed", "how_given", "guardian", "guardian_note"]

    def __init__(self, *args, needs: Iterable[Need], items: Iterable[str], handover: str = "", **kwargs):
        there_is = set(items)
        super().__init__(*args, items=there_is | {ConsentItem.WORDS}, **kwargs)
        self.by_id = {str(need.pk): need for need in needs}
        self.there_is, self.handover_to_read = there_is, handover
        self.fields["needs"].choices = [(key, _in_words(need)) for key, need in self.by_id.items()]
        self.fields["needs"].widget.with_words = {key for key, need in self.by_id.items() if need.words}
        if ConsentItem.WORDS not in there_is:
            self.fields["items"].widget.comes_from = {ConsentItem.WORDS: "words"}

    def may_be_empty(self) -> set[str]:
        return super().may_be_empty() | {"handover_read"}

    def has_something_to_share(self, item: str) -> bool:
        chosen = self.by_id.get(str(self["needs"].value() or ""))
        return item in self.there_is or (item == ConsentItem.WORDS and chosen is not None and bool(chosen.words))

    def clean(self):
        cleaned = super().clean()
        if ConsentItem.HANDOVER in cleaned.get("items", ()) and not cleaned.get("handover_read"):
            self.add_error("handover_read", self.fields["handover_read"].error_messages["required"])
        return cleaned

    def arguments(self) -> dict:
        return {"need": self.by_id[self.cleaned_data["needs"]], **self.consent_details()}


def _in_words(need: Need) -> str:
    return f"{need.kind_name}: {need.words}" if need.words else need.kind_name

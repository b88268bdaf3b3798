"""What is typed about a card: by its owner through a link, by whoever sees a mistake, by who keeps it."""

from typing import Any

from django.core import signing

from mantelzorg import forms
from sociale_kaart.models import Proposal, Report, Service

NOT_ABOUT_HER = (
    "Schrijf niets over een mantelzorger of over degene voor wie zij zorgt: geen namen, geen situatie. "
    "Het gaat alleen om het aanbod."
)


class CorrectionForm(forms.Form):
    """A few fields as they stand. What stood there travels along, signed: only what she changed is proposed."""

    SALT = "sociale_kaart.freshness.correction"
    FIELDS = ("summary", "phone", "email", "website", "capacity", "wait_weeks", "cost_note")

    stood = forms.CharField(widget=forms.HiddenInput, required=False)
    gone = forms.BooleanField(label="Dit aanbod bestaat niet meer", required=False)
    summary = forms.CharField(label="Wat het is, in één zin", required=False, max_length=300)
    capacity = forms.ChoiceField(
        label="Is er plek?",
        required=False,
        choices=[
            ("", "Weet ik niet"),
            *((value, str(label).capitalize()) for value, label in Service.Capacity.choices),
        ],
        widget=forms.RadioSelect,
    )
    wait_weeks = forms.IntegerField(
        label="Wachttijd in weken, als er een wachtlijst is", required=False, min_value=1, max_value=500
    )
    phone = forms.PhoneField(label="Telefoonnummer", required=False, max_length=20)
    email = forms.EmailField(label="Algemeen e-mailadres", required=False)
    website = forms.CharField(label="Website", required=False, max_length=200)
    cost_note = forms.CharField(label="Wat kost het?", required=False, max_length=300)
    words = forms.TextField(
        label="Is er nog iets anders veranderd?", required=False, max_length=1000, help_text=NOT_ABOUT_HER
    )
    mark_optional = False

    def __init__(self, data=None, *, service: Service):
        self.service = service
        stands = {name: getattr(service, name) for name in self.FIELDS}
        super().__init__(data, initial=stands | {"stood": signing.dumps(stands, salt=self._salt())})
        self.fields["wait_weeks"].widget.attrs["class"] = "w-xs"
        for name in ("summary", "website", "cost_note"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        for name in ("phone", "email", "website"):
            if not stands[name] and (general := getattr(service.organisation, name)):
                self.fields[name].help_text = f"Laat leeg als dit van {service.organisation} klopt: {general}"
        self.fields["gone"].help_text = "De consulent haalt het dan van de kaart. De rest hoef je niet in te vullen."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        try:
            self.stands = signing.loads(cleaned.get("stood", ""), salt=self._salt())
        except signing.BadSignature:
            raise forms.ValidationError("Dit formulier is niet helemaal meegekomen. Open de pagina opnieuw.") from None
        if not cleaned.get("gone") and not cleaned.get("summary") and "summary" not in self.errors:
            self.add_error("summary", "Zeg in één zin wat dit aanbod is.")
        return cleaned

    def clean_website(self) -> str:
        website = self.cleaned_data["website"]
        return f"https://{website}" if website and "://" not in website else website

    def proposed(self) -> dict[str, Any]:
        """The plain values that she changed; nothing when all of it stops."""
        if self.cleaned_data["gone"]:
            return {}
        typed = {name: self.cleaned_data[name] for name in self.FIELDS}
        if typed["capacity"] != Service.Capacity.WAITING_LIST:
            typed["wait_weeks"] = None
        return {name: value for name, value in typed.items() if value != self.stands[name] and self._is_typed(name)}

    def as_typed(self) -> list[tuple[str, str]]:
        """What she filled in, by label, whether it may be so or not."""
        shown = [field for field in self.visible_fields() if field.name != "gone"]
        lines = [(str(field.label), str(field.data or "").strip()) for field in shown]
        gone = [(str(self["gone"].label), "ja")] if self["gone"].data else []
        return [*gone, *((label, text) for label, text in lines if text)]

    def said(self) -> str:
        words = self.cleaned_data["words"]
        return f"{Proposal.GONE} {words}".strip() if self.cleaned_data["gone"] else words

    def _is_typed(self, name: str) -> bool:
        """Not what was shown: a number that we would write another way is no change of hers."""
        return name == "wait_weeks" or (self[name].data or "").strip() != str(self.stands[name] or "")

    def _salt(self) -> str:
        return f"{self.SALT}.{self.service.pk}"


class ReportForm(forms.Form):
    form_key = forms.OnceField()
    what = forms.ChoiceField(label="Wat klopt er niet?", choices=Report.What.choices, widget=forms.RadioSelect)
    words = forms.TextField(label="Hoe is het wel?", max_length=1000, help_text=NOT_ABOUT_HER)


class HandleForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Wat heb je gedaan?",
        choices=[
            (Report.State.MENDED, "Opgelost: ik heb het aanbod aangepast"),
            (Report.State.HOLDS, "Het klopt toch: er is niets veranderd"),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.TextField(
        label="Wat laat je de melder weten?", max_length=1000, help_text="Een of twee zinnen. De melder leest dit."
    )


class MailForm(forms.Form):
    choice = forms.ChoiceField(label="Wie vraagt of het nog klopt?", widget=forms.RadioSelect)

    def __init__(self, *args, organisation: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = [
            ("ja", "Het portaal mailt de aanbieder als het tijd is"),
            ("niet-dit", "Geen mail over dit aanbod: ik kijk of bel zelf"),
            ("niet-alles", f"Geen mail over al het aanbod van {organisation}"),
        ]

"""A file in, a file out: what somebody chooses."""

from mantelzorg import forms
from sociale_kaart.models import Import


class UploadForm(forms.Form):
    form_key = forms.OnceField()
    file = forms.FileField(
        label="Bestand",
        max_length=None,
        widget=forms.FileInput(attrs={"class": "utrecht-textbox", "accept": ".csv,.txt,.xlsx,.json,.zip"}),
        help_text="CSV, Excel (.xlsx), of HSDS 3.1: een JSON-bestand of een zip met tabellen.",
    )
    source = forms.CharField(
        label="Uit welk systeem komt het?",
        required=False,
        max_length=60,
        help_text="Alleen nodig als je eigen nummers gebruikt. Schrijf het steeds hetzelfde, bijvoorbeeld Regiokaart.",
    )

    def __init__(self, *args, is_too_big: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        messages = self.fields["file"].error_messages
        messages["required"] = "Kies een bestand."
        messages["empty"] = "Dit bestand is leeg."
        if is_too_big:
            from sociale_kaart.exchange.reading import too_big

            messages["required"] = too_big().sentence


class ExportForm(forms.Form):
    mark_optional = False

    gemeente = forms.ChoiceField(label="Welke gemeente?", required=False)
    soort = forms.ChoiceField(
        label="Wat voor bestand?",
        choices=[
            (Import.Format.XLSX.value, "Excel"),
            (Import.Format.CSV.value, "CSV"),
            (Import.Format.HSDS_JSON.value, "HSDS 3.1 (JSON)"),
            (Import.Format.HSDS_ZIP.value, "HSDS 3.1 (tabellen in een zip)"),
        ],
        widget=forms.RadioSelect,
        initial=Import.Format.XLSX.value,
    )
    voor = forms.ChoiceField(
        label="Voor wie?",
        choices=[
            ("iedereen", "Voor iedereen: wat gepubliceerd is, zonder contactpersonen die niet openbaar zijn"),
            ("eigen", "Voor eigen gebruik: alles wat jij bijhoudt, met concepten en contactpersonen"),
        ],
        widget=forms.RadioSelect,
        initial="iedereen",
    )

    def __init__(self, *args, municipalities, everywhere: bool, **kwargs):
        super().__init__(*args, **kwargs)
        first = [("", "Alle gemeenten")] if everywhere else [("", "Al mijn gemeenten")]
        self.fields["gemeente"].choices = [*first, *((place.pk, place.name) for place in municipalities)]

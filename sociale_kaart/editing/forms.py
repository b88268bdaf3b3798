"""The smaller forms: organisations, locations, contact persons, a status, an answer to a proposal."""

from typing import Any

from mantelzorg import forms
from sociale_kaart.editing import choices, places
from sociale_kaart.editing.card_form import CardForm
from sociale_kaart.editing.merging import Values
from sociale_kaart.editing.service_form import ServiceForm, website, words
from sociale_kaart.exchange.records import storable
from sociale_kaart.models import Location, Organisation, Service

NEW = "nieuw"
SHOWN = 6  # organisations that look like what was typed


class NewServiceForm(ServiceForm):
    """A service, and its organisation when that is new too. What is not asked first may stay as it is."""

    form_key = forms.OnceField()
    organisation = forms.CharField(
        label="Van welke organisatie?",
        max_length=120,
        widget=forms.TextInput(attrs={"list": "organisaties", "autocomplete": "off"}),
        help_text="Typ de naam. Staat zij nog niet op de kaart, dan maak je haar hier meteen.",
    )
    which = forms.ChoiceField(
        label="Welke organisatie bedoel je?", required=False, choices=(), widget=forms.RadioSelect
    )
    organisation_kind = forms.ChoiceField(
        label="Nieuw op de kaart? Kies wat voor organisatie het is",
        required=False,
        choices=[("", "Kies"), *choices.labelled(Organisation.Kind.choices)],
        widget=forms.Select,
    )

    field_order = ("organisation", "which", "organisation_kind")  # what is wrong is told in the order of the page
    no_values = (*CardForm.no_values, *field_order)
    open_sections = ()
    sections = (
        (
            "Het belangrijkste",
            ("organisation", "which", "organisation_kind", "name", "summary", "kinds", "places", "elsewhere", "access"),
        ),
        ("Namen", ("everyday_name", "access_note")),
        *(section for section in ServiceForm.sections[1:] if section[0] != "Bijhouden"),
    )

    def __init__(self, data=None, *, must_publish: bool = False, **kwargs):
        self.must_publish = must_publish
        super().__init__(data, about="nieuw", **kwargs)

    def prepare(self, stands: Values) -> None:
        del self.fields["home_municipality"], self.fields["check_interval_days"]
        super().prepare(stands)
        for name in ("access", "caller", "cost_kind"):
            self.fields[name].initial = Service._meta.get_field(name).default
        if len(self.own) == 1:
            self.fields["places"].initial = self.own
        self.known: list[Organisation] = []
        typed = (self.data.get("organisation") or "").strip() if self.is_bound else ""
        if typed and storable(typed):
            self.known = list(Organisation.objects.looking_like(typed)[:SHOWN])
            options = [(str(one.pk), _with_place(one)) for one in self.known]
            self.fields["which"].choices = [*options, (NEW, f"Een nieuwe organisatie: {typed[:120]}")]
        exact = [one for one in self.known if one.name.casefold() == typed.casefold()]
        self.chosen: Organisation | None = exact[0] if len(exact) == 1 else None
        if not self.known or self.chosen:
            del self.fields["which"]
        self.fields["summary"].required = self.fields["kinds"].required = self.must_publish or not self.is_bound

    def shown(self, values: Values) -> dict[str, Any]:
        return {}

    def mine(self) -> Values:
        mine = super().mine()
        empty = (None, "", [], False)
        return {name: value for name, value in mine.items() if value not in empty}

    def clean(self) -> dict[str, Any]:
        super().clean()
        which = self.cleaned_data.get("which")
        if self.known and not self.chosen:
            if not which and "organisation" in self.cleaned_data:
                self.add_error(
                    "which", "Deze naam staat zo niet op de kaart. Kies welke je bedoelt, of maak haar nieuw."
                )
            self.chosen = next((one for one in self.known if str(one.pk) == which), None)
        is_new = "organisation" in self.cleaned_data and not self.chosen and (which == NEW or not self.known)
        if is_new and not self.cleaned_data.get("organisation_kind"):
            self.add_error(
                "organisation_kind", "De organisatie is nieuw op de kaart. Kies wat voor organisatie het is."
            )
        if not self.own and self.cleaned_data.get("elsewhere") == []:
            self.add_error("elsewhere", "Kies minstens één gemeente.")
        return self.cleaned_data


class ProposalForm(ServiceForm):
    """The same card, without what is the consulent's to say."""

    words = words(
        "Toelichting",
        rows=3,
        max_length=1000,
        help_text="Wat moet de consulent weten? Schrijf niets over een mantelzorger.",
    )
    no_values = (*CardForm.no_values, "words")
    sections = (*ServiceForm.sections[:-1], ("Toelichting", ("words",)))

    def __init__(self, data=None, **kwargs):
        super().__init__(data, own=[], **kwargs)

    def prepare(self, stands: Values) -> None:
        del self.fields["home_municipality"], self.fields["check_interval_days"]
        super().prepare(stands)


class OrganisationForm(CardForm):
    name = forms.CharField(label="Naam", max_length=120)
    kind = forms.ChoiceField(
        label="Soort organisatie", choices=choices.labelled(Organisation.Kind.choices), widget=forms.Select
    )
    description = words("Beschrijving")
    phone = forms.PhoneField(label="Telefoon", max_length=20, required=False)
    email = forms.EmailField(label="E-mailadres", required=False)
    website = website()
    street = forms.CharField(label="Straat en huisnummer", max_length=120, required=False)
    postcode = forms.PostcodeField(label="Postcode", required=False)
    place = forms.CharField(label="Plaats", max_length=60, required=False)
    places = forms.MultipleChoiceField(
        label="Werkt in", required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "choices--inline"})
    )
    elsewhere = words("Werkt in", rows=2, help_text="Namen van gemeenten of plaatsen, met komma’s ertussen.")

    parts = {"places": "municipalities", "elsewhere": "municipalities"}

    def __init__(self, data=None, *, own: list[str], may_rename: bool = True, may_say_where: bool = False, **kwargs):
        """`may_say_where`: the functional admin types municipalities; a consulent ticks her own, and no others."""
        self.own, self.may_rename, self.may_say_where = own, may_rename, may_say_where
        super().__init__(data, **kwargs)

    def prepare(self, stands: Values) -> None:
        if not self.may_rename:
            del self.fields["name"], self.fields["kind"]
        if self.may_say_where:
            del self.fields["places"]
        else:
            del self.fields["elsewhere"]
            self.fields["places"].choices = choices.municipalities(self.own)
            self.fields["places"].label = "Werkt in deze gemeenten van jou"

    def shown(self, values: Values) -> dict[str, Any]:
        codes = values.get("municipalities", [])
        mine = [code for code in codes if code in self.own]
        return super().shown(values) | {"places": mine, "elsewhere": places.as_typed(codes)}

    def value_of(self, name: str) -> Any:
        if name != "municipalities":
            return super().value_of(name)
        if self.may_say_where:
            return self.cleaned_data["elsewhere"]
        others = [code for code in self.base.get("municipalities", []) if code not in self.own]
        return sorted({*others, *self.cleaned_data["places"]})

    def clean_elsewhere(self) -> list[str]:
        return places.codes_of(self.cleaned_data["elsewhere"])


class NewOrganisationForm(OrganisationForm):
    form_key = forms.OnceField()

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.may_say_where and not self.cleaned_data.get("places"):
            self.add_error("places", "Kies minstens één gemeente.")
        return self.cleaned_data


class LocationForm(CardForm):
    kind = forms.ChoiceField(
        label="Wat voor plek is het?", choices=choices.labelled(Location.Kind.choices), widget=forms.RadioSelect
    )
    name = forms.CharField(label="Naam van de plek", max_length=120, required=False)
    street = forms.CharField(label="Straat en huisnummer", max_length=120, required=False)
    postcode = forms.PostcodeField(label="Postcode", required=False)
    place = forms.CharField(label="Plaats", max_length=60, required=False)
    accessibility = forms.CharField(
        label="Toegankelijkheid", max_length=300, required=False, help_text="Bijvoorbeeld: drempelvrij, met lift."
    )
    transport = forms.CharField(label="Hoe kom je er?", max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("kind") == Location.Kind.PHYSICAL:
            for name, sentence in (("street", "Vul straat en huisnummer in."), ("place", "Vul de plaats in.")):
                if name not in self.errors and not self.cleaned_data.get(name):
                    self.add_error(name, sentence)
        return self.cleaned_data


class NewLocationForm(LocationForm):
    form_key = forms.OnceField()


class ContactForm(CardForm):
    name = forms.CharField(label="Naam", max_length=120, required=False)
    title = forms.CharField(label="Functie", max_length=120, required=False)
    profession = forms.ChoiceField(label="Beroep", required=False, widget=forms.Select)
    phone = forms.PhoneField(label="Telefoon", max_length=20, required=False)
    email = forms.EmailField(label="E-mailadres", required=False)
    availability = forms.CharField(
        label="Wanneer bereikbaar", max_length=200, required=False, help_text="Bijvoorbeeld: dinsdag tot donderdag."
    )
    is_public = forms.BooleanField(
        label="Mag openbaar",
        required=False,
        help_text="Alleen als diegene het goedvindt dat iedereen op internet dit leest. "
        "Anders zien alleen professionals die inloggen het.",
    )

    def prepare(self, stands: Values) -> None:
        self.fields["profession"].choices = [("", "Kies"), *choices.professions([stands.get("profession") or ""])]

    def value_of(self, name: str) -> Any:
        value = super().value_of(name)
        return value or None if name == "profession" else value

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not (self.cleaned_data.get("name") or self.cleaned_data.get("title")):
            self.add_error("name", "Vul een naam of een functie in.")
        if not (
            self.cleaned_data.get("phone") or self.cleaned_data.get("email") or {"phone", "email"} & set(self.errors)
        ):
            self.add_error("phone", "Vul een telefoonnummer of een e-mailadres in.")
        return self.cleaned_data


class NewContactForm(ContactForm):
    form_key = forms.OnceField()


class PauseForm(forms.Form):
    until = forms.DateField(
        label="Vanaf welke dag staat het weer op de kaart?",
        required=False,
        help_text="Weet je het niet, laat het dan leeg. Je zet het later zelf terug.",
    )


class DeclineForm(forms.Form):
    answer = forms.TextField(
        label="Waarom neem je dit niet over?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Het blijft bij het voorstel staan. Wie het met een account voorstelde, krijgt er een mail over.",
        error_messages={"required": "Schrijf in een zin waarom je dit niet overneemt."},
    )


class FilterForm(forms.Form):
    """What of hers she looks for: by name, and by status."""

    mark_optional = False

    q = forms.CharField(label="Naam", required=False, max_length=120, widget=forms.TextInput(attrs={"type": "search"}))
    status = forms.ChoiceField(
        label="Stand",
        required=False,
        choices=[("", "Alles"), *choices.labelled(Service.Status.choices)],
        widget=forms.Select,
    )


def _with_place(organisation: Organisation) -> str:
    return f"{organisation.name}, {organisation.place}" if organisation.place else organisation.name

"""What every form here shares: the way it is rendered, and the fields that more than one room asks for.

A room writes `from mantelzorg import forms` and `class CaregiverForm(forms.Form)`; the templates are in
templates/django/forms/.
"""

import json
import re
import uuid

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, slug_re
from django.forms import (  # noqa: F401  (one import for who writes a form)
    BooleanField,
    CharField,
    CheckboxInput,
    CheckboxSelectMultiple,
    ChoiceField,
    EmailInput,
    FileField,
    HiddenInput,
    IntegerField,
    ModelChoiceField,
    ModelMultipleChoiceField,
    MultipleChoiceField,
    PasswordInput,
    RadioSelect,
    Select,
    SelectMultiple,
    Textarea,
    TextInput,
    TypedChoiceField,
    ValidationError,  # noqa: F811
    formset_factory,
)
from django.forms.fields import InvalidJSONInput
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorDict
from django.utils.crypto import salted_hmac

from mantelzorg.ids import uuid7
from mantelzorg.refusal import Refused

RESTORED = "teruggehaald"  # the hidden mark of a form that is only shown again, see accounts.guards
NOTHING_TYPED = "Vul dit in."
NOTHING_CHOSEN = "Kies een antwoord."
NOTHING_TICKED = "Zet hier een vinkje om verder te gaan."
CHOSEN = (forms.ChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField)


class Renderer(TemplatesSetting):
    """Forms render through our own templates in templates/django/forms/."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"


class PortalFormMixin:
    """Dutch words for what is missing, no browser bubbles, and no autofill over a caregiver's data."""

    use_required_attribute = False
    autocomplete_off = False  # True on forms about a caregiver: the browser must not offer the previous one's data
    mark_optional = True  # False on search forms, where nothing is required and saying so is noise

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = missing(field)
            if self.autocomplete_off and browser_fills_in(field.widget):
                field.widget.attrs.setdefault("autocomplete", "off")

    @property
    def is_restored(self) -> bool:
        """She was typing when her session ran out: it is shown as she left it, and not handled."""
        return self.is_bound and RESTORED in self.data

    def is_valid(self) -> bool:
        return not self.is_restored and super().is_valid()

    def full_clean(self) -> None:
        if not self.is_restored:
            return super().full_clean()
        self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
        return None


def browser_fills_in(widget: forms.Widget) -> bool:
    """Boxes and hidden fields may not even carry `autocomplete`."""
    typed = isinstance(widget, forms.widgets.Input | forms.Textarea | forms.Select)
    return typed and not isinstance(widget, forms.HiddenInput | forms.CheckboxInput | forms.FileInput)


def missing(field: forms.Field) -> str:
    """What to say when nothing was given: the form's own words when it has them."""
    own = field.error_messages["required"]
    if own != forms.Field.default_error_messages["required"]:
        return own
    if isinstance(field, forms.BooleanField):
        return NOTHING_TICKED
    return NOTHING_CHOSEN if isinstance(field, CHOSEN) else NOTHING_TYPED


class Form(PortalFormMixin, forms.Form):
    pass


def digest(form: forms.Form, *about) -> str:
    """Of what was typed in this form, its hidden key aside, and what it was about; nothing can be read from it."""
    typed = {name: form[name].data for name, field in form.fields.items() if not isinstance(field, OnceField)}
    return digest_of(typed, *about)


def digest_of(*typed) -> str:
    written = json.dumps(typed, sort_keys=True, default=str)
    return salted_hmac("mantelzorg.forms.digest", written, algorithm="sha256").hexdigest()


def refuse(form: forms.Form, refusal: Refused) -> None:
    """Say why at its field, or above the form. It has a new hidden key when shown again: what is sent then is new."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    form.data = form.data.copy()
    for name, field in form.fields.items():
        if isinstance(field, OnceField):
            form.data[form.add_prefix(name)] = str(uuid7())


def slug_or_nothing(value) -> str:
    """What can be a slug; whether it exists, the database says. Anything else counts as nothing chosen."""
    slug = str(value or "")
    return slug if len(slug) <= 120 and slug_re.fullmatch(slug) else ""


class ModelForm(PortalFormMixin, forms.ModelForm):
    pass


class PhoneField(forms.CharField):
    """A phone number that can be right, written the way people here read it: 06 12345678, or +32 470 12 34 56."""

    default_error_messages = {
        "invalid": "Dit telefoonnummer kan niet kloppen. Schrijf het bijvoorbeeld zo: 06 12345678 of 075 555 0123."
    }
    widget = forms.TextInput(attrs={"type": "tel", "class": "w-m"})

    def __init__(self, *, max_length=30, **kwargs):
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return value
        if not re.fullmatch(r"[\d\s+()./\u2010-\u2015-]+", value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            number = phonenumbers.parse(value, "NL")
        except phonenumbers.NumberParseException:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if not can_be_right(number):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        own_country = number.country_code == 31
        style = phonenumbers.PhoneNumberFormat.NATIONAL if own_country else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(number, style)


def can_be_right(number: phonenumbers.PhoneNumber) -> bool:
    """Dutch numbers have nine digits after the 0, handed out or not: a series is opened before the library knows."""
    if number.country_code == 31:
        return phonenumbers.is_valid_number(number) or len(str(number.national_number)) == 9
    return phonenumbers.is_possible_number(number)


class PostcodeField(forms.CharField):
    """A Dutch postcode, kept as `1506 AB`."""

    default_error_messages = {"invalid": "Deze postcode kan niet kloppen. Schrijf hem bijvoorbeeld zo: 1506 AB."}
    widget = forms.TextInput(attrs={"class": "w-s"})

    def __init__(self, *, max_length=10, **kwargs):
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return value
        match = re.fullmatch(r"([1-9][0-9]{3})\s*([A-Za-z]{2})", value)
        if match is None or match[2].upper() in {"SA", "SD", "SS"}:  # never handed out
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return f"{match[1]} {match[2].upper()}"


class EmailField(forms.EmailField):
    default_validators = [
        EmailValidator("Dit e-mailadres kan niet kloppen. Schrijf het bijvoorbeeld zo: naam@voorbeeld.nl.")
    ]
    widget = forms.EmailInput(attrs={"class": "w-m"})

    def __init__(self, *, max_length=254, **kwargs):  # as long as an address can be, and the columns are
        super().__init__(max_length=max_length, **kwargs)


# Bells and the like, spaces of no width, and what makes a text run the other way (a NUL is refused).
UNSEEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
# Fine between letters, in Persian or in an emoji; nothing by themselves.
LETTERLESS = re.compile("[\\s\u00ad\u200c-\u200f\u2060\ufe0f]+")


class TextField(forms.CharField):
    """A few lines, kept as typed: emoji, any script, pasted text. Only the line ends become those of one kind, and what
    nobody can see goes: bells, and marks that turn a text around. Alone they are no text.
    """

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value):
        if isinstance(value, str):
            value = UNSEEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
            value = value if LETTERLESS.sub("", value) else ""
        return super().to_python(value)


class DateField(forms.DateField):
    default_error_messages = {"invalid": "Deze datum kan niet kloppen. Schrijf hem bijvoorbeeld zo: 27-03-2026."}
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w-s"})

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d %B %Y"], **kwargs)


class TimeField(forms.TimeField):
    default_error_messages = {"invalid": "Deze tijd kan niet kloppen. Schrijf hem bijvoorbeeld zo: 14.30."}
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "w-s"})

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H:%M:%S"], **kwargs)


class YesNoField(forms.TypedChoiceField):
    """Ja or nee, answered and not assumed: True, False, or None when it may stay open."""

    widget = forms.RadioSelect(attrs={"class": "choices--inline"})

    def __init__(self, **kwargs):
        super().__init__(
            choices=[("ja", "Ja"), ("nee", "Nee")], coerce=lambda value: value == "ja", empty_value=None, **kwargs
        )

    def prepare_value(self, value):
        return {True: "ja", False: "nee"}.get(value, value) if isinstance(value, bool) else value


class FileInput(forms.ClearableFileInput):
    template_name = "django/forms/widgets/file.html"  # there is no earlier file to clear


class JSONField(forms.JSONField):
    """What a script of ours hands over. Numbers and nests that Python gives up on are no JSON of ours."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data, initial):
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)

    def prepare_value(self, value):
        """In ASCII: JSON can say half a pair of surrogates, and a page cannot."""
        return value if isinstance(value, InvalidJSONInput) else json.dumps(value, cls=self.encoder)


class OnceField(forms.UUIDField):
    """A hidden key that makes a second press of the same button harmless: see `trail.actions.claim_once`."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, initial=uuid7, **kwargs)

    def clean(self, value) -> uuid.UUID:
        try:
            return super().clean(value) or uuid7()
        except ValidationError:
            return uuid7()

"""What did they type, is it acceptable: allauth's forms in our words, and the forms of team and beheer."""

from contextlib import contextmanager

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError

from accounts.models import APPOINTED_TO_MUNICIPALITIES, Membership, Role
from knowledge.models import Profession
from mantelzorg.forms import EmailField, Form, JSONField, ModelForm, OnceField, PhoneField, PortalFormMixin
from sociale_kaart.models import Municipality, Organisation

HOW_TO_CHOOSE = (
    "Minstens 12 tekens. Een paar woorden achter elkaar is sterk en goed te onthouden. "
    "Gebruik niet je naam, en geen wachtwoord dat je ergens anders hebt."
)
CODE_HELP = "De 6 cijfers uit je app, of een van je herstelcodes."

ROLE_EXPLAINED = {
    Role.VERWIJZER: "legt mantelzorgers vast, verwijst en ontvangt verwijzingen",
    Role.CONSULENT: "doet hetzelfde, en houdt de sociale kaart bij van gemeenten waarvoor zij is aangesteld",
    Role.COORDINATOR: "ziet aantallen en openstaande verwijzingen, geen namen",
    Role.BEHEERDER: "nodigt collega's uit en geeft rollen, ziet geen mantelzorgers",
    Role.LOGTOEZICHT: "kijkt na wie wat heeft bekeken",
}


class InOurWords(PortalFormMixin):
    """A form of allauth with our labels, and without placeholders: those vanish while you type."""

    words: dict[str, tuple[str, str]] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in self.words.items():
            self.fields[name].label = label
            self.fields[name].help_text = help_text
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


# Log-in and password ------------------------------------------------------------------------------------------------


class LoginForm(InOurWords, account_forms.LoginForm):
    words = {"login": ("E-mailadres", ""), "password": ("Wachtwoord", "")}


class ReauthenticateForm(InOurWords, account_forms.ReauthenticateForm):
    words = {"password": ("Je wachtwoord", "")}


class NewPassword(InOurWords):
    words = {"password1": ("Nieuw wachtwoord", HOW_TO_CHOOSE), "password2": ("Nieuw wachtwoord, nog een keer", "")}

    def clean(self):
        data = super().clean()
        first, second = self.data.get("password1"), self.data.get("password2")
        if first and second and first != second:
            self.errors.pop("password2", None)
            self.add_error("password2", "Dit is niet hetzelfde als het wachtwoord erboven.")
        return data


class ChangePasswordForm(NewPassword, account_forms.ChangePasswordForm):
    words = {"oldpassword": ("Je huidige wachtwoord", ""), **NewPassword.words}


class SetPasswordForm(NewPassword, account_forms.SetPasswordForm):
    pass


class ResetPasswordForm(InOurWords, account_forms.ResetPasswordForm):
    words = {"email": ("E-mailadres", "Het adres waarmee je inlogt.")}


class ResetPasswordKeyForm(NewPassword, account_forms.ResetPasswordKeyForm):
    pass


# Second factor ------------------------------------------------------------------------------------------------------


class Code(InOurWords):
    words = {"code": ("Code", CODE_HELP)}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "class": "w-s"}


class UsedOnce(Code):
    """A code of the app opens once, for as long as it could: allauth forgets it after half a minute."""

    def clean_code(self):
        code = super().clean_code()
        used = f"accounts.code.used:{self.user.pk}:{normalize_user_code(code)}"
        seconds = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
        if not cache.add(used, "y", timeout=seconds):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class CodeForm(UsedOnce, mfa_forms.AuthenticateForm):
    pass


class CodeAgainForm(UsedOnce, mfa_forms.ReauthenticateForm):
    pass


class ActivateTotpForm(Code, totp_forms.ActivateTOTPForm):
    words = {"code": ("Code uit de app", "De 6 cijfers die de app nu laat zien.")}


UNREADABLE = "De passkey kon niet worden gelezen. Probeer het nog een keer."


@contextmanager
def read_as_passkey():
    """What a browser never sends makes the library stumble instead of refuse: say no all the same."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValidationError(UNREADABLE) from error


class CredentialField(JSONField):
    """What the browser signed. A form that was tampered with says no more than that it did not work."""

    default_error_messages = {"required": UNREADABLE, "invalid": UNREADABLE}
    widget = forms.HiddenInput


class Passkey(InOurWords):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField()

    def clean_credential(self):
        with read_as_passkey():
            return super().clean_credential()


class PasskeyLoginForm(Passkey, webauthn_forms.LoginWebAuthnForm):
    pass


class PasskeyForm(Passkey, webauthn_forms.AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(Passkey, webauthn_forms.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(InOurWords, webauthn_forms.AddWebAuthnForm):
    words = {
        "name": ("Naam van deze passkey", "Bijvoorbeeld: mijn telefoon. Zo weet je later welke het is."),
        "passwordless": (
            "Hiermee wil ik inloggen zonder wachtwoord",
            "Je apparaat vraagt dan om je vinger, je gezicht of een pincode.",
        ),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField()

    def clean(self):
        with read_as_passkey():
            return super().clean()


class EditPasskeyForm(InOurWords, webauthn_forms.EditWebAuthnForm):
    words = {"name": ("Naam van deze passkey", "")}


# Her own account ----------------------------------------------------------------------------------------------------


class ProfileForm(Form):
    name = forms.CharField(label="Naam", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = PhoneField(
        label="Telefoonnummer",
        required=False,
        help_text="Waarop collega's en organisaties waarmee je samenwerkt je kunnen bellen.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "w-m"}),
    )

    news_daily = forms.TypedChoiceField(
        label="Mail over verwijzingen",
        choices=[("", "Meteen, bij elk nieuws"), ("ja", "Eén keer per dag, op werkdagen om 7 uur")],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
        help_text="Is er spoed, dan krijg je altijd meteen mail.",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if user.acting is None:
            del self.fields["phone"]
        if not user.works_with_caregivers:
            del self.fields["news_daily"]


# Team ---------------------------------------------------------------------------------------------------------------


def role_choices() -> list[tuple[str, str]]:
    return [(role.value, f"{role.label}: {ROLE_EXPLAINED[role]}") for role in Role]


class PlaceForm(Form):
    """Which roles somebody has in an organisation, and which profession."""

    roles = forms.MultipleChoiceField(
        label="Rollen",
        choices=role_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Iemand kan meer rollen hebben. De rechten tellen dan op.",
        error_messages={"required": "Kies minstens één rol."},
    )
    profession = forms.ModelChoiceField(
        label="Beroep",
        queryset=Profession.objects.none(),
        required=False,
        empty_label="Geen van deze",
        widget=forms.Select(attrs={"data-combobox": ""}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["profession"].queryset = Profession.objects.current().only("slug", "name").order_by("name")


class InvitationForm(PlaceForm):
    name = forms.CharField(label="Naam", max_length=120)
    email = EmailField(
        max_length=254, label="E-mailadres", help_text="Het werkadres. Daar sturen we de uitnodiging naartoe."
    )

    form_key = OnceField()

    field_order = ["name", "email", "profession", "roles"]


class NewAccountForm(Form):
    """What somebody without an account fills in to accept an invitation."""

    name = forms.CharField(
        label="Je naam",
        max_length=120,
        help_text="Zo zien collega's en andere organisaties je.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password1 = forms.CharField(
        label="Kies een wachtwoord",
        strip=False,
        help_text=HOW_TO_CHOOSE,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Hetzelfde wachtwoord, nog een keer",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)

    def clean(self):
        data = super().clean()
        first, second = data.get("password1"), data.get("password2")
        if first:
            self.user.name = data.get("name", "")
            try:
                get_adapter().clean_password(first, user=self.user)
            except ValidationError as error:
                self.add_error("password1", error)
        if first and second and first != second:
            self.add_error("password2", "Dit is niet hetzelfde als het wachtwoord erboven.")
        return data


# Organisations ------------------------------------------------------------------------------------------------------


class SearchForm(Form):
    """Search a list by words. Names of organisations and services only, so the address may hold them."""

    mark_optional = False
    q = forms.CharField(
        label="Zoek", required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search", "class": "w-m"})
    )

    def words(self) -> str:
        return self.cleaned_data["q"] if self.is_valid() else ""


class OrganisationForm(ModelForm):
    website = forms.URLField(
        label="Website",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Dit adres kan niet kloppen. Schrijf het bijvoorbeeld zo: www.voorbeeld.nl."},
        widget=forms.TextInput(attrs={"inputmode": "url", "class": "w-m"}),
    )

    class Meta:
        model = Organisation
        fields = ["name", "kind", "phone", "email", "website", "uses_portal", "answers_by_link"]
        field_classes = {"phone": PhoneField, "email": EmailField}
        labels = {
            "uses_portal": "Verwijzingen komen binnen via dit portaal",
            "answers_by_link": "Anders: verwijzingen komen binnen via een link per mail, zonder account",
        }
        help_texts = {
            "uses_portal": (
                "Zet dit aan als er iemand is die verwijzingen aanneemt. Tot die tijd belt de verwijzer de organisatie."
            ),
            "answers_by_link": (
                "Zet dit aan als de organisatie daarmee akkoord is. De link gaat naar het e-mailadres van het aanbod "
                "of van de organisatie; wie die mail leest, vraagt er een code bij. Zonder adres belt de verwijzer."
            ),
        }


class NewOrganisationForm(OrganisationForm):
    beheerder_name = forms.CharField(label="Naam van de eerste beheerder", max_length=120)
    beheerder_email = EmailField(
        max_length=254,
        label="E-mailadres van de eerste beheerder",
        help_text="Zij krijgt een uitnodiging en nodigt daarna haar collega's uit.",
    )
    form_key = OnceField()


class FirstBeheerderForm(Form):
    name = forms.CharField(label="Naam", max_length=120)
    email = EmailField(max_length=254, label="E-mailadres")
    form_key = OnceField()


class MunicipalityForm(Form):
    municipality = forms.ModelChoiceField(
        label="Gemeente",
        queryset=Municipality.objects.none(),
        empty_label="Kies een gemeente",
        widget=forms.Select(attrs={"data-combobox": ""}),
        error_messages={"required": "Kies een gemeente."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = Municipality.objects.only("code", "name")


class AppointmentForm(MunicipalityForm):
    membership = forms.ModelChoiceField(
        label="Wie",
        queryset=Membership.objects.none(),
        empty_label="Kies iemand van deze organisatie",
        widget=forms.Select(attrs={"data-combobox": ""}),
        error_messages={"required": "Kies iemand."},
    )
    role = forms.ChoiceField(
        label="Als",
        choices=[(role.value, role.label) for role in APPOINTED_TO_MUNICIPALITIES],
        widget=forms.RadioSelect,
        help_text="Heeft zij deze rol nog niet, dan krijgt zij hem erbij.",
        error_messages={"required": "Kies een rol."},
    )
    form_key = OnceField()

    field_order = ["membership", "role", "municipality"]

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = organisation.memberships.for_list()
        self.fields["membership"].label_from_instance = lambda membership: (
            f"{membership.user} ({membership.role_names})"
        )

"""What packages keep about our people, declared in the register of personal fields like our own models."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator

from mantelzorg.personal import PersonalFields

GROUND = "uitvoering van de taak van de organisatie"


def declare() -> None:
    EmailAddress.personal = PersonalFields(
        about="professional",
        fields=("user", "email"),
        purpose="een nieuw wachtwoord kunnen aanvragen",
        ground=GROUND,
        retention="tot het account wordt gesloten",
    )
    EmailAddress.not_personal = ("verified", "primary")
    EmailConfirmation.personal = PersonalFields(
        about="professional",
        fields=("email_address",),
        purpose="geen: wordt niet gebruikt, een adres is bewezen door de uitnodiging",
        ground=GROUND,
        retention="blijft leeg",
    )
    EmailConfirmation.not_personal = ("created", "sent", "key")
    Authenticator.personal = PersonalFields(
        about="professional",
        fields=("user", "data", "created_at", "last_used_at"),
        purpose="inloggen in twee stappen; de geheimen zijn versleuteld",
        ground=GROUND,
        retention="tot zij deze stap uitzet of het account wordt gesloten",
    )
    Authenticator.not_personal = ("type",)

"""Who you can be in the demo: an address each, and where they work."""

from dataclasses import dataclass

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken

from accounts.models import Appointment, Membership, Role, User
from sociale_kaart.models import Municipality, Organisation

SECRET = "WARMVERWIJZENISNOOITLOSLATEN2345"  # noqa: S105 (of everybody's app for codes, in the demo only)
REGION = ("GM0479", "GM0439", "GM0880", "GM0431", "GM0415", "GM0852", "GM0385")  # Zaanstreek-Waterland


@dataclass(frozen=True)
class Person:
    key: str
    name: str
    does: str  # printed beside the address
    organisation: str = ""  # slug; empty: of the installation
    roles: tuple[str, ...] = ()
    profession: str | None = None
    appointed_in: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.key}@demo.example"


PRACTICE = "huisartsenpraktijk-de-voorbeeld"
CASE_MANAGEMENT = "geheugenteam-voorbeeld"
STEUNPUNT = "steunpunt-mantelzorg-zaanstreek-waterland"
MUNICIPALITY = "gemeente-zaanstad"
GGZ = "pro-persona-preventie"
ELSEWHERE = "huisartsenpraktijk-buitenwijk"

PEOPLE = (
    Person("poh", "Petra Proef", "praktijkondersteuner, verwijst", PRACTICE, (Role.VERWIJZER,), "poh"),
    Person(
        "casemanager", "Cas Beheer", "casemanager dementie", CASE_MANAGEMENT, (Role.VERWIJZER,), "casemanager-dementie"
    ),
    Person(
        "consulent",
        "Connie Luister",
        "mantelzorgconsulent, ontvangt en houdt de sociale kaart bij",
        STEUNPUNT,
        (Role.CONSULENT, Role.VERWIJZER),
        "mantelzorgconsulent",
        REGION,
    ),
    Person(
        "coordinator", "Coen Cijfer", "coördinator, maakt overzichten", MUNICIPALITY, (Role.COORDINATOR,), None, REGION
    ),
    Person("beheerder", "Bea Sleutel", "beheert het team van de huisartsenpraktijk", PRACTICE, (Role.BEHEERDER,)),
    Person("logtoezicht", "Logan Kijk", "kijkt wie wat heeft ingezien", PRACTICE, (Role.LOGTOEZICHT,)),
    Person("functioneel", "Fenna Inrichter", "functioneel beheerder: organisaties en aanstellingen"),
    Person(
        "pom", "Pim Preventie", "ggz-preventie, voert POM-gesprekken", GGZ, (Role.VERWIJZER,), "preventiemedewerker-ggz"
    ),
    Person(
        "buiten",
        "Bo Buitenstaander",
        "verwijzer elders, ziet niets van de anderen",
        ELSEWHERE,
        (Role.VERWIJZER,),
        "poh",
    ),
    Person("poh2", "Pascal Proef", "collega van Petra", PRACTICE, (Role.VERWIJZER,), "poh-ggz"),
    Person("consulent2", "Coby Luister", "collega van Connie", STEUNPUNT, (Role.VERWIJZER,), "sociaal-werker"),
)


def make_people(password: str) -> dict[str, User]:
    """The people, their places and appointments. Safe to run again; a changed password takes effect."""
    made = {}
    functional = None
    for person in PEOPLE:
        user, _ = User.objects.get_or_create(
            email=person.email, defaults={"name": person.name, "is_functional_admin": not person.organisation}
        )
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
        give_second_step(user)
        made[person.key] = user
        functional = functional or (user if user.is_functional_admin else None)
        if person.organisation:
            Membership.objects.get_or_create(
                user=user,
                organisation=Organisation.objects.get(slug=person.organisation),
                defaults={"roles": [str(role) for role in person.roles], "profession_id": person.profession},
            )
    for person in PEOPLE:
        for code in person.appointed_in:
            Appointment.objects.get_or_create(
                membership=made[person.key].memberships.get(),
                role=str(person.roles[0]),
                municipality=Municipality.objects.get(pk=code),
                defaults={"appointed_by": functional},
            )
    return made


def give_second_step(user: User) -> None:
    """The app for codes that everybody in the demo has. Whoever set up another one, has this one again."""
    app = user.authenticator_set.filter(type="totp").first()
    if app is None or not is_ours(app):
        user.authenticator_set.filter(type="totp").delete()
        TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)


def is_ours(app) -> bool:
    try:
        return decrypt(app.data["secret"]) == SECRET
    except InvalidToken:  # from before the SECRET_KEY changed
        return False


def code_at(moment: float) -> str:
    """What the app shows at this moment (seconds since 1970)."""
    return format_hotp_value(hotp_value(SECRET, int(moment) // 30))

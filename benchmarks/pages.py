"""What is measured: requests as a browser sends them, each beside its floor."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Membership
from intake.consent_text import consent_text
from intake.models import Caregiver
from referrals.models import Referral
from referrals.transitions import State
from sociale_kaart.models import Service

CSRF = "benchbenchbenchbenchbenchbench01"  # 32 characters, the same in cookie and form
HTMX = {"HX-Request": "true"}
TARGET = 3.0  # times the floor, at most


@dataclass(frozen=True)
class Request:
    path: str
    data: dict[str, Any] | None = None  # a POST when given
    headers: dict[str, str] = field(default_factory=dict)
    as_whom: str = "typical"

    @property
    def method(self) -> str:
        return "GET" if self.data is None else "POST"

    @property
    def body(self) -> bytes:
        if self.data is None:
            return b""
        return urlencode({**self.data, "csrfmiddlewaretoken": CSRF}, doseq=True).encode()


@dataclass(frozen=True)
class Page:
    name: str
    request: Callable[["World", int], Request]
    floor: Callable[["World", int], Request]
    shows: str = ""  # on the page, or something is wrong with the measurement
    status: int = 200
    target: float | None = TARGET
    repeat: float = 1.0  # of the usual number of repetitions
    must_not_grow: bool = True


@dataclass
class World:
    """Who asks, and about whom, in one database."""

    cookies: dict[str, str]
    organisations: dict[str, uuid.UUID]
    caregiver: uuid.UUID
    sent: uuid.UUID
    received: uuid.UUID
    halfway: uuid.UUID
    halfway_inbox: uuid.UUID
    draft_like: uuid.UUID
    service: str
    receiver: str
    postcode: str

    @classmethod
    def look_around(cls) -> "World":
        """The same people in every database: the first of each organisation."""
        people = {"large": _first_of("bench-00000"), "typical": _first_of("bench-00001")}
        people["writer"] = _first_of("bench-00002")
        typical, large = people["typical"].organisation_id, people["large"].organisation_id
        sent = Referral.objects.filter(
            sender_organisation=typical, state=State.IN_CONTACT, shared_items__isnull=False
        ).order_by("pk")[0]
        received = Referral.objects.filter(receiver_organisation=typical, state=State.IN_CONTACT).order_by("pk")[0]
        service = Service.objects.filter(organisation=typical).select_related("organisation").order_by("slug")[0]
        of_large = Caregiver.objects.filter(organisation=large).order_by("search_name", "pk")
        inbox = Referral.objects.filter(receiver_organisation=large).order_by("-changed_at", "-id")
        writers = Referral.objects.filter(sender_organisation=people["writer"].organisation_id).order_by("pk")
        return cls(
            cookies={name: _logged_in(member) for name, member in people.items()},
            organisations={name: member.organisation_id for name, member in people.items()},
            caregiver=sent.caregiver_id,
            sent=sent.pk,
            received=received.pk,
            halfway=of_large[of_large.count() // 2].pk,
            halfway_inbox=inbox[inbox.count() // 2].pk,
            draft_like=writers[0].pk,
            service=service.slug,
            receiver=service.organisation.name,
            postcode=Caregiver.objects.filter(organisation=people["writer"].organisation_id)[0].postcode,
        )


def _first_of(slug: str) -> Membership:
    return Membership.objects.filter(organisation__slug=slug).order_by("pk")[0]


def log_in_fully(client: Client, user) -> None:
    """As after the password and the code: what allauth then notes in the session."""
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session["account_authentication_methods_user"] = user_id_to_str(user)
    session.save()


def _logged_in(member: Membership) -> str:
    client = Client()
    log_in_fully(client, get_user_model().objects.get(pk=member.user_id))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"


# What is asked ------------------------------------------------------------------------------------------------------


def _rows(whom: str = "typical"):
    return lambda world, _: Request(reverse("floor_rows", args=[world.organisations[whom]]), as_whom=whom)


def _search_floor(**asked):
    return lambda world, _: Request(f"{reverse('floor_search')}?{urlencode(asked)}")


def _get(name: str, *, whom: str = "typical", about: str = "", headers=None, **asked):
    """`about` names what of the world the address is about; in `asked` a value that begins with @ does."""

    def request(world: World, _: int) -> Request:
        query = {key: getattr(world, value[1:]) if value.startswith("@") else value for key, value in asked.items()}
        address = reverse(name, args=[getattr(world, about)] if about else [])
        return Request(f"{address}?{urlencode(query)}" if query else address, headers=headers or {}, as_whom=whom)

    return request


def _find_by_name(whom: str):
    return lambda world, _: Request(reverse("caregiver_list"), {"zoek": "test"}, as_whom=whom)


def _typed(world: World, number: int) -> dict[str, Any]:
    """The fast path, filled in: somebody else every time."""
    items = ["naam", "telefoon", "zorgt-voor", "eigen-woorden", "overdracht"]
    return {
        "form_key": uuid.uuid4(),
        "name": f"Bench Proefpersoon {number}",
        "phone": f"06 5{number:07d}",
        "postcode": world.postcode,
        "relation": "partner",
        "situation_kind": "dementie",
        "kind": "gesprek-mantelzorgconsulent",
        "words": "Ik weet niet waar ik moet beginnen.",
        "service": world.service,
        "urgency": "gewoon",
        "warm_mode": "ontvanger-belt",
        "handover_text": "Zij zorgt dag en nacht voor haar man en wil graag met iemand praten.",
        "items": items,
        "shown": consent_text(receiver=world.receiver, items=items),
        "handover_read": "on",
        "agreed": "on",
        "how_given": "mondeling",
    }


def _send(world: World, number: int) -> Request:
    return Request(reverse("caregiver_new"), {**_typed(world, number), "stap": "verstuur"}, as_whom="writer")


def _offers(world: World, number: int) -> Request:
    return Request(reverse("caregiver_new"), {**_typed(world, number), "stap": "aanbod"}, HTMX, as_whom="writer")


def _create_floor(world: World, number: int) -> Request:
    data = {"feedback": f"Terugkoppeling {number}", "urgency": "gewoon", "warm_mode": "ontvanger-belt"}
    return Request(reverse("floor_create", args=[world.draft_like]), data, as_whom="writer")


def _paper_floor(world: World, _: int) -> Request:
    return Request(reverse("floor_paper"))


NEAR = {"q": "luisteren mantelzorg", "gemeente": "GM0479"}
EVERYWHERE = {"q": "mantelzorg"}

PAGES = [
    Page("Vandaag", _get("vandaag"), _rows()),
    Page("caregiver list", _get("caregiver_list"), _rows(), shows="1 tot en met 20"),
    Page("caregiver list, a name typed", _find_by_name("typical"), _rows()),
    Page("caregiver page", _get("caregiver_detail", about="caregiver"), _rows()),
    Page("inbox", _get("referral_list", lijst="ontvangen"), _rows(), shows="Ontvangen"),
    Page("inbox, htmx piece", _get("referral_list", lijst="ontvangen", headers=HTMX), _rows()),
    Page("referral page", _get("referral_detail", about="received"), _rows()),
    Page("search near", _get("service_search", **NEAR), _search_floor(**NEAR)),
    Page("search near, htmx piece", _get("service_search", **NEAR, headers=HTMX), _search_floor(**NEAR)),
    Page("search everywhere", _get("service_search", **EVERYWHERE), _search_floor(**EVERYWHERE)),
    Page("send a referral (POST)", _send, _create_floor, status=302, repeat=0.5),
    Page("passing on: the page", _get("caregiver_new", whom="writer"), _rows(), target=None),
    Page("passing on: offers, htmx piece", _offers, _rows(), target=None),
    Page("passing on: after sending", _get("referral_sent", about="sent"), _rows(), target=None),
    Page("handover letter (PDF)", _get("referral_letter", about="sent"), _paper_floor, shows="%PDF-", repeat=0.2),
]
LARGE = [
    Page("large: Vandaag", _get("vandaag", whom="large"), _rows("large")),
    Page("large: caregiver list", _get("caregiver_list", whom="large"), _rows("large")),
    Page("large: caregiver list, halfway", _get("caregiver_list", whom="large", na="@halfway"), _rows("large")),
    Page("large: caregiver list, a name typed", _find_by_name("large"), _rows("large")),
    Page("large: inbox", _get("referral_list", whom="large", lijst="ontvangen"), _rows("large")),
    Page(
        "large: inbox, halfway",
        _get("referral_list", whom="large", lijst="ontvangen", na="@halfway_inbox"),
        _rows("large"),
    ),
]
MANY_SERVICES = [
    Page("50,000 services: near", _get("service_search", **NEAR), _search_floor(**NEAR)),
    Page("50,000 services: near, piece", _get("service_search", **NEAR, headers=HTMX), _search_floor(**NEAR)),
    Page("50,000 services: everywhere", _get("service_search", **EVERYWHERE), _search_floor(**EVERYWHERE)),
]
JOURNEY = [
    "passing on: the page",
    "passing on: offers, htmx piece",
    "send a referral (POST)",
    "passing on: after sending",
]

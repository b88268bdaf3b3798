"""Rows nobody cares about: each function makes one thing that is whole and valid, with what the test says about it.

A value that a test is about, is written in the test. Names are never random, so that a failing test reads the same
twice.
"""

import datetime
import itertools
import time

from allauth.account.internal.userkit import user_id_to_str
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import Appointment, Invitation, Membership, Role, User
from intake import actions as intake
from intake.models import Caregiver
from knowledge.models import SupportKind
from referrals import actions as referrals
from referrals import clock
from referrals.models import Referral
from referrals.transitions import State
from sociale_kaart.booklet import actions as booklet
from sociale_kaart.booklet import jobs as booklet_jobs
from sociale_kaart.exchange import actions as exchange
from sociale_kaart.exchange import jobs as exchange_jobs
from sociale_kaart.models import Municipality, Organisation, Service
from trail.actions import enqueue_mail

PASSWORD = "een lang genoeg wachtwoord"

_numbers = itertools.count(1)


def municipality(code: str = "GM0479") -> Municipality:
    """One of the 342, loaded once for the whole run. GM0479 is Zaanstad, GM0439 Purmerend, GM0363 Amsterdam."""
    return Municipality.objects.get(pk=code)


def make_organisation(name: str = "", **fields) -> Organisation:
    """An organisation that works with the portal."""
    name = name or f"Organisatie {next(_numbers)}"
    fields.setdefault("slug", slugify(name))
    fields.setdefault("kind", Organisation.Kind.WELFARE)
    fields.setdefault("uses_portal", True)
    fields.setdefault("phone", "075 123 45 67")
    municipalities = fields.pop("municipalities", [])
    organisation = Organisation.objects.create(name=name, **fields)
    if municipalities:
        organisation.municipalities.set(municipalities)
    return organisation


def make_user(name: str = "", *, password: str | None = None, **fields) -> User:
    """A person without a place anywhere. Give `password=PASSWORD` only where a test logs in by the form."""
    name = name or f"Persoon {next(_numbers)}"
    fields.setdefault("email", f"{slugify(name)}@voorbeeld.example")
    user = User(name=name, **fields)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save(force_insert=True)
    return user


def make_membership(
    user: User | None = None,
    organisation: Organisation | None = None,
    roles: list[str] | tuple[str, ...] = (Role.VERWIJZER,),
    *,
    profession: str | None = "poh",
    **fields,
) -> Membership:
    """A place in an organisation. `profession` is a slug."""
    return Membership.objects.create(
        user=user or make_user(),
        organisation=organisation or make_organisation(),
        roles=[str(role) for role in roles],
        profession_id=profession,
        **fields,
    )


def make_member(
    name: str = "",
    organisation: Organisation | None = None,
    *roles: str,
    profession: str | None = "poh",
    password: str | None = None,
    **fields,
) -> User:
    """A person with a place in an organisation, a verwijzer unless said otherwise."""
    user = make_user(name, password=password)
    make_membership(user, organisation, roles or (Role.VERWIJZER,), profession=profession, **fields)
    return user


def log_in_fully(client, user: User, *, long_ago: bool = False) -> None:
    """She has just logged in with her password and her second step, without typing them. Or `long_ago`: so long that an
    export asks who she is.
    """
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [  # allauth's
        {"method": "mfa", "type": "totp", "at": 0 if long_ago else time.time()}
    ]
    session["account_authentication_methods_user"] = user_id_to_str(user)
    session.save()


def fresh(user: User) -> User:
    """The same person as the next request sees her: memberships and appointments are kept on the object."""
    return User.objects.get(pk=user.pk)


def make_appointment(
    user: User, role: str = Role.CONSULENT, code: str = "GM0479", *, by: User | None = None
) -> Appointment:
    """Her first membership is appointed to a municipality; by herself when nobody cares who did it."""
    return Appointment.objects.create(
        membership=user.memberships.earliest("created_at"), role=role, municipality_id=code, appointed_by=by or user
    )


def make_invitation(
    organisation: Organisation, *, by: User, email: str = "", roles=(Role.VERWIJZER,), **fields
) -> Invitation:
    """An invitation that is open now."""
    fields.setdefault("name", f"Genodigde {next(_numbers)}")
    fields.setdefault("expires_at", timezone.now() + Invitation.LIFETIME)
    return Invitation.objects.create(
        organisation=organisation,
        email=email or f"{slugify(fields['name'])}@voorbeeld.example",
        roles=[str(role) for role in roles],
        invited_by=by,
        **fields,
    )


def make_service(organisation: Organisation | None = None, name: str = "", **fields) -> Service:
    """A published service in Zaanstad, for a conversation with the mantelzorgconsulent unless said otherwise.

    `kinds` are slugs or SupportKinds, `municipalities` codes or Municipalities.
    """
    name = name or f"Aanbod {next(_numbers)}"
    kinds = fields.pop("kinds", ["gesprek-mantelzorgconsulent"])
    municipalities = fields.pop("municipalities", ["GM0479"])
    phases = fields.pop("phases", [])
    today = timezone.localdate()
    fields.setdefault("slug", slugify(name))
    fields.setdefault("summary", "Iemand luistert en denkt mee.")
    fields.setdefault("status", Service.Status.PUBLISHED)
    fields.setdefault("home_municipality_id", "GM0479")
    fields.setdefault("checked_on", today)
    fields.setdefault("next_check_on", today + datetime.timedelta(days=180))
    service = Service.objects.create(organisation=organisation or make_organisation(), name=name, **fields)
    service.kinds.set(kinds)
    service.municipalities.set(municipalities)
    if phases:
        service.phases.set(phases)
    return service


def make_caregiver(by: User, name: str = "", **fields) -> Caregiver:
    """A caregiver of the organisation `by` acts for, recorded as the page would."""
    details = {
        "name": name or f"Mantelzorger {next(_numbers)}",
        "phone": "06 55501234",
        "postcode": "1506 AB",
        "municipality": municipality("GM0479"),
        "relation": "partner",
        "situation_kind": "dementie",
        **fields,
    }
    return intake.record_caregiver(by=by, **details)


def make_need(
    caregiver: Caregiver, by: User, kind: str | None = "gesprek-mantelzorgconsulent", words: str = "", **fields
):
    """An open need of hers, of which it is the turn of `by`."""
    chosen = SupportKind.objects.get(pk=kind) if kind else None
    return intake.add_need(caregiver=caregiver, by=by, kind=chosen, words=words, **fields)


def make_failed_mail(to: str = "sanne@steunpunt.example"):
    """A mail that was tried as often as we try."""
    message = enqueue_mail(template="referral_news", to=to, context={"line": "x", "path": "/"})
    message.attempts, message.failed_at = message.MAX_ATTEMPTS, timezone.now()
    message.last_error = f"SMTPRecipientsRefused: {{'{to}': (550, 'mailbox full')}}"
    message.save()
    return message


AGREED = {"items": ["naam", "telefoon", "eigen-woorden", "overdracht"], "how_given": "mondeling", "handover_read": True}


BARE = {"items": ["naam", "telefoon"], "how_given": "mondeling", "handover_read": False}  # without a file


def make_referral(
    state: str = State.SENT,
    *,
    sender: User,
    service: Service,
    receiver: User | None = None,
    caregiver: Caregiver | None = None,
    needs=None,
    now=None,
    agreed: dict | None = None,
    **fields,
) -> Referral:
    """A referral brought to `state` by the same verbs that the pages call.

    For the portal channel `receiver` answers; for the phone channel the sender notes the answers. To who works
    without a file she agreed to share less, and contact is the end.
    """
    caregiver = caregiver or make_caregiver(sender)
    needs = needs or [make_need(caregiver, sender, now=now)]
    fields.setdefault("handover_text", "Zij zorgt dag en nacht voor haar man en wil met iemand praten.")
    referral = referrals.draft(caregiver=caregiver, needs=needs, service=service, by=sender, now=now, **fields)
    if state == State.CONCEPT:
        return referral
    agreed = agreed or (BARE if service.zonder_dossier else AGREED)
    referral = referrals.send(referral=referral, by=sender, now=now, **agreed)
    answers = sender if referral.channel == "phone" else receiver
    if state == State.WITHDRAWN:
        return referrals.withdraw(referral=referral, by=sender, note="Zij bedacht zich.", now=now)
    if state == State.DECLINED:
        return referrals.decline(referral=referral, by=answers, reason="geen-plek", note="Wij zijn vol.", now=now)
    if state == State.EXPIRED:
        later = (now or timezone.now()) + datetime.timedelta(days=60)
        clock.expire(referral=referral, now=later)
        referral.refresh_from_db()
    if state in (State.ACCEPTED, State.IN_CONTACT, State.COMPLETED, State.NOT_REACHED):
        referral = referrals.accept(referral=referral, by=answers, name="Mevrouw De Wit", now=now)
    if state == State.NOT_REACHED:
        for _ in range(3):
            referrals.log_call(referral=referral, by=answers, result="niet-bereikt", now=now)
        referral = referrals.give_up(referral=referral, by=answers, now=now)
    if state in (State.IN_CONTACT, State.COMPLETED):
        referral = referrals.contact(referral=referral, by=answers, now=now)
    if state == State.COMPLETED and not referral.without_file:
        referral = referrals.complete(
            referral=referral, by=answers, outcomes=all_outcomes(referral), feedback="Wij spraken haar.", now=now
        )
    return referral


def all_outcomes(referral: Referral, outcome: str = "gestart") -> dict:
    """The same outcome for each need in it."""
    return {link.pk: (outcome, "") for link in referral.referral_needs.all()}


def make_booklet(by, code: str = "GM0479"):
    """The booklet of a municipality, made."""
    job = booklet.ask_booklet(municipality=municipality(code), by=by)
    booklet_jobs.make_next()
    job.refresh_from_db()
    return job


def make_import(by, content: str = "Organisatie;Naam;Gemeenten\nBuurthulp;Klusjes;Zaanstad\n"):
    """A file that was read, and waits for her to agree."""
    job = exchange.start_import(by=by, file_name="aanbod.csv", content=content.encode())
    exchange_jobs.work()
    job.refresh_from_db()
    return job

"""What can be done with accounts: log-in on record, invitations, memberships and roles, organisations, appointments."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import slugify

from accounts import leaving, permissions, second_factor
from accounts.encryption import cipher
from accounts.models import (
    APPOINTED_TO_MUNICIPALITIES,
    Absence,
    Appointment,
    Invitation,
    KeptForm,
    Membership,
    Role,
    Session,
    User,
)
from mantelzorg import principals
from mantelzorg.forms import RESTORED
from mantelzorg.refusal import Refused
from sociale_kaart import actions as directory
from sociale_kaart.models import Municipality, Organisation, Service
from trail.actions import enqueue_mail, record_access
from trail.models import AccessLogEntry

DENIED = AccessLogEntry.Outcome.DENIED

LAST_BEHEERDER = "{} is de enige beheerder van deze organisatie. Maak eerst iemand anders beheerder."
RESERVED_SLUGS = {"nieuw"}  # /beheer/organisaties/nieuw/ is the page that makes one
NOT_YOURSELF = "Een ander geeft jou rollen."
NOT_YOUR_OWN_STEP = "Een andere beheerder haalt jouw tweede stap weg."
LAST_FACTOR = "Dit is je enige tweede stap. Voeg eerst een andere toe."
NOT_OPEN = "Deze uitnodiging is al gebruikt, ingetrokken of verlopen."


def _in_order(roles: Iterable[str]) -> list[str]:
    """Each role once, in the order of Role."""
    return [role.value for role in Role if role in set(roles)]


def _refuse(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


# On record ----------------------------------------------------------------------------------------------------------


def note_login(*, by: User) -> None:
    record_access(by=by, event="login", action="E", obj=by)


def note_logout(*, by: User) -> None:
    record_access(by=by, event="logout", action="E", obj=by)


def note_login_failed(*, by: User | None, purpose: str = "") -> None:
    """`by` is whose account it was tried with, or None for an address nobody has."""
    record_access(by=by, event="login_failed", action="E", obj=by, outcome=DENIED, purpose=purpose)


def note_denied(*, by: User, purpose: str, obj=None) -> None:
    """Somebody asked for an act that is not hers; closed pages note it themselves, see `permissions.only`."""
    record_access(by=by, event="denied", action="E", obj=obj, outcome=DENIED, purpose=purpose)


@transaction.atomic
def note_second_factor(*, by: User, change: str) -> None:
    """A second factor came or went. `change` is a Dutch sentence; she gets it by mail too, in case it was not her."""
    record_access(by=by, event="mfa_change", action="U", obj=by, purpose=change)
    enqueue_mail(template="security_changed", to=by.email, context={"change": change}, about=by)


# Her own account ----------------------------------------------------------------------------------------------------


@transaction.atomic
def set_password(*, by: User, password: str, here: str | None = None) -> None:
    """Everywhere else she is logged out; `here` is the key of the session she does it in, if she is logged in."""
    by.set_password(password)
    by.save(update_fields=["password"])
    end_sessions(user=by, except_for=here)
    record_access(by=by, event="password_change", action="U", obj=by, fields=("password",))
    enqueue_mail(
        template="security_changed",
        to=by.email,
        context={"change": "Je wachtwoord is veranderd."},
        about=by,
    )


@transaction.atomic
def change_profile(*, by: User, name: str, phone: str | None = None, news_daily: bool | None = None) -> None:
    """Her name and how often she gets mail, everywhere; her telephone number in the organisation she acts for."""
    by.name = name
    by.news_daily = by.news_daily if news_daily is None else news_daily
    by.save(update_fields=["name", "news_daily"])
    if by.acting and phone is not None:
        by.acting.phone = phone
        by.acting.save(update_fields=["phone"])
    record_access(by=by, event="update", action="U", obj=by, fields=("name", "phone"))


@transaction.atomic
def begin_absence(
    *, by: User, stand_in: Membership, first_day: datetime.date, last_day: datetime.date, now: datetime.datetime | None
) -> Absence:
    """She will be away, and a colleague stands in for her. One absence at a time; raises Refused."""
    Membership.objects.select_for_update(of=("self",)).get(pk=by.acting.pk)
    if not Membership.objects.colleagues(by).filter(pk=stand_in.pk).exclude(pk=by.acting.pk).exists():
        raise Refused("Kies een collega die met mantelzorgers werkt.", field="stand_in")
    if first_day < timezone.localdate(now):
        raise Refused("De eerste dag ligt in het verleden.", field="first_day")
    if last_day < first_day:
        raise Refused("De laatste dag ligt voor de eerste.", field="last_day")
    if Absence.objects.of(by.acting).overlapping(first_day, last_day).exists():
        raise Refused("Je staat in deze dagen al afwezig. Haal dat eerst weg.", field="first_day")
    absence = Absence.objects.create(
        membership=by.acting, stand_in=stand_in, first_day=first_day, last_day=last_day, created_at=now
    )
    record_access(by=by, event="update", action="C", obj=absence)
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, by: User, now: datetime.datetime) -> None:
    """She is back, or is not going. Ending twice is no problem."""
    if Absence.objects.of(by.acting).filter(pk=absence.pk, ended_at=None).update(ended_at=now):
        record_access(by=by, event="update", action="U", obj=absence, fields=("ended_at",))


@transaction.atomic
def forget_old_absences(*, now: datetime.datetime) -> int:
    limit = timezone.localdate(now) - datetime.timedelta(days=settings.ABSENCES_KEPT_DAYS)
    return Absence.objects.filter(last_day__lt=limit).delete()[0]


@transaction.atomic
def lock_second_factors(*, by: User, without) -> None:
    """Before `without` is taken away: one has to stay. Who takes away two at the same moment, keeps the second."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if second_factor.is_last_factor(without):
        raise Refused(LAST_FACTOR)


@transaction.atomic
def reset_second_factor(*, user: User, by: User | None) -> None:
    """She lost her telephone and her recovery codes. After her password she sets up a new second step."""
    user.authenticator_set.all().delete()
    end_sessions(user=user)
    change = "Je tweede stap is weggehaald. Bij het inloggen stel je een nieuwe in."
    record_access(by=by, event="mfa_change", action="D", obj=user, purpose=change)
    enqueue_mail(template="security_changed", to=user.email, context={"change": change}, about=user)


@transaction.atomic
def reset_second_factor_of(*, membership: Membership, by: User) -> None:
    """The beheerder knows her colleague, and heard from herself that she lost it. Never her own: a thief could."""
    membership = _lock_active(membership)
    _refuse(permissions.may_manage_member(by, membership))
    if membership.user_id == by.pk:
        raise Refused(NOT_YOUR_OWN_STEP)
    reset_second_factor(user=membership.user, by=by)


@transaction.atomic
def close_account(*, user: User, by: User | None, now: datetime.datetime | None = None) -> None:
    """She leaves: out everywhere, at once. Her name stays with what she did. Refused while she is needed."""
    now = now or timezone.now()
    for membership in user.memberships.not_ended().select_for_update(of=("self",)).order_by("pk"):
        leaving.settle(membership=membership, by=by, now=now)
    User.objects.filter(pk=user.pk).update(is_active=False)
    Appointment.objects.standing().filter(membership__user=user).update(ended_at=now)
    user.memberships.filter(ended_at=None).update(ended_at=now)
    user.authenticator_set.all().delete()
    drop_kept_form(by=user)
    end_sessions(user=user)
    record_access(by=by, event="role_change", action="U", obj=user, fields=("is_active", "ended_at"))


# Sessions -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def end_sessions(*, user: User, except_for: str | None = None) -> int:
    """Log her out everywhere, or everywhere else: `except_for` is the key of the session that stays."""
    deleted, _ = Session.objects.filter(user=user).except_for(except_for).delete()
    return deleted


@transaction.atomic
def end_own_sessions(*, by: User, here: str, only=None) -> int:
    """What she ends herself: all but this one, or only the one with this public id."""
    own = Session.objects.of(by).except_for(here)
    deleted, _ = (own.filter(public_id=only) if only else own).delete()
    record_access(by=by, event="logout", action="E", obj=by, purpose="op een ander apparaat", hit_count=deleted)
    return deleted


@transaction.atomic
def keep_form(*, by: User, path: str, page: str, typed, now: datetime.datetime | None = None) -> bool:
    """Keep what she typed until she is back, if it was something. Never a password, a code or a file.

    `typed` is a QueryDict. Nothing of pages about her own account is kept: what is typed there are secrets.
    """
    typed = typed.copy()
    for name in NOT_KEPT:
        typed.pop(name, None)
    written = typed.urlencode().encode()
    is_something = any(value.strip() for _, values in typed.lists() for value in values)
    if not is_something or len(written) > MOST_KEPT or path.startswith(("/account/", "/uitnodiging/")):
        return False
    with principals.acting(principals.account(by)):  # her session is over: to this request she is nobody
        KeptForm.objects.update_or_create(
            user=by,
            defaults={
                "path": path[:500],
                "page": page[:500],
                "typed": cipher("kept form").encrypt(written),
                "kept_at": now or timezone.now(),
            },
        )
    record_access(by=by, event="update", action="C", obj=by, purpose="formulier bewaard: sessie verlopen")
    return True


NOT_KEPT = ("csrfmiddlewaretoken", "password", "code", RESTORED)
MOST_KEPT = 200_000  # bytes


def read_kept_form(*, kept: KeptForm) -> QueryDict:
    return QueryDict(cipher("kept form").decrypt(bytes(kept.typed)).decode())


def drop_kept_form(*, by: User) -> None:
    with principals.acting(principals.account(by)):
        KeptForm.objects.filter(user=by).delete()


@transaction.atomic
def forget_old_sessions(*, now: datetime.datetime | None = None) -> int:
    """Sessions that ran out, and forms nobody came back for. Safe to repeat."""
    now = now or timezone.now()
    sessions, _ = Session.objects.forgettable(now).delete()
    with principals.acting(principals.job("klok")):
        forms, _ = KeptForm.objects.forgettable(now).delete()
    return sessions + forms


def act_for(*, by: User, membership: Membership) -> None:
    """Choose the organisation she acts for from now on in this session (the session itself is the view's)."""
    by.acting = membership
    record_access(by=by, event="act_for", action="E", obj=membership)


@transaction.atomic
def make_functional_admin(*, email: str, name: str) -> User:
    """For whoever installs the portal: she chooses a password through the mail."""
    user = User.objects.with_email(email)
    if user is None:
        user = User.objects.create_user(email=email, name=name)
    user.is_functional_admin = True
    user.save(update_fields=["is_functional_admin"])
    record_access(by=None, event="role_change", action="U", obj=user, fields=("is_functional_admin",))
    enqueue_mail(template="password_reset", to=user.email, context={"user": str(user.pk)}, about=user)
    return user


# Invitations --------------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(
    *,
    organisation: Organisation,
    email: str,
    name: str,
    roles: Iterable[str],
    by: User,
    profession=None,
    now: datetime.datetime | None = None,
) -> Invitation:
    """Invite somebody else to an organisation; an expired invitation of the same address makes way."""
    now = now or timezone.now()
    email = email.strip().lower()
    _refuse(permissions.may_invite(by, organisation))
    if email == by.email:
        raise Refused("Vraag iemand van de organisatie zelf.", field="email")
    if organisation.memberships.active().filter(user__email=email).exists():
        raise Refused("Deze persoon hoort al bij de organisatie.", field="email")
    organisation.invitations.unanswered().filter(email=email, expires_at__lte=now).update(revoked_at=now)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                organisation=organisation,
                email=email,
                name=name,
                roles=_in_order(roles),
                profession=profession,
                invited_by=by,
                created_at=now,
                expires_at=now + Invitation.LIFETIME,
            )
    except IntegrityError as error:
        raise Refused("Er staat al een uitnodiging open voor dit e-mailadres.", field="email") from error
    record_access(by=by, event="invite", action="C", obj=invitation)
    _mail_invitation(invitation)
    return invitation


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User, now: datetime.datetime | None = None) -> Invitation:
    """Send a new link, good for another week; the old one stops working."""
    now = now or timezone.now()
    invitation = _lock_unanswered(invitation)
    _refuse(permissions.may_manage_invitation(by, invitation))
    invitation.times_sent += 1
    invitation.expires_at = now + Invitation.LIFETIME
    invitation.save(update_fields=["times_sent", "expires_at"])
    record_access(by=by, event="invite", action="U", obj=invitation, fields=("times_sent", "expires_at"))
    _mail_invitation(invitation)
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User, now: datetime.datetime | None = None) -> Invitation:
    invitation = _lock_unanswered(invitation)
    _refuse(permissions.may_manage_invitation(by, invitation))
    invitation.revoked_at = now or timezone.now()
    invitation.save(update_fields=["revoked_at"])
    record_access(by=by, event="invite", action="U", obj=invitation, fields=("revoked_at",))
    return invitation


@transaction.atomic
def accept_with_new_account(
    *, invitation: Invitation, name: str, password: str, now: datetime.datetime | None = None
) -> User:
    """Somebody without an account makes one and takes her place. Of two at the same moment one wins."""
    now = now or timezone.now()
    invitation = _lock_open(invitation, now)
    if User.objects.with_email(invitation.email):
        raise Refused("Er is al een account met dit e-mailadres. Log in om de uitnodiging aan te nemen.")
    user = User.objects.create_user(email=invitation.email, name=name, password=password)
    _take_place(invitation, user, now)
    return user


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User, now: datetime.datetime | None = None) -> Membership:
    """Somebody who has an account adds this organisation to it."""
    now = now or timezone.now()
    invitation = _lock_open(invitation, now)
    _refuse(permissions.may_answer(by, invitation))
    return _take_place(invitation, by, now)


@transaction.atomic
def forget_old_invitations(*, now: datetime.datetime | None = None) -> int:
    """Delete what the register of personal fields promises to delete. Safe to repeat."""
    deleted, _ = Invitation.objects.forgettable(now or timezone.now()).delete()
    return deleted


def _mail_invitation(invitation: Invitation) -> None:
    enqueue_mail(
        template="invitation",
        to=invitation.email,
        context={"invitation": str(invitation.pk)},
        about=invitation,
        organisation=invitation.organisation_id,
    )


def _lock_unanswered(invitation: Invitation) -> Invitation:
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=invitation.pk)
    if invitation.accepted_at or invitation.revoked_at:
        raise Refused("Deze uitnodiging is al gebruikt of ingetrokken.")
    return invitation


def _lock_open(invitation: Invitation, now: datetime.datetime) -> Invitation:
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=invitation.pk)
    if not invitation.is_open(now):
        raise Refused(NOT_OPEN)
    return invitation


def _take_place(invitation: Invitation, user: User, now: datetime.datetime) -> Membership:
    """A new membership, or the old one again for somebody who comes back, or more roles for somebody who is there."""
    membership = (
        Membership.objects.select_for_update().filter(user=user, organisation=invitation.organisation_id).first()
    )
    if membership is None:
        membership = Membership(user=user, organisation=invitation.organisation, roles=[])
    before = membership.roles if membership.ended_at is None else []
    membership.roles = _in_order([*before, *invitation.roles])
    membership.profession_id = invitation.profession_id or membership.profession_id
    membership.ended_at = None
    membership.save()
    invitation.accepted_at = now
    invitation.accepted_by = user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record_access(by=user, event="invite_accept", action="U", obj=invitation)
    record_access(by=user, event="role_change", action="C", obj=membership, fields=("roles", "profession"))
    _tell_beheerders(membership, before, by=invitation.invited_by_id)
    return membership


# Memberships --------------------------------------------------------------------------------------------------------


@transaction.atomic
def change_membership(*, membership: Membership, roles: Iterable[str], profession, by: User) -> Membership:
    """Give her other roles or another profession. Somebody has to stay beheerder, nobody gives herself more, and who is
    somebody's fixed contact keeps working with caregivers.
    """
    others = _other_beheerders(membership)
    membership = _lock_active(membership)
    _refuse(permissions.may_manage_member(by, membership))
    roles = _in_order(roles)
    if Role.BEHEERDER in membership.roles and Role.BEHEERDER not in roles and not others:
        raise Refused(LAST_BEHEERDER.format(membership.user), field="roles")
    if membership.user_id == by.pk and not set(roles) <= set(membership.roles):
        raise Refused(NOT_YOURSELF, field="roles")
    if leaving.stops_working(membership.roles, roles):
        leaving.settle(membership=membership, by=by, now=timezone.now(), field="roles")
    before, membership.roles = membership.roles, roles
    membership.profession = profession
    membership.save(update_fields=["roles", "profession"])
    record_access(by=by, event="role_change", action="U", obj=membership, fields=("roles", "profession"))
    _tell_beheerders(membership, before, by=by.pk)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User, now: datetime.datetime | None = None) -> Membership:
    """She no longer works there: from the next request she sees nothing of it, and her appointments end. Not while she
    is somebody's fixed contact.
    """
    now = now or timezone.now()
    others = _other_beheerders(membership)
    membership = _lock_active(membership)
    _refuse(permissions.may_manage_member(by, membership))
    if Role.BEHEERDER in membership.roles and not others:
        raise Refused(LAST_BEHEERDER.format(membership.user))
    leaving.settle(membership=membership, by=by, now=now)
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    membership.appointments.standing().update(ended_at=now)
    end_sessions(user=membership.user)
    record_access(by=by, event="role_change", action="U", obj=membership, fields=("ended_at",))
    return membership


def _other_beheerders(membership: Membership) -> list[Membership]:
    """The organisation's other beheerders, locked together with her in one order: two who remove each other, queue."""
    beheerders = (
        Membership.objects.filter(organisation=membership.organisation_id)
        .beheerders()
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    return [other for other in beheerders if other.pk != membership.pk]


def _tell_beheerders(membership: Membership, before: list[str], *, by) -> None:
    """Mail the organisation's beheerders when somebody can do more than `before` or comes as beheerder, so that it
    cannot go unseen. She herself and whoever did it (`by`) know already. The mail names nobody: the team page does.
    """
    gained = set(membership.roles) - set(before)
    if Role.BEHEERDER in gained:
        change = "Er kwam een beheerder bij."
    elif before and gained:
        change = "Iemand kreeg er rollen bij."
    else:
        return
    beheerders = Membership.objects.filter(organisation=membership.organisation_id).beheerders()
    for beheerder in beheerders.exclude(user__in=[membership.user_id, by]).select_related("user"):
        enqueue_mail(
            template="team_changed",
            to=beheerder.user.email,
            context={"change": change},
            about=membership,
            organisation=membership.organisation_id,
        )


def _lock_active(membership: Membership) -> Membership:
    membership = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership.pk)
    if membership.ended_at:
        raise Refused(f"{membership.user} hoort niet meer bij deze organisatie.")
    return membership


# Organisations and appointments -------------------------------------------------------------------------------------


@transaction.atomic
def create_organisation(
    *, details: dict, beheerder_name: str, beheerder_email: str, by: User, now: datetime.datetime | None = None
) -> Organisation:
    """A new organisation; its first beheerder gets an invitation."""
    slug = slugify(details["name"])
    organisation = directory.create_organisation(
        by=by, slug=f"organisatie-{slug}" if slug in RESERVED_SLUGS else slug, **details
    )
    record_access(by=by, event="create", action="C", obj=organisation)
    invite(
        organisation=organisation,
        email=beheerder_email,
        name=beheerder_name,
        roles=[Role.BEHEERDER],
        by=by,
        now=now,
    )
    return organisation


@transaction.atomic
def change_organisation(*, organisation: Organisation, details: dict, by: User) -> Organisation:
    organisation = directory.update_organisation(organisation=organisation, by=by, **details)
    record_access(by=by, event="update", action="U", obj=organisation, fields=tuple(details))
    return organisation


@transaction.atomic
def link_municipality(*, organisation: Organisation, municipality: Municipality, by: User) -> None:
    _refuse(permissions.may_administer(by))
    organisation.municipalities.add(municipality)
    record_access(by=by, event="update", action="U", obj=organisation, fields=("municipalities",))


@transaction.atomic
def unlink_municipality(*, organisation: Organisation, municipality: Municipality, by: User) -> None:
    _refuse(permissions.may_administer(by))
    organisation.municipalities.remove(municipality)
    record_access(by=by, event="update", action="U", obj=organisation, fields=("municipalities",))


@transaction.atomic
def link_service(*, organisation: Organisation, service: Service, by: User) -> Service:
    """Bring a service of the sociale kaart under the organisation whose people answer for it here."""
    _refuse(permissions.may_administer(by))
    service = Service.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=service.pk)
    if service.organisation.uses_portal and service.organisation_id != organisation.pk:
        raise Refused(f"Dit aanbod is van {service.organisation}, die zelf met het portaal werkt.")
    try:
        service = directory.update_service(service=service, by=by, organisation=organisation)
    except ValidationError as error:
        raise Refused(f"Dit aanbod moet eerst compleet zijn. {' '.join(error.messages)}") from error
    record_access(by=by, event="update", action="U", obj=service, fields=("organisation",))
    return service


@transaction.atomic
def appoint(*, membership: Membership, role: str, municipality: Municipality, by: User) -> Appointment:
    """Appoint a consulent or a coordinator to a municipality; she gets the role if she has it not yet."""
    _refuse(permissions.may_administer(by))
    if role not in APPOINTED_TO_MUNICIPALITIES:
        raise Refused(
            "Alleen een mantelzorgconsulent of een coördinator wordt bij een gemeente aangesteld.", field="role"
        )
    membership = _lock_active(membership)
    if role not in membership.roles:
        if membership.user_id == by.pk:
            raise Refused(NOT_YOURSELF, field="role")
        before = membership.roles
        membership.roles = _in_order([*before, role])
        membership.save(update_fields=["roles"])
        record_access(by=by, event="role_change", action="U", obj=membership, fields=("roles",))
        _tell_beheerders(membership, before, by=by.pk)
    try:
        with transaction.atomic():
            appointment = Appointment.objects.create(
                membership=membership, role=role, municipality=municipality, appointed_by=by
            )
    except IntegrityError as error:
        raise Refused(f"{membership.user} is hier al voor aangesteld.") from error
    record_access(by=by, event="appoint", action="C", obj=appointment)
    return appointment


@transaction.atomic
def end_appointment(*, appointment: Appointment, by: User, now: datetime.datetime | None = None) -> None:
    """End it; her role stays, since she may do the same work elsewhere. Ending twice is no problem."""
    _refuse(permissions.may_administer(by))
    if Appointment.objects.standing().filter(pk=appointment.pk).update(ended_at=now or timezone.now()):
        record_access(by=by, event="appoint", action="U", obj=appointment, fields=("ended_at",))

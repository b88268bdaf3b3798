"""Who works here: people, the organisations they act for, and in which roles.

Rights are the sum of the roles of one membership. A person with memberships of two organisations acts for one of them
at a time (`User.acting`), so that the access log can always say for whom.
"""

import datetime
from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from sociale_kaart.areas import Area, area_of


class Role(models.TextChoices):
    VERWIJZER = "verwijzer", "verwijzer"
    CONSULENT = "consulent", "mantelzorgconsulent"
    COORDINATOR = "coordinator", "coördinator"
    BEHEERDER = "beheerder", "beheerder"
    LOGTOEZICHT = "logtoezicht", "logtoezicht"


WORKS_WITH_CAREGIVERS = (Role.VERWIJZER, Role.CONSULENT)
APPOINTED_TO_MUNICIPALITIES = (Role.CONSULENT, Role.COORDINATOR)


def role_names(roles: list[str]) -> str:
    return ", ".join(Role(role).label for role in roles)


class UserManager(BaseUserManager):
    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email: str, name: str = "", password: str | None = None, **extra):
        user = self.model(email=self.normalize_email(email).lower(), name=name, **extra)
        user.set_password(password)
        user.save()
        return user

    def with_email(self, email: str) -> "User | None":
        return self.filter(email=email.strip().lower()).first()

    def open_account(self, pk) -> "User | None":
        return self.filter(pk=pk, is_active=True).first()


class User(AbstractBaseUser):
    """A person who logs in with an e-mail address. There is no open sign-up: see Invitation."""

    personal = PersonalFields(
        about="professional",
        fields=("email", "name", "password", "last_login"),
        purpose="inloggen en aanspreekbaar zijn voor collega's",
        ground="uitvoering van de taak van de organisatie",
        retention="tot het account wordt gesloten; de naam blijft bij wat diegene deed",
    )
    not_personal = ("id", "is_active", "is_functional_admin", "news_daily", "created_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField("e-mailadres", unique=True)
    name = models.CharField("naam", max_length=120)
    is_active = models.BooleanField("actief", default=True)
    is_functional_admin = models.BooleanField("functioneel beheerder", default=False)
    news_daily = models.BooleanField(
        "nieuws één keer per dag", default=False, db_default=False
    )  # by mail; what is urgent comes at once
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    is_account = True  # as against who comes by a link, see referrals/linked
    bound_to = None  # the one referral that a link opens; with an account nobody is bound to one
    acting_choice: str | None = None  # the membership chosen in this session; set by the middleware

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="an_email_address_has_one_account"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="an_email_address_is_kept_in_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def active_memberships(self) -> list["Membership"]:
        return list(self.memberships.active().for_acting())

    @cached_property
    def acting(self) -> "Membership | None":
        """The membership she acts for now: the one chosen in this session while that is active, else her first."""
        chosen = [membership for membership in self.active_memberships if str(membership.pk) == self.acting_choice]
        return next(iter(chosen or self.active_memberships), None)

    @property
    def organisation(self):
        return self.acting.organisation if self.acting else None

    @property
    def organisation_id(self):
        return self.acting.organisation_id if self.acting else None

    def area(self, chosen: str = "") -> Area:
        """Where she looks for help: the municipality with this code, otherwise all of her organisation."""
        return area_of(organisation_id=self.organisation_id, chosen=chosen)

    def has_role(self, *roles: str) -> bool:
        return self.acting is not None and any(role in self.acting.roles for role in roles)

    @property
    def works_with_caregivers(self) -> bool:
        return self.has_role(*WORKS_WITH_CAREGIVERS)

    @property
    def is_coordinator(self) -> bool:
        return self.has_role(Role.COORDINATOR)

    @property
    def is_beheerder(self) -> bool:
        return self.has_role(Role.BEHEERDER)

    @property
    def is_logtoezicht(self) -> bool:
        return self.has_role(Role.LOGTOEZICHT)

    @cached_property
    def maintained_municipalities(self) -> frozenset[str]:
        """Codes of the municipalities whose sociale kaart she was appointed to keep."""
        return self._appointed(Role.CONSULENT)

    @cached_property
    def coordinated_municipalities(self) -> frozenset[str]:
        """Codes of the municipalities whose overviews she was appointed to make."""
        return self._appointed(Role.COORDINATOR)

    def may_maintain(self, municipality) -> bool:
        return municipality.pk in self.maintained_municipalities

    def coordinates(self, municipality) -> bool:
        return municipality.pk in self.coordinated_municipalities

    def _appointed(self, role: str) -> frozenset[str]:
        if not self.has_role(role):
            return frozenset()
        return frozenset(
            self.acting.appointments.standing().filter(role=role).values_list("municipality_id", flat=True)
        )


class IsAnyOf(Func):
    """`filter(IsAnyOf("turn_member", memberships))`: it is one of these few. They are looked up first and then found
    along the index, where `turn_member__in` would compare every row of the organisation with them.
    """

    arg_joiner = " = ANY("
    template = "%(expressions)s)"
    output_field = models.BooleanField()

    def __init__(self, field: str, rows, **extra):
        super().__init__(F(field), ArraySubquery(rows.values("pk")), **extra)


class MembershipQuerySet(models.QuerySet):
    def active(self):
        return self.filter(ended_at=None, user__is_active=True).order_by("created_at")

    def not_ended(self):
        return self.filter(ended_at=None).select_related("user")

    def for_acting(self):
        """With what nearly every page asks of who acts: of her organisation and profession no long texts."""
        return self.select_related("organisation", "profession").only(
            *(field.name for field in self.model._meta.concrete_fields),
            *(f"organisation__{name}" for name in ("name", "slug", "phone", "email", "uses_portal")),
            "profession__name",
        )

    def for_user(self, user):
        """The team of the organisation she acts for."""
        if user.acting is None:
            return self.none()
        return self.filter(organisation=user.acting.organisation_id)

    def for_list(self):
        """The people of a team by name, with what the team page shows of each."""
        return self.active().select_related("user", "profession").order_by("user__name", "pk")

    def with_user(self):
        return self.select_related("user")

    def but(self, membership):
        return self.exclude(pk=membership.pk)

    def of_these(self, keys):
        return self.filter(pk__in=list(keys))

    def locked_to_stay(self):
        """Nobody of these leaves before the end of this transaction. Beheerders first, the order of who takes somebody
        out of the team (accounts.actions), so that none of them waits for the other.
        """
        first = models.Case(models.When(roles__contains=[Role.BEHEERDER.value], then=0), default=1)
        return self.order_by(first, "pk").select_for_update(no_key=True, of=("self",))

    def beheerders(self):
        return self.active().filter(roles__contains=[Role.BEHEERDER.value])

    def behind(self, rows):
        """The places from which people did what stands in these rows of the access log."""
        return self.filter(
            user__in={row.user_id for row in rows}, organisation__in={row.organisation_id for row in rows}
        ).select_related("user", "organisation", "profession")

    def caregiver_workers(self, organisation_id):
        """Who works with caregivers there."""
        roles = [str(role) for role in WORKS_WITH_CAREGIVERS]
        return self.active().filter(organisation=organisation_id, roles__overlap=roles).select_related("user")

    def to_invite(self):
        """Who works with caregivers at an organisation that uses the portal: who can be asked to talk along."""
        roles = [str(role) for role in WORKS_WITH_CAREGIVERS]
        rows = self.active().filter(organisation__uses_portal=True, roles__overlap=roles)
        return rows.select_related("user", "organisation", "profession")

    def coordinators_of(self, organisation_ids):
        """Who watches the open loops of one of these organisations."""
        rows = self.active().filter(organisation__in=organisation_ids, roles__contains=[Role.COORDINATOR.value])
        return rows.select_related("user")

    def in_whose_place(self, user):
        """For whom she can act: herself, and who can no longer. What was their turn, is any colleague's."""
        if user.acting is None:
            return self.none()
        working = Q(ended_at=None, user__is_active=True, roles__overlap=[str(role) for role in WORKS_WITH_CAREGIVERS])
        return self.for_user(user).filter(Q(pk=user.acting.pk) | ~working)

    def stood_in_for(self, membership, day: datetime.date):
        """Who is away on this day and named her as who stands in."""
        return self.filter(
            absences__stand_in=membership,
            absences__ended_at=None,
            absences__first_day__lte=day,
            absences__last_day__gte=day,
        )

    def named_like(self, user, text: str) -> list:
        """The keys of those in her organisation with this in their name, also of who left: enough for a list."""
        named = self.for_user(user).filter(user__name__icontains=text.strip())
        return list(named.order_by("pk").values_list("pk", flat=True)[:50])

    def colleagues(self, user):
        """Who in her organisation can take on a caregiver."""
        return (
            self.for_user(user)
            .active()
            .filter(roles__overlap=[str(role) for role in WORKS_WITH_CAREGIVERS])
            .select_related("user", "profession")
            .order_by("user__name")
        )


class Membership(models.Model):
    """A person's place in an organisation: her roles and her profession there.

    It ends, but is never deleted: what she did there keeps her name, and an invitation revives the same row.
    """

    personal = PersonalFields(
        about="professional",
        fields=("user", "phone"),
        purpose="weten wie waar werkt en in welke rol",
        ground="uitvoering van de taak van de organisatie",
        retention="zolang verwijzingen en het logboek ernaar verwijzen",
    )
    not_personal = ("id", "organisation", "roles", "profession", "created_at", "ended_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name="persoon")
    organisation = models.ForeignKey(
        "sociale_kaart.Organisation", models.PROTECT, related_name="memberships", verbose_name="organisatie"
    )
    roles = ArrayField(models.CharField(max_length=20, choices=Role), verbose_name="rollen")
    profession = models.ForeignKey(
        "knowledge.Profession",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="beroep",
    )
    phone = models.CharField("telefoonnummer", max_length=30, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_per_person_and_organisation"),
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="a_member_has_a_role"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=[str(role) for role in Role]), name="a_role_is_a_known_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}"

    @property
    def profession_name(self) -> str:
        return self.profession.name if self.profession_id else ""

    @property
    def role_names(self) -> str:
        return role_names(self.roles)


class AppointmentQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at=None)

    def of(self, organisation):
        return self.filter(membership__organisation=organisation)

    def coordinators_in(self, municipality_id):
        """Who was appointed to watch the open loops of this municipality, and is still there."""
        there = Q(membership__ended_at=None, membership__user__is_active=True)
        rows = self.standing().filter(there, role=Role.COORDINATOR.value, municipality=municipality_id)
        return rows.select_related("membership__user")

    def for_list(self):
        return (
            self.standing()
            .select_related("membership__user", "municipality")
            .order_by("municipality__name", "role", "membership__user__name")
        )


class Appointment(models.Model):
    """The functioneel beheerder appoints a consulent or a coordinator to a municipality."""

    personal = PersonalFields(
        about="professional",
        fields=("membership", "appointed_by"),
        purpose="weten wie de sociale kaart of de overzichten van een gemeente bijhoudt, en wie dat besloot",
        ground="uitvoering van de taak van de organisatie",
        retention="zolang het logboek ernaar verwijst",
    )
    not_personal = ("role", "municipality", "created_at", "ended_at")

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in APPOINTED_TO_MUNICIPALITIES])
    municipality = models.ForeignKey("sociale_kaart.Municipality", models.PROTECT, related_name="appointments")
    appointed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "role", "municipality"],
                condition=Q(ended_at=None),
                name="appointed_once_per_role_and_municipality",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in APPOINTED_TO_MUNICIPALITIES]),
                name="only_consulenten_and_coordinators_are_appointed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.municipality}"


class InvitationQuerySet(models.QuerySet):
    def for_user(self, user):
        if user.acting is None:
            return self.none()
        return self.filter(organisation=user.acting.organisation_id)

    def unanswered(self):
        """Neither accepted nor revoked; it may have expired."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self, now: datetime.datetime | None = None):
        return self.unanswered().filter(expires_at__gt=now or timezone.now())

    def for_list(self):
        return self.unanswered().select_related("profession").order_by("-created_at", "pk")

    def for_beheerders(self):
        """What the functioneel beheerder may see and repeat: who was invited to manage an organisation."""
        return self.filter(roles=[Role.BEHEERDER.value]).select_related("organisation")

    def behind_link(self, pk):
        """The invitation a mailed link names, if there is one; whether the link opens it is for the caller to ask."""
        return self.filter(pk=pk).select_related("organisation", "profession").first()

    def forgettable(self, now: datetime.datetime):
        """Answered, revoked or expired longer ago than we keep them."""
        limit = now - Invitation.KEPT
        return self.filter(Q(accepted_at__lt=limit) | Q(revoked_at__lt=limit) | Q(expires_at__lt=limit))


class Invitation(models.Model):
    """A beheerder invites a colleague: the link in the mail works once, until it expires or is revoked.

    The link's secret is computed from the row and the installation's key when the mail is written, and never stored:
    who reads the database, a backup or the outbox cannot make it. Sending again makes a new link and kills the old one.
    """

    LIFETIME = datetime.timedelta(days=7)
    KEPT = datetime.timedelta(days=30)

    personal = PersonalFields(
        about="professional",
        fields=("email", "name", "invited_by", "accepted_by"),
        purpose="een collega toegang geven",
        ground="uitvoering van de taak van de organisatie",
        retention="30 dagen na gebruik, intrekken of verlopen",
    )
    not_personal = (
        "id",
        "organisation",
        "roles",
        "profession",
        "times_sent",
        "created_at",
        "expires_at",
        "accepted_at",
        "revoked_at",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, related_name="invitations")
    email = models.EmailField("e-mailadres")
    name = models.CharField("naam", max_length=120)
    roles = ArrayField(models.CharField(max_length=20, choices=Role), verbose_name="rollen")
    profession = models.ForeignKey("knowledge.Profession", models.PROTECT, null=True, blank=True, related_name="+")
    times_sent = models.PositiveSmallIntegerField(default=1)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                name="one_open_invitation_per_address",
                condition=Q(accepted_at=None, revoked_at=None),
            ),
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="an_invitation_names_a_role"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=[str(role) for role in Role]),
                name="an_invitation_names_known_roles",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                name="an_invitation_is_not_both_accepted_and_revoked",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="an_accepted_invitation_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"

    @property
    def token(self) -> str:
        """The secret part of the link that was mailed last."""
        return salted_hmac("accounts.Invitation", f"{self.pk}:{self.times_sent}", algorithm="sha256").hexdigest()

    def opens_with(self, token: str) -> bool:
        return constant_time_compare(self.token, token)

    def is_open(self, now: datetime.datetime) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > now

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def role_names(self) -> str:
        return role_names(self.roles)


class SessionQuerySet(models.QuerySet):
    def of(self, user):
        """Where she is logged in now, this moment first."""
        return self.filter(user=user, expire_date__gt=timezone.now()).order_by("-last_active_at")

    def except_for(self, session_key: str | None):
        return self.exclude(session_key=session_key) if session_key else self

    def forgettable(self, now: datetime.datetime):
        return self.filter(expire_date__lt=now - Session.REMEMBERED)


class Session(AbstractBaseSession):
    """Somebody's browser. Deleting the row logs it out at once: see `accounts.sessions`."""

    REMEMBERED = datetime.timedelta(days=1)  # after it ran out

    personal = PersonalFields(
        about="professional",
        fields=("session_key", "session_data", "user", "device", "started_at", "last_active_at"),
        purpose="ingelogd blijven tijdens het werk, en zelf kunnen zien waar je bent ingelogd",
        ground="uitvoering van de taak van de organisatie",
        retention="tot het uitloggen, en hoogstens een dag na het verlopen van de sessie",
    )
    not_personal = ("public_id", "expire_date")

    session_key = models.CharField("sleutel", max_length=40, primary_key=True)
    session_data = models.TextField("wat de sessie onthoudt")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions", verbose_name="persoon")
    public_id = models.UUIDField(default=uuid7, editable=False)  # to name it in an address: the key is a secret
    device = models.CharField("apparaat", max_length=60, blank=True)
    started_at = models.DateTimeField("ingelogd sinds", default=timezone.now)
    last_active_at = models.DateTimeField("het laatst bezig", default=timezone.now)

    objects = BaseSessionManager.from_queryset(SessionQuerySet)()

    class Meta:
        verbose_name = "sessie"

    @classmethod
    def get_session_store_class(cls):
        from accounts.sessions import SessionStore

        return SessionStore


class KeptFormQuerySet(models.QuerySet):
    def of(self, user, now: datetime.datetime | None = None) -> "KeptForm | None":
        return self.filter(user=user, kept_at__gt=(now or timezone.now()) - KeptForm.KEPT).first()

    def forgettable(self, now: datetime.datetime):
        return self.filter(kept_at__lt=now - KeptForm.KEPT)


class KeptForm(models.Model):
    """What she was typing when her session ran out, until she logs in again. Encrypted; of each person the last one."""

    KEPT = datetime.timedelta(hours=1)

    personal = PersonalFields(
        about="mantelzorger",
        fields=("user", "path", "page", "typed"),
        purpose="wat iemand typte teruggeven als de sessie intussen verliep; versleuteld",
        ground="uitvoering van de taak van de organisatie",
        retention="tot zij verdergaat, en hoogstens een uur",
    )
    not_personal = ("kept_at",)

    user = models.OneToOneField(
        User, models.CASCADE, primary_key=True, related_name="kept_form", verbose_name="wie het typte"
    )
    path = models.CharField("waar het naartoe ging", max_length=500)
    page = models.CharField("de bladzijde", max_length=500)
    typed = models.BinaryField("wat er getypt was")
    kept_at = models.DateTimeField(default=timezone.now)

    objects = KeptFormQuerySet.as_manager()

    class Meta:
        verbose_name = "bewaard formulier"

    def __str__(self) -> str:
        return f"{self.user} {self.kept_at}"


class AbsenceQuerySet(models.QuerySet):
    def not_over(self, today: datetime.date):
        """Standing now or to come, the first of them first."""
        return self.filter(ended_at=None, last_day__gte=today).order_by("first_day")

    def on(self, day: datetime.date):
        return self.filter(ended_at=None, first_day__lte=day, last_day__gte=day)

    def of(self, membership):
        return self.filter(membership=membership).select_related("stand_in__user")

    def overlapping(self, first_day: datetime.date, last_day: datetime.date):
        return self.filter(ended_at=None, first_day__lte=last_day, last_day__gte=first_day)

    def stand_ins(self, day: datetime.date, *, organisation=None) -> dict:
        """Who is away on this day: membership id to the id of who stands in for her, or None where nobody can."""
        away = self.on(day) if organisation is None else self.on(day).filter(membership__organisation=organisation)
        working = Q(stand_in__ended_at=None, stand_in__user__is_active=True) & Q(
            stand_in__roles__overlap=[str(role) for role in WORKS_WITH_CAREGIVERS]
        )
        named = dict(
            away.annotate(works=models.Case(models.When(working, then=F("stand_in")))).values_list(
                "membership", "works"
            )
        )
        return {away_id: _there(away_id, named) for away_id in named}


def _there(away_id, named: dict):
    """Along the chain of stand-ins to the first who is there; None when it ends nowhere, or where it began."""
    seen = {away_id}
    stand_in = named[away_id]
    while stand_in in named:
        if stand_in in seen:
            return None
        seen.add(stand_in)
        stand_in = named[stand_in]
    return stand_in


class Absence(models.Model):
    """Somebody is away from the first to the last day: what is her turn, is meanwhile the turn of her stand-in."""

    personal = PersonalFields(
        about="professional",
        fields=("membership", "stand_in"),
        purpose="het werk van wie er niet is, bij een collega leggen",
        ground="uitvoering van de taak van de organisatie",
        retention="ABSENCES_KEPT_DAYS (90 dagen) na de laatste dag",
    )
    not_personal = ("id", "first_day", "last_day", "ended_at", "created_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="absences", verbose_name="wie is afwezig")
    stand_in = models.ForeignKey(Membership, models.CASCADE, related_name="+", verbose_name="wie neemt waar")
    first_day = models.DateField("eerste dag")
    last_day = models.DateField("laatste dag")
    ended_at = models.DateTimeField(null=True)  # she was back earlier, or it was not to be
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = "afwezigheid"
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="who_is_away_comes_back_later"),
            models.CheckConstraint(condition=~Q(stand_in=F("membership")), name="nobody_stands_in_for_herself"),
        ]
        indexes = [models.Index(fields=["last_day"], name="absences_not_over", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"{self.first_day} - {self.last_day}"

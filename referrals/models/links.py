"""How a receiver without an account gets to one referral: a link, and each time a code, both to the organisation's own
address.

Neither secret is stored. Both are computed from the row and the installation's key when the mail is written: who reads
the database, a backup or the outbox cannot make them.
"""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from mantelzorg.ids import uuid7
from mantelzorg.personal import PersonalFields
from mantelzorg.signed_links import is_token_of, key_in, token_of


class ReferralLinkQuerySet(models.QuerySet):
    def behind_token(self, token: str) -> "ReferralLink | None":
        """The link with this token when its signature is ours; whether it still opens is another matter."""
        link = self.filter(pk=key_in(token)).first()
        return link if link and link.opens_with(token) else None

    def standing(self, now: datetime.datetime):
        return self.filter(revoked_at=None, expires_at__gt=now).order_by("-made_at", "-pk")

    def last_of(self, referral) -> "ReferralLink | None":
        """The last one that was not revoked, also when its time is over: its address is where a new one goes."""
        return self.filter(referral=referral, revoked_at=None).order_by("-made_at", "-pk").first()

    def made_since(self, referral, moment: datetime.datetime) -> int:
        return self.filter(referral=referral, made_at__gt=moment).count()

    def forgettable(self, now: datetime.datetime):
        return self.filter(expires_at__lt=now - datetime.timedelta(days=settings.LINKS_KEPT_DAYS))


class ReferralLink(models.Model):
    """One link to one referral, mailed to one address of the organisation that receives it."""

    SALT = "referrals.ReferralLink"

    personal = PersonalFields(
        about="professional",
        fields=("to",),
        purpose="een ontvanger zonder account laten antwoorden",
        ground="uitvoering van de taak van de organisatie",
        retention="LINKS_KEPT_DAYS (90 dagen) na het verlopen",
    )
    not_personal = ("id", "referral", "organisation", "made_at", "expires_at", "revoked_at")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    referral = models.ForeignKey("referrals.Referral", models.CASCADE, related_name="receiver_links")
    organisation = models.ForeignKey("sociale_kaart.Organisation", models.PROTECT, related_name="+")  # that receives it
    to = models.EmailField("gemaild aan")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = ReferralLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "link naar een verwijzing"
        indexes = [models.Index(fields=["referral", "-made_at"], name="links_of_a_referral")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="a_link_expires_after_it_is_made"),
            models.CheckConstraint(condition=~Q(to=""), name="a_link_goes_to_an_address"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def token(self) -> str:
        return token_of(self.pk, salt=self.SALT, said=self._said())

    def opens_with(self, token: str) -> bool:
        return is_token_of(self.pk, token, salt=self.SALT, said=self._said())

    def stands(self, now: datetime.datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now

    @property
    def masked_to(self) -> str:
        """Enough for who reads that mailbox to know it, and no use to anybody else."""
        name, _, host = self.to.partition("@")
        return f"{name[:1]}…@{host}"

    def _said(self) -> str:
        return f"{self.pk}:{self.to.casefold()}:{self.expires_at.timestamp():.0f}"


class LinkCodeQuerySet(models.QuerySet):
    def open_of(self, link: ReferralLink, now: datetime.datetime):
        """Which can still be typed: only the last one that was sent."""
        last = self.filter(link=link).order_by("-sent_at", "-pk")[:1]
        return self.filter(pk__in=last.values("pk"), used_at=None, expires_at__gt=now, tries__lt=LinkCode.MOST_TRIES)

    def sent_since(self, link: ReferralLink, moment: datetime.datetime) -> int:
        return self.filter(link__referral=link.referral_id, sent_at__gt=moment).count()


class LinkCode(models.Model):
    """Six digits that open a link once, within a quarter of an hour."""

    MOST_TRIES = 5
    DIGITS = 6

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    link = models.ForeignKey(ReferralLink, models.CASCADE, related_name="codes")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    objects = LinkCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "code bij een link"
        indexes = [models.Index(fields=["link", "-sent_at"], name="codes_of_a_link")]

    def __str__(self) -> str:
        return str(timezone.localtime(self.sent_at))

    @property
    def digits(self) -> str:
        return self._digits(settings.SECRET_KEY)

    def is_right(self, typed: str) -> bool:
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return any(constant_time_compare(self._digits(key), typed) for key in keys)

    def _digits(self, key: str) -> str:
        made = salted_hmac("referrals.LinkCode", f"{self.pk}:{self.link_id}", secret=key, algorithm="sha256").digest()
        return f"{int.from_bytes(made, 'big') % 10**self.DIGITS:0{self.DIGITS}d}"

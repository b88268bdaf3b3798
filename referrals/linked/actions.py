"""Making, mailing, opening and revoking the links and codes of a receiver without an account.

A link opens nothing by itself: each time a code goes to the same address. Whatever is wrong, a stranger is told the
same; and a new link goes to the address the first one went to, never to one that somebody types.
"""

import datetime

from django.conf import settings
from django.db import transaction

from mantelzorg import principals
from mantelzorg.refusal import Refused
from referrals.linked.principal import ByLink
from referrals.models import LinkCode, Referral, ReferralLink
from referrals.transitions import Channel
from trail.actions import enqueue_mail, record_access
from trail.models import AccessLogEntry

CODE_LIVES = datetime.timedelta(minutes=15)
OPEN_FOR = datetime.timedelta(minutes=60)
CODES_AN_HOUR = 5
LINKS_A_DAY = 3
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def link_of(referral: Referral, *, now: datetime.datetime) -> ReferralLink | None:
    """The link that goes with a mail to its receiver: the one that stands, or a new one to the same address. None when
    there is no address.
    """
    last = ReferralLink.objects.last_of(referral)
    if last is not None and last.stands(now + DAY):
        return last
    to = last.to if last is not None else referral.service.email or referral.receiver_organisation.email
    return _make(referral, to, now) if to else None


def _make(referral: Referral, to: str, now: datetime.datetime) -> ReferralLink:
    expires_at = now + datetime.timedelta(days=settings.LINK_DAYS)
    return ReferralLink.objects.create(
        referral=referral,
        organisation_id=referral.receiver_organisation_id,
        to=to,
        made_at=now,
        expires_at=expires_at,
    )


def mail_link(
    link: ReferralLink, *, line: str, referral: Referral, now: datetime.datetime, calendar: dict | None = None
) -> None:
    context = {"line": line, "number": referral.number, "link": str(link.pk)}
    enqueue_mail(
        template="referral_link",
        to=link.to,
        context=context | ({"calendar": calendar} if calendar else {}),
        about=referral,
        subject=referral.caregiver_id,
        organisation=referral.receiver_organisation_id,
        now=now,
    )


@transaction.atomic
def send_anew(*, referral: Referral, by, now: datetime.datetime) -> ReferralLink:
    """The sender lets a new link go out, to the address that the service has now; the former ones stop working."""
    referral = Referral.objects.for_user(by).open().filter(pk=referral.pk).select_for_update(of=("self",)).first()
    if referral is None or referral.sender_organisation_id != by.organisation_id or referral.channel != Channel.LINK:
        raise Refused("Deze verwijzing loopt niet meer, of gaat niet via een link.")
    if ReferralLink.objects.made_since(referral, now - DAY) >= LINKS_A_DAY:
        raise Refused("Er gingen vandaag al drie links de deur uit. Bel de organisatie, of probeer het morgen.")
    to = referral.service.email or referral.receiver_organisation.email
    if not to:
        raise Refused("Bij dit aanbod staat geen e-mailadres meer. Bel de organisatie.")
    referral.receiver_links.filter(revoked_at=None).update(revoked_at=now)
    link = _make(referral, to, now)
    referral.unreachable_at = None
    referral.save(update_fields=["unreachable_at"])
    line = "Er staat een verwijzing voor jullie klaar. Dit is een nieuwe link; de vorige werkt niet meer."
    mail_link(link, line=line, referral=referral, now=now)
    record_access(
        by=by, event="link_sent", action="C", obj=link, subject=referral.caregiver_id, consent=referral.consent_id
    )
    return link


@transaction.atomic
def renew(*, link: ReferralLink, now: datetime.datetime) -> None:
    """Somebody came with a link whose time is over: a new one to the same address, if there is still something to see.
    Says nothing about that; only here the link itself asks after its referral.
    """
    with principals.acting(principals.link(link.referral_id)):
        link = ReferralLink.objects.select_for_update(of=("self",)).select_related("referral").get(pk=link.pk)
        by = ByLink.of(link)
        newer = ReferralLink.objects.standing(now).filter(referral=link.referral_id).exists()
        is_over = link.referral.stage_for(by, now=now) == Referral.Stage.STUB
        too_often = ReferralLink.objects.made_since(link.referral_id, now - DAY) >= LINKS_A_DAY
        if link.revoked_at or newer or is_over or too_often:
            return
        fresh = _make(link.referral, link.to, now)
        line = "Er is een nieuwe link gevraagd voor een verwijzing aan jullie."
        mail_link(fresh, line=line, referral=link.referral, now=now)
        record_access(by=by, event="link_sent", action="C", obj=fresh)


@transaction.atomic
def send_code(*, link: ReferralLink, now: datetime.datetime) -> None:
    """Mail a code to the address of the link; a former code stops working. Raises Refused when it is too often."""
    ReferralLink.objects.select_for_update().get(pk=link.pk)
    if LinkCode.objects.sent_since(link, now - HOUR) >= CODES_AN_HOUR:
        raise Refused("Er gingen net al een paar codes naar dit adres. Probeer het over een uur nog eens.")
    code = LinkCode.objects.create(link=link, sent_at=now, expires_at=now + CODE_LIVES)
    enqueue_mail(
        template="link_code",
        to=link.to,
        context={"code": str(code.pk)},
        about=link,
        organisation=link.organisation_id,
        now=now,
    )
    record_access(by=ByLink.of(link), event="link_code", action="E", obj=link)


@transaction.atomic
def open_with(*, link: ReferralLink, typed: str, now: datetime.datetime) -> bool:
    """Whether this is the code that was mailed last. Each try counts; the code opens once."""
    code = LinkCode.objects.open_of(link, now).select_for_update(of=("self",)).first()
    if code is None:
        return False
    is_right = code.is_right(typed)
    code.tries += 1
    code.used_at = now if is_right else None
    code.save(update_fields=["tries", "used_at"])
    outcome = AccessLogEntry.Outcome.OK if is_right else AccessLogEntry.Outcome.DENIED
    record_access(by=ByLink.of(link), event="link_open", action="E", obj=link, outcome=outcome)
    return is_right


@transaction.atomic
def forget_old_links(*, now: datetime.datetime) -> int:
    return ReferralLink.objects.forgettable(now).delete()[0]

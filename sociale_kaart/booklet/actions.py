"""What somebody can do with a booklet: ask for it. The worker makes it (jobs.py)."""

import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from mantelzorg.refusal import Refused
from sociale_kaart.booklet import contents, permissions
from sociale_kaart.models import Booklet, Municipality

State = Booklet.State


@transaction.atomic
def ask_booklet(*, municipality: Municipality, by, now: datetime.datetime | None = None) -> Booklet:
    """The one that is being made, or else a new one: whoever asks meanwhile waits for the same."""
    if not permissions.may_have_booklet(by, municipality):
        raise PermissionDenied
    count = contents.services_of(municipality)[: settings.BOOKLET_MAX_SERVICES + 1].count()
    if not count:
        raise Refused(f"Er staat nog geen aanbod op de sociale kaart van {municipality}.")
    if count > settings.BOOKLET_MAX_SERVICES:
        raise Refused(
            f"Er staat meer aanbod op de sociale kaart van {municipality} dan in één boekje past: het mag "
            f"{settings.BOOKLET_MAX_SERVICES} zijn."
        )
    asked = {"asked_at": now or timezone.now(), "services": count}
    return Booklet.objects.get_or_create(municipality=municipality, state=State.WAITING, defaults=asked)[0]


def forget_old_booklets(*, now: datetime.datetime) -> int:
    """After BOOKLET_KEPT_DAYS it has grown old: whoever wants it asks for a new one."""
    return Booklet.objects.kept_too_long(now).exclude(state=State.WAITING).delete()[0]

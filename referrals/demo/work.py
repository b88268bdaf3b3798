"""A work list that is alive: what colleagues reported, what an owner proposed, who did not answer, who was just asked.

The services are picked by how late they are, so that the demo has the same work list on whichever day it is made.
"""

import datetime

from django.utils import timezone

from accounts.models import User
from mantelzorg.principals import acting, member
from sociale_kaart.editing.actions import propose
from sociale_kaart.freshness import actions, owners
from sociale_kaart.models import CheckRequest, Report, Service

DAYS = datetime.timedelta(days=1)
REPORTS = (
    ("contact", "Dit nummer is niet meer in gebruik. Op de website staat een ander nummer.", 1),
    ("voorwaarden", "Ze zeggen dat er nu een wachtlijst is van ongeveer zes weken.", 4),
)
HANDLED = ("inhoud", "Volgens hen is dit er ook voor mensen onder de 65.", 20)
ANSWER = "Dank je. Ik heb het nagevraagd, en het is aangepast: er is geen leeftijdsgrens."
PROPOSAL = "We zijn sinds deze maand ook op vrijdagmiddag bereikbaar."


def make_directory_work(people: dict[str, User], *, now: datetime.datetime | None = None) -> None:
    if Report.objects.exists() or CheckRequest.objects.exists():
        return
    now = now or timezone.now()
    consulent, reporter = people["consulent"], people["poh"]
    kept = Service.objects.published().kept_by(consulent).select_related("organisation")
    fresh = list(kept.order_by("-next_check_on", "slug")[: len(REPORTS) + 2])
    with acting(member(reporter)):
        for service, (what, words, ago) in zip(fresh, REPORTS, strict=False):
            actions.report(service=service, what=what, words=words, by=reporter, now=now - ago * DAYS)
        what, words, ago = HANDLED
        handled = actions.report(service=fresh[-2], what=what, words=words, by=reporter, now=now - ago * DAYS)
    propose(service=fresh[-1], fields={}, words=PROPOSAL, said_by=owners.SAID_BY, now=now - 2 * DAYS)
    with acting(member(consulent)):
        actions.handle_report(
            report=handled, outcome=Report.State.MENDED, answer=ANSWER, by=consulent, now=now - (ago - 3) * DAYS
        )
        stale = kept.stale(timezone.localdate(now)).order_by("next_check_on", "slug")
        late = [service for service in stale if owners.address_of(service)]
        for service in late[:2]:
            silent = actions.ask_by_hand(service=service, by=consulent, now=now - 40 * DAYS)
            actions.remind(request_id=silent.pk, now=now - 26 * DAYS)
            actions.close(request_id=silent.pk, now=now - 10 * DAYS)
        for service in late[2:3]:
            actions.ask_by_hand(service=service, by=consulent, now=now - 3 * DAYS)

"""Whose turn it is to look at what was said about a service."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from sociale_kaart.models.geography import Municipality
from sociale_kaart.models.services import Service


def turn_of(codes: Iterable[str]) -> Q:
    """For rows about a `service`: its home is one of these municipalities; or it is offered here, and its home has
    nobody who keeps the sociale kaart. So nothing waits for somebody who is not there.
    """
    codes = list(codes)
    offered = Service.municipalities.through.objects.filter(service=OuterRef("service"), municipality__in=codes)
    kept = Municipality.objects.with_consulent().filter(pk=OuterRef("service__home_municipality"))
    return Q(service__home_municipality__in=codes) | (Exists(offered) & ~Exists(kept))

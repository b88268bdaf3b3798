"""What the functioneel beheerder's pages read of the sociale kaart and of who works where."""

from collections import Counter

from django.db.models import Q, QuerySet

from accounts.models import WORKS_WITH_CAREGIVERS, Role
from sociale_kaart.models import Organisation, Service


def found_organisations(words: str) -> QuerySet[Organisation]:
    """Organisations whose name or place holds every word."""
    wanted = Q()
    for word in words.split():
        wanted &= Q(name__icontains=word) | Q(place__icontains=word)
    return Organisation.objects.filter(wanted).only("slug", "name", "kind", "place", "uses_portal", "answers_by_link")


def linkable_services(organisation: Organisation, words: str) -> QuerySet[Service]:
    """Services that may come under this organisation: of others, who do not answer for them in the portal."""
    wanted = Q(organisation__uses_portal=False) & ~Q(organisation=organisation) & ~Q(status=Service.Status.ARCHIVED)
    for word in words.split():
        wanted &= Q(name__icontains=word) | Q(everyday_name__icontains=word) | Q(organisation__name__icontains=word)
    return (
        Service.objects.filter(wanted)
        .select_related("organisation")
        .only("slug", "name", "everyday_name", "organisation__name")
    )


def staffing(organisation: Organisation) -> dict:
    """How many people have which role, and whether anybody is there to answer a referral."""
    lists = list(organisation.memberships.active().values_list("roles", flat=True))
    counts = Counter(role for roles in lists for role in roles)
    return {
        "people": len(lists),
        "roles": [(role.label, counts[role.value]) for role in Role if counts[role.value]],
        "answers": any(counts[role.value] for role in WORKS_WITH_CAREGIVERS),
    }

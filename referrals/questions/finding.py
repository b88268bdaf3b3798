"""Whom one can ask: organisations where somebody answers here, found by their name, place, profession or offer."""

from django.db.models import BooleanField, ExpressionWrapper, Q

from accounts.models import WORKS_WITH_CAREGIVERS, Membership
from sociale_kaart.models import Organisation, Service

MOST_TYPED = 80


def where_somebody_answers(user):
    """Not her own: there she asks a colleague."""
    roles = [str(role) for role in WORKS_WITH_CAREGIVERS]
    workers = Membership.objects.filter(ended_at=None, user__is_active=True, roles__overlap=roles)
    rows = Organisation.objects.filter(uses_portal=True, pk__in=workers.values("organisation"))
    return rows.exclude(pk=user.organisation_id)


def found(user, *, text: str):
    """What she typed stands in the name, the place, a profession of somebody there, or the name of what it offers.

    Those that work where she works come first.
    """
    rows = where_somebody_answers(user)
    for word in text[:MOST_TYPED].split()[:4]:
        met = Membership.objects.filter(ended_at=None, user__is_active=True, profession__name__icontains=word)
        offers = Service.objects.published().filter(Q(name__icontains=word) | Q(everyday_name__icontains=word))
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(place__icontains=word)
            | Q(pk__in=met.values("organisation"))
            | Q(pk__in=offers.order_by().values("organisation"))
        )
    links = Organisation.municipalities.through.objects
    hers = links.filter(organisation=user.organisation_id).values("municipality")
    near = Q(pk__in=links.filter(municipality__in=hers).values("organisation"))
    return rows.annotate(is_far=ExpressionWrapper(~near, output_field=BooleanField())).only(
        "slug", "name", "kind", "place"
    )


def professions_at(organisations) -> dict:
    """Organisation id to the professions of who answers there, in words. One query."""
    roles = [str(role) for role in WORKS_WITH_CAREGIVERS]
    rows = Membership.objects.filter(
        organisation__in=organisations, ended_at=None, user__is_active=True, roles__overlap=roles
    )
    known: dict = {}
    pairs = rows.exclude(profession=None).values_list("organisation", "profession__name")
    for organisation, name in pairs.order_by("profession__name").distinct():
        known.setdefault(organisation, []).append(name)
    return {organisation: ", ".join(names) for organisation, names in known.items()}


def one(user, slug: str) -> Organisation | None:
    """The organisation that an address names, when somebody answers there."""
    return where_somebody_answers(user).filter(slug=slug).first()


def named(slug: str) -> Organisation | None:
    return Organisation.objects.at(slug) if slug else None

"""Who may have the booklet of a municipality: every professional whose organisation works there, and who keeps or
coordinates it. For the functional admin that is all of them.
"""

from django.db.models import QuerySet

from sociale_kaart.models import Municipality, Organisation, Service


def within_reach(user) -> QuerySet:
    """The municipalities of which she may have it."""
    if user.is_functional_admin:
        offered = Service.municipalities.through.objects.filter(service__status=Service.Status.PUBLISHED)
        return Municipality.objects.filter(pk__in=offered.values("municipality")).order_by("name")
    appointed = user.maintained_municipalities | user.coordinated_municipalities
    works_in = Organisation.municipalities.through.objects.filter(organisation=user.organisation_id)
    codes = works_in.values_list("municipality", flat=True)
    return Municipality.objects.filter(pk__in={*codes, *appointed}).order_by("name")


def in_reach(user, slug: str) -> Municipality | None:
    return within_reach(user).filter(slug=slug).first()


def may_have_booklet(user, municipality: Municipality) -> bool:
    """For the functional admin also where there is nothing yet: then the refusal says so."""
    return user.is_functional_admin or within_reach(user).filter(pk=municipality.pk).exists()

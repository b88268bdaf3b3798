"""Over whom a coordinator may count: her municipalities, one of them, or what her own organisation did."""

from dataclasses import dataclass

from django.db.models import Q

from sociale_kaart.models import Municipality


@dataclass(frozen=True)
class Area:
    key: str
    name: str
    municipalities: tuple[Municipality, ...] = ()
    organisation_id: object = None

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(municipality.pk for municipality in self.municipalities)

    @property
    def is_one_municipality(self) -> bool:
        return len(self.municipalities) == 1

    def of_caregivers(self, prefix: str = "") -> Q:
        if self.organisation_id:
            return Q(**{f"{prefix}organisation": self.organisation_id})
        return Q(**{f"{prefix}municipality__in": self.codes})

    def of_referrals(self, prefix: str = "") -> Q:
        if self.organisation_id:
            return Q(**{f"{prefix}sender_organisation": self.organisation_id})
        return Q(**{f"{prefix}municipality__in": self.codes})


def areas_of(user) -> list[Area]:
    """What she can choose, the widest first. Empty for who coordinates nothing."""
    if not user.is_coordinator:
        return []
    appointed = tuple(Municipality.objects.filter(pk__in=user.coordinated_municipalities))
    areas = []
    if len(appointed) > 1:
        areas.append(Area("alle", "al mijn gemeenten", appointed))
    areas += [Area(municipality.pk, municipality.name, (municipality,)) for municipality in appointed]
    areas.append(Area("organisatie", f"{user.organisation} zelf", organisation_id=user.organisation_id))
    return areas

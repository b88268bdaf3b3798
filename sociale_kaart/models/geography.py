"""Where: municipalities by their CBS code, and the four digits of a postcode that lead to them."""

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower, Trim

from sociale_kaart import postcodes
from sociale_kaart.search.words import plain


class Province(models.TextChoices):
    GRONINGEN = "PV20", "Groningen"
    FRYSLAN = "PV21", "Fryslân"
    DRENTHE = "PV22", "Drenthe"
    OVERIJSSEL = "PV23", "Overijssel"
    FLEVOLAND = "PV24", "Flevoland"
    GELDERLAND = "PV25", "Gelderland"
    UTRECHT = "PV26", "Utrecht"
    NOORD_HOLLAND = "PV27", "Noord-Holland"
    ZUID_HOLLAND = "PV28", "Zuid-Holland"
    ZEELAND = "PV29", "Zeeland"
    NOORD_BRABANT = "PV30", "Noord-Brabant"
    LIMBURG = "PV31", "Limburg"


def _plain(column: str, without: str = "") -> Func:
    """In the database what `plain` does: "'s-Gravenhage" and "s gravenhage" are one."""
    bare = Func(F(column), Value(without), Value(""), function="regexp_replace") if without else F(column)
    small = Func(Lower(bare), function="unaccent")
    words = Func(small, Value("[^[:alnum:]]+"), Value(" "), Value("g"), function="regexp_replace")
    return Trim(words, output_field=models.TextField())


def all_of(names: list[str]) -> str:
    """Places in a sentence: "a", "a en b", "a, b en c"."""
    return " en ".join([", ".join(names[:-1]), *names[-1:]] if len(names) > 1 else names)


class MunicipalityQuerySet(models.QuerySet):
    def with_codes(self, codes):
        return self.filter(pk__in=list(codes))

    def with_consulent(self):
        """Whose sociale kaart somebody keeps now."""
        return self.filter(appointments__role="consulent", appointments__ended_at=None)

    def maintained_by(self, user):
        return self.filter(pk__in=user.maintained_municipalities).order_by("name")

    def for_export(self, user):
        """All for the functional admin, otherwise those she keeps."""
        return self.order_by("name") if user.is_functional_admin else self.maintained_by(user)

    def in_province(self, province: str):
        return self.filter(province=province).order_by("name")

    def province_of(self, codes: list[str]) -> str:
        """Of the first of these that there is; of none, nothing."""
        provinces = dict(self.filter(pk__in=codes).values_list("pk", "province"))
        return next((provinces[code] for code in codes if code in provinces), "")

    def of_postcode(self, text: str):
        """In which somebody with this postcode ("1506 AB", "1506ab", "1506") can live, the likeliest first."""
        pc4 = postcodes.pc4_of(text)
        if pc4 is None:
            return self.none()
        likeliest = Q(pk__in=PostcodeArea.objects.filter(pk=pc4).values("municipality"))
        others = PostcodeArea.other_municipalities.through.objects.filter(postcodearea=pc4)
        wanted = self.annotate(is_likeliest=likeliest).filter(likeliest | Q(pk__in=others.values("municipality")))
        return wanted.order_by("-is_likeliest", "name")


class Municipality(models.Model):
    """A gemeente of 1 January 2025, loaded by `load_geography`."""

    code = models.CharField("CBS-code", max_length=6, primary_key=True)
    name = models.CharField("naam", max_length=60, unique=True)
    alias = models.CharField("ook bekend als", max_length=60, blank=True)
    slug = models.SlugField(max_length=60, unique=True)
    province = models.CharField("provincie", max_length=4, choices=Province)
    latitude = models.FloatField("breedtegraad")
    longitude = models.FloatField("lengtegraad")

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = "gemeente"
        verbose_name_plural = "gemeenten"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^GM[0-9]{4}$"), name="a_municipality_has_a_cbs_code"),
            models.CheckConstraint(
                condition=Q(province__in=Province.values), name="a_municipality_lies_in_a_known_province"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PostcodeAreaQuerySet(models.QuerySet):
    def municipalities_at(self, text: str) -> list[tuple[str, str]]:
        """Code and name of the municipalities of a postcode or of a place, in one query; none if unknown."""
        pc4 = postcodes.pc4_of(text)
        if pc4 is not None:
            areas = self.filter(pk=pc4)
            first = areas.values_list("municipality", "municipality__name")
            others = areas.filter(other_municipalities__isnull=False).values_list(
                "other_municipalities", "other_municipalities__name"
            )
            return list(first.union(others))
        name = plain(text)
        whole, bare = _plain("name"), _plain("name", r" \(.*\)$")  # "Bergen (NH.)" is looked for as "Bergen" too
        by_name = Municipality.objects.annotate(whole=whole, bare=bare, other=_plain("alias"))
        by_name = by_name.filter(Q(whole=name) | Q(bare=name) | Q(other=name)).values_list("code", "name")
        by_place = self.annotate(whole=_plain("place")).filter(whole=name)
        return list(by_name.union(by_place.values_list("municipality", "municipality__name"))) if name else []


class PostcodeArea(models.Model):
    """The four digits of a postcode. Some lie in several municipalities: the first is where most addresses are."""

    pc4 = models.CharField("postcode (cijfers)", max_length=4, primary_key=True)
    place = models.CharField("plaats", max_length=60)
    other_places = models.CharField("andere plaatsen", max_length=200, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="postcode_areas", verbose_name="gemeente"
    )
    other_municipalities = models.ManyToManyField(Municipality, related_name="+", verbose_name="andere gemeenten")
    latitude = models.FloatField("breedtegraad")
    longitude = models.FloatField("lengtegraad")

    objects = PostcodeAreaQuerySet.as_manager()

    class Meta:
        verbose_name = "postcodegebied"
        verbose_name_plural = "postcodegebieden"
        ordering = ["pc4"]
        constraints = [
            models.CheckConstraint(condition=Q(pc4__regex=r"^[1-9][0-9]{3}$"), name="a_pc4_is_four_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.pc4} {self.place}"

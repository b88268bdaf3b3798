"""What there is in the library, counted for its first page."""

from django.db.models import Count, Value

from knowledge import models

COUNTED = {
    "sheets": models.Profession.objects.sheets,
    "roles": models.Profession.objects.roles,
    "phases": models.Phase.objects.current,
    "themes": models.Theme.objects.current,
    "stories": models.Story.objects.current,
    "kinds": models.SupportKind.objects.current,
    "categories": models.SupportCategory.objects.current,
    "financing": models.FinancingKind.objects.current,
    "tips": models.Tip.objects.current,
    "steps": models.WorkCardStep.objects.current,
    "instruments": models.Instrument.objects.current,
    "organisations": models.NationalOrganisation.objects.current,
}


def how_many() -> dict[str, int]:
    """One query for all of them."""
    counts = [
        entries().order_by().annotate(part=Value(part)).values("part").annotate(count=Count("pk"))
        for part, entries in COUNTED.items()
    ]
    found = counts[0].union(*counts[1:], all=True).values_list("part", "count")
    return dict.fromkeys(COUNTED, 0) | dict(found)

"""Where a reader looks for help: the municipalities of the organisation she works for, or the one she chose."""

from dataclasses import dataclass

from django.db.models import Q

from sociale_kaart import cards
from sociale_kaart.models import Contact, LocalNote, Municipality, Organisation, Service
from sociale_kaart.models.geography import all_of
from sociale_kaart.near import Near

NAMED = 3  # more municipalities than this are called her area


@dataclass(frozen=True)
class Area:
    municipalities: list[Municipality]  # where she looks now
    options: list[Municipality]  # what she can choose from
    chosen: str = ""  # the code of the one she chose

    @property
    def codes(self) -> list[str]:
        return [municipality.code for municipality in self.municipalities]

    @property
    def name(self) -> str:
        return all_of([municipality.name for municipality in self.municipalities])

    @property
    def where(self) -> str:
        """After "Aanbod" and the like: so many names are no help to a reader."""
        return f"in {self.name}" if len(self.municipalities) <= NAMED else "in je werkgebied"

    def services_of(self, profession) -> Near:
        """Where one finds a profession here."""
        return Service.objects.of_profession(profession).near(self.codes)

    def notes_on(self, subject, user) -> list[dict]:
        """What holds here about a profession or a phase, as this reader sees it."""
        return cards.of_notes(self.notes_to_print(subject), user)

    def notes_to_print(self, subject) -> list[LocalNote]:
        return list(LocalNote.objects.about(subject).in_municipalities(self.codes).for_page()) if self.codes else []

    def contacts_of(self, profession) -> Near:
        """Who that is here."""
        return Contact.objects.of_profession(profession).near(self.codes)


def area_of(*, organisation_id, chosen: str = "") -> Area:
    """One query. `chosen` looks like a code (see `mantelzorg.carried`); one that does not exist counts as not chosen.
    Without an organisation there may be nothing.
    """
    links = Organisation.municipalities.through.objects.filter(organisation=organisation_id)
    options = list(Municipality.objects.filter(Q(pk__in=links.values("municipality")) | Q(pk=chosen)).order_by("name"))
    picked = [municipality for municipality in options if municipality.code == chosen]
    return Area(picked or options, options, chosen if picked else "")

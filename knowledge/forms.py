"""What somebody asks of a list. What the address says and we do not know, counts as not asked."""

from urllib.parse import urlencode

from knowledge.models import Phase, Profession, Sector
from mantelzorg import forms


class KnownChoiceField(forms.ChoiceField):
    """A choice from a list in an address that anybody may change: no choice of ours is no choice."""

    def clean(self, value) -> str:
        value = self.to_python(value)
        return value if self.valid_value(value) else ""


class ProfessionFilter(forms.Form):
    mark_optional = False

    sector = KnownChoiceField(label="Sector of domein", required=False)
    fase = KnownChoiceField(label="Fase bij dementie", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields = {sector.slug: sector.name for sector in Sector.objects.current()}
        fields = {slug: name[0].upper() + name[1:] for slug, name in Profession.Domain.choices} | fields
        phases = [(phase.slug, phase.label) for phase in Phase.objects.for_journey()]
        by_name = sorted(fields.items(), key=lambda field: field[1].strip("(").lower())
        self.fields["sector"].choices = [("", "Alles"), *by_name]
        self.fields["fase"].choices = [("", "Alle fasen"), *phases]
        self.full_clean()

    @property
    def asked(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    def professions(self):
        found = Profession.objects.for_list()
        if field := self.cleaned_data["sector"]:
            found = found.in_field(field)
        if phase := self.cleaned_data["fase"]:
            found = found.in_phase(phase)
        return found

    def in_words(self) -> list[str]:
        """What was chosen, as the lists say it."""
        return [dict(self.fields[name].choices)[value] for name, value in self.asked.items()]

    def address(self, **more: str) -> str:
        return urlencode(self.asked | more)

from django.forms import ChoiceField

from mantelzorg.forms import Form
from overviews.areas import Area
from overviews.periods import ended_periods


class ChoiceOfOverview(Form):
    """Which period and which area. Both have a sensible first choice, so that the page opens with numbers."""

    periode = ChoiceField(label="Periode", required=False)
    gebied = ChoiceField(label="Gebied", required=False)

    def __init__(self, data, *, areas: list[Area], today):
        super().__init__(data)
        self.fields["periode"].choices = [
            (group, [(period.key, period.name) for period in periods])
            for group, periods in ended_periods(today).items()
        ]
        self.fields["gebied"].choices = [(area.key, area.name) for area in areas]

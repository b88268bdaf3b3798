"""What is asked when a need goes on without a referral: closed, taken up oneself, or added to a referral."""

import datetime

from django.utils import timezone

from intake.actions import PLAN_AT_MOST_DAYS
from intake.models import Missing, NeedEnding
from mantelzorg import forms


class CloseNeedForm(forms.Form):
    autocomplete_off = True
    template_name = "referrals/forms/close_need.html"

    ending = forms.ChoiceField(
        label="Hoe is het afgelopen?",
        choices=[
            (NeedEnding.HELPED, "Zij is geholpen"),
            (NeedEnding.NOT_WANTED, "Zij wil dit niet meer"),
            (NeedEnding.NO_OFFER, "Er is geen passend aanbod"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies hoe het is afgelopen."},
    )
    missing = forms.MultipleChoiceField(
        label="Alleen als er geen passend aanbod is: wat ontbrak er?",
        help_text="Kies alles wat klopt. De gemeente ziet alleen hoe vaak iets ontbreekt, nooit bij wie.",
        choices=[(what.value, what.label[:1].upper() + what.label[1:]) for what in Missing],
        error_messages={"required": "Kies wat er ontbrak, of kies “iets anders”."},
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.TextField(
        label="Toelichting",
        required=False,
        max_length=1000,
        help_text="Is er geen passend aanbod? Schrijf dan in één zin op wat er ontbreekt. Dat blijft bij jullie.",
    )

    def full_clean(self):
        """What was missing is asked with that one ending only; its label must not call it optional there."""
        asked = self.fields["missing"]
        asked.required = self.data.get(self.add_prefix("ending")) == NeedEnding.NO_OFFER
        super().full_clean()
        asked.required = True


class PlanNeedForm(forms.Form):
    autocomplete_off = True

    note = forms.CharField(
        label="Wat ga je doen?", max_length=300, help_text="Bijvoorbeeld: ik bel haar en we zoeken samen iets uit."
    )
    on = forms.DateField(label="Voor welke datum?")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        last = today + datetime.timedelta(days=PLAN_AT_MOST_DAYS)
        self.fields["on"].help_text = f"Vanaf vandaag, binnen {PLAN_AT_MOST_DAYS} dagen."
        self.fields["on"].widget.attrs |= {"min": today.isoformat(), "max": last.isoformat()}


class ReopenNeedForm(forms.Form):
    pass

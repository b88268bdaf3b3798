"""How long her organisation takes to answer, to call and to report back."""

from mantelzorg import forms
from referrals.models import OrganisationTerms
from referrals.transitions import ANSWER_WORKING_DAYS, CALL_WORKING_DAYS, Urgency

MOST = OrganisationTerms.MOST
LEAST_FEEDBACK = 7


def days(label: str, least: int, most: int, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=help_text,
        error_messages={
            "invalid": "Vul een heel aantal dagen in.",
            "min_value": f"Vul minstens {least} in.",
            "max_value": f"Vul hoogstens {most} in, anders wacht een mantelzorger te lang.",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-s"}),
    )


class TermsForm(forms.Form):
    answer_days = days(
        "Wij antwoorden binnen zoveel werkdagen",
        1,
        MOST.answer_days,
        f"1 tot en met {MOST.answer_days}. Bij spoed is het altijd {ANSWER_WORKING_DAYS[Urgency.URGENT]}.",
    )
    call_days = days(
        "Wij bellen haar binnen zoveel werkdagen na het aannemen",
        1,
        MOST.call_days,
        f"1 tot en met {MOST.call_days}. Bij spoed is het hoogstens {CALL_WORKING_DAYS[Urgency.URGENT]}. Staat er bij "
        "een aanbod zelf een aantal dagen, dan geldt dat.",
    )
    feedback_days = days(
        "Wij koppelen terug binnen zoveel dagen na het eerste contact",
        LEAST_FEEDBACK,
        MOST.feedback_days,
        f"{LEAST_FEEDBACK} tot en met {MOST.feedback_days} gewone dagen.",
    )

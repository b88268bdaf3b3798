"""The steps towards a moment as pages: the same way as the verbs of a referral (`referrals.views.offers`)."""

from django.utils import timezone

from referrals.models import Referral
from referrals.together import actions, forms
from referrals.together.permissions import Step, why_not_step
from referrals.views.offers import Answer


class StepAnswer(Answer):
    """A step leaves the referral accepted."""

    def why_not(self, user, referral: Referral) -> str:
        return why_not_step(user, self.verb, referral, referral.talk, now=timezone.now())


PROPOSE = StepAnswer(
    "talk_propose",
    Step.PROPOSE,
    forms.ProposeForm,
    actions.propose,
    title="Stel momenten voor",
    button="Stel voor",
    done="Je voorstel is gedaan. De andere kant krijgt bericht en kiest.",
    explain="Kies één tot drie momenten die haar en jou passen. De andere kant kiest er een. Staat er al een voorstel? "
    "Dan komt dit ervoor in de plaats.",
    title_by_phone="Noteer wanneer jullie haar spreken",
    button_by_phone="Leg het moment vast",
    done_by_phone="Het moment staat vast. Je krijgt het ook per mail, voor je agenda.",
    explain_by_phone="Heb je met de organisatie afgesproken wanneer jullie haar samen spreken?",
    leaves_the_state=True,
)
CHOOSE = StepAnswer(
    "talk_choose",
    Step.PLAN,
    forms.ChooseForm,
    actions.choose,
    title="Kies een moment",
    button="Kies dit moment",
    done="Het moment staat vast. Jullie krijgen het allebei per mail, voor in de agenda.",
    explain="Kan geen van deze momenten? Ga dan terug en stel andere voor.",
    leaves_the_state=True,
)
TAKE_BACK = StepAnswer(
    "talk_take_back",
    Step.TAKE_BACK,
    forms.TakeBackForm,
    actions.take_back,
    title="Neem je voorstel terug",
    button="Neem terug",
    done="Je voorstel is teruggenomen. De andere kant krijgt bericht.",
    explain="De andere kant kan daarna geen van deze momenten meer kiezen.",
    leaves_the_state=True,
)
CALL_OFF = StepAnswer(
    "talk_call_off",
    Step.CALL_OFF,
    forms.CallOffForm,
    actions.call_off,
    title="Zeg de afspraak af",
    button="Zeg de afspraak af",
    done="De afspraak is afgezegd. Stel een nieuw moment voor.",
    explain="Jullie krijgen allebei bericht. Weet de mantelzorger van dit moment? Laat het haar dan ook weten.",
    done_by_phone="De afspraak is afgezegd. Laat het de organisatie weten en spreek een nieuw moment af.",
    explain_by_phone="Zij krijgen geen bericht van dit portaal: bel hen.",
    danger=True,
    leaves_the_state=True,
)
NOT_HELD = StepAnswer(
    "talk_not_held",
    Step.NOT_HELD,
    forms.NotHeldForm,
    actions.note_not_held,
    title="Het gesprek ging niet door",
    button="Leg vast",
    done="Vastgelegd. Stel een nieuw moment voor.",
    done_by_phone="Vastgelegd. Spreek een nieuw moment af.",
    leaves_the_state=True,
)

BY_SLUG = {
    "momenten": PROPOSE,
    "moment-kiezen": CHOOSE,
    "voorstel-terug": TAKE_BACK,
    "afzeggen": CALL_OFF,
    "niet-doorgegaan": NOT_HELD,
}

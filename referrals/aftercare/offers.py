"""What can be done after the feedback, as things to do on a page."""

from collections.abc import Callable
from dataclasses import dataclass

from referrals.aftercare import actions, forms
from referrals.aftercare.permissions import why_not, why_not_experience
from referrals.aftercare.steps import Step
from referrals.models import Referral
from referrals.reading import Reading
from referrals.views.offers import Answer, offer_of


@dataclass(frozen=True)
class AfterAnswer(Answer):
    """A step after the feedback. It leaves the state as it is, so each form carries a key."""

    leaves_the_state: bool = True

    def why_not(self, user, referral: Referral) -> str:
        return why_not(user, self.verb, referral)


@dataclass(frozen=True)
class ExperienceAnswer(AfterAnswer):
    def why_not(self, user, referral: Referral) -> str:
        return why_not_experience(user, referral)


THANK = AfterAnswer(
    "referral_thank",
    Step.THANK,
    forms.ThankForm,
    actions.thank,
    title="Bedank hen",
    button="Bedank hen",
    done="Je bedankje staat erbij. Zij krijgen bericht.",
    on_the_page=True,
)
ASK = AfterAnswer(
    "referral_ask",
    Step.ASK,
    forms.AskForm,
    actions.ask,
    title="Stel een vraag",
    button="Stel de vraag",
    done="Je vraag is gesteld. Zij antwoorden binnen twee werkdagen.",
    explain="Zij krijgen bericht en hebben twee werkdagen om te antwoorden. Wie aan zet is, verandert niet.",
)
ANSWER = AfterAnswer(
    "referral_answer",
    Step.ANSWER,
    forms.AnswerQuestionForm,
    actions.answer,
    title="Beantwoord de vraag",
    button="Antwoord",
    done="Dank je. De afzender leest je antwoord.",
    on_the_page=True,
)
TAKE_BACK = AfterAnswer(
    "referral_take_back",
    Step.TAKE_BACK,
    forms.TakeBackForm,
    actions.take_back,
    title="Neem je vraag terug",
    button="Neem terug",
    done="Je vraag is teruggenomen. Zij hoeven niet meer te antwoorden.",
    explain="Weet je het intussen al? Dan hoeven zij niet meer te antwoorden.",
)
EXPERIENCE = ExperienceAnswer(
    "referral_experience",
    "experience",
    forms.ExperienceForm,
    actions.record_experience,
    title="Heeft het haar geholpen?",
    button="Leg vast",
    done="Vastgelegd.",
    explain="Wat zij zegt, blijft bij jullie. De ontvanger ziet het niet. Je kunt het later veranderen.",
)

AFTER = (THANK, ANSWER, ASK, TAKE_BACK, EXPERIENCE)


def after_offers(user, referral: Referral, reading: Reading, *, url_of: Callable) -> dict[str, list[dict]]:
    """What she can do now: `forms` to fill in here, `links` to a page of their own."""
    if reading.is_stub or reading.is_minimum or referral.ended_at is None:
        return {"forms": [], "links": []}
    here = [offer_of(one, referral, url_of(one)) for one in AFTER if not one.why_not(user, referral)]
    return {
        "forms": [offer for offer in here if offer["form"]],
        "links": [offer for offer in here if not offer["form"]],
    }

"""After the feedback, in a real browser: the sender asks, the receiver answers, the sender thanks and keeps what the
caregiver herself said; and who often answers late is asked how it goes.
"""

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.transitions import State
from sociale_kaart.answering.actions import HowItAnswers, record_answers
from tests.factories import make_caregiver, make_need, make_referral

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("journeys")]

OPTIONS = pytest.mark.parametrize(
    "options",
    [{"width": 390}, {"width": 1280, "javascript": False}, {"width": 1280}],
    ids=["phone", "no script", "desk"],
)


@OPTIONS
def test_one_question_is_answered_and_she_is_thanked(window, sender, receiver, talk, options):
    her = make_caregiver(sender, "Wietske Zandgrond")
    referral = make_referral(State.COMPLETED, sender=sender, receiver=receiver, service=talk, caregiver=her)
    address = reverse("referral_detail", args=[referral.pk])
    asks = window(sender, **options)
    asks.open(address)
    asks.follow("Stel een vraag")
    asks.fill("Wat wil je weten?", "Slaapt zij intussen weer door?")
    asks.press("Stel de vraag")
    asks.sees("Je vraag is gesteld", "Wacht op antwoord", "Zij antwoorden tot en met")
    answers = window(receiver, **options)
    answers.open("/")
    answers.follow("Beantwoord de vraag van Petra de Boer")
    answers.sees("Slaapt zij intussen weer door?")
    answers.fill("Je antwoord", "Ja, sinds vorige week.")
    answers.press("Antwoord")
    answers.sees("Dank je. De afzender leest je antwoord.")
    asks.open(address)
    asks.sees("Ja, sinds vorige week.")
    asks.press("Bedank hen")
    asks.sees("bedankte hen op")
    asks.follow("Heeft het haar geholpen?")
    asks.tick("Ja, een beetje")
    asks.press("Leg vast")
    asks.sees("Vastgelegd.", "De ontvanger ziet dit niet.")
    answers.open(address)
    answers.sees("bedankte jullie op")
    answers.sees_nothing_of("een beetje")


@OPTIONS
def test_who_often_answers_late_is_asked_how_it_goes(window, sender, receiver, consulent, talk, options):
    late = HowItAnswers(usual_days=6, in_time_of_ten=3, accepted_of_ten=5, is_late=True, declines_often=True)
    record_answers(found={talk.pk: late}, on=timezone.localdate())
    hint = "Antwoordt vaak later dan afgesproken, meestal na 6 werkdagen; neemt ongeveer de helft aan."
    refers = window(sender, **options)
    need = make_need(make_caregiver(sender, "Wietske Zandgrond"), sender)
    refers.open(reverse("need_offers", args=[need.pk]))
    refers.sees(hint)
    refers.open(reverse("service_detail", args=[talk.slug]))
    refers.sees(hint)
    keeps = window(consulent, **options)
    keeps.open(reverse("directory_work"))
    keeps.sees("Vraag hoe het gaat bij", hint)
    keeps.press("Zet een maand opzij : Vraag hoe het gaat bij Gesprek met de mantelzorgconsulent")
    keeps.sees("Dit staat een maand niet op je werklijst.")
    own = window(receiver, **options)
    own.open(reverse("service_detail", args=[talk.slug]))
    own.sees("Hoe dit aanbod antwoordt", "Ongeveer 3 van de 10 keer.")

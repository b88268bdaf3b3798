"""The start page. What it holds follows from her roles: each gives a part, and a person may have several."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from accounts.logbook.weeks import weeks_of
from accounts.models import Invitation
from referrals.loops import open_loops
from referrals.today import todays_work
from referrals.views.log import log_lines


@require_safe
def vandaag(request):
    user, now = request.user, timezone.now()
    context = {"user": user, "lead": _lead(user, now), "cards": _cards(user, now)}
    if user.works_with_caregivers:
        context["today"] = today = todays_work(user, now=now, after=request.GET.get("na", ""))
        log_lines(today.shown, by=user, event="view")
    if user.is_coordinator:
        context["loops"] = open_loops(user, now=now)
    return render(request, "referrals/today.html", context)


def _lead(user, now) -> str:
    day = date_format(timezone.localdate(now), "l j F Y").capitalize()
    return f"{day}. Je werkt voor {user.organisation}." if user.organisation else f"{day}."


def _cards(user, now) -> list[dict]:
    """What there is to do for who manages, watches or belongs nowhere yet, in words and links."""
    cards = []
    if user.is_beheerder:
        waiting = Invitation.objects.for_user(user).open(now).count()
        answers = {0: "", 1: " Er staat nog één uitnodiging open."}
        cards.append(
            {
                "title": "Team",
                "text": "Nodig collega's uit en kies wat ieder hier kan doen."
                + answers.get(waiting, f" Er staan nog {waiting} uitnodigingen open."),
                "links": [("Naar het team", reverse("team")), ("Nodig iemand uit", reverse("invitation_new"))],
            }
        )
    if user.is_logtoezicht:
        cards.append(
            {
                "title": "Toezicht op het logboek",
                "text": "Opent iemand de gegevens van een mantelzorger of een verwijzing, dan legt het portaal vast "
                f"wie dat deed, wanneer en waarom. Jij ziet daarop toe voor {user.organisation}."
                + _weeks_to_review(user, now),
                "links": [
                    ("Naar het logboek", reverse("logbook")),
                    ("Elke week nakijken", reverse("log_weeks")),
                    ("Wie werken hier", reverse("team")),
                ],
            }
        )
    if user.is_functional_admin:
        cards.append(
            {
                "title": "Organisaties",
                "text": "Voeg organisaties toe met hun eerste beheerder, koppel hun aanbod en gemeenten, en stel "
                "consulenten en coördinatoren aan.",
                "links": [("Naar de organisaties", reverse("admin_organisations"))],
            }
        )
    if user.acting is None and not user.is_functional_admin:
        cards.append(
            {
                "title": "Je hoort nog bij geen organisatie",
                "text": "Vraag de beheerder van je organisatie om een uitnodiging.",
                "links": [],
            }
        )
    return cards if user.works_with_caregivers else [*cards, *_for_everyone()]


def _weeks_to_review(user, now) -> str:
    waiting = sum(1 for week in weeks_of(user, today=timezone.localdate(now)) if not week.is_signed)
    return {0: "", 1: " Er wacht één week om na te kijken."}.get(
        waiting, f" Er wachten {waiting} weken om na te kijken."
    )


def _for_everyone() -> list[dict]:
    return [
        {
            "title": "Sociale kaart",
            "text": "Zoek welke hulp en steun er is voor mantelzorgers, en hoe je daar terechtkomt.",
            "links": [("Naar de sociale kaart", reverse("service_search"))],
        },
        {
            "title": "Beroepen en fasen",
            "text": "Lees wie wat doet voor mantelzorgers, en wie wanneer kan helpen.",
            "links": [("Beroepen", reverse("profession_list")), ("Fasen", reverse("phase_list"))],
        },
    ]

"""The verbs of a referral as things to do on a page: what each is called, what it asks, and whether it is offered now.

`why_not` and `verbs_for` decide; nothing here does.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from referrals import actions
from referrals.forms import answers as forms
from referrals.models import Referral
from referrals.permissions import may_add_need, may_send_link_anew, may_take_back, verbs_for, why_not
from referrals.reading import Reading
from referrals.transitions import ATTEMPTS_BEFORE_GIVING_UP, Channel, Verb


@dataclass(frozen=True)
class Answer:
    """One verb as a page of its own. The words for the phone channel are there where the sender notes an answer."""

    name: str  # of the address
    verb: Verb
    form: type[forms.AnswerForm]
    act: Callable
    title: str
    button: str
    done: str
    explain: str = ""
    title_by_phone: str = ""
    button_by_phone: str = ""
    done_by_phone: str = ""
    explain_by_phone: str = ""
    explain_by_link: str = ""
    done_without_file: str = ""
    explain_without_file: str = ""
    on_the_page: bool = False  # its form stands on the referral's own page; the others are a link to theirs
    danger: bool = False
    leaves_the_state: bool = False  # so the state cannot tell a second press of the button: its form carries a key

    def words(self, referral: Referral) -> dict[str, str]:
        channel = {Channel.PHONE: "_by_phone", Channel.LINK: "_by_link"}.get(Channel(referral.channel), "")
        return {
            word: (referral.without_file and getattr(self, f"{word}_without_file", ""))
            or getattr(self, f"{word}{channel}", "")
            or getattr(self, word)
            for word in ("title", "button", "done", "explain")
        }

    def why_not(self, user, referral: Referral) -> str:
        return why_not(user, self.verb, referral)


class TakeBack(Answer):
    """No verb of the receiver's: she is told something, and notes it."""

    def why_not(self, user, referral: Referral) -> str:
        return "" if may_take_back(user, referral) else "Zij deelt via deze verwijzing niets meer met jullie."


ACCEPT = Answer(
    "referral_accept",
    Verb.ACCEPT,
    forms.AcceptForm,
    actions.accept,
    title="Neem haar aan",
    button="Ik neem haar aan",
    done="Je hebt haar aangenomen. Je ziet nu wat zij met jullie deelt.",
    explain="Jouw naam komt erbij te staan: jij bent dan degene die haar belt.",
    explain_by_link="De naam komt erbij te staan. Diegene belt haar.",
    title_by_phone="Zij nemen haar aan",
    button_by_phone="Leg vast dat zij haar aannemen",
    done_by_phone="Vastgelegd. Vraag later na of zij is gebeld.",
    explain_by_phone="Heb je de organisatie gesproken en nemen zij haar aan?",
    on_the_page=True,
)
DECLINE = Answer(
    "referral_decline",
    Verb.DECLINE,
    forms.DeclineForm,
    actions.decline,
    title="Wijs de verwijzing af",
    button="Wijs af",
    done="De verwijzing is afgewezen. De afzender krijgt bericht en zoekt verder.",
    explain="Met een goede reden kan de afzender meteen verder zoeken.",
    title_by_phone="Zij wijzen de verwijzing af",
    button_by_phone="Leg de afwijzing vast",
    done_by_phone="De afwijzing is vastgelegd. Kies nu wat je voor haar doet.",
    explain_by_phone="Schrijf op waarom de organisatie haar niet aanneemt.",
    explain_without_file="Kies alleen een reden: deze verwijzing is zonder dossier.",
)
CALL = Answer(
    "referral_log_call",
    Verb.CONTACT,
    forms.CallForm,
    actions.log_call,
    title="Noteer dat je belde",
    button="Noteer",
    done="Genoteerd.",
    title_by_phone="Noteer wat je hoorde over het bellen",
    on_the_page=True,
    leaves_the_state=True,
)
CONTACT = Answer(
    "referral_contact",
    Verb.CONTACT,
    forms.ContactForm,
    actions.contact,
    title="Er is contact",
    button="Er is contact",
    done="Vastgelegd dat er contact is. Laat binnen 30 dagen weten wat ervan kwam.",
    explain="Heb je haar op een andere manier gesproken dan aan de telefoon? Leg dan hier vast dat er contact is.",
    explain_by_phone="Heeft de organisatie contact met haar? Leg dat dan hier vast.",
    done_without_file="Vastgelegd dat er contact was. De verwijzing is klaar; haar naam en nummer zijn gewist.",
    explain_without_file=(
        "Is er contact geweest? Leg dat dan vast; meer hoeft niet. De verwijzing is daarmee klaar en haar naam en "
        "nummer worden hier meteen gewist."
    ),
)
GIVE_UP = Answer(
    "referral_give_up",
    Verb.GIVE_UP,
    forms.GiveUpForm,
    actions.give_up,
    title="Geef terug: niet bereikt",
    button="Geef de verwijzing terug",
    done="De verwijzing is teruggegeven. De afzender is weer aan zet.",
    explain=f"Er zijn minstens {ATTEMPTS_BEFORE_GIVING_UP} pogingen genoteerd. De afzender is daarna weer aan zet.",
    title_by_phone="Zij konden haar niet bereiken",
    button_by_phone="Leg vast: niet bereikt",
    done_by_phone="Vastgelegd. Kies nu wat je voor haar doet.",
    explain_by_phone="De verwijzing stopt. Jij bent daarna weer aan zet.",
)
COMPLETE = Answer(
    "referral_complete",
    Verb.COMPLETE,
    forms.CompleteForm,
    actions.complete,
    title="Geef terugkoppeling en rond af",
    button="Rond af met terugkoppeling",
    done="De verwijzing is afgerond. De afzender leest je terugkoppeling.",
    title_by_phone="Leg de uitkomst vast en rond af",
    button_by_phone="Rond af",
    done_by_phone="De verwijzing is afgerond. Kies per hulpvraag wat er nu gebeurt.",
    on_the_page=True,
)
WITHDRAW = Answer(
    "referral_withdraw",
    Verb.WITHDRAW,
    forms.WithdrawForm,
    actions.withdraw,
    title="Haal de verwijzing terug",
    button="Haal terug",
    done="De verwijzing is ingetrokken. De hulpvraag ligt weer bij jou.",
    explain=(
        "De ontvanger ziet daarna alleen nog het nummer, de datums en de zin “ingetrokken, neem geen contact meer op”. "
        "Dit kun je niet ongedaan maken."
    ),
    done_by_phone="De verwijzing is ingetrokken. Bel hen nog, zodat zij geen contact meer opnemen.",
    explain_by_phone=(
        "Zij werken niet met dit portaal en krijgen geen bericht. Bel hen en zeg dat zij geen contact meer met haar "
        "opnemen. Intrekken kun je niet ongedaan maken."
    ),
    danger=True,
)
REOPEN = Answer(
    "referral_reopen",
    Verb.REOPEN,
    forms.ReopenForm,
    actions.reopen,
    title="Open de verwijzing opnieuw",
    button="Open opnieuw",
    done="De verwijzing is weer open. De ontvanger krijgt bericht.",
    explain="Hield de hulp geen stand? De ontvanger is dan weer aan zet om haar te bellen.",
    done_by_phone="De verwijzing is weer open. Bel de organisatie.",
    explain_by_phone="Hield de hulp geen stand? Bel de organisatie opnieuw.",
)

TAKE_BACK = TakeBack(
    "consent_take_back",
    Verb.WITHDRAW,
    forms.TakeBackForm,
    actions.take_consent_back,
    title="Zij trekt haar toestemming in",
    button="Trek de toestemming in",
    done="De toestemming is ingetrokken. Neem geen contact meer op. Wie haar verwees, krijgt bericht.",
    explain=(
        "Zij hoeft niet te zeggen waarom. Jullie zien daarna meteen niets meer van haar; alleen het nummer, de datums "
        "en de zin “ingetrokken, neem geen contact meer op” blijven. Dit kun je niet ongedaan maken."
    ),
    danger=True,
)

ANSWERS = (ACCEPT, CALL, COMPLETE, CONTACT, GIVE_UP, DECLINE, REOPEN, WITHDRAW)


def offers_for(user, referral: Referral, reading: Reading, *, url_of: Callable) -> dict[str, list[dict]]:
    """What she can do now: `forms` to fill in here, `links` to a page of their own, at the address `url_of` gives."""
    if reading.is_stub:
        return {"forms": [], "links": []}
    verbs = verbs_for(user, referral)
    offered = [answer for answer in ANSWERS if answer.verb in verbs]
    here = [offer_of(answer, referral, url_of(answer)) for answer in offered]
    links = [offer for offer in here if not offer["form"]]
    if may_add_need(user, referral):
        url = reverse("referral_add_need", args=[referral.pk])
        links.insert(-1, {"label": "Voeg een hulpvraag toe", "url": url, "danger": False, "form": None})
    if may_send_link_anew(user, referral):
        url = reverse("referral_link_anew", args=[referral.pk])
        links.insert(-1, {"label": "Stuur de link opnieuw", "url": url, "danger": False, "form": None})
    if not TAKE_BACK.why_not(user, referral):
        links.append(offer_of(TAKE_BACK, referral, url_of(TAKE_BACK)))
    return {"forms": [offer for offer in here if offer["form"]], "links": links}


def offer_of(answer: Answer, referral: Referral, url: str) -> dict:
    words = answer.words(referral)
    return {
        "label": words["title"],
        "explain": words["explain"],
        "button": words["button"],
        "url": url,
        "danger": answer.danger,
        "form": answer.form(referral=referral, auto_id=f"{answer.verb}_%s") if answer.on_the_page else None,
    }

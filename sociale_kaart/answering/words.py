"""How a service usually answers, in plain words: a calm hint for senders, all of it for the organisation itself."""

from mantelzorg.dates import day_in_words
from sociale_kaart import plain_words
from sociale_kaart.models import Answering, Service

HALF = 5
HOW_IT_IS_COUNTED = (
    "Dit telt zichzelf, elke dag, over de verwijzingen van de laatste twaalf maanden: vanaf vijf, van minstens twee "
    "organisaties. Op tijd is de dag die bij elke verwijzing stond; bij spoed is die eerder. Een verwijzing zonder "
    "antwoord telt als te laat. Wat de afzender op tijd terughaalde of de mantelzorger introk, telt niet mee. Bij "
    "aannemen telt een afwijzing alleen mee als er geen plek is, de wachtlijst te lang is of om iets anders; niet als "
    "zij buiten de doelgroep of het gebied valt, er een indicatie ontbreekt, zij elders beter geholpen is, al bekend "
    "is of het zelf niet wil."
)
TOO_LITTLE = (
    "Er zijn nog te weinig verwijzingen om hier iets van te zeggen. Dat kan vanaf vijf in twaalf maanden, van minstens "
    "twee organisaties."
)


def answering_of(service: Service) -> Answering | None:
    """For a service that came with it: asks the database nothing."""
    return getattr(service, "answering", None)


def hint(service: Service) -> str:
    """For who is about to refer: only when it often answers late or often declines; otherwise nothing."""
    found = answering_of(service)
    if found is None:
        return ""
    said = []
    if found.is_late:
        days = service.usual_answer_days
        usually = f", meestal na {plain_words.working_days(days)}" if days else ""
        said.append(f"antwoordt vaak later dan afgesproken{usually}")
    if found.declines_often:
        said.append(f"neemt {how_many(found.accepted_of_ten)} aan")
    sentence = "; ".join(said)
    return f"{sentence[:1].upper()}{sentence[1:]}." if said else ""


def how_many(of_ten: int) -> str:
    """Of the mantelzorgers who were referred."""
    if of_ten == HALF:
        return "ongeveer de helft"
    return {1: "bijna niemand", 9: "bijna iedereen"}.get(of_ten, f"ongeveer {of_ten} van de 10")


def how_often(of_ten: int) -> str:
    if of_ten == HALF:
        return "Ongeveer de helft van de keren"
    return {1: "Bijna nooit", 9: "Bijna altijd"}.get(of_ten, f"Ongeveer {of_ten} van de 10 keer")


def of_its_own(service: Service) -> dict:
    """What the organisation itself reads of one of its services, and how that is counted."""
    found = answering_of(service)
    if found is None:
        return {"facts": [], "too_little": TOO_LITTLE, "counted": HOW_IT_IS_COUNTED, "hint": ""}
    accepts = how_many(found.accepted_of_ten) if found.accepted_of_ten is not None else ""
    return {
        "facts": [
            ("Hoe snel", plain_words.usual_answer(service)),
            ("Op tijd", f"{how_often(found.in_time_of_ten)}."),
            ("Neemt aan", f"{accepts[:1].upper()}{accepts[1:]}." if accepts else "Te weinig om te zeggen."),
            ("Geteld op", day_in_words(found.counted_on)),
        ],
        "too_little": "",
        "counted": HOW_IT_IS_COUNTED,
        "hint": hint(service),
    }

"""The text that is read aloud when a caregiver is asked for her consent. Its version is kept with each consent.

It names all that leaves: what was chosen, and what a receiver sees of any referral before she accepts it. To who keeps
no file nothing else leaves, and that is what another text says.
"""

from collections.abc import Iterable

from intake.models import ConsentItem

VERSION = "verwijzing-2026-11b"
VERSION_OF_A_MEETING = "mini-mdo-2026-11"

READ_ALOUD = (
    "Ik wil jou graag in contact brengen met {receiver}. Daarvoor deel ik met hen: {items}. "
    "Zij zien meteen in welke gemeente je woont en waarvoor je hulp zoekt, en soms bij welke groep je hoort, "
    "zoals jonge mantelzorgers. "
    "Zij gebruiken dit alleen om jou te helpen. Ze laten mij weten wat ervan komt. "
    "Je kunt je toestemming altijd intrekken; dan zien zij jouw gegevens niet meer. Vind je dit goed?"
)

VERSION_WITHOUT_FILE = "zonder-dossier-1"

READ_ALOUD_WITHOUT_FILE = (
    "Ik wil jou graag in contact brengen met {receiver}. Zij werken zonder dossier en schrijven niets over je op. "
    "Daarom deel ik met hen alleen: {items}. Wat je vraagt en wat er speelt, vertel je hun zelf, als je dat wilt. "
    "Zodra zij contact met je hebben, en ook als dat niet lukt, worden deze gegevens bij hen gewist. "
    "Ze laten mij alleen weten of er contact was. "
    "Je kunt je toestemming altijd intrekken; dan zien zij jouw gegevens niet meer. Vind je dit goed?"
)

# The question comes last: it is as somebody typed it, whatever stands in it.
READ_ALOUD_FOR_A_MEETING = (
    "Ik wil kort overleggen over wat jou kan helpen. Ik vraag daarvoor ook {receiver}. "
    "Die weet dan jouw voornaam, en verder: {items}. "
    "Wie meepraat, ziet wie er nog meer meepraten. Van jouw andere gegevens zien zij niets. "
    "Na {until} zien zij er niets meer van. "
    "Je kunt je toestemming altijd intrekken; dan gaat het voor hen niet door en zien zij er niets meer van. "
    "We plannen het nu op {day}, en dit is de vraag: “{question}” Vind je dit goed?"
)

SPOKEN_TO_HER = {
    ConsentItem.NAME: "jouw naam",
    ConsentItem.PHONE: "jouw telefoonnummer en wanneer je goed te bellen bent",
    ConsentItem.EMAIL: "jouw e-mailadres",
    ConsentItem.POSTCODE: "jouw postcode",
    ConsentItem.RELATION: "voor wie je zorgt",
    ConsentItem.SITUATION: "wat er speelt bij degene voor wie je zorgt",
    ConsentItem.PHASE: "in welke fase van dementie dat is",
    ConsentItem.BURDEN: "hoe zwaar je het nu vindt",
    ConsentItem.WORDS: "wat je vraagt, in jouw eigen woorden",
    ConsentItem.HANDOVER: "de tekst die ik net voorlas",
    ConsentItem.AGENDA: "waar we over praten en wat we afspreken",
}
SPOKEN_FOR_A_MEETING = SPOKEN_TO_HER | {ConsentItem.NAME: "jouw hele naam"}


def consent_text(*, receiver: str, items: Iterable[str], without_file: bool = False) -> str:
    """The sentence as it is read to her, for this receiver and these items, in their fixed order."""
    text = READ_ALOUD_WITHOUT_FILE if without_file else READ_ALOUD
    return text.format(receiver=receiver, items=_listed(items, SPOKEN_TO_HER))


def meeting_text_to_fill(*, day: str, until: str, question: str) -> str:
    """The sentence for one meeting, with places left for the receiver and the items."""
    text = READ_ALOUD_FOR_A_MEETING
    for name, said in (("until", until), ("day", day), ("question", question)):
        text = text.replace(f"{{{name}}}", said, 1)
    return text


def meeting_text(*, receiver: str, items: Iterable[str], day: str, until: str, question: str) -> str:
    """The sentence as it is read to her, for this guest, this meeting and these items."""
    text = meeting_text_to_fill(day=day, until=until, question=question)
    return text.replace("{receiver}", receiver, 1).replace("{items}", _listed(items, SPOKEN_FOR_A_MEETING), 1)


def _listed(items: Iterable[str], words: dict) -> str:
    chosen = set(items)
    spoken = [words[item] for item in ConsentItem if item.value in chosen]
    return ", ".join(spoken[:-1]) + (" en " if len(spoken) > 1 else "") + spoken[-1] if spoken else ""

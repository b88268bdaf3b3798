"""What in a text may lead to somebody: looked for before it is sent, because a question goes without a name.

What can never be needed to ask advice (an e-mail address, a phone number, nine digits, a postcode) is refused. What may
be innocent (a date that looks like one of birth, a word that is also the name of one of her own mantelzorgers) is asked
about: she says that it is not. It is a help and no lock: nothing here knows every name there is.
"""

import re
import unicodedata

from django.utils import timezone

from intake.models import Caregiver, search_key

EMAIL = re.compile(r"[^\s@<>(),;:]+@[^\s@<>(),;:]+\.[a-z]{2,}", re.IGNORECASE)
PHONE = re.compile(r"(?<![\d\w])(?:\+31|0031|0)[ ./()-]*(?:0\)[ -]*)?[1-9](?:[ ./()-]*\d){8}(?!\d)")
NINE_DIGITS = re.compile(
    r"(?<!\d)(?<!\d[.,-])(?:\d{9}|\d{3}(?P<a>[ .-])\d{3}(?P=a)\d{3}|\d{4}(?P<b>[ .-])\d{2}(?P=b)\d{3})(?!\d)"
)
POSTCODE = re.compile(r"(?<!\d)[1-9]\d{3}(?:\s?[A-Z]{2}|\s?([a-z]{2}))(?!\w)")
# Words of two letters after four digits: "in 2023 is zij", not the postcode 2023 IS.
COMMON = (
    "aa af al as bv ca cm de di do dr er en ff ga ge he ho ik in is ja je km kg la ma me mg ml mm na nb no nu of om op "
    "pa re te to uw we wo wu ze zo zn"
)
TWO_LETTERS = frozenset(COMMON.split())
MONTHS = "jan|feb|mrt|maa|apr|mei|jun|jul|aug|sep|okt|nov|dec"
BIRTH = re.compile(
    r"(?<!\d)[0-3]?\d(?:\s?[-/.]\s?[01]?\d\s?[-/.]\s?"
    rf"|\s(?:{MONTHS})[a-z]*\.?\s)(?P<year>(?:19|20)?\d\d)(?!\d)"
    r"|\b(?:geboren|geb\.?|geboortedatum)\b\D{0,12}\d[\d./ -]*",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
BEFORE_A_NAME = frozenset(["mevrouw", "mevr", "mw", "meneer", "mijnheer", "dhr", "heer", "familie", "fam"])
LONGEST_NAME = 6  # words
MOST_WORDS = 600  # of one form; its fields hold no more

NO_DETAILS = "een overlegvraag gaat zonder gegevens van wie dan ook."
AN_EMAIL = f"Er staat een e-mailadres in. Haal het weg: {NO_DETAILS}"
A_PHONE = f"Er staat een telefoonnummer in. Haal het weg: {NO_DETAILS}"
A_NUMBER = "Er staan negen cijfers in, zoals bij een burgerservicenummer. Haal ze weg."
A_POSTCODE = "Er staat een postcode in. Haal hem weg; de naam van de gemeente is genoeg."


def never(text: str) -> list[str]:
    """Why this text cannot be sent, in sentences."""
    found = [sentence for pattern, sentence in ((EMAIL, AN_EMAIL), (PHONE, A_PHONE)) if pattern.search(text)]
    found += no_number_of_hers(text)
    if any((match[1] or "") not in TWO_LETTERS for match in POSTCODE.finditer(text)):
        found.append(A_POSTCODE)
    return found


def no_number_of_hers(text: str) -> list[str]:
    """The same for who answers: she may name an organisation with its phone number, and knows no mantelzorger."""
    return [A_NUMBER] if NINE_DIGITS.search(PHONE.sub(" ", text)) else []


def dates_of_birth(text: str) -> list[str]:
    """What looks like one: a whole date that is not of last year or later, or "geboren" with a number."""
    recent = timezone.localdate().year - 1
    return [match[0].strip() for match in BIRTH.finditer(text) if not (match["year"] and int(match["year"]) >= recent)][
        :3
    ]


def names(text: str, user) -> list[str]:
    """The words in this text that are the name of a mantelzorger of her own organisation, as they were typed.

    A whole name in any spelling; a last name with a capital, or after mevrouw and the like: many are ordinary words,
    and who is asked about each "klein" and "bakker" no longer reads what she ticks.
    """
    words = [match[0] for match in WORD.finditer(unicodedata.normalize("NFC", text))][:MOST_WORDS]
    keys = [search_key(word) for word in words]
    whole = {
        " ".join(keys[first:last]): " ".join(words[first:last])
        for first in range(len(keys))
        for last in range(first + 2, min(first + LONGEST_NAME, len(keys)) + 1)
    }
    last = {
        key: word
        for place, (key, word) in enumerate(zip(keys, words, strict=True))
        if len(key) > 1 and (word[0].isupper() or (place and keys[place - 1] in BEFORE_A_NAME))
    }
    found = Caregiver.objects.for_user(user).called_exactly(whole=whole, last=last)
    typed = {whole.get(name) or last[last_name] for name, last_name in found}
    return sorted(typed)

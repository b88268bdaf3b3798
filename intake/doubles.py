"""Who may be the same person as somebody who is being recorded: pointed out before saving, never decided.

Within her own organisation only. What to look at is found by comparing (see `beginning_with`), and only of those few is
it asked how much the names are alike.
"""

from dataclasses import dataclass

from intake.models import Caregiver, search_key
from sociale_kaart.search.words import likeness

SHOWN = 5
ALIKE = 0.4  # how many of their trigrams two names share, in one street
VERY_MUCH_ALIKE = 0.6  # and around there: Anneke and Annie de Boer, but not Anna and Joke


@dataclass(frozen=True, slots=True)
class Double:
    pk: object
    name: str
    phone: str
    postcode: str
    why: str


def possible_doubles(user, *, name: str, phone: str, postcode: str, besides=None) -> list[Double]:
    """The likeliest first, a few at most, with why. `besides`: the record that is being changed."""
    rows = Caregiver.objects.for_user(user).perhaps_the_same(name=name, phone=phone, postcode=postcode)
    found = [
        (weight, Double(row.pk, row.name, row.phone, row.postcode, why))
        for row in rows
        if row.pk != besides and (said := _why(row, name=name, phone=phone, postcode=postcode))
        for weight, why in [said]
    ]
    return [double for _, double in sorted(found, key=lambda one: (one[0], one[1].name, str(one[1].pk)))[:SHOWN]]


def _why(row: Caregiver, *, name: str, phone: str, postcode: str) -> tuple[int, str] | None:
    key, digits = search_key(name), digits_of(phone)
    near = _bare(row.postcode) == _bare(postcode)
    around = _bare(row.postcode)[:4] == _bare(postcode)[:4]
    if digits and row.phone_digits == digits:
        return (0, "zelfde naam en telefoonnummer") if row.search_name == key else (2, "zelfde telefoonnummer")
    if row.search_name == key and around:
        return 1, "zelfde naam en postcode" if near else "zelfde naam, postcode in de buurt"
    if near and names_alike(row.search_name, key):
        return 3, "naam lijkt erop, zelfde postcode"
    if around and row.search_last_name == _last(key) and names_alike(row.search_name, key, VERY_MUCH_ALIKE):
        return 4, "naam lijkt erop, postcode in de buurt"
    return None


def names_alike(one: str, other: str, at_least: float = ALIKE) -> bool:
    """A typing error, a pet name, or only the initial of her first name; keys as `search_key` makes them."""
    first, second = one.replace(".", " ").split(), other.replace(".", " ").split()
    if not first or not second:
        return False
    if min(len(first[0]), len(second[0])) == 1:
        return first[-1] == second[-1] and first[0][0] == second[0][0]
    return likeness(one, other) >= at_least


def digits_of(phone: str) -> str:
    return "".join(character for character in phone if character.isdigit())[-9:]


def _last(key: str) -> str:
    return key.rsplit(" ", 1)[-1]


def _bare(postcode: str) -> str:
    return postcode.replace(" ", "").upper()

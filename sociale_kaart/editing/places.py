"""Municipalities as somebody types them: names, places, postcodes, a province, or the whole country."""

import re
from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError

from sociale_kaart.models import Municipality, PostcodeArea, Province

MOST_WORDS = 400  # there are 342 municipalities
MOST_PLACES = 40  # each is looked up
COMMA = "\x1f"  # in place of a comma that does not divide
EVERYWHERE = "Heel Nederland"
_EVERYWHERE = ("heel nederland", "landelijk", "nederland", "overal")
_PROVINCES = {label.casefold(): code for code, label in Province.choices}


def codes_of(typed: str) -> list[str]:
    """The codes of what was typed, with commas between. Raises ValidationError naming what is no municipality."""
    words = _words(typed)
    if not words:
        return []
    if len(words) > MOST_WORDS:
        raise ValidationError(f"Dit zijn meer dan {MOST_WORDS} namen. Typ een provincie, of heel Nederland.")
    names = _by_name(words)
    codes: set[str] = set()
    looked_up = 0
    for word in words:
        folded = word.casefold()
        if folded in _EVERYWHERE:
            return sorted(Municipality.objects.values_list("pk", flat=True))
        if folded in _PROVINCES and folded not in names:
            codes.update(Municipality.objects.filter(province=_PROVINCES[folded]).values_list("pk", flat=True))
        elif folded in names:
            codes.add(names[folded])
        elif looked_up >= MOST_PLACES:
            raise ValidationError(f"Typ niet meer dan {MOST_PLACES} plaatsen. Typ liever de gemeenten.")
        else:
            codes.add(_of_place(word))
            looked_up += 1
    return sorted(codes)


def as_typed(codes: Iterable[str]) -> str:
    """How these codes are typed: what `codes_of` reads back."""
    codes = set(codes)
    if not codes:
        return ""
    if is_everywhere(codes):
        return EVERYWHERE
    return ", ".join(Municipality.objects.filter(pk__in=codes).order_by("name").values_list("name", flat=True))


def is_everywhere(codes: Collection[str]) -> bool:
    return len(codes) > 300 and set(codes) == set(Municipality.objects.values_list("pk", flat=True))


def _words(typed: str) -> list[str]:
    """Each name once. One municipality has a comma in its name: that one is kept whole."""
    for name in Municipality.objects.filter(name__contains=",").values_list("name", flat=True):
        typed = re.sub(re.escape(name), name.replace(",", COMMA), typed, flags=re.IGNORECASE)
    parts = typed.replace("\n", ",").replace(";", ",").split(",")
    return list(dict.fromkeys(word.strip().replace(COMMA, ",") for word in parts if word.strip()))


def _by_name(words: list[str]) -> dict[str, str]:
    """All names that were typed in one query: of hundreds of municipalities nobody wants hundreds of questions."""
    wanted = {word.casefold() for word in words}
    rows = Municipality.objects.values_list("pk", "name", "alias")
    found = {alias.casefold(): pk for pk, _, alias in rows if alias and alias.casefold() in wanted}
    return found | {name.casefold(): pk for pk, name, _ in rows if name.casefold() in wanted}


def _of_place(word: str) -> str:
    found = PostcodeArea.objects.municipalities_at(word)
    if not found:
        raise ValidationError(f"“{word[:60]}” kennen we niet. Typ de naam van een gemeente of een plaats.")
    if len(found) > 1:
        names = " en ".join(name for _, name in found)
        raise ValidationError(f"“{word[:60]}” ligt in {names}. Typ welke gemeente je bedoelt.")
    return found[0][0]

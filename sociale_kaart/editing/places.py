"""Municipalities as somebody types them: names, places, postcodes, a province, or the whole country."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from sociale_kaart.models import Municipality, PostcodeArea, Province

EVERYWHERE = "Heel Nederland"
_EVERYWHERE = ("heel nederland", "landelijk", "nederland", "overal")
_PROVINCES = {label.casefold(): code for code, label in Province.choices}


def codes_of(typed: str) -> list[str]:
    """The codes of what was typed, with commas between. Raises ValidationError naming what is no municipality."""
    words = [word.strip() for word in typed.replace("\n", ",").replace(";", ",").split(",") if word.strip()]
    if not words:
        return []
    names = _by_name(words)
    codes: set[str] = set()
    for word in words:
        folded = word.casefold()
        if folded in _EVERYWHERE:
            return sorted(Municipality.objects.values_list("pk", flat=True))
        if folded in _PROVINCES and folded not in names:
            codes.update(Municipality.objects.filter(province=_PROVINCES[folded]).values_list("pk", flat=True))
        elif folded in names:
            codes.add(names[folded])
        else:
            codes.add(_of_place(word))
    return sorted(codes)


def as_typed(codes: Iterable[str]) -> str:
    """How these codes are typed: what `codes_of` reads back."""
    codes = set(codes)
    if not codes:
        return ""
    if len(codes) > 300 and codes == set(Municipality.objects.values_list("pk", flat=True)):
        return EVERYWHERE
    return ", ".join(Municipality.objects.filter(pk__in=codes).order_by("name").values_list("name", flat=True))


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

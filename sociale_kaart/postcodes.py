"""What a Dutch postcode looks like, however somebody typed it. Knows no database."""

import re

from django.core.exceptions import ValidationError

# Four digits, not starting with 0; two letters, or none yet. SA, SD and SS are never given out.
_POSTCODE = re.compile(r"([1-9][0-9]{3})\s*(?:(?!S[ADS])([A-Z]{2}))?")
MESSAGE = "Dit is geen Nederlandse postcode. Typ vier cijfers en twee letters, bijvoorbeeld 1506 AB."


def normalise(text: str) -> str:
    """ "1506ab" becomes "1506 AB"; only digits stay only digits. Raises ValidationError for what cannot be right."""
    match = _POSTCODE.fullmatch(text.strip().upper())
    if match is None:
        raise ValidationError(MESSAGE, code="postcode")
    digits, letters = match.groups()
    return f"{digits} {letters}" if letters else digits


def pc4_of(text: str) -> str | None:
    match = _POSTCODE.fullmatch(text.strip().upper())
    return match[1] if match else None

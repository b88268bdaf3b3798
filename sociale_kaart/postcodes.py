"""What a Dutch postcode looks like, however somebody typed it. Knows no database."""

import re

# Four digits, not starting with 0; two letters, or none yet. SA, SD and SS are never given out.
_POSTCODE = re.compile(r"([1-9][0-9]{3})\s*(?:(?!S[ADS])[A-Z]{2})?")


def pc4_of(text: str) -> str | None:
    """The four digits of "1506 AB", "1506ab" or "1506"; None for what cannot be a postcode."""
    match = _POSTCODE.fullmatch(text.strip().upper())
    return match[1] if match else None

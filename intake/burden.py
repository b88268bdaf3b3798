"""Her own answer to "hoe zwaar is het nu": a number that she gave, shown with a colour. It is not a score."""


def in_words(burden: int | None) -> str:
    return "" if burden is None else f"{burden} van 10"


def colour(burden: int | None) -> str:
    """The kind of badge: the heavier, the more it asks for attention."""
    if burden is None:
        return "neutral"
    return "danger" if burden >= 8 else "warning" if burden >= 5 else "safe"

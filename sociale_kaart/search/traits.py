"""What can be asked of a service besides its words, place, kind, phase and group: each a short key in one column.

One column for all, because they are asked together and have few values each: the index stays small.
"""

LANGUAGE, COSTS, ACCESS, ROOM = "taal", "kosten", "toegang", "plek"


def key(trait: str, value: str) -> str:
    return f"{trait}-{value}"


def of(service: dict, languages: list[str]) -> list[str]:
    """Of the columns of a service, and the codes of its languages."""
    found = [key(LANGUAGE, code) for code in languages]
    found += [key(COSTS, service["cost_kind"]), key(ACCESS, service["access"])]
    return [*found, key(ROOM, service["capacity"])] if service["capacity"] else found

"""Whose turn it is, in words: yours, your colleague's, or somebody's at another organisation."""

import datetime
from typing import Any

from mantelzorg.dates import day_in_words


def who(user, *, organisation_id: Any, organisation: str, member_id: Any, member: str | None, left: Any = None) -> str:
    """`Jij`, `Jullie`, a colleague by name, or the other organisation (and by name, once somebody there took it on).

    What was the turn of a colleague who `left`, is everyone's.
    """
    if str(organisation_id) != str(user.organisation_id):
        return f"{member} ({organisation})" if member else organisation
    if member_id is None or left:
        return "Jullie"
    return "Jij" if str(member_id) == str(user.acting.pk) else f"Je collega {member}"


def who_in_short(user, *, organisation_id: Any, organisation: str, **member: Any) -> str:
    """The same for a list: of another organisation no more than its name."""
    if str(organisation_id) != str(user.organisation_id):
        return organisation
    return who(user, organisation_id=organisation_id, organisation=organisation, **member)


def who_has(user, thing) -> str:
    """Who it is for a need or a referral that came with its turn."""
    return who(
        user,
        organisation_id=thing.turn_organisation_id,
        organisation=thing.turn_organisation.name,
        member_id=thing.turn_member_id,
        member=str(thing.turn_member.user) if thing.turn_member_id else "",
        left=thing.turn_member.ended_at if thing.turn_member_id else None,
    )


def in_a_sentence(name: str, until: datetime.date) -> str:
    verb = {"Jij": "bent", "Jullie": "zijn"}.get(name, "is")
    return f"{name} {verb} aan zet, tot en met {day_in_words(until)}."

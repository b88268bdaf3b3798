"""Whose turn it is, in words: yours, your colleague's, or somebody's at another organisation."""

import datetime
from typing import Any

from mantelzorg.dates import day_in_words


def who(user, *, organisation_id: Any, organisation: str, member_id: Any, member: str | None) -> str:
    """`Jij`, `Jullie`, a colleague by name, or the other organisation."""
    if str(organisation_id) != str(user.organisation_id):
        return organisation
    if member_id is None:
        return "Jullie"
    return "Jij" if str(member_id) == str(user.acting.pk) else f"Je collega {member}"


def who_has(user, thing) -> str:
    """The same for a need or a referral that came with its turn; and by name, once somebody elsewhere took it on."""
    member = str(thing.turn_member.user) if thing.turn_member_id else None
    name = who(
        user,
        organisation_id=thing.turn_organisation_id,
        organisation=thing.turn_organisation.name,
        member_id=thing.turn_member_id,
        member=member,
    )
    return f"{member} ({name})" if member and thing.turn_organisation_id != user.organisation_id else name


def in_a_sentence(name: str, until: datetime.date) -> str:
    verb = {"Jij": "bent", "Jullie": "zijn"}.get(name, "is")
    return f"{name} {verb} aan zet, tot en met {day_in_words(until)}."

"""A list of referrals was shown: one row in the access log for each caregiver whose name stood on it."""

from collections.abc import Iterable

from trail.actions import record_access_to_many


def log_lines(lines: Iterable, *, by, event: str, filters: tuple[str, ...] = ()) -> None:
    """`lines` say of whom they show the name (`shown_of`), and whether as her own organisation, by a referral or by a
    meeting.
    """
    named = [line for line in lines if line.shown_of]
    record_access_to_many(
        by=by,
        event=event,
        subjects={line.shown_of for line in named if line.relation == "owner"},
        by_referral={line.shown_of for line in named if line.relation == "referral"},
        by_meeting={line.shown_of for line in named if line.relation == "meeting"},
        filters=filters,
    )

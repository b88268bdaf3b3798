"""Writing a row of the access log, and what is known of the request it belongs to."""

import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection


@dataclass
class Aftermath:
    """What the middleware has to know when the request is over."""

    refusals: list[dict[str, Any]] = field(default_factory=list)  # rows that must stay, also when all is undone
    went_wrong: bool = False
    was_suspicious: bool = False
    row_failed: bool = False  # somewhere a row could not be written: nothing may be shown


@dataclass(frozen=True)
class RequestFacts:
    """Where a look or an act came from. Empty for commands and jobs."""

    request_id: uuid.UUID | None = field(default_factory=uuid.uuid4)
    ip: str | None = None
    session_hash: str = ""
    aftermath: Aftermath = field(default_factory=Aftermath, compare=False)


NO_REQUEST = RequestFacts(request_id=None)
current_request: ContextVar[RequestFacts] = ContextVar("current_request", default=NO_REQUEST)

# One statement for one row or for many, and none of it read back: the application may add rows here and not see them
# all. The database says when it was. Made by the ORM from a model per row it cost a full list a sixth of its time.
INSERT = """
    INSERT INTO trail_accesslogentry (
        event, action, outcome, request_id, user_id, on_behalf_of, role, organisation_id, purpose, ip, session_hash,
        object_type, object_id, fields, filters, hit_count, policy_version, consent_id, subject_id, relation
    )
    SELECT
        %(event)s, %(action)s, %(outcome)s, %(request_id)s::uuid, %(user_id)s::uuid, %(organisation_id)s::uuid,
        %(role)s, %(organisation_id)s::uuid, coalesce(nullif(%(purpose)s, ''), shown.purpose), %(ip)s::inet,
        %(session_hash)s, %(object_type)s, %(object_id)s, %(fields)s::varchar[], %(filters)s::varchar[],
        %(hit_count)s::integer, %(policy_version)s, %(consent_id)s::uuid, shown.subject, shown.relation
    FROM unnest(%(subjects)s::uuid[], %(relations)s::varchar[], %(purposes)s::varchar[])
        AS shown(subject, relation, purpose)
"""


def write(values: dict[str, Any]) -> None:
    """Add the rows, in the transaction of the caller."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, values)
    except DatabaseError:
        current_request.get().aftermath.row_failed = True  # whoever catches this: the page is not shown
        raise

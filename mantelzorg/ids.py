"""Keys for everything about people and organisations: UUIDv7, so that they sort by time and betray no count."""

import uuid

from uuid_utils.compat import uuid7 as _uuid7


def uuid7() -> uuid.UUID:
    return _uuid7()

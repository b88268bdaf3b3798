"""Keeps out of every log what opens a link without logging in: an invitation, a new password, a question by mail."""

import logging
import re

# Also where the address stands inside another one, as a value: %2F is a slash.
_SECRET = re.compile(
    r"((?:/|%2F)uitnodiging(?:/|%2F)[0-9a-f-]+(?:/|%2F)|(?:/|%2F)password(?:/|%2F)reset(?:/|%2F)key(?:/|%2F)|"
    r"(?:/|%2F)klopt-nog(?:/|%2F))"
    r"[^\s\"'&]+",
    re.IGNORECASE,
)


class HideSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        kept = _SECRET.sub(r"\1…", said)
        if kept != said:
            record.msg, record.args = kept, ()
        return True

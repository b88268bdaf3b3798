"""What is shared with who keeps no file, is written so that only the running portal can read it: it is gone at contact,
and must not live on in a backup of the days before.
"""

from cryptography.fernet import InvalidToken
from django.db import models

from accounts.encryption import cipher

PURPOSE, SEAL = "shared items", "verzegeld:"


def sealed(text: str) -> str:
    return SEAL + cipher(PURPOSE).encrypt(text.encode()).decode()


def to_store(text: str, *, seal: bool) -> str:
    """As it goes into the table. What only looks sealed is sealed too, so that it comes out as it went in."""
    return sealed(text) if seal or text.startswith(SEAL) else text


def opened(stored: str) -> str:
    """As it was; nothing when the key is lost (SECRET_KEY was replaced without SECRET_KEY_FALLBACKS)."""
    try:
        return cipher(PURPOSE).decrypt(stored.removeprefix(SEAL).encode()).decode()
    except InvalidToken:
        return ""


class SealableTextField(models.TextField):
    """A text that may have been stored sealed. Whoever reads it, in whatever query, reads the text itself."""

    def from_db_value(self, value: str | None, expression, connection) -> str | None:
        return opened(value) if value is not None and value.startswith(SEAL) else value

"""Links in a mail that open something without an account: the key of a row, and a signature over what it says.

The signature is computed from the row and the installation's key when the mail is written, and never stored: who reads
the database, a backup or the outbox cannot make it. With a former SECRET_KEY it still opens.
"""

import base64
import binascii
import uuid

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare


def token_of(pk: uuid.UUID, *, salt: str, said: str) -> str:
    """The secret part of the address of the row with this key, which says `said`."""
    return f"{_written(pk)}.{Signer(salt=salt).signature(said)}"


def key_in(token: str) -> uuid.UUID | None:
    """The key of the row that a token names; whether it is ours, `is_token_of` says."""
    try:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
    except (ValueError, binascii.Error):
        return None


def is_token_of(pk: uuid.UUID, token: str, *, salt: str, said: str) -> bool:
    first, _, signature = token.partition(".")
    if first != _written(pk) or not signature:  # one way to write it
        return False
    signer, keys = Signer(salt=salt), [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(signer.signature(said, key), signature) for key in keys)


def _written(pk: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(pk.bytes).decode().rstrip("=")

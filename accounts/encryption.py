"""What is kept so that only the running portal can read it: who reads the database or a backup cannot."""

import base64
import functools

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def cipher(purpose: str) -> MultiFernet:
    """With a key of its own for each purpose. What was written with a former SECRET_KEY can still be read."""
    return _cipher(purpose, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@functools.lru_cache(maxsize=4)
def _cipher(purpose: str, *secrets: str) -> MultiFernet:
    def key(secret: str) -> Fernet:
        derive = HKDF(SHA256(), length=32, salt=None, info=f"mantelzorg {purpose}".encode())
        return Fernet(base64.urlsafe_b64encode(derive.derive(secret.encode())))

    return MultiFernet([key(secret) for secret in secrets])

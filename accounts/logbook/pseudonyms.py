"""What a caregiver is called in the logbook: always the same there, and nobody can tell from it who she is.

Made with the key of the installation and for one organisation: the same caregiver has another one elsewhere.
"""

import hashlib
import hmac
import uuid

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O and U: to be read aloud


def pseudonym(organisation_id: uuid.UUID, subject_id: uuid.UUID) -> str:
    key = hashlib.sha256(b"accounts.logbook.pseudonyms" + settings.SECRET_KEY.encode()).digest()
    number = int.from_bytes(hmac.digest(key, organisation_id.bytes + subject_id.bytes, "sha256")[:5])
    text = "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{text[:4]}-{text[4:]}"
